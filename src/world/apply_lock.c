/* SPDX-License-Identifier: MIT */
/* Locks, event flags and barriers: what actors wait at for one another. */
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
