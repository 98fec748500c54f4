/* SPDX-License-Identifier: MIT */
/*
 * Philox4x64-10: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC'11. There is
 * no state to speak of: number n is the n-th counter, mixed ten times with a key. So every key is a stream
 * of its own, and any place in it can be gone to at once. As numpy.random.Philox(key=[…]) counts: the
 * first block is that of counter 1.
 *
 * Runs in: lesson. Not installed. May block: no.
 */
#ifndef LOCKSTEP_MP_PHILOX_H
#define LOCKSTEP_MP_PHILOX_H

#include <stdint.h>

enum { PHILOX_WORDS = 4 };

struct philox {
	uint64_t counter[PHILOX_WORDS]; /* 256 bits, the lowest first */
	uint64_t key[2];
	uint64_t block[PHILOX_WORDS];
	unsigned int next; /* PHILOX_WORDS: the block is used up */
};

void philox_init(struct philox *philox, uint64_t key, uint64_t stream);
void philox_make_block(struct philox *philox);

static inline uint64_t philox_next(struct philox *philox)
{
	if (philox->next == PHILOX_WORDS)
		philox_make_block(philox);
	return philox->block[philox->next++];
}

void philox_jump(struct philox *philox, uint64_t words); /* as if so many had been drawn */
void philox_jump_far(struct philox *philox);             /* 2^128 blocks on, and to the start of one: Philox.jumped() */

#endif
