/* SPDX-License-Identifier: MIT */
/*
 * MT19937: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998); their mt19937ar.c. The seeding is its
 * init_genrand, which is what numpy's RandomState uses for an integer seed; its init_by_array is for
 * arrays of seeds and not needed here.
 *
 * Each word is a linear function of those before it, so any number of them can be skipped at once:
 * Haramoto, Matsumoto, Nishimura, Panneton, L'Ecuyer, "Efficient Jump Ahead for F2-Linear Random Number
 * Generators", INFORMS Journal on Computing 20 (2008).
 *
 * Runs in: lesson. Not installed. May block: no.
 */
#ifndef LOCKSTEP_MP_TWISTER_H
#define LOCKSTEP_MP_TWISTER_H

#include <stdint.h>

enum { TWISTER_WORDS = 624 };

struct twister {
	uint32_t state[TWISTER_WORDS];
	unsigned int next; /* TWISTER_WORDS: the state is used up */
};

void twister_seed(struct twister *twister, uint32_t seed);
void twister_make_words(struct twister *twister); /* the next 624 */

static inline uint32_t twister_next(struct twister *twister)
{
	if (twister->next == TWISTER_WORDS)
		twister_make_words(twister);
	uint32_t word = twister->state[twister->next++];
	word ^= word >> 11;
	word ^= (word << 7) & 0x9d2c5680u;
	word ^= (word << 15) & 0xefc60000u;
	return word ^ (word >> 18);
}

/* ---- twister_jump.c: as if so many words had been drawn; each takes some milliseconds ---- */

void twister_jump(struct twister *twister, uint64_t words);
void twister_jump_power(struct twister *twister, unsigned int power); /* 2^power words */

#endif
