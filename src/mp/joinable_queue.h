/* SPDX-License-Identifier: MIT */
/*
 * JoinableQueue: multiprocessing.JoinableQueue (CPython 3.11, Lib/multiprocessing/queues.py:294). A
 * Queue in all that queue.h says, which counts besides how many of its items have not been said to be
 * done: each put adds one, each task_done takes one away, and join waits until none is left.
 *
 * What is counted is put, not got: join also waits for items that still lie in a buffer.
 *
 * Runs in: lesson. May block: join.
 */
#ifndef LOCKSTEP_MP_JOINABLE_QUEUE_H
#define LOCKSTEP_MP_JOINABLE_QUEUE_H

#include "mp/queue.h"

struct queue *joinable_queue_new(const char *name, int maxsize); /* for all of queue.h, queue_free() too */

int joinable_queue_task_done(struct queue *queue); /* 0; -EINVAL: called too many times, or on a plain queue */
int joinable_queue_join(struct queue *queue);      /* 0; -EINVAL: on a plain queue */

#endif
