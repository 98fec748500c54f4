/* SPDX-License-Identifier: MIT */
/*
 * The history: every event of a run, in order, with its text; and the places in the source that
 * the events name. Append only. 32 bytes an event, 4 for the index of its actor, and its text.
 *
 * Position p means "after the first p events": 0 is the beginning, history_count() the present.
 * Steps (gated runs): step k is what the k-th grant led to, one or more events.
 *
 * Runs in: front. Owns: copies of all that is put in. Pure. May block: no.
 */
#ifndef LOCKSTEP_WORLD_HISTORY_H
#define LOCKSTEP_WORLD_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/blocks.h"
#include "wire/event.h"

struct history;

#define HISTORY_NONE UINT64_MAX

enum { HISTORY_IN_MEMORY = 384 << 20 }; /* bytes, ten million events: what is beyond had better be in a file, see spill_new() */

struct history *history_new(void);
struct history *history_new_in(struct block_source *source); /* its blocks come from there; it is ended with the history */
void history_free(struct history *history);

/* `text` may be NULL; it is already safe to show (see base/utf8.h). Returns the event's index. */
uint64_t history_append(struct history *history, const struct wire_event *event, const char *text, size_t length);

uint64_t history_count(const struct history *history);
uint64_t history_last_time(const struct history *history); /* of the last event, ns; 0: there is none */
/* NULL past the end. It stays where it is; `text` is how long its text is (at most UINT16_MAX), 0 when it has none. */
const struct wire_event *history_at(const struct history *history, uint64_t index);
/* The same for a walk: `count` is how many lie side by side from there on; 0 with NULL. */
const struct wire_event *history_run(const struct history *history, uint64_t index, uint64_t *count);
/* NUL-terminated, "" when none; valid as long as the history. `length` may be NULL. */
const char *history_text(const struct history *history, uint64_t index, size_t *length);

/* Events of one actor, by binary search. HISTORY_NONE when there is none. */
uint64_t history_actor_next(const struct history *history, unsigned int actor, uint64_t from);   /* first index >= from */
uint64_t history_actor_last(const struct history *history, unsigned int actor, uint64_t before); /* last index < before */

/* The same by number, for walks: how many events an actor has, and the index of its nth (from 0, below that count). */
uint64_t history_actor_count(const struct history *history, unsigned int actor);
uint64_t history_actor_nth(const struct history *history, unsigned int actor, uint64_t n);
uint64_t history_actor_below(const struct history *history, unsigned int actor, uint64_t index); /* how many are before it */
/* The same for a walk: the answer is not less than `from`, and is found the sooner the better `guess` is. */
uint64_t history_actor_below_from(const struct history *history, unsigned int actor, uint64_t index, uint64_t from, uint64_t guess);

/* The last line of output (EVENT_OUTPUT) before an index; HISTORY_NONE when there is none. */
uint64_t history_output_last(const struct history *history, uint64_t before);
uint64_t history_outputs(const struct history *history, uint64_t before); /* how many lines of output are before an index */

/* The first position whose next event is not before `time` (ns). Free runs may be slightly out of order: nearest. */
uint64_t history_position_at(const struct history *history, uint64_t time);

/*
 * Walks by time through one actor's events, by number, from `from` on: the first that is later than
 * `time`; and cheaper, from a sample of them, one that is not behind that and at most HISTORY_NEAR before it.
 * The cost grows with the distance (its logarithm), not with how many events there are.
 */
enum { HISTORY_NEAR = 64 };
uint64_t history_actor_after(const struct history *history, unsigned int actor, uint64_t from, uint64_t time);
uint64_t history_actor_near(const struct history *history, unsigned int actor, uint64_t from, uint64_t time);

/* The same within one actor: index of its last event with time <= `time`. */
uint64_t history_actor_at(const struct history *history, unsigned int actor, uint64_t time);

/* ---- steps ---- */

void history_begin_steps(struct history *history);                   /* what came before the first choice belongs to no step */
void history_end_step(struct history *history);                      /* what was appended since the last call is a step */
uint64_t history_steps(const struct history *history);
uint64_t history_step_position(const struct history *history, uint64_t step); /* position after `step` steps; 0: before the first */
uint64_t history_step_of(const struct history *history, uint64_t position);   /* steps complete at a position */

/* ---- places ---- */

struct place {
	const char *file;     /* base name: "lesson.c"; "" when unknown */
	const char *function;
	uint32_t line;        /* 0 when unknown */
};

/* Says what a place is; strings are copied. */
void history_set_place(struct history *history, uint32_t place, const struct place *what);
bool history_has_place(const struct history *history, uint32_t place);
struct place history_place(const struct history *history, uint32_t place); /* {"", "", 0} when unknown */

#endif
