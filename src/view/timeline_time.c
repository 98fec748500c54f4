/* SPDX-License-Identifier: MIT */
/*
 * The timeline of a free run: each column is a bucket of time. A lane asks the history for the
 * event that a bucket ends with, and only when its next event lies within it: the cost grows with
 * the columns, not with the events.
 */
#include "view/mark.h"
#include "view/timeline.h"

enum { CLOSEST = 40, TOLD_IN_A_ROW = 64 };

static uint64_t time_of(const struct history *history, uint64_t index)
{
	const struct wire_event *event = index != HISTORY_NONE ? history_at(history, index) : NULL;

	return event != NULL ? event->time : UINT64_MAX;
}

/* The end of the run so far: the clock goes on while nothing happens. */
static uint64_t end_of_run(const struct scene *scene)
{
	uint64_t count = history_count(scene->history);
	uint64_t end = count > 0 ? time_of(scene->history, count - 1) : 0;

	if (!scene_past(scene) && scene->run.seconds * 1e9 > (double)end && scene->run.seconds < 1e9)
		end = (uint64_t)(scene->run.seconds * 1e9);
	return end;
}

void timeline_place_columns_by_time(struct timeline *timeline)
{
	const struct scene *scene = timeline->scene;
	int zoom = scene->ui.zoom < 0 ? 0 : scene->ui.zoom > CLOSEST ? CLOSEST : scene->ui.zoom;
	uint64_t end = end_of_run(scene), width = (uint64_t)timeline->history_width;

	if (width == 0)
		return;
	uint64_t bucket = (end >> zoom) / width + 1, span = bucket * width;
	uint64_t from = end + 1 > span ? end + 1 - span : 0;
	if (scene_past(scene) && scene->world->time < from + span / 3)
		from = scene->world->time > span * 2 / 3 ? scene->world->time - span * 2 / 3 : 0;
	timeline->from = from;
	timeline->to = from + span - 1;
	for (uint64_t i = 0; i < width; i++) {
		struct timeline_column *column = &timeline->columns[i];
		*column = (struct timeline_column){.from = from + i * bucket, .to = from + (i + 1) * bucket - 1, .x = (int)i, .width = 1};
		column->future = scene_past(scene) && column->from > scene->world->time;
		if (scene_past(scene) && !column->future)
			timeline->cursor = (int)i;
	}
	timeline->column_count = (int)width;
}

/* The last event of its own that an actor had done when event `index` of it came. */
static uint64_t own_event(const struct history *history, unsigned int actor, uint64_t index)
{
	for (int i = 0; i < TOLD_IN_A_ROW && index != HISTORY_NONE; i++) {
		if (!mark_is_told(history_at(history, index)->kind))
			break;
		index = history_actor_last(history, actor, index);
	}
	return index;
}

struct cell_look {
	uint32_t glyph;
	unsigned int style;
};

/* A bucket of one event shows its letter; a busy one that it was busy. */
static struct cell_look look_of(const struct scene *scene, unsigned int actor, uint64_t index, uint64_t from)
{
	const struct history *history = scene->history;

	if (index == HISTORY_NONE)
		return (struct cell_look){' ', STYLE_PLAIN};
	const struct event_kind_info *info = event_kind_info(history_at(history, index)->kind);
	struct mark_filler filler = mark_filler(info->state_after, false);
	uint64_t before = time_of(history, index) >= from ? history_actor_last(history, actor, index) : HISTORY_NONE;
	bool busy = before != HISTORY_NONE && time_of(history, before) >= from;
	if (mark_lost(scene->world, index) && time_of(history, index) >= from)
		return (struct cell_look){'W', STYLE_LOST};
	if (busy && info->state_after == ACTOR_RUNNING)
		return (struct cell_look){0x2592 /* ▒ */, STYLE_RUNNING};
	if (time_of(history, index) >= from && info->mark != 0 && !busy)
		return (struct cell_look){(uint32_t)info->mark, mark_style(history_at(history, index)->kind)};
	return (struct cell_look){filler.glyph, filler.style};
}

static void draw_lane(const struct timeline *timeline, struct canvas *canvas, int row)
{
	const struct scene *scene = timeline->scene;
	unsigned int actor = timeline->lanes[timeline->first + (size_t)row];
	uint64_t last = HISTORY_NONE, next_time = 0, end = end_of_run(scene);

	for (int i = 0; i < timeline->column_count; i++) {
		const struct timeline_column *column = &timeline->columns[i];
		if (column->from > end)
			break;
		if (next_time <= column->to) {
			last = history_actor_at(scene->history, actor, column->to);
			uint64_t next = history_actor_next(scene->history, actor, last != HISTORY_NONE ? last + 1 : 0);
			next_time = time_of(scene->history, next);
			last = own_event(scene->history, actor, last);
		}
		struct cell_look look = look_of(scene, actor, last, column->from);
		canvas_put(canvas, timeline->area.x + timeline->history_x + column->x, timeline->area.y + row, look.glyph,
		           column->future ? (unsigned int)STYLE_DIM : look.style);
	}
}

void timeline_draw_times(const struct timeline *timeline, struct canvas *canvas)
{
	for (int row = 0; row < timeline->rows; row++)
		draw_lane(timeline, canvas, row);
}
