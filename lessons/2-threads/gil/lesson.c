/* SPDX-License-Identifier: MIT */
/* Computing and waiting, in turn, by threads under one lock, by processes. */

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "gil", .choices = "off|on", .fallback = "on",
	 .help = "threads hold one global lock while they compute"},
	{.name = "kind", .choices = "both|computing|waiting",
	 .fallback = "both", .help = "which kind of work to do"},
	{.name = "workers", .low = 1, .high = 8, .fallback = "2",
	 .help = "how many share the work"},
	{.name = "work", .low = 1, .high = 10000, .fallback = "100",
	 .help = "million steps that each worker computes"},
	{.name = "wait", .low = 0, .high = 10, .real = true, .fallback = "0.4",
	 .help = "seconds that each worker waits"},
	{.name = "slices", .low = 1, .high = 1000, .fallback = "20",
	 .help = "how often a computing thread lets the lock go"},
	{0}};

static const struct lesson_variant variants[] = {
	{"with the lock", "gil=on", "threads help waiting, not computing"},
	{"without it", "gil=off", "threads help both"},
	{"computing", "gil=on kind=computing", "the threads take turns"},
	{"waiting", "gil=on kind=waiting", "the lock is let go for a wait"},
	{0}};

static const struct lesson lesson = {
	.title = "One lock for all threads",
	.summary = "Python's threads share one lock, the GIL. A real lock "
	           "plays its part here, for computing and for waiting.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "computing, waiting: seconds in turn, by threads, by "
	           "processes (stepped, computing takes no time)",
	.right = "waiting is never shorter than one wait; every worker is done",
	.step_settings = "workers=2 work=1 slices=2"};

enum { MOST = 8 };

static struct lock *gil; /* NULL: there is none */

static void hold(void)
{
	if (gil)
		lock_acquire(gil);
}

static void let_go(void)
{
	if (gil)
		lock_release(gil);
}

/* Each step needs the one before: no compiler can leave any out. */
static uint64_t steps(long count)
{
	uint64_t x = 1;

	for (long i = 0; i < count; i++)
		x = x * 6364136223846793005u + 1442695040888963407u;
	return x;
}

/* Computes a slice with the lock, then offers it to the others. */
static void compute(void *argument)
{
	long slices = lesson_integer("slices");
	long slice = lesson_integer("work") * 1000000 / slices;

	(void)argument;
	for (long i = 0; i < slices; i++) {
		hold();
		if (steps(slice) == 0)
			abort(); /* it cannot be; but the result is used */
		let_go();
	}
}

/* Needs the lock before and after, but not while it waits. */
static void wait_a_while(void *argument)
{
	(void)argument;
	hold();
	let_go();
	clock_sleep(lesson_real("wait"));
	hold();
	let_go();
}

/* To the microsecond. */
static double seconds_since(double began)
{
	return round((clock_seconds() - began) * 1e6) / 1e6;
}

static double in_turn(void (*work)(void *), long workers)
{
	struct lock *for_threads = gil;
	double began = clock_seconds();

	gil = NULL; /* there is nobody to hand it to */
	for (long i = 0; i < workers; i++)
		work(NULL);
	gil = for_threads;
	return seconds_since(began);
}

static double by_threads(void (*work)(void *), long workers)
{
	struct thread *threads[MOST];
	double began = clock_seconds();

	for (long i = 0; i < workers; i++) {
		threads[i] = thread_new(NULL, work, NULL);
		thread_start(threads[i]);
	}
	for (long i = 0; i < workers; i++) {
		thread_join(threads[i]);
		thread_free(threads[i]);
	}
	return seconds_since(began);
}

/* A process has an interpreter of its own, and so a lock of its own. */
static void with_own_gil(void *argument)
{
	void (*const *work)(void *) = argument;

	gil = gil ? lock_new("own gil") : NULL;
	(*work)(NULL);
}

static double by_processes(void (*work)(void *), long workers, bool *well)
{
	struct process *processes[MOST];
	double began = clock_seconds();

	for (long i = 0; i < workers; i++) {
		processes[i] = process_new(NULL, with_own_gil, &work);
		process_start(processes[i]);
	}
	for (long i = 0; i < workers; i++) {
		int code = -1;
		process_join(processes[i]);
		process_exitcode(processes[i], &code);
		*well = *well && code == 0;
	}
	return seconds_since(began);
}

struct times {
	double in_turn, threads, processes;
};

static struct times time_all(const char *what, void (*work)(void *),
                             bool *well)
{
	long workers = lesson_integer("workers");
	struct times took;

	print("%s, %ld workers", what, workers);
	took.in_turn = in_turn(work, workers);
	print("  in turn    %6.3f s", took.in_turn);
	took.threads = by_threads(work, workers);
	print("  threads    %6.3f s", took.threads);
	took.processes = by_processes(work, workers, well);
	print("  processes  %6.3f s", took.processes);
	return took;
}

static json_t *pack(const struct times *took)
{
	return json_pack("[f, f, f]", took->in_turn, took->threads,
	                 took->processes);
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	if (lesson_is("gil", "on"))
		gil = lock_new("gil");

	bool ok = true;
	json_t *outcome = json_object();
	if (!lesson_is("kind", "waiting")) {
		struct times took = time_all("computing", compute, &ok);
		json_object_set_new(outcome, "computing", pack(&took));
	}
	if (!lesson_is("kind", "computing")) {
		double least = lesson_real("wait") - 1e-9;
		struct times took = time_all("waiting", wait_a_while, &ok);
		json_object_set_new(outcome, "waiting", pack(&took));
		ok = ok && took.threads >= least && took.processes >= least;
	}

	lesson_outcome(ok, gil ? "timed with the lock" : "timed without a lock",
	               outcome, NULL);
	return lesson_end();
}
