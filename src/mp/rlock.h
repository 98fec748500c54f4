/* SPDX-License-Identifier: MIT */
/*
 * RLock: multiprocessing.RLock (CPython 3.11, Lib/multiprocessing/synchronize.py): a lock with an
 * owner, a thread of some process, which may take it again. It is free when the owner has released
 * it as often. If its owner is killed it stays locked for ever.
 *
 * Who owns it is known to each process for itself, as in CPython: a child does not own what its
 * parent held when it forked.
 *
 * Runs in: lesson. May block: rlock_acquire*.
 */
#ifndef LOCKSTEP_MP_RLOCK_H
#define LOCKSTEP_MP_RLOCK_H

#include <stdbool.h>

struct rlock;

struct rlock *rlock_new(const char *name);
void rlock_acquire(struct rlock *rlock);
bool rlock_try_acquire(struct rlock *rlock);                     /* acquire(block=False) */
bool rlock_acquire_timeout(struct rlock *rlock, double seconds); /* false: the time was up; never early */
int rlock_release(struct rlock *rlock); /* 0; -EPERM: the caller is not its owner (AssertionError) */
void rlock_free(struct rlock *rlock);

#endif
