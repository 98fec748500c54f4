/* SPDX-License-Identifier: MIT */
/*
 * The world: what all the events up to one position amount to. Pure: no system calls, no clock,
 * no curses; the same events always give the same world.
 *
 * Ids are the wire's. Nothing that an event says is trusted: an unknown actor or object comes into
 * being, without a name, when it is first mentioned; counts saturate. Pointers into it are valid
 * until it moves.
 *
 * In free runs events are ordered by stamps that are taken just after the operations, so an effect
 * may be told before its cause (a get before its put). The world keeps what came early and matches
 * it when the cause is told, so that nothing is counted twice and no ghost stays behind.
 *
 * Runs in: front. Owns: all it points to, but names and texts: those belong to the history whose
 * events were applied (the history must outlive the world).
 */
#ifndef LOCKSTEP_WORLD_WORLD_H
#define LOCKSTEP_WORLD_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/event.h"
#include "world/history.h"
#include "world/pages.h"

enum {
	WORLD_VALUE_HISTORY = 16, /* last writes kept of each value */
	WORLD_HOLDERS = 16,       /* kept of each semaphore */
	WORLD_TASKS_KEPT = 256,   /* of each pool, of those that are over */
	WORLD_NO_ACTOR = UINT16_MAX,
	WORLD_FIRST_ACTOR = 0, /* the lesson's main */
};

struct world_actor {
	bool known;
	uint8_t kind;         /* enum actor_kind */
	uint8_t state;        /* enum actor_state: RUNNING, WAITING, SLEEPING, BEGINNING (started, not yet begun), EXITED */
	bool joined;          /* EXITED and reaped; EXITED and not joined is a zombie (processes) */
	bool killed;          /* by a signal: exit_code is -n */
	bool vanished;        /* nobody knows how it ended: exit_code says nothing */
	uint16_t id;
	uint16_t parent;      /* WORLD_NO_ACTOR for the first */
	uint16_t object;      /* WAITING: on what (0: on `waits_for` alone) */
	uint16_t waits_for;   /* WAITING in a join: for which actor; else WORLD_NO_ACTOR */
	uint8_t last_kind;    /* enum event_kind of its last event */
	int32_t pid;
	int32_t tid;
	int32_t exit_code;
	uint32_t place;       /* of its last event */
	uint16_t pool;        /* the pool whose worker it is; 0 = none */
	uint64_t since;       /* ns: when it came into this state */
	uint64_t since_event; /* index of the event that brought it there, or HISTORY_NONE */
	uint64_t deadline;    /* SLEEPING: ns until when */
	uint64_t last_event;  /* index, or HISTORY_NONE */
	uint64_t operations;  /* events so far */
	const char *name;     /* never NULL; "actor 5" when nobody said */
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

/* What one actor last read of a value; it is stale once another has written since: world_is_stale(). */
struct world_reader {
	uint16_t actor;
	bool pending;    /* read, not yet written back: if stale too, its next write loses an update */
	int64_t value;
	uint64_t write;  /* the value's count of writes when it was read */
	uint64_t chain;  /* and its chain */
	uint64_t event;
};

struct world_value {
	bool real;               /* the numbers below are the bits of doubles */
	int64_t value;
	int64_t initial;
	uint64_t writes;
	uint64_t reads;
	uint64_t lost_updates;   /* writes that the present value was not built on: see apply_value.c */
	uint64_t chain;          /* writes that it was built on, each upon the one before */
	uint64_t others;         /* how many writes there had been when somebody else than the last writer last wrote */
	struct world_lost_update last_lost; /* valid when lost_updates > 0 */
	struct world_write recent[WORLD_VALUE_HISTORY]; /* ring: write n is at n % WORLD_VALUE_HISTORY */
	struct world_reader *readers;       /* one an actor that has read */
	size_t reader_count;

	/* So that reads and writes need not search: */
	size_t reader_capacity;
	uint16_t *reader_of;                /* by small actor id: its place in `readers`, plus 1 */
	size_t reader_of_count;
};

/* Something in a queue, a pipe or a pool: the event that put it there says who, when and what text. */
struct world_item {
	uint64_t event;  /* index of the put, send or submit */
	uint32_t number; /* `aux` of the event */
	uint16_t actor;  /* who put it */
	uint16_t worker; /* pool: who has it; else WORLD_NO_ACTOR */
};

enum world_task_state { TASK_QUEUED, TASK_RUNNING, TASK_DONE, TASK_FAILED, TASK_LOST, TASK_CANCELLED, TASK_STATES };

struct world_task {
	uint32_t number;
	uint16_t worker;       /* WORLD_NO_ACTOR while queued */
	uint8_t state;         /* enum world_task_state */
	bool received;         /* the parent has its result */
	uint64_t started;      /* ns */
	uint64_t ended;
	uint64_t submit_event; /* HISTORY_NONE when it was not seen */
	uint64_t done_event;   /* HISTORY_NONE until then */
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
	const char *name; /* never NULL; "object 5" when nobody said */

	/* By kind: */
	struct world_value value;          /* VALUE, RANDOM (last draw) */
	struct world_value *elements;      /* ARRAY: `parameter` of them, at most WORLD_ARRAY_SHOWN */
	size_t element_count;              /* ARRAY: how many are there */
	uint16_t holder;                   /* LOCK, RLOCK, SEMAPHORE that started at 1: WORLD_NO_ACTOR when free */
	uint64_t acquisitions;             /* LOCK, RLOCK, SEMAPHORE */
	uint64_t handovers;                /* LOCK, RLOCK: acquisitions by another than the last holder */
	uint64_t contended;                /* LOCK, RLOCK, SEMAPHORE: acquisitions that had to wait */
	uint16_t last_holder;
	uint32_t depth;                    /* RLOCK: how often its owner has taken it */
	int64_t start;                     /* SEMAPHORE: the count that it started with */
	int64_t count;                     /* SEMAPHORE; below 0 while a release is not told yet */
	uint16_t holders[WORLD_HOLDERS];   /* SEMAPHORE: who took one and gave none back, oldest first; none if it started at 0 */
	uint8_t holder_count;
	uint64_t notifications;            /* CONDITION */
	uint64_t woken;                    /* CONDITION: the index when the last sleeper lay down that was woken */
	bool set;                          /* EVENT */
	bool broken;                       /* BARRIER; POOL: an executor gave up */
	bool terminated;                   /* POOL */
	uint32_t arrived;                  /* BARRIER: waiting now */
	uint32_t generation;               /* BARRIER: times passed */
	struct pages direction[2];         /* PIPE: items on their way from end 0, from end 1; head first, as all items */
	uint16_t end_user[2];              /* PIPE: who used that end last; WORLD_NO_ACTOR: nobody yet */
	bool end_closed[2];                /* PIPE: in every process that lives, or end of file was met */
	struct pages buffer;               /* QUEUE: items put, not yet in the pipe */
	struct pages in_pipe;              /* QUEUE, SIMPLE_QUEUE: items */
	bool closed;                       /* QUEUE, POOL */
	uint64_t slots;                    /* QUEUE: taken */
	bool joinable;                     /* QUEUE: it counts tasks … */
	uint64_t tasks_put, tasks_done;    /* QUEUE: … put so far, and said to be done */
	uint64_t drained;                  /* QUEUE: index of the event that made them equal, or 0 */
	struct pages requests;             /* MANAGER: items asked, not yet served; number: the client's actor id */
	struct pages answers;              /* MANAGER: those served, the answer not yet received */
	uint64_t round_trips;              /* MANAGER, DICT, LIST, NAMESPACE: answers received */
	uint16_t served;                   /* MANAGER: the client that was served last, or WORLD_NO_ACTOR */
	uint64_t contents;                 /* DICT, LIST, NAMESPACE: index of the event that tells them, or HISTORY_NONE */
	struct pages tasks;                /* POOL: in order of their numbers; those long over are not kept */
	uint32_t tasks_in[TASK_STATES];    /* POOL: how many are in each state */
	uint64_t last_received;            /* POOL: index of the event that brought the last result to its owner, or 0 */

	/* What came before its cause (free runs), and what else only the world needs: */
	size_t task_limit;                 /* POOL: how many there may be before some are forgotten */
	uint32_t kept_from;                /* POOL: tasks below it are not kept any more, unless they are not over */
	struct pages early;                /* QUEUE: items got before put or feed was told; worker: enum early */
	uint32_t early_receives[2];        /* PIPE: received before their sends were told */
	struct pages closers[2];           /* PIPE: items, the processes that have closed their copy of an end */
	uint16_t overtaken[4];             /* LOCK: held it, and somebody took it before their release was told */
	uint8_t overtaken_count;
	uint32_t passes;                   /* BARRIER: in this generation */
	uint64_t turned;                   /* BARRIER: index of the event that ended the last generation */
};

enum {
	WORLD_ARRAY_SHOWN = 256,
	WORLD_ELEMENTS_MAX = 65536,
};

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
	size_t elements_held; /* of all arrays together, so that they stay within WORLD_ELEMENTS_MAX */
};

struct world *world_new(const struct history *history);
void world_free(struct world *world);

/* Applies the history's next event; false at its end. */
bool world_forward(struct world *world);

/* Goes to a position, either way. Backwards costs at most one snapshot's distance, not the whole run. */
void world_seek(struct world *world, uint64_t position);

/* Whether another actor than the reader has written since it read. */
static inline bool world_is_stale(const struct world_value *value, const struct world_reader *reader)
{
	bool own = value->recent[(value->writes - 1) % WORLD_VALUE_HISTORY].actor == reader->actor;
	return (own ? value->others : value->writes) > reader->write;
}

/* NULL when no event mentioned it. */
const struct world_actor *world_actor(const struct world *world, unsigned int id);
const struct world_object *world_object(const struct world *world, unsigned int id);
const char *world_actor_name(const struct world *world, unsigned int id);  /* never NULL */
const char *world_object_name(const struct world *world, unsigned int id); /* never NULL */

/* From the head on, below the count of those that there are. */
static inline const struct world_item *world_item(const struct pages *items, size_t at)
{
	return pages_at(items, at);
}

static inline const struct world_task *world_task_at(const struct world_object *pool, size_t at)
{
	return pages_at(&pool->tasks, at);
}

/* A task of a pool by its number; NULL when it is not known, or no longer. */
const struct world_task *world_task(const struct world_object *pool, uint32_t number);

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

/*
 * Whether a waiting actor could go on now, as far as the world tells: the lock is free, the item is
 * there, the actor to be joined has left. False for one that does not wait, too.
 */
bool world_may_proceed(const struct world *world, unsigned int actor);

/* True when somebody waits and nobody runs, is being born, sleeps or could go on. */
bool world_is_stuck(const struct world *world);

/* A process that has exited, is not joined, and whose parent is still there to do it. */
bool world_is_zombie(const struct world *world, unsigned int actor);

/* Who sleeps on a condition and has not been notified; as world_waiters. */
size_t world_sleepers(const struct world *world, unsigned int condition, uint16_t *actors, size_t size);

/* A cycle in that graph, as the actors on it in order; 0 when there is none. */
size_t world_wait_cycle(const struct world *world, uint16_t *actors, size_t size);

#endif
