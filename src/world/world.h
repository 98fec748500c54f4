/* SPDX-License-Identifier: MIT */
/*
 * The world: what all the events up to one position amount to. Pure: no system calls, no clock,
 * no curses; the same events always give the same world.
 *
 * Ids are the wire's. Nothing that an event says is trusted: an unknown actor or object comes into
 * being, without a name, when it is first mentioned; counts saturate.
 *
 * Runs in: screen. Owns: all it points to; names are copies, item texts belong to the history
 * whose events were applied (the history must outlive the world).
 */
#ifndef LOCKSTEP_WORLD_WORLD_H
#define LOCKSTEP_WORLD_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/event.h"
#include "world/history.h"

enum {
	WORLD_VALUE_HISTORY = 16, /* last writes kept of each value */
	WORLD_NO_ACTOR = UINT16_MAX,
};

struct world_actor {
	bool known;
	uint8_t kind;         /* enum actor_kind */
	uint8_t state;        /* enum actor_state: RUNNING, WAITING, SLEEPING, BEGINNING (started, not yet begun), EXITED */
	bool joined;          /* EXITED and reaped; EXITED and not joined is a zombie (processes) */
	bool killed;          /* by a signal: exit_code is -n */
	uint16_t id;
	uint16_t parent;      /* WORLD_NO_ACTOR for the first */
	uint16_t object;      /* WAITING: on what (0: on `waits_for` alone) */
	uint16_t waits_for;   /* WAITING in a join: for which actor; else WORLD_NO_ACTOR */
	uint8_t last_kind;    /* enum event_kind of its last event */
	int32_t pid;
	int32_t tid;
	int32_t exit_code;
	uint32_t place;       /* of its last event */
	uint64_t since;       /* ns: when it came into this state */
	uint64_t deadline;    /* SLEEPING: ns until when */
	uint64_t last_event;  /* index, or HISTORY_NONE */
	uint64_t operations;  /* events so far */
	char *name;           /* never NULL; "actor 5" when nobody said */
};

/* One write of a value. */
struct world_write {
	uint64_t event;  /* index */
	int64_t value;   /* bits when `real` */
	uint16_t actor;
	bool lost;       /* it overwrote a write that its actor had not seen: that one is lost */
};

/* A lost update: `loser` wrote, `winner` had read before that and wrote over it. */
struct world_lost_update {
	uint64_t event;  /* the write that did it */
	uint16_t winner;
	uint16_t loser;
	int64_t read;    /* what the winner had read */
	int64_t lost;    /* what the loser had written */
	int64_t wrote;   /* what stands there now */
};

/* What one actor last read of a value; it is "stale" once another has written since. */
struct world_reader {
	uint16_t actor;
	bool stale;
	bool pending;    /* read, not yet written back: if stale too, its next write loses an update */
	int64_t value;
	uint64_t write;  /* the value's count of writes when it was read */
	uint64_t event;
};

struct world_value {
	bool real;
	int64_t value;
	uint64_t writes;
	uint64_t reads;
	uint64_t lost_updates;
	struct world_lost_update last_lost; /* valid when lost_updates > 0 */
	struct world_write recent[WORLD_VALUE_HISTORY]; /* ring: write n is at n % WORLD_VALUE_HISTORY */
	struct world_reader *readers;       /* one an actor that has read */
	size_t reader_count;
};

/* Something in a queue, a pipe or a pool: the event that put it there says who, when and what text. */
struct world_item {
	uint64_t event;  /* index of the put, send or submit */
	uint32_t number; /* `aux` of the event */
	uint16_t actor;  /* who put it */
	uint16_t worker; /* pool: who has it; else WORLD_NO_ACTOR */
};

struct world_items {
	struct world_item *items; /* head first */
	size_t count;
	size_t capacity;
};

enum world_task_state { TASK_QUEUED, TASK_RUNNING, TASK_DONE, TASK_FAILED, TASK_LOST };

struct world_task {
	uint32_t number;
	uint8_t state;    /* enum world_task_state */
	uint16_t worker;  /* WORLD_NO_ACTOR while queued */
	uint64_t queued;  /* ns */
	uint64_t started;
	uint64_t ended;
	uint64_t submit_event;
	uint64_t done_event; /* HISTORY_NONE until then */
};

struct world_object {
	bool known;
	uint8_t kind;       /* enum object_kind */
	uint16_t id;
	uint16_t creator;
	uint32_t parameter; /* maxsize, parties, workers, length, duplex: see kinds.h */
	uint32_t place;     /* where it was made */
	uint64_t operations;
	uint64_t last_event;
	char *name;

	/* By kind: */
	struct world_value value;          /* VALUE, RANDOM (last draw) */
	struct world_value *elements;      /* ARRAY: `parameter` of them, at most WORLD_ARRAY_SHOWN */
	uint16_t holder;                   /* LOCK: WORLD_NO_ACTOR when free */
	uint64_t acquisitions;             /* LOCK */
	uint64_t handovers;                /* LOCK: acquisitions by another than the last holder */
	uint64_t contended;                /* LOCK: acquisitions that had to wait */
	uint16_t last_holder;
	bool set;                          /* EVENT */
	bool broken;                       /* BARRIER */
	uint32_t arrived;                  /* BARRIER: waiting now */
	uint32_t generation;               /* BARRIER: times passed */
	struct world_items direction[2];   /* PIPE: on their way from end 0, from end 1 */
	bool end_closed[2];
	struct world_items buffer;         /* QUEUE: put, not yet in the pipe */
	struct world_items in_pipe;        /* QUEUE */
	bool closed;                       /* QUEUE, POOL */
	uint64_t slots;                    /* QUEUE: taken */
	struct world_task *tasks;          /* POOL: by number */
	size_t task_count;
};

enum { WORLD_ARRAY_SHOWN = 256 };

struct world {
	const struct history *history;
	uint64_t position; /* events applied */
	uint64_t time;     /* ns of the last event applied */
	struct world_actor *actors;
	size_t actor_count;   /* one past the largest id mentioned */
	struct world_object *objects;
	size_t object_count;
	uint64_t lost_events; /* sum of EVENT_LOST */
	bool ended;           /* the first actor has exited */
};

struct world *world_new(const struct history *history);
void world_free(struct world *world);

/* Applies the history's next event; false at its end. */
bool world_forward(struct world *world);

/* Goes to a position, either way. Backwards costs at most one snapshot's distance, not the whole run. */
void world_seek(struct world *world, uint64_t position);

/* NULL when no event mentioned it. */
const struct world_actor *world_actor(const struct world *world, unsigned int id);
const struct world_object *world_object(const struct world *world, unsigned int id);
const char *world_actor_name(const struct world *world, unsigned int id);  /* never NULL */
const char *world_object_name(const struct world *world, unsigned int id); /* never NULL */

/* Every actor waiting on an object, in id order; returns how many, fills at most `size`. */
size_t world_waiters(const struct world *world, unsigned int object, uint16_t *actors, size_t size);

/* ---- who waits for whom ---- */

struct world_wait {
	uint16_t waiter;
	uint16_t object;  /* 0: waits for the actor's end */
	uint16_t holder;  /* the actor that could let it go on; WORLD_NO_ACTOR: nobody in particular */
};

/*
 * The wait-for graph: an edge for each waiting actor whose wait has a known holder (a lock's
 * holder, the actor to be joined) and for each other waiting actor one with no holder.
 */
size_t world_wait_graph(const struct world *world, struct world_wait *waits, size_t size);

/* A cycle in that graph, as the actors on it in order; 0 when there is none. */
size_t world_wait_cycle(const struct world *world, uint16_t *actors, size_t size);

#endif
