/* SPDX-License-Identifier: MIT */
/*
 * Pipes and queues. An item of a queue is told three times: put (buffer), feed (pipe), get (gone).
 * In a free run any of these may be told before the ones that came first; `early` remembers which
 * are still to come for an item that has gone further already.
 */
#include "world/inside.h"

enum early {
	EARLY_PUT = 1,
	EARLY_FEED = 2,
};

enum { EARLY_MAX = 64 }; /* far more than actors can be between two stamps; older ones were lost */

/* ---- pipes ---- */

void apply_pipe_use(struct apply *apply)
{
	apply->object->end_user[apply->event->aux & 1] = apply->event->actor;
}

void apply_pipe_send(struct apply *apply)
{
	unsigned int from = apply->event->aux & 1;
	apply_pipe_use(apply);
	if (apply->object->early_receives[from] > 0) {
		apply->object->early_receives[from]--;
		return;
	}
	items_push(&apply->object->direction[from], &(struct world_item){
		.event = apply->index, .number = apply->event->aux, .actor = apply->event->actor,
		.worker = WORLD_NO_ACTOR});
}

void apply_pipe_recv(struct apply *apply)
{
	struct world_object *pipe = apply->object;
	unsigned int from = 1 - (apply->event->aux & 1);
	apply_pipe_use(apply);
	if ((apply->event->flags & EVENT_FAILED) != 0)
		pipe->end_closed[from] = true; /* end of file: every copy of that end is closed */
	else if (pipe->direction[from].count > 0)
		items_take(&pipe->direction[from], 0);
	else if (apply->world->lost_events == 0)
		pipe->early_receives[from]++;
}

static bool closed_everywhere(const struct world *world, const struct pages *closers)
{
	for (size_t id = 0; id < world->actor_count; id++) {
		const struct world_actor *actor = &world->actors[id];
		if (actor->known && actor->kind == ACTOR_PROCESS && actor->state != ACTOR_EXITED &&
		    items_find(closers, (uint32_t)actor->pid) == closers->count)
			return false;
	}
	return true;
}

static void look_at_ends(const struct world *world, struct world_object *pipe)
{
	for (int end = 0; end < 2; end++)
		if (!pipe->end_closed[end] && pipe->closers[end].count > 0)
			pipe->end_closed[end] = closed_everywhere(world, &pipe->closers[end]);
}

void apply_pipe_close(struct apply *apply)
{
	struct pages *closers = &apply->object->closers[apply->event->aux & 1];
	uint32_t pid = (uint32_t)apply->actor->pid;
	if (items_find(closers, pid) == closers->count)
		items_push(closers, &(struct world_item){.event = apply->index, .number = pid,
			.actor = apply->event->actor, .worker = WORLD_NO_ACTOR});
	look_at_ends(apply->world, apply->object);
}

void pipe_process_left(struct world *world)
{
	for (size_t id = 0; id < world->object_count; id++)
		if (world->objects[id].kind == OBJECT_PIPE)
			look_at_ends(world, &world->objects[id]);
}

/* ---- queues ---- */

static void expect(struct world_object *queue, uint32_t number, unsigned int what)
{
	if (queue->early.count == EARLY_MAX)
		items_take(&queue->early, 0);
	items_push(&queue->early, &(struct world_item){.number = number, .worker = (uint16_t)what});
}

/* True when this was still to be told of an item that has gone further. */
static bool expected(struct world_object *queue, uint32_t number, unsigned int what)
{
	size_t at = items_find(&queue->early, number);
	if (at == queue->early.count || (world_item(&queue->early, at)->worker & what) == 0)
		return false;
	struct world_item *early = pages_edit(&queue->early, at);
	early->worker &= (uint16_t)~what;
	if (early->worker == 0)
		items_take(&queue->early, at);
	return true;
}

static struct world_item item_of(const struct apply *apply)
{
	return (struct world_item){.event = apply->index, .number = apply->event->aux,
	                           .actor = apply->event->actor, .worker = WORLD_NO_ACTOR};
}

void apply_queue_put(struct apply *apply)
{
	struct world_object *queue = apply->object;
	struct world_item item = item_of(apply);
	queue->tasks_put++;
	if (!expected(queue, item.number, EARLY_PUT)) {
		items_push(&queue->buffer, &item);
		queue->slots++;
		return;
	}
	size_t at = items_find(&queue->in_pipe, item.number);
	if (at < queue->in_pipe.count)
		*(struct world_item *)pages_edit(&queue->in_pipe, at) = item;
}

void apply_queue_feed(struct apply *apply)
{
	struct world_object *queue = apply->object;
	struct world_item item = item_of(apply);
	apply_queue_feed_wait(apply);
	if (expected(queue, item.number, EARLY_FEED))
		return;
	size_t at = items_find(&queue->buffer, item.number);
	if (at < queue->buffer.count) {
		item = items_take(&queue->buffer, at);
	} else {
		expect(queue, item.number, EARLY_PUT);
		queue->slots++;
	}
	items_push(&queue->in_pipe, &item);
}

/* Only feeder threads do that. */
void apply_queue_feed_wait(struct apply *apply)
{
	if (apply->actor->kind == ACTOR_THREAD)
		apply->actor->kind = ACTOR_HELPER;
}

static void free_slot(struct world_object *queue)
{
	if (queue->slots > 0)
		queue->slots--;
}

void apply_queue_get(struct apply *apply)
{
	struct world_object *queue = apply->object;
	uint32_t number = apply->event->aux;
	size_t at = items_find(&queue->in_pipe, number);
	if (at < queue->in_pipe.count) {
		items_take(&queue->in_pipe, at);
		free_slot(queue);
		return;
	}
	at = items_find(&queue->buffer, number);
	if (at < queue->buffer.count) {
		items_take(&queue->buffer, at);
		free_slot(queue);
		expect(queue, number, EARLY_FEED);
	} else {
		expect(queue, number, EARLY_PUT | EARLY_FEED);
	}
}

void apply_queue_task_done(struct apply *apply)
{
	struct world_object *queue = apply->object;
	queue->tasks_done++;
	if (queue->tasks_done == queue->tasks_put)
		queue->drained = apply->index;
}

void apply_queue_close(struct apply *apply)
{
	apply->object->closed = true;
}

/* ---- simple queues: put is put into the pipe ---- */

void apply_simple_put(struct apply *apply)
{
	struct world_item item = item_of(apply);
	if (!expected(apply->object, item.number, EARLY_PUT))
		items_push(&apply->object->in_pipe, &item);
}

void apply_simple_get(struct apply *apply)
{
	struct world_object *queue = apply->object;
	size_t at = items_find(&queue->in_pipe, apply->event->aux);
	if (at < queue->in_pipe.count)
		items_take(&queue->in_pipe, at);
	else
		expect(queue, apply->event->aux, EARLY_PUT);
}

/* ---- what the end of a process leaves ---- */

struct left {
	const struct world *world;
	int32_t pid;
};

static bool is_of_others(const struct world_item *item, const void *context)
{
	const struct left *left = context;
	return left->world->actors[item->actor].pid != left->pid;
}

/* A buffer lies in the memory of the process that put: what was not fed is gone, its slots stay taken. */
void queue_process_left(struct world *world, int32_t pid)
{
	for (size_t id = 0; id < world->object_count; id++)
		if (world->objects[id].kind == OBJECT_QUEUE)
			items_keep(&world->objects[id].buffer, is_of_others, &(struct left){.world = world, .pid = pid});
}
