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

/* Where the events that the actor of event `i` tells in a row end. */
static uint32_t end_of_row(const struct events *events, uint32_t i)
{
	uint16_t actor = events->list[i].actor;

	while (++i < events->count && events->list[i].actor == actor)
		;
	return i;
}

/* Sorts by actor, what is of one actor in the order of the run. */
static void sort_by_actor(struct events *events)
{
	uint32_t next[ACTORS_MAX + 1] = {0};

	for (uint32_t i = 0, end; i < events->count; i = end) {
		end = end_of_row(events, i);
		next[events->list[i].actor + 1] += end - i;
	}
	for (uint32_t actor = 1; actor < ACTORS_MAX; actor++)
		next[actor] += next[actor - 1];
	for (uint32_t i = 0, end; i < events->count; i = end) {
		uint32_t *at = &next[events->list[i].actor];

		for (end = end_of_row(events, i); i < end; i++)
			events->by_actor[(*at)++] = i;
	}
}

/* Of the objects that are named; there are far more that are not. */
static void forget_last_values(struct events *events)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->last[events->list[i].object] = 0;
}

/* ---- reals ---- */

/* How the reals of a block are stored. */
enum { REALS_AS_BITS, REALS_AS_DRAWN };

/*
 * What a generator draws is k / 2^53, k below 2^53 and nothing but noise. In the bits of a double that
 * noise lies askew, and fills more of them.
 */
static const double DRAWN = 0x1p53;

static int64_t real_of_drawn(uint64_t number)
{
	double real = (double)(int64_t)number / DRAWN;
	int64_t bits;

	memcpy(&bits, &real, sizeof bits);
	return bits;
}

/* k; something beyond when it is no such number. */
static uint64_t drawn_of_real(int64_t bits)
{
	double real;

	memcpy(&real, &bits, sizeof real);
	uint64_t number = real >= 0 && real < 1 ? (uint64_t)(int64_t)(real * DRAWN) : UINT64_MAX;

	return real_of_drawn(number) == bits ? number : UINT64_MAX;
}

/*
 * Each object's together, those of one object in the order of the run: generators with one seed draw the same, which
 * then is found.
 */
static void find_reals(struct events *events)
{
	uint64_t *found = events->numbers; /* the object, and in the lower half which event */
	uint32_t *next = events->next;
	uint32_t most = 0, count = 0;

	for (uint32_t i = 0; i < events->count; i++) {
		const struct wire_event *event = &events->list[i];

		if (!is_real(event))
			continue;
		most = event->object > most ? event->object : most;
		found[count++] = (uint64_t)event->object << 32 | i;
	}
	memset(next, 0, (most + 2) * sizeof *next);
	for (uint32_t i = 0; i < count; i++)
		next[(found[i] >> 32) + 1]++;
	for (uint32_t object = 1; object <= most; object++)
		next[object] += next[object - 1];
	for (uint32_t i = 0; i < count; i++)
		events->reals[next[found[i] >> 32]++] = (uint32_t)found[i];
	events->real_count = count;
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
		events->numbers[i] = events->list[events->by_actor[i]].kind;
	pack_numbers(events, content);
}

static void pack_flags(struct events *events, struct text *content)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->numbers[i] = events->list[events->by_actor[i]].flags;
	pack_numbers(events, content);
}

static void pack_objects(struct events *events, struct text *content)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->numbers[i] = events->list[events->by_actor[i]].object;
	pack_numbers(events, content);
}

static void pack_aux(struct events *events, struct text *content)
{
	for (uint32_t i = 0; i < events->count; i++)
		events->numbers[i] = events->list[events->by_actor[i]].aux;
	pack_numbers(events, content);
}

static void pack_places(struct events *events, struct text *content)
{
	uint64_t list[BLOCK_EVENTS_MAX];

	numbers_reset(&events->places);
	for (uint32_t i = 0; i < events->count; i++)
		events->numbers[i] = numbers_add(&events->places, events->list[events->by_actor[i]].place);
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

/* No differences: the low bytes are often noise, which they would only spread. */
static void pack_reals(struct events *events, struct text *content)
{
	bool drawn = true;

	for (uint32_t i = 0; i < events->real_count && drawn; i++) {
		events->numbers[i] = drawn_of_real(events->list[events->reals[i]].value);
		drawn = events->numbers[i] != UINT64_MAX;
	}
	for (uint32_t i = 0; i < events->real_count && !drawn; i++)
		events->numbers[i] = (uint64_t)events->list[events->reals[i]].value;
	column_add_varint(content, drawn ? REALS_AS_DRAWN : REALS_AS_BITS);
	column_add_numbers(content, events->numbers, events->real_count);
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
	sort_by_actor(events);
	find_reals(events);
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

		events->list[events->by_actor[i]].kind = kind < EVENT_KIND_COUNT ? (uint8_t)kind : (uint8_t)EVENT_UNKNOWN;
	}
	return good;
}

static bool unpack_flags(struct events *events, struct column *from)
{
	bool good = unpack_numbers(events, from, UINT8_MAX);

	for (uint32_t i = 0; good && i < events->count; i++)
		events->list[events->by_actor[i]].flags = (uint8_t)events->numbers[i];
	return good;
}

static bool unpack_objects(struct events *events, struct column *from)
{
	bool good = unpack_numbers(events, from, UINT16_MAX);

	for (uint32_t i = 0; good && i < events->count; i++)
		events->list[events->by_actor[i]].object = (uint16_t)events->numbers[i];
	return good;
}

static bool unpack_aux(struct events *events, struct column *from)
{
	bool good = unpack_numbers(events, from, UINT32_MAX);

	for (uint32_t i = 0; good && i < events->count; i++)
		events->list[events->by_actor[i]].aux = (uint32_t)events->numbers[i];
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
		events->list[events->by_actor[i]].place = (uint32_t)list[events->numbers[i]];
	return true;
}

static bool unpack_values(struct events *events, struct column *from)
{
	if (!column_take_numbers(from, events->numbers, events->count - events->real_count, UINT64_MAX))
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
	bool drawn = column_take_below(from, REALS_AS_DRAWN) == REALS_AS_DRAWN;

	if (!column_take_numbers(from, events->numbers, events->real_count, drawn ? (uint64_t)DRAWN - 1 : UINT64_MAX))
		return false;
	for (uint32_t i = 0; i < events->real_count; i++) {
		uint64_t number = events->numbers[i];

		events->list[events->reals[i]].value = drawn ? real_of_drawn(number) : (int64_t)number;
	}
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
	sort_by_actor(events);
	if (!unpack_kinds(events, &from) || !unpack_flags(events, &from) || !unpack_objects(events, &from))
		return false;
	find_reals(events);
	return unpack_aux(events, &from) && unpack_places(events, &from) && unpack_values(events, &from) &&
	       unpack_reals(events, &from) && unpack_texts(events, &from);
}
