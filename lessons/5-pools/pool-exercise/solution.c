/* SPDX-License-Identifier: MIT */
/* One way to do the exercise: give all away first, and ask for them later. */

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

static json_t *f(json_t *input)
{
	json_int_t n = json_integer_value(input);

	if (lesson_is("sleep", "on"))
		clock_sleep(0.5);
	return json_integer(n * n);
}

static void run(json_t *results)
{
	struct pool *pool = pool_new("pool", WORKERS);
	struct pool_result *given[INPUTS];

	/* All are given away before any result is asked for. */
	for (int i = 0; i < INPUTS; i++)
		given[i] = pool_apply_async(pool, f, json_integer(i + 1));
	pool_close(pool);

	/* get() waits until that one is done, however long it takes. */
	for (int i = 0; i < INPUTS; i++) {
		json_t *result = pool_result_get(given[i], -1);

		print("f(%d) = %" JSON_INTEGER_FORMAT, i + 1,
		      json_integer_value(result));
		json_array_append_new(results, result);
		pool_result_free(given[i]);
	}
	pool_join(pool);
	pool_free(pool);
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
