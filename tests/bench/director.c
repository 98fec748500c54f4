/* SPDX-License-Identifier: MIT */
/* P4, P10, P11: nothing lost at full speed; a gated step; a step back. Real lessons, real processes. */
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "director/run.h"
#include "wire/futex.h"
#include "world/world.h"

enum { STEPS = 1000, ROUND_TRIPS = 5000, RUN_MS = 60000 };

/* ---- lessons ---- */

static struct run *start(const char *lesson, const char *const *settings, bool gated)
{
	static struct catalog catalog;
	if (catalog.count == 0)
		catalog_load(&catalog);
	const struct catalog_lesson *found = catalog_find(&catalog, lesson);
	if (found == NULL)
		return NULL;
	struct settings set;
	struct text problem = TEXT_INIT;
	settings_init(&set, found, false);
	for (; *settings != NULL; settings++)
		settings_set(&set, *settings, &problem);
	struct run_options options = {.settings = &set, .seed = 7, .gated = gated, .speed = 1.0};
	struct run *run = run_new(&bench_launcher, &options, &problem);
	if (problem.length > 0)
		fprintf(stderr, "bench: %s\n", problem.bytes);
	text_release(&problem);
	settings_release(&set);
	return run;
}

/* Always the first that can move, so that every round does the same. */
static unsigned int step(struct run *run, unsigned int steps)
{
	unsigned int done = 0;
	uint16_t actor;
	while (done < steps && run_candidates(run, &actor, 1) > 0 && run_step(run, actor, 1000) == 0)
		done++;
	return done;
}

static const char *const long_race[] = {"rounds=1000", "pause=0", "window=0", NULL};

/* ---- P10 ---- */

static double measure_step(void)
{
	struct run *run = start("bank-race", long_race, true);
	if (run == NULL)
		return -1;
	step(run, 100);
	uint64_t before = bench_ns();
	unsigned int done = step(run, STEPS);
	double us = (double)(bench_ns() - before) / 1e3 / done;
	run_free(run);
	return done == STEPS ? us : -1;
}

/* One side of the ping-pong: `first` speaks before it listens. */
static void play(_Atomic uint32_t *mine, _Atomic uint32_t *theirs, bool first)
{
	for (uint32_t i = 0; i < ROUND_TRIPS; i++) {
		if (first) {
			atomic_store(theirs, i + 1);
			futex_wake(theirs);
		}
		while (atomic_load(mine) != i + 1)
			futex_wait(mine, i, NULL);
		if (!first) {
			atomic_store(theirs, i + 1);
			futex_wake(theirs);
		}
	}
}

static double measure_futex(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	_Atomic uint32_t *words = page;
	bench_pin(sched_getcpu());
	pid_t pid = fork();
	if (pid == 0) {
		play(words, words + 16, false);
		_exit(0);
	}
	uint64_t before = bench_ns();
	play(words + 16, words, true);
	double us = (double)(bench_ns() - before) / 1e3 / ROUND_TRIPS;
	waitpid(pid, NULL, 0);
	bench_unpin();
	munmap(page, 4096);
	return us;
}

static double measure_singlestep(void)
{
	bench_pin(sched_getcpu());
	pid_t pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		for (volatile int i = 0;; i++)
			;
	}
	waitpid(pid, NULL, 0);
	uint64_t before = bench_ns();
	bool works = true;
	for (int i = 0; i < ROUND_TRIPS && works; i++)
		works = ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == 0 && waitpid(pid, NULL, 0) == pid;
	double us = (double)(bench_ns() - before) / 1e3 / ROUND_TRIPS;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	bench_unpin();
	return works ? us : -1;
}

/* ---- P11: a step back at step 1,000 is a run of 999 ---- */

static double measure_back(void)
{
	uint64_t before = bench_ns();
	struct run *run = start("bank-race", long_race, true);
	if (run == NULL)
		return -1;
	unsigned int done = step(run, STEPS - 1);
	double ms = (double)(bench_ns() - before) / 1e6;
	run_free(run);
	return done == STEPS - 1 ? ms : -1;
}

/* ---- P4 ---- */

/* Increments that the trace does not show, plus events said to be lost. */
static double missing_of(const char *const *settings, uint64_t increments)
{
	struct run *run = start("thread-race", settings, false);
	if (run == NULL)
		return -1;
	struct world *world = world_new(run_history(run));
	uint64_t begun = bench_ns();
	while (run_state(run) != RUN_ENDED && bench_ns() - begun < RUN_MS * 1000000ull) {
		poll(&(struct pollfd){.fd = run_poll_fd(run), .events = POLLIN}, 1, 16);
		run_pump(run);
		world_seek(world, history_count(run_history(run)));
	}
	uint64_t told = 0;
	const struct history *history = run_history(run);
	for (uint64_t i = 0; i < history_count(history); i++) {
		const struct wire_event *event = history_at(history, i);
		told += event->kind == EVENT_VALUE_READ && event->place != 0;
		told += event->kind == EVENT_VALUE_WRITE && event->place != 0;
	}
	double missing = (double)(2 * increments > told ? 2 * increments - told : 0) + (double)run_end(run).lost;
	world_free(world);
	run_free(run);
	return missing;
}

static double measure_missing_off(void)
{
	static const char *const settings[] = {"lock=off", NULL};
	return missing_of(settings, 2000000);
}

static double measure_missing_on(void)
{
	static const char *const settings[] = {"lock=on", NULL};
	return missing_of(settings, 2000000);
}

const struct bench_row bench_director[] = {
	{"P4", "thread-race 2x100,000x10, lock off, followed: reads and writes not seen", NULL, "events",
	 measure_missing_off, NULL, 0, false, 3},
	{"P4", "the same, lock on", NULL, "events", measure_missing_on, NULL, 0, false, 3},
	{"P10", "one gated step of bank-race", "futex round trip between two processes on one core", "us",
	 measure_step, measure_futex, 1.5, false, 0},
	{"P10", "one gated step of bank-race", "PTRACE_SINGLESTEP of one instruction", "us",
	 measure_step, measure_singlestep, 3, true, 0},
	{"P11", "a step back at step 1,000 (the run again, 999 steps)", NULL, "ms", measure_back, NULL, 100, false, 0},
};
const unsigned int bench_director_count = sizeof bench_director / sizeof *bench_director;
