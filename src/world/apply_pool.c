/* SPDX-License-Identifier: MIT */
/*
 * Pools: tasks in order of their numbers. Numbers are handed out in order, so a new task belongs at
 * or near the end; one that would have to go far from there is no task of an honest pool.
 *
 * Tasks that are over are kept for a while, as many as anybody looks at, and then only counted: a
 * pool that has done a million tasks is as small as one that has done a thousand.
 */
#include <string.h>

#include "base/memory.h"
#include "world/inside.h"

enum { TASK_DISORDER_MAX = 1024, TASK_JUMP_MAX = 1 << 20, TASKS_FIRST = 64 };

/* Where a task with this number is or would be. */
static size_t place_of(const struct world_object *pool, uint32_t number)
{
	size_t low = 0, high = pool->task_count;
	if (high > 0 && pool->tasks[high - 1].number < number)
		return high;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (pool->tasks[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_over(const struct world_task *task)
{
	bool done = task->state == TASK_DONE || task->state == TASK_FAILED;
	return task->submit_event != HISTORY_NONE &&
	       ((done && task->received) || task->state == TASK_LOST || task->state == TASK_CANCELLED);
}

/* All but the last WORLD_TASKS_KEPT tasks that are over go. */
static void forget_tasks(struct world_object *pool)
{
	size_t over = 0, kept = 0;
	for (size_t i = 0; i < pool->task_count; i++)
		over += is_over(&pool->tasks[i]);
	for (size_t i = 0; i < pool->task_count; i++) {
		if (over > WORLD_TASKS_KEPT && is_over(&pool->tasks[i])) {
			pool->kept_from = pool->tasks[i].number + 1;
			over--;
		} else {
			pool->tasks[kept++] = pool->tasks[i];
		}
	}
	pool->task_count = kept;
}

/* When to look again does not depend on the memory there is: a world that was copied goes on as its original does. */
static void make_room(struct world_object *pool)
{
	if (pool->task_count >= pool->task_limit) {
		forget_tasks(pool);
		pool->task_limit = pool->task_count * 2 > 2 * WORLD_TASKS_KEPT ? pool->task_count * 2 : 2 * WORLD_TASKS_KEPT;
	}
	if (pool->task_count < pool->task_capacity)
		return;
	pool->task_capacity = pool->task_capacity == 0 ? TASKS_FIRST : pool->task_capacity * 2;
	pool->tasks = memory_resize(pool->tasks, pool->task_capacity, sizeof *pool->tasks);
}

/* A number far ahead of all that were told is no task's either. */
static bool is_likely(const struct world_object *pool, uint32_t number, size_t at)
{
	uint32_t last = pool->task_count > 0 ? pool->tasks[pool->task_count - 1].number : pool->kept_from;
	return number >= pool->kept_from && pool->task_count - at <= TASK_DISORDER_MAX &&
	       (number <= last || number - last <= TASK_JUMP_MAX);
}

static struct world_task *insert_task(struct apply *apply)
{
	struct world_object *pool = apply->object;
	make_room(pool);
	size_t at = place_of(pool, apply->event->aux);
	if (!is_likely(pool, apply->event->aux, at))
		return NULL;
	struct world_task *task = &pool->tasks[at];
	memmove(task + 1, task, (pool->task_count++ - at) * sizeof *task);
	*task = (struct world_task){.number = apply->event->aux, .worker = WORLD_NO_ACTOR,
		.queued = apply->event->time, .submit_event = HISTORY_NONE, .done_event = HISTORY_NONE};
	pool->tasks_in[TASK_QUEUED]++;
	return task;
}

static void change_task(struct world_object *pool, struct world_task *task, enum world_task_state state)
{
	pool->tasks_in[task->state]--;
	pool->tasks_in[state]++;
	task->state = (uint8_t)state;
}

static struct world_task *find_task(const struct world_object *pool, uint32_t number)
{
	size_t at = place_of(pool, number);
	return at < pool->task_count && pool->tasks[at].number == number ? &pool->tasks[at] : NULL;
}

const struct world_task *world_task(const struct world_object *pool, uint32_t number)
{
	return find_task(pool, number);
}

/* The task that the event speaks of; NULL when there can be none of that number. */
static struct world_task *task_of(struct apply *apply)
{
	struct world_task *task = find_task(apply->object, apply->event->aux);
	return task != NULL ? task : insert_task(apply);
}

void apply_pool_submit(struct apply *apply)
{
	struct world_task *task = task_of(apply);
	if (task == NULL || task->submit_event != HISTORY_NONE)
		return;
	task->submit_event = apply->index;
	if (task->state == TASK_QUEUED)
		task->queued = apply->event->time;
}

static void take_task(struct apply *apply, struct world_task *task)
{
	change_task(apply->object, task, TASK_RUNNING);
	task->worker = apply->event->actor;
	task->started = apply->event->time;
}

void apply_pool_task(struct apply *apply)
{
	struct world_task *task = task_of(apply);
	apply->actor->pool = apply->object->id;
	if (task != NULL && task->state == TASK_QUEUED)
		take_task(apply, task);
}

void apply_pool_task_wait(struct apply *apply)
{
	apply->actor->pool = apply->object->id;
}

static void receive(struct apply *apply, struct world_task *task)
{
	task->received = true;
	apply->object->last_received = apply->index;
}

void apply_pool_done(struct apply *apply)
{
	struct world_task *task = task_of(apply);
	if (task == NULL || (task->state != TASK_QUEUED && task->state != TASK_RUNNING))
		return;
	if (task->state == TASK_QUEUED)
		take_task(apply, task);
	change_task(apply->object, task, (apply->event->flags & EVENT_FAILED) != 0 ? TASK_FAILED : TASK_DONE);
	task->ended = apply->event->time;
	task->done_event = apply->index;
	if (apply->event->value != 0) /* a thread gave it to its owner itself */
		receive(apply, task);
}

void apply_pool_result(struct apply *apply)
{
	struct world_task *task = task_of(apply);
	if (task != NULL)
		receive(apply, task);
}

void apply_pool_close(struct apply *apply)
{
	apply->object->closed = true;
}

static void lose_task(struct world_object *pool, struct world_task *task, uint64_t time)
{
	change_task(pool, task, TASK_LOST);
	task->ended = time;
}

/* What no worker has taken is never done; those at work are ended by signals of their own. */
void apply_pool_terminate(struct apply *apply)
{
	struct world_object *pool = apply->object;
	pool->closed = pool->terminated = true;
	for (size_t i = 0; i < pool->task_count; i++)
		if (pool->tasks[i].state == TASK_QUEUED)
			lose_task(pool, &pool->tasks[i], apply->event->time);
}

void apply_future_cancel(struct apply *apply)
{
	struct world_task *task = task_of(apply);
	if (task == NULL || task->state != TASK_QUEUED)
		return;
	change_task(apply->object, task, TASK_CANCELLED);
	task->ended = apply->event->time;
	receive(apply, task);
}

/* All that is not finished fails at once: who waits for it is told. */
void apply_executor_broken(struct apply *apply)
{
	struct world_object *pool = apply->object;
	pool->closed = pool->broken = true;
	for (size_t i = 0; i < pool->task_count; i++) {
		struct world_task *task = &pool->tasks[i];
		if (task->state == TASK_QUEUED || task->state == TASK_RUNNING)
			lose_task(pool, task, apply->event->time);
		receive(apply, task);
	}
}

void apply_pool_join(struct apply *apply)
{
	struct world *world = apply->world;
	for (size_t id = 0; id < world->actor_count; id++) {
		struct world_actor *actor = &world->actors[id];
		if (actor->pool == apply->object->id && actor->state == ACTOR_EXITED)
			actor->joined = true;
	}
}

void pool_worker_left(struct world *world, const struct world_actor *worker, uint64_t time)
{
	struct world_object *pool = &world->objects[worker->pool];
	for (size_t i = 0; i < pool->task_count; i++)
		if (pool->tasks[i].state == TASK_RUNNING && pool->tasks[i].worker == worker->id)
			lose_task(pool, &pool->tasks[i], time);
}
