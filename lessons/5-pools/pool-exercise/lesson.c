/* SPDX-License-Identifier: MIT */
/*
 * The exercise: ten inputs for a pool of five workers. So far main does all of
 * it alone. Change what is below "Yours"; `lockstep check pool-exercise` runs
 * your program, and tells you how far you are.
 */

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "sleep", .choices = "off|on", .fallback = "off",
	 .help = "f sleeps for half a second before it returns"},
	{0}};

static const struct lesson_variant variants[] = {
	{"at once", "sleep=off", "ten results"},
	{"with a sleep", "sleep=on", "the same ten results, after one second"},
	{0}};

static const struct lesson lesson = {
	.title = "Exercise: ten inputs, five workers",
	.summary = "Give ten inputs to a pool of five workers with "
	           "apply_async, and print each result. Then let the "
	           "function sleep. `lockstep edit pool-exercise` gives you "
	           "the file to work on, `lockstep check pool-exercise` "
	           "looks at what it does.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "results: of f, in the order of the inputs",
	.right = "ten results; `lockstep check` says how they are to come"};

enum { INPUTS = 10, WORKERS = 5 };

/* ---- Yours ---- */

/* 1. Return a number that is made from the input. */
static json_t *f(json_t *input)
{
	return json_integer(json_integer_value(input));
}

/*
 * 2. Make a pool of WORKERS workers: mp/pool.h says how.
 * 3. Use pool_apply_async to run f on each input, 1 to INPUTS.
 * 4. Get each result, print it, and append it to results.
 * 5. Close the pool, and join it.
 * 6. With sleep=on, f sleeps: if (lesson_is("sleep", "on")) clock_sleep(0.5);
 */
static void run(json_t *results)
{
	for (int i = 1; i <= INPUTS; i++) {
		json_t *input = json_integer(i);
		json_t *result = f(input);

		print("f(%d) = %" JSON_INTEGER_FORMAT, i,
		      json_integer_value(result));
		json_array_append_new(results, result);
		json_decref(input);
	}
}

/* ---- not yours ---- */

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	json_t *results = json_array();

	run(results);
	bool all = json_array_size(results) == INPUTS;
	lesson_outcome(all, all ? "ten results" : "not ten results",
	               json_pack("{s:o}", "results", results), NULL);
	return lesson_end();
}
