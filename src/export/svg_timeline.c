/* SPDX-License-Identifier: MIT */
#include "export/svg_timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "export/exporters.h"
#include "export/svg_drawing.h"
#include "view/mark.h"

enum { ARROWS_MOST = 1500 };

static const double BOX = 20, GAP = 6, TICK_LEAST = 1.5, BAR_LEAST = 0.7;

/* ---- bars: the states between the marks ---- */

static void draw_bar(struct drawing *drawing, const struct strip *lane, double y, double to)
{
	struct mark_filler filler = mark_filler(lane->state, drawing->plan->by_step);
	const char *dashes = lane->state == ACTOR_WAITING    ? " stroke-dasharray=\"5 4\""
	                     : lane->state == ACTOR_SLEEPING ? " stroke-dasharray=\"1.5 4\""
	                                                     : "";

	if (filler.glyph == ' ' || to - lane->x < BAR_LEAST)
		return;
	text_printf(&drawing->bars, "<path class=\"w s%u\"%s d=\"M%.1f %.1fH%.1f\"/>\n", look_of(filler.style).hue, dashes, lane->x, y, to);
}

static void change_state(struct drawing *drawing, struct strip *lane, double y, double x, double after, uint8_t state)
{
	bool nothing_new = drawing->plan->tight && state == lane->state;

	if (nothing_new)
		return;
	draw_bar(drawing, lane, y, x);
	lane->x = after;
	lane->state = state;
}

/* ---- marks ---- */

static void draw_box(struct drawing *drawing, double y, const struct label *label)
{
	uint8_t hue = look_of(label->style).hue;
	int columns = (int)utf8_columns(label->words);
	double width = columns * SVG_CHARACTER + GAP - 1;
	bool lost = label->style == STYLE_LOST;
	char class[16];

	if (!lost) /* a helper's mark may lie on its owner's bar */
		text_printf(&drawing->marks, "<rect class=\"g\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\"/>\n", label->x,
		            y - BOX / 2, width, BOX);
	text_printf(&drawing->marks, "<rect class=\"f%u%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\" rx=\"4\"/>\n", hue,
	            lost ? "" : " q", label->x, y - BOX / 2, width, BOX);
	snprintf(class, sizeof class, lost ? "g b" : "f%u b", hue);
	svg_text(&drawing->marks, label->x + GAP / 2, y + 5, class, columns, label->words);
}

static void draw_number(struct drawing *drawing, double y, const struct label *label)
{
	svg_text(&drawing->objects, label->x, y + 5, label->style == STYLE_LOST ? "f7 b" : "f0", (int)utf8_columns(label->words), label->words);
}

static void draw_tick(struct drawing *drawing, struct strip *strip, double x, double y, unsigned int style)
{
	bool lost = style == STYLE_LOST;
	double *last = lost ? &strip->lost : &strip->tick;

	if (x - *last < TICK_LEAST)
		return;
	*last = x;
	text_printf(&drawing->marks, "<path class=\"%s s%u\" d=\"M%.1f %.1fv%.0f\"/>\n", lost ? "w" : "l", look_of(style).hue, x,
	            y - (lost ? 10 : 6), lost ? 20.0 : 12.0);
}

typedef void draw_function(struct drawing *drawing, double y, const struct label *label);

/* Writes what is pending, if there is room for it before `next` and in its band; else it becomes a stroke. */
static void draw_pending(struct drawing *drawing, struct strip *strip, double y, double next, draw_function *draw)
{
	const struct label *label = &strip->pending;

	if (label->words[0] == '\0')
		return;
	next = fmin(next, svg_plan_band_end(drawing->plan, label->x));
	if (label->x + (double)utf8_columns(label->words) * SVG_CHARACTER + GAP <= next)
		draw(drawing, y, label);
	else
		draw_tick(drawing, strip, label->x, y, label->style);
	strip->pending.words[0] = '\0';
}

static void set_pending(struct drawing *drawing, struct strip *strip, double x, double y, unsigned int style, const char *words,
                        draw_function *draw)
{
	draw_pending(drawing, strip, y, x, draw);
	strip->pending = (struct label){.x = x, .style = style};
	memcpy(strip->pending.words, words, utf8_cut(words, strlen(words), sizeof strip->pending.words - 1));
}

/* Returns how wide it is, where each step has the room that it needs. */
static double draw_mark(struct drawing *drawing, struct strip *lane, uint64_t event, double x, double y, unsigned int style)
{
	bool tight = drawing->plan->tight;
	struct text label = TEXT_INIT;
	double width = 0;

	mark_label(&label, drawing->plan->history, event, SVG_LABEL_ROOM);
	if (label.length > 0) {
		width = (double)utf8_columns(label.bytes) * SVG_CHARACTER + GAP;
		set_pending(drawing, lane, x, y, style, label.bytes, draw_box);
		drawing->used[history_at(drawing->plan->history, event)->kind] = true;
	}
	drawing->at[event] = (float)(x + (tight ? SVG_CHARACTER + GAP : width) / 2);
	text_release(&label);
	return tight ? 0 : width;
}

/* Where an event's mark begins: behind those of its lane in the same step. */
static double begin_mark(const struct svg_plan *plan, struct strip *lane, uint64_t event)
{
	uint64_t step = plan->by_step ? svg_plan_step(plan, event) : event;

	if (step != lane->step)
		lane->used = 0;
	lane->step = step;
	return svg_plan_x(plan, event) + (plan->tight ? 0 : lane->used);
}

static uint16_t lane_of(const struct drawing *drawing, unsigned int actor)
{
	return actor < drawing->plan->actor_count ? drawing->plan->lane_of[actor] : (uint16_t)SVG_NO_LANE;
}

static void draw_event(struct drawing *drawing, uint64_t index)
{
	const struct wire_event *event = history_at(drawing->plan->history, index);
	uint16_t at = lane_of(drawing, event->actor);

	if (at == SVG_NO_LANE || event->kind == EVENT_OUTPUT)
		return;
	struct strip *lane = &drawing->lanes[at];
	double y = svg_plan_lane_y(at), x = begin_mark(drawing->plan, lane, index);
	unsigned int style = mark_lost(drawing->world, index) ? STYLE_LOST : mark_style(event->kind);
	double width = draw_mark(drawing, lane, index, x, y, style);

	lane->used += width;
	if (event->actor == drawing->plan->lanes[at] && !mark_is_told(event->kind))
		change_state(drawing, lane, y, x, x + width, (uint8_t)event_kind_info(event->kind)->state_after);
}

/* ---- arrows ---- */

static void draw_arrow(struct drawing *drawing, struct link link)
{
	static const unsigned int hues[] = {
		[LINK_MESSAGE] = HUE_GREEN, [LINK_WAKE] = HUE_PURPLE, [LINK_START] = HUE_GREY, [LINK_JOIN] = HUE_GREY,
	};
	const struct history *history = drawing->plan->history;
	uint16_t from = lane_of(drawing, history_at(history, link.cause)->actor), to = lane_of(drawing, history_at(history, link.effect)->actor);
	double x1 = drawing->at[link.cause], x2 = drawing->at[link.effect];

	if (from == SVG_NO_LANE || to == SVG_NO_LANE || from == to || x1 <= 0 || x2 <= 0)
		return;
	if (drawing->arrows == ARROWS_MOST) {
		drawing->omitted++;
		return;
	}
	drawing->arrows++;
	double down = to > from ? 1 : -1;
	double y1 = svg_plan_lane_y(from) + down * BOX / 2, y2 = svg_plan_lane_y(to) - down * BOX / 2;
	double bend = (y2 - y1) / 2;

	text_printf(&drawing->lines, "<path class=\"l s%u\" d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fm-3 %.1fl3 %.1fl3 %.1f\"/>\n",
	            hues[link.kind], x1, y1, x1, y1 + bend, x2, y2 - bend, x2, y2, -5 * down, 5 * down, -5 * down);
}

/* ---- locks and values ---- */

/* A name as far as it fits; less than three of its characters say nothing. */
static void add_fitted(struct text *out, double x, double y, double width, const char *name)
{
	size_t room = (size_t)(width / SVG_CHARACTER), columns = utf8_columns(name);
	struct text fitted = TEXT_INIT;

	if (columns <= room) {
		text_add(&fitted, name);
	} else if (room >= 4) {
		text_add_bytes(&fitted, name, utf8_fit(name, room - 1));
		text_add(&fitted, "…");
	}
	if (fitted.length > 0)
		svg_text(out, x, y, "f8", (int)utf8_columns(fitted.bytes), fitted.bytes);
	text_release(&fitted);
}

/* What is cut by the end of a band goes on in the next one, under its name. */
static void close_hold(struct drawing *drawing, const struct strip *row, double y, double to)
{
	const char *name = world_actor_name(drawing->world, row->holder);

	for (double x = row->x, end; row->holder != WORLD_NO_ACTOR && to - x >= BAR_LEAST; x = end) {
		end = fmin(to, svg_plan_band_end(drawing->plan, x));
		text_printf(&drawing->objects, "<rect class=\"f%d%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\" rx=\"4\"/>\n",
		            HUE_PURPLE, end - x < GAP ? "" : " q", x, y - BOX / 2, end - x, BOX);
		add_fitted(&drawing->objects, x + GAP / 2, y + 5, end - x - GAP, name);
	}
}

static void draw_hold(struct drawing *drawing, size_t at, const struct world_object *lock, double x)
{
	struct strip *row = &drawing->rows[at];

	if (row->holder == lock->holder)
		return;
	close_hold(drawing, row, svg_plan_row_y(drawing->plan, at), x);
	row->holder = lock->holder;
	row->x = x;
}

static void note_number(struct drawing *drawing, size_t at, uint64_t index, double x)
{
	const struct wire_event *event = history_at(drawing->plan->history, index);
	struct text number = TEXT_INIT;
	unsigned int style = mark_lost(drawing->world, index) ? STYLE_LOST : STYLE_WRITE;

	mark_number(&number, event->value, event->flags & EVENT_REAL);
	set_pending(drawing, &drawing->rows[at], x, svg_plan_row_y(drawing->plan, at), style, number.bytes, draw_number);
	text_release(&number);
}

static void draw_object(struct drawing *drawing, uint64_t index)
{
	const struct svg_plan *plan = drawing->plan;
	const struct wire_event *event = history_at(plan->history, index);

	for (size_t i = 0; i < plan->object_count; i++) {
		if (plan->objects[i] != event->object)
			continue;
		double x = drawing->at[index] > 0 ? drawing->at[index] : svg_plan_x(plan, index);
		const struct world_object *object = world_object(drawing->world, event->object);

		if (i < plan->lock_count)
			draw_hold(drawing, i, object, x);
		else if (event->kind == EVENT_VALUE_WRITE || event->kind == EVENT_OBJECT_NEW)
			note_number(drawing, i, index, x);
	}
}

/* ---- from beginning to end ---- */

static int draw_events(struct drawing *drawing)
{
	uint64_t count = history_count(drawing->plan->history);
	int error = 0;

	for (uint64_t index = 0; index < count && error == 0; index++) {
		struct link link = links_next(&drawing->links, drawing->world);

		world_forward(drawing->world);
		draw_event(drawing, index);
		if (link.kind != LINK_NONE)
			draw_arrow(drawing, link);
		if (history_at(drawing->plan->history, index)->object != 0)
			draw_object(drawing, index);
		if (index % 65536 == 65535)
			error = export_flush(drawing->export, export_done(drawing->export, index) / 2);
	}
	return error;
}

static void end_strips(struct drawing *drawing)
{
	const struct svg_plan *plan = drawing->plan;
	double end = plan->left + plan->width;

	for (size_t i = 0; i < plan->lane_count; i++) {
		draw_bar(drawing, &drawing->lanes[i], svg_plan_lane_y(i), end);
		draw_pending(drawing, &drawing->lanes[i], svg_plan_lane_y(i), INFINITY, draw_box);
	}
	for (size_t i = 0; i < plan->lock_count; i++)
		close_hold(drawing, &drawing->rows[i], svg_plan_row_y(plan, i), end);
	for (size_t i = plan->lock_count; i < plan->object_count; i++)
		draw_pending(drawing, &drawing->rows[i], svg_plan_row_y(plan, i), INFINITY, draw_number);
}

static void begin(struct drawing *drawing, const struct svg_plan *plan)
{
	drawing->lanes = memory_array(plan->lane_count + 1, sizeof *drawing->lanes);
	drawing->rows = memory_array(plan->object_count + 1, sizeof *drawing->rows);
	drawing->at = memory_array(history_count(plan->history) + 1, sizeof *drawing->at);
	for (size_t i = 0; i < plan->object_count; i++)
		drawing->rows[i].holder = WORLD_NO_ACTOR;
	for (size_t i = 0; i < plan->lane_count; i++)
		drawing->lanes[i].step = HISTORY_NONE;
	links_init(&drawing->links);
	text_init(&drawing->bars);
	text_init(&drawing->marks);
	text_init(&drawing->lines);
	text_init(&drawing->objects);
}

static void release(struct drawing *drawing)
{
	links_release(&drawing->links);
	world_free(drawing->world);
	free(drawing->lanes);
	free(drawing->rows);
	free(drawing->at);
	text_release(&drawing->bars);
	text_release(&drawing->marks);
	text_release(&drawing->lines);
	text_release(&drawing->objects);
}

int svg_timeline(struct export *export, struct text *out, struct svg_plan *plan, const char *cursor, double most)
{
	struct drawing drawing = {.export = export, .plan = plan, .world = world_new(export_history(export))};

	world_seek(drawing.world, HISTORY_NONE);
	svg_plan_init(plan, drawing.world, recording_options(export->recording)->gated, most);
	world_seek(drawing.world, 0);
	begin(&drawing, plan);
	int error = draw_events(&drawing);
	end_strips(&drawing);
	if (error == 0)
		svg_add_page(&drawing, out, cursor);
	release(&drawing);
	return error;
}
