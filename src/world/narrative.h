/* SPDX-License-Identifier: MIT */
/*
 * Plain words from events: what just happened and what it means. Derived from the world alone,
 * for every lesson; no lesson brings sentences of its own.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_WORLD_NARRATIVE_H
#define LOCKSTEP_WORLD_NARRATIVE_H

#include <stddef.h>

#include "base/text.h"
#include "world/world.h"

/* What an actor is about to do, as its slot says (live) or as its next event will (past). */
struct about {
	bool known;        /* false: nothing is known (running, exited, …) */
	bool ready;        /* it may be chosen now */
	bool out_of_sight; /* it computes, or sits in a system call of its own, longer than a moment */
	uint8_t kind;      /* enum event_kind */
	uint8_t flags;
	uint16_t object;
	uint32_t aux;
	uint32_t place;
	int64_t value;
	char text[24];
};

/*
 * How a task of a pool is called wherever it is seen: as Python counts the input, from 0, which in most lessons is what it
 * was given, too. `number` is an event's aux, which counts from 1: 0 says that it is not known which.
 */
static inline uint32_t narrative_task_index(uint32_t number)
{
	return number - 1;
}
void narrative_task(struct text *out, uint32_t number); /* "task 0", "a task" */

/* One event as one short clause: "withdraw reads balance: 200". */
void narrative_event(struct text *out, const struct world *world, uint64_t event);

/* What an actor is about to do: "write balance: 199"; "take lock". */
void narrative_about(struct text *out, const struct world *world, const struct about *about);

/* The state of an actor in a few words: "waits for lock, held by deposit", "asleep until 0.300 s", "zombie, exit code 0". */
void narrative_state(struct text *out, const struct world *world, unsigned int actor);

/*
 * One to three sentences on the last event (of a step, the last that matters) and what may come of it: "withdraw still holds the 200
 * that it read; deposit has written 201 since. If withdraw writes now, that 201 is lost."
 * `about` has `about_count` entries by actor id.
 */
void narrative_meaning(struct text *out, const struct world *world, const struct about *about, size_t about_count);

/* Why nothing can go on: names each waiter and the cycle if there is one. Empty when something can. */
void narrative_deadlock(struct text *out, const struct world *world);

/* A number as a value shows it: integer or shortest real. */
void narrative_number(struct text *out, int64_t value, bool real);

/* Ends a sentence, after whatever a lesson has printed or told: no second stop, none behind blanks, none after "…". */
void narrative_full_stop(struct text *out);

#endif
