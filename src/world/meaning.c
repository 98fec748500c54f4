/* SPDX-License-Identifier: MIT */
/* From the last event to its meaning: the table, what all meanings share, and why nothing goes on. */
#include "world/meaning.h"

#include <stdarg.h>
#include <string.h>

#include "world/inside.h"

enum {
	CYCLE_SHOWN = 16,
	CYCLE_TOLD = 3,   /* actors: with what each waits for */
	LOOK_BACK = 32, /* events of a step that are looked through for the one that matters */
};

static meaning_function *const meanings[EVENT_KIND_COUNT] = {
	[EVENT_LOST] = mean_lost,
	[EVENT_KILLED] = mean_killed,
	[EVENT_PROCESS_START] = mean_process_start,
	[EVENT_PROCESS_EXIT] = mean_process_exit,
	[EVENT_PROCESS_WAIT] = mean_join_wait,
	[EVENT_PROCESS_JOIN] = mean_process_join,
	[EVENT_PROCESS_REAP] = mean_process_reap,
	[EVENT_PROCESS_TERMINATE] = mean_process_terminate,
	[EVENT_PROCESS_KILL] = mean_process_kill,
	[EVENT_THREAD_START] = mean_thread_start,
	[EVENT_THREAD_WAIT] = mean_join_wait,
	[EVENT_SLEEP] = mean_sleep,
	[EVENT_WAKE] = mean_wake,
	[EVENT_VALUE_READ] = mean_value_read,
	[EVENT_VALUE_WRITE] = mean_value_write,
	[EVENT_ARRAY_READ] = mean_array_read,
	[EVENT_ARRAY_WRITE] = mean_array_write,
	[EVENT_LOCK_WAIT] = mean_lock_wait,
	[EVENT_LOCK_ACQUIRE] = mean_lock_acquire,
	[EVENT_LOCK_RELEASE] = mean_lock_release,
	[EVENT_RLOCK_WAIT] = mean_lock_wait,
	[EVENT_RLOCK_ACQUIRE] = mean_rlock_acquire,
	[EVENT_RLOCK_RELEASE] = mean_rlock_release,
	[EVENT_SEMAPHORE_WAIT] = mean_semaphore_wait,
	[EVENT_SEMAPHORE_ACQUIRE] = mean_semaphore_acquire,
	[EVENT_SEMAPHORE_RELEASE] = mean_semaphore_release,
	[EVENT_CONDITION_WAIT] = mean_condition_wait,
	[EVENT_CONDITION_WOKEN] = mean_condition_woken,
	[EVENT_CONDITION_NOTIFY] = mean_condition_notify,
	[EVENT_CONDITION_NOTIFY_WAIT] = mean_condition_notify_wait,
	[EVENT_EVENT_SET] = mean_event_set,
	[EVENT_EVENT_CLEAR] = mean_event_clear,
	[EVENT_EVENT_WAIT] = mean_event_wait,
	[EVENT_EVENT_PASS] = mean_event_pass,
	[EVENT_BARRIER_WAIT] = mean_barrier_wait,
	[EVENT_BARRIER_PASS] = mean_barrier_pass,
	[EVENT_BARRIER_ABORT] = mean_barrier_abort,
	[EVENT_BARRIER_RESET] = mean_barrier_reset,
	[EVENT_PIPE_SEND] = mean_pipe_send,
	[EVENT_PIPE_SEND_WAIT] = mean_pipe_send_wait,
	[EVENT_PIPE_RECV] = mean_pipe_recv,
	[EVENT_PIPE_WAIT] = mean_pipe_wait,
	[EVENT_PIPE_POLL] = mean_pipe_poll,
	[EVENT_PIPE_CLOSE] = mean_pipe_close,
	[EVENT_QUEUE_PUT] = mean_queue_put,
	[EVENT_QUEUE_PUT_WAIT] = mean_queue_put_wait,
	[EVENT_QUEUE_FEED] = mean_queue_feed,
	[EVENT_QUEUE_FEED_WAIT] = mean_queue_feed_wait,
	[EVENT_QUEUE_GET] = mean_queue_get,
	[EVENT_QUEUE_WAIT] = mean_queue_wait,
	[EVENT_QUEUE_EMPTY] = mean_queue_empty,
	[EVENT_QUEUE_QSIZE] = mean_queue_qsize,
	[EVENT_QUEUE_CLOSE] = mean_queue_close,
	[EVENT_QUEUE_JOIN_WAIT] = mean_queue_join_wait,
	[EVENT_POOL_SUBMIT] = mean_pool_submit,
	[EVENT_POOL_TASK] = mean_pool_task,
	[EVENT_POOL_TASK_WAIT] = mean_pool_task_wait,
	[EVENT_POOL_DONE] = mean_pool_done,
	[EVENT_POOL_RESULT_WAIT] = mean_pool_result_wait,
	[EVENT_POOL_CLOSE] = mean_pool_close,
	[EVENT_POOL_TERMINATE] = mean_pool_terminate,
	[EVENT_POOL_CALLBACK] = mean_pool_callback,
	[EVENT_EXECUTOR_BROKEN] = mean_executor_broken,
	[EVENT_EXECUTOR_SHUTDOWN] = mean_pool_close,
	[EVENT_FUTURE_WAIT] = mean_future_wait,
	[EVENT_FUTURE_CANCEL] = mean_future_cancel,
	[EVENT_RANDOM_DRAW] = mean_draw,
	[EVENT_QUEUE_TASK_DONE] = mean_queue_task_done,
	[EVENT_QUEUE_JOIN] = mean_queue_join,
	[EVENT_QUEUE_TASKS_WAIT] = mean_queue_tasks_wait,
	[EVENT_SIMPLE_PUT] = mean_simple_put,
	[EVENT_SIMPLE_PUT_WAIT] = mean_simple_put_wait,
	[EVENT_SIMPLE_GET] = mean_simple_get,
	[EVENT_SIMPLE_WAIT] = mean_simple_wait,
	[EVENT_MANAGER_CALL] = mean_manager_call,
	[EVENT_MANAGER_WAIT] = mean_manager_wait,
	[EVENT_MANAGER_RETURN] = mean_manager_return,
	[EVENT_MANAGER_SERVE] = mean_manager_serve,
	[EVENT_MANAGER_SHUTDOWN] = mean_manager_shutdown,
};

/* ---- shared ---- */

void begin_sentence(struct telling *telling)
{
	if (telling->sentences++ > 0)
		text_add_char(telling->out, ' ');
}

void say(struct telling *telling, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	begin_sentence(telling);
	text_vprintf(telling->out, format, arguments);
	va_end(arguments);
}

void say_more(struct telling *telling, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	text_vprintf(telling->out, format, arguments);
	va_end(arguments);
}

size_t waiting_for(const struct telling *telling, enum event_kind wait, uint16_t names[NAMES_SHOWN])
{
	const struct world *world = telling->world;
	size_t count = 0;
	for (size_t id = 0; id < world->actor_count; id++) {
		const struct world_actor *actor = &world->actors[id];
		if (!actor->known || actor->state != ACTOR_WAITING || actor->last_kind != wait ||
		    telling->object == NULL || actor->object != telling->object->id)
			continue;
		if (count < NAMES_SHOWN)
			names[count] = (uint16_t)id;
		count++;
	}
	return count;
}

void say_names(struct telling *telling, const uint16_t *names, size_t total)
{
	add_names(telling->out, telling->world, names, total < NAMES_SHOWN ? total : NAMES_SHOWN, total);
}

void say_message(struct telling *telling, const char *otherwise)
{
	const char *text = history_text(telling->world->history, telling->index, NULL);
	if (text[0] == '\0')
		text_add(telling->out, otherwise);
	add_message(telling->out, text, (telling->event->flags & EVENT_CUT) != 0);
}

const struct about *about_of(const struct telling *telling, unsigned int actor)
{
	if (actor >= telling->about_count || telling->about == NULL || !telling->about[actor].known)
		return NULL;
	return &telling->about[actor];
}

const struct world_object *lock_held_by(const struct world *world, unsigned int actor)
{
	for (size_t id = 0; id < world->object_count; id++)
		if (world->objects[id].known && world->objects[id].holder == actor)
			return &world->objects[id];
	return NULL;
}

void say_clause(struct telling *telling)
{
	begin_sentence(telling);
	narrative_event(telling->out, telling->world, telling->index);
	narrative_full_stop(telling->out);
}

/* ---- nobody can go on ---- */

static bool say_cycle(struct telling *telling)
{
	uint16_t actors[CYCLE_SHOWN];
	size_t count = world_wait_cycle(telling->world, actors, CYCLE_SHOWN);
	size_t shown = count < CYCLE_SHOWN ? count : CYCLE_SHOWN;
	if (count == 0)
		return false;
	say(telling, count == 1 ? "A deadlock: " : "A deadlock, for each waits for the next in a circle: ");
	for (size_t i = 0; i < shown && count <= CYCLE_TOLD; i++) {
		say_more(telling, "%s%s ", i == 0 ? "" : "; ", world_actor_name(telling->world, actors[i]));
		add_wait(telling->out, telling->world, world_actor(telling->world, actors[i]));
	}
	/* Many in a circle: who waits for whom; what for stands in their lanes. */
	for (size_t i = 0; i < shown && count > CYCLE_TOLD; i++)
		say_more(telling, "%s%s for %s", i == 0 ? "" : ", ", world_actor_name(telling->world, actors[i]),
		         world_actor_name(telling->world, actors[(i + 1) % count < shown ? (i + 1) % count : shown - 1]));
	say_more(telling, count > shown ? "; …" : ".");
	return true;
}

/* Who waits for the same as the one before is told in three words: a screen has few lines for this. */
static void say_waiter(struct telling *telling, const struct world_actor *actor, struct text *before)
{
	struct text wait = TEXT_INIT;

	add_wait(&wait, telling->world, actor);
	if (strcmp(wait.bytes, before->bytes) == 0)
		say_more(telling, "; so does %s", actor->name);
	else
		say_more(telling, "%s%s %s", before->length == 0 ? "" : "; ", actor->name, wait.bytes);
	text_release(before);
	*before = wait;
}

static void say_waiters(struct telling *telling)
{
	struct text before = TEXT_INIT;
	size_t count = 0;
	say(telling, "Nobody is left who could wake anybody: ");
	for (size_t id = 0; id < telling->world->actor_count; id++) {
		const struct world_actor *actor = &telling->world->actors[id];
		if (!actor->known || actor->state != ACTOR_WAITING || actor->kind == ACTOR_HELPER ||
		    actor->last_kind == EVENT_MANAGER_SERVE_WAIT)
			continue;
		if (count < NAMES_SHOWN)
			say_waiter(telling, actor, &before);
		count++;
	}
	if (count > NAMES_SHOWN)
		say_more(telling, "; and %zu more", count - NAMES_SHOWN);
	say_more(telling, ".");
	text_release(&before);
}

static bool say_deadlock(struct telling *telling)
{
	if (!world_is_stuck(telling->world))
		return false;
	if (!say_cycle(telling))
		say_waiters(telling);
	return true;
}

void narrative_deadlock(struct text *out, const struct world *world)
{
	struct telling telling = {.out = out, .world = world};
	say_deadlock(&telling);
}

/* ---- the last event ---- */

static void say_beginning(struct telling *telling)
{
	for (size_t id = 0; id < telling->about_count; id++) {
		const struct about *about = about_of(telling, (unsigned int)id);
		if (about == NULL || !about->ready)
			continue;
		const struct world_actor *actor = world_actor(telling->world, (unsigned int)id);
		say(telling, "This is the beginning: %s is about to ", actor != NULL ? actor->name : "the lesson's main");
		narrative_about(telling->out, telling->world, about);
		narrative_full_stop(telling->out);
		return;
	}
	say(telling, "Nothing has happened yet.");
}

/* What follows by itself from what was done before it in the same step. */
static bool follows_by_itself(unsigned int kind)
{
	static const bool follows[EVENT_KIND_COUNT] = {
		[EVENT_OUTPUT] = true, [EVENT_OBJECT_NEW] = true,
		[EVENT_PROCESS_BEGIN] = true, [EVENT_THREAD_BEGIN] = true,
		[EVENT_POOL_TASK_WAIT] = true, [EVENT_POOL_RESULT_WAIT] = true, [EVENT_FUTURE_WAIT] = true, [EVENT_QUEUE_FEED_WAIT] = true,
		[EVENT_MANAGER_SERVE_WAIT] = true, [EVENT_MANAGER_HOLDS] = true,
	};
	return kind < EVENT_KIND_COUNT && follows[kind];
}

/* Where the step began that the event belongs to; the event itself when there are no steps. */
static uint64_t step_begin(const struct history *history, uint64_t index)
{
	uint64_t begin = history_step_position(history, history_step_of(history, index));
	if (history_steps(history) == 0)
		return index;
	return index - begin < LOOK_BACK ? begin : index - LOOK_BACK;
}

/* The last event of the step that did not follow by itself; without one, the last. */
static uint64_t event_that_matters(const struct world *world)
{
	uint64_t last = world->position - 1;
	uint64_t begin = step_begin(world->history, last);
	for (uint64_t index = last + 1; index > begin; index--) {
		const struct wire_event *event = history_at(world->history, index - 1);
		if (event != NULL && !follows_by_itself(event->kind))
			return index - 1;
	}
	return last;
}

static void look_at(struct telling *telling)
{
	const struct wire_event *event = telling->event;
	telling->actor = world_actor(telling->world, event->actor);
	telling->object = event->object != 0 ? world_object(telling->world, event->object) : NULL;
	telling->name = world_actor_name(telling->world, event->actor);
	telling->thing = world_object_name(telling->world, event->object);
	telling->failed = (event->flags & EVENT_FAILED) != 0;
}

/* Meanings of events on objects need the object, of the kind that the event is for. */
static bool has_meaning(const struct telling *telling)
{
	unsigned int kind = telling->event->kind;
	if (kind >= EVENT_KIND_COUNT || meanings[kind] == NULL)
		return false;
	enum object_kind needed = apply_object_kind(kind);
	return needed == OBJECT_NONE || (telling->object != NULL && telling->object->kind == needed);
}

void narrative_meaning(struct text *out, const struct world *world, const struct about *about, size_t about_count)
{
	struct telling telling = {.out = out, .world = world, .about = about, .about_count = about_count};
	if (world->position <= history_step_position(world->history, 0)) {
		say_beginning(&telling);
		return;
	}
	telling.index = event_that_matters(world);
	telling.event = history_at(world->history, telling.index);
	if (telling.event == NULL)
		return;
	look_at(&telling);
	if (say_deadlock(&telling))
		return;
	if (has_meaning(&telling))
		meanings[telling.event->kind](&telling);
	if (telling.sentences == 0)
		say_clause(&telling);
	say_standing_danger(&telling);
	if (telling.sentences < 2)
		say_barrier_nearly_full(&telling);
}
