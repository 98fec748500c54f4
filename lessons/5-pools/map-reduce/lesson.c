/* SPDX-License-Identifier: MIT */
/* A sum of squares ten thousand times: alone, and by a pool. */

#include <inttypes.h>
#include <time.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "workers", .low = 0, .high = 64, .fallback = "0",
	 .help = "processes in the pool; 0: one for each core"},
	{.name = "tasks", .low = 1, .high = 100000, .fallback = "10000",
	 .help = "how often the sum is worked out"},
	{.name = "numbers", .low = 1, .high = 100000, .fallback = "10000",
	 .help = "how many squares are in each sum"},
	{.name = "chunk", .low = 0, .high = 100000, .fallback = "0",
	 .help = "tasks handed out at a time; 0: as Python chooses"},
	{0}};

static const struct lesson_variant variants[] = {
	{"all cores", "workers=0", "the same sum, almost as many times sooner"},
	{"one worker", "workers=1", "the same sum, and not any sooner"},
	{"one by one", "chunk=1", "the same sum; handing out costs most of it"},
	{0}};

static const struct lesson lesson = {
	.title = "Map and reduce",
	.summary = "A pool maps a function over 10,000 inputs, main adds up "
	           "the results. Serial first, to compare.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "sum: by the pool; serial: without it; speedup: of the pool "
	           "(null when stepped: no time passes then); chunk",
	.right = "3332833350000000 both ways",
	.step_settings = "workers=2 tasks=4 numbers=10"};

/* The sum of x * x for x below `numbers`. */
static int64_t sum_of_squares(void)
{
	int64_t sum = 0, numbers = lesson_integer("numbers");

	for (int64_t x = 0; x < numbers; x++) {
		/* There is a formula for this, and some compilers know it.
		 * This line does nothing, but they cannot see that. */
		__asm__ volatile("" : "+r"(x));
		sum += x * x;
	}
	return sum;
}

static json_t *f(json_t *n)
{
	(void)n; /* the notebook's f does not use it either */
	return json_integer(sum_of_squares());
}

/* Of the machine's clock, and of the cores that this process had. */
static double seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	int workers = (int)lesson_integer("workers");
	size_t tasks = (size_t)lesson_integer("tasks");
	size_t chunk = (size_t)lesson_integer("chunk");
	int64_t numbers = lesson_integer("numbers");
	if (workers == 0)
		workers = process_cpu_count();
	if (chunk == 0)
		chunk = pool_default_chunk(tasks, workers);

	/* Serial: nothing but the function, called again and again. */
	double wall = seconds_of(CLOCK_MONOTONIC);
	double used = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
	double began = clock_seconds();
	int64_t serial = 0;
	for (size_t i = 0; i < tasks; i++)
		serial += sum_of_squares();
	double alone = clock_seconds() - began;
	used = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - used;
	wall = seconds_of(CLOCK_MONOTONIC) - wall;
	print("serial: %.3f s, sum %" PRId64, alone, serial);

	/* The pool, with all that belongs to it: its start and its end too. */
	began = clock_seconds();
	struct pool *pool = pool_new("pool", workers);
	json_t *items = json_array();
	for (size_t i = 0; i < tasks; i++)
		json_array_append_new(items, json_integer((json_int_t)i));
	json_t *results = pool_map(pool, f, items, chunk); /* map */
	int64_t sum = 0;
	for (size_t i = 0; i < json_array_size(results); i++) /* reduce */
		sum += json_integer_value(json_array_get(results, i));
	pool_close(pool);
	pool_join(pool);
	double pooled = clock_seconds() - began;
	print("pool of %d: %.3f s, sum %" PRId64, workers, pooled, sum);

	/* (n-1) n (2n-1) / 6, the formula that nobody was to use. */
	int64_t right = (numbers - 1) * numbers * (2 * numbers - 1) / 6 *
	                (int64_t)tasks;
	json_t *speedup = pooled > 0 ? json_real(alone / pooled) : json_null();
	if (pooled > 0)
		print("speed-up: %.2f", json_real_value(speedup));
	if (pooled > 0 && used < 0.9 * wall)
		print("busy machine: the loop had %.0f %% of a core",
		      100 * used / wall);
	json_decref(results);
	lesson_outcome(sum == right && serial == right,
	               sum == right && serial == right ? "equal sums"
	                                               : "a wrong sum",
	               json_pack("{s:I, s:I, s:o, s:I}", "sum",
	                         (json_int_t)sum, "serial", (json_int_t)serial,
	                         "speedup", speedup, "chunk",
	                         (json_int_t)chunk),
	               json_pack("{s:I, s:I}", "sum", (json_int_t)right,
	                         "serial", (json_int_t)right));
	return lesson_end();
}
