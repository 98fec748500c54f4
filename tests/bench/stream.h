/* SPDX-License-Identifier: MIT */
/*
 * Long runs that nobody ran: the events that a lesson would tell, any number of them, always the
 * same ones. They make sense to the world: locks are taken in turn, items come out as they went in.
 */
#ifndef LOCKSTEP_TESTS_BENCH_STREAM_H
#define LOCKSTEP_TESTS_BENCH_STREAM_H

#include "world/history.h"

enum stream_kind {
	STREAM_RACE,  /* ten threads add to one counter, two at a time, in bursts: reads and writes alone */
	STREAM_MIXED, /* eight workers with a lock, a queue, a pool, an array, sleeps and lines of output; a third have texts */
	STREAM_BACKLOG, /* the same, but far more is put and submitted than taken: in the end 100,000 items and tasks wait */
	STREAM_KINDS,
};

struct stream;

struct stream *stream_new(enum stream_kind kind);
void stream_free(struct stream *stream);

struct stream_event {
	struct wire_event event;
	uint8_t length; /* of the text; 0: it has none */
	char text[23];
};

void stream_next(struct stream *stream, struct stream_event *out);

/* Appends that many of a new stream; gated: each event is a step. */
void stream_fill(struct history *history, enum stream_kind kind, uint64_t events, bool gated);

#endif
