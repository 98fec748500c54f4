/* SPDX-License-Identifier: MIT */
/* Three workers meet at a barrier: nobody goes on before all have come. */

#include <math.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "fault", .choices = "none|dies", .fallback = "none",
	 .help = "the first worker ends before it reaches the barrier"},
	{.name = "abort", .choices = "off|on", .fallback = "on",
	 .help = "main breaks the barrier when it finds a worker dead"},
	{.name = "apart", .low = 0, .high = 60, .real = true, .fallback = "2",
	 .help = "seconds from one start to the next"},
	{.name = "patience", .low = 0, .high = 600, .real = true,
	 .fallback = "10", .help = "seconds a worker waits; 0: for ever"},
	{0}};

static const struct lesson_variant variants[] = {
	{"all come", "fault=none", "all three go on when the third has come"},
	{"broken", "fault=dies abort=off",
	 "two wait for a dead one until their patience ends"},
	{"mended", "fault=dies abort=on",
	 "main finds the dead one and breaks the barrier"},
	{0}};

static const struct lesson lesson = {
	.title = "Three workers, one barrier",
	.summary = "Three processes start two seconds apart and wait for each "
	           "other at a barrier. What if one of them never comes?",
	.parameters = parameters,
	.variants = variants,
	.outcome = "passed_before_full: workers that went on before the last "
	           "came; passed: workers that went on; broken: workers that "
	           "found the barrier broken",
	.right = "0 before the last; all three pass, or none when one dies",
	.may_deadlock = "fault=dies abort=off patience=0",
	.step_settings = "patience=0"};

enum { WORKERS = 3, FOUND_IT_BROKEN = 2 };

struct worker {
	size_t number;
	double began; /* the clock when all of it began */
	struct barrier *barrier;
	struct array *arrived;   /* when each worker came to the barrier */
	struct array *continued; /* when each went on from it */
};

static void work(void *argument)
{
	struct worker *me = argument;
	double patience = lesson_real("patience");

	if (me->number == 0 && lesson_is("fault", "dies"))
		process_fail("PID %d has a fault", (int)getpid());

	print("PID %d waits", (int)getpid());
	array_set_real(me->arrived, me->number, clock_seconds() - me->began);
	int place = patience > 0 ? barrier_wait_timeout(me->barrier, patience)
	                         : barrier_wait(me->barrier);
	if (place < 0) {
		print("PID %d: the barrier is broken", (int)getpid());
		process_exit(FOUND_IT_BROKEN);
	}
	array_set_real(me->continued, me->number, clock_seconds() - me->began);
	print("PID %d continues", (int)getpid());
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);

	struct barrier *barrier = barrier_new("barrier", WORKERS, NULL, NULL);
	struct array *arrived = array_new_real("arrived", WORKERS);
	struct array *continued = array_new_real("continued", WORKERS);
	struct worker workers[WORKERS];
	struct process *processes[WORKERS];
	double began = clock_seconds();

	for (size_t i = 0; i < WORKERS; i++) {
		workers[i] = (struct worker){i, began, barrier, arrived,
		                             continued};
		processes[i] = process_new(NULL, work, &workers[i]);
		print("main starts %s", process_name(processes[i]));
		process_start(processes[i]);
		clock_sleep(lesson_real("apart"));
	}

	int passed = 0, broken = 0;
	for (size_t i = 0; i < WORKERS; i++) {
		int code = 0;
		process_join(processes[i]);
		process_exitcode(processes[i], &code);
		print("main has joined %s: exit code %d",
		      process_name(processes[i]), code);
		if (code == 1 && lesson_is("abort", "on"))
			barrier_abort(barrier);
		passed += code == 0;
		broken += code == FOUND_IT_BROKEN;
	}

	/* Did anybody go on before the last one had come? */
	double last = 0;
	for (size_t i = 0; i < WORKERS; i++)
		last = fmax(last, array_get_real(arrived, i));
	int too_early = 0;
	for (size_t i = 0; i < WORKERS && passed > 0; i++)
		too_early += array_get_real(continued, i) < last;

	/* All or none; and who does not tire and misses nobody must pass. */
	bool dies = lesson_is("fault", "dies");
	bool all = passed == WORKERS && !dies;
	bool none = passed == 0 && broken == WORKERS - dies;
	bool tired = lesson_real("patience") > 0;
	lesson_outcome(too_early == 0 && (all || (none && (dies || tired))),
	               passed == WORKERS ? "all passed together"
	                                 : "barrier broken, nobody passed",
	               json_pack("{s:i, s:i, s:i}", "passed_before_full",
	                         too_early, "passed", passed, "broken", broken),
	               json_pack("{s:i}", "passed_before_full", 0));
	return lesson_end();
}
