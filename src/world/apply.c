/* SPDX-License-Identifier: MIT */
/*
 * Events applied, one by one: first what it does to its object (a row of the table below), then what it
 * means for its actor, which follows from the kind's state alone.
 */
#include "world/inside.h"

struct apply_rule {
	apply_function *change;
	uint8_t of;           /* the change is for objects of this kind only; OBJECT_NONE: for any, or none */
	bool also_failed;     /* a failed operation tells something too */
	bool of_reader;       /* told by the reader about an actor, which itself has done nothing */
};

static const struct apply_rule rules[EVENT_KIND_COUNT] = {
	[EVENT_LOST] = {.change = apply_lost, .of_reader = true},
	[EVENT_KILLED] = {.change = apply_killed, .also_failed = true, .of_reader = true},
	[EVENT_OUTPUT] = {.of_reader = true},
	[EVENT_OBJECT_NEW] = {.change = apply_object_new},
	[EVENT_PROCESS_START] = {.change = apply_process_start},
	[EVENT_PROCESS_BEGIN] = {.change = apply_process_begin},
	[EVENT_PROCESS_EXIT] = {.change = apply_process_exit},
	[EVENT_PROCESS_JOIN] = {.change = apply_process_join},
	[EVENT_PROCESS_REAP] = {.change = apply_process_join}, /* for the world it is the same */
	[EVENT_THREAD_START] = {.change = apply_thread_start},
	[EVENT_THREAD_BEGIN] = {.change = apply_thread_begin},
	[EVENT_THREAD_EXIT] = {.change = apply_thread_exit},
	[EVENT_THREAD_JOIN] = {.change = apply_thread_join},
	[EVENT_VALUE_READ] = {.change = apply_value_read, .of = OBJECT_VALUE},
	[EVENT_VALUE_WRITE] = {.change = apply_value_write, .of = OBJECT_VALUE},
	[EVENT_ARRAY_READ] = {.change = apply_array_read, .of = OBJECT_ARRAY},
	[EVENT_ARRAY_WRITE] = {.change = apply_array_write, .of = OBJECT_ARRAY},
	[EVENT_LOCK_WAIT] = {.of = OBJECT_LOCK},
	[EVENT_LOCK_ACQUIRE] = {.change = apply_lock_acquire, .of = OBJECT_LOCK},
	[EVENT_LOCK_RELEASE] = {.change = apply_lock_release, .of = OBJECT_LOCK},
	[EVENT_RLOCK_WAIT] = {.of = OBJECT_RLOCK},
	[EVENT_RLOCK_ACQUIRE] = {.change = apply_rlock_acquire, .of = OBJECT_RLOCK},
	[EVENT_RLOCK_RELEASE] = {.change = apply_rlock_release, .of = OBJECT_RLOCK},
	[EVENT_SEMAPHORE_WAIT] = {.of = OBJECT_SEMAPHORE},
	[EVENT_SEMAPHORE_ACQUIRE] = {.change = apply_semaphore_acquire, .of = OBJECT_SEMAPHORE},
	[EVENT_SEMAPHORE_RELEASE] = {.change = apply_semaphore_release, .of = OBJECT_SEMAPHORE},
	[EVENT_SEMAPHORE_VALUE] = {.of = OBJECT_SEMAPHORE},
	[EVENT_CONDITION_WAIT] = {.of = OBJECT_CONDITION},
	[EVENT_CONDITION_WOKEN] = {.of = OBJECT_CONDITION},
	[EVENT_CONDITION_NOTIFY] = {.change = apply_condition_notify, .of = OBJECT_CONDITION},
	[EVENT_CONDITION_NOTIFY_WAIT] = {.of = OBJECT_CONDITION},
	[EVENT_EVENT_SET] = {.change = apply_event_set, .of = OBJECT_EVENT},
	[EVENT_EVENT_CLEAR] = {.change = apply_event_clear, .of = OBJECT_EVENT},
	[EVENT_EVENT_IS_SET] = {.of = OBJECT_EVENT},
	[EVENT_EVENT_WAIT] = {.of = OBJECT_EVENT},
	[EVENT_EVENT_PASS] = {.of = OBJECT_EVENT},
	[EVENT_BARRIER_WAIT] = {.change = apply_barrier_wait, .of = OBJECT_BARRIER},
	[EVENT_BARRIER_PASS] = {.change = apply_barrier_pass, .of = OBJECT_BARRIER, .also_failed = true},
	[EVENT_BARRIER_ABORT] = {.change = apply_barrier_abort, .of = OBJECT_BARRIER},
	[EVENT_BARRIER_RESET] = {.change = apply_barrier_reset, .of = OBJECT_BARRIER},
	[EVENT_PIPE_SEND] = {.change = apply_pipe_send, .of = OBJECT_PIPE},
	[EVENT_PIPE_SEND_WAIT] = {.change = apply_pipe_use, .of = OBJECT_PIPE},
	[EVENT_PIPE_RECV] = {.change = apply_pipe_recv, .of = OBJECT_PIPE, .also_failed = true},
	[EVENT_PIPE_WAIT] = {.change = apply_pipe_use, .of = OBJECT_PIPE},
	[EVENT_PIPE_POLL] = {.change = apply_pipe_use, .of = OBJECT_PIPE},
	[EVENT_PIPE_CLOSE] = {.change = apply_pipe_close, .of = OBJECT_PIPE},
	[EVENT_QUEUE_PUT] = {.change = apply_queue_put, .of = OBJECT_QUEUE},
	[EVENT_QUEUE_PUT_WAIT] = {.of = OBJECT_QUEUE},
	[EVENT_QUEUE_FEED] = {.change = apply_queue_feed, .of = OBJECT_QUEUE},
	[EVENT_QUEUE_FEED_WAIT] = {.change = apply_queue_feed_wait, .of = OBJECT_QUEUE},
	[EVENT_QUEUE_GET] = {.change = apply_queue_get, .of = OBJECT_QUEUE},
	[EVENT_QUEUE_WAIT] = {.of = OBJECT_QUEUE},
	[EVENT_QUEUE_EMPTY] = {.of = OBJECT_QUEUE},
	[EVENT_QUEUE_QSIZE] = {.of = OBJECT_QUEUE},
	[EVENT_QUEUE_CLOSE] = {.change = apply_queue_close, .of = OBJECT_QUEUE},
	[EVENT_QUEUE_JOIN_THREAD] = {.of = OBJECT_QUEUE},
	[EVENT_QUEUE_JOIN_WAIT] = {.of = OBJECT_QUEUE},
	[EVENT_POOL_SUBMIT] = {.change = apply_pool_submit, .of = OBJECT_POOL},
	[EVENT_POOL_TASK] = {.change = apply_pool_task, .of = OBJECT_POOL},
	[EVENT_POOL_TASK_WAIT] = {.change = apply_pool_task_wait, .of = OBJECT_POOL},
	[EVENT_POOL_DONE] = {.change = apply_pool_done, .of = OBJECT_POOL, .also_failed = true},
	[EVENT_POOL_RESULT] = {.change = apply_pool_result, .of = OBJECT_POOL, .also_failed = true},
	[EVENT_POOL_RESULT_WAIT] = {.of = OBJECT_POOL},
	[EVENT_POOL_GET] = {.of = OBJECT_POOL},
	[EVENT_POOL_CLOSE] = {.change = apply_pool_close, .of = OBJECT_POOL},
	[EVENT_POOL_TERMINATE] = {.change = apply_pool_terminate, .of = OBJECT_POOL},
	[EVENT_POOL_JOIN] = {.change = apply_pool_join, .of = OBJECT_POOL},
	[EVENT_POOL_CALLBACK] = {.of = OBJECT_POOL},
	[EVENT_EXECUTOR_BROKEN] = {.change = apply_executor_broken, .of = OBJECT_POOL},
	[EVENT_EXECUTOR_SHUTDOWN] = {.change = apply_pool_close, .of = OBJECT_POOL},
	[EVENT_FUTURE_WAIT] = {.of = OBJECT_POOL},
	[EVENT_FUTURE_RESULT] = {.of = OBJECT_POOL},
	[EVENT_FUTURE_CANCEL] = {.change = apply_future_cancel, .of = OBJECT_POOL},
	[EVENT_FUTURE_ASK] = {.of = OBJECT_POOL},
	[EVENT_FUTURE_CALLBACK] = {.of = OBJECT_POOL},
	[EVENT_RANDOM_DRAW] = {.change = apply_random_draw, .of = OBJECT_RANDOM},
	[EVENT_QUEUE_TASK_DONE] = {.change = apply_queue_task_done, .of = OBJECT_QUEUE},
	[EVENT_QUEUE_JOIN] = {.of = OBJECT_QUEUE},
	[EVENT_QUEUE_TASKS_WAIT] = {.of = OBJECT_QUEUE},
	[EVENT_SIMPLE_PUT] = {.change = apply_simple_put, .of = OBJECT_SIMPLE_QUEUE},
	[EVENT_SIMPLE_PUT_WAIT] = {.of = OBJECT_SIMPLE_QUEUE},
	[EVENT_SIMPLE_GET] = {.change = apply_simple_get, .of = OBJECT_SIMPLE_QUEUE},
	[EVENT_SIMPLE_WAIT] = {.of = OBJECT_SIMPLE_QUEUE},
	[EVENT_SIMPLE_EMPTY] = {.of = OBJECT_SIMPLE_QUEUE},
	[EVENT_SIMPLE_CLOSE] = {.change = apply_queue_close, .of = OBJECT_SIMPLE_QUEUE},
	[EVENT_MANAGER_CALL] = {.change = apply_manager_call, .of = OBJECT_MANAGER},
	[EVENT_MANAGER_WAIT] = {.of = OBJECT_MANAGER},
	[EVENT_MANAGER_RETURN] = {.change = apply_manager_return, .of = OBJECT_MANAGER, .also_failed = true},
	[EVENT_MANAGER_SERVE] = {.change = apply_manager_serve, .of = OBJECT_MANAGER},
	[EVENT_MANAGER_SERVE_WAIT] = {.of = OBJECT_MANAGER},
	[EVENT_MANAGER_HOLDS] = {.change = apply_manager_holds},
	[EVENT_MANAGER_SHUTDOWN] = {.change = apply_queue_close, .of = OBJECT_MANAGER},
};

static const uint8_t states_after[EVENT_KIND_COUNT] = {
#define X(kind, op, after, mark, words) [kind] = after,
	EVENT_KINDS(X)
#undef X
};

/* Kinds that a newer writer knows, or garbage, are as one. */
static unsigned int known_kind(unsigned int kind)
{
	return kind < EVENT_KIND_COUNT ? kind : EVENT_UNKNOWN;
}

enum object_kind apply_object_kind(unsigned int event_kind)
{
	return (enum object_kind)rules[known_kind(event_kind)].of;
}

/* Whether the event says of its object what events of its kind say. */
static bool is_telling(const struct apply *apply, const struct apply_rule *rule)
{
	if ((apply->event->flags & EVENT_FAILED) != 0 && !rule->also_failed)
		return false;
	return rule->of == OBJECT_NONE || (apply->object != NULL && apply->object->kind == rule->of);
}

static inline void change_object(struct apply *apply, const struct apply_rule *rule)
{
	struct world_object *object = apply->object;
	if (object != NULL) {
		object->operations++;
		object->last_event = apply->index;
		if (object->kind == OBJECT_NONE)
			object->kind = rule->of;
	}
	if (rule->change != NULL && is_telling(apply, rule))
		rule->change(apply);
}

static uint64_t deadline_of(const struct wire_event *event)
{
	uint64_t deadline;
	if (event->value < 0)
		return event->time;
	return __builtin_add_overflow(event->time, (uint64_t)event->value, &deadline) ? UINT64_MAX : deadline;
}

static void enter_state(struct world_actor *actor, unsigned int state, const struct wire_event *event, uint64_t index)
{
	bool begins = event->kind == EVENT_PROCESS_BEGIN || event->kind == EVENT_THREAD_BEGIN;
	if (actor->state == ACTOR_EXITED && !begins)
		return; /* the dead stay dead, whatever is told late */
	actor->since = event->time;
	actor->since_event = index;
	actor->state = (uint8_t)state;
	actor->object = state == ACTOR_WAITING ? event->object : 0;
	actor->waits_for = WORLD_NO_ACTOR;
	if (event->kind == EVENT_PROCESS_WAIT || event->kind == EVENT_THREAD_WAIT)
		actor->waits_for = (uint16_t)event->aux;
	actor->deadline = state == ACTOR_SLEEPING ? deadline_of(event) : 0;
}

static inline void change_actor(struct world_actor *actor, unsigned int state, const struct wire_event *event, uint64_t index)
{
	if (state != ACTOR_RUNNING || actor->state != ACTOR_RUNNING)
		enter_state(actor, state, event, index);
	actor->last_kind = event->kind;
	actor->last_event = index;
	actor->place = event->place;
	actor->operations++;
}

void apply_events(struct world *world, const struct wire_event *events, uint64_t count)
{
	for (const struct wire_event *event = events; event < events + count; event++) {
		unsigned int kind = known_kind(event->kind);
		const struct apply_rule *rule = &rules[kind];
		struct apply apply = {.world = world, .event = event, .index = world->position};
		world->time = event->time;
		apply.actor = world_mention_actor(world, event->actor);
		if (event->object != 0)
			apply.object = world_mention_object(world, event->object);
		change_object(&apply, rule);
		if (!rule->of_reader) /* the change may have moved them */
			change_actor(&world->actors[event->actor], states_after[kind], event, apply.index);
		world->position++;
	}
}
