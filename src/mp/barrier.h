/* SPDX-License-Identifier: MIT */
/*
 * Barrier: multiprocessing.Barrier (CPython 3.11, threading.Barrier over shared state): filling,
 * draining, resetting, broken. A process killed while it waits is still counted: the others wait
 * until the barrier is aborted or times out.
 *
 * Runs in: lesson. May block: barrier_wait*.
 */
#ifndef LOCKSTEP_MP_BARRIER_H
#define LOCKSTEP_MP_BARRIER_H

#include <stdbool.h>

struct barrier;

/* `action` (NULL: none) runs in one of the parties, once, when all have come and before any goes on. */
struct barrier *barrier_new(const char *name, int parties, void (*action)(void *argument), void *argument);

/* The index 0 … parties-1 (exactly one party gets 0), or -ECANCELED: BrokenBarrierError. */
int barrier_wait(struct barrier *barrier);
int barrier_wait_timeout(struct barrier *barrier, double seconds); /* time up breaks it for all */

void barrier_abort(struct barrier *barrier); /* broken until it is reset */
void barrier_reset(struct barrier *barrier); /* those who wait get -ECANCELED */
bool barrier_broken(struct barrier *barrier);
int barrier_parties(const struct barrier *barrier);
int barrier_waiting(struct barrier *barrier); /* n_waiting */
void barrier_free(struct barrier *barrier);

#endif
