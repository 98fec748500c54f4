/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <inttypes.h>
#include <stdint.h>

#include "mp/mp.h"

static void line_numbers(struct random *random, int count)
{
	for (int i = 0; i < count; i++)
		pair_line("%.17g", random_sample(random));
}

/* ---- MT19937 ---- */

static void seeds(void)
{
	for (uint32_t seed = 0; seed < 20; seed++)
		pair_line("%.17g", random_uniform(random_new("random", seed), 0, 1));
	line_numbers(random_new("random", UINT32_MAX), 3);
	line_numbers(random_new("random", 123456789), 700);
}

static void words(void)
{
	struct random *random = random_new("random", 5489);
	for (int i = 0; i < 1300; i++)
		pair_line("%" PRIu32, random_bits(random));
}

static void uniform(void)
{
	struct random *random = random_new("random", 7);
	double numbers[5];
	pair_line("%.17g", random_uniform(random, -3, 12.5));
	random_fill_uniform(random, 100, 1000, numbers, 5);
	for (int i = 0; i < 5; i++)
		pair_line("%.17g", numbers[i]);
}

static void tell_draws(void *random)
{
	line_numbers(random, 3);
}

static void fork_repeats(void)
{
	struct random *random = random_new("random", 42);
	random_sample(random);
	for (int i = 0; i < 3; i++) {
		struct process *process = process_new(NULL, tell_draws, random);
		process_start(process);
		process_join(process);
	}
	line_numbers(random, 1);
}

static void reseed_in_child(void *random)
{
	random_seed(random, 9);
	line_numbers(random, 2);
}

static void reseeded(void)
{
	struct random *random = random_new("random", 42);
	struct process *process = process_new(NULL, reseed_in_child, random);
	process_start(process);
	process_join(process);
	line_numbers(random, 2);
	random_seed(random, 42);
	line_numbers(random, 2);
}

static void skipped(void)
{
	const uint64_t counts[] = {0, 1, 311, 312, 1000, 300000, 1000003};
	for (int i = 0; i < 7; i++) {
		struct random *random = random_new("random", 3);
		random_sample(random);
		random_skip(random, counts[i]);
		line_numbers(random, 2);
	}
}

static void jumped(void)
{
	struct random *random = random_new("random", 5);
	random_jump(random);
	line_numbers(random, 17);
	random = random_new("random", 5);
	random_jump(random);
	random_jump(random);
	line_numbers(random, 2);
}

static void jumped_inside_a_block(void)
{
	struct random *random = random_new("random", 5);
	random_sample(random);
	random_jump(random);
	line_numbers(random, 2);
}

/* ---- Philox ---- */

static void streams(void)
{
	const uint64_t keys[][2] = {{0, 0}, {1, 0}, {0, 1}, {12345, 6789}, {UINT64_MAX, UINT64_MAX}};
	for (int i = 0; i < 5; i++)
		line_numbers(random_new_stream("random", keys[i][0], keys[i][1]), 9);
}

static void stream_skipped(void)
{
	const uint64_t counts[] = {0, 1, 2, 3, 4, 5, 7, 1000, 100001};
	for (uint64_t before = 0; before < 6; before++)
		for (int i = 0; i < 9; i++) {
			struct random *random = random_new_stream("random", 1, 2);
			random_skip(random, before);
			random_skip(random, counts[i]);
			line_numbers(random, 2);
		}
}

static void stream_far_away(void)
{
	struct random *random = random_new_stream("random", 1, 2);
	random_skip(random, UINT64_MAX);
	line_numbers(random, 5);
	random_skip(random, UINT64_MAX);
	random_skip(random, UINT64_MAX);
	line_numbers(random, 5);
}

static void stream_jumped(void)
{
	struct random *random = random_new_stream("random", 1, 2);
	line_numbers(random, 2);
	random_jump(random);
	line_numbers(random, 5);
	random_jump(random);
	line_numbers(random, 5);
}

static void pi_of_a_seed(void)
{
	enum { POINTS = 20000 };
	struct random *random = random_new("random", 0);
	static double x[POINTS], y[POINTS];
	random_fill(random, x, POINTS);
	random_fill(random, y, POINTS);
	int inside = 0;
	for (int i = 0; i < POINTS; i++)
		inside += x[i] * x[i] + y[i] * y[i] < 1;
	pair_line("%.10f", 4.0 * inside / POINTS);
}

const struct pair pairs[] = {
	{"seeds", seeds},
	{"words", words},
	{"uniform", uniform},
	{"fork_repeats", fork_repeats},
	{"reseeded", reseeded},
	{"skipped", skipped},
	{"jumped", jumped},
	{"jumped_inside_a_block", jumped_inside_a_block},
	{"streams", streams},
	{"stream_skipped", stream_skipped},
	{"stream_far_away", stream_far_away},
	{"stream_jumped", stream_jumped},
	{"pi_of_a_seed", pi_of_a_seed},
	{0},
};
