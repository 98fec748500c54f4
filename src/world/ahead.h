/* SPDX-License-Identifier: MIT */
/*
 * What everybody was about to do at a position of a run that is over, or looked back on: derived
 * from what each did next and from the world as it stood, with no process to ask.
 *
 * Exact between two steps of a gated run, but for these: an actor that never did anything again is
 * about to do nothing we know of, unless it waits; a waiter that was woken for something which was
 * taken again before its turn is not ready here though it could have been chosen; one whose wait ended
 * without a word, to leave, still waits here; who waits for all results of a map that was begun on
 * another line is ready here when the first has come; of workers that wait for one task all are.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_WORLD_AHEAD_H
#define LOCKSTEP_WORLD_AHEAD_H

#include "world/narrative.h"

/*
 * Fills `about`, by actor id, for the position where the world stands; its history tells what came
 * after. `count` entries; those beyond the world's actors know nothing.
 */
void ahead_fill(const struct world *world, struct about *about, size_t count);

/* The next event after `from` that an actor did of its own will, or HISTORY_NONE. */
uint64_t ahead_next_deed(const struct history *history, unsigned int actor, uint64_t from);

#endif
