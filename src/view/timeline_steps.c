/* SPDX-License-Identifier: MIT */
/*
 * The timeline of a gated run. The cost of a frame grows with the columns that are shown: the
 * events of those steps are visited, and each lane's state at the left edge is looked up once.
 */
#include "view/mark.h"
#include "view/timeline.h"

#include "base/utf8.h"

enum {
	COLUMN_LEAST = 2,
	COLUMN_EVENTS = 64, /* of one step are looked at; a step rarely has more than three */
	PAYLOAD = 8,        /* columns of "{Ibrahim" at zoom 0; each zoom doubles it */
	PAYLOAD_MOST = 56,
	CLOSEST = 3,
	FARTHEST = 32,      /* 2^31 steps a column */
};

/* Step k, counted from 1, is events [position(k - 1), position(k)); what came after the last step is one more. */
static uint64_t step_end(const struct timeline *timeline, uint64_t step)
{
	const struct history *history = timeline->scene->history;

	return step <= history_steps(history) ? history_step_position(history, step) : history_count(history);
}

static uint64_t count_steps(const struct history *history)
{
	uint64_t steps = history_steps(history);

	return steps + (history_step_position(history, steps) < history_count(history));
}

static int payload_room(const struct timeline *timeline)
{
	int zoom = timeline->zoom;

	return zoom <= 0 ? PAYLOAD : zoom >= CLOSEST ? PAYLOAD_MOST : PAYLOAD << zoom;
}

/* Calls back for each event of a column that has a row. False: there were too many to look at all. */
static bool each_event(const struct timeline *timeline, const struct timeline_column *column,
                       void (*visit)(void *context, unsigned int row, uint64_t event), void *context)
{
	uint64_t to = column->to - column->from > COLUMN_EVENTS ? column->from + COLUMN_EVENTS : column->to;

	for (uint64_t event = column->from; event < to; event++) {
		unsigned int row = timeline_row(timeline, history_at(timeline->scene->history, event)->actor);
		if (row != TIMELINE_NO_ROW)
			visit(context, row, event);
	}
	return to == column->to;
}

/* ---- how wide each column is ---- */

struct widths {
	const struct timeline *timeline;
	int used[TIMELINE_ROWS];
	int most;
};

static void measure(void *context, unsigned int row, uint64_t event)
{
	struct widths *widths = context;
	struct text label = TEXT_INIT;

	mark_label(&label, widths->timeline->scene->history, event, payload_room(widths->timeline));
	widths->used[row] += (int)utf8_columns(label.bytes);
	if (widths->used[row] > widths->most)
		widths->most = widths->used[row];
	text_release(&label);
}

static int measure_step(const struct timeline *timeline, uint64_t step)
{
	struct timeline_column column = {.from = step_end(timeline, step - 1), .to = step_end(timeline, step)};
	struct widths widths = {.timeline = timeline};

	each_event(timeline, &column, measure, &widths);
	int width = widths.most + 1;
	if (width > timeline->history_width)
		width = timeline->history_width;
	return width < COLUMN_LEAST ? COLUMN_LEAST : width;
}

/* Each step is measured once a frame, however often it is asked for. */
static int step_width(struct timeline *timeline, uint64_t step)
{
	size_t slot = step % TIMELINE_COLUMNS;

	if (timeline->letters)
		return 1;
	if (timeline->widths[slot].step != step) {
		timeline->widths[slot].step = step;
		timeline->widths[slot].width = measure_step(timeline, step);
	}
	return timeline->widths[slot].width;
}

/* ---- which steps are shown ---- */

/* The step in which the position shown lies; 0: before the first. */
static uint64_t cursor_step(const struct scene *scene)
{
	uint64_t step = history_step_of(scene->history, scene->ui.position);

	return step + (history_step_position(scene->history, step) < scene->ui.position);
}

/* The first step such that all up to `last` fit into the room. */
static uint64_t first_that_fits(struct timeline *timeline, uint64_t last, uint64_t group)
{
	int room = timeline->history_width;
	uint64_t first = last + 1;

	if (timeline->letters) {
		uint64_t fits = (uint64_t)room * group;
		return last >= fits ? last - (last - 1) % group - fits + group : 1;
	}
	while (first > 1) {
		room -= step_width(timeline, first - 1);
		if (room < 0)
			break;
		first--;
	}
	return first;
}

/* In the past a third of the room is left for what came after. */
static uint64_t last_around(struct timeline *timeline, uint64_t cursor, uint64_t steps, uint64_t group)
{
	int room = timeline->history_width / 3;
	uint64_t last = cursor;

	if (timeline->letters)
		last += (uint64_t)room * group;
	else
		while (last < steps && (room -= step_width(timeline, last + 1)) >= 0)
			last++;
	return last < steps ? last : steps;
}

static void add_column(struct timeline *timeline, uint64_t from_step, uint64_t to_step, int width)
{
	const struct scene *scene = timeline->scene;
	int index = timeline->column_count;
	struct timeline_column *column = &timeline->columns[index];
	const struct timeline_column *before = index > 0 ? column - 1 : NULL;

	column->from = step_end(timeline, from_step - 1);
	column->to = step_end(timeline, to_step);
	column->x = before != NULL ? before->x + before->width : 0;
	column->width = width;
	column->future = scene_past(scene) && column->from >= scene->ui.position;
	if (scene_past(scene) && column->from < scene->ui.position)
		timeline->cursor = index;
	timeline->column_count++;
}

static uint64_t steps_a_column(int zoom)
{
	return zoom < -1 ? 1ull << (-zoom - 1) : 1;
}

/* From one step with all that it carried to the whole run. */
static int clamp_zoom(int zoom, uint64_t steps, int width)
{
	if (zoom > CLOSEST)
		return CLOSEST;
	if (zoom < -FARTHEST)
		zoom = -FARTHEST;
	while (zoom < -1 && steps_a_column(zoom + 1) * (uint64_t)width >= steps)
		zoom++;
	return zoom;
}

void timeline_place_columns_by_step(struct timeline *timeline)
{
	const struct scene *scene = timeline->scene;
	uint64_t steps = count_steps(scene->history), last = steps;

	timeline->steps = steps;
	if (timeline->history_width < COLUMN_LEAST || steps == 0)
		return;
	timeline->zoom = clamp_zoom(scene->ui.zoom, steps, timeline->history_width);
	timeline->letters = timeline->zoom < 0;
	uint64_t group = timeline->group = steps_a_column(timeline->zoom);
	uint64_t first = first_that_fits(timeline, last, group);
	if (scene_past(scene) && cursor_step(scene) < first + (first > 1)) {
		last = last_around(timeline, cursor_step(scene), steps, group);
		first = first_that_fits(timeline, last, group);
	}
	/* What the cursor has on its right may have left room: fill it up. */
	int used = 0;
	for (uint64_t step = first; step <= steps && timeline->column_count < TIMELINE_COLUMNS; step += group) {
		uint64_t end = step + group - 1 < steps ? step + group - 1 : steps;
		int width = step_width(timeline, step);
		if (used + width > timeline->history_width)
			break;
		used += width;
		add_column(timeline, step, end, width);
		timeline->last_step = end;
	}
	timeline->first_step = first;
}

/* ---- drawing ---- */

struct painter {
	const struct timeline *timeline;
	struct canvas *canvas;
	const struct timeline_column *column;
	int used[TIMELINE_ROWS];
	uint8_t state[TIMELINE_ROWS]; /* enum actor_state */
	uint64_t done[TIMELINE_ROWS]; /* by letters: how many events of the lane's actor lie before the column's end, */
	uint64_t last[TIMELINE_ROWS]; /* and how many in the column before: a guess for the next */
};

static unsigned int dimmed(const struct timeline_column *column, unsigned int style)
{
	return column->future ? (unsigned int)STYLE_DIM : style;
}

static unsigned int label_style(const struct painter *painter, uint64_t index)
{
	const struct scene *scene = painter->timeline->scene;
	const struct wire_event *event = history_at(scene->history, index);

	if (mark_lost(scene->world, index))
		return STYLE_LOST;
	return mark_style(event->kind);
}

static void paint(void *context, unsigned int row, uint64_t index)
{
	struct painter *painter = context;
	const struct timeline *timeline = painter->timeline;
	const struct wire_event *event = history_at(timeline->scene->history, index);
	struct text label = TEXT_INIT;
	int room = painter->column->width - painter->used[row];
	int x = timeline->area.x + timeline->history_x + painter->column->x + painter->used[row];

	mark_label(&label, timeline->scene->history, index, payload_room(timeline));
	if (room > 0)
		canvas_text_fit(painter->canvas, x, timeline->area.y + (int)row, room, label.bytes,
		                dimmed(painter->column, label_style(painter, index)));
	painter->used[row] += (int)utf8_columns(label.bytes);
	text_release(&label);
	/* A folded helper's doings are shown in its owner's lane; they do not change the owner's state. */
	if (event->actor == timeline_actor(timeline, (int)row) && !mark_is_told(event->kind))
		painter->state[row] = (uint8_t)event_kind_info(event->kind)->state_after;
}

/* The state of a lane's actor after its first `done` events. */
static uint8_t state_after(const struct timeline *timeline, int row, uint64_t done)
{
	const struct history *history = timeline->scene->history;
	unsigned int actor = timeline_actor(timeline, row);

	for (int tries = 0; tries < COLUMN_EVENTS && done > 0; tries++) {
		const struct wire_event *event = history_at(history, history_actor_nth(history, actor, --done));
		if (!mark_is_told(event->kind))
			return (uint8_t)event_kind_info(event->kind)->state_after;
	}
	return done > 0 ? ACTOR_RUNNING : ACTOR_NONE;
}

static uint8_t state_at(const struct timeline *timeline, int row, uint64_t position)
{
	unsigned int actor = timeline_actor(timeline, row);

	return state_after(timeline, row, history_actor_below(timeline->scene->history, actor, position));
}

static void fill(const struct painter *painter, int row)
{
	const struct timeline *timeline = painter->timeline;
	struct mark_filler filler = mark_filler(painter->state[row], true);
	int from = painter->used[row] < painter->column->width ? painter->used[row] : painter->column->width;
	struct rect area = {
		.x = timeline->area.x + timeline->history_x + painter->column->x + from,
		.y = timeline->area.y + row,
		.width = painter->column->width - from,
		.height = 1,
	};

	canvas_fill(painter->canvas, area, filler.glyph, dimmed(painter->column, filler.style));
}

/* One letter for the last thing that the lane's own actor did in the column. */
static void paint_letter(struct painter *painter, int row)
{
	const struct timeline *timeline = painter->timeline;
	const struct history *history = timeline->scene->history;
	unsigned int actor = timeline_actor(timeline, row);

	uint64_t before = painter->done[row];
	painter->done[row] = history_actor_below_from(history, actor, painter->column->to, before, before + painter->last[row]);
	painter->last[row] = painter->done[row] - before;
	painter->used[row] = 0;
	painter->state[row] = state_after(timeline, row, painter->done[row]);
	uint64_t index = painter->done[row] > 0 ? history_actor_nth(history, actor, painter->done[row] - 1) : HISTORY_NONE;
	if (index == HISTORY_NONE || index < painter->column->from)
		return;
	char letter = event_kind_info(history_at(history, index)->kind)->mark;
	if (letter == 0)
		return;
	canvas_put(painter->canvas, timeline->area.x + timeline->history_x + painter->column->x, timeline->area.y + row,
	           (uint32_t)letter, dimmed(painter->column, label_style(painter, index)));
	painter->used[row] = 1;
}

void timeline_draw_steps(const struct timeline *timeline, struct canvas *canvas)
{
	struct painter painter = {.timeline = timeline, .canvas = canvas};

	for (int row = 0; row < timeline->rows && timeline->column_count > 0; row++) {
		unsigned int actor = timeline_actor(timeline, row);
		painter.done[row] = history_actor_below(timeline->scene->history, actor, timeline->columns[0].from);
		painter.state[row] = state_after(timeline, row, painter.done[row]);
	}
	for (int i = 0; i < timeline->column_count; i++) {
		painter.column = &timeline->columns[i];
		bool complete = true;
		for (int row = 0; row < timeline->rows; row++) {
			painter.used[row] = 0;
			if (timeline->letters)
				paint_letter(&painter, row);
		}
		if (!timeline->letters)
			complete = each_event(timeline, painter.column, paint, &painter);
		for (int row = 0; row < timeline->rows; row++) {
			if (!complete)
				painter.state[row] = state_at(timeline, row, painter.column->to);
			fill(&painter, row);
		}
	}
}
