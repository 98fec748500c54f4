/* SPDX-License-Identifier: MIT */
/*
 * What a lock is, for those who carry one inside (value.c, condition.c).
 *
 * Runs in: lesson. Not installed.
 */
#ifndef LOCKSTEP_MP_LOCK_INTERNAL_H
#define LOCKSTEP_MP_LOCK_INTERNAL_H

#include <stdatomic.h>
#include <stdint.h>

#include "mp/lock.h"
#include "mp/semlock.h"
#include "probe/probe.h"

/* Lies in memory from shared_new(). */
struct lock {
	struct semlock semlock;
	_Atomic uint16_t object;
	/* Watched: the actor that took it, LOCK_NOBODY when free. A note for the screen; a lock has no owner. */
	_Atomic uint16_t holder;
};

enum { LOCK_NOBODY = UINT16_MAX };

void lock_init(struct lock *lock); /* free, and known to nobody */

/* Makes it an object of the run, unless it is one: a value's lock is one once somebody asks for it. */
void lock_introduce(struct lock *lock, const char *name, uint32_t place);

/* Whether the calling actor is the one that took it (watched). */
static inline bool lock_held_here(const struct lock *lock)
{
	return atomic_load_explicit(&lock->holder, memory_order_relaxed) == probe_self.actor;
}

static inline uint16_t lock_object(const struct lock *lock)
{
	return atomic_load_explicit(&lock->object, memory_order_relaxed);
}

/* For Condition, inside an operation that has passed the gate. May block: lock_take_back. */
void lock_let_go(struct lock *lock, uint32_t place);
void lock_take_back(struct lock *lock, uint32_t place);

#endif
