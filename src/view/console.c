/* SPDX-License-Identifier: MIT */
/* What the run has printed up to the position shown, its end at the bottom. Only what is seen is looked up. */
#include <string.h>

#include "base/utf8.h"
#include "view/pane.h"

enum {
	LINES_COUNTED = 500,       /* as far as one can scroll */
	PIECES_LOOKED_BACK = 1024, /* events */
	STDOUT_LINE = 1,           /* EVENT_OUTPUT's aux; 2: standard error */
};

/* A line with room for it stays as it was printed, its spaces too: tables keep their columns. */
static int draw_line(struct canvas *canvas, struct rect area, const char *text, unsigned int style)
{
	if ((int)utf8_columns(text) > area.width)
		return canvas_text_wrapped(canvas, area, text, style);
	if (canvas != NULL)
		canvas_text_fit(canvas, area.x, area.y, area.width, text, style);
	return 1;
}

static bool is_whole_line(const struct wire_event *event)
{
	return event->kind == EVENT_OUTPUT && event->aux == STDOUT_LINE;
}

static int rows_of(const char *text, int width)
{
	int rows = draw_line(NULL, (struct rect){0, 0, width, 0}, text, STYLE_PLAIN);

	return rows > 0 ? rows : 1;
}

/* A line's end is not in the text of who printed it; as a part of a piece it was made safe. */
static void add_piece(struct text *out, const struct wire_event *event, const char *text, size_t length)
{
	static const char end[] = "␊";
	size_t least = sizeof end - 1;

	if (event->value > (int64_t)length || (length >= least && strcmp(text + length - least, end) == 0))
		text_reset(out);
	else
		text_add_bytes(out, text, length);
}

/*
 * The pieces of a line that has no end yet: what was printed since the last whole line. Of a free run the
 * two come on ways of their own, and nobody can tell which piece is of which line.
 */
static void unfinished_line(const struct scene *scene, struct text *out)
{
	const struct history *history = scene->history;
	uint64_t to = scene->ui.position, from = to;
	uint64_t least = to > PIECES_LOOKED_BACK ? to - PIECES_LOOKED_BACK : 0;

	if (!scene->run.gated)
		return;
	while (from > least && !is_whole_line(history_at(history, from - 1)))
		from--;
	for (; from < to; from++) {
		size_t length;
		const char *text = history_text(history, from, &length);
		if (history_at(history, from)->kind == EVENT_PRINT)
			add_piece(out, history_at(history, from), text, length);
	}
}

static int console_lines(const struct scene *scene, int width)
{
	uint64_t event = scene->ui.position;
	struct text piece = TEXT_INIT;

	unfinished_line(scene, &piece);
	int lines = piece.length > 0 ? rows_of(piece.bytes, width) : 0;
	text_release(&piece);
	while (lines < LINES_COUNTED && (event = history_output_last(scene->history, event)) != HISTORY_NONE)
		lines += rows_of(history_text(scene->history, event, NULL), width);
	return lines;
}

/* The line that ends where the one below begins. */
static int draw_above(struct canvas *canvas, struct rect area, int y, const char *text, unsigned int style)
{
	y -= rows_of(text, area.width);
	draw_line(canvas, (struct rect){area.x, y, area.width, area.y + area.height - y}, text, style);
	return y;
}

static int draw_unfinished(struct canvas *canvas, struct rect area, int y, const struct scene *scene)
{
	struct text piece = TEXT_INIT;

	unfinished_line(scene, &piece);
	if (piece.length > 0)
		y = draw_above(canvas, area, y, piece.bytes, STYLE_PLAIN);
	text_release(&piece);
	return y;
}

/* From the end upwards, until the area is full. */
static void console_draw(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	uint64_t event = scene->ui.position;
	int y = area.y + area.height + scene->ui.scroll[PANE_CONSOLE];
	int lines = console_lines(scene, area.width);

	if (lines == 0)
		canvas_text_fit(canvas, area.x, area.y, area.width, "nothing printed yet", STYLE_DIM);
	if (lines < area.height) /* a short text begins at the top */
		y -= area.height - lines;
	canvas_clip(canvas, area);
	y = draw_unfinished(canvas, area, y, scene);
	while (y > area.y && (event = history_output_last(scene->history, event)) != HISTORY_NONE) {
		unsigned int style = history_at(scene->history, event)->aux == 2 ? STYLE_LOST : STYLE_PLAIN;
		y = draw_above(canvas, area, y, history_text(scene->history, event, NULL), style);
	}
	canvas_unclip(canvas);
}

const struct pane pane_console = {.name = "console", .lines = console_lines, .draw = console_draw};
