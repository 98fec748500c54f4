/* SPDX-License-Identifier: MIT */
#include "mp/random.h"

#include <stdlib.h>

#include "base/memory.h"
#include "mp/philox.h"
#include "mp/twister.h"
#include "probe/probe.h"

enum { DRAWN_RATHER_THAN_JUMPED = 1 << 19 }; /* numbers; about as long as a jump takes */

struct random {
	uint16_t object;
	bool is_stream;
	union {
		struct twister twister;
		struct philox philox;
	};
};

/* ---- making ---- */

static struct random *new_told(const char *name, uint32_t seed, uint32_t place)
{
	struct random *random = memory_new(sizeof *random);
	twister_seed(&random->twister, seed);
	random->object = probe_object_new(OBJECT_RANDOM, name, seed, 0, 0, place);
	return random;
}

struct random *random_new(const char *name, uint32_t seed)
{
	return new_told(name, seed, PROBE_HERE());
}

struct random *random_new_from_system(const char *name)
{
	uint32_t place = PROBE_HERE();
	/* Each call of each actor has a stream of its own, also where the run's seed decides. */
	static _Atomic uint32_t calls;
	uint64_t stream = ((uint64_t)probe_self.actor << 32) | atomic_fetch_add(&calls, 1);
	return new_told(name, (uint32_t)probe_entropy(stream), place);
}

struct random *random_new_stream(const char *name, uint64_t key, uint64_t stream)
{
	struct random *random = memory_new(sizeof *random);
	random->is_stream = true;
	philox_init(&random->philox, key, stream);
	random->object = probe_object_new(OBJECT_RANDOM, name, (int64_t)key, (uint32_t)stream, 0, PROBE_HERE());
	return random;
}

void random_seed(struct random *random, uint32_t seed)
{
	if (random->is_stream)
		philox_init(&random->philox, seed, random->philox.key[1]);
	else
		twister_seed(&random->twister, seed);
}

void random_free(struct random *random)
{
	free(random);
}

/* ---- drawing ---- */

uint32_t random_bits(struct random *random)
{
	return random->is_stream ? (uint32_t)philox_next(&random->philox) : twister_next(&random->twister);
}

/* 53 bits from two words: genrand_res53. */
static inline double draw_twister(struct twister *twister)
{
	double high = twister_next(twister) >> 5;
	double low = twister_next(twister) >> 6;
	return (high * 67108864.0 + low) / 9007199254740992.0;
}

static inline double draw(struct random *random)
{
	if (random->is_stream)
		return (double)(philox_next(&random->philox) >> 11) / 9007199254740992.0;
	return draw_twister(&random->twister);
}

/*
 * A draw is told but does not pass the gate: the state is the process's own memory, so nobody else
 * can notice when it is done.
 */
static void tell_draw(const struct random *random, double number, size_t count, uint32_t place)
{
	uint32_t told = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
	if (probe_on())
		probe_event(EVENT_RANDOM_DRAW, random->object, wire_event_bits(number), told, EVENT_REAL, place);
}

double random_sample(struct random *random)
{
	double number = draw(random);
	tell_draw(random, number, 1, PROBE_HERE());
	return number;
}

double random_uniform(struct random *random, double low, double high)
{
	double number = low + (high - low) * draw(random);
	tell_draw(random, number, 1, PROBE_HERE());
	return number;
}

void random_fill(struct random *random, double *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		numbers[i] = draw(random);
	if (count > 0)
		tell_draw(random, numbers[count - 1], count, PROBE_HERE());
}

void random_fill_uniform(struct random *random, double low, double high, double *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		numbers[i] = low + (high - low) * draw(random);
	if (count > 0)
		tell_draw(random, numbers[count - 1], count, PROBE_HERE());
}

/* ---- going ahead ---- */

void random_skip(struct random *random, uint64_t count)
{
	if (random->is_stream) {
		philox_jump(&random->philox, count);
		return;
	}
	if (count >= DRAWN_RATHER_THAN_JUMPED) {
		twister_jump(&random->twister, count << 1); /* two words a number … */
		if (count >> 63)
			twister_jump_power(&random->twister, 64); /* … which may be 2^64 and more */
		return;
	}
	while (count-- > 0)
		draw_twister(&random->twister);
}

void random_jump(struct random *random)
{
	if (random->is_stream)
		philox_jump_far(&random->philox);
	else
		twister_jump_power(&random->twister, 128);
}
