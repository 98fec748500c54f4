/* SPDX-License-Identifier: MIT */
/*
 * A lock, and those who sleep until somebody who holds it notifies them: what Event and Barrier are
 * built on, made of four semaphores as multiprocessing.Condition is (CPython 3.11,
 * Lib/multiprocessing/synchronize.py). What follows from that is meant:
 *  - Who notifies waits, with the lock held, until each sleeper has said that it woke.
 *  - A sleeper that was killed never says so: then the notifier hangs, and everybody after it.
 *
 * Under the gate the same holds, but the handshake costs no steps: sleepers have tickets, a
 * notification lets all tickets so far go on, and the notifier hangs only when a sleeper is dead.
 *
 * Runs in: lesson. Not installed. May block: all but init and unlock.
 */
#ifndef LOCKSTEP_MP_SLEEPERS_H
#define LOCKSTEP_MP_SLEEPERS_H

#include <stdint.h>

#include "mp/semlock.h"

struct probe_intent;

enum { SLEEPERS_ACTORS = 4096 }; /* actors whose death is noticed under the gate */

/* Lies in memory from shared_new(). All but the semaphores is guarded by `lock`. */
struct sleepers {
	struct semlock lock;
	struct semlock sleeping; /* how many went to sleep since the last notification … */
	struct semlock woken;    /* … and how many of them woke, or gave up */
	struct semlock wait;     /* what they sleep on */

	/* Under the gate, instead of the three: */
	uint64_t tickets;  /* how many went to sleep so far */
	uint64_t notified; /* tickets below this one may go on */
	uint64_t asleep[SLEEPERS_ACTORS / 64]; /* by actor id */
};

void sleepers_init(struct sleepers *sleepers);

/* `intent`: the operation on whose behalf; its object is what the others are shown to wait on. */
void sleepers_lock(struct sleepers *sleepers, const struct probe_intent *intent);
void sleepers_unlock(struct sleepers *sleepers);

/*
 * Gives up the lock, sleeps until a notification or at most `seconds` (negative: for ever), and takes
 * the lock again. Tells intent->wait_kind. 0 or -ETIMEDOUT.
 */
int sleepers_sleep(struct sleepers *sleepers, const struct probe_intent *intent, double seconds);

/* With the lock held: wakes all who sleep now. */
void sleepers_notify_all(struct sleepers *sleepers, const struct probe_intent *intent);

#endif
