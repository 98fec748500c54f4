/* SPDX-License-Identifier: MIT */
#include "mp/philox.h"

#include <string.h>

enum { ROUNDS = 10 };

void philox_init(struct philox *philox, uint64_t key, uint64_t stream)
{
	*philox = (struct philox){.key = {key, stream}, .next = PHILOX_WORDS};
}

static void add(struct philox *philox, unsigned int word, uint64_t count)
{
	while (word < PHILOX_WORDS && __builtin_add_overflow(philox->counter[word], count, &philox->counter[word])) {
		word++;
		count = 1;
	}
}

static void mix(uint64_t block[PHILOX_WORDS], const uint64_t key[2])
{
	unsigned __int128 even = (unsigned __int128)0xd2e7470ee14c6c93ull * block[0];
	unsigned __int128 odd = (unsigned __int128)0xca5a826395121157ull * block[2];
	block[0] = (uint64_t)(odd >> 64) ^ block[1] ^ key[0];
	block[1] = (uint64_t)odd;
	block[2] = (uint64_t)(even >> 64) ^ block[3] ^ key[1];
	block[3] = (uint64_t)even;
}

void philox_make_block(struct philox *philox)
{
	uint64_t key[2] = {philox->key[0], philox->key[1]};
	add(philox, 0, 1);
	memcpy(philox->block, philox->counter, sizeof philox->block);
	for (int round = 0; round < ROUNDS; round++) {
		mix(philox->block, key);
		key[0] += 0x9e3779b97f4a7c15ull; /* the golden ratio … */
		key[1] += 0xbb67ae8584caa73bull; /* … and the root of 3, less 1 */
	}
	philox->next = 0;
}

void philox_jump(struct philox *philox, uint64_t words)
{
	unsigned int left = PHILOX_WORDS - philox->next;
	if (words < left) {
		philox->next += (unsigned int)words;
		return;
	}
	add(philox, 0, (words - left) / PHILOX_WORDS);
	philox->next = PHILOX_WORDS;
	for (unsigned int i = 0; i < (words - left) % PHILOX_WORDS; i++)
		philox_next(philox);
}

void philox_jump_far(struct philox *philox)
{
	add(philox, 2, 1);
	philox->next = PHILOX_WORDS;
}
