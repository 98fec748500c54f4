/* SPDX-License-Identifier: MIT */
/*
 * A set of numbers, in the order in which they came: each has its index. The places of a block,
 * and those that a file has told already.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_RECORDING_NUMBERS_H
#define LOCKSTEP_RECORDING_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct numbers {
	uint32_t *list;
	uint32_t count;
	uint32_t *slots;   /* index + 1; open addressing */
	uint32_t capacity; /* of slots: a power of two, or 0; list has half of it */
};

void numbers_release(struct numbers *numbers); /* {0} is an empty set */
void numbers_reset(struct numbers *numbers);

/* The index of a number, which is added when it is new. */
uint32_t numbers_add(struct numbers *numbers, uint32_t number);
bool numbers_has(const struct numbers *numbers, uint32_t number);

#endif
