/* SPDX-License-Identifier: MIT */
#include "mp/lock.h"

#include <errno.h>

#include "mp/lock_internal.h"
#include "mp/shared.h"
#include "probe/probe.h"

#define NOINLINE __attribute__((noinline))

/* ---- what carries it ---- */

void lock_init(struct lock *lock)
{
	semlock_init(&lock->semlock, 1);
	atomic_init(&lock->object, 0);
	atomic_init(&lock->holder, LOCK_NOBODY);
}

void lock_introduce(struct lock *lock, const char *name, uint32_t place)
{
	if (!probe_on() || atomic_load_explicit(&lock->object, memory_order_acquire) != 0)
		return;
	/* Of two processes that both find it unknown, in a free run, one names it; the other's object stays unused. */
	uint16_t unknown = 0;
	atomic_compare_exchange_strong(&lock->object, &unknown, probe_object_new(OBJECT_LOCK, name, 0, 0, 0, place));
}

struct lock *lock_new(const char *name)
{
	struct lock *lock = shared_new(sizeof *lock);
	lock_init(lock);
	lock_introduce(lock, name, PROBE_HERE());
	return lock;
}

void lock_free(struct lock *lock)
{
	shared_free(lock, sizeof *lock);
}

/* ---- taking ---- */

static struct probe_intent taking(const struct lock *lock, uint32_t place)
{
	return (struct probe_intent){.kind = EVENT_LOCK_ACQUIRE, .wait_kind = EVENT_LOCK_WAIT,
	                             .object = lock_object(lock), .place = place};
}

static NOINLINE bool acquire_slowly(struct lock *lock, double seconds, uint32_t place)
{
	struct probe_intent intent = taking(lock, place);
	return semlock_down(&lock->semlock, &intent, seconds) == 0;
}

static void note_holder(struct lock *lock)
{
	atomic_store_explicit(&lock->holder, probe_self.actor, memory_order_relaxed);
	if (probe.gated)
		probe_unwake(lock_object(lock));
}

static NOINLINE bool acquire_watched(struct lock *lock, double seconds, uint32_t place)
{
	bool got = (!probe_gate_shut() && semlock_try_down(&lock->semlock)) ||
	           acquire_slowly(lock, seconds, place);
	if (got)
		note_holder(lock);
	probe_event(EVENT_LOCK_ACQUIRE, lock_object(lock), 0, 0, got ? 0 : EVENT_FAILED, place);
	return got;
}

void lock_acquire(struct lock *lock)
{
	if (probe_on())
		acquire_watched(lock, -1, PROBE_HERE());
	else if (!semlock_try_down(&lock->semlock))
		acquire_slowly(lock, -1, 0);
}

bool lock_try_acquire(struct lock *lock)
{
	if (probe_on())
		return acquire_watched(lock, 0, PROBE_HERE());
	return semlock_try_down(&lock->semlock);
}

/* As in Python, a negative time is no time at all. */
bool lock_acquire_timeout(struct lock *lock, double seconds)
{
	if (seconds < 0)
		seconds = 0;
	if (probe_on())
		return acquire_watched(lock, seconds, PROBE_HERE());
	return semlock_try_down(&lock->semlock) || acquire_slowly(lock, seconds, 0);
}

void lock_take_back(struct lock *lock, uint32_t place)
{
	struct probe_intent intent = taking(lock, place);
	semlock_down_inside(&lock->semlock, &intent, -1);
	if (!probe_on())
		return;
	note_holder(lock);
	probe_event(EVENT_LOCK_ACQUIRE, lock_object(lock), 0, 0, 0, place);
}

/* ---- giving back ---- */

/*
 * As CPython's SemLock.release (Modules/_multiprocessing/semaphore.c): it looks whether the lock is
 * free and then posts; between two who release at once nothing guards.
 */
static int release(struct lock *lock)
{
	if (semlock_count(&lock->semlock) > 0)
		return -EPERM;
	semlock_up(&lock->semlock);
	return 0;
}

/* Told before it is done: whoever takes it next has a later time stamp. */
static int release_now(struct lock *lock, uint32_t place)
{
	uint16_t object = lock_object(lock);
	bool held = semlock_count(&lock->semlock) == 0;
	probe_event(EVENT_LOCK_RELEASE, object, 0, 0, held ? 0 : EVENT_FAILED, place);
	if (!held)
		return -EPERM;
	atomic_store_explicit(&lock->holder, LOCK_NOBODY, memory_order_relaxed);
	semlock_up(&lock->semlock);
	probe_wake(object);
	return 0;
}

static NOINLINE int release_watched(struct lock *lock, uint32_t place)
{
	if (probe_gate_shut())
		probe_gate_slow(&(struct probe_intent){.kind = EVENT_LOCK_RELEASE, .object = lock_object(lock),
		                                       .place = place});
	return release_now(lock, place);
}

int lock_release(struct lock *lock)
{
	return probe_on() ? release_watched(lock, PROBE_HERE()) : release(lock);
}

void lock_let_go(struct lock *lock, uint32_t place)
{
	if (probe_on())
		release_now(lock, place);
	else
		release(lock);
}
