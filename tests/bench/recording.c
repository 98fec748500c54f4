/* SPDX-License-Identifier: MIT */
/* P18, P19: what recording costs, how large a recording is, how long it takes to open one and to go to and fro in it. */
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "bench.h"
#include "director/run.h"
#include "recording/recorder.h"
#include "recording/recording.h"
#include "world/world.h"

enum { MILLION = 1000000, CTF_BYTES = 22, RUN_MS = 60000, SEEKS = 200, RECORDS = 4096, PATH_BYTES = 64 };

/* ---- runs that are recorded ---- */

struct sample {
	const char *lesson;
	const char *settings[3];
	struct catalog catalog;
	struct settings set;
	struct run *run; /* NULL: not run yet */
};

/* Two threads, 25,000 increments, ten times: a million events. */
static struct sample race = {.lesson = "thread-race", .settings = {"increments=25000"}};
static struct sample bank = {.lesson = "bank-race"};
/* Of 22 bytes of CTF it needs more than 8: what is noise in it is nearly that much. */
static struct sample draws = {.lesson = "monte-carlo-pi"};

/* Free, to its end. False: it cannot be had here. */
static bool has_run(struct sample *sample)
{
	struct text problem = TEXT_INIT;

	if (sample->run != NULL)
		return true;
	catalog_load(&sample->catalog);
	const struct catalog_lesson *lesson = catalog_find(&sample->catalog, sample->lesson);
	if (lesson == NULL)
		return false;
	settings_init(&sample->set, lesson, false);
	for (size_t i = 0; sample->settings[i] != NULL; i++)
		settings_set(&sample->set, sample->settings[i], &problem);
	const struct run_options options = {.settings = &sample->set, .seed = 7, .speed = 1.0};
	sample->run = run_new(&bench_launcher, &options, &problem);
	uint64_t begun = bench_ns();
	while (sample->run != NULL && run_state(sample->run) != RUN_ENDED && bench_ns() - begun < RUN_MS * 1000000ull) {
		poll(&(struct pollfd){.fd = run_poll_fd(sample->run), .events = POLLIN}, 1, 16);
		run_pump(sample->run);
	}
	text_release(&problem);
	return sample->run != NULL && run_state(sample->run) == RUN_ENDED;
}

/* Of this thread: what else the machine does is not ours. */
static double own_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static bool make_path(char *path)
{
	strcpy(path, "/tmp/lockstep-bench.XXXXXX");
	int fd = mkstemp(path);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* The whole run into a file; returns the seconds of the thread, or less than 0. */
static double record(struct sample *sample, const char *path, bool whole)
{
	struct text problem = TEXT_INIT;
	struct run_end end = run_end(sample->run);
	struct recorder *recorder = recorder_new(path, run_options(sample->run), &problem);
	double start = own_seconds();

	text_release(&problem);
	if (recorder == NULL)
		return -1;
	int error = recorder_follow(recorder, run_history(sample->run), NULL, true);
	double seconds = own_seconds() - start;
	if (whole && error == 0)
		error = recorder_finish(recorder, run_history(sample->run), &end);
	recorder_free(recorder);
	return error == 0 ? seconds : -1;
}

/* ---- P19: bytes on disk ---- */

static double bytes_of(struct sample *sample)
{
	char path[PATH_BYTES];
	struct stat about = {0};

	if (!has_run(sample) || !make_path(path))
		return -1;
	bool good = record(sample, path, true) >= 0 && stat(path, &about) == 0;
	unlink(path);
	return good ? (double)about.st_size / (double)history_count(run_history(sample->run)) : -1;
}

static double bytes_race(void)
{
	return bytes_of(&race);
}

static double bytes_bank(void)
{
	return bytes_of(&bank);
}

static double bytes_draws(void)
{
	return bytes_of(&draws);
}

static double bytes_ctf(void)
{
	return CTF_BYTES;
}

static int compare_numbers(const void *a, const void *b)
{
	const uint64_t one = *(const uint64_t *)a, two = *(const uint64_t *)b;

	return one < two ? -1 : one > two;
}

/* Sorts the numbers. Bits that they take when each is told by how often it is among them, the list itself for nothing. */
static double entropy_of(uint64_t *numbers, uint64_t count)
{
	double bits = 0;

	qsort(numbers, count, sizeof *numbers, compare_numbers);
	for (uint64_t i = 0, end; i < count; i = end) {
		for (end = i; end < count && numbers[end] == numbers[i];)
			end++;
		bits += (double)(end - i) * log2((double)count / (double)(end - i));
	}
	return bits;
}

static uint64_t count_different(uint64_t *numbers, uint64_t count)
{
	uint64_t different = 0;

	qsort(numbers, count, sizeof *numbers, compare_numbers);
	for (uint64_t i = 0; i < count; i++)
		different += i == 0 || numbers[i] != numbers[i - 1];
	return different;
}

/* What of each event is noise: 53 bits of a number that was not drawn before, and its time. */
static double bytes_noise(void)
{
	if (!has_run(&draws))
		return -1;
	const struct history *history = run_history(draws.run);
	const uint64_t count = history_count(history);
	uint64_t *numbers = memory_array(count, sizeof *numbers), drawn = 0;
	double bits;

	for (uint64_t i = 0; i < count; i++)
		if (history_at(history, i)->flags & EVENT_REAL)
			numbers[drawn++] = (uint64_t)history_at(history, i)->value;
	bits = 53.0 * (double)count_different(numbers, drawn);
	for (uint64_t i = 0; i < count; i++)
		numbers[i] = history_at(history, i)->time - (i > 0 ? history_at(history, i - 1)->time : 0);
	bits += entropy_of(numbers, count);
	free(numbers);
	return bits / 8 / (double)count;
}

/* ---- what recording costs ---- */

static double cost_of(struct sample *sample)
{
	char path[PATH_BYTES];

	if (!has_run(sample) || !make_path(path))
		return -1;
	double seconds = record(sample, path, false);
	unlink(path);
	return seconds < 0 ? -1 : seconds * 1e9 / (double)history_count(run_history(sample->run));
}

static double cost_race(void)
{
	return cost_of(&race);
}

static double cost_draws(void)
{
	return cost_of(&draws);
}

/* The same events as they lie in memory, 32 bytes each, by write(2). */
static double bare_cost_of(struct sample *sample)
{
	static struct wire_event records[RECORDS];
	char path[PATH_BYTES];

	if (!has_run(sample) || !make_path(path))
		return -1;
	const struct history *history = run_history(sample->run);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	double start = own_seconds();
	bool good = true;
	for (uint64_t i = 0, in = 0; i < history_count(history); i++) {
		records[in++] = *history_at(history, i);
		if (in < RECORDS && i + 1 < history_count(history))
			continue;
		good = good && write(fd, records, in * sizeof *records) == (ssize_t)(in * sizeof *records);
		in = 0;
	}
	double seconds = own_seconds() - start;
	close(fd);
	unlink(path);
	return good ? seconds * 1e9 / (double)history_count(history) : -1;
}

static double bare_race(void)
{
	return bare_cost_of(&race);
}

static double bare_draws(void)
{
	return bare_cost_of(&draws);
}

/* ---- P18 ---- */

/* Opened and loaded; NULL when there is none. */
static struct recording *open_race(double *ms)
{
	char path[PATH_BYTES];
	struct text problem = TEXT_INIT;
	struct recording *recording = NULL;

	if (!has_run(&race) || !make_path(path))
		return NULL;
	if (record(&race, path, true) >= 0) {
		double start = own_seconds();
		recording = recording_open(path, &problem);
		if (recording != NULL)
			recording_load(recording, UINT64_MAX);
		*ms = (own_seconds() - start) * 1e3;
	}
	unlink(path);
	text_release(&problem);
	return recording;
}

static double opening(void)
{
	double ms = -1;
	struct recording *recording = open_race(&ms);

	if (recording != NULL)
		ms *= (double)MILLION / (double)history_count(recording_history(recording));
	recording_close(recording);
	return ms;
}

/* The slowest of many, anywhere, once the world has been through it. */
static double seeking(void)
{
	double ms = -1, slowest = 0;
	struct recording *recording = open_race(&ms);

	if (recording == NULL)
		return -1;
	uint64_t count = history_count(recording_history(recording));
	struct world *world = world_new(recording_history(recording));
	world_seek(world, count);
	for (uint64_t i = 1; i <= SEEKS; i++) {
		double start = own_seconds();
		world_seek(world, i * 7919 * 104729 % count);
		ms = (own_seconds() - start) * 1e3;
		slowest = ms > slowest ? ms : slowest;
	}
	world_free(world);
	recording_close(recording);
	return slowest;
}

const struct bench_row bench_recording[] = {
	{"P19", "a recording of thread-race, a million events, free", "CTF of the same events", "bytes", bytes_race, bytes_ctf,
	 8.0 / CTF_BYTES, false, 3},
	{"P19", "of bank-race, free, with its head, source and text", "CTF of the same events", "bytes", bytes_bank, bytes_ctf,
	 8.0 / CTF_BYTES, false, 3},
	{"P19", "of monte-carlo-pi: each draw is a double, of 53 random bits", "CTF of the same events", "bytes", bytes_draws,
	 bytes_ctf, 8.0 / CTF_BYTES, false, 3},
	{"P19", "the same recording", "what of it is noise: the new draws, the times' entropy", "bytes", bytes_draws, bytes_noise, 1.15, false,
	 3},
	{"P19", "an event recorded, a million at once", "copied, and written as 32 bytes", "ns", cost_race, bare_race, 10, false,
	 7},
	{"P19", "an event of monte-carlo-pi recorded", "copied, and written as 32 bytes", "ns", cost_draws, bare_draws, 10, false,
	 31},
	{"P18", "a recording of a million events opened and loaded", NULL, "ms", opening, NULL, 100, false, 7},
	{"P18", "its world taken to 200 places: the slowest", NULL, "ms", seeking, NULL, 16, false, 3},
};
const unsigned int bench_recording_count = sizeof bench_recording / sizeof *bench_recording;
