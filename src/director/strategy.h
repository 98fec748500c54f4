/* SPDX-License-Identifier: MIT */
/*
 * Strategies: who moves next when it is not the learner who chooses. A new one is a row in the
 * table of strategy.c and its function.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_DIRECTOR_STRATEGY_H
#define LOCKSTEP_DIRECTOR_STRATEGY_H

#include <stddef.h>
#include <stdint.h>

struct strategy {
	const struct strategy_kind *kind;
	uint64_t random;  /* state of the generator */
	uint16_t last;    /* whom it chose last */
};

struct strategy_kind {
	const char *name; /* "random", "round-robin" */
	const char *help;
	/* One of `actors` (in id order, count > 0). */
	uint16_t (*choose)(struct strategy *strategy, const uint16_t *actors, size_t count);
};

extern const struct strategy_kind STRATEGIES[]; /* ended by a NULL name */

const struct strategy_kind *strategy_find(const char *name); /* NULL: no such */
void strategy_init(struct strategy *strategy, const struct strategy_kind *kind, uint64_t seed);
uint16_t strategy_choose(struct strategy *strategy, const uint16_t *actors, size_t count);

#endif
