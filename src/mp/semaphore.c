/* SPDX-License-Identifier: MIT */
#include "mp/semaphore.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>

#include "mp/process.h"
#include "mp/semlock.h"
#include "mp/shared.h"
#include "probe/probe.h"

#define NOINLINE __attribute__((noinline))

/* In shared memory. */
struct semaphore {
	struct semlock semlock;
	int most; /* it refuses to go above */
	uint16_t object;
};

static struct semaphore *new(const char *name, int value, bool bounded, uint32_t place)
{
	if (value < 0)
		process_fail("OSError: a semaphore cannot start at %d", value);
	struct semaphore *semaphore = shared_new(sizeof *semaphore);
	semlock_init(&semaphore->semlock, (unsigned int)value);
	semaphore->most = bounded ? value : INT_MAX; /* SEM_VALUE_MAX */
	semaphore->object = probe_object_new(OBJECT_SEMAPHORE, name, value, bounded, 0, place);
	return semaphore;
}

struct semaphore *semaphore_new(const char *name, int value)
{
	return new(name, value, false, PROBE_HERE());
}

struct semaphore *bounded_semaphore_new(const char *name, int value)
{
	return new(name, value, true, PROBE_HERE());
}

void semaphore_free(struct semaphore *semaphore)
{
	shared_free(semaphore, sizeof *semaphore);
}

static void tell(const struct semaphore *semaphore, enum event_kind kind, int64_t value, unsigned int flags,
                 uint32_t place)
{
	if (probe_on())
		probe_event(kind, semaphore->object, value, 0, flags, place);
}

/* ---- taking ---- */

static NOINLINE bool acquire(struct semaphore *semaphore, double seconds, uint32_t place)
{
	struct probe_intent intent = {.kind = EVENT_SEMAPHORE_ACQUIRE, .wait_kind = EVENT_SEMAPHORE_WAIT,
	                              .object = semaphore->object, .place = place};
	bool got = semlock_down(&semaphore->semlock, &intent, seconds) == 0;
	if (got && semlock_count(&semaphore->semlock) == 0)
		probe_unwake(semaphore->object);
	tell(semaphore, EVENT_SEMAPHORE_ACQUIRE, 0, got ? 0 : EVENT_FAILED, place);
	return got;
}

/* What nobody watches and is to be had is taken at once. */
static inline bool take_quickly(struct semaphore *semaphore)
{
	return !probe_on() && semlock_try_down(&semaphore->semlock);
}

void semaphore_acquire(struct semaphore *semaphore)
{
	if (!take_quickly(semaphore))
		acquire(semaphore, -1, PROBE_HERE());
}

bool semaphore_try_acquire(struct semaphore *semaphore)
{
	return take_quickly(semaphore) || acquire(semaphore, 0, PROBE_HERE());
}

/* As in Python, a negative time is no time at all. */
bool semaphore_acquire_timeout(struct semaphore *semaphore, double seconds)
{
	return take_quickly(semaphore) || acquire(semaphore, seconds > 0 ? seconds : 0, PROBE_HERE());
}

/* ---- giving back ---- */

/*
 * As CPython's SemLock.release (Modules/_multiprocessing/semaphore.c): it looks at the count and then
 * posts; between two who release at once nothing guards.
 */
static int release(struct semaphore *semaphore)
{
	if (semlock_count(&semaphore->semlock) >= semaphore->most)
		return -EPERM;
	semlock_up(&semaphore->semlock);
	return 0;
}

/* Told before it is done: whoever takes it next has a later time stamp. */
static NOINLINE int release_watched(struct semaphore *semaphore, uint32_t place)
{
	probe_gate(&(struct probe_intent){.kind = EVENT_SEMAPHORE_RELEASE, .object = semaphore->object, .place = place});
	int count = semlock_count(&semaphore->semlock);
	bool refused = count >= semaphore->most;
	tell(semaphore, EVENT_SEMAPHORE_RELEASE, 0, refused ? EVENT_FAILED : 0, place);
	if (refused)
		return -EPERM;
	semlock_up(&semaphore->semlock);
	if (count == 0)
		probe_wake(semaphore->object);
	return 0;
}

int semaphore_release(struct semaphore *semaphore)
{
	return probe_on() ? release_watched(semaphore, PROBE_HERE()) : release(semaphore);
}

int semaphore_value(struct semaphore *semaphore)
{
	uint32_t place = PROBE_HERE();
	if (probe_on())
		probe_gate(&(struct probe_intent){.kind = EVENT_SEMAPHORE_VALUE, .object = semaphore->object,
		                                  .place = place});
	int count = semlock_count(&semaphore->semlock);
	tell(semaphore, EVENT_SEMAPHORE_VALUE, count, 0, place);
	return count;
}
