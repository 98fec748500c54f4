/* SPDX-License-Identifier: MIT */
/*
 * Blocks are taken one after the other, each by the row of its type. Events have two numbers: that
 * in the run (`next`, as the file counts) and their index in the history, which is smaller by what is
 * missing. Steps come before the events that they end with, and wait for them.
 */
#include "recording/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/blocks.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "recording/ending.h"
#include "recording/events.h"
#include "recording/head.h"
#include "recording/places.h"
#include "recording/source.h"
#include "recording/steps.h"

struct recording {
	struct source source;
	struct block block;       /* read, its content in `source`, and not yet taken: */
	bool waiting;
	uint32_t next_block;      /* its number if nothing is missing */

	struct head head;
	bool has_head;
	struct lines lines;
	struct text text;
	struct ending ending;
	bool has_end;

	struct history *history;
	uint64_t next;            /* the run's next event */
	struct numbers places;
	struct events *scratch;

	struct steps pending;     /* those from `pending_at` on wait for their events */
	size_t pending_at, pending_room;
	uint64_t begin;           /* position before the first step; HISTORY_NONE: not known, or the history has it */
	bool begun;               /* it was known */
	uint64_t steps;           /* taken, pending ones too */
	struct schedule schedule;
	bool schedule_broken;     /* choices are missing: what is behind them is no use */
	struct text scratch_text;
};

/* ---- what is in the head ---- */

static void take_head(struct recording *recording, const struct block *block)
{
	struct text problem = TEXT_INIT;

	(void)block;
	if (recording->has_head)
		return;
	recording->has_head = head_unpack(&recording->head, &recording->source.content, &problem) == 0;
	if (problem.length > 0)
		source_complain(&recording->source, "the head: %s", problem.bytes);
	text_release(&problem);
}

static void take_source(struct recording *recording, const struct block *block)
{
	const struct text *content = &recording->source.content;

	(void)block;
	if (recording->lines.line == NULL)
		lines_take(&recording->lines, content->bytes, content->length, true);
}

static void take_text(struct recording *recording, const struct block *block)
{
	const struct text *content = &recording->source.content;
	struct lines lines;

	(void)block;
	if (recording->text.length > 0)
		return;
	lines_take(&lines, content->bytes, content->length, true);
	for (size_t i = 0; i < lines.count; i++) {
		text_add(&recording->text, lines.line[i]);
		text_add_char(&recording->text, '\n');
	}
	lines_release(&lines);
}

/* ---- steps ---- */

/* Steps that end at or before the run's event `position`, which is the next to be appended. */
static void end_steps(struct recording *recording, uint64_t position)
{
	struct steps *pending = &recording->pending;

	if (recording->begin <= position) {
		history_begin_steps(recording->history);
		recording->begin = HISTORY_NONE;
	}
	while (recording->pending_at < pending->count && pending->positions[recording->pending_at] <= position) {
		history_end_step(recording->history);
		recording->pending_at++;
	}
}

static void add_choices(struct recording *recording, const struct steps *steps)
{
	struct schedule *schedule = &recording->schedule;

	if (steps->first_choice != schedule->count && !recording->schedule_broken && steps->choice_count > 0) {
		source_complain(&recording->source, "choices are missing: the schedule ends after %zu", schedule->count);
		recording->schedule_broken = true;
	}
	for (size_t i = 0; i < steps->choice_count && !recording->schedule_broken; i++)
		schedule_add(schedule, (unsigned int)steps->choices[i]);
}

/* Behind those that still wait. */
static void add_steps(struct recording *recording, const struct steps *steps)
{
	struct steps *pending = &recording->pending;

	if (recording->pending_at == pending->count)
		recording->pending_at = pending->count = 0;
	if (pending->count + steps->count > recording->pending_room) {
		recording->pending_room = 2 * (pending->count + steps->count);
		pending->positions = memory_resize(pending->positions, recording->pending_room, sizeof *pending->positions);
	}
	if (steps->count > 0)
		memcpy(pending->positions + pending->count, steps->positions, steps->count * sizeof *steps->positions);
	pending->count += steps->count;
	recording->steps = steps->first + steps->count;
}

static void take_steps(struct recording *recording, const struct block *block)
{
	struct steps steps;

	if (!steps_unpack(&steps, &recording->source.content) || steps.first < recording->steps) {
		source_complain(&recording->source, "block %" PRIu32 " holds no steps that go on: left out", block->number);
	} else {
		if (steps.first > recording->steps)
			source_complain(&recording->source, "steps %" PRIu64 " to %" PRIu64 " are missing", recording->steps + 1,
			                steps.first);
		if (!recording->begun)
			recording->begin = steps.begin;
		recording->begun = steps.begin != HISTORY_NONE;
		add_choices(recording, &steps);
		add_steps(recording, &steps);
		end_steps(recording, recording->next);
	}
	steps_release(&steps);
}

/* ---- events ---- */

/* Up to the run's event `first` there are none; they are told as one. */
static void tell_hole(struct recording *recording, uint64_t first)
{
	struct wire_event event = {.kind = EVENT_LOST, .time = history_last_time(recording->history)};

	if (first <= recording->next)
		return;
	event.value = (int64_t)(first - recording->next);
	source_complain(&recording->source, "events %" PRIu64 " to %" PRIu64 " are missing", recording->next + 1, first);
	end_steps(recording, recording->next);
	history_append(recording->history, &event, NULL, 0);
	recording->next = first;
	end_steps(recording, first);
}

/* What is plain ASCII needs no second look. */
static bool is_plain(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] < 0x20 || bytes[i] > 0x7e)
			return false;
	return true;
}

static void append(struct recording *recording, const struct wire_event *event, const char *text, size_t length)
{
	if (!is_plain(text, length)) {
		text_reset(&recording->scratch_text);
		utf8_scrub(&recording->scratch_text, text, length, false);
		text = recording->scratch_text.bytes;
		length = recording->scratch_text.length;
	}
	history_append(recording->history, event, text, length);
}

static void append_all(struct recording *recording)
{
	const struct events *events = recording->scratch;
	const char *text = events->texts;

	for (uint32_t i = 0; i < events->count; i++) {
		append(recording, &events->list[i], text, events->text_length[i]);
		text += events->text_length[i];
		recording->next++;
		if (recording->pending_at < recording->pending.count || recording->begin != HISTORY_NONE)
			end_steps(recording, recording->next);
	}
}

static void take_events(struct recording *recording, const struct block *block)
{
	if (block->first < recording->next || block->first > EVENTS_MAX) {
		source_complain(&recording->source, "block %" PRIu32 " does not go on where it should: left out", block->number);
	} else if (!events_unpack(recording->scratch, &recording->source.content, block->count)) {
		source_complain(&recording->source, "block %" PRIu32 " does not hold the events that it should: left out",
		                block->number);
	} else {
		tell_hole(recording, block->first);
		append_all(recording);
	}
}

static void take_places(struct recording *recording, const struct block *block)
{
	if (!places_unpack(&recording->source.content, recording->history, &recording->places))
		source_complain(&recording->source, "block %" PRIu32 " holds other than places", block->number);
}

static void take_end(struct recording *recording, const struct block *block)
{
	if (recording->has_end)
		return;
	if (block->first <= EVENTS_MAX)
		tell_hole(recording, block->first);
	recording->has_end = ending_unpack(&recording->ending, &recording->source.content);
	if (recording->has_end && recording->head.options.gated)
		recording->ending.end.schedule = &recording->schedule;
}

/* ---- blocks ---- */

static void (*const TAKE[BLOCK_TYPE_COUNT])(struct recording *recording, const struct block *block) = {
	[BLOCK_HEAD] = take_head,     [BLOCK_SOURCE] = take_source, [BLOCK_TEXT] = take_text, [BLOCK_PLACES] = take_places,
	[BLOCK_STEPS] = take_steps,   [BLOCK_EVENTS] = take_events, [BLOCK_END] = take_end,
};

static void complain_missing(struct recording *recording, const struct block *block)
{
	uint32_t from = recording->next_block;

	if (block->number == from + 1)
		source_complain(&recording->source, "block %" PRIu32 " is missing", from);
	else if (block->number > from)
		source_complain(&recording->source, "blocks %" PRIu32 " to %" PRIu32 " are missing", from, block->number - 1);
}

/* The block that comes next; it waits until it is taken. False at the end. */
static bool look(struct recording *recording)
{
	while (!recording->waiting && source_next(&recording->source, &recording->block)) {
		const struct block *block = &recording->block;

		if (block->number < recording->next_block) {
			source_complain(&recording->source, "block %" PRIu32 " stands where block %" PRIu32 " should: left out",
			                block->number, recording->next_block);
			continue;
		}
		complain_missing(recording, block);
		recording->next_block = block->number + 1;
		recording->waiting = true;
	}
	return recording->waiting;
}

static void take(struct recording *recording)
{
	const struct block *block = &recording->block;

	recording->waiting = false;
	if (block_type_name(block->type) != NULL)
		TAKE[block->type](recording, block);
	else
		source_complain(&recording->source,
		                "block %" PRIu32 " is of a kind that this Lockstep does not know (%u): left out", block->number,
		                block->type);
}

/* ---- opening ---- */

/* The copy of the head that stands before the end. The file is then read on from where it was. */
static void find_head(struct recording *recording)
{
	struct source *source = &recording->source;
	uint64_t offset = source->offset - (recording->waiting ? BLOCK_HEAD_BYTES + recording->block.stored : 0);
	size_t told = source->damage.length;
	unsigned int damages = source->damages;
	struct block block;

	while (!recording->has_head && source_next(source, &block))
		if (block.type == BLOCK_HEAD)
			take_head(recording, &block);
	text_set_length(&source->damage, told);
	source->damages = damages;
	source->offset = offset;
	recording->next_block -= recording->waiting;
	recording->waiting = false;
}

/* Blocks up to the first of the run itself. False when there is none at all. */
static bool read_head(struct recording *recording)
{
	bool any = false;

	while (look(recording) && recording->block.type <= BLOCK_TEXT) {
		take(recording);
		any = true;
	}
	any |= recording->waiting;
	if (any && !recording->has_head)
		find_head(recording);
	if (any && !recording->has_head) {
		source_complain(&recording->source, "the head is missing: what was run is not known");
		head_stand_in(&recording->head);
		recording->has_head = true; /* none that may still come is any better */
	}
	return any;
}

struct recording *recording_open(const char *path, struct text *problem)
{
	struct recording *recording = memory_new(sizeof *recording);

	text_init(&recording->text);
	text_init(&recording->scratch_text);
	recording->begin = HISTORY_NONE;
	int error = source_open(&recording->source, path, problem);
	if (error == 0 && !read_head(recording)) {
		text_add(problem, "it is no recording of Lockstep");
		error = -EINVAL;
	}
	if (error < 0) {
		if (problem->length == 0)
			text_add(problem, strerror(-error));
		recording_close(recording);
		return NULL;
	}
	recording->history = history_new_in(spill_new(HISTORY_IN_MEMORY));
	recording->scratch = events_new();
	recording->schedule.seed = recording->head.options.seed;
	recording->schedule.has_seed = recording->head.options.gated;
	return recording;
}

void recording_close(struct recording *recording)
{
	if (recording == NULL)
		return;
	source_release(&recording->source);
	if (recording->head.options.settings != NULL)
		head_release(&recording->head);
	lines_release(&recording->lines);
	text_release(&recording->text);
	if (recording->has_end)
		ending_release(&recording->ending);
	history_free(recording->history);
	numbers_release(&recording->places);
	events_free(recording->scratch);
	steps_release(&recording->pending);
	schedule_release(&recording->schedule);
	text_release(&recording->scratch_text);
	free(recording);
}

/* ---- reading on ---- */

/* Nothing comes any more. What still waits waits in vain. */
static void finish(struct recording *recording)
{
	size_t left = recording->pending.count - recording->pending_at;

	if (left > 0)
		source_complain(&recording->source, "the events of the last %zu steps are missing", left);
	recording->pending_at = recording->pending.count;
}

bool recording_load(struct recording *recording, uint64_t events)
{
	uint64_t count = history_count(recording->history);
	uint64_t until = events < HISTORY_NONE - count ? count + events : HISTORY_NONE;

	while (look(recording)) {
		if (history_count(recording->history) >= until)
			return false;
		take(recording);
	}
	finish(recording);
	return true;
}

double recording_loaded(const struct recording *recording)
{
	const struct source *source = &recording->source;

	return source->size > 0 ? (double)source->offset / (double)source->size : 1;
}

/* ---- what was read ---- */

const struct run_options *recording_options(const struct recording *recording)
{
	return &recording->head.options;
}

const struct lines *recording_source(const struct recording *recording)
{
	return &recording->lines;
}

const char *recording_text(const struct recording *recording)
{
	return recording->text.bytes;
}

const char *recording_version(const struct recording *recording)
{
	return recording->head.version;
}

struct history *recording_history(struct recording *recording)
{
	return recording->history;
}

const struct schedule *recording_schedule(const struct recording *recording)
{
	return recording->head.options.gated ? &recording->schedule : NULL;
}

const struct run_end *recording_end(const struct recording *recording)
{
	return recording->has_end ? &recording->ending.end : NULL;
}

const char *recording_damage(const struct recording *recording)
{
	return recording->source.damage.bytes;
}
