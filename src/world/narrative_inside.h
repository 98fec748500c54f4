/* SPDX-License-Identifier: MIT */
/*
 * What the files of the narrative share: small words that all sentences are made of. Nobody
 * outside this folder includes it.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_WORLD_NARRATIVE_INSIDE_H
#define LOCKSTEP_WORLD_NARRATIVE_INSIDE_H

#include "world/narrative.h"

enum {
	NUMBER_MAX = 40,
	MESSAGE_COLUMNS = 32, /* of a message or an item, in a sentence */
};

/* A number as a string, into `buffer` of NUMBER_MAX bytes, which is returned. */
const char *number_string(char *buffer, int64_t value, bool real);

void add_seconds(struct text *out, uint64_t ns);                     /* "0.3 s" */
void add_clock(struct text *out, uint64_t ns);                       /* "0.300 s" */
void add_signal(struct text *out, int64_t exit_code);                /* -9: "SIGKILL" */
void add_names(struct text *out, const struct world *world, const uint16_t *actors, size_t count, size_t total);
void add_count(struct text *out, uint64_t count, const char *one, const char *many); /* "1 item", "3 items" */

/* The beginning of a message; "…" when that is not all, or when it was cut before. */
void add_message(struct text *out, const char *text, bool cut);

/* How an actor waits: "waits for lock, which deposit holds". */
void add_wait(struct text *out, const struct world *world, const struct world_actor *actor);

#endif
