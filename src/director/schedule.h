/* SPDX-License-Identifier: MIT */
/*
 * A schedule: the list of choices that makes a gated run repeat. As text it is short enough for a
 * mail: the seed, then actor ids in the order chosen, "AxN" for N times in a row:
 *
 *     seed=7,0x5,1,2x3,1
 *
 * Commas or white space separate; '#' starts a comment to the end of the line.
 *
 * Runs in: front. Owns: its list. May block: no.
 */
#ifndef LOCKSTEP_DIRECTOR_SCHEDULE_H
#define LOCKSTEP_DIRECTOR_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct schedule {
	uint16_t *choices;
	size_t count;
	size_t capacity;
	uint64_t seed;
	bool has_seed;
};

void schedule_init(struct schedule *schedule);
void schedule_release(struct schedule *schedule);
void schedule_add(struct schedule *schedule, unsigned int actor);
void schedule_copy(struct schedule *to, const struct schedule *from, size_t count); /* the first `count` choices */

/* 0 or -EINVAL: `problem` says which word is wrong and what would be right. At most 10 million choices. */
int schedule_parse(struct schedule *schedule, const char *string, struct text *problem);
void schedule_print(const struct schedule *schedule, struct text *out);

#endif
