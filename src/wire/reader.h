/* SPDX-License-Identifier: MIT */
/*
 * The reader's side of all rings: drains them and hands the events on in one order.
 *
 * Gated runs are ordered exactly (one actor moves at a time). Free runs are ordered by time
 * stamp: each drain merges what it found up to the moment when it began, and keeps the rest for
 * the next; an event that was stamped early but published late comes late ("order ≈").
 *
 * Nothing in the wire is trusted: a ring whose words make no sense is closed, and said so.
 *
 * Runs in: screen. Owns: its buffers, not the wire. May block: no.
 */
#ifndef LOCKSTEP_WIRE_READER_H
#define LOCKSTEP_WIRE_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/wire.h"

struct wire_reader;

/* Called once an event, in order. `text` has `length` bytes, not NUL-terminated, not yet made safe. */
typedef void wire_sink(void *context, const struct wire_event *event, const char *text, size_t length);

struct wire_reader *wire_reader_new(struct wire *wire);
void wire_reader_free(struct wire_reader *reader);

/*
 * Hands on what is there: all of it when `final` or gated, else what is older than this call.
 * Returns how many events were handed on. Emits EVENT_LOST for losses, with the count.
 */
uint64_t wire_reader_drain(struct wire_reader *reader, bool final, wire_sink *sink, void *context);

/* Events that were emitted but not seen, over all actors so far. */
uint64_t wire_reader_lost(const struct wire_reader *reader);

/*
 * The actor is gone: its ring is drained, closed at its last committed event and given back.
 * True when it died in the middle of writing an event.
 */
bool wire_reader_close(struct wire_reader *reader, unsigned int actor, wire_sink *sink, void *context);

/* A stamp of this run as ns of the lesson's clock. */
uint64_t wire_reader_time(const struct wire_reader *reader, uint64_t stamp);

#endif
