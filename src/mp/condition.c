/* SPDX-License-Identifier: MIT */
#include "mp/condition.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>

#include "mp/lock_internal.h"
#include "mp/rlock_internal.h"
#include "mp/shared.h"
#include "mp/sleepers.h"
#include "probe/probe.h"

/* In shared memory. One of the locks is NULL; both are where they were when the processes forked. */
struct condition {
	struct sleepers sleepers; /* guarded by the condition's lock, not by their own */
	struct lock *lock;
	struct rlock *rlock;
	bool own; /* the RLock was made with it */
	uint16_t object;
};

/* ---- its lock ---- */

/* Whose a Lock is nobody knows; it can only be seen to be locked. */
static bool is_locked(const struct condition *condition)
{
	if (condition->rlock != NULL)
		return rlock_is_mine(condition->rlock);
	return semlock_count(&condition->lock->semlock) == 0;
}

static unsigned int let_go(struct condition *condition, uint32_t place)
{
	if (condition->rlock != NULL)
		return rlock_let_go(condition->rlock, place);
	lock_let_go(condition->lock, place);
	return 1;
}

static void take_back(struct condition *condition, unsigned int depth, uint32_t place)
{
	if (condition->rlock != NULL)
		rlock_take_back(condition->rlock, depth, place);
	else
		lock_take_back(condition->lock, place);
}

void condition_acquire(struct condition *condition)
{
	PROBE_CALL();
	if (condition->rlock != NULL)
		rlock_acquire(condition->rlock);
	else
		lock_acquire(condition->lock);
}

int condition_release(struct condition *condition)
{
	PROBE_CALL();
	return condition->rlock != NULL ? rlock_release(condition->rlock) : lock_release(condition->lock);
}

/* ---- made and forgotten ---- */

static struct condition *new(const char *name, struct lock *lock, struct rlock *rlock, uint32_t place)
{
	struct condition *condition = shared_new(sizeof *condition);
	sleepers_init(&condition->sleepers);
	condition->lock = lock;
	condition->rlock = rlock;
	uint16_t object = lock != NULL ? lock_object(lock) : rlock_object(rlock);
	condition->object = probe_object_new(OBJECT_CONDITION, name, 0, object, 0, place);
	sleepers_wake_singly(&condition->sleepers, condition->object);
	return condition;
}

struct condition *condition_new(const char *name)
{
	char lock[64];
	snprintf(lock, sizeof lock, "%s.lock", name != NULL ? name : "condition");
	struct condition *condition = new(name, NULL, rlock_new_at(lock, PROBE_HERE()), PROBE_HERE());
	condition->own = true;
	return condition;
}

struct condition *condition_new_with_lock(const char *name, struct lock *lock)
{
	return new(name, lock, NULL, PROBE_HERE());
}

struct condition *condition_new_with_rlock(const char *name, struct rlock *rlock)
{
	return new(name, NULL, rlock, PROBE_HERE());
}

void condition_free(struct condition *condition)
{
	if (condition->own)
		rlock_free(condition->rlock);
	shared_free(condition, sizeof *condition);
}

/* ---- sleeping ---- */

static void tell(const struct probe_intent *intent, unsigned int flags)
{
	if (probe_on())
		probe_event(intent->kind, intent->object, intent->value, intent->aux, flags, intent->place);
}

/*
 * Two operations: to give up the lock and lie down; and, once notified or when the time is up, to get up
 * and take the lock again, which may have to wait once more.
 */
static int wait(struct condition *condition, double seconds, uint32_t place)
{
	struct probe_intent intent = {.kind = EVENT_CONDITION_WAIT, .object = condition->object, .place = place};
	if (!is_locked(condition))
		return -EPERM;
	if (probe_on())
		probe_gate(&intent);
	uint64_t ticket = sleepers_lie_down(&condition->sleepers);
	unsigned int depth = let_go(condition, place);
	intent.kind = EVENT_CONDITION_WOKEN;
	intent.wait_kind = EVENT_CONDITION_WAIT;
	int error = sleepers_doze(&condition->sleepers, ticket, &intent, seconds);
	tell(&intent, error == 0 ? 0 : EVENT_FAILED);
	take_back(condition, depth, place);
	return error;
}

int condition_wait(struct condition *condition)
{
	return wait(condition, -1, PROBE_HERE());
}

int condition_wait_timeout(struct condition *condition, double seconds)
{
	return wait(condition, seconds > 0 ? seconds : 0, PROBE_HERE());
}

static bool holds(bool (*predicate)(void *), void *argument)
{
	uint32_t place = probe_enter_lesson();
	bool result = predicate(argument);
	probe_leave_lesson(place);
	return result;
}

int condition_wait_for(struct condition *condition, bool (*predicate)(void *argument), void *argument)
{
	uint32_t place = PROBE_HERE();
	int error = 0;
	while (error == 0 && !holds(predicate, argument))
		error = wait(condition, -1, place);
	return error;
}

int condition_wait_for_timeout(struct condition *condition, bool (*predicate)(void *argument), void *argument,
                               double seconds)
{
	uint32_t place = PROBE_HERE();
	double end = probe_now() + seconds;
	while (!holds(predicate, argument)) {
		double left = end - probe_now();
		if (left <= 0)
			return -ETIMEDOUT;
		if (wait(condition, left, place) == -EPERM)
			return -EPERM;
	}
	return 0;
}

/* ---- waking ---- */

static int notify(struct condition *condition, unsigned int count, uint32_t place)
{
	struct probe_intent intent = {.kind = EVENT_CONDITION_NOTIFY, .object = condition->object,
	                              .value = count == UINT_MAX ? -1 : (int64_t)count, .place = place};
	if (!is_locked(condition))
		return -EPERM;
	if (probe_on())
		probe_gate(&intent);
	intent.aux = sleepers_pick(&condition->sleepers, count);
	tell(&intent, 0);
	intent.wait_kind = EVENT_CONDITION_NOTIFY_WAIT;
	sleepers_wake(&condition->sleepers, intent.aux, &intent);
	return 0;
}

int condition_notify(struct condition *condition, unsigned int count)
{
	return notify(condition, count, PROBE_HERE());
}

int condition_notify_all(struct condition *condition)
{
	return notify(condition, UINT_MAX, PROBE_HERE());
}
