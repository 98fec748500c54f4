/* SPDX-License-Identifier: MIT */
#include "view/mark.h"

#include <string.h>

#include "base/utf8.h"

static const uint8_t styles[EVENT_KIND_COUNT] = {
	[EVENT_LOST] = STYLE_LOST,
	[EVENT_KILLED] = STYLE_LOST,
	[EVENT_PROCESS_EXIT] = STYLE_EXITED,
	[EVENT_THREAD_EXIT] = STYLE_EXITED,
	[EVENT_SLEEP] = STYLE_SLEEPING,
	[EVENT_VALUE_READ] = STYLE_READ,
	[EVENT_ARRAY_READ] = STYLE_READ,
	[EVENT_VALUE_WRITE] = STYLE_WRITE,
	[EVENT_ARRAY_WRITE] = STYLE_WRITE,
	[EVENT_LOCK_ACQUIRE] = STYLE_SYNC,
	[EVENT_LOCK_RELEASE] = STYLE_SYNC,
	[EVENT_RLOCK_ACQUIRE] = STYLE_SYNC,
	[EVENT_RLOCK_RELEASE] = STYLE_SYNC,
	[EVENT_SEMAPHORE_ACQUIRE] = STYLE_SYNC,
	[EVENT_SEMAPHORE_RELEASE] = STYLE_SYNC,
	[EVENT_CONDITION_WAIT] = STYLE_SYNC,
	[EVENT_CONDITION_WOKEN] = STYLE_SYNC,
	[EVENT_CONDITION_NOTIFY] = STYLE_SYNC,
	[EVENT_EVENT_SET] = STYLE_SYNC,
	[EVENT_EVENT_CLEAR] = STYLE_SYNC,
	[EVENT_EVENT_IS_SET] = STYLE_SYNC,
	[EVENT_EVENT_PASS] = STYLE_SYNC,
	[EVENT_BARRIER_WAIT] = STYLE_SYNC,
	[EVENT_BARRIER_PASS] = STYLE_SYNC,
	[EVENT_BARRIER_ABORT] = STYLE_SYNC,
	[EVENT_BARRIER_RESET] = STYLE_SYNC,
	[EVENT_PIPE_SEND] = STYLE_MESSAGE,
	[EVENT_PIPE_RECV] = STYLE_MESSAGE,
	[EVENT_PIPE_POLL] = STYLE_MESSAGE,
	[EVENT_QUEUE_PUT] = STYLE_MESSAGE,
	[EVENT_QUEUE_FEED] = STYLE_MESSAGE,
	[EVENT_QUEUE_GET] = STYLE_MESSAGE,
	[EVENT_QUEUE_EMPTY] = STYLE_MESSAGE,
	[EVENT_QUEUE_QSIZE] = STYLE_MESSAGE,
	[EVENT_POOL_SUBMIT] = STYLE_MESSAGE,
	[EVENT_POOL_TASK] = STYLE_MESSAGE,
	[EVENT_POOL_DONE] = STYLE_MESSAGE,
	[EVENT_POOL_RESULT] = STYLE_MESSAGE,
	[EVENT_POOL_GET] = STYLE_MESSAGE,
	[EVENT_FUTURE_RESULT] = STYLE_MESSAGE,
	[EVENT_RANDOM_DRAW] = STYLE_READ,
	[EVENT_QUEUE_TASK_DONE] = STYLE_MESSAGE,
	[EVENT_QUEUE_JOIN] = STYLE_MESSAGE,
	[EVENT_SIMPLE_PUT] = STYLE_MESSAGE,
	[EVENT_SIMPLE_GET] = STYLE_MESSAGE,
	[EVENT_SIMPLE_EMPTY] = STYLE_MESSAGE,
	[EVENT_MANAGER_CALL] = STYLE_MESSAGE,
	[EVENT_MANAGER_RETURN] = STYLE_MESSAGE,
	[EVENT_MANAGER_SERVE] = STYLE_WRITE,
};

unsigned int mark_style(unsigned int kind)
{
	return kind < EVENT_KIND_COUNT ? styles[kind] : STYLE_PLAIN;
}

bool mark_is_told(unsigned int kind)
{
	return kind == EVENT_OUTPUT || kind == EVENT_LOST;
}

void mark_number(struct text *out, int64_t value, bool real)
{
	struct wire_event number = {.value = value, .flags = EVENT_REAL};

	if (real)
		text_printf(out, "%.4g", wire_event_real(&number));
	else
		text_printf(out, "%lld", (long long)value);
}

void mark_short(struct text *out, const char *message)
{
	if (message[0] == '{')
		return; /* its first word would be a key, which says nothing */
	message += strspn(message, "[(\" ");
	text_add_bytes(out, message, strcspn(message, "\",]})("));
}

static bool carries_number(unsigned int kind)
{
	return kind == EVENT_VALUE_READ || kind == EVENT_VALUE_WRITE || kind == EVENT_ARRAY_READ ||
	       kind == EVENT_ARRAY_WRITE || kind == EVENT_RANDOM_DRAW;
}

/* What went with the event, if it is of the sort that is worth its columns. */
static void carried(struct text *out, const struct history *history, uint64_t index, const struct wire_event *event, int room)
{
	const char *text;

	if (carries_number(event->kind))
		mark_number(out, event->value, event->flags & EVENT_REAL);
	else if (event->kind == EVENT_PROCESS_EXIT && event->value != 0)
		text_printf(out, "%lld", (long long)event->value);
	if (mark_style(event->kind) != STYLE_MESSAGE)
		return;
	text = history_text(history, index, NULL);
	if (utf8_columns(text) <= (size_t)room)
		text_add(out, text);
	else
		mark_short(out, text);
}

static void add_cut(struct text *out, const char *utf8, int room)
{
	if (utf8_columns(utf8) <= (size_t)room) {
		text_add(out, utf8);
	} else if (room > 1) {
		text_add_bytes(out, utf8, utf8_fit(utf8, (size_t)room - 1));
		text_add_unicode(out, 0x2026 /* … */);
	}
}

void mark_label(struct text *out, const struct history *history, uint64_t index, int room)
{
	const struct wire_event *event = history_at(history, index);
	struct text load = TEXT_INIT;

	if (event == NULL || event_kind_info(event->kind)->mark == 0)
		return;
	text_add_char(out, event_kind_info(event->kind)->mark);
	if (event->flags & EVENT_FAILED)
		text_add_char(out, '!');
	carried(&load, history, index, event, room - 1);
	add_cut(out, load.bytes, room - 1);
	text_release(&load);
}

static bool value_lost(const struct world_value *value, uint64_t event)
{
	uint64_t kept = value->writes < WORLD_VALUE_HISTORY ? value->writes : WORLD_VALUE_HISTORY;

	for (uint64_t i = 0; value->lost_updates > 0 && i < kept; i++)
		if (value->recent[i].event == event)
			return value->recent[i].lost;
	return false;
}

bool mark_lost(const struct world *world, uint64_t event)
{
	const struct wire_event *write = history_at(world->history, event);
	const struct world_object *object = write != NULL ? world_object(world, write->object) : NULL;

	if (object == NULL)
		return false;
	if (write->kind == EVENT_VALUE_WRITE)
		return value_lost(&object->value, event);
	if (write->kind != EVENT_ARRAY_WRITE || object->elements == NULL || write->aux >= object->parameter ||
	    write->aux >= WORLD_ARRAY_SHOWN)
		return false;
	return value_lost(&object->elements[write->aux], event);
}

struct mark_filler mark_filler(enum actor_state state, bool gated)
{
	switch (state) {
	case ACTOR_RUNNING:
	case ACTOR_READY:
		return gated ? (struct mark_filler){0x2500 /* ─ */, STYLE_DIM} : (struct mark_filler){0x2501 /* ━ */, STYLE_RUNNING};
	case ACTOR_WAITING:
		return (struct mark_filler){0x254c /* ╌ */, STYLE_WAITING};
	case ACTOR_SLEEPING:
		return (struct mark_filler){'z', STYLE_SLEEPING};
	default: /* not born, not begun, gone */
		return (struct mark_filler){' ', STYLE_PLAIN};
	}
}
