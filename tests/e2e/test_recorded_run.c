/* SPDX-License-Identifier: MIT */
/*
 * Real runs, gated and free, recorded as they go and read back: the history of the file is that of
 * the run, the schedule and the result too. Fronts compare and report by their exit status.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "director/run.h"
#include "support/recorded.h"

enum { SETTINGS = 3, STEPS_MAX = 3000, STEP_MS = 10000, CHOICES = 64 };

static const struct sample {
	const char *lesson;
	const char *settings[SETTINGS];
	bool gated;
} samples[] = {
	{"bank-race", {"rounds=20"}, true},
	{"bank-race", {"rounds=20", "lock=on"}, true},
	{"deadlock", {NULL}, true},
	{"queue-results", {NULL}, true},
	{"pool-map", {NULL}, true},
	{"manager-dict", {NULL}, true},
	{"thread-race", {"increments=5000", "rounds=2"}, false},
	{"bank-race", {"pause=0", "window=0"}, false},
	{"pool-map", {NULL}, false},
};

struct task {
	const struct sample *sample;
	char file[64];
};

/* ---- in the front ---- */

static bool follow(struct recorder *recorder, struct run *run, bool flush)
{
	const struct schedule *schedule = run_options(run)->gated ? run_schedule(run) : NULL;
	return recorder_follow(recorder, run_history(run), schedule, flush) == 0;
}

/* Somebody moves, and every other time the file is told so at once. */
static bool step_to_the_end(struct run *run, struct recorder *recorder)
{
	uint16_t actors[CHOICES];
	size_t count;
	bool good = true;

	for (unsigned int step = 0; good && step < STEPS_MAX && (count = run_candidates(run, actors, CHOICES)) > 0; step++) {
		good = run_step(run, actors[step * 7919 % count], STEP_MS) == 0 && run_state(run) != RUN_BUSY;
		good = good && follow(recorder, run, step % 2 == 0);
	}
	return good;
}

static bool run_to_the_end(struct run *run, struct recorder *recorder)
{
	bool good = true;

	for (unsigned int i = 0; good && run_state(run) != RUN_ENDED; i++) {
		poll(&(struct pollfd){.fd = run_poll_fd(run), .events = POLLIN}, 1, 16);
		run_pump(run);
		good = follow(recorder, run, i % 4 == 0);
	}
	return good;
}

static bool same_json(json_t *expected, json_t *found)
{
	return expected == NULL ? found == NULL : json_equal(expected, found);
}

static bool same_end(const struct run_end *expected, const struct run_end *found)
{
	const struct run_result *a = expected->result, *b = found->result;

	return a->told == b->told && a->ok == b->ok && strcmp(a->verdict, b->verdict) == 0 && a->exit_status == b->exit_status &&
	       same_json(a->outcome, b->outcome) && same_json(a->expected, b->expected) && expected->lost == found->lost;
}

static bool same_recording(struct recording *recording, struct run *run)
{
	bool ended = run_result(run) != NULL;
	struct run_end end = ended ? run_end(run) : (struct run_end){0};

	if (!recording_load(recording, UINT64_MAX) || *recording_damage(recording) != '\0')
		return false;
	if (!same_history(run_history(run), recording_history(recording)))
		return false;
	if (run_options(run)->gated && !same_schedule(run_schedule(run), recording_schedule(recording)))
		return false;
	return ended == (recording_end(recording) != NULL) && (!ended || same_end(&end, recording_end(recording)));
}

static bool record(struct run *run, const char *file)
{
	struct text problem = TEXT_INIT;
	struct recorder *recorder = recorder_new(file, run_options(run), &problem);
	bool good = recorder != NULL && (run_options(run)->gated ? step_to_the_end : run_to_the_end)(run, recorder);
	struct run_end end = good && run_result(run) != NULL ? run_end(run) : (struct run_end){0};

	good = good && recorder_finish(recorder, run_history(run), end.result != NULL ? &end : NULL) == 0;
	recorder_free(recorder);
	struct recording *recording = good ? recording_open(file, &problem) : NULL;
	good = recording != NULL && same_recording(recording, run);
	if (problem.length > 0)
		fprintf(stderr, "%s\n", problem.bytes);
	recording_close(recording);
	text_release(&problem);
	return good;
}

static int front(int channel, void *context)
{
	const struct task *task = context;
	struct launcher launcher;
	struct catalog catalog;
	struct settings settings;
	struct text problem = TEXT_INIT;

	launcher_init(&launcher, channel);
	catalog_load(&catalog);
	settings_init(&settings, catalog_find(&catalog, task->sample->lesson), task->sample->gated);
	for (size_t i = 0; i < SETTINGS && task->sample->settings[i] != NULL; i++)
		settings_set(&settings, task->sample->settings[i], &problem);
	struct run *run = run_new(&launcher, &(struct run_options){
		.settings = &settings, .seed = 7, .gated = task->sample->gated, .speed = 1000}, &problem);
	bool good = run != NULL && problem.length == 0 && record(run, task->file);
	if (problem.length > 0)
		fprintf(stderr, "%s\n", problem.bytes);
	run_free(run);
	settings_release(&settings);
	catalog_release(&catalog);
	text_release(&problem);
	return good ? 0 : 1;
}

/* ---- in the test ---- */

static void test_sample(void **state)
{
	struct task task = {.sample = *state};

	strcpy(task.file, "/tmp/lockstep.XXXXXX");
	int fd = mkstemp(task.file);
	assert_true(fd >= 0);
	close(fd);
	int status = supervisor_run(front, &task, &(struct supervisor_hooks){0});
	unlink(task.file);
	assert_int_equal(status, 0);
}

int main(void)
{
	enum { COUNT = sizeof samples / sizeof samples[0] };
	struct CMUnitTest tests[COUNT];
	char names[COUNT][64], lessons[4096];
	const char *build = getenv("LOCKSTEP_BUILD");

	if (build != NULL && getenv("LOCKSTEP_LESSONS") == NULL) {
		snprintf(lessons, sizeof lessons, "%s/lessons", build);
		setenv("LOCKSTEP_LESSONS", lessons, 1);
	}
	for (size_t i = 0; i < COUNT; i++) {
		union { const struct sample *given; void *taken; } state = {.given = &samples[i]};
		snprintf(names[i], sizeof names[i], "%s_%s_%zu", samples[i].lesson, samples[i].gated ? "gated" : "free", i);
		tests[i] = (struct CMUnitTest){names[i], test_sample, NULL, NULL, state.taken};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
