/* SPDX-License-Identifier: MIT */
/*
 * Events lie in blocks, where they never move. Each actor has the indices of its
 * events, 4 bytes each, and of every SAMPLE-th its time: who looks for a time goes through those,
 * which lie close together, and only at the end through events.
 */
#include "world/history.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "world/chunks.h"
#include "world/place_table.h"
#include "world/texts.h"

enum {
	EVENT_SHIFT = 13,     /* a block is 256 KiB */
	EVENTS_A_BLOCK = 1 << EVENT_SHIFT,
	INDEX_SHIFT = 12,
	INDEX_FIRST = 16,
	SAMPLE_SHIFT = 6,
	SAMPLE = 1 << SAMPLE_SHIFT,
};

struct actor_index {
	struct chunks events; /* uint32_t: indices of its events */
	struct chunks times;  /* uint64_t: of its event n * SAMPLE */
};

struct history {
	struct block_source *source;
	struct chunks events;  /* struct wire_event */
	struct actor_index *actors;
	size_t actor_count;
	struct texts texts;
	struct chunks outputs; /* uint32_t: indices of the lines of output */
	struct chunks steps;   /* uint32_t: the position after each step */
	uint64_t before_steps; /* the position before the first */
	struct place_table places;
};

struct history *history_new_in(struct block_source *source)
{
	struct history *history = memory_new(sizeof *history);
	history->source = source;
	chunks_init(&history->events, source, sizeof(struct wire_event), EVENT_SHIFT, EVENTS_A_BLOCK);
	chunks_init(&history->outputs, source, sizeof(uint32_t), INDEX_SHIFT, INDEX_FIRST);
	chunks_init(&history->steps, source, sizeof(uint32_t), INDEX_SHIFT, INDEX_FIRST);
	texts_init(&history->texts, source);
	return history;
}

struct history *history_new(void)
{
	return history_new_in(NULL);
}

void history_free(struct history *history)
{
	if (history == NULL)
		return;
	chunks_release(&history->events);
	texts_release(&history->texts);
	chunks_release(&history->outputs);
	chunks_release(&history->steps);
	for (size_t i = 0; i < history->actor_count; i++) {
		chunks_release(&history->actors[i].events);
		chunks_release(&history->actors[i].times);
	}
	free(history->actors);
	if (history->source != NULL)
		history->source->give_all(history->source);
	place_table_release(&history->places);
	free(history);
}

/* ---- appending ---- */

static void mention_actor(struct history *history, unsigned int actor)
{
	size_t count = (size_t)actor + 1;
	history->actors = memory_resize(history->actors, count, sizeof *history->actors);
	for (size_t i = history->actor_count; i < count; i++) {
		chunks_init(&history->actors[i].events, history->source, sizeof(uint32_t), INDEX_SHIFT, INDEX_FIRST);
		chunks_init(&history->actors[i].times, history->source, sizeof(uint64_t), INDEX_SHIFT, 1);
	}
	history->actor_count = count;
}

static struct chunks *index_of(struct history *history, unsigned int actor)
{
	if (__builtin_expect(actor >= history->actor_count, 0))
		mention_actor(history, actor);
	return &history->actors[actor].events;
}

static void add_number(struct chunks *numbers, uint64_t number)
{
	uint32_t *added = chunks_add(numbers);
	*added = (uint32_t)number;
}

static void add_time(struct chunks *times, uint64_t time)
{
	uint64_t *added = chunks_add(times);
	*added = time;
}

uint64_t history_append(struct history *history, const struct wire_event *event, const char *text, size_t length)
{
	uint64_t index = history->events.count;
	assert(index < UINT32_MAX);
	struct wire_event *kept = chunks_add(&history->events);
	*kept = *event;
	kept->text = 0;
	if (__builtin_expect(length > 0 || index % TEXTS_STRIDE == 0, 0))
		kept->text = texts_add(&history->texts, index, text, length);
	struct chunks *own = index_of(history, event->actor);
	if (__builtin_expect(own->count % SAMPLE == 0, 0))
		add_time(&history->actors[event->actor].times, event->time);
	add_number(own, index);
	if (__builtin_expect(event->kind == EVENT_OUTPUT, 0))
		add_number(&history->outputs, index);
	return index;
}

/* ---- looking up ---- */

uint64_t history_count(const struct history *history)
{
	return history->events.count;
}

uint64_t history_last_time(const struct history *history)
{
	uint64_t count = history_count(history);
	return count > 0 ? history_at(history, count - 1)->time : 0;
}

const struct wire_event *history_at(const struct history *history, uint64_t index)
{
	return index < history->events.count ? chunks_at(&history->events, index) : NULL;
}

const struct wire_event *history_run(const struct history *history, uint64_t index, uint64_t *count)
{
	uint64_t left = history->events.count - (index < history->events.count ? index : history->events.count);
	uint64_t block = EVENTS_A_BLOCK - index % EVENTS_A_BLOCK;
	*count = left < block ? left : block;
	return history_at(history, index);
}

const char *history_text(const struct history *history, uint64_t index, size_t *length)
{
	if (index < history->events.count)
		return texts_find(&history->texts, &history->events, index, length);
	if (length != NULL)
		*length = 0;
	return "";
}

static uint64_t number_at(const struct chunks *chunks, uint64_t at)
{
	const uint32_t *number = chunks_at(chunks, at);
	return *number;
}

/* How many of the ascending numbers in `chunks` are below `limit`: at least `low`, at most `high`. */
static uint64_t count_between(const struct chunks *chunks, uint64_t limit, uint64_t low, uint64_t high)
{
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (number_at(chunks, middle) < limit)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint64_t count_below(const struct chunks *chunks, uint64_t limit)
{
	return count_between(chunks, limit, 0, chunks->count);
}

uint64_t history_actor_next(const struct history *history, unsigned int actor, uint64_t from)
{
	if (actor >= history->actor_count)
		return HISTORY_NONE;
	const struct chunks *own = &history->actors[actor].events;
	uint64_t at = count_below(own, from);
	return at < own->count ? number_at(own, at) : HISTORY_NONE;
}

uint64_t history_actor_last(const struct history *history, unsigned int actor, uint64_t before)
{
	if (actor >= history->actor_count)
		return HISTORY_NONE;
	const struct chunks *own = &history->actors[actor].events;
	uint64_t below = count_below(own, before);
	return below > 0 ? number_at(own, below - 1) : HISTORY_NONE;
}

uint64_t history_actor_count(const struct history *history, unsigned int actor)
{
	return actor < history->actor_count ? history->actors[actor].events.count : 0;
}

uint64_t history_actor_nth(const struct history *history, unsigned int actor, uint64_t n)
{
	return number_at(&history->actors[actor].events, n);
}

uint64_t history_actor_below(const struct history *history, unsigned int actor, uint64_t index)
{
	return actor < history->actor_count ? count_below(&history->actors[actor].events, index) : 0;
}

/* From the guess outwards, in growing steps, then by halves. */
uint64_t history_actor_below_from(const struct history *history, unsigned int actor, uint64_t index, uint64_t from, uint64_t guess)
{
	const struct chunks *own = actor < history->actor_count ? &history->actors[actor].events : NULL;
	uint64_t low = from, high = own != NULL ? own->count : 0, step = 1;
	if (low >= high)
		return high;
	guess = guess < low ? low : guess >= high ? high - 1 : guess;
	if (number_at(own, guess) < index) {
		for (low = guess + 1; low + step < high && number_at(own, low + step) < index; step *= 2)
			low += step + 1;
		return count_between(own, index, low, low + step < high ? low + step : high);
	}
	for (high = guess; high > low + step && number_at(own, high - step) >= index; step *= 2)
		high -= step;
	return count_between(own, index, high > low + step ? high - step : low, high);
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

/* ---- an actor's events by time ---- */

static uint64_t sampled(const struct actor_index *actor, uint64_t sample)
{
	const uint64_t *time = chunks_at(&actor->times, sample);
	return *time;
}

/*
 * From `low`, a sample that is not after `time`, to the last such: in growing steps, then by halves.
 * Who asks for one time after the other pays for the distance only.
 */
static uint64_t last_sample(const struct actor_index *actor, uint64_t low, uint64_t time)
{
	uint64_t step = 1, high = low + 1;
	while (high < actor->times.count && sampled(actor, high) <= time) {
		low = high;
		high += step *= 2;
	}
	if (high > actor->times.count)
		high = actor->times.count;
	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2;
		if (sampled(actor, middle) <= time)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint64_t history_actor_near(const struct history *history, unsigned int actor, uint64_t from, uint64_t time)
{
	if (actor >= history->actor_count || history->actors[actor].events.count == 0)
		return 0;
	const struct actor_index *index = &history->actors[actor];
	uint64_t first = from >> SAMPLE_SHIFT;
	if (first >= index->times.count || sampled(index, first) > time)
		return from;
	uint64_t near = last_sample(index, first, time) << SAMPLE_SHIFT;
	return near > from ? near : from;
}

uint64_t history_actor_after(const struct history *history, unsigned int actor, uint64_t from, uint64_t time)
{
	uint64_t low = history_actor_near(history, actor, from, time);
	uint64_t count = history_actor_count(history, actor);
	uint64_t high = low + SAMPLE < count ? low + SAMPLE : count;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (history_at(history, history_actor_nth(history, actor, middle))->time <= time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

uint64_t history_actor_at(const struct history *history, unsigned int actor, uint64_t time)
{
	uint64_t after = history_actor_after(history, actor, 0, time);
	return after > 0 ? history_actor_nth(history, actor, after - 1) : HISTORY_NONE;
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
