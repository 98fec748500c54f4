/* SPDX-License-Identifier: MIT */
#include "director/strategy.h"

#include <string.h>

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift generators", 2016. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t x = *state;
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 0x2545f4914f6cdd1du;
}

static uint16_t choose_random(struct strategy *strategy, const uint16_t *actors, size_t count)
{
	return actors[(next_random(&strategy->random) >> 32) * count >> 32];
}

/* The next id after the last one chosen, from the start again after the largest. */
static uint16_t choose_round_robin(struct strategy *strategy, const uint16_t *actors, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (actors[i] > strategy->last)
			return actors[i];
	return actors[0];
}

const struct strategy_kind STRATEGIES[] = {
	{"random", "each ready process is equally likely to move next (by the run's seed)", choose_random},
	{"round-robin", "the ready processes move in turn", choose_round_robin},
	{NULL, NULL, NULL},
};

const struct strategy_kind *strategy_find(const char *name)
{
	for (const struct strategy_kind *kind = STRATEGIES; kind->name != NULL; kind++)
		if (strcmp(kind->name, name) == 0)
			return kind;
	return NULL;
}

void strategy_init(struct strategy *strategy, const struct strategy_kind *kind, uint64_t seed)
{
	/* The generator's state must not be 0; spread small seeds over all bits. */
	*strategy = (struct strategy){.kind = kind, .random = (seed + 1) * 0x9e3779b97f4a7c15u};
	if (strategy->random == 0)
		strategy->random = 0x9e3779b97f4a7c15u;
	next_random(&strategy->random);
}

uint16_t strategy_choose(struct strategy *strategy, const uint16_t *actors, size_t count)
{
	strategy->last = strategy->kind->choose(strategy, actors, count);
	return strategy->last;
}
