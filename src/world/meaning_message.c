/* SPDX-License-Identifier: MIT */
/* Pipes and queues: where an item is, who waits for it, and what empty() looks at. */
#include <inttypes.h>

#include "world/meaning.h"

enum { LOOKED_BACK = 10000 }; /* events, for who put what was got */

/* ---- pipes ---- */

/* Those who wait to receive at one end. */
static size_t receivers(const struct telling *telling, unsigned int end, uint16_t names[NAMES_SHOWN])
{
	const struct world *world = telling->world;
	size_t count = 0;
	for (size_t id = 0; id < world->actor_count; id++) {
		const struct world_actor *actor = &world->actors[id];
		if (!actor->known || actor->state != ACTOR_WAITING || actor->object != telling->object->id ||
		    actor->last_kind != EVENT_PIPE_WAIT)
			continue;
		const struct wire_event *wait = history_at(world->history, actor->since_event);
		if (wait == NULL || (wait->aux & 1) != end)
			continue;
		if (count < NAMES_SHOWN)
			names[count] = (uint16_t)id;
		count++;
	}
	return count;
}

void mean_pipe_send(struct telling *telling)
{
	unsigned int end = telling->event->aux & 1;
	uint16_t names[NAMES_SHOWN];
	size_t count = receivers(telling, 1 - end, names);
	if (telling->failed) {
		say(telling, "%s cannot send into %s: nobody can receive at the other end any more.", telling->name,
		    telling->thing);
		return;
	}
	begin_sentence(telling);
	say_message(telling, "The message");
	say_more(telling, " is on its way through %s.", telling->thing);
	if (count > 0) {
		begin_sentence(telling);
		say_names(telling, names, count);
		say_more(telling, count == 1 ? ", which waits at the other end, can take it now."
		                             : ", who wait at the other end, can take it now: one of them.");
	} else {
		say(telling, "Nobody waits for it yet: it stays in the pipe until somebody receives.");
	}
}

void mean_pipe_send_wait(struct telling *telling)
{
	say(telling, "%s is full: %s waits until somebody at the other end receives.", telling->thing, telling->name);
}

static void say_on_the_way(struct telling *telling, size_t count)
{
	if (count == 0) {
		say(telling, "Nothing else is on its way.");
		return;
	}
	begin_sentence(telling);
	add_count(telling->out, count, "more message is", "more messages are");
	say_more(telling, " on the way.");
}

void mean_pipe_recv(struct telling *telling)
{
	unsigned int from = 1 - (telling->event->aux & 1);
	if (telling->failed) {
		say(telling, "The other end of %s is closed everywhere and nothing is left in it: %s meets the end of file.",
		    telling->thing, telling->name);
		return;
	}
	say(telling, "%s has received ", telling->name);
	say_message(telling, "a message");
	say_more(telling, " from %s.", telling->thing);
	say_on_the_way(telling, telling->object->direction[from].count);
}

void mean_pipe_wait(struct telling *telling)
{
	say(telling, "%s waits to receive: nothing is on its way to its end of %s.", telling->name, telling->thing);
	say(telling, "It goes on when somebody sends from the other end.");
}

void mean_pipe_poll(struct telling *telling)
{
	say(telling, telling->event->value != 0 ? "%s learns that something is there to receive from %s."
	                                        : "%s learns that nothing is there to receive from %s.",
	    telling->name, telling->thing);
}

void mean_pipe_close(struct telling *telling)
{
	if (telling->object->end_closed[telling->event->aux & 1]) {
		say(telling, "%s has closed the last copy of one end of %s:", telling->name, telling->thing);
		say_more(telling, " who receives at the other meets the end of file once it is empty.");
	} else {
		say(telling, "%s has closed its copy of one end of %s; other processes still have theirs.",
		    telling->name, telling->thing);
	}
}

/* ---- queues ---- */

/* "results: 2 items in buffers, 1 in the pipe, 3 slots taken." */
static void say_places(struct telling *telling)
{
	const struct world_object *queue = telling->object;
	say(telling, "%s: ", queue->name);
	add_count(telling->out, queue->buffer.count, "item in a buffer", "items in buffers");
	say_more(telling, ", %zu in the pipe, ", queue->in_pipe.count);
	add_count(telling->out, queue->slots, "slot taken", "slots taken");
	if (queue->parameter > 0)
		say_more(telling, " of %u", queue->parameter);
	say_more(telling, ".");
}

void mean_queue_put(struct telling *telling)
{
	const struct world_object *queue = telling->object;
	if (telling->failed) {
		say(telling, "%s is full: %s could put nothing.", queue->name, telling->name);
		say_places(telling);
		return;
	}
	begin_sentence(telling);
	say_message(telling, "The item");
	say_more(telling, " lies in a buffer of %s's process; its feeder thread has yet to write it to the pipe.",
	         telling->name);
	if (queue->in_pipe.count == 0)
		say(telling, "Until then empty() says True: it looks only at the pipe.");
	else
		say_places(telling);
}

void mean_queue_put_wait(struct telling *telling)
{
	say(telling, "%s is full: %s waits until a get gives a slot back.", telling->thing, telling->name);
	say_places(telling);
}

void mean_queue_feed(struct telling *telling)
{
	uint16_t names[NAMES_SHOWN];
	size_t count = waiting_for(telling, EVENT_QUEUE_WAIT, names);
	begin_sentence(telling);
	say_message(telling, "An item");
	say_more(telling, " has gone from the buffer into the pipe of %s: now it can be got, and empty() says False.",
	         telling->thing);
	if (count > 0) {
		begin_sentence(telling);
		say_names(telling, names, count);
		say_more(telling, count == 1 ? " waits for it." : " wait for it.");
	} else {
		say_places(telling);
	}
}

void mean_queue_feed_wait(struct telling *telling)
{
	say(telling, "%s, the feeder thread of %s, has nothing to write: it waits for the next put.", telling->name,
	    telling->thing);
}

/* Whether who has got it is who put it: a queue does not mind. */
static bool got_its_own(const struct telling *telling)
{
	const struct history *history = telling->world->history;
	uint64_t event = telling->world->position, least = event > LOOKED_BACK ? event - LOOKED_BACK : 0;
	for (; event > least; event--) {
		const struct wire_event *put = history_at(history, event - 1);
		if (put != NULL && put->kind == EVENT_QUEUE_PUT && put->object == telling->object->id &&
		    put->aux == telling->event->aux)
			return put->actor == telling->event->actor;
	}
	return false;
}

void mean_queue_get(struct telling *telling)
{
	const struct world_object *queue = telling->object;
	if (telling->failed) {
		say(telling, "%s got nothing: the pipe of %s is empty", telling->name, queue->name);
		if (queue->buffer.count > 0) {
			say_more(telling, ", although ");
			add_count(telling->out, queue->buffer.count, "item lies in a buffer", "items lie in buffers");
		}
		say_more(telling, ".");
		return;
	}
	say(telling, "%s has got ", telling->name);
	say_message(telling, "an item");
	if (got_its_own(telling)) {
		say_more(telling, ", which it had put itself: a queue does not know for whom an item is meant.");
		return;
	}
	say_more(telling, " from the pipe, and its slot is free again.");
	say_places(telling);
}

void mean_queue_wait(struct telling *telling)
{
	const struct world_object *queue = telling->object;
	say(telling, "%s waits for an item: the pipe of %s is empty", telling->name, queue->name);
	if (queue->buffer.count > 0) {
		say_more(telling, ", although ");
		add_count(telling->out, queue->buffer.count, "item lies in a buffer", "items lie in buffers");
		say_more(telling, " and the feeder has yet to write");
	}
	say_more(telling, ".");
}

void mean_queue_empty(struct telling *telling)
{
	const struct world_object *queue = telling->object;
	say(telling, "empty() says %s", telling->event->value != 0 ? "True" : "False");
	if (telling->event->value == 0) {
		say_more(telling, ": something is in the pipe of %s; the next moment another may have taken it.", queue->name);
	} else if (queue->buffer.count > 0) {
		say_more(telling, " although ");
		add_count(telling->out, queue->buffer.count, "item lies in a buffer", "items lie in buffers");
		say_more(telling, ": it looks only at the pipe.");
	} else {
		say_more(telling, ": nothing is in the pipe of %s, and it looks nowhere else.", queue->name);
	}
}

void mean_queue_qsize(struct telling *telling)
{
	say(telling, "qsize() says %" PRId64 ": it counts slots, wherever the items are.", telling->event->value);
	say_places(telling);
}

void mean_queue_close(struct telling *telling)
{
	say(telling, "%s will put no more into %s.", telling->name, telling->thing);
	if (telling->object->buffer.count > 0)
		say_places(telling);
}

void mean_queue_join_wait(struct telling *telling)
{
	say(telling, "%s waits until its feeder thread has written all that it put into %s.", telling->name,
	    telling->thing);
	say_places(telling);
}

/* ---- queues that count tasks ---- */

static uint64_t tasks_open(const struct world_object *queue)
{
	return queue->tasks_put > queue->tasks_done ? queue->tasks_put - queue->tasks_done : 0;
}

void mean_queue_task_done(struct telling *telling)
{
	const struct world_object *queue = telling->object;
	if (telling->failed) {
		say(telling, "%s has called task_done() once more than anything was put into %s: that is an error.",
		    telling->name, queue->name);
		return;
	}
	uint16_t names[NAMES_SHOWN];
	size_t count = waiting_for(telling, EVENT_QUEUE_TASKS_WAIT, names);
	say(telling, "%s says that one of the tasks of %s is done: ", telling->name, queue->name);
	add_count(telling->out, tasks_open(queue), "is left", "are left");
	say_more(telling, ".");
	if (count == 0 || tasks_open(queue) > 0)
		return;
	begin_sentence(telling);
	say_names(telling, names, count);
	say_more(telling, " can go on: it was the last.");
}

void mean_queue_join(struct telling *telling)
{
	say(telling, "All that was put into %s has been done: %s goes on.", telling->thing, telling->name);
}

void mean_queue_tasks_wait(struct telling *telling)
{
	say(telling, "%s waits in join until task_done() has been called for each item of %s: ", telling->name,
	    telling->thing);
	add_count(telling->out, tasks_open(telling->object), "task is open", "tasks are open");
	say_more(telling, ".");
}

/* ---- simple queues ---- */

void mean_simple_put(struct telling *telling)
{
	if (telling->failed) {
		say(telling, "%s cannot put: %s is closed at its other end.", telling->name, telling->thing);
		return;
	}
	uint16_t names[NAMES_SHOWN];
	size_t count = waiting_for(telling, EVENT_SIMPLE_WAIT, names);
	begin_sentence(telling);
	say_message(telling, "The item");
	say_more(telling, " lies in the pipe of %s: there is no buffer and no feeder here, so empty() is exact.", telling->thing);
	if (count > 0) {
		begin_sentence(telling);
		say_names(telling, names, count);
		say_more(telling, count == 1 ? " waits for it." : " wait for it.");
	}
}

void mean_simple_put_wait(struct telling *telling)
{
	say(telling, "The pipe of %s is full: %s, which itself writes to it, waits until somebody gets.", telling->thing,
	    telling->name);
}

void mean_simple_get(struct telling *telling)
{
	if (telling->failed) {
		say(telling, "%s got nothing: %s is closed at its other end.", telling->name, telling->thing);
		return;
	}
	say(telling, "%s has got ", telling->name);
	say_message(telling, "an item");
	say_more(telling, " from the pipe of %s; %zu left in it.", telling->thing, telling->object->in_pipe.count);
}

void mean_simple_wait(struct telling *telling)
{
	say(telling, "%s waits for an item: the pipe of %s is empty, and there is no other place.", telling->name,
	    telling->thing);
}
