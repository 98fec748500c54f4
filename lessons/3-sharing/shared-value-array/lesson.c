/* SPDX-License-Identifier: MIT */
/* A child writes squares and a number. Does its parent ever see them? */

#include <stdio.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "memory", .choices = "plain|shared", .fallback = "shared",
	 .help = "ordinary variables, or Array and Value"},
	{.name = "join", .choices = "off|on", .fallback = "on",
	 .help = "wait for the child before reading"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "memory=plain", "the parent sees nothing of it"},
	{"mended", "memory=shared", "[4, 9, 25] and 5.0 in the parent"},
	{"too early", "memory=shared join=off", "shared, but not yet there"},
	{0}};

static const struct lesson lesson = {
	.title = "Value and Array",
	.summary = "A child squares 2, 3 and 5 into an array and sets a value "
	           "to 5.0. With shared memory its parent can read them.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "array, value: what the parent reads; squares: the array in "
	           "one line",
	.right = "[4, 9, 25] and 5.0 if shared; all 0 if plain"};

enum { NUMBERS = 3 };

static const long numbers[NUMBERS] = {2, 3, 5};

/* Ordinary variables: each process has its own. */
static long plain_result[NUMBERS];
static double plain_value;

struct shared {
	struct array *result; /* Array('q', 3) */
	struct value *value;  /* Value('d', 0.0) */
};

static void square_shared(void *argument)
{
	struct shared *shared = argument;

	value_set_real(shared->value, 5.0);
	for (size_t i = 0; i < NUMBERS; i++)
		array_set(shared->result, i, numbers[i] * numbers[i]);
	print("in the child: all is written");
}

static void square_plain(void *argument)
{
	(void)argument;
	plain_value = 5.0;
	for (size_t i = 0; i < NUMBERS; i++)
		plain_result[i] = numbers[i] * numbers[i];
	print("in the child: [%ld, %ld, %ld], %.1f", plain_result[0],
	      plain_result[1], plain_result[2], plain_value);
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	bool is_shared = lesson_is("memory", "shared");

	/* Made before the fork, so that parent and child have the same. */
	struct shared shared = {array_new("result", NUMBERS),
	                        value_new_real("value", 0.0)};
	struct process *p = process_new(
		NULL, is_shared ? square_shared : square_plain, &shared);
	process_start(p);
	if (lesson_is("join", "on"))
		process_join(p);

	long seen[NUMBERS];
	double value = is_shared ? value_get_real(shared.value) : plain_value;
	for (size_t i = 0; i < NUMBERS; i++)
		seen[i] = is_shared ? (long)array_get(shared.result, i)
		                    : plain_result[i];
	print("in the parent: [%ld, %ld, %ld], %.1f", seen[0], seen[1], seen[2],
	      value);
	char squares[80];
	snprintf(squares, sizeof squares, "%ld %ld %ld", seen[0], seen[1],
	         seen[2]);
	process_join(p);

	/* Too early, each may be there or not: all or part of it. */
	bool complete = value == 5.0, nothing = value == 0.0, possible = true;
	for (size_t i = 0; i < NUMBERS; i++) {
		complete = complete && seen[i] == numbers[i] * numbers[i];
		nothing = nothing && seen[i] == 0;
		possible = possible && (seen[i] == 0 ||
		                        seen[i] == numbers[i] * numbers[i]);
	}
	lesson_outcome(!is_shared ? nothing
	               : lesson_is("join", "on") ? complete : possible,
	               complete ? "all arrived" : nothing ? "nothing arrived"
	                                                  : "read too early",
	               json_pack("{s:[i, i, i], s:f, s:s}", "array",
	                         (int)seen[0], (int)seen[1], (int)seen[2],
	                         "value", value, "squares", squares),
	               json_pack("{s:[i, i, i], s:f}", "array", 4, 9, 25,
	                         "value", 5.0));
	return lesson_end();
}
