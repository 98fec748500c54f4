/* SPDX-License-Identifier: MIT */
/*
 * MT19937: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998); their mt19937ar.c. The seeding is its
 * init_genrand, which is what numpy's RandomState uses for an integer seed; its init_by_array is for
 * arrays of seeds and not needed here.
 */
#include "mp/random.h"

#include <stdlib.h>

#include "base/memory.h"
#include "probe/probe.h"

enum { WORDS = 624, SHIFT = 397 };

struct random {
	uint32_t state[WORDS];
	unsigned int next; /* WORDS: the state is used up */
	uint16_t object;
};

void random_seed(struct random *random, uint32_t seed)
{
	for (uint32_t i = 0; i < WORDS; i++) {
		random->state[i] = seed;
		seed = 1812433253u * (seed ^ (seed >> 30)) + i + 1;
	}
	random->next = WORDS;
}

static struct random *new_told(const char *name, uint32_t seed, uint32_t place)
{
	struct random *random = memory_new(sizeof *random);
	random_seed(random, seed);
	random->object = probe_object_new(OBJECT_RANDOM, name, seed, 0, 0, place);
	return random;
}

struct random *random_new(const char *name, uint32_t seed)
{
	return new_told(name, seed, probe_place(__builtin_return_address(0)));
}

struct random *random_new_from_system(const char *name)
{
	uint32_t place = probe_place(__builtin_return_address(0));
	/* Each call of each actor has a stream of its own, also where the run's seed decides. */
	static _Atomic uint32_t calls;
	uint64_t stream = ((uint64_t)probe_self.actor << 32) | atomic_fetch_add(&calls, 1);
	return new_told(name, (uint32_t)probe_entropy(stream), place);
}

void random_free(struct random *random)
{
	free(random);
}

static uint32_t twist(uint32_t high, uint32_t low)
{
	uint32_t mixed = (high & 0x80000000u) | (low & 0x7fffffffu);
	return (mixed >> 1) ^ (mixed & 1 ? 0x9908b0dfu : 0);
}

static void make_words(struct random *random)
{
	uint32_t *state = random->state;
	for (unsigned int i = 0; i < WORDS; i++)
		state[i] = state[(i + SHIFT) % WORDS] ^ twist(state[i], state[(i + 1) % WORDS]);
	random->next = 0;
}

uint32_t random_bits(struct random *random)
{
	if (random->next == WORDS)
		make_words(random);
	uint32_t word = random->state[random->next++];
	word ^= word >> 11;
	word ^= (word << 7) & 0x9d2c5680u;
	word ^= (word << 15) & 0xefc60000u;
	return word ^ (word >> 18);
}

/* 53 bits from two words: genrand_res53. */
static double draw(struct random *random)
{
	double high = random_bits(random) >> 5;
	double low = random_bits(random) >> 6;
	return (high * 67108864.0 + low) / 9007199254740992.0;
}

/*
 * A draw is told but does not pass the gate: the state is the process's own memory, so nobody else
 * can notice when it is done.
 */
static void tell_draw(const struct random *random, double number, uint32_t count, uint32_t place)
{
	if (probe_on())
		probe_event(EVENT_RANDOM_DRAW, random->object, wire_event_bits(number), count, EVENT_REAL, place);
}

double random_sample(struct random *random)
{
	double number = draw(random);
	tell_draw(random, number, 1, probe_place(__builtin_return_address(0)));
	return number;
}

double random_uniform(struct random *random, double low, double high)
{
	double number = low + (high - low) * draw(random);
	tell_draw(random, number, 1, probe_place(__builtin_return_address(0)));
	return number;
}

void random_fill(struct random *random, double *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		numbers[i] = draw(random);
	if (count > 0) {
		uint32_t told = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
		tell_draw(random, numbers[count - 1], told, probe_place(__builtin_return_address(0)));
	}
}
