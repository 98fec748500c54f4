/* SPDX-License-Identifier: MIT */
/* Squares and cubes, with a wait before each: in turn, or overlapped. */

#include <math.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "threads", .choices = "off|on", .fallback = "off",
	 .help = "squares and cubes each in a thread of their own"},
	{.name = "wait", .low = 0, .high = 10, .real = true, .fallback = "0.2",
	 .help = "seconds before each square and each cube"},
	{0}};

static const struct lesson_variant variants[] = {
	{"in turn", "threads=off", "1.6 seconds: eight waits in a row"},
	{"threads", "threads=on", "0.8 seconds: the waits overlap"},
	{0}};

static const struct lesson lesson = {
	.title = "Waits that overlap",
	.summary = "The squares and the cubes of 2, 3, 8 and 9, each after a "
	           "wait of 0.2 s. Two threads wait at the same time.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "seconds: how long all of it took; squares, cubes",
	.right = "1.6 s in turn, 0.8 s with threads; never sooner"};

enum { NUMBERS = 4 };

static const long numbers[NUMBERS] = {2, 3, 8, 9};
static long squares[NUMBERS], cubes[NUMBERS];

static void calc_squares(void *argument)
{
	double wait = lesson_real("wait");

	(void)argument;
	print("calculating squares");
	for (int i = 0; i < NUMBERS; i++) {
		clock_sleep(wait);
		squares[i] = numbers[i] * numbers[i];
		print("square of %ld is %ld", numbers[i], squares[i]);
	}
}

static void calc_cubes(void *argument)
{
	double wait = lesson_real("wait");

	(void)argument;
	print("calculating cubes");
	for (int i = 0; i < NUMBERS; i++) {
		clock_sleep(wait);
		cubes[i] = numbers[i] * numbers[i] * numbers[i];
		print("cube of %ld is %ld", numbers[i], cubes[i]);
	}
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	bool threads = lesson_is("threads", "on");
	double wait = lesson_real("wait");

	double began = clock_seconds();
	if (threads) {
		struct thread *t1 = thread_new("squares", calc_squares, NULL);
		struct thread *t2 = thread_new("cubes", calc_cubes, NULL);
		thread_start(t1);
		thread_start(t2);
		thread_join(t1);
		thread_join(t2);
	} else {
		calc_squares(NULL);
		calc_cubes(NULL);
	}
	double took = clock_seconds() - began;
	print("completed in %.2f seconds", took);

	/* A busy machine may make it late; nothing can make it early. */
	double planned = round(wait * NUMBERS * (threads ? 1 : 2) * 1e6) / 1e6;
	double seconds = round(took * 1e6) / 1e6;
	json_t *all_squares = json_array(), *all_cubes = json_array();
	for (int i = 0; i < NUMBERS; i++) {
		json_array_append_new(all_squares, json_integer(squares[i]));
		json_array_append_new(all_cubes, json_integer(cubes[i]));
	}
	json_t *expected = json_pack(
		"{s:f, s:[i, i, i, i], s:[i, i, i, i]}", "seconds", planned,
		"squares", 4, 9, 64, 81, "cubes", 8, 27, 512, 729);
	bool right = json_equal(all_squares,
	                        json_object_get(expected, "squares")) &&
	             json_equal(all_cubes, json_object_get(expected, "cubes"));
	lesson_outcome(right && seconds >= planned,
	               threads ? "the waits overlapped"
	                       : "one wait after the other",
	               json_pack("{s:f, s:o, s:o}", "seconds", seconds,
	                         "squares", all_squares, "cubes", all_cubes),
	               expected);
	return lesson_end();
}
