/* SPDX-License-Identifier: MIT */
/*
 * A lock, and those who sleep until somebody who holds it notifies them: what Condition, Event and
 * Barrier are built on, made of four semaphores as multiprocessing.Condition is (CPython 3.11,
 * Lib/multiprocessing/synchronize.py). What follows from that is meant:
 *  - Who notifies waits, with the lock held, until each sleeper has said that it woke.
 *  - A sleeper that was killed never says so: then the notifier hangs, and everybody after it.
 *
 * Under the gate the same holds, but the handshake costs no steps: sleepers have tickets, a
 * notification lets the oldest go on, and the notifier hangs only when a sleeper is dead.
 *
 * Runs in: lesson. Not installed. May block: lock, sleep, doze, wake, notify_all.
 */
#ifndef LOCKSTEP_MP_SLEEPERS_H
#define LOCKSTEP_MP_SLEEPERS_H

#include <stdint.h>

#include "mp/semlock.h"

struct probe_intent;

enum { SLEEPERS_ACTORS = 4096 }; /* actors whose death is noticed under the gate */

/* One that sleeps, under the gate. */
struct sleeper {
	uint64_t ticket;
	uint16_t channel; /* what it listens to, when sleepers are woken singly; kept for its next sleep */
};

/* Lies in memory from shared_new(). All but the semaphores is guarded by `lock`, or by a Condition's own. */
struct sleepers {
	struct semlock lock;
	struct semlock sleeping; /* how many went to sleep since the last notification … */
	struct semlock woken;    /* … and how many of them woke, or gave up */
	struct semlock wait;     /* what they sleep on */

	/* Under the gate, instead of the three: */
	uint64_t tickets;  /* how many went to sleep so far */
	uint64_t notified; /* tickets below this one may go on */
	uint64_t asleep[SLEEPERS_ACTORS / 64]; /* by actor id */
	uint16_t singly;   /* not 0: the object whose sleepers have channels of their own */
	struct sleeper sleeper[SLEEPERS_ACTORS]; /* by actor id */
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

/* ---- the same in parts, for a Condition, whose lock is somebody else's ---- */

/* At its birth: not all are woken at once, so that each must be woken for itself. */
void sleepers_wake_singly(struct sleepers *sleepers, uint16_t object);

uint64_t sleepers_lie_down(struct sleepers *sleepers); /* with the lock held, before it is given up: a ticket */

/* Without the lock: until notified, or -ETIMEDOUT. Tells intent->wait_kind. */
int sleepers_doze(struct sleepers *sleepers, uint64_t ticket, const struct probe_intent *intent, double seconds);

/*
 * With the lock held: how many sleepers there are to be woken, at most `most`; and to wake so many,
 * those who sleep longest, waiting (intent->wait_kind, with aux how many are awaited) until each has
 * said that it woke.
 */
unsigned int sleepers_pick(struct sleepers *sleepers, unsigned int most);
void sleepers_wake(struct sleepers *sleepers, unsigned int count, const struct probe_intent *intent);

#endif
