/* SPDX-License-Identifier: MIT */
#include "view/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "view/mark.h"
#include "view/pane.h"

enum {
	AROUND_NUMBER = 2, /* marker, blank */
	NAME_LEAST = 4,
	TAIL = 3,          /* columns kept of the end of a name that is too long */
};

/* ---- geometry ---- */

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static int digits(size_t number)
{
	int columns = 0;

	for (; number > 0; number /= 10)
		columns++;
	return columns;
}

static int pid_columns(const struct world_actor *actor)
{
	return actor->kind == ACTOR_PROCESS ? digits((size_t)actor->pid) : 1 + digits((size_t)actor->tid);
}

static void place_fields(struct timeline *timeline)
{
	const struct scene *scene = timeline->scene;
	int width = timeline->area.width, name = NAME_LEAST, pid = 0;

	for (int row = 0; row < timeline->rows; row++) {
		const struct world_actor *actor = world_actor(scene->world, timeline_actor(timeline, row));
		int columns = (int)utf8_columns(actor->name) + (actor->kind == ACTOR_HELPER ? 1 : 0);
		name = columns > name ? columns : name;
		pid = pid_columns(actor) > pid ? pid_columns(actor) : pid;
	}
	timeline->number_width = AROUND_NUMBER + digits(timeline->lane_count);
	timeline->name_width = clamp(name, NAME_LEAST, width / 4);
	timeline->pid_width = pid;
	timeline->history_x = timeline->number_width + timeline->name_width + 1 + pid + 1;
	timeline->sign_width = clamp(width * 2 / 5, 22, 48);
	timeline->sign_x = width - timeline->sign_width;
	timeline->history_width = clamp(timeline->sign_x - timeline->history_x - 1, 0, TIMELINE_COLUMNS);
}

static void map_rows(struct timeline *timeline)
{
	const struct scene *scene = timeline->scene;

	timeline->actor_count = scene->world->actor_count;
	timeline->row_of = memory_array(timeline->actor_count + 1, sizeof *timeline->row_of);
	for (size_t id = 0; id < timeline->actor_count; id++)
		timeline->row_of[id] = TIMELINE_NO_ROW;
	for (int row = 0; row < timeline->rows; row++)
		timeline->row_of[timeline_actor(timeline, row)] = (uint16_t)row;
	for (size_t id = 0; id < timeline->actor_count; id++) {
		uint16_t owner = lane_owner(scene, (unsigned int)id);
		if (owner != id && owner < timeline->actor_count)
			timeline->row_of[id] = timeline->row_of[owner];
	}
}

void timeline_init(struct timeline *timeline, const struct scene *scene, struct rect area)
{
	memset(timeline, 0, offsetof(struct timeline, columns));
	timeline->scene = scene;
	timeline->area = area;
	timeline->cursor = -1;
	timeline->column_count = 0;
	timeline_place_rows(timeline);
	map_rows(timeline);
	place_fields(timeline);
	timeline->by_time = !scene->run.gated;
	if (timeline->by_time)
		timeline_place_columns_by_time(timeline);
	else
		timeline_place_columns_by_step(timeline);
}

void timeline_release(struct timeline *timeline)
{
	free(timeline->lanes);
	free(timeline->folded);
	free(timeline->row_of);
}

unsigned int timeline_row(const struct timeline *timeline, unsigned int actor)
{
	return actor < timeline->actor_count ? timeline->row_of[actor] : TIMELINE_NO_ROW;
}

int timeline_column_at(const struct timeline *timeline, int x)
{
	for (int i = 0; i < timeline->column_count; i++)
		if (x >= timeline->columns[i].x && x < timeline->columns[i].x + timeline->columns[i].width)
			return i;
	return -1;
}

uint64_t timeline_position(const struct timeline *timeline, int column)
{
	uint64_t to = timeline->columns[column].to;

	return timeline->by_time ? history_position_at(timeline->scene->history, to) : to;
}

/* ---- drawing ---- */

/* Names differ at their ends, so it is the middle that goes: "ForkPool…-12". */
static void draw_fitted_name(struct canvas *canvas, int x, int y, int width, const char *name, unsigned int style)
{
	int columns = (int)utf8_columns(name);

	if (columns <= width || width <= 2 * TAIL) {
		canvas_text_fit(canvas, x, y, width, name, style);
		return;
	}
	canvas_text_fit(canvas, x, y, width - TAIL, name, style);
	canvas_text(canvas, x + width - TAIL, y, name + utf8_fit(name, (size_t)(columns - TAIL)), style);
}

static void draw_name(const struct timeline *timeline, struct canvas *canvas, int y, size_t lane)
{
	const struct scene *scene = timeline->scene;
	const struct world_actor *actor = world_actor(scene->world, timeline->lanes[lane]);
	bool selected = actor->id == lane_owner(scene, scene->ui.selected);
	bool gone = actor->state == ACTOR_EXITED;
	unsigned int style = selected ? STYLE_STRONG : gone ? STYLE_DIM : STYLE_PLAIN;
	int x = timeline->area.x;

	if (selected)
		canvas_put(canvas, x, y, 0x25b8 /* ▸ */, STYLE_STRONG);
	canvas_printf(canvas, x + 1, y, gone ? STYLE_DIM : STYLE_KEY, "%*zu", timeline->number_width - AROUND_NUMBER, lane + 1);
	x += timeline->number_width;
	int indent = actor->kind == ACTOR_HELPER ? 1 : 0;
	draw_fitted_name(canvas, x + indent, y, timeline->name_width - indent, actor->name, style);
	x += timeline->name_width + 1;
	if (actor->kind == ACTOR_PROCESS)
		canvas_printf(canvas, x, y, STYLE_DIM, "%*d", timeline->pid_width, actor->pid);
	else
		canvas_printf(canvas, x, y, STYLE_DIM, "t%-*d", timeline->pid_width - 1, actor->tid);
	if (selected)
		canvas_restyle(canvas, (struct rect){timeline->area.x, y, timeline->history_x - 1, 1}, STYLE_REVERSE);
}

static void draw_sign(const struct timeline *timeline, struct canvas *canvas, int y, size_t lane)
{
	struct lane_sign sign;
	struct sheet sheet;
	struct rect area = {timeline->area.x + timeline->sign_x, y, timeline->sign_width, 1};

	lane_sign(timeline->scene, timeline->lanes[lane], &sign);
	sheet_begin(&sheet, canvas, area, 0);
	sheet_glyph(&sheet, sign.style, sign.glyph);
	sheet_to_column(&sheet, 2);
	if (sign.ready) {
		sheet_printf(&sheet, STYLE_KEY | STYLE_REVERSE, "%zu", lane + 1);
		sheet_to_column(&sheet, 2 + digits(lane + 1) + 1);
	}
	sheet_text(&sheet, sign.style, sign.words.bytes);
	text_release(&sign.words);
}

/* Before the sign of who did something in the last step; of a folded helper it is the lane's. */
static void mark_movers(const struct timeline *timeline, struct canvas *canvas)
{
	const struct scene *scene = timeline->scene;

	for (uint64_t index = timeline_last_events(scene); index < scene->world->position; index++) {
		const struct wire_event *event = history_at(scene->history, index);
		unsigned int row = timeline_row(timeline, event->actor);
		if (row != TIMELINE_NO_ROW && !mark_is_told(event->kind))
			canvas_put(canvas, timeline->area.x + timeline->sign_x - 1, timeline->area.y + (int)row, PANE_MARK, STYLE_NOTICE);
	}
}

/* The column of the position that is looked at, on every lane. */
static void draw_cursor(const struct timeline *timeline, struct canvas *canvas)
{
	const struct timeline_column *column = &timeline->columns[timeline->cursor];
	int x = timeline->area.x + timeline->history_x + column->x;
	int width = column->width > 1 ? column->width - 1 : 1;

	canvas_restyle(canvas, (struct rect){x, timeline->area.y, width, timeline->rows}, STYLE_REVERSE);
}

static void timeline_draw(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	struct timeline timeline;

	timeline_init(&timeline, scene, area);
	if (timeline.by_time)
		timeline_draw_times(&timeline, canvas);
	else
		timeline_draw_steps(&timeline, canvas);
	if (timeline.cursor >= 0)
		draw_cursor(&timeline, canvas);
	for (int row = 0; row < timeline.rows; row++) {
		draw_name(&timeline, canvas, area.y + row, timeline.shown[row]);
		draw_sign(&timeline, canvas, area.y + row, timeline.shown[row]);
	}
	if (timeline.fold_row >= 0)
		timeline_draw_folded(&timeline, canvas);
	mark_movers(&timeline, canvas);
	if (timeline.rows == 0)
		canvas_text_fit(canvas, area.x + 1, area.y, area.width - 1, "starting …", STYLE_DIM);
	timeline_release(&timeline);
}

static int timeline_lines(const struct scene *scene, int width)
{
	(void)width;
	return (int)scene_lanes(scene, NULL, 0);
}

const struct pane pane_timeline = {
	.name = "timeline",
	.lines = timeline_lines,
	.draw = timeline_draw,
	.note = timeline_note,
};
