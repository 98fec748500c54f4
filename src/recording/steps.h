/* SPDX-License-Identifier: MIT */
/*
 * The steps and choices of a gated run since the last block of them. As bytes:
 *
 *     number of the first step, and how many                          varints
 *     number of the first choice, and how many                        varints
 *     position of the beginning of steps, plus one; 0: not yet begun  a varint
 *     position behind each step, as what is added to the one before   a column
 *     the actor of each choice                                        a column
 *
 * Positions count the run's events from its beginning.
 *
 * Runs in: front. Owns: its lists. May block: no.
 */
#ifndef LOCKSTEP_RECORDING_STEPS_H
#define LOCKSTEP_RECORDING_STEPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "director/schedule.h"
#include "recording/format.h"
#include "world/history.h"

struct steps {
	uint64_t first;        /* number of the first step here */
	uint64_t first_choice;
	uint64_t begin;        /* position before the first step of all; HISTORY_NONE: not begun */
	uint64_t *positions;
	size_t count;
	uint64_t *choices;
	size_t choice_count;
};

void steps_release(struct steps *steps);

/* Steps from `first` on and choices from `first_choice` on, as many as a block holds. Returns the steps' number. */
uint32_t steps_pack(struct text *content, const struct history *history, uint64_t first, const struct schedule *schedule,
                    uint64_t first_choice);

/* False when that is not what `content` holds; `steps` is to be released all the same. */
bool steps_unpack(struct steps *steps, const struct text *content);

#endif
