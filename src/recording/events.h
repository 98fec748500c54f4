/* SPDX-License-Identifier: MIT */
/*
 * The events of a block, as columns of numbers. What is alike lies together, so that zstd has an easy
 * task:
 *
 *     in the order of the run   time, as what is added to the one before (the first: from 0)
 *                               actor
 *     each actor's together,    kind; flags; object; aux
 *     the lowest actor first    the list of places: how many (a varint), and a column of them
 *                               place, as an index into that list
 *     in the order of the run   value, where it is no real, as a signed difference to the one before of the
 *                               same object (the first: from 0)
 *     each object's together,   how reals (EVENT_REAL) are stored, a varint: 0, their bits; 1, k of k / 2^53,
 *     the lowest object first   which they all are, with k below 2^53. And a column of them
 *     in the order of the run   length of the text
 *                               the texts, one behind the other: a column of bytes
 *
 * Runs in: front. Owns: room for one block (1.6 MB), used again for each. May block: no.
 */
#ifndef LOCKSTEP_RECORDING_EVENTS_H
#define LOCKSTEP_RECORDING_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "recording/format.h"
#include "recording/numbers.h"
#include "wire/event.h"
#include "world/history.h"

struct events {
	uint32_t count;
	struct wire_event list[BLOCK_EVENTS_MAX];
	uint32_t text_length[BLOCK_EVENTS_MAX];
	const char *texts;      /* into the content that was unpacked */
	size_t text_bytes;
	struct numbers places;  /* that the events name */

	/* While it is packed or unpacked. */
	uint32_t by_actor[BLOCK_EVENTS_MAX]; /* each actor's together */
	uint32_t reals[BLOCK_EVENTS_MAX];    /* each object's */
	uint32_t real_count;
	uint32_t next[UINT16_MAX + 2];       /* of them, by object */
	int64_t last[UINT16_MAX + 1];        /* value, by object */
	uint64_t numbers[BLOCK_EVENTS_MAX];  /* a column's */
};

struct events *events_new(void);
void events_free(struct events *events);

/* Takes events of the history from `first` on, as many as a block holds, and makes `content` of them. */
void events_pack(struct events *events, const struct history *history, uint64_t first, struct text *content);

/* Makes them of `content` again. False when it does not hold `count` events. */
bool events_unpack(struct events *events, const struct text *content, uint32_t count);

#endif
