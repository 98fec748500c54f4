/* SPDX-License-Identifier: MIT */
/* Events about actors' lives, and about objects coming into being. */
#include "world/inside.h"

static const char *text_of(const struct apply *apply)
{
	return history_text(apply->world->history, apply->index, NULL);
}

static void name_actor(const struct apply *apply, struct world_actor *actor)
{
	const char *name = text_of(apply);
	if (name[0] != '\0')
		actor->name = name;
}

/* The actor that `aux` speaks of, or NULL when that is no id. */
static struct world_actor *spoken_of(const struct apply *apply)
{
	if (apply->event->aux >= WORLD_NO_ACTOR)
		return NULL;
	return world_mention_actor(apply->world, apply->event->aux);
}

void apply_lost(struct apply *apply)
{
	uint64_t *lost = &apply->world->lost_events;
	uint64_t count = apply->event->value > 0 ? (uint64_t)apply->event->value : 0;
	if (__builtin_add_overflow(*lost, count, lost))
		*lost = UINT64_MAX;
}

/* ---- leaving ---- */

static void leave(struct apply *apply, struct world_actor *actor, bool killed)
{
	actor->state = ACTOR_EXITED;
	actor->killed = killed;
	actor->object = 0;
	actor->waits_for = WORLD_NO_ACTOR;
	actor->deadline = 0;
	actor->since = apply->event->time;
	actor->since_event = apply->index;
	if (actor->pool != 0)
		pool_worker_left(apply->world, actor, apply->event->time);
}

/* With a process go its threads, and what lay in its memory. */
static void leave_process(struct apply *apply, struct world_actor *actor, bool killed)
{
	struct world *world = apply->world;
	leave(apply, actor, killed);
	if (actor->id == WORLD_FIRST_ACTOR)
		world->ended = true;
	if (actor->pid == 0)
		return;
	for (size_t id = 0; id < world->actor_count; id++) {
		struct world_actor *thread = &world->actors[id];
		if (thread->known && thread->kind != ACTOR_PROCESS && thread->pid == actor->pid &&
		    thread->state != ACTOR_EXITED) {
			leave(apply, thread, killed);
			thread->joined = true;
		}
	}
	queue_process_left(world, actor->pid);
	pipe_process_left(world);
	manager_process_left(world);
}

/* FAILED: how it ended could not be found out; it is gone all the same. */
void apply_killed(struct apply *apply)
{
	struct world_actor *actor = apply->actor;
	if (actor->state == ACTOR_EXITED)
		return;
	actor->exit_code = (int32_t)apply->event->value;
	actor->vanished = (apply->event->flags & EVENT_FAILED) != 0;
	if (actor->kind == ACTOR_PROCESS)
		leave_process(apply, actor, apply->event->value < 0);
	else
		leave(apply, actor, apply->event->value < 0);
}

void apply_process_exit(struct apply *apply)
{
	if (apply->actor->state == ACTOR_EXITED)
		return;
	apply->actor->exit_code = (int32_t)apply->event->value;
	leave_process(apply, apply->actor, false);
}

void apply_thread_exit(struct apply *apply)
{
	if (apply->actor->state != ACTOR_EXITED)
		leave(apply, apply->actor, false);
}

/* ---- joining: whoever was joined has left, even if its own word was lost ---- */

void apply_process_join(struct apply *apply)
{
	struct world_actor *child = spoken_of(apply);
	if (child == NULL)
		return;
	child->exit_code = (int32_t)apply->event->value;
	child->vanished = false;
	if (child->state != ACTOR_EXITED)
		leave_process(apply, child, apply->event->value < 0);
	child->joined = true;
}

void apply_thread_join(struct apply *apply)
{
	struct world_actor *thread = spoken_of(apply);
	if (thread == NULL)
		return;
	if (thread->state != ACTOR_EXITED)
		leave(apply, thread, false);
	thread->joined = true;
}

/* ---- starting and beginning; in a free run a child's word may come first ---- */

static struct world_actor *start(struct apply *apply)
{
	struct world_actor *child = spoken_of(apply);
	if (child == NULL)
		return NULL;
	child->parent = apply->event->actor;
	name_actor(apply, child);
	if (child->last_event == HISTORY_NONE && child->state != ACTOR_EXITED) {
		child->state = ACTOR_BEGINNING;
		child->since = apply->event->time;
		child->since_event = apply->index;
	}
	return child;
}

void apply_process_start(struct apply *apply)
{
	struct world_actor *child = start(apply);
	if (child == NULL)
		return;
	child->kind = ACTOR_PROCESS;
	child->pid = (int32_t)apply->event->value;
	child->tid = child->pid;
}

void apply_thread_start(struct apply *apply)
{
	struct world_actor *child = start(apply);
	if (child == NULL)
		return;
	if (child->kind != ACTOR_HELPER)
		child->kind = ACTOR_THREAD;
	child->pid = apply->world->actors[apply->event->actor].pid;
}

void apply_process_begin(struct apply *apply)
{
	struct world *world = apply->world;
	struct world_actor *actor = apply->actor;
	int32_t parent_pid = (int32_t)apply->event->aux;
	actor->kind = ACTOR_PROCESS;
	actor->joined = actor->killed = false;
	actor->pid = actor->tid = (int32_t)apply->event->value;
	name_actor(apply, actor);
	for (size_t id = 0; id < world->actor_count && actor->parent == WORLD_NO_ACTOR; id++) {
		const struct world_actor *other = &world->actors[id];
		if (other->known && other != actor && other->kind == ACTOR_PROCESS && other->pid == parent_pid &&
		    actor->id != WORLD_FIRST_ACTOR)
			actor->parent = (uint16_t)id;
	}
}

void apply_thread_begin(struct apply *apply)
{
	struct world_actor *actor = apply->actor;
	actor->kind = apply->event->aux == 1 ? ACTOR_HELPER : ACTOR_THREAD;
	actor->joined = actor->killed = false;
	actor->tid = (int32_t)apply->event->value;
	name_actor(apply, actor);
}

/* ---- objects ---- */

void apply_object_new(struct apply *apply)
{
	const struct wire_event *event = apply->event;
	struct world_object *object = apply->object;
	unsigned int kind = event->aux & 0xff;
	if (object == NULL || (object->kind != OBJECT_NONE && object->kind != kind))
		return; /* an id is given once */
	object->kind = kind < OBJECT_KIND_COUNT ? (uint8_t)kind : OBJECT_NONE;
	object->parameter = event->aux >> 8;
	object->creator = event->actor;
	object->place = event->place;
	if (text_of(apply)[0] != '\0')
		object->name = text_of(apply);
	if (object->value.writes == 0) {
		object->value.value = object->value.initial = event->value;
		object->value.real = (event->flags & EVENT_REAL) != 0;
	}
	if (object->kind == OBJECT_SEMAPHORE) {
		object->start = event->value;
		object->count += event->value; /* what was told early counts already */
	}
	object->joinable = object->kind == OBJECT_QUEUE && event->value != 0;
	if (object->kind == OBJECT_ARRAY) {
		array_hold(apply->world, object);
		for (size_t i = 0; i < object->element_count; i++)
			if (object->elements[i].writes == 0)
				object->elements[i].real = (event->flags & EVENT_REAL) != 0;
	}
}
