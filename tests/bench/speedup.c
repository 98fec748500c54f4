/* SPDX-License-Identifier: MIT */
/*
 * P9: the pools of monte-carlo-pi and map-reduce against one process that does the same work as fast
 * as it can: 2048 points at a time, which stay in the cache. And the lessons' own serial runs against
 * that, for the speed-up that they tell is against those.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "mp/random.h"

#define MONTE_CARLO "6-random/monte-carlo-pi/lesson points=40000000"
#define MAP_REDUCE "5-pools/map-reduce/lesson tasks=40000"
/* Handed out in more pieces than eight: one core may be slower than the other, and the last piece is waited for. */
#define MAP_REDUCE_EVENLY MAP_REDUCE " chunk=250"

enum { POINTS = 40000000, BLOCK = 2048, TASKS = 40000, NUMBERS = 10000, LINE = 256 };

/* The milliseconds that a lesson, run alone, tells in the line that begins so; -1: it tells none. */
static double told_by(const char *lesson, const char *line_start)
{
	const char *build = getenv("LOCKSTEP_BUILD");
	char command[LINE], line[LINE];
	double seconds = -1;

	snprintf(command, sizeof command, "%s/lessons/%s", build != NULL ? build : "build/release", lesson);
	FILE *output = popen(command, "r");
	if (output == NULL)
		return -1;
	while (fgets(line, sizeof line, output) != NULL) {
		const char *unit = strstr(line, " s");
		if (strncmp(line, line_start, strlen(line_start)) != 0 || unit == NULL)
			continue;
		while (unit > line && unit[-1] != ' ')
			unit--;
		seconds = strtod(unit, NULL);
	}
	return pclose(output) == 0 && seconds >= 0 ? seconds * 1e3 : -1;
}

/* ---- the same work by one process ---- */

static double points_alone(void)
{
	static double x[BLOCK], y[BLOCK];
	struct random *for_x = random_new("x", 0), *for_y = random_new("y", 0);
	int64_t inside = 0;
	uint64_t start = bench_ns();

	random_skip(for_y, POINTS);
	for (int done = 0; done < POINTS; done += BLOCK) {
		int block = POINTS - done < BLOCK ? POINTS - done : BLOCK;
		random_fill(for_x, x, (size_t)block);
		random_fill(for_y, y, (size_t)block);
		for (int i = 0; i < block; i++)
			inside += 4 * ((x[i] - 0.5) * (x[i] - 0.5) + (y[i] - 0.5) * (y[i] - 0.5)) <= 1;
	}
	double ms = (double)(bench_ns() - start) / 1e6;
	random_free(for_x);
	random_free(for_y);
	return inside > POINTS / 4 * 3 ? ms : -1;
}

static int64_t sum_up(int tasks)
{
	int64_t all = 0;

	for (int task = 0; task < tasks; task++)
		for (int64_t i = 0; i < NUMBERS; i++) {
			__asm__ volatile("" : "+r"(i)); /* there is a formula, and compilers know it */
			all += i * i;
		}
	return all;
}

static bool is_right(int64_t all, int tasks)
{
	return all == 333283335000ll * tasks;
}

static double sums_alone(void)
{
	uint64_t start = bench_ns();
	int64_t all = sum_up(TASKS);
	double ms = (double)(bench_ns() - start) / 1e6;

	return is_right(all, TASKS) ? ms : -1;
}

/* What the cores can give: as many bare processes as there are, each with its share, no results to bring home. */
static double sums_side_by_side(void)
{
	int cores = (int)sysconf(_SC_NPROCESSORS_ONLN), status;
	bool right = true;
	uint64_t start = bench_ns();

	for (int i = 0; i < cores; i++) {
		pid_t pid = fork();
		if (pid == 0)
			_exit(is_right(sum_up(TASKS / cores), TASKS / cores) ? 0 : 1);
		right = pid > 0 && right;
	}
	while (wait(&status) > 0)
		right = status == 0 && right;
	return right ? (double)(bench_ns() - start) / 1e6 : -1;
}

/* ---- by the lessons ---- */

static double points_by_pool(void)
{
	return told_by(MONTE_CARLO, "by 4: ");
}

static double points_by_lesson(void)
{
	return told_by(MONTE_CARLO, "alone: ");
}

static double sums_by_pool(void)
{
	return told_by(MAP_REDUCE_EVENLY, "pool of ");
}

static double sums_by_default(void)
{
	return told_by(MAP_REDUCE, "pool of ");
}

static double sums_by_lesson(void)
{
	return told_by(MAP_REDUCE, "serial: ");
}

const struct bench_row bench_speedup[] = {
	{.id = "P9", .what = "monte-carlo-pi, 40 M points: pool of 4 processes", .against = "one process, in blocks",
	 .unit = "ms", .ours = points_by_pool, .floor = points_alone, .goal = 1.8, .at_least = true},
	{.id = "P9", .what = "monte-carlo-pi: the lesson's own serial run", .against = "one process, in blocks",
	 .unit = "ms", .ours = points_by_lesson, .floor = points_alone, .goal = 1.1},
	{.id = "P9", .what = "map-reduce, 40,000 sums: pool of as many as cores, chunks of 250", .against = "one process",
	 .unit = "ms", .ours = sums_by_pool, .floor = sums_alone, .goal = 1.8, .at_least = true},
	{.id = "P9", .what = "map-reduce, the chunks of Python's default: eight", .against = "one process",
	 .unit = "ms", .ours = sums_by_default, .floor = sums_alone, .goal = 1.8, .at_least = true},
	{.id = "P9", .what = "map-reduce, the same pool", .against = "a bare process a core, side by side",
	 .unit = "ms", .ours = sums_by_pool, .floor = sums_side_by_side, .goal = 1.2},
	{.id = "P9", .what = "map-reduce: the lesson's own serial run", .against = "one process",
	 .unit = "ms", .ours = sums_by_lesson, .floor = sums_alone, .goal = 1.1},
};
const unsigned int bench_speedup_count = sizeof bench_speedup / sizeof *bench_speedup;
