/* SPDX-License-Identifier: MIT */
/*
 * The reader's side of all rings: drains them and hands the events on in one order.
 *
 * Gated runs are ordered exactly (one actor moves at a time). Free runs are ordered by time
 * stamp: each drain merges what it found up to the moment when it began, and keeps the rest for
 * the next; an event that was stamped early but published late comes late ("order ≈"). Times
 * handed on never go backwards.
 *
 * Nothing in the wire is trusted: a ring whose words make no sense is given up, and said so as
 * one EVENT_LOST.
 *
 * Runs in: front. Owns: its buffers, not the wire. May block: no.
 */
#ifndef LOCKSTEP_WIRE_READER_H
#define LOCKSTEP_WIRE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/wire.h"

struct wire_reader;

/* Called once an event, in order. `text` has `length` bytes, not NUL-terminated, not yet made safe. */
typedef void wire_sink(void *context, const struct wire_event *event, const char *text, size_t length);

/* `stamp` and `speed` as written into the header, whose copy is not trusted any more. */
struct wire_reader *wire_reader_new(struct wire *wire, enum wire_stamp stamp, double speed,
                                    wire_sink *sink, void *context);
void wire_reader_free(struct wire_reader *reader);

/*
 * Hands on at most `limit` events of all rings, in the order of their stamps: those older than this
 * call, or with `final` all there are. Returns how many. Tells losses as EVENT_LOST.
 */
uint64_t wire_reader_drain(struct wire_reader *reader, bool final, uint64_t limit);

/* Gated: hands on all that one actor has told. */
uint64_t wire_reader_drain_actor(struct wire_reader *reader, unsigned int actor);

/*
 * The actor is gone: its ring is drained, closed at its last committed event and given back.
 * True when it died in the middle of writing an event.
 */
bool wire_reader_close(struct wire_reader *reader, unsigned int actor);

/* Events that were emitted but not seen, over all actors so far. */
uint64_t wire_reader_lost(const struct wire_reader *reader);

/* Now, in ns of the lesson's clock of a free run. */
uint64_t wire_reader_now(const struct wire_reader *reader);

#endif
