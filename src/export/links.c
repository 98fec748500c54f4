/* SPDX-License-Identifier: MIT */
#include "export/links.h"

#include <stdlib.h>

#include "base/memory.h"

static const struct link NO_LINK = {.kind = LINK_NONE, .cause = HISTORY_NONE, .effect = HISTORY_NONE};

void links_init(struct links *links)
{
	*links = (struct links){0};
}

void links_release(struct links *links)
{
	free(links->waker);
}

/* ---- messages: the world knows what lies in queues and pipes, and which event put it there ---- */

static uint64_t put_of(const struct pages *items, uint32_t number)
{
	for (size_t i = 0; i < items->count; i++)
		if (world_item(items, i)->number == number)
			return world_item(items, i)->event;
	return HISTORY_NONE;
}

static uint64_t got_from_queue(const struct world_object *queue, const struct wire_event *event)
{
	uint64_t put = put_of(&queue->in_pipe, event->aux);

	return put != HISTORY_NONE ? put : put_of(&queue->buffer, event->aux);
}

static uint64_t received(const struct world_object *pipe, const struct wire_event *event)
{
	const struct pages *way = &pipe->direction[event->aux == 0];

	return way->count > 0 ? world_item(way, 0)->event : HISTORY_NONE;
}

static uint64_t task_taken(const struct world_object *pool, const struct wire_event *event)
{
	const struct world_task *task = world_task(pool, event->aux);

	return task != NULL ? task->submit_event : HISTORY_NONE;
}

static uint64_t result_received(const struct world_object *pool, const struct wire_event *event)
{
	const struct world_task *task = world_task(pool, event->aux);

	return task != NULL ? task->done_event : HISTORY_NONE;
}

static uint64_t request_served(const struct world_object *manager, const struct wire_event *event)
{
	return put_of(&manager->requests, (uint32_t)event->value);
}

static uint64_t answered(const struct world_object *manager, const struct wire_event *event)
{
	return put_of(&manager->answers, event->actor);
}

static uint64_t (*const MESSAGES[EVENT_KIND_COUNT])(const struct world_object *, const struct wire_event *) = {
	[EVENT_QUEUE_GET] = got_from_queue,
	[EVENT_SIMPLE_GET] = got_from_queue,
	[EVENT_PIPE_RECV] = received,
	[EVENT_POOL_TASK] = task_taken,
	[EVENT_POOL_RESULT] = result_received,
	[EVENT_MANAGER_SERVE] = request_served,
	[EVENT_MANAGER_RETURN] = answered,
};

/* ---- wake-ups: who had waited goes on after somebody else let him ---- */

static const bool WAKES[EVENT_KIND_COUNT] = {
	[EVENT_LOCK_RELEASE] = true,      [EVENT_RLOCK_RELEASE] = true,     [EVENT_SEMAPHORE_RELEASE] = true,
	[EVENT_EVENT_SET] = true,         [EVENT_CONDITION_NOTIFY] = true,  [EVENT_BARRIER_WAIT] = true,
	[EVENT_BARRIER_ABORT] = true,     [EVENT_QUEUE_TASK_DONE] = true,
};

static const bool WOKEN[EVENT_KIND_COUNT] = {
	[EVENT_LOCK_ACQUIRE] = true,      [EVENT_RLOCK_ACQUIRE] = true,     [EVENT_SEMAPHORE_ACQUIRE] = true,
	[EVENT_EVENT_PASS] = true,        [EVENT_CONDITION_WOKEN] = true,   [EVENT_BARRIER_PASS] = true,
	[EVENT_QUEUE_JOIN] = true,
};

static void note_waker(struct links *links, unsigned int object, uint64_t index)
{
	if (object >= links->count) {
		size_t count = (size_t)object * 2 + 16;

		links->waker = memory_resize(links->waker, count, sizeof *links->waker);
		for (size_t i = links->count; i < count; i++)
			links->waker[i] = HISTORY_NONE;
		links->count = count;
	}
	links->waker[object] = index;
}

static uint64_t woken_by(const struct links *links, const struct world *world, const struct wire_event *event)
{
	const struct world_actor *actor = world_actor(world, event->actor);
	uint64_t waker = event->object < links->count ? links->waker[event->object] : HISTORY_NONE;

	if (actor == NULL || actor->state != ACTOR_WAITING || waker == HISTORY_NONE ||
	    history_at(world->history, waker)->actor == event->actor)
		return HISTORY_NONE;
	return waker;
}

/* ---- births and ends ---- */

static uint64_t came_into_state(const struct world *world, unsigned int id, enum actor_state state)
{
	const struct world_actor *actor = world_actor(world, id);

	return actor != NULL && actor->state == state ? actor->since_event : HISTORY_NONE;
}

static bool begins(unsigned int kind)
{
	return kind == EVENT_PROCESS_BEGIN || kind == EVENT_THREAD_BEGIN;
}

/* How somebody began of whom it is only said now that he was started. */
static uint64_t has_begun(const struct world *world, unsigned int actor)
{
	uint64_t first = history_actor_next(world->history, actor, 0);

	return first < world->position && begins(history_at(world->history, first)->kind) ? first : HISTORY_NONE;
}

static struct link find(const struct links *links, const struct world *world, const struct wire_event *event)
{
	const struct world_object *object = world_object(world, event->object);
	uint64_t now = world->position;

	if (event->flags & EVENT_FAILED)
		return NO_LINK;
	if (begins(event->kind))
		return (struct link){LINK_START, came_into_state(world, event->actor, ACTOR_BEGINNING), now};
	if (event->kind == EVENT_PROCESS_START || event->kind == EVENT_THREAD_START)
		return (struct link){LINK_START, now, has_begun(world, event->aux)};
	if (event->kind == EVENT_PROCESS_JOIN || event->kind == EVENT_THREAD_JOIN)
		return (struct link){LINK_JOIN, came_into_state(world, event->aux, ACTOR_EXITED), now};
	if (object != NULL && event->kind < EVENT_KIND_COUNT && MESSAGES[event->kind] != NULL)
		return (struct link){LINK_MESSAGE, MESSAGES[event->kind](object, event), now};
	if (event->kind < EVENT_KIND_COUNT && WOKEN[event->kind])
		return (struct link){LINK_WAKE, woken_by(links, world, event), now};
	return NO_LINK;
}

struct link links_next(struct links *links, const struct world *world)
{
	const struct wire_event *event = history_at(world->history, world->position);

	if (event == NULL)
		return NO_LINK;
	struct link link = find(links, world, event);
	if (event->object != 0 && event->kind < EVENT_KIND_COUNT && WAKES[event->kind])
		note_waker(links, event->object, world->position);
	return link.cause < HISTORY_NONE && link.effect < HISTORY_NONE ? link : NO_LINK;
}
