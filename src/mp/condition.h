/* SPDX-License-Identifier: MIT */
/*
 * Condition: multiprocessing.Condition (CPython 3.11, Lib/multiprocessing/synchronize.py): a lock, and
 * those who gave it up to sleep until somebody who holds it notifies them. A notification that finds
 * nobody asleep is lost. Who notifies waits until each sleeper that it wakes has said so: a sleeper that
 * was killed never does, and then notify_all hangs.
 *
 *     condition_acquire(filled);
 *     while (!there_is_something())
 *         condition_wait(filled);
 *     …
 *     condition_release(filled);
 *
 * Runs in: lesson. May block: condition_acquire, condition_wait*, condition_notify*.
 */
#ifndef LOCKSTEP_MP_CONDITION_H
#define LOCKSTEP_MP_CONDITION_H

#include <stdbool.h>

#include "mp/lock.h"
#include "mp/rlock.h"

struct condition;

struct condition *condition_new(const char *name);                              /* with an RLock of its own */
struct condition *condition_new_with_lock(const char *name, struct lock *lock); /* Condition(lock); borrowed */
struct condition *condition_new_with_rlock(const char *name, struct rlock *rlock);
void condition_free(struct condition *condition);

void condition_acquire(struct condition *condition); /* its lock */
int condition_release(struct condition *condition);  /* as lock_release or rlock_release */

/*
 * With the lock held, else -EPERM. An RLock is given up and taken again as deep as it was. 0: notified;
 * -ETIMEDOUT. The lock is held again when they return, and that may last beyond the time.
 */
int condition_wait(struct condition *condition);
int condition_wait_timeout(struct condition *condition, double seconds);

/* wait_for(): sleeps as often as it takes until the predicate is true. 0; -ETIMEDOUT: it is false and the time is up. */
int condition_wait_for(struct condition *condition, bool (*predicate)(void *argument), void *argument);
int condition_wait_for_timeout(struct condition *condition, bool (*predicate)(void *argument), void *argument,
                               double seconds);

/* With the lock held, else -EPERM. Wakes at most `count`, those who sleep longest. */
int condition_notify(struct condition *condition, unsigned int count);
int condition_notify_all(struct condition *condition);

#endif
