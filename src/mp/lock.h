/* SPDX-License-Identifier: MIT */
/*
 * Lock: multiprocessing.Lock (CPython 3.11, Lib/multiprocessing/synchronize.py): a POSIX semaphore
 * of 1, see sem_overview(7). It has no owner: any process may release it, and if its holder is
 * killed it stays locked for ever. It is not fair.
 *
 * Runs in: lesson. May block: lock_acquire*.
 */
#ifndef LOCKSTEP_MP_LOCK_H
#define LOCKSTEP_MP_LOCK_H

#include <stdbool.h>

struct lock;

struct lock *lock_new(const char *name);
void lock_acquire(struct lock *lock);
bool lock_try_acquire(struct lock *lock);                     /* acquire(block=False) */
bool lock_acquire_timeout(struct lock *lock, double seconds); /* false: the time was up; never early */
int lock_release(struct lock *lock); /* 0; -EPERM: it was free ("released too many times") */
void lock_free(struct lock *lock);

#endif
