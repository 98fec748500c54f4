/* SPDX-License-Identifier: MIT */
/*
 * A queue's three places, and who touches what:
 *
 *     put ── slot ──► buffer ──► feeder ── write lock ──► pipe ──► read lock ── get ── slot back
 *
 * The buffer and its feeder belong to one process and are guarded by `mutex`; a child starts with
 * none. The rest is shared. What goes through the pipe: see item.h.
 *
 * Under the gate: put, the feeder's move and get are one step each; free, the feeder takes all that is in the
 * buffer at once and moves it item by item. What is waited for has three
 * channels: the queue's own (an item is in the pipe), `room` (a get has given back its slot, its lock
 * and room in the pipe), `work` (an item is in this process's buffer).
 *
 * Runs in: lesson. Not installed.
 */
#ifndef LOCKSTEP_MP_QUEUE_INTERNAL_H
#define LOCKSTEP_MP_QUEUE_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "mp/message.h"
#include "mp/queue.h"
#include "mp/semlock.h"
#include "mp/sleepers.h"

struct thread;

/* In shared memory. */
struct queue_shared {
	struct semlock slots;
	struct semlock read_lock;
	struct semlock write_lock;
	_Atomic uint32_t last_number; /* of an item; the first is 1 */
};

/* What a JoinableQueue counts besides; in shared memory. */
struct queue_tasks {
	struct sleepers sleepers; /* those who join; its lock guards `open` */
	uint64_t open;            /* put, and not yet said to be done */
};

struct queue_item {
	struct queue_item *next;
	uint32_t number;
	uint32_t place;        /* of its put */
	struct buffer message; /* empty: no item but the sign to stop */
};

struct queue {
	struct queue_shared *shared;
	int reader; /* this process's copies of the pipe's ends; -1 when closed */
	int writer;
	int maxsize;
	uint16_t object;
	uint16_t room;
	struct queue_tasks *tasks; /* NULL: they are not counted */

	/* Of this process alone. */
	bool closed;
	bool join_cancelled;
	bool stop_sent;
	struct thread *feeder; /* NULL: nothing has been put here */
	uint16_t work;
	pthread_mutex_t mutex; /* guards the buffer */
	pthread_cond_t not_empty;
	struct queue_item *first;
	struct queue_item **end;
	struct queue_item *taken; /* by the feeder, whose alone it is */
};

/* queue_new(); `tasks` NULL or taken over. */
struct queue *queue_new_counting(const char *name, int maxsize, struct queue_tasks *tasks);

void queue_item_free(struct queue_item *item);

/* ---- joinable_queue.c ---- */

void queue_tasks_add(struct queue *queue); /* one more is open */

/* ---- queue_feeder.c ---- */

/*
 * Appends to the buffer, takes the item over; the put is told in the same moment, with its text. Starts the
 * feeder. 0 or -errno.
 */
int queue_feeder_give(struct queue *queue, struct queue_item *item, const struct message_text *text);

void queue_feeder_stop(struct queue *queue);              /* once the buffer is in the pipe */
void queue_feeder_join(struct queue *queue, bool inside); /* waits for that; `inside` an operation of its own or not */
void queue_feeder_cancel_join(struct queue *queue);
void queue_feeder_reset(struct queue *queue);             /* in a fresh child, or a fresh queue */

#endif
