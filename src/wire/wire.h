/* SPDX-License-Identifier: MIT */
/*
 * The wire: one memfd that the front (the screen, or a verb without one) and every process of a lesson
 * map. It is the only thing that joins the two halves of Lockstep.
 *
 *     header + gate words | actor slots | object slots | ring controls | result | rings
 *
 * What always holds:
 *  - Fixed-width types and offsets, no pointers. The magic and version stand first.
 *  - The geometry (capacities, offsets) is written once by the front before the lesson starts;
 *    the front keeps its own copy and never reads it back. Everything that the lesson writes is
 *    student code's to scribble over: the front copies a field, then checks it, then uses it.
 *  - A ring has one writer (the actor that owns it) and one reader (the front).
 *  - Fields are grouped by who writes them.
 *
 * Runs in: both. Owns: the mapping and, in the front, the descriptor.
 */
#ifndef LOCKSTEP_WIRE_WIRE_H
#define LOCKSTEP_WIRE_WIRE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/event.h"

#define WIRE_MAGIC 0x7065747363616f6cULL
#define WIRE_VERSION 1
#define WIRE_ENVIRONMENT "LOCKSTEP_WIRE" /* the descriptor's number, for the lesson's main */

enum {
	WIRE_NAME_MAX = 48,        /* bytes of a name in a slot, with its NUL */
	WIRE_REAPED = 1 << 16,     /* in wire_actor.reaped, beside the exit code as 16 bits */
	WIRE_NO_RING = UINT16_MAX, /* an actor that found no free ring: its events are counted as lost */
};

enum gate_mode {
	GATE_FREE,   /* operations run as the machine runs them */
	GATE_PAUSED, /* free, but stopped by the learner: every actor waits at its next operation */
	GATE_STEP,   /* gated: one grant, one operation */
};

/* What a stamp in the ring is. Fixed for a run. */
enum wire_stamp {
	STAMP_TICKS,   /* the invariant TSC */
	STAMP_CLOCK,   /* CLOCK_MONOTONIC in ns */
	STAMP_VIRTUAL, /* ns of the virtual clock (gated) */
};

struct wire_header {
	uint64_t magic;
	uint32_t version;
	uint32_t actor_capacity;
	uint32_t object_capacity;
	uint32_t ring_count;
	uint32_t ring_slots; /* power of two */
	uint32_t result_capacity;
	uint64_t actors_offset;
	uint64_t objects_offset;
	uint64_t ring_controls_offset;
	uint64_t result_offset;
	uint64_t rings_offset;
	uint64_t size;

	/* Written by the front before the run starts. */
	uint64_t seed;
	double speed;        /* free: lesson seconds a real second; sleeps and time-outs are divided by it */
	uint32_t stamp;      /* enum wire_stamp */
	uint32_t gated;      /* 1: the run is gated */
	uint64_t start_clock; /* CLOCK_MONOTONIC ns at the run's start: zero of the lesson's clock (by the reader) */
	uint32_t actor_limit; /* live processes and threads a run may have */
	uint32_t reserved;

	/* The gate words, written by the front while the run goes on. */
	_Alignas(64) _Atomic uint32_t mode; /* enum gate_mode; a futex word for GATE_PAUSED */
	_Atomic uint64_t now;               /* the virtual clock, ns */
	_Atomic uint64_t paused_ns;         /* free: real ns spent paused so far; not lesson time */

	/* Written by the lesson; for an actor that was killed its director counts it out of `live_actors`. */
	_Alignas(64) _Atomic uint32_t arrivals; /* futex word: +1 whenever an actor parks or leaves */
	_Atomic uint32_t wake_all;              /* +1 when something happened that any waiter may want to know */
	_Atomic uint32_t actor_count;           /* actor ids handed out; may run past the capacity */
	_Atomic uint32_t object_count;          /* object ids handed out, the first being 1 */
	_Atomic uint32_t live_actors;
	_Atomic uint32_t result_length;         /* 0 until the lesson has told its result */
	_Atomic uint64_t unringed;              /* events of actors that had no ring */
};

/* A process or a thread. */
struct wire_actor {
	/* Written by whoever starts the actor, before it runs. */
	char name[WIRE_NAME_MAX];
	uint16_t ring;   /* index, or WIRE_NO_RING */
	uint16_t parent; /* actor id */
	uint16_t object; /* the process or thread object that stands for it: who joins waits for that */
	uint8_t kind;    /* enum actor_kind */
	uint8_t reserved;

	/* Written by the actor as it begins. */
	_Atomic int32_t pid;
	_Atomic int32_t tid;

	/* Written by the actor; `state` by the director too: ACTOR_RUNNING before a grant, ACTOR_EXITED for one that was killed. */
	_Alignas(64) _Atomic uint32_t state; /* enum actor_state */
	uint32_t intent_place;               /* what it is about to do, valid when parked: */
	int64_t intent_value;
	uint32_t intent_aux;
	uint16_t intent_object;
	uint8_t intent_kind;
	uint8_t intent_flags;
	uint64_t deadline;                   /* virtual ns; UINT64_MAX = none */
	uint32_t wakes_seen;                 /* the channel's `wakes` before the attempt that failed */
	uint32_t wake_all_seen;
	uint16_t intent_channel;             /* the object whose wakes it listens to: most often intent_object */
	char intent_text[22];                /* the start of what it is about to send; NUL-terminated */

	/* Written by the director. */
	_Alignas(64) _Atomic uint32_t grant; /* futex word: +1 lets the actor do one operation */

	/* Written by the parent that reaped it: its exit code as Python's, with WIRE_REAPED set. */
	_Atomic uint32_t reaped;
};

/* Something that actors share. Object 0 is nobody's. */
struct wire_object {
	char name[WIRE_NAME_MAX];
	_Atomic uint32_t wakes; /* +1 by every operation, and every death, that may let a waiter proceed */
	uint16_t creator;       /* actor id */
	uint8_t kind;           /* enum object_kind */
	uint8_t deaths;         /* 1: a channel whose waiters are woken when any process dies, too */
	uint8_t reserved[8];
};

/* One ring's control words; its slots lie in the rings' area. */
struct ring_control {
	/* Written by the actor that owns the ring. */
	_Alignas(64) _Atomic uint64_t claimed; /* > head only while an event is being written */
	_Atomic uint64_t head;                 /* events and text slots committed */
	_Atomic uint64_t lost;                 /* events that found the ring full */
	_Atomic uint64_t held;                 /* not 0: the stamp of an event that is being made to happen and then told */

	/* Written by the front. */
	_Alignas(64) _Atomic uint64_t tail;
	/* 0 free, else actor id + 1. Taken by the starter (compare-exchange), freed by the front. */
	_Alignas(64) _Atomic uint32_t owner;
};

_Static_assert(sizeof(struct wire_header) == 256, "layout");
_Static_assert(sizeof(struct wire_actor) == 192, "layout");
_Static_assert(sizeof(struct wire_object) == 64, "layout");
_Static_assert(sizeof(struct ring_control) == 192, "layout");

struct wire_geometry {
	uint32_t actors;
	uint32_t objects;
	uint32_t rings;
	uint32_t ring_slots; /* power of two */
	uint32_t result_bytes;
};

extern const struct wire_geometry WIRE_GEOMETRY; /* the one that runs use */

/* A mapping of a wire. Pointers are into the mapping; `size` and `geometry` are our own copies. */
struct wire {
	int fd; /* -1 when not kept */
	size_t size;
	struct wire_geometry geometry;
	struct wire_header *header;
	struct wire_actor *actors;
	struct wire_object *objects;
	struct ring_control *controls;
	char *result;
	struct wire_event *slots; /* of ring 0; ring r starts at slots + r * ring_slots */
};

/* Makes and maps a new wire (front). 0 or -errno. The descriptor is close-on-exec. */
int wire_create(struct wire *wire, const struct wire_geometry *geometry);

/*
 * Maps the wire behind `fd` (lesson). 0 or -errno: -EPROTO when it is not a wire or of another
 * version. Does not keep the descriptor.
 */
int wire_attach(struct wire *wire, int fd);

void wire_release(struct wire *wire);

static inline struct wire_event *wire_ring_slots(const struct wire *wire, unsigned int ring)
{
	return wire->slots + (size_t)ring * wire->geometry.ring_slots;
}

/* True when the TSC is invariant on this machine (CPUID 0x80000007, bit 8). */
int wire_ticks_invariant(void);

#endif
