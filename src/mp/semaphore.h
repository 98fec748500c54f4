/* SPDX-License-Identifier: MIT */
/*
 * Semaphore and BoundedSemaphore: multiprocessing's (CPython 3.11, Lib/multiprocessing/synchronize.py):
 * a count that is taken down by one with each acquire, waiting while it is 0, and up by one with each
 * release. Anybody may release. A bounded one refuses to go above the count that it started with.
 *
 * Runs in: lesson. May block: semaphore_acquire*.
 */
#ifndef LOCKSTEP_MP_SEMAPHORE_H
#define LOCKSTEP_MP_SEMAPHORE_H

#include <stdbool.h>

struct semaphore;

/* Semaphore(value). A value below 0 or above SEM_VALUE_MAX fails as for OSError. */
struct semaphore *semaphore_new(const char *name, int value);

/* BoundedSemaphore(value): a Semaphore in all but its release. */
struct semaphore *bounded_semaphore_new(const char *name, int value);

void semaphore_acquire(struct semaphore *semaphore);
bool semaphore_try_acquire(struct semaphore *semaphore);                     /* acquire(block=False) */
bool semaphore_acquire_timeout(struct semaphore *semaphore, double seconds); /* false: the time was up; never early */
int semaphore_release(struct semaphore *semaphore); /* 0; -EPERM: bounded, and nobody has any ("released too many times") */
int semaphore_value(struct semaphore *semaphore);   /* get_value() */
void semaphore_free(struct semaphore *semaphore);

#endif
