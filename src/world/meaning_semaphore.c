/* SPDX-License-Identifier: MIT */
/* Semaphores and conditions: how many are left, who sleeps until notified. */
#include <inttypes.h>

#include "world/meaning.h"

/* ---- semaphores ---- */

static void say_holders(struct telling *telling)
{
	const struct world_object *semaphore = telling->object;
	if (semaphore->holder_count == 0)
		return;
	begin_sentence(telling);
	say_names(telling, semaphore->holders, semaphore->holder_count);
	say_more(telling, semaphore->holder_count == 1 ? " has taken one." : " have taken one each.");
}

void mean_semaphore_wait(struct telling *telling)
{
	if (telling->object->count > 0)
		say(telling, "%s waits for %s, which has one by now: it can take it.", telling->name, telling->thing);
	else
		say(telling, "%s waits for %s: its count is 0, and somebody must give one back first.", telling->name,
		    telling->thing);
	say_holders(telling);
}

void mean_semaphore_acquire(struct telling *telling)
{
	int64_t left = telling->object->count > 0 ? telling->object->count : 0;
	if (telling->failed)
		say(telling, "%s had none left for %s, which goes on without.", telling->thing, telling->name);
	else if (left > 0)
		say(telling, "%s has taken one of %s: %" PRId64 " left for others.", telling->name, telling->thing, left);
	else
		say(telling, "%s has taken the last of %s: whoever wants one now waits.", telling->name, telling->thing);
}

void mean_semaphore_release(struct telling *telling)
{
	uint16_t names[NAMES_SHOWN];
	if (telling->failed) {
		say(telling, "%s is at the count it started with, %" PRId64 ", and is bounded by that: to give back one "
		             "more is an error.", telling->thing, telling->object->start);
		return;
	}
	say(telling, "%s has given one back to %s: its count is %" PRId64 ".", telling->name, telling->thing,
	    telling->object->count);
	if (telling->object->start > 0 && telling->object->count > telling->object->start)
		say(telling, "That is above the %" PRId64 " it started with: so many more than meant can be inside at once.",
		    telling->object->start);
	size_t count = waiting_for(telling, EVENT_SEMAPHORE_WAIT, names);
	if (count == 0)
		return;
	begin_sentence(telling);
	say_names(telling, names, count);
	say_more(telling, count == 1 ? " waits for it." : " wait for it, and whoever comes first gets it.");
}

/* ---- conditions ---- */

void mean_condition_wait(struct telling *telling)
{
	say(telling, "%s has given up %s and sleeps on %s, until somebody notifies it.", telling->name,
	    world_object_name(telling->world, telling->object->parameter), telling->thing);
}

void mean_condition_woken(struct telling *telling)
{
	if (telling->failed)
		say(telling, "The time was up before anybody notified %s: %s needs the lock again to go on.",
		    telling->thing, telling->name);
	else
		say(telling, "%s was notified and is awake: it needs the lock again, and what it waited for may have changed "
		             "meanwhile.", telling->name);
}

void mean_condition_notify(struct telling *telling)
{
	uint32_t woken = telling->event->aux;
	uint16_t names[NAMES_SHOWN];
	if (woken == 0) {
		say(telling, "Nobody sleeps on %s: this notification is lost. Who comes to sleep later does not hear of it.",
		    telling->thing);
		return;
	}
	say(telling, "%s has notified %s: %u of those who sleep there will wake, one by one, as the lock gets free.",
	    telling->name, telling->thing, woken);
	size_t count = world_sleepers(telling->world, telling->object->id, names, NAMES_SHOWN);
	if (count == 0)
		return;
	begin_sentence(telling);
	say_names(telling, names, count);
	say_more(telling, count == 1 ? " sleeps on." : " sleep on.");
}

void mean_condition_notify_wait(struct telling *telling)
{
	say(telling, "%s waits until those whom it woke have said so: %u of them %s still to. One that was killed in its "
	             "sleep never will.", telling->name, telling->event->aux, telling->event->aux == 1 ? "has" : "have");
}
