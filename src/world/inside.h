/* SPDX-License-Identifier: MIT */
/*
 * What the files of the world share among themselves: how events are applied, copied worlds,
 * and lists of items. Nobody outside this folder includes it.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_WORLD_INSIDE_H
#define LOCKSTEP_WORLD_INSIDE_H

#include "world/world.h"

/* A world with what only its maker needs. Ordinary code sees `world`, the first member. */
struct world_inside {
	struct world world;
	struct world *snapshots; /* earlier selves, by position */
	size_t *snapshot_bytes;
	size_t snapshot_count, snapshot_capacity;
	size_t snapshot_total;   /* bytes of all of them, but for pages */
	size_t pages_held;       /* bytes of the pages of all of them and of the world */
	size_t snapshot_budget;  /* what they may take together */
	uint64_t snapshot_every; /* events between two, at least */
	uint64_t snapshot_thrift; /* and for each byte of one, so many */
	uint64_t snapshot_next;  /* the position where the next is taken */
	char **actor_names;      /* "actor 5": for those whom nobody named; shared by all snapshots */
	size_t actor_name_count;
	char **object_names;
	size_t object_name_count;
};

/* One event being applied. `actor` and `object` are valid until another is mentioned. */
struct apply {
	struct world *world;
	const struct wire_event *event;
	uint64_t index;
	struct world_actor *actor;   /* as it was before the event */
	struct world_object *object; /* NULL: the event names none */
};

void apply_events(struct world *world, const struct wire_event *events, uint64_t count); /* the next of its history */

/* The kind of object that events of this kind are about; OBJECT_NONE: of any, or none. */
enum object_kind apply_object_kind(unsigned int event_kind);

/* They come into being when they are first mentioned. */
struct world_actor *world_new_actor(struct world *world, unsigned int id);
struct world_object *world_new_object(struct world *world, unsigned int id);

static inline struct world_actor *world_mention_actor(struct world *world, unsigned int id)
{
	if (__builtin_expect(id < world->actor_count && world->actors[id].known, 1))
		return &world->actors[id];
	return world_new_actor(world, id);
}

static inline struct world_object *world_mention_object(struct world *world, unsigned int id)
{
	if (__builtin_expect(id < world->object_count && world->objects[id].known, 1))
		return &world->objects[id];
	return world_new_object(world, id);
}

/* Rows of the table in apply.c; each is told in the file of its kind of object. */
typedef void apply_function(struct apply *apply);
apply_function apply_lost, apply_killed, apply_object_new;
apply_function apply_process_start, apply_process_begin, apply_process_exit, apply_process_join;
apply_function apply_thread_start, apply_thread_begin, apply_thread_exit, apply_thread_join;
apply_function apply_value_read, apply_value_write, apply_array_read, apply_array_write, apply_random_draw;
apply_function apply_lock_acquire, apply_lock_release, apply_event_set, apply_event_clear;
apply_function apply_rlock_acquire, apply_rlock_release, apply_semaphore_acquire, apply_semaphore_release;
apply_function apply_condition_notify;
apply_function apply_barrier_wait, apply_barrier_pass, apply_barrier_abort, apply_barrier_reset;
apply_function apply_pipe_use, apply_pipe_send, apply_pipe_recv, apply_pipe_close;
apply_function apply_manager_call, apply_manager_serve, apply_manager_return, apply_manager_holds;
apply_function apply_simple_put, apply_simple_get, apply_queue_task_done;
apply_function apply_queue_put, apply_queue_feed, apply_queue_feed_wait, apply_queue_get, apply_queue_close;
apply_function apply_pool_submit, apply_pool_task, apply_pool_task_wait, apply_pool_done, apply_pool_result;
apply_function apply_pool_close, apply_pool_terminate, apply_pool_join;
apply_function apply_future_cancel, apply_executor_broken;

/* What the end of a process means for what it held. */
void queue_process_left(struct world *world, int32_t pid);
void pipe_process_left(struct world *world);
void manager_process_left(struct world *world);
void pool_worker_left(struct world *world, const struct world_actor *worker, uint64_t time);

/* Makes room for the elements of an array that `parameter` and the limits allow. */
void array_hold(struct world *world, struct world_object *object);

/* True when the actor has been waiting for this object. */
static inline bool apply_waited(const struct apply *apply)
{
	return apply->actor->state == ACTOR_WAITING && apply->actor->object == apply->object->id;
}

/* ---- items ---- */

void items_push(struct pages *items, const struct world_item *item);
size_t items_find(const struct pages *items, uint32_t number); /* items->count when it is not there */
struct world_item items_take(struct pages *items, size_t at);
void items_keep(struct pages *items, bool (*wanted)(const struct world_item *item, const void *context), const void *context);

/* ---- an object's lists, all of them ---- */

void lists_init(struct world_object *object, size_t *held);
void lists_share(struct world_object *to, const struct world_object *from);
void lists_release(struct world_object *object);
size_t lists_copy_bytes(const struct world_object *object); /* that a copy costs */
size_t lists_bytes(const struct world_object *object);      /* of their pages, shared or not */

/* ---- whole worlds ---- */

void world_clear(struct world *world);                       /* back to before the first event */
size_t world_bytes(const struct world *world);               /* that a copy costs; most pages are shared */
void world_forget_snapshots(struct world_inside *inside);

#endif
