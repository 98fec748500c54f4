/* SPDX-License-Identifier: MIT */
/* What the run has printed up to the position shown, its end at the bottom. Only what is seen is looked up. */
#include "base/utf8.h"
#include "view/pane.h"

enum { LINES_COUNTED = 500 }; /* as far as one can scroll */

/* A line with room for it stays as it was printed, its spaces too: tables keep their columns. */
static int draw_line(struct canvas *canvas, struct rect area, const char *text, unsigned int style)
{
	if ((int)utf8_columns(text) > area.width)
		return canvas_text_wrapped(canvas, area, text, style);
	if (canvas != NULL)
		canvas_text_fit(canvas, area.x, area.y, area.width, text, style);
	return 1;
}

static int rows_of(const struct scene *scene, uint64_t event, int width)
{
	const char *text = history_text(scene->history, event, NULL);
	int rows = draw_line(NULL, (struct rect){0, 0, width, 0}, text, STYLE_PLAIN);

	return rows > 0 ? rows : 1;
}

static int console_lines(const struct scene *scene, int width)
{
	uint64_t event = scene->ui.position;
	int lines = 0;

	while (lines < LINES_COUNTED && (event = history_output_last(scene->history, event)) != HISTORY_NONE)
		lines += rows_of(scene, event, width);
	return lines;
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
	while (y > area.y && (event = history_output_last(scene->history, event)) != HISTORY_NONE) {
		y -= rows_of(scene, event, area.width);
		unsigned int style = history_at(scene->history, event)->aux == 2 ? STYLE_LOST : STYLE_PLAIN;
		struct rect rows = {area.x, y, area.width, area.y + area.height - y};
		draw_line(canvas, rows, history_text(scene->history, event, NULL), style);
	}
	canvas_unclip(canvas);
}

const struct pane pane_console = {.name = "console", .lines = console_lines, .draw = console_draw};
