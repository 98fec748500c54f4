/* SPDX-License-Identifier: MIT */
/* The lesson's text: beside the run, or on the whole screen. */
#include "view/markdown.h"
#include "view/pane.h"

static void write_text(struct sheet *sheet, const struct scene *scene)
{
	if (scene->text != NULL && scene->text[0] != '\0')
		markdown_write(sheet, scene->text);
	else
		sheet_flow(sheet, STYLE_DIM, "This lesson has no text.");
}

static int text_lines(const struct scene *scene, int width)
{
	return pane_count_lines(write_text, scene, width);
}

static void text_draw(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	pane_draw_lines(write_text, scene, canvas, area, scene->ui.scroll[PANE_TEXT]);
}

const struct pane pane_text = {.name = "lesson", .lines = text_lines, .draw = text_draw};
const struct overlay_pane overlay_text = {.name = "lesson", .width = 84, .high = true, .write = write_text};
