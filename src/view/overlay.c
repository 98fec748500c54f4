/* SPDX-License-Identifier: MIT */
#include "view/overlay.h"

#include "view/layout.h"
#include "view/pane.h"

/* Within the frame, with a blank column at each side. */
static struct rect inside(struct rect frame)
{
	struct rect area = layout_inside(frame);

	area.x++;
	area.width = area.width > 2 ? area.width - 2 : 0;
	return area;
}

/* The line at the top: scrolled to, or such that the selected row is seen. */
static int first_line(const struct overlay_pane *pane, const struct scene *scene, struct rect area)
{
	if (pane->rows == NULL)
		return scene->ui.overlay_scroll;
	int line = pane->line_of(scene, scene->ui.overlay_selected + 1, area.width);
	return line > area.height ? line - area.height : 0;
}

/* What it hides is cleared, with a column at each side, so that no half words stand beside it. */
static void clear_below(struct canvas *canvas, struct rect frame)
{
	canvas_fill(canvas, (struct rect){frame.x - 1, frame.y, frame.width + 2, frame.height}, ' ', STYLE_PLAIN);
}

void overlay_draw(struct canvas *canvas, const struct scene *scene)
{
	const struct overlay_pane *pane = overlay_of(scene->ui.overlay);
	struct rect frame = layout_overlay(scene, canvas->width, canvas->height), area = inside(frame);
	int first = first_line(pane, scene, area), limit = scene_overlay_limit(scene, canvas->width, canvas->height);

	clear_below(canvas, frame);
	canvas_frame(canvas, frame, pane->name, true);
	pane_draw_lines(pane->write, scene, canvas, area, first);
	if (first > 0)
		canvas_put(canvas, frame.x + frame.width - 3, frame.y, 0x2191 /* ↑ */, STYLE_KEY);
	if (pane->rows == NULL && first < limit)
		canvas_put(canvas, frame.x + frame.width - 3, frame.y + frame.height - 1, 0x2193 /* ↓ */, STYLE_KEY);
}

bool overlay_hit(const struct scene *scene, int width, int height, int x, int y, size_t *row)
{
	const struct overlay_pane *pane = overlay_of(scene->ui.overlay);
	struct rect area = inside(layout_overlay(scene, width, height));
	size_t rows = pane->rows != NULL ? pane->rows(scene) : 0;
	int line = y - area.y + first_line(pane, scene, area);

	if (x < area.x || x >= area.x + area.width || y < area.y || y >= area.y + area.height)
		return false;
	for (size_t i = rows; i > 0; i--)
		if (line >= pane->line_of(scene, i - 1, area.width)) {
			*row = i - 1;
			return line < pane->line_of(scene, i, area.width);
		}
	return false;
}

int scene_overlay_limit(const struct scene *scene, int width, int height)
{
	if (scene->ui.overlay == OVERLAY_NONE)
		return 0;
	const struct overlay_pane *pane = overlay_of(scene->ui.overlay);
	struct rect area = inside(layout_overlay(scene, width, height));
	int lines = pane_count_lines(pane->write, scene, area.width);
	return lines > area.height ? lines - area.height : 0;
}
