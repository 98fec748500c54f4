/* SPDX-License-Identifier: MIT */
#include "mp/rlock.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "mp/finalize.h"
#include "mp/rlock_internal.h"
#include "mp/semlock.h"
#include "mp/shared.h"
#include "probe/probe.h"

#define NOINLINE __attribute__((noinline))

/* Lies in the memory of each process for itself; children get a copy. */
struct rlock {
	struct semlock *semlock; /* in shared memory */
	_Atomic pthread_t owner; /* the thread of this process that has it, NOBODY when none has */
	unsigned int depth;      /* the owner's */
	uint16_t object;
};

#define NOBODY ((pthread_t)0)

/* In a fresh child: whoever owned it was a thread of the parent. */
static void disown(void *argument)
{
	struct rlock *rlock = argument;
	atomic_store_explicit(&rlock->owner, NOBODY, memory_order_relaxed);
	rlock->depth = 0;
}

struct rlock *rlock_new_at(const char *name, uint32_t place)
{
	struct rlock *rlock = memory_new(sizeof *rlock);
	rlock->semlock = shared_new(sizeof *rlock->semlock);
	semlock_init(rlock->semlock, 1);
	rlock->object = probe_object_new(OBJECT_RLOCK, name, 0, 0, 0, place);
	after_fork_register(disown, rlock);
	return rlock;
}

struct rlock *rlock_new(const char *name)
{
	return rlock_new_at(name, PROBE_HERE());
}

void rlock_free(struct rlock *rlock)
{
	after_fork_cancel(disown, rlock);
	shared_free(rlock->semlock, sizeof *rlock->semlock);
	free(rlock);
}

uint16_t rlock_object(const struct rlock *rlock)
{
	return rlock->object;
}

/* Another thread may be changing it, but never from or to ourselves. */
bool rlock_is_mine(const struct rlock *rlock)
{
	return atomic_load_explicit(&rlock->owner, memory_order_relaxed) == pthread_self();
}

/* ---- taking ---- */

static void own(struct rlock *rlock, unsigned int depth)
{
	rlock->depth = depth;
	atomic_store_explicit(&rlock->owner, pthread_self(), memory_order_relaxed);
	probe_unwake(rlock->object);
}

static struct probe_intent taking(const struct rlock *rlock, unsigned int depth, uint32_t place)
{
	return (struct probe_intent){.kind = EVENT_RLOCK_ACQUIRE, .wait_kind = EVENT_RLOCK_WAIT,
	                             .object = rlock->object, .value = depth, .place = place};
}

static void tell(const struct rlock *rlock, enum event_kind kind, unsigned int depth, unsigned int flags, uint32_t place)
{
	if (probe_on())
		probe_event(kind, rlock->object, depth, 0, flags, place);
}

static NOINLINE bool acquire(struct rlock *rlock, double seconds, uint32_t place)
{
	bool again = rlock_is_mine(rlock);
	struct probe_intent intent = taking(rlock, again ? rlock->depth + 1 : 1, place);
	bool got = true;
	if (again) {
		if (probe_on())
			probe_gate(&intent);
		rlock->depth++;
	} else {
		got = semlock_down(rlock->semlock, &intent, seconds) == 0;
		if (got)
			own(rlock, 1);
	}
	tell(rlock, EVENT_RLOCK_ACQUIRE, got ? rlock->depth : 0, got ? 0 : EVENT_FAILED, place);
	return got;
}

/* What nobody watches and is to be had is taken at once. */
static inline bool take_quickly(struct rlock *rlock)
{
	if (probe_on())
		return false;
	if (rlock_is_mine(rlock)) {
		rlock->depth++;
		return true;
	}
	bool got = semlock_try_down(rlock->semlock);
	if (got)
		own(rlock, 1);
	return got;
}

void rlock_acquire(struct rlock *rlock)
{
	if (!take_quickly(rlock))
		acquire(rlock, -1, PROBE_HERE());
}

bool rlock_try_acquire(struct rlock *rlock)
{
	return take_quickly(rlock) || acquire(rlock, 0, PROBE_HERE());
}

/* As in Python, a negative time is no time at all. */
bool rlock_acquire_timeout(struct rlock *rlock, double seconds)
{
	return take_quickly(rlock) || acquire(rlock, seconds > 0 ? seconds : 0, PROBE_HERE());
}

void rlock_take_back(struct rlock *rlock, unsigned int depth, uint32_t place)
{
	struct probe_intent intent = taking(rlock, depth, place);
	semlock_down_inside(rlock->semlock, &intent, -1);
	own(rlock, depth);
	tell(rlock, EVENT_RLOCK_ACQUIRE, depth, 0, place);
}

/* ---- giving back ---- */

/* Told before it is done: whoever takes it next has a later time stamp. */
static void release(struct rlock *rlock, unsigned int left, uint32_t place)
{
	tell(rlock, EVENT_RLOCK_RELEASE, left, 0, place);
	rlock->depth = left;
	if (left > 0)
		return;
	atomic_store_explicit(&rlock->owner, NOBODY, memory_order_relaxed);
	semlock_up(rlock->semlock);
	probe_wake(rlock->object);
}

static NOINLINE int release_watched(struct rlock *rlock, uint32_t place)
{
	bool mine = rlock_is_mine(rlock);
	unsigned int left = mine ? rlock->depth - 1 : 0;
	probe_gate(&(struct probe_intent){.kind = EVENT_RLOCK_RELEASE, .object = rlock->object, .value = left,
	                                  .place = place});
	if (mine)
		release(rlock, left, place);
	else
		tell(rlock, EVENT_RLOCK_RELEASE, 0, EVENT_FAILED, place);
	return mine ? 0 : -EPERM;
}

int rlock_release(struct rlock *rlock)
{
	if (probe_on())
		return release_watched(rlock, PROBE_HERE());
	if (!rlock_is_mine(rlock))
		return -EPERM;
	release(rlock, rlock->depth - 1, 0);
	return 0;
}

unsigned int rlock_let_go(struct rlock *rlock, uint32_t place)
{
	unsigned int depth = rlock->depth;
	release(rlock, 0, place);
	return depth;
}
