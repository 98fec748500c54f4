/* SPDX-License-Identifier: MIT */
#include "mp/twister.h"

enum { SHIFT = 397 };

void twister_seed(struct twister *twister, uint32_t seed)
{
	for (uint32_t i = 0; i < TWISTER_WORDS; i++) {
		twister->state[i] = seed;
		seed = 1812433253u * (seed ^ (seed >> 30)) + i + 1;
	}
	twister->next = TWISTER_WORDS;
}

static inline uint32_t twist(uint32_t high, uint32_t low)
{
	uint32_t mixed = (high & 0x80000000u) | (low & 0x7fffffffu);
	return (mixed >> 1) ^ (-(mixed & 1) & 0x9908b0dfu);
}

/* Three loops, so that no index needs a division. */
void twister_make_words(struct twister *twister)
{
	uint32_t *state = twister->state;
	unsigned int i = 0;
	for (; i < TWISTER_WORDS - SHIFT; i++)
		state[i] = state[i + SHIFT] ^ twist(state[i], state[i + 1]);
	for (; i < TWISTER_WORDS - 1; i++)
		state[i] = state[i + SHIFT - TWISTER_WORDS] ^ twist(state[i], state[i + 1]);
	state[i] = state[SHIFT - 1] ^ twist(state[i], state[0]);
	twister->next = 0;
}
