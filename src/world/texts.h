/* SPDX-License-Identifier: MIT */
/*
 * The texts of a history's events, one after the other, without an index of their own: an event
 * tells how long its text is, and of every TEXTS_STRIDE-th event it is kept where its text would
 * begin. From there on it is counted.
 *
 * Runs in: front. Owns: copies of the texts. Pure. May block: no.
 */
#ifndef LOCKSTEP_WORLD_TEXTS_H
#define LOCKSTEP_WORLD_TEXTS_H

#include "wire/event.h"
#include "world/chunks.h"

enum { TEXTS_STRIDE = 64 };

struct texts {
	struct chunks bytes;  /* each text with a NUL; one that does not fit into the rest of a block is in the next */
	struct chunks starts; /* uint64_t: of event n * TEXTS_STRIDE */
	struct chunks large;  /* char *: those that are too long to lie among the others */
};

void texts_init(struct texts *texts, struct block_source *source);
void texts_release(struct texts *texts);

/* Of every event, in order; returns what the event's `text` shall be: the length, at most UINT16_MAX; 0: none. */
uint16_t texts_add(struct texts *texts, uint64_t index, const char *text, size_t length);

/* The text of the event at `index` in `events`. NUL-terminated; `length` may be NULL. */
const char *texts_find(const struct texts *texts, const struct chunks *events, uint64_t index, size_t *length);

#endif
