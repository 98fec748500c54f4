/* SPDX-License-Identifier: MIT */
#include "recording/events.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "recording/columns.h"

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

static bool is_real(const struct wire_event *event)
{
	return (event->flags & EVENT_REAL) != 0;
}

/* Sorts by actor, what is of one actor in the order of the run. */
static void find_order(struct events *events)
{
	uint32_t next[ACTORS_MAX + 1] = {0};

	for (uint32_t i = 0; i < events->count; i++)
		next[events->list[i].actor + 1]++;
	for (uint32_t actor = 1; actor < ACTORS_MAX; actor++)
		next[actor] += next[actor - 1];
	for (uint32_t i = 0; i < events->count; i++)
		events->order[next[events->list[i].actor]++] = i;
}

/* Of the objects that are named; there are far more that are not. */
static void forget_last_values(struct events *events)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->last[events->list[i].object] = 0;
}

/* ---- packing ---- */

static void pack_numbers(const struct events *events, struct text *content)
{
	column_add_numbers(content, events->numbers, events->count);
}

static void pack_times(struct events *events, struct text *content)
{
	uint64_t last = 0;

	for (uint32_t i = 0; i < events->count; i++) {
		events->numbers[i] = events->list[i].time - last;
		last = events->list[i].time;
	}
	pack_numbers(events, content);
}

static void pack_actors(struct events *events, struct text *content)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->numbers[i] = events->list[i].actor;
	pack_numbers(events, content);
}

static void pack_kinds(struct events *events, struct text *content)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->numbers[i] = events->list[events->order[i]].kind;
	pack_numbers(events, content);
}

static void pack_flags(struct events *events, struct text *content)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->numbers[i] = events->list[events->order[i]].flags;
	pack_numbers(events, content);
}

static void pack_objects(struct events *events, struct text *content)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->numbers[i] = events->list[events->order[i]].object;
	pack_numbers(events, content);
}

static void pack_aux(struct events *events, struct text *content)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->numbers[i] = events->list[events->order[i]].aux;
	pack_numbers(events, content);
}

static void pack_places(struct events *events, struct text *content)
{
	uint64_t list[BLOCK_EVENTS_MAX];

	numbers_reset(&events->places);
	for (uint32_t i = 0; i < events->count; i++)
		events->numbers[i] = numbers_add(&events->places, events->list[events->order[i]].place);
	for (uint32_t i = 0; i < events->places.count; i++)
		list[i] = events->places.list[i];
	column_add_varint(content, events->places.count);
	column_add_numbers(content, list, events->places.count);
	pack_numbers(events, content);
}

static void pack_values(struct events *events, struct text *content)
{
	size_t count = 0;

	forget_last_values(events);
	for (uint32_t i = 0; i < events->count; i++) {
		const struct wire_event *event = &events->list[i];
		int64_t *last = &events->last[event->object];

		if (is_real(event))
			continue;
		events->numbers[count++] = zigzag((int64_t)((uint64_t)event->value - (uint64_t)*last));
		*last = event->value;
	}
	column_add_numbers(content, events->numbers, count);
}

/* The low bytes of reals are often noise, which a difference only spreads. */
static void pack_reals(struct events *events, struct text *content)
{
	size_t count = 0;

	for (uint32_t i = 0; i < events->count; i++)
		if (is_real(&events->list[i]))
			events->numbers[count++] = (uint64_t)events->list[i].value;
	column_add_numbers(content, events->numbers, count);
}

static void pack_texts(struct events *events, const struct history *history, uint64_t first, struct text *content)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->numbers[i] = events->text_length[i];
	pack_numbers(events, content);
	column_add_varint(content, events->text_bytes);
	for (uint32_t i = 0; i < events->count; i++)
		if (events->text_length[i] > 0)
			text_add_bytes(content, history_text(history, first + i, NULL), events->text_length[i]);
}

/* Copies of the events and the lengths of their texts, as many as a block holds. */
static void take_events(struct events *events, const struct history *history, uint64_t first)
{
	uint64_t left = history_count(history) - first;
	uint32_t limit = left < BLOCK_EVENTS_MAX ? (uint32_t)left : BLOCK_EVENTS_MAX;

	events->text_bytes = 0;
	for (events->count = 0; events->count < limit && events->text_bytes < TEXT_BYTES_MAX; events->count++) {
		struct wire_event *event = &events->list[events->count];
		size_t length = 0;

		*event = *history_at(history, first + events->count);
		assert(event->actor < ACTORS_MAX);
		if (event->text != 0)
			history_text(history, first + events->count, &length);
		if (length > TEXT_BYTES_MAX) {
			length = TEXT_BYTES_MAX;
			event->flags |= EVENT_CUT;
		}
		events->text_length[events->count] = (uint32_t)length;
		events->text_bytes += length;
	}
}

void events_pack(struct events *events, const struct history *history, uint64_t first, struct text *content)
{
	take_events(events, history, first);
	find_order(events);
	text_reset(content);
	pack_times(events, content);
	pack_actors(events, content);
	pack_kinds(events, content);
	pack_flags(events, content);
	pack_objects(events, content);
	pack_aux(events, content);
	pack_places(events, content);
	pack_values(events, content);
	pack_reals(events, content);
	pack_texts(events, history, first, content);
}

/* ---- unpacking ---- */

static bool unpack_numbers(struct events *events, struct column *from, uint64_t limit)
{
	return column_take_numbers(from, events->numbers, events->count, limit);
}

static bool unpack_times(struct events *events, struct column *from)
{
	uint64_t last = 0;

	if (!unpack_numbers(events, from, UINT64_MAX))
		return false;
	for (uint32_t i = 0; i < events->count; i++) {
		uint64_t time = last + events->numbers[i];

		last = time >= last && time <= INT64_MAX ? time : last; /* times never go back */
		events->list[i].time = last;
	}
	return true;
}

static bool unpack_actors(struct events *events, struct column *from)
{
	bool good = unpack_numbers(events, from, ACTORS_MAX - 1);

	for (uint32_t i = 0; good && i < events->count; i++)
		events->list[i].actor = (uint16_t)events->numbers[i];
	return good;
}

/* Those that only a newer Lockstep knows become EVENT_UNKNOWN. */
static bool unpack_kinds(struct events *events, struct column *from)
{
	bool good = unpack_numbers(events, from, UINT8_MAX);

	for (uint32_t i = 0; good && i < events->count; i++) {
		uint64_t kind = events->numbers[i];

		events->list[events->order[i]].kind = kind < EVENT_KIND_COUNT ? (uint8_t)kind : (uint8_t)EVENT_UNKNOWN;
	}
	return good;
}

static bool unpack_flags(struct events *events, struct column *from)
{
	bool good = unpack_numbers(events, from, UINT8_MAX);

	for (uint32_t i = 0; good && i < events->count; i++)
		events->list[events->order[i]].flags = (uint8_t)events->numbers[i];
	return good;
}

static bool unpack_objects(struct events *events, struct column *from)
{
	bool good = unpack_numbers(events, from, UINT16_MAX);

	for (uint32_t i = 0; good && i < events->count; i++)
		events->list[events->order[i]].object = (uint16_t)events->numbers[i];
	return good;
}

static bool unpack_aux(struct events *events, struct column *from)
{
	bool good = unpack_numbers(events, from, UINT32_MAX);

	for (uint32_t i = 0; good && i < events->count; i++)
		events->list[events->order[i]].aux = (uint32_t)events->numbers[i];
	return good;
}

static bool unpack_places(struct events *events, struct column *from)
{
	uint64_t list[BLOCK_EVENTS_MAX];
	size_t count = column_take_below(from, BLOCK_EVENTS_MAX);

	list[0] = 0; /* if there are none */
	if (!column_take_numbers(from, list, count, UINT32_MAX) || !unpack_numbers(events, from, count > 0 ? count - 1 : 0))
		return false;
	for (uint32_t i = 0; i < events->count; i++)
		events->list[events->order[i]].place = (uint32_t)list[events->numbers[i]];
	return true;
}

static size_t count_reals(const struct events *events)
{
	size_t count = 0;

	for (uint32_t i = 0; i < events->count; i++)
		count += is_real(&events->list[i]);
	return count;
}

static bool unpack_values(struct events *events, struct column *from)
{
	if (!column_take_numbers(from, events->numbers, events->count - count_reals(events), UINT64_MAX))
		return false;
	forget_last_values(events);
	for (uint32_t i = 0, at = 0; i < events->count; i++) {
		struct wire_event *event = &events->list[i];
		int64_t *last = &events->last[event->object];

		if (is_real(event))
			continue;
		*last = (int64_t)((uint64_t)*last + (uint64_t)unzigzag(events->numbers[at++]));
		event->value = *last;
	}
	return true;
}

static bool unpack_reals(struct events *events, struct column *from)
{
	if (!column_take_numbers(from, events->numbers, count_reals(events), UINT64_MAX))
		return false;
	for (uint32_t i = 0, at = 0; i < events->count; i++)
		if (is_real(&events->list[i]))
			events->list[i].value = (int64_t)events->numbers[at++];
	return true;
}

static bool unpack_texts(struct events *events, struct column *from)
{
	if (!unpack_numbers(events, from, TEXT_BYTES_MAX))
		return false;
	events->text_bytes = 0;
	for (uint32_t i = 0; i < events->count; i++) {
		events->text_length[i] = (uint32_t)events->numbers[i];
		events->text_bytes += events->numbers[i];
	}
	struct column texts = column_open(from);
	events->texts = (const char *)column_take_bytes(&texts, events->text_bytes);
	return !texts.bad;
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
	       unpack_reals(events, &from) && unpack_texts(events, &from);
}
