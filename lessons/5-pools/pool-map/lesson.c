/* SPDX-License-Identifier: MIT */
/* Squares by a pool in four ways: what comes back, and in which order. */

#include <stdio.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "how",
	 .choices = "map|imap|imap_unordered|starmap",
	 .fallback = "map",
	 .help = "which method of the pool"},
	{.name = "items",
	 .low = 0,
	 .high = 100000,
	 .fallback = "10",
	 .help = "numbers to be squared"},
	{.name = "workers",
	 .low = 1,
	 .high = 8,
	 .fallback = "4",
	 .help = "processes in the pool"},
	{0}};

static const struct lesson_variant variants[] = {
	{"map", "how=map", "all results at once, in the order of the input"},
	{"imap", "how=imap", "one by one, in the order of the input"},
	{"imap_unordered", "how=imap_unordered", "one by one, as they come"},
	{"starmap", "how=starmap", "a function of several arguments"},
	{"many", "how=map items=100000", "16 chunks of 6250"},
	{0}};

static const struct lesson lesson = {
	.title = "map, imap, starmap",
	.summary = "A pool squares numbers. map cuts them into chunks, imap "
		   "sends them one by one, imap_unordered takes what comes.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "equal: the results are those of a loop, in its order "
		   "(imap_unordered: in any); chunk: items in a task; tasks",
	.right = "equal, always",
	.step_settings = "items=20 workers=2"};

static json_t *square(json_t *number)
{
	json_int_t n = json_integer_value(number);
	return json_integer(n * n);
}

/* starmap hands a function its arguments as an array. */
static json_t *multiply(json_t *numbers)
{
	json_t *a = json_array_get(numbers, 0),
	       *b = json_array_get(numbers, 1);
	return json_integer(json_integer_value(a) * json_integer_value(b));
}

/* All that an iterator gives, as it gives it. */
static json_t *collect(struct pool_iterator *iterator)
{
	json_t *results = json_array(), *result;

	while ((result = pool_next(iterator)) != NULL)
		json_array_append_new(results, result);
	pool_iterator_free(iterator);
	return results;
}

/* Is each square there once? Adds what is there and what should be. */
static bool all_there(json_t *results, long items)
{
	long long sum = 0;

	for (long n = 0; n < items; n++)
		sum += json_integer_value(json_array_get(results, (size_t)n)) -
		       (long long)n * n;
	return (long)json_array_size(results) == items && sum == 0;
}

/* The first ten of them, as they came. */
static void show(json_t *results)
{
	char line[128] = "";
	size_t count = json_array_size(results), length = 0;

	for (size_t i = 0; i < count && i < 10; i++)
		length += (size_t)snprintf(
			line + length, sizeof(line) - length,
			" %" JSON_INTEGER_FORMAT,
			json_integer_value(json_array_get(results, i)));
	print("results:%s%s", line, count > 10 ? " …" : "");
}

static bool in_order(json_t *results, long items)
{
	for (long n = 0; n < items; n++)
		if (json_integer_value(json_array_get(results, (size_t)n)) !=
		    (json_int_t)n * n)
			return false;
	return all_there(results, items);
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	long count = lesson_integer("items");
	int workers = (int)lesson_integer("workers");
	bool star = lesson_is("how", "starmap");
	bool one_by_one =
		lesson_is("how", "imap") || lesson_is("how", "imap_unordered");

	json_t *items = json_array();
	for (long n = 0; n < count; n++)
		json_array_append_new(items,
		                      star ? json_pack("[I, I]", (json_int_t)n,
		                                       (json_int_t)n)
		                           : json_integer(n));

	struct pool *pool = pool_new("pool", workers);
	json_t *results;
	if (lesson_is("how", "map"))
		results = pool_map(pool, square, items, 0);
	else if (star)
		results = pool_starmap(pool, multiply, items, 0);
	else if (lesson_is("how", "imap"))
		results = collect(pool_imap(pool, square, items, 1));
	else
		results = collect(pool_imap_unordered(pool, square, items, 1));
	pool_close(pool);
	pool_join(pool);

	long chunk =
		one_by_one ? 1
			   : (long)pool_default_chunk((size_t)count, workers);
	long tasks = chunk > 0 ? (count + chunk - 1) / chunk : 0;
	bool ordered = in_order(results, count);
	bool equal = lesson_is("how", "imap_unordered")
	                     ? all_there(results, count)
	                     : ordered;
	print("%ld items in %ld tasks of %ld", count, tasks, chunk);
	show(results);
	json_decref(results);
	pool_free(pool);
	lesson_outcome(equal,
	               !equal    ? "wrong"
	               : ordered ? "in the order of the input"
	                         : "in the order of arrival",
	               json_pack("{s:b, s:I, s:I}", "equal", equal, "chunk",
	                         (json_int_t)chunk, "tasks",
	                         (json_int_t)tasks),
	               json_pack("{s:b}", "equal", true));
	return lesson_end();
}
