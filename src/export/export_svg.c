/* SPDX-License-Identifier: MIT */
/* The whole timeline as a drawing; or the screen at one moment. */
#include "export/exporters.h"
#include "export/still.h"
#include "export/svg_cells.h"
#include "export/svg_timeline.h"

enum {
	WIDTH = 100, HEIGHT = 30,
	PIXELS = 850, /* what a page has room for: a wider picture would be made smaller */
};

static void draw_moment(struct export *export)
{
	const struct export_options *options = &export->options;
	struct still still;
	struct scene scene;
	struct canvas canvas;

	still_init(&still, export->recording);
	still_scene(&scene);
	scene.ui.side = SIDE_SOURCE;
	still_fill(&still, options->position, &scene);
	scene.ui.selected = still_mover(&still);
	canvas_init(&canvas, options->width > 0 ? options->width : WIDTH, options->height > 0 ? options->height : HEIGHT, options->ascii);
	scene_draw(&canvas, &scene);
	svg_cells(export->out, &canvas, options->theme, scene.lesson->title);
	canvas_release(&canvas);
	still_release(&still);
}

static int write_svg(struct export *export)
{
	struct svg_plan plan;
	int error = 0;

	if (export->options.moment) {
		draw_moment(export);
	} else {
		int pixels = export->options.pixels;

		error = svg_timeline(export, export->out, &plan, NULL, pixels > 0 ? pixels : PIXELS);
		svg_plan_release(&plan);
	}
	return error != 0 ? error : export_flush(export, 1);
}

const struct exporter exporter_svg = {
	.name = "svg",
	.extension = ".svg",
	.help = "a drawing of the timeline, or of the screen at a moment",
	.write = write_svg,
};
