/* SPDX-License-Identifier: MIT */
/*
 * What an event means, in sentences. Each kind of object has a file of its own (meaning_*.c); the
 * table from event kind to function is in meaning.c. Nobody outside this folder includes it.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_WORLD_MEANING_H
#define LOCKSTEP_WORLD_MEANING_H

#include "world/narrative_inside.h"

enum {
	NAMES_SHOWN = 4, /* of a list of actors; the rest is "and 3 more" */
};

struct telling {
	struct text *out;
	const struct world *world;
	const struct about *about;
	size_t about_count;
	uint64_t index;                   /* of the last event */
	const struct wire_event *event;
	const struct world_actor *actor;  /* who did it */
	const struct world_object *object; /* NULL: the event names none */
	const char *name;                 /* the actor's */
	const char *thing;                /* the object's */
	bool failed;
	int sentences;                    /* told so far */
};

/* Begins a sentence (with a space before it, after the first). What is added next belongs to it. */
void begin_sentence(struct telling *telling);
void say(struct telling *telling, const char *format, ...) __attribute__((format(printf, 2, 3)));
void say_more(struct telling *telling, const char *format, ...) __attribute__((format(printf, 2, 3)));

void say_clause(struct telling *telling); /* the event as one short clause */

/* Those who wait for the event's object with this kind of wait: count, and up to NAMES_SHOWN ids. */
size_t waiting_for(const struct telling *telling, enum event_kind wait, uint16_t names[NAMES_SHOWN]);
void say_names(struct telling *telling, const uint16_t *names, size_t total);

/* The event's text, as add_message; without one, `otherwise`. */
void say_message(struct telling *telling, const char *otherwise);

/* What an actor is about to do; NULL when that is not known. */
const struct about *about_of(const struct telling *telling, unsigned int actor);

/* A lock that the actor holds, or NULL. */
const struct world_object *lock_held_by(const struct world *world, unsigned int actor);

typedef void meaning_function(struct telling *telling);
meaning_function mean_value_read, mean_value_write, mean_array_read, mean_array_write, mean_draw;
meaning_function mean_lock_wait, mean_lock_acquire, mean_lock_release;
meaning_function mean_rlock_acquire, mean_rlock_release;
meaning_function mean_semaphore_wait, mean_semaphore_acquire, mean_semaphore_release;
meaning_function mean_condition_wait, mean_condition_woken, mean_condition_notify, mean_condition_notify_wait;
meaning_function mean_event_set, mean_event_clear, mean_event_wait, mean_event_pass;
meaning_function mean_barrier_wait, mean_barrier_pass, mean_barrier_abort, mean_barrier_reset;
meaning_function mean_pipe_send, mean_pipe_send_wait, mean_pipe_recv, mean_pipe_wait, mean_pipe_poll, mean_pipe_close;
meaning_function mean_queue_put, mean_queue_put_wait, mean_queue_feed, mean_queue_feed_wait, mean_queue_get;
meaning_function mean_queue_wait, mean_queue_empty, mean_queue_qsize, mean_queue_close, mean_queue_join_wait;
meaning_function mean_queue_task_done, mean_queue_join, mean_queue_tasks_wait;
meaning_function mean_simple_put, mean_simple_put_wait, mean_simple_get, mean_simple_wait;
meaning_function mean_manager_call, mean_manager_wait, mean_manager_return, mean_manager_serve, mean_manager_shutdown;
meaning_function mean_pool_submit, mean_pool_task, mean_pool_task_wait, mean_pool_done, mean_pool_result_wait;
meaning_function mean_pool_close, mean_pool_terminate, mean_pool_callback;
meaning_function mean_executor_broken, mean_future_wait, mean_future_cancel;
meaning_function mean_process_start, mean_thread_start, mean_process_exit, mean_join_wait, mean_process_join;
meaning_function mean_process_reap, mean_process_terminate, mean_process_kill, mean_killed, mean_sleep, mean_wake, mean_lost;

/* The danger of a lost update that stands in some value, whatever the last event was. */
void say_standing_danger(struct telling *telling);
void say_barrier_nearly_full(struct telling *telling);

#endif
