/* SPDX-License-Identifier: MIT */
/* Who waits for whom, and whether anybody can go on. */
#include <stdlib.h>

#include "base/memory.h"
#include "world/inside.h"

static bool waits(const struct world_actor *actor)
{
	return actor->known && actor->state == ACTOR_WAITING;
}

size_t world_waiters(const struct world *world, unsigned int object, uint16_t *actors, size_t size)
{
	size_t count = 0;
	for (size_t id = 0; id < world->actor_count; id++) {
		if (!waits(&world->actors[id]) || world->actors[id].object != object || object == 0)
			continue;
		if (count < size)
			actors[count] = (uint16_t)id;
		count++;
	}
	return count;
}

static bool is_woken(const struct world_actor *sleeper, const struct world_object *condition)
{
	return sleeper->since_event <= condition->woken;
}

size_t world_sleepers(const struct world *world, unsigned int condition, uint16_t *actors, size_t size)
{
	const struct world_object *object = world_object(world, condition);
	size_t count = 0;
	for (size_t id = 0; id < world->actor_count && object != NULL; id++) {
		const struct world_actor *actor = &world->actors[id];
		if (!waits(actor) || actor->object != condition || actor->last_kind != EVENT_CONDITION_WAIT ||
		    is_woken(actor, object))
			continue;
		if (count < size)
			actors[count] = (uint16_t)id;
		count++;
	}
	return count;
}

/* ---- the graph ---- */

/* Whom a waiting actor waits for; WORLD_NO_ACTOR: nobody in particular. */
static uint16_t holder_of(const struct world *world, const struct world_actor *waiter)
{
	const struct world_object *object = world_object(world, waiter->object);
	if (waiter->waits_for != WORLD_NO_ACTOR)
		return waiter->waits_for;
	return object != NULL ? object->holder : WORLD_NO_ACTOR;
}

size_t world_wait_graph(const struct world *world, struct world_wait *graph, size_t size)
{
	size_t count = 0;
	for (size_t id = 0; id < world->actor_count; id++) {
		const struct world_actor *actor = &world->actors[id];
		if (!waits(actor))
			continue;
		if (count < size)
			graph[count] = (struct world_wait){.waiter = (uint16_t)id, .object = actor->object,
			                                   .holder = holder_of(world, actor)};
		count++;
	}
	return count;
}

/* The next actor on the way, or WORLD_NO_ACTOR when this one does not wait. */
static uint16_t next_of(const struct world *world, uint16_t id)
{
	const struct world_actor *actor = world_actor(world, id);
	return actor != NULL && waits(actor) ? holder_of(world, actor) : WORLD_NO_ACTOR;
}

/*
 * Each actor waits for at most one, so from each it is one path. `walk` holds for each actor the
 * walk (1 + its start) that came by first: meeting one's own walk again is a cycle.
 */
static uint16_t on_cycle(const struct world *world, uint32_t *walk)
{
	for (size_t start = 0; start < world->actor_count; start++) {
		uint16_t id = (uint16_t)start;
		while (id != WORLD_NO_ACTOR && id < world->actor_count && walk[id] == 0) {
			walk[id] = (uint32_t)start + 1;
			id = next_of(world, id);
		}
		if (id != WORLD_NO_ACTOR && id < world->actor_count && walk[id] == start + 1)
			return id;
	}
	return WORLD_NO_ACTOR;
}

size_t world_wait_cycle(const struct world *world, uint16_t *actors, size_t size)
{
	uint32_t *walk = memory_array(world->actor_count, sizeof *walk);
	uint16_t first = on_cycle(world, walk);
	size_t count = 0;
	free(walk);
	if (first == WORLD_NO_ACTOR)
		return 0;
	uint16_t lowest = first;
	for (uint16_t id = next_of(world, first); id != first; id = next_of(world, id))
		if (id < lowest)
			lowest = id;
	uint16_t id = lowest;
	do {
		if (count < size)
			actors[count] = id;
		count++;
		id = next_of(world, id);
	} while (id != lowest);
	return count;
}

/* ---- who could go on ---- */

static bool has_left(const struct world *world, unsigned int id)
{
	const struct world_actor *actor = world_actor(world, id);
	return actor != NULL && actor->state == ACTOR_EXITED;
}

static bool buffered_by(const struct world *world, const struct world_object *queue, int32_t pid)
{
	for (size_t i = 0; i < queue->buffer.count; i++)
		if (world->actors[world_item(&queue->buffer, i)->actor].pid == pid)
			return true;
	return false;
}

static bool has_task(const struct world_object *pool, enum world_task_state state)
{
	for (size_t i = 0; i < pool->tasks.count; i++)
		if (world_task_at(pool, i)->state == state && !world_task_at(pool, i)->received)
			return true;
	return false;
}

static bool task_received(const struct world_object *pool, uint32_t number)
{
	const struct world_task *task = world_task(pool, number);
	return task != NULL && task->received;
}

static bool all_received(const struct world_object *pool)
{
	for (size_t i = 0; i < pool->tasks.count; i++)
		if (!world_task_at(pool, i)->received)
			return false;
	return true;
}

/* Who joins a feeder has told it to end: it does so by itself when its buffer is empty. */
static bool is_joined(const struct world *world, unsigned int queue, int32_t pid)
{
	for (size_t id = 0; id < world->actor_count; id++) {
		const struct world_actor *actor = &world->actors[id];
		if (actor->known && actor->pid == pid && actor->last_kind == EVENT_QUEUE_JOIN_WAIT && actor->object == queue)
			return true;
	}
	return false;
}

/* A feeder of a queue, a handler of a pool: a helper thread of this process whose last word was about it. */
static bool has_helper(const struct world *world, unsigned int object, int32_t pid)
{
	for (size_t id = 0; id < world->actor_count; id++) {
		const struct world_actor *actor = &world->actors[id];
		const struct wire_event *last = actor->known ? history_at(world->history, actor->last_event) : NULL;
		if (last != NULL && actor->kind == ACTOR_HELPER && actor->state != ACTOR_EXITED && actor->pid == pid &&
		    last->object == object)
			return true;
	}
	return false;
}

static bool has_handler(const struct world *world, const struct world_object *pool)
{
	const struct world_actor *creator = world_actor(world, pool->creator);
	return creator != NULL && has_helper(world, pool->id, creator->pid);
}

/*
 * The results of one call: of the task that it names, and if the same line gave more tasks in one
 * go (a map), of all those.
 */
static bool call_met(const struct world *world, const struct world_object *pool, const struct wire_event *wait)
{
	for (size_t i = 0; i < pool->tasks.count; i++) {
		const struct world_task *task = world_task_at(pool, i);
		const struct wire_event *submit = history_at(world->history, task->submit_event);
		bool same_line = submit != NULL && submit->actor == wait->actor && submit->place == wait->place;
		if (task->number == wait->aux || (task->number > wait->aux && same_line)) {
			if (!task->received)
				return false;
		} else if (task->number > wait->aux) {
			return true;
		}
	}
	return true;
}

/* A handler of the pool waits for its results, and so does who called it; who joins it, for the handler's end. */
static bool results_met(const struct world *world, const struct world_actor *actor, const struct world_object *pool,
                        const struct wire_event *wait)
{
	if (actor->kind != ACTOR_HELPER && wait->aux > 0)
		return call_met(world, pool, wait);
	if (actor->kind != ACTOR_HELPER && pool->closed)
		return !has_handler(world, pool);
	return has_task(pool, TASK_DONE) || has_task(pool, TASK_FAILED) || (pool->closed && all_received(pool));
}

/* What each wait needs. `event` is the one that began it. */
static bool needs_met(const struct world *world, const struct world_actor *actor,
                      const struct world_object *object, const struct wire_event *event)
{
	unsigned int end = event->aux & 1;
	switch (actor->last_kind) {
	case EVENT_LOCK_WAIT:
	case EVENT_RLOCK_WAIT:
		return object->holder == WORLD_NO_ACTOR;
	case EVENT_SEMAPHORE_WAIT:
		return object->count > 0;
	case EVENT_CONDITION_WAIT:
		return is_woken(actor, object);
	case EVENT_EVENT_WAIT:
		return object->set;
	case EVENT_BARRIER_WAIT:
		return object->broken || actor->since_event < object->turned ||
		       (event->value == 0 && object->passes >= object->parameter);
	case EVENT_PIPE_WAIT:
		return object->direction[1 - end].count > 0 || object->end_closed[1 - end];
	case EVENT_PIPE_SEND_WAIT:
		return object->direction[end].count == 0;
	case EVENT_QUEUE_PUT_WAIT:
		return object->parameter == 0 || object->slots < object->parameter;
	case EVENT_QUEUE_FEED_WAIT:
		return buffered_by(world, object, actor->pid) || is_joined(world, object->id, actor->pid);
	case EVENT_QUEUE_WAIT:
		return object->in_pipe.count > 0;
	case EVENT_QUEUE_JOIN_WAIT:
		return !buffered_by(world, object, actor->pid) && !has_helper(world, object->id, actor->pid);
	case EVENT_QUEUE_TASKS_WAIT:
		return actor->since_event < object->drained || object->tasks_done == object->tasks_put;
	case EVENT_SIMPLE_PUT_WAIT:
		return object->in_pipe.count == 0;
	case EVENT_SIMPLE_WAIT:
		return object->in_pipe.count > 0;
	case EVENT_MANAGER_WAIT:
		return items_find(&object->answers, actor->id) < object->answers.count;
	case EVENT_MANAGER_SERVE_WAIT:
		return object->requests.count > 0 || object->closed;
	case EVENT_POOL_TASK_WAIT:
		return has_task(object, TASK_QUEUED) || (object->closed && !has_handler(world, object));
	case EVENT_POOL_RESULT_WAIT:
		return results_met(world, actor, object, event);
	case EVENT_FUTURE_WAIT:
		return event->aux != 0 ? task_received(object, event->aux) : object->last_received > actor->since_event;
	default:
		return false;
	}
}

bool world_may_proceed(const struct world *world, unsigned int id)
{
	const struct world_actor *actor = world_actor(world, id);
	if (actor == NULL || !waits(actor))
		return false;
	if (actor->waits_for != WORLD_NO_ACTOR)
		return has_left(world, actor->waits_for);
	const struct world_object *object = world_object(world, actor->object);
	const struct wire_event *event = history_at(world->history, actor->since_event);
	return object != NULL && event != NULL && needs_met(world, actor, object, event);
}

static bool somebody_killed(const struct world *world)
{
	for (size_t id = 0; id < world->actor_count; id++)
		if (world->actors[id].killed)
			return true;
	return false;
}

/* Readers of these take a lock first, which one that was killed inside keeps for ever. */
static bool behind_hidden_lock(unsigned int kind)
{
	return kind == EVENT_QUEUE_WAIT || kind == EVENT_SIMPLE_WAIT || kind == EVENT_SIMPLE_PUT_WAIT ||
	       kind == EVENT_POOL_TASK_WAIT || kind == EVENT_POOL_RESULT_WAIT ||
	       kind == EVENT_FUTURE_WAIT;
}

bool world_is_stuck(const struct world *world)
{
	bool waiting = false;
	bool killed = somebody_killed(world);
	for (size_t id = 0; id < world->actor_count; id++) {
		const struct world_actor *actor = &world->actors[id];
		if (!actor->known || actor->state == ACTOR_EXITED)
			continue;
		if (!waits(actor))
			return false;
		if (world_may_proceed(world, (unsigned int)id) && !(killed && behind_hidden_lock(actor->last_kind)))
			return false;
		waiting |= actor->kind != ACTOR_HELPER && actor->last_kind != EVENT_MANAGER_SERVE_WAIT;
	}
	return waiting;
}

bool world_is_zombie(const struct world *world, unsigned int id)
{
	const struct world_actor *actor = world_actor(world, id);
	if (actor == NULL || actor->kind != ACTOR_PROCESS || actor->state != ACTOR_EXITED || actor->joined)
		return false;
	return world_actor(world, actor->parent) != NULL && !has_left(world, actor->parent);
}
