/* SPDX-License-Identifier: MIT */
/* Locks, event flags, barriers: who holds what, who waits, how many are awaited. */
#include <inttypes.h>

#include "world/meaning.h"

/* ---- locks ---- */

static void say_lock_waiters(struct telling *telling, const char *after)
{
	uint16_t names[NAMES_SHOWN];
	bool owned = telling->object->kind == OBJECT_RLOCK;
	size_t count = waiting_for(telling, owned ? EVENT_RLOCK_WAIT : EVENT_LOCK_WAIT, names);
	if (count == 0)
		return;
	begin_sentence(telling);
	say_names(telling, names, count);
	say_more(telling, count == 1 ? " waits for it%s" : " wait for it%s", after);
}

void mean_lock_wait(struct telling *telling)
{
	const struct world_object *lock = telling->object;
	const struct world_actor *holder = world_actor(telling->world, lock->holder);
	if (holder == NULL)
		say(telling, "%s waits for %s, which is free by now: it can take it.", telling->name, lock->name);
	else if (holder->state == ACTOR_EXITED)
		say(telling, "%s waits for %s. %s, which held it, has ended without releasing it.", telling->name,
		    lock->name, holder->name);
	else if (holder == telling->actor)
		say(telling, "%s waits for %s, which it holds itself: a Lock cannot be taken twice.", telling->name,
		    lock->name);
	else
		say(telling, "%s waits for %s: %s holds it, and %s can go on only when it is released.", telling->name,
		    lock->name, holder->name, telling->name);
}

void mean_lock_acquire(struct telling *telling)
{
	if (telling->failed) {
		say(telling, "%s did not get %s", telling->name, telling->thing);
		if (telling->object->holder != WORLD_NO_ACTOR)
			say_more(telling, ", which %s holds,", world_actor_name(telling->world, telling->object->holder));
		say_more(telling, " and goes on without it.");
		return;
	}
	say(telling, "%s holds %s now: whoever else wants it waits until %s releases it.", telling->name,
	    telling->thing, telling->name);
	say_lock_waiters(telling, ".");
}

void mean_lock_release(struct telling *telling)
{
	if (telling->failed) {
		say(telling, "%s was free already: to release it once more is an error.", telling->thing);
		return;
	}
	say(telling, "%s has released %s: it is free.", telling->name, telling->thing);
	say_lock_waiters(telling, ", and whoever comes first gets it: a Lock keeps no order.");
}

/* ---- locks with an owner ---- */

void mean_rlock_acquire(struct telling *telling)
{
	if (telling->failed || telling->event->value <= 1)
		mean_lock_acquire(telling);
	else
		say(telling, "%s has taken %s once more, as its owner may: it must release it %" PRId64 " times.",
		    telling->name, telling->thing, telling->event->value);
}

void mean_rlock_release(struct telling *telling)
{
	if (telling->failed)
		say(telling, "%s does not own %s: only its owner may release an RLock.", telling->name, telling->thing);
	else if (telling->event->value > 0)
		say(telling, "%s still holds %s, %" PRId64 " deep: it is free when that is 0.", telling->name,
		    telling->thing, telling->event->value);
	else
		mean_lock_release(telling);
}

/* ---- event flags ---- */

void mean_event_set(struct telling *telling)
{
	uint16_t names[NAMES_SHOWN];
	size_t count = waiting_for(telling, EVENT_EVENT_WAIT, names);
	say(telling, "%s has set %s: ", telling->name, telling->thing);
	if (count > 0) {
		say_names(telling, names, count);
		say_more(telling, count == 1 ? ", which waits for it, can go on." : ", who wait for it, can all go on.");
	} else {
		say_more(telling, "whoever waits for it from now on passes at once, until it is cleared.");
	}
}

void mean_event_clear(struct telling *telling)
{
	say(telling, "%s has cleared %s: whoever waits for it from now on waits for the next set.", telling->name,
	    telling->thing);
}

void mean_event_wait(struct telling *telling)
{
	say(telling, "%s waits until somebody sets %s.", telling->name, telling->thing);
}

void mean_event_pass(struct telling *telling)
{
	if (telling->failed)
		say(telling, "The time was up before anybody set %s: %s goes on all the same.", telling->thing,
		    telling->name);
	else
		say(telling, "%s is set, so %s goes on.", telling->thing, telling->name);
}

/* ---- barriers ---- */

void mean_barrier_wait(struct telling *telling)
{
	const struct world_object *barrier = telling->object;
	uint32_t missing = barrier->parameter > barrier->arrived ? barrier->parameter - barrier->arrived : 0;
	if (telling->event->value == 0) {
		say(telling, "%s has come to %s, which still lets the last round through: it waits to enter.",
		    telling->name, barrier->name);
	} else if (missing == 0) {
		say(telling, "%s is the last of %u to come to %s: it opens, and all go on.", telling->name,
		    barrier->parameter, barrier->name);
	} else {
		say(telling, "%s waits at %s: %u of %u are there, ", telling->name, barrier->name, barrier->arrived,
		    barrier->parameter);
		say_more(telling, "%u more %s awaited. Nobody passes before.", missing, missing == 1 ? "is" : "are");
	}
}

/* Those who were let go and have not gone on yet. */
static size_t let_go(const struct telling *telling, uint16_t names[NAMES_SHOWN])
{
	const struct world *world = telling->world;
	size_t count = 0;
	for (size_t id = 0; id < world->actor_count; id++) {
		const struct world_actor *actor = &world->actors[id];
		if (!actor->known || actor->state != ACTOR_WAITING || actor->object != telling->object->id ||
		    actor->since_event >= telling->object->turned)
			continue;
		if (count < NAMES_SHOWN)
			names[count] = (uint16_t)id;
		count++;
	}
	return count;
}

void mean_barrier_pass(struct telling *telling)
{
	uint16_t names[NAMES_SHOWN];
	if (telling->failed) {
		say(telling, "%s is broken: %s goes on with an error (BrokenBarrierError).", telling->thing, telling->name);
		return;
	}
	size_t count = let_go(telling, names);
	say(telling, "All %u have come to %s, and %s goes on.", telling->object->parameter, telling->thing,
	    telling->name);
	if (count > 0) {
		begin_sentence(telling);
		say_names(telling, names, count);
		say_more(telling, " may go on too.");
	}
}

/* One more and it opens: worth saying when that one is on its way. */
void say_barrier_nearly_full(struct telling *telling)
{
	for (size_t id = 0; id < telling->about_count; id++) {
		const struct about *about = about_of(telling, (unsigned int)id);
		const struct world_object *barrier = about != NULL ? world_object(telling->world, about->object) : NULL;
		if (barrier == NULL || barrier->kind != OBJECT_BARRIER || about->kind != EVENT_BARRIER_WAIT ||
		    !about->ready || barrier->broken || barrier->arrived + 1 != barrier->parameter)
			continue;
		say(telling, "%s is about to come to %s, as the last of %u: then all go on.",
		    world_actor_name(telling->world, (unsigned int)id), barrier->name, barrier->parameter);
		return;
	}
}

static void say_barrier_waiters(struct telling *telling)
{
	uint16_t names[NAMES_SHOWN];
	size_t count = waiting_for(telling, EVENT_BARRIER_WAIT, names);
	if (count == 0)
		return;
	begin_sentence(telling);
	say_names(telling, names, count);
	say_more(telling, count == 1 ? ", which waits there, gets an error." : ", who wait there, get an error.");
}

void mean_barrier_abort(struct telling *telling)
{
	say(telling, "%s has broken %s: nobody passes until it is reset.", telling->name, telling->thing);
	say_barrier_waiters(telling);
}

void mean_barrier_reset(struct telling *telling)
{
	say(telling, "%s has reset %s: it begins to count anew.", telling->name, telling->thing);
	say_barrier_waiters(telling);
}
