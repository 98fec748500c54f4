/* SPDX-License-Identifier: MIT */
/* A thousand sums, gathered where they are made, or in the parent. */

#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "gather",
	 .choices = "worker|callback",
	 .fallback = "worker",
	 .help = "who adds a sum to the list"},
	{.name = "ranges",
	 .low = 1,
	 .high = 1000,
	 .fallback = "1000",
	 .help = "sums to be made"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "gather=worker", "the parent's list stays empty"},
	{"mended", "gather=callback", "all sums are there"},
	{0}};

static const struct lesson lesson = {
	.title = "A callback runs in the parent",
	.summary = "Workers add up the numbers of a thousand ranges. Put into "
		   "a list by the workers the sums are gone; a callback puts "
		   "them into the parent's.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "gathered: sums in the parent's list; total: of these",
	.right = "by callback: all of them. By the workers: none, their lists "
		 "are their own",
	.step_settings = "ranges=3"};

static json_t *sums; /* each process has its own */

static void append(json_int_t sum)
{
	json_array_append_new(sums, json_integer(sum));
	if (json_array_size(sums) % 100 == 1) /* now and then */
		print("PID %d has %zu in its list", (int)getpid(),
		      json_array_size(sums));
}

/* The numbers from low to high. */
static json_t *add_up(json_t *range)
{
	json_int_t low, high, sum = 0;

	if (json_unpack(range, "[I, I]", &low, &high) < 0)
		return pool_raise("a range is two numbers");
	for (json_int_t n = low; n <= high; n++)
		sum += n;
	if (lesson_is("gather", "worker"))
		append(sum);
	return json_integer(sum);
}

static void keep(json_t *sum, void *context)
{
	(void)context;
	append(json_integer_value(sum));
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	long ranges = lesson_integer("ranges");
	bool callback = lesson_is("gather", "callback");
	struct pool_callbacks callbacks = {.done = callback ? keep : NULL};
	struct pool_result *results[1000];
	json_int_t expected = 0, total = 0;

	sums = json_array();
	struct pool *pool = pool_new("pool", 2);
	for (long i = 0; i < ranges; i++) {
		json_int_t low = i, high = 3 * i;
		expected += (high - low + 1) * (low + high) / 2;
		results[i] = pool_apply_async_then(
			pool, add_up, json_pack("[I, I]", low, high),
			&callbacks);
	}
	pool_close(pool);
	pool_join(pool);

	for (size_t i = 0; i < json_array_size(sums); i++)
		total += json_integer_value(json_array_get(sums, i));
	long gathered = (long)json_array_size(sums);
	print("%ld of %ld sums in the parent's list", gathered, ranges);
	for (long i = 0; i < ranges; i++)
		pool_result_free(results[i]);
	pool_free(pool);
	json_decref(sums);

	bool all = gathered == ranges && total == expected;
	lesson_outcome(callback ? all : gathered == 0,
	               all ? "all gathered" : "the parent has none",
	               json_pack("{s:I, s:I}", "gathered",
	                         (json_int_t)gathered, "total", total),
	               json_pack("{s:I, s:I}", "gathered", (json_int_t)ranges,
	                         "total", expected));
	return lesson_end();
}
