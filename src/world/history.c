/* SPDX-License-Identifier: MIT */
/*
 * Events lie in blocks of BLOCK_EVENTS, where they never move. Each actor has the indices of its
 * events, 4 bytes each. Texts lie in an arena; an event's own `text` says whether it has one, and
 * only then is the (sorted) index of texts searched.
 */
#include "world/history.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "world/chunks.h"
#include "world/place_table.h"

enum {
	EVENT_SHIFT = 13,     /* 8192 events a block: 256 KiB */
	INDEX_SHIFT = 12,
	INDEX_FIRST = 16,
	ARENA_BLOCK = 1 << 16,
};

struct text_entry {
	const char *bytes; /* with a NUL */
	uint32_t event;
	uint32_t length;
};

struct arena_block {
	struct arena_block *next;
	char bytes[];
};

struct arena {
	struct arena_block *blocks; /* the first is the one being filled */
	size_t used, room;
};

struct history {
	struct chunks events;    /* struct wire_event */
	struct chunks *by_actor; /* uint32_t: indices of its events */
	size_t actor_count;
	struct chunks texts;     /* struct text_entry, by event */
	struct chunks outputs;   /* uint32_t: indices of the lines of output */
	struct chunks steps;     /* uint32_t: the position after each step */
	uint64_t before_steps;   /* the position before the first */
	struct arena arena;
	struct place_table places;
};

struct history *history_new(void)
{
	struct history *history = memory_new(sizeof *history);
	chunks_init(&history->events, sizeof(struct wire_event), EVENT_SHIFT, (size_t)1 << EVENT_SHIFT);
	chunks_init(&history->texts, sizeof(struct text_entry), INDEX_SHIFT, INDEX_FIRST);
	chunks_init(&history->outputs, sizeof(uint32_t), INDEX_SHIFT, INDEX_FIRST);
	chunks_init(&history->steps, sizeof(uint32_t), INDEX_SHIFT, INDEX_FIRST);
	return history;
}

void history_free(struct history *history)
{
	if (history == NULL)
		return;
	chunks_release(&history->events);
	chunks_release(&history->texts);
	chunks_release(&history->outputs);
	chunks_release(&history->steps);
	for (size_t i = 0; i < history->actor_count; i++)
		chunks_release(&history->by_actor[i]);
	free(history->by_actor);
	while (history->arena.blocks != NULL) {
		struct arena_block *block = history->arena.blocks;
		history->arena.blocks = block->next;
		free(block);
	}
	place_table_release(&history->places);
	free(history);
}

/* ---- appending ---- */

static char *arena_take(struct arena *arena, size_t size)
{
	if (arena->room - arena->used < size) {
		size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
		struct arena_block *block = memory_resize(NULL, 1, sizeof *block + room);
		block->next = arena->blocks;
		arena->blocks = block;
		arena->used = 0;
		arena->room = room;
	}
	char *bytes = arena->blocks->bytes + arena->used;
	arena->used += size;
	return bytes;
}

static void keep_text(struct history *history, uint64_t index, const char *text, size_t length)
{
	char *bytes = arena_take(&history->arena, length + 1);
	memcpy(bytes, text, length);
	bytes[length] = '\0';
	struct text_entry *entry = chunks_add(&history->texts);
	*entry = (struct text_entry){.bytes = bytes, .event = (uint32_t)index, .length = (uint32_t)length};
}

static void mention_actor(struct history *history, unsigned int actor)
{
	size_t count = (size_t)actor + 1;
	history->by_actor = memory_resize(history->by_actor, count, sizeof *history->by_actor);
	for (size_t i = history->actor_count; i < count; i++)
		chunks_init(&history->by_actor[i], sizeof(uint32_t), INDEX_SHIFT, INDEX_FIRST);
	history->actor_count = count;
}

uint64_t history_append(struct history *history, const struct wire_event *event, const char *text, size_t length)
{
	uint64_t index = history->events.count;
	assert(index < UINT32_MAX);
	struct wire_event *kept = chunks_add(&history->events);
	*kept = *event;
	kept->text = 0;
	if (text != NULL && length > 0) {
		if (length > UINT32_MAX - 1)
			length = UINT32_MAX - 1;
		kept->text = (uint16_t)(length < UINT16_MAX ? length : UINT16_MAX);
		keep_text(history, index, text, length);
	}
	if (__builtin_expect(event->actor >= history->actor_count, 0))
		mention_actor(history, event->actor);
	uint32_t *entry = chunks_add(&history->by_actor[event->actor]);
	*entry = (uint32_t)index;
	if (__builtin_expect(event->kind == EVENT_OUTPUT, 0)) {
		uint32_t *output = chunks_add(&history->outputs);
		*output = (uint32_t)index;
	}
	return index;
}

/* ---- looking up ---- */

uint64_t history_count(const struct history *history)
{
	return history->events.count;
}

const struct wire_event *history_at(const struct history *history, uint64_t index)
{
	return index < history->events.count ? chunks_at(&history->events, index) : NULL;
}

const char *history_text(const struct history *history, uint64_t index, size_t *length)
{
	const struct wire_event *event = history_at(history, index);
	uint64_t low = 0, high = event != NULL && event->text != 0 ? history->texts.count : 0;
	if (length != NULL)
		*length = 0;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		const struct text_entry *entry = chunks_at(&history->texts, middle);
		if (entry->event == index) {
			if (length != NULL)
				*length = entry->length;
			return entry->bytes;
		}
		if (entry->event < index)
			low = middle + 1;
		else
			high = middle;
	}
	return "";
}

/* How many of the ascending numbers in `chunks` are below `limit`. */
static uint64_t count_below(const struct chunks *chunks, uint64_t limit)
{
	uint64_t low = 0, high = chunks->count;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		const uint32_t *number = chunks_at(chunks, middle);
		if (*number < limit)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint64_t number_at(const struct chunks *chunks, uint64_t at)
{
	const uint32_t *number = chunks_at(chunks, at);
	return *number;
}

uint64_t history_actor_next(const struct history *history, unsigned int actor, uint64_t from)
{
	if (actor >= history->actor_count)
		return HISTORY_NONE;
	const struct chunks *own = &history->by_actor[actor];
	uint64_t at = count_below(own, from);
	return at < own->count ? number_at(own, at) : HISTORY_NONE;
}

uint64_t history_actor_last(const struct history *history, unsigned int actor, uint64_t before)
{
	if (actor >= history->actor_count)
		return HISTORY_NONE;
	const struct chunks *own = &history->by_actor[actor];
	uint64_t below = count_below(own, before);
	return below > 0 ? number_at(own, below - 1) : HISTORY_NONE;
}

uint64_t history_actor_count(const struct history *history, unsigned int actor)
{
	return actor < history->actor_count ? history->by_actor[actor].count : 0;
}

uint64_t history_actor_nth(const struct history *history, unsigned int actor, uint64_t n)
{
	return number_at(&history->by_actor[actor], n);
}

uint64_t history_actor_below(const struct history *history, unsigned int actor, uint64_t index)
{
	return actor < history->actor_count ? count_below(&history->by_actor[actor], index) : 0;
}

uint64_t history_output_last(const struct history *history, uint64_t before)
{
	uint64_t below = count_below(&history->outputs, before);
	return below > 0 ? number_at(&history->outputs, below - 1) : HISTORY_NONE;
}

uint64_t history_outputs(const struct history *history, uint64_t before)
{
	return count_below(&history->outputs, before);
}

uint64_t history_position_at(const struct history *history, uint64_t time)
{
	uint64_t low = 0, high = history->events.count;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (history_at(history, middle)->time < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t history_actor_at(const struct history *history, unsigned int actor, uint64_t time)
{
	if (actor >= history->actor_count)
		return HISTORY_NONE;
	const struct chunks *own = &history->by_actor[actor];
	uint64_t low = 0, high = own->count;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (history_at(history, number_at(own, middle))->time <= time)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? number_at(own, low - 1) : HISTORY_NONE;
}

/* ---- steps ---- */

void history_begin_steps(struct history *history)
{
	history->before_steps = history->events.count;
}

void history_end_step(struct history *history)
{
	uint32_t *position = chunks_add(&history->steps);
	*position = (uint32_t)history->events.count;
}

uint64_t history_steps(const struct history *history)
{
	return history->steps.count;
}

uint64_t history_step_position(const struct history *history, uint64_t step)
{
	if (step == 0)
		return history->before_steps;
	return step <= history->steps.count ? number_at(&history->steps, step - 1) : history->events.count;
}

uint64_t history_step_of(const struct history *history, uint64_t position)
{
	return count_below(&history->steps, position + (position < HISTORY_NONE));
}

/* ---- places ---- */

void history_set_place(struct history *history, uint32_t place, const struct place *what)
{
	place_table_set(&history->places, place, what);
}

bool history_has_place(const struct history *history, uint32_t place)
{
	return place == 0 || place_table_find(&history->places, place) != NULL;
}

struct place history_place(const struct history *history, uint32_t place)
{
	const struct place *found = place_table_find(&history->places, place);
	return found != NULL ? *found : (struct place){.file = "", .function = ""};
}
