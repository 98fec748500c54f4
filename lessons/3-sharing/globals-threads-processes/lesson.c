/* SPDX-License-Identifier: MIT */
/* One global list: two threads write to it, then two processes do. */

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "who", .choices = "both|threads|processes",
	 .fallback = "both", .help = "who writes to the list"},
	{.name = "work", .low = 0, .high = 10, .real = true, .fallback = "0.2",
	 .help = "seconds that each works before it writes"},
	{0}};

static const struct lesson_variant variants[] = {
	{"both", "who=both", "threads fill the list, processes their copies"},
	{"threads", "who=threads", "main sees what they wrote"},
	{"processes", "who=processes", "main sees an empty list"},
	{0}};

static const struct lesson lesson = {
	.title = "One global, or many?",
	.summary = "Two threads write squares into a global list, and then two "
	           "processes do. What does main find there?",
	.parameters = parameters,
	.variants = variants,
	.outcome = "threads, processes: the list as main finds it after each",
	.right = "[4, 9] after the threads, [0, 0] after the processes",
	.step_settings = "work=0"};

enum { WRITERS = 2 };

static long list[WRITERS]; /* the global */

struct writer {
	const char *name;
	int slot;
	long number;
};

static void write_square(void *argument)
{
	struct writer *me = argument;
	double work = lesson_real("work");
	long square = me->number * me->number;

	if (work > 0)
		clock_sleep(work);
	print("%s writes %ld", me->name, square);
	list[me->slot] = square;
	print("%s sees [%ld, %ld]", me->name, list[0], list[1]);
}

static void clear(void)
{
	for (int i = 0; i < WRITERS; i++)
		list[i] = 0;
}

static json_t *look(const char *who)
{
	print("main, after %s: [%ld, %ld]", who, list[0], list[1]);
	return json_pack("[I, I]", (json_int_t)list[0], (json_int_t)list[1]);
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	struct writer writers[WRITERS] = {{"writer 1", 0, 2},
	                                  {"writer 2", 1, 3}};
	json_t *outcome = json_object(), *expected = json_object();

	if (!lesson_is("who", "processes")) {
		struct thread *threads[WRITERS];
		clear();
		for (int i = 0; i < WRITERS; i++) {
			threads[i] = thread_new(writers[i].name, write_square,
			                        &writers[i]);
			thread_start(threads[i]);
		}
		for (int i = 0; i < WRITERS; i++)
			thread_join(threads[i]);
		json_object_set_new(outcome, "threads", look("threads"));
		json_object_set_new(expected, "threads",
		                    json_pack("[i, i]", 4, 9));
	}

	if (!lesson_is("who", "threads")) {
		struct process *processes[WRITERS];
		clear();
		for (int i = 0; i < WRITERS; i++) {
			processes[i] = process_new(writers[i].name,
			                           write_square, &writers[i]);
			process_start(processes[i]);
		}
		for (int i = 0; i < WRITERS; i++)
			process_join(processes[i]);
		json_object_set_new(outcome, "processes", look("processes"));
		json_object_set_new(expected, "processes",
		                    json_pack("[i, i]", 0, 0));
	}

	bool right = json_equal(outcome, expected);
	lesson_outcome(right, !right ? "not what the list should be"
	               : lesson_is("who", "threads") ? "shared"
	               : lesson_is("who", "processes") ? "not shared"
	                 : "shared by threads, not by processes",
	               outcome, expected);
	return lesson_end();
}
