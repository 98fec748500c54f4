/* SPDX-License-Identifier: MIT */
/* Managers: what is shared lies in the server alone, and each look at it is a round trip. */
#include "world/meaning.h"

/* What is asked: the dict, list or namespace, or the manager itself. */
static const char *asked(const struct telling *telling)
{
	return telling->event->aux != 0 ? world_object_name(telling->world, telling->event->aux) : telling->thing;
}

static void say_queue(struct telling *telling)
{
	size_t count = telling->object->requests.count;
	if (count < 2)
		return;
	begin_sentence(telling);
	add_count(telling->out, count, "request waits", "requests wait");
	say_more(telling, " to be served, one after the other.");
}

void mean_manager_call(struct telling *telling)
{
	if (telling->failed) {
		say(telling, "%s cannot reach the server of %s: it is gone.", telling->name, telling->thing);
		return;
	}
	say(telling, "%s has sent a request to the server of %s: ", telling->name, telling->thing);
	say_message(telling, "to do something");
	say_more(telling, ", on %s.", asked(telling));
	say(telling, "Nothing has been done yet: what is shared lies in the server, not here.");
	say_queue(telling);
}

void mean_manager_wait(struct telling *telling)
{
	say(telling, "%s waits for the answer: a round trip to another process, for every single access.", telling->name);
	say_queue(telling);
}

void mean_manager_serve(struct telling *telling)
{
	say(telling, "%s has done ", telling->name);
	say_message(telling, "it");
	say_more(telling, " on %s for %s, and has sent the answer.", asked(telling),
	         world_actor_name(telling->world, (unsigned int)telling->event->value));
	say_queue(telling);
}

void mean_manager_return(struct telling *telling)
{
	say(telling, telling->failed ? "%s is told that this cannot be done on %s" : "%s has its answer from %s",
	    telling->name, asked(telling));
	const char *text = history_text(telling->world->history, telling->index, NULL);
	if (text[0] != '\0') {
		say_more(telling, ": ");
		say_message(telling, "");
	}
	say_more(telling, ".");
	say(telling, "That was round trip %llu to %s.", (unsigned long long)telling->object->round_trips, telling->thing);
}

void mean_manager_shutdown(struct telling *telling)
{
	say(telling, "%s ends the server of %s: all that lay in it goes with it.", telling->name, telling->thing);
}
