/* SPDX-License-Identifier: MIT */
/*
 * SimpleQueue: multiprocessing.SimpleQueue (CPython 3.11, Lib/multiprocessing/queues.py:336): a pipe
 * with a lock at either end, and nothing else. No buffer, no feeder thread, no slots: put() itself
 * writes to the pipe, and waits when that is full; empty() is exact. There are no time-outs.
 *
 * A reader or writer that is killed inside get or put keeps its lock: all later ones wait for ever.
 *
 * Runs in: lesson. Owns: its copies of the pipe's ends. May block: put when the pipe is full, get when it is empty.
 */
#ifndef LOCKSTEP_MP_SIMPLE_QUEUE_H
#define LOCKSTEP_MP_SIMPLE_QUEUE_H

#include <jansson.h>
#include <stdbool.h>

struct simple_queue;

struct simple_queue *simple_queue_new(const char *name);

/* Takes the reference to `item`. 0; -EINVAL: it cannot be passed; -EBADF: closed; -EPIPE: nobody can get any more. */
int simple_queue_put(struct simple_queue *queue, json_t *item);

/* A new reference. NULL and errno EBADF: closed; ENODATA: nobody can put any more; EINVAL: the item (lost) was no value. */
json_t *simple_queue_get(struct simple_queue *queue);

bool simple_queue_empty(struct simple_queue *queue); /* of a closed one: true */

void simple_queue_close(struct simple_queue *queue); /* this process's copies of both ends; again: nothing */
void simple_queue_free(struct simple_queue *queue);  /* closes; NULL is allowed */

#endif
