/* SPDX-License-Identifier: MIT */
/* Locks, event flags and barriers: what actors wait at for one another. */
#include <string.h>

#include "world/inside.h"

/* ---- locks ---- */

static void remember_overtaken(struct world_object *lock)
{
	const size_t most = sizeof lock->overtaken / sizeof lock->overtaken[0];
	if (lock->overtaken_count < most)
		lock->overtaken[lock->overtaken_count++] = lock->holder;
}

static bool forget_overtaken(struct world_object *lock, unsigned int actor)
{
	for (size_t i = 0; i < lock->overtaken_count; i++)
		if (lock->overtaken[i] == actor) {
			lock->overtaken[i] = lock->overtaken[--lock->overtaken_count];
			return true;
		}
	return false;
}

/* Who takes a lock that another holds has seen a release which is told after this: see world.h. */
void apply_lock_acquire(struct apply *apply)
{
	struct world_object *lock = apply->object;
	uint16_t actor = apply->event->actor;
	forget_overtaken(lock, actor);
	if (lock->holder != WORLD_NO_ACTOR && lock->holder != actor)
		remember_overtaken(lock);
	if (apply_waited(apply))
		lock->contended++;
	if (lock->last_holder != WORLD_NO_ACTOR && lock->last_holder != actor)
		lock->handovers++;
	lock->acquisitions++;
	lock->holder = lock->last_holder = actor;
}

/* A lock has no owner: anybody may release it. */
void apply_lock_release(struct apply *apply)
{
	if (!forget_overtaken(apply->object, apply->event->actor))
		apply->object->holder = WORLD_NO_ACTOR;
}

/* ---- locks with an owner ---- */

void apply_rlock_acquire(struct apply *apply)
{
	int64_t depth = apply->event->value;
	if (depth <= 1)
		apply_lock_acquire(apply);
	apply->object->depth = depth > 0 && depth < UINT32_MAX ? (uint32_t)depth : 1;
}

void apply_rlock_release(struct apply *apply)
{
	int64_t left = apply->event->value;
	if (left <= 0)
		apply_lock_release(apply);
	if (apply->object->holder == WORLD_NO_ACTOR)
		apply->object->depth = 0;
	else if (left > 0 && left < UINT32_MAX)
		apply->object->depth = (uint32_t)left;
}

/* ---- semaphores ---- */

static void drop_holder(struct world_object *semaphore, size_t at)
{
	semaphore->holder_count--;
	memmove(&semaphore->holders[at], &semaphore->holders[at + 1],
	        (semaphore->holder_count - at) * sizeof semaphore->holders[0]);
}

static void note_single_holder(struct world_object *semaphore)
{
	bool single = semaphore->start == 1 && semaphore->holder_count > 0;
	semaphore->holder = single ? semaphore->holders[semaphore->holder_count - 1] : WORLD_NO_ACTOR;
}

/* Of one that started at 0 nobody holds anything: what is taken there was a sign from somebody else. */
void apply_semaphore_acquire(struct apply *apply)
{
	struct world_object *semaphore = apply->object;
	semaphore->count--;
	semaphore->acquisitions++;
	if (apply_waited(apply))
		semaphore->contended++;
	if (semaphore->start > 0 && semaphore->holder_count < WORLD_HOLDERS)
		semaphore->holders[semaphore->holder_count++] = apply->event->actor;
	note_single_holder(semaphore);
}

/* Anybody may release: who holds none gives back what another took, the longest first. */
void apply_semaphore_release(struct apply *apply)
{
	struct world_object *semaphore = apply->object;
	size_t at = 0;
	while (at < semaphore->holder_count && semaphore->holders[at] != apply->event->actor)
		at++;
	semaphore->count++;
	if (semaphore->holder_count > 0)
		drop_holder(semaphore, at < semaphore->holder_count ? at : 0);
	note_single_holder(semaphore);
}

/* ---- conditions ---- */

/* The sleeper that lay down first after the event `after`, or HISTORY_NONE. */
static uint64_t next_sleeper(const struct apply *apply, uint64_t after)
{
	uint64_t next = HISTORY_NONE;
	for (size_t id = 0; id < apply->world->actor_count; id++) {
		const struct world_actor *actor = &apply->world->actors[id];
		if (actor->state == ACTOR_WAITING && actor->last_kind == EVENT_CONDITION_WAIT &&
		    actor->object == apply->object->id && actor->since_event > after && actor->since_event < next)
			next = actor->since_event;
	}
	return next;
}

/* Those who sleep longest are woken: exactly so under the gate, in a free run as the kernel most often does. */
void apply_condition_notify(struct apply *apply)
{
	struct world_object *condition = apply->object;
	condition->notifications++;
	for (uint32_t count = apply->event->aux; count > 0; count--) {
		uint64_t next = next_sleeper(apply, condition->woken);
		if (next == HISTORY_NONE)
			return;
		condition->woken = next;
	}
}

/* ---- event flags ---- */

void apply_event_set(struct apply *apply)
{
	apply->object->set = true;
}

void apply_event_clear(struct apply *apply)
{
	apply->object->set = false;
}

/* ---- barriers ---- */

/*
 * `turned` is the event with which the last generation ended: who has waited since before it has
 * been let go already.
 */
static bool let_go_already(const struct apply *apply)
{
	const struct world_object *barrier = apply->object;
	if (apply_waited(apply))
		return apply->actor->since_event < barrier->turned;
	return barrier->passes > 0 && barrier->passes < barrier->parameter;
}

/* A count of 0: it waits until the last generation has gone through, and does not count yet. */
void apply_barrier_wait(struct apply *apply)
{
	struct world_object *barrier = apply->object;
	int64_t count = apply->event->value;
	if (barrier->parameter == 0)
		barrier->parameter = apply->event->aux;
	if (count > barrier->parameter)
		count = barrier->parameter;
	if (count > 0)
		barrier->arrived = (uint32_t)count;
}

void apply_barrier_pass(struct apply *apply)
{
	struct world_object *barrier = apply->object;
	bool already = let_go_already(apply);
	if ((apply->event->flags & EVENT_FAILED) != 0) {
		if (!already)
			barrier->broken = true;
		if (!already && barrier->arrived > 0 && apply_waited(apply))
			barrier->arrived--;
		return;
	}
	if (!already) {
		barrier->generation++;
		barrier->arrived = 0;
		barrier->passes = 0;
		barrier->turned = apply->index;
	}
	barrier->passes++;
}

void apply_barrier_abort(struct apply *apply)
{
	apply->object->broken = true;
}

void apply_barrier_reset(struct apply *apply)
{
	apply->object->broken = false;
	apply->object->arrived = 0;
	apply->object->passes = 0;
	apply->object->turned = apply->index;
}
