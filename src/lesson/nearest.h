/* SPDX-License-Identifier: MIT */
/*
 * The closest spelling of a mistyped word, for messages that say what would be right.
 *
 * Runs in: screen. Pure. May block: no.
 */
#ifndef LOCKSTEP_LESSON_NEAREST_H
#define LOCKSTEP_LESSON_NEAREST_H

#include <stddef.h>

struct nearest {
	const char *word;   /* what was typed */
	const char *best;   /* closest so far; NULL: nothing is close */
	unsigned int edits; /* how far `best` is away */
};

void nearest_init(struct nearest *nearest, const char *word);
void nearest_offer(struct nearest *nearest, const char *candidate);

#endif
