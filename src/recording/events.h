/* SPDX-License-Identifier: MIT */
/*
 * The events of a block, as columns. What is alike lies together, so that zstd has an easy task:
 *
 *     in the order of the run:  time, as what is added to the one before (the first: from 0)
 *                               actor
 *     each actor's together,    kind (a byte each), flags (a byte each), object, aux,
 *     the lowest actor first:   place, as an index into the block's own list
 *                               the list: places of 32 bits
 *     in the order of the run:  value, as a signed difference to the one before of the same object (the
 *                               first: from 0)
 *                               length of the text
 *                               texts, without an end
 *
 * Runs in: front. Owns: room for one block (5 MB), used again for each. May block: no.
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
	const char *texts;      /* one behind the other; into the content that was unpacked */
	struct numbers places;  /* that the events name */

	/* While it is packed or unpacked. */
	uint32_t order[BLOCK_EVENTS_MAX]; /* each actor's together */
	uint32_t next[UINT16_MAX + 2];    /* where an actor's next goes in it */
	int64_t last[UINT16_MAX + 1];     /* value, by object */
	uint8_t column[BLOCK_EVENTS_MAX * 10];
};

struct events *events_new(void);
void events_free(struct events *events);

/* Takes events of the history from `first` on, as many as a block holds, and makes `content` of them. */
void events_pack(struct events *events, const struct history *history, uint64_t first, struct text *content);

/* Makes them of `content` again. False when it does not hold `count` events. */
bool events_unpack(struct events *events, const struct text *content, uint32_t count);

#endif
