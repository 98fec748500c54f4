/* SPDX-License-Identifier: MIT */
#include "recording/events.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "recording/columns.h"

_Static_assert(sizeof((struct events *)0)->column == (size_t)BLOCK_EVENTS_MAX * VARINT_BYTES_MAX, "room for any column");

struct events *events_new(void)
{
	return memory_new(sizeof(struct events));
}

void events_free(struct events *events)
{
	if (events == NULL)
		return;
	numbers_release(&events->places);
	free(events);
}

/* Sorts by actor, what is of one actor in the order of the run. */
static void find_order(struct events *events)
{
	uint32_t *next = events->next;

	memset(next, 0, sizeof events->next);
	for (uint32_t i = 0; i < events->count; i++)
		next[events->list[i].actor + 1]++;
	for (uint32_t actor = 1; actor <= UINT16_MAX; actor++)
		next[actor] += next[actor - 1];
	for (uint32_t i = 0; i < events->count; i++)
		events->order[next[events->list[i].actor]++] = i;
}

/* ---- packing ---- */

typedef uint64_t field_function(const struct wire_event *event);

/* Made for each field apart: the call is gone. */
static inline __attribute__((always_inline)) void pack_field(struct events *events, field_function *field, struct text *content)
{
	uint8_t *end = events->column;

	for (uint32_t i = 0; i < events->count; i++)
		end = varint_put(end, field(&events->list[events->order[i]]));
	column_add(content, events->column, (size_t)(end - events->column));
}

static inline __attribute__((always_inline)) void pack_bytes(struct events *events, field_function *field, struct text *content)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->column[i] = (uint8_t)field(&events->list[events->order[i]]);
	column_add(content, events->column, events->count);
}

static uint64_t kind_of(const struct wire_event *event)
{
	return event->kind;
}

static uint64_t flags_of(const struct wire_event *event)
{
	return event->flags;
}

static uint64_t object_of(const struct wire_event *event)
{
	return event->object;
}

static uint64_t aux_of(const struct wire_event *event)
{
	return event->aux;
}

static void pack_times(struct events *events, struct text *content)
{
	uint8_t *end = events->column;
	uint64_t last = 0;

	for (uint32_t i = 0; i < events->count; i++) {
		end = varint_put(end, events->list[i].time - last);
		last = events->list[i].time;
	}
	column_add(content, events->column, (size_t)(end - events->column));
}

static void pack_actors(struct events *events, struct text *content)
{
	uint8_t *end = events->column;

	for (uint32_t i = 0; i < events->count; i++)
		end = varint_put(end, events->list[i].actor);
	column_add(content, events->column, (size_t)(end - events->column));
}

static void pack_places(struct events *events, struct text *content)
{
	uint8_t *end = events->column;

	numbers_reset(&events->places);
	for (uint32_t i = 0; i < events->count; i++)
		end = varint_put(end, numbers_add(&events->places, events->list[events->order[i]].place));
	column_add(content, events->column, (size_t)(end - events->column));
	end = events->column;
	for (uint32_t i = 0; i < events->places.count; i++)
		end = varint_put(end, events->places.list[i]);
	column_add(content, events->column, (size_t)(end - events->column));
}

static void pack_values(struct events *events, struct text *content)
{
	uint8_t *end = events->column;

	memset(events->last, 0, sizeof events->last);
	for (uint32_t i = 0; i < events->count; i++) {
		const struct wire_event *event = &events->list[i];
		uint64_t difference = (uint64_t)event->value - (uint64_t)events->last[event->object];

		end = varint_put(end, zigzag((int64_t)difference));
		events->last[event->object] = event->value;
	}
	column_add(content, events->column, (size_t)(end - events->column));
}

static void pack_texts(struct events *events, const struct history *history, uint64_t first, struct text *content)
{
	uint8_t *end = events->column;

	for (uint32_t i = 0; i < events->count; i++)
		end = varint_put(end, events->text_length[i]);
	column_add(content, events->column, (size_t)(end - events->column));
	for (uint32_t i = 0; i < events->count; i++)
		if (events->text_length[i] > 0)
			text_add_bytes(content, history_text(history, first + i, NULL), events->text_length[i]);
}

/* Copies of the events and the lengths of their texts, as many as a block holds. */
static void take_events(struct events *events, const struct history *history, uint64_t first)
{
	uint64_t left = history_count(history) - first;
	uint32_t limit = left < BLOCK_EVENTS_MAX ? (uint32_t)left : BLOCK_EVENTS_MAX;
	size_t text = 0;

	for (events->count = 0; events->count < limit && text < TEXT_BYTES_MAX; events->count++) {
		struct wire_event *event = &events->list[events->count];
		size_t length = 0;

		*event = *history_at(history, first + events->count);
		if (event->text != 0)
			history_text(history, first + events->count, &length);
		if (length > TEXT_BYTES_MAX) {
			length = TEXT_BYTES_MAX;
			event->flags |= EVENT_CUT;
		}
		events->text_length[events->count] = (uint32_t)length;
		text += length;
	}
}

void events_pack(struct events *events, const struct history *history, uint64_t first, struct text *content)
{
	take_events(events, history, first);
	find_order(events);
	text_reset(content);
	pack_times(events, content);
	pack_actors(events, content);
	pack_bytes(events, kind_of, content);
	pack_bytes(events, flags_of, content);
	pack_field(events, object_of, content);
	pack_field(events, aux_of, content);
	pack_places(events, content);
	pack_values(events, content);
	pack_texts(events, history, first, content);
}

/* ---- unpacking ---- */

static bool unpack_times(struct events *events, struct column *from)
{
	struct column column = column_open(from);
	uint64_t last = 0;

	for (uint32_t i = 0; i < events->count; i++) {
		uint64_t time = last + column_take(&column);

		last = time >= last && time <= INT64_MAX ? time : last; /* times never go back */
		events->list[i].time = last;
	}
	return !column.bad;
}

static bool unpack_actors(struct events *events, struct column *from)
{
	struct column column = column_open(from);

	for (uint32_t i = 0; i < events->count; i++)
		events->list[i].actor = (uint16_t)column_take_below(&column, ACTORS_MAX - 1);
	return !column.bad;
}

static bool unpack_kinds(struct events *events, struct column *from)
{
	struct column column = column_open(from);
	const uint8_t *kinds = column_take_bytes(&column, events->count);

	for (uint32_t i = 0; kinds != NULL && i < events->count; i++)
		events->list[events->order[i]].kind = kinds[i] < EVENT_KIND_COUNT ? kinds[i] : (uint8_t)EVENT_UNKNOWN;
	return kinds != NULL;
}

static bool unpack_flags(struct events *events, struct column *from)
{
	struct column column = column_open(from);
	const uint8_t *flags = column_take_bytes(&column, events->count);

	for (uint32_t i = 0; flags != NULL && i < events->count; i++)
		events->list[events->order[i]].flags = flags[i];
	return flags != NULL;
}

static bool unpack_objects(struct events *events, struct column *from)
{
	struct column column = column_open(from);

	for (uint32_t i = 0; i < events->count; i++)
		events->list[events->order[i]].object = (uint16_t)column_take_below(&column, UINT16_MAX);
	return !column.bad;
}

static bool unpack_aux(struct events *events, struct column *from)
{
	struct column column = column_open(from);

	for (uint32_t i = 0; i < events->count; i++)
		events->list[events->order[i]].aux = (uint32_t)column_take_below(&column, UINT32_MAX);
	return !column.bad;
}

static bool unpack_places(struct events *events, struct column *from)
{
	struct column column = column_open(from);
	struct column list = column_open(from);

	numbers_reset(&events->places);
	while (list.at < list.end)
		numbers_add(&events->places, (uint32_t)column_take_below(&list, UINT32_MAX));
	for (uint32_t i = 0; i < events->count && events->places.count > 0; i++) {
		uint64_t index = column_take_below(&column, events->places.count - 1);

		events->list[events->order[i]].place = events->places.list[index];
	}
	return !column.bad && !list.bad && (events->count == 0 || events->places.count > 0);
}

static bool unpack_values(struct events *events, struct column *from)
{
	struct column column = column_open(from);

	memset(events->last, 0, sizeof events->last);
	for (uint32_t i = 0; i < events->count; i++) {
		struct wire_event *event = &events->list[i];
		int64_t *last = &events->last[event->object];

		*last = (int64_t)((uint64_t)*last + (uint64_t)unzigzag(column_take(&column)));
		event->value = *last;
	}
	return !column.bad;
}

static bool unpack_texts(struct events *events, struct column *from)
{
	struct column column = column_open(from);
	uint64_t length = 0;

	for (uint32_t i = 0; i < events->count; i++) {
		events->text_length[i] = (uint32_t)column_take_below(&column, TEXT_BYTES_MAX);
		length += events->text_length[i];
	}
	events->texts = (const char *)column_take_bytes(from, length);
	return !column.bad && events->texts != NULL;
}

bool events_unpack(struct events *events, const struct text *content, uint32_t count)
{
	const uint8_t *bytes = (const uint8_t *)content->bytes;
	struct column from = {.at = bytes, .end = bytes + content->length};

	if (count > BLOCK_EVENTS_MAX)
		return false;
	events->count = count;
	if (!unpack_times(events, &from) || !unpack_actors(events, &from))
		return false;
	find_order(events);
	return unpack_kinds(events, &from) && unpack_flags(events, &from) && unpack_objects(events, &from) &&
	       unpack_aux(events, &from) && unpack_places(events, &from) && unpack_values(events, &from) &&
	       unpack_texts(events, &from);
}
