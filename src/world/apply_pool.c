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

enum { TASK_DISORDER_MAX = 1024, TASK_JUMP_MAX = 1 << 20 };

/*
 * Where a task with this number is or would be. No number is there twice, so it is not further from
 * the first, nor from the last, than their numbers are: where none is missing, that is the place.
 */
static size_t place_of(const struct world_object *pool, uint32_t number)
{
	size_t low = 0, high = pool->tasks.count;
	if (high == 0 || world_task_at(pool, high - 1)->number < number)
		return high;
	uint32_t to_last = world_task_at(pool, high - 1)->number - number, first = world_task_at(pool, 0)->number;
	if (to_last < high)
		low = high - 1 - to_last;
	if (number < first)
		return 0;
	if (number - first < high)
		high = number - first;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (world_task_at(pool, middle)->number < number)
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

static void move_task(struct world_object *pool, size_t to, size_t from)
{
	if (to != from)
		*(struct world_task *)pages_edit(&pool->tasks, to) = *world_task_at(pool, from);
}

/* All but the last WORLD_TASKS_KEPT tasks that are over go. */
static void forget_tasks(struct world_object *pool)
{
	size_t over = 0, kept = 0;
	for (size_t i = 0; i < pool->tasks.count; i++)
		over += is_over(world_task_at(pool, i));
	for (size_t i = 0; i < pool->tasks.count; i++) {
		const struct world_task *task = world_task_at(pool, i);
		if (over > WORLD_TASKS_KEPT && is_over(task)) {
			pool->kept_from = task->number + 1;
			over--;
		} else {
			move_task(pool, kept++, i);
		}
	}
	pages_cut(&pool->tasks, kept);
}

/* When to look again does not depend on the memory there is: a world that was copied goes on as its original does. */
static void keep_short(struct world_object *pool)
{
	if (pool->tasks.count < pool->task_limit)
		return;
	forget_tasks(pool);
	pool->task_limit = pool->tasks.count * 2 > 2 * WORLD_TASKS_KEPT ? pool->tasks.count * 2 : 2 * WORLD_TASKS_KEPT;
}

/* A number far ahead of all that were told is no task's either. */
static bool is_likely(const struct world_object *pool, uint32_t number, size_t at)
{
	uint32_t last = pool->tasks.count > 0 ? world_task_at(pool, pool->tasks.count - 1)->number : pool->kept_from;
	return number >= pool->kept_from && pool->tasks.count - at <= TASK_DISORDER_MAX &&
	       (number <= last || number - last <= TASK_JUMP_MAX);
}

static struct world_task *insert_task(struct apply *apply)
{
	struct world_object *pool = apply->object;
	keep_short(pool);
	size_t at = place_of(pool, apply->event->aux);
	if (!is_likely(pool, apply->event->aux, at))
		return NULL;
	pages_add(&pool->tasks);
	for (size_t i = pool->tasks.count - 1; i > at; i--)
		move_task(pool, i, i - 1);
	struct world_task *task = pages_edit(&pool->tasks, at);
	*task = (struct world_task){.number = apply->event->aux, .worker = WORLD_NO_ACTOR,
		.submit_event = HISTORY_NONE, .done_event = HISTORY_NONE};
	pool->tasks_in[TASK_QUEUED]++;
	return task;
}

static void change_task(struct world_object *pool, struct world_task *task, enum world_task_state state)
{
	pool->tasks_in[task->state]--;
	pool->tasks_in[state]++;
	task->state = (uint8_t)state;
}

static bool is_at(const struct world_object *pool, size_t at, uint32_t number)
{
	return at < pool->tasks.count && world_task_at(pool, at)->number == number;
}

const struct world_task *world_task(const struct world_object *pool, uint32_t number)
{
	size_t at = place_of(pool, number);
	return is_at(pool, at, number) ? world_task_at(pool, at) : NULL;
}

/* The task that the event speaks of, to be changed; NULL when there can be none of that number. */
static struct world_task *task_of(struct apply *apply)
{
	struct world_object *pool = apply->object;
	size_t at = place_of(pool, apply->event->aux);
	return is_at(pool, at, apply->event->aux) ? pages_edit(&pool->tasks, at) : insert_task(apply);
}

void apply_pool_submit(struct apply *apply)
{
	struct world_task *task = task_of(apply);
	if (task != NULL && task->submit_event == HISTORY_NONE)
		task->submit_event = apply->index;
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
	for (size_t i = 0; i < pool->tasks.count; i++)
		if (world_task_at(pool, i)->state == TASK_QUEUED)
			lose_task(pool, pages_edit(&pool->tasks, i), apply->event->time);
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
	for (size_t i = 0; i < pool->tasks.count; i++) {
		struct world_task *task = pages_edit(&pool->tasks, i);
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
	for (size_t i = 0; i < pool->tasks.count; i++)
		if (world_task_at(pool, i)->state == TASK_RUNNING && world_task_at(pool, i)->worker == worker->id)
			lose_task(pool, pages_edit(&pool->tasks, i), time);
}
