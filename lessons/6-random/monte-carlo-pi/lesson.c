/* SPDX-License-Identifier: MIT */
/* Pi from random points: alone, and by four processes. */

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "streams", .choices = "seeds|shares", .fallback = "seeds",
	 .help = "each process its own seed, or its share of seed 0's numbers"},
	{.name = "workers", .low = 1, .high = 64, .fallback = "4",
	 .help = "processes in the pool"},
	{.name = "points", .low = 100, .high = 1000000000,
	 .fallback = "10000000", .help = "random points, altogether"},
	{.name = "alone", .choices = "blocks|lists", .fallback = "blocks",
	 .help = "the one process: 2048 points at a time, or two whole lists"},
	{0}};

static const struct lesson_variant variants[] = {
	{"four seeds", "streams=seeds", "3.14129 alone, 3.141332 by four"},
	{"one stream", "streams=shares", "3.14129 both ways"},
	{"light work", "points=1000", "the pool takes longer than the work"},
	{"unfair", "alone=lists", "more than the cores can give: a slow rival"},
	{0}};

static const struct lesson lesson = {
	.title = "Pi from random points",
	.summary = "Ten million points in a square: how many are in the "
	           "circle? One process counts, then four share the work.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "pi: by the pool; parts: of each task; serial: by one "
	           "process; speedup: of the pool (null when stepped)",
	.right = "3.14129 alone; 3.141332 from seeds 0 to 3; from shares of "
	         "one stream the same as alone",
	.step_settings = "workers=2 points=1000"};

enum { BLOCK = 2048 }; /* points at a time: they stay in the cache */

/* Draws `count` points, `most` at a time, and counts those in the circle.
 * Each coordinate has a generator of its own: numpy draws all x first, and
 * then all y. */
static int64_t count_inside(struct random *for_x, struct random *for_y,
                            int64_t count, int64_t most)
{
	double *x = malloc((size_t)most * sizeof *x);
	double *y = malloc((size_t)most * sizeof *y);
	int64_t inside = 0;

	if (x == NULL || y == NULL)
		process_fail("no memory for two lists of %" PRId64 " numbers",
		             most);
	for (int64_t done = 0; done < count; done += most) {
		int64_t block = count - done < most ? count - done : most;
		int64_t hits = 0;

		random_fill(for_x, x, (size_t)block);
		random_fill(for_y, y, (size_t)block);
		for (int64_t i = 0; i < block; i++) {
			double across = 2 * (x[i] - 0.5);
			double up = 2 * (y[i] - 0.5);
			hits += across * across + up * up <= 1;
		}
		inside += hits;
	}
	free(x);
	free(y);
	return inside;
}

/* Points `first` to `end` of those that one process would draw with this
 * seed: x are its first `points` numbers, y the ones after them. */
static int64_t inside_of(uint32_t seed, int64_t points,
                         int64_t first, int64_t end, int64_t most)
{
	struct random *for_x = random_new("x", seed);
	struct random *for_y = random_new("y", seed);

	random_skip(for_x, (uint64_t)first);
	random_skip(for_y, (uint64_t)(points + first));
	int64_t inside = count_inside(for_x, for_y, end - first, most);
	random_free(for_x);
	random_free(for_y);
	return inside;
}

static json_t *task(json_t *number)
{
	int64_t k = json_integer_value(number);
	int64_t points = lesson_integer("points");
	int64_t workers = lesson_integer("workers");
	int64_t share = points / workers;

	if (lesson_is("streams", "seeds"))
		return json_integer(inside_of((uint32_t)k, share, 0, share,
		                              BLOCK));
	return json_integer(inside_of(0, share * workers, share * k,
	                              share * (k + 1), BLOCK));
}

/* Of the machine's clock, or of the cores that this process had. */
static double seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* One process: the same counting, as fast as it goes, and nothing else; or,
 * for once, with lists that do not fit into the cache. */
static int64_t count_alone(int64_t points, double *seconds)
{
	int64_t most = lesson_is("alone", "lists") ? points : BLOCK;
	double used = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
	double wall = seconds_of(CLOCK_MONOTONIC);
	double began = clock_seconds();

	int64_t inside = inside_of(0, points, 0, points, most);
	*seconds = clock_seconds() - began;
	wall = seconds_of(CLOCK_MONOTONIC) - wall;
	used = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - used;
	print("alone: %.10g in %.3f s", 4.0 * (double)inside / (double)points,
	      *seconds);
	if (*seconds > 0 && used < 0.9 * wall)
		print("busy machine: it had %.0f %% of a core",
		      100 * used / wall);
	return inside;
}

/* The pool, with all that belongs to it: its start and its end too. */
static json_t *count_by_pool(int workers, double *seconds)
{
	double began = clock_seconds();
	struct pool *pool = pool_new("pool", workers);
	json_t *numbers = json_array();

	for (int k = 0; k < workers; k++)
		json_array_append_new(numbers, json_integer(k));
	json_t *counts = pool_map(pool, task, numbers, 1);
	pool_close(pool);
	pool_join(pool);
	*seconds = clock_seconds() - began;
	return counts;
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	int workers = (int)lesson_integer("workers");
	int64_t share = lesson_integer("points") / workers;
	int64_t points = share * workers;
	double alone_time, pool_time;

	int64_t alone = count_alone(points, &alone_time);
	json_t *counts = count_by_pool(workers, &pool_time);

	int64_t inside = 0;
	json_t *parts = json_array();
	for (size_t k = 0; k < json_array_size(counts); k++) {
		json_t *count = json_array_get(counts, k);
		inside += json_integer_value(count);
		double part = 4.0 * json_number_value(count) / (double)share;
		print("part %zu: %.10g", k, part);
		json_array_append_new(parts, json_real(part));
	}
	json_decref(counts);
	double serial = 4.0 * (double)alone / (double)points;
	double pi = 4.0 * (double)inside / (double)points;
	print("by %d: %.10g in %.3f s", workers, pi, pool_time);

	bool timed = pool_time > 0; /* stepped, no time passes */
	double speedup = timed ? alone_time / pool_time : 0;
	if (timed)
		print("speed-up: %.2f", speedup);
	if (speedup > 1.2 * process_cpu_count())
		print("%d cores cannot do that: the one was slow",
		      process_cpu_count());

	/* Chance may be off by 1.64 / sqrt(points); six times that, never. */
	double allowed = 6 * 1.64 / sqrt((double)points);
	bool near_pi = fabs(pi - M_PI) < allowed &&
	               fabs(serial - M_PI) < allowed;
	bool same = inside == alone;
	lesson_outcome(near_pi && (same || lesson_is("streams", "seeds")),
	               !near_pi ? "not pi"
	               : same   ? "pi, the same twice"
	                        : "pi, nearly",
	               json_pack("{s:f, s:o, s:f, s:o}", "pi", pi, "parts",
	                         parts, "serial", serial, "speedup",
	                         timed ? json_real(speedup) : json_null()),
	               json_pack("{s:f}", "pi", M_PI));
	return lesson_end();
}
