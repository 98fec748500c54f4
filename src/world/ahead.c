/* SPDX-License-Identifier: MIT */
/*
 * An actor at the gate was about to do what its next event tells. One that must wait first tells of
 * the wait and does it later: both belong to the one operation that it stood before.
 */
#include "world/ahead.h"

#include <string.h>

#include "base/utf8.h"

/* What a wait is for, where nothing that came later tells it. */
static const uint8_t purposes[EVENT_KIND_COUNT] = {
	[EVENT_PROCESS_WAIT] = EVENT_PROCESS_JOIN,
	[EVENT_THREAD_WAIT] = EVENT_THREAD_JOIN,
	[EVENT_LOCK_WAIT] = EVENT_LOCK_ACQUIRE,
	[EVENT_RLOCK_WAIT] = EVENT_RLOCK_ACQUIRE,
	[EVENT_SEMAPHORE_WAIT] = EVENT_SEMAPHORE_ACQUIRE,
	[EVENT_CONDITION_WAIT] = EVENT_CONDITION_WOKEN,
	[EVENT_CONDITION_NOTIFY_WAIT] = EVENT_CONDITION_NOTIFY,
	[EVENT_EVENT_WAIT] = EVENT_EVENT_PASS,
	[EVENT_BARRIER_WAIT] = EVENT_BARRIER_WAIT,
	[EVENT_PIPE_SEND_WAIT] = EVENT_PIPE_SEND,
	[EVENT_PIPE_WAIT] = EVENT_PIPE_RECV,
	[EVENT_QUEUE_PUT_WAIT] = EVENT_QUEUE_PUT,
	[EVENT_QUEUE_FEED_WAIT] = EVENT_QUEUE_FEED,
	[EVENT_QUEUE_WAIT] = EVENT_QUEUE_GET,
	[EVENT_QUEUE_JOIN_WAIT] = EVENT_QUEUE_JOIN_THREAD,
	[EVENT_QUEUE_TASKS_WAIT] = EVENT_QUEUE_JOIN,
	[EVENT_SIMPLE_PUT_WAIT] = EVENT_SIMPLE_PUT,
	[EVENT_SIMPLE_WAIT] = EVENT_SIMPLE_GET,
	[EVENT_MANAGER_WAIT] = EVENT_MANAGER_RETURN,
	[EVENT_MANAGER_SERVE_WAIT] = EVENT_MANAGER_SERVE,
	[EVENT_POOL_TASK_WAIT] = EVENT_POOL_TASK,
	[EVENT_POOL_RESULT_WAIT] = EVENT_POOL_RESULT,
	[EVENT_FUTURE_WAIT] = EVENT_FUTURE_RESULT,
};

/* Nobody is about to do these: they happen while a run settles, on the way, or are told of somebody by others. */
static bool happens_by_itself(unsigned int kind)
{
	return kind == EVENT_LOST || kind == EVENT_KILLED || kind == EVENT_OUTPUT || kind == EVENT_PROCESS_BEGIN ||
	       kind == EVENT_PROCESS_REAP || kind == EVENT_THREAD_BEGIN || kind == EVENT_WAKE;
}

uint64_t ahead_next_deed(const struct history *history, unsigned int actor, uint64_t from)
{
	uint64_t count = history_actor_count(history, actor);
	for (uint64_t n = history_actor_below(history, actor, from); n < count; n++) {
		uint64_t index = history_actor_nth(history, actor, n);
		if (!happens_by_itself(history_at(history, index)->kind))
			return index;
	}
	return HISTORY_NONE;
}

/* A wait that is only the beginning of another operation, told by an event of its own. */
static bool only_begins(unsigned int kind)
{
	return kind < EVENT_KIND_COUNT && purposes[kind] != EVENT_UNKNOWN && event_kind_info(kind)->mark == 0;
}

static bool starts_helper(const struct history *history, const struct wire_event *event)
{
	uint64_t born = event->kind == EVENT_THREAD_START ? history_actor_next(history, event->aux, 0) : HISTORY_NONE;
	return born != HISTORY_NONE && history_at(history, born)->kind == EVENT_THREAD_BEGIN &&
	       history_at(history, born)->aux == 1;
}

/* Who joins a pool waits for each of its workers first. */
static bool joins_pool(const struct wire_event *event, const struct wire_event *begun)
{
	return event->kind == EVENT_POOL_JOIN && event->place == begun->place &&
	       (begun->kind == EVENT_PROCESS_WAIT || begun->kind == EVENT_THREAD_WAIT);
}

/*
 * What became of the operation that `begun` belongs to: the actor's first event on the same object.
 * What it does on others before that belongs to it as long as the same line of the lesson does it.
 */
static uint64_t outcome_of(const struct history *history, unsigned int actor, const struct wire_event *begun, uint64_t from)
{
	uint64_t index = ahead_next_deed(history, actor, from);
	for (; index != HISTORY_NONE; index = ahead_next_deed(history, actor, index + 1)) {
		const struct wire_event *event = history_at(history, index);
		if (joins_pool(event, begun) || (event->object == begun->object && !only_begins(event->kind)))
			return index;
		if (event->object != begun->object && event->place != begun->place)
			return HISTORY_NONE;
	}
	return HISTORY_NONE;
}

/* Who sleeps on a condition gives its lock back first; a queue's first put starts its feeder first. */
static unsigned int purpose_behind(const struct history *history, const struct wire_event *event)
{
	if (event->kind == EVENT_LOCK_RELEASE || event->kind == EVENT_RLOCK_RELEASE)
		return EVENT_CONDITION_WAIT;
	return starts_helper(history, event) ? EVENT_QUEUE_PUT : EVENT_UNKNOWN;
}

/* The event that tells best of the operation which begins with the event at `index`. */
static uint64_t whole_deed(const struct history *history, unsigned int actor, uint64_t index)
{
	const struct wire_event *event = history_at(history, index);
	unsigned int purpose = purpose_behind(history, event);
	if (purpose != EVENT_UNKNOWN) {
		uint64_t next = ahead_next_deed(history, actor, index + 1);
		const struct wire_event *behind = history_at(history, next);
		return behind != NULL && behind->kind == purpose && behind->place == event->place ? next : index;
	}
	if (!only_begins(event->kind))
		return index;
	uint64_t outcome = outcome_of(history, actor, event, index + 1);
	return outcome != HISTORY_NONE ? outcome : index;
}

static void copy_start(char *out, size_t size, const char *text)
{
	size_t length = utf8_cut(text, strlen(text), size - 1);
	memcpy(out, text, length);
	out[length] = '\0';
}

/* Handlers of a pool, workers and who called it wait alike for its results. */
static uint8_t purpose_of(const struct world *world, const struct wire_event *wait)
{
	const struct world_actor *actor = world_actor(world, wait->actor);
	const struct world_object *pool = world_object(world, wait->object);
	if (wait->kind != EVENT_POOL_RESULT_WAIT || actor == NULL || actor->kind == ACTOR_HELPER)
		return purposes[wait->kind];
	return pool != NULL && pool->closed ? EVENT_POOL_JOIN : EVENT_POOL_GET;
}

/* As the gate would have told it: how it ends is not known before. */
static void tell(struct about *about, const struct world *world, uint64_t index)
{
	const struct history *history = world->history;
	const struct wire_event *event = history_at(history, index);
	const char *text = history_text(history, index, NULL);
	about->known = true;
	about->kind = only_begins(event->kind) ? purpose_of(world, event) : event->kind;
	about->flags = event->flags & (uint8_t)~(EVENT_FAILED | EVENT_CUT);
	about->object = event->object;
	about->aux = event->aux;
	about->place = event->place;
	about->value = event->value;
	copy_start(about->text, sizeof about->text, text);
	if (strlen(about->text) < strlen(text))
		about->flags |= EVENT_CUT;
}

/* The clock after a step, which may have jumped to the next deadline: what comes next is told at that time. */
static uint64_t time_now(const struct world *world)
{
	const struct wire_event *next = history_at(world->history, world->position);
	return next != NULL ? next->time : world->time;
}

/*
 * Readers of a queue wait inside or for its lock, which nobody tells of. One that found nothing to be
 * had finds the same as long as nothing has been told of the queue.
 */
static bool has_no_news(const struct world *world, const struct world_actor *actor)
{
	const struct world_object *object = world_object(world, actor->object);
	return (actor->last_kind == EVENT_QUEUE_WAIT || actor->last_kind == EVENT_SIMPLE_WAIT) && object != NULL &&
	       object->last_event == actor->since_event;
}

static bool is_ready(const struct world *world, const struct world_actor *actor, uint64_t deed)
{
	if (actor->state == ACTOR_RUNNING || deed == world->position)
		return true;
	const struct wire_event *event = history_at(world->history, deed);
	bool timed_out = event != NULL && (event->flags & EVENT_FAILED) != 0 && event->time <= time_now(world);
	return timed_out || (world_may_proceed(world, actor->id) && !has_no_news(world, actor));
}

/* Where the operation is told that an actor stands before; of one that waits it may be the wait that says most. */
static uint64_t deed_of(const struct world *world, const struct world_actor *actor, uint64_t next)
{
	const struct history *history = world->history;
	const struct wire_event *wait = history_at(history, actor->since_event);
	if (actor->state != ACTOR_WAITING || wait == NULL)
		return next != HISTORY_NONE ? whole_deed(history, actor->id, next) : HISTORY_NONE;
	uint64_t outcome = outcome_of(history, actor->id, wait, world->position);
	return outcome != HISTORY_NONE ? outcome : actor->since_event;
}

static void fill_one(const struct world *world, const struct world_actor *actor, struct about *about)
{
	if (actor->state != ACTOR_RUNNING && actor->state != ACTOR_WAITING)
		return;
	uint64_t next = ahead_next_deed(world->history, actor->id, world->position);
	uint64_t deed = deed_of(world, actor, next);
	if (deed == HISTORY_NONE)
		return;
	tell(about, world, deed);
	about->ready = is_ready(world, actor, next);
}

void ahead_fill(const struct world *world, struct about *about, size_t count)
{
	memset(about, 0, count * sizeof *about);
	for (size_t id = 0; id < world->actor_count && id < count; id++)
		if (world->actors[id].known)
			fill_one(world, &world->actors[id], &about[id]);
}
