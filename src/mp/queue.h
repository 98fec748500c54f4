/* SPDX-License-Identifier: MIT */
/*
 * Queue: multiprocessing.Queue (CPython 3.11, Lib/multiprocessing/queues.py). put() takes a slot
 * (a bounded semaphore), appends to a buffer in the putting process, and a feeder thread, started
 * at that process's first put, writes to a pipe; get() takes the read lock, reads the pipe and gives
 * the slot back. So an item can be in three places: buffer, pipe, reader. empty() looks at
 * the pipe only: right after a put it is usually true. qsize() counts slots.
 *
 * A process that put items does not end before its feeder has written them; a reader killed
 * inside get keeps the read lock.
 *
 * Runs in: lesson. May block: put when full, get when empty, join_thread.
 */
#ifndef LOCKSTEP_MP_QUEUE_H
#define LOCKSTEP_MP_QUEUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct queue;

struct queue *queue_new(const char *name, int maxsize); /* maxsize <= 0: SEM_VALUE_MAX, as Python */

/*
 * Takes the reference to `item`. 0; -EINVAL: closed queue, or an item that cannot be passed (found out here,
 * where Python finds it out in the feeder); or why no feeder could be started.
 */
int queue_put(struct queue *queue, json_t *item);
/* seconds: 0 put_nowait; negative: for ever. -EAGAIN: Full (the item is released all the same). */
int queue_put_timeout(struct queue *queue, json_t *item, double seconds);
int queue_put_integer(struct queue *queue, int64_t number); /* the same as JSON numbers, without making one */
int queue_put_real(struct queue *queue, double number);

json_t *queue_get(struct queue *queue);                         /* a new reference */
json_t *queue_get_timeout(struct queue *queue, double seconds); /* NULL and errno EAGAIN: Empty; EINVAL: closed */
int queue_get_integer(struct queue *queue, int64_t *number);    /* 0; -EINVAL: the item (lost) was no integer */
int queue_get_real(struct queue *queue, double *number);        /* an integer is converted */

bool queue_empty(struct queue *queue);
bool queue_full(struct queue *queue);
int queue_qsize(struct queue *queue);

void queue_close(struct queue *queue);       /* this process puts no more */
int queue_join_thread(struct queue *queue);  /* after close: waits until the buffer is in the pipe; -EINVAL before */
void queue_cancel_join_thread(struct queue *queue); /* do not wait for the buffer at exit: it may be lost */
void queue_free(struct queue *queue);

#endif
