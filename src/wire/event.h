/* SPDX-License-Identifier: MIT */
/*
 * An event: one thing that one actor (a process or a thread) did, in 32 bytes. The same record
 * travels in the ring and lies in the history; only `time` and `actor` are filled in on the way.
 *
 * Runs in: both.
 */
#ifndef LOCKSTEP_WIRE_EVENT_H
#define LOCKSTEP_WIRE_EVENT_H

#include <stdint.h>

#include "wire/kinds.h"

enum event_flag {
	EVENT_REAL = 1 << 0,   /* `value` holds the bits of a double */
	EVENT_CUT = 1 << 1,    /* the text was longer than EVENT_TEXT_MAX and was cut there */
	EVENT_FAILED = 1 << 2, /* the operation was refused or timed out; nothing changed */
	EVENT_LOCKED = 1 << 3, /* done inside the object's own lock (atomic read-modify-write) */
};

enum { EVENT_TEXT_MAX = 224 }; /* bytes of text beside one event; longer texts are cut, visibly */

struct wire_event {
	uint64_t time;   /* in the ring: a stamp (see wire.h); in the history: ns of the lesson's clock */
	int64_t value;   /* what was read, written, sent, … ; see the kind's row in kinds.h */
	uint32_t place;  /* where in the program: return address less load address; 0 = unknown */
	uint32_t aux;    /* a second number; see the kind's row */
	uint16_t object; /* id in the object table; 0 = none */
	uint16_t actor;  /* id in the actor table; set by the reader, from whose ring it is */
	uint8_t kind;    /* enum event_kind */
	uint8_t flags;   /* enum event_flag */
	uint16_t text;   /* bytes of text that lie in the slots after this one (ring only) */
};

_Static_assert(sizeof(struct wire_event) == 32, "an event is 32 bytes on the wire");

/* What the table in kinds.h says of one kind. */
struct event_kind_info {
	const char *op;                 /* the name in JSON and text: "lock.acquire" */
	enum actor_state state_after;   /* in what state the actor is once it has done this */
	char mark;                      /* one letter for the timeline; 0 = none */
	const char *words;              /* third person, to be followed by the object's name: "takes" */
};

/* The row of a kind; unknown kinds (a newer writer, garbage) give the row of EVENT_UNKNOWN. */
const struct event_kind_info *event_kind_info(unsigned int kind);

/* The kind whose op name is `op`, or EVENT_UNKNOWN. */
enum event_kind event_kind_find(const char *op);

const char *object_kind_name(unsigned int kind); /* "lock", "queue", …; "object" when unknown */

double wire_event_real(const struct wire_event *event);       /* `value` as a double (converted if it is an integer) */
int64_t wire_event_bits(double real);            /* the bits of `real`, to be stored in `value` */

#endif
