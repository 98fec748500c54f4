/* SPDX-License-Identifier: MIT */
/*
 * One page that needs nothing else: the timeline as a drawing, under it the screen, frame by frame,
 * to be stepped through with the arrow keys. Its policy forbids it to load anything.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "export/exporters.h"
#include "export/html_player.h"
#include "export/json.h"
#include "export/still.h"
#include "export/svg_cells.h"
#include "export/svg_timeline.h"
#include "export/svg.h"

enum { WIDTH = 120, HEIGHT = 34, FRAMES_MOST = 1200, FREE_FRAMES = 240, LENGTH_S = 40, PAUSE_MOST_MS = 700 };

struct page {
	struct export *export;
	struct svg_plan plan;
	struct still still;
	struct scene scene;
	struct canvas canvas;
	struct text *rows;  /* of the frame before, as JSON */
	struct text row;
	size_t frames;
};

/* ---- what stands around ---- */

static void add_colors(struct text *out, bool light)
{
	int ground = light ? LOOK_LIGHT_GROUND : LOOK_DARK_GROUND, text = light ? LOOK_LIGHT_TEXT : LOOK_DARK_TEXT;

	text_printf(out, ":root{color-scheme:%s}body{background:#%06x;color:#%06x}#screen{background:#%06x}\n.v0{background:#%06x;color:#%06x}\n",
	            light ? "light" : "dark", light ? 0xf3f4f6 : 0x0e0f12, text, ground, text, ground);
	for (int hue = HUE_GREY; hue < HUE_COUNT; hue++) {
		int rgb = light ? HUES[hue].on_light : HUES[hue].on_dark;

		text_printf(out, ".f%d{color:#%06x}.v%d{background:#%06x;color:#%06x}\n", hue, rgb, hue, rgb, ground);
	}
}

static void add_head(const struct page *page, const char *title)
{
	struct text *out = page->export->out;
	enum export_theme theme = page->export->options.theme;

	text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	              "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
	              "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
	svg_escape(out, title, strlen(title));
	text_add(out, "</title>\n<style>\n");
	text_add(out, HTML_STYLE);
	add_colors(out, theme != THEME_DARK);
	if (theme == THEME_AUTO) {
		text_add(out, "@media (prefers-color-scheme:dark){\n");
		add_colors(out, false);
		text_add(out, "}\n");
	}
	text_add(out, "</style>\n</head>\n<body>\n<h1>");
	svg_escape(out, title, strlen(title));
	text_add(out, "</h1>\n<div id=\"timeline\">\n");
}

static void add_controls(struct text *out)
{
	text_add(out, "</div>\n<div id=\"controls\">\n"
	              "<button id=\"first\" title=\"Home\">|◀</button><button id=\"back\" title=\"left\">◀</button>"
	              "<button id=\"on\" title=\"right\">▶</button>"
	              "<button id=\"last\" title=\"End\">▶|</button><button id=\"play\" title=\"space\">play</button>\n"
	              "<input id=\"seek\" type=\"range\" min=\"0\" value=\"0\" aria-label=\"position\"><output id=\"where\"></output>\n</div>\n"
	              "<pre id=\"screen\"></pre>\n<noscript>The steps are shown by a script.</noscript>\n"
	              "<script type=\"application/json\" id=\"frames\">");
}

static void add_end(struct text *out)
{
	text_add(out, "]}</script>\n<script>\n");
	text_add(out, HTML_SCRIPT);
	text_add(out, "</script>\n</body>\n</html>\n");
}

/* ---- frames ---- */

/* JSON within a page: "<" would end its element, so strings do without it. */
static void add_in_page(struct text *out, const char *json, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (json[i] == '<')
			text_add(out, "\\u003c");
		else
			text_add_char(out, json[i]);
}

/* `columns` > 0: of a box as wide. */
static void add_class(struct text *out, struct look look, int columns)
{
	static const char *const boxes[] = {"", " n1", " n2"};
	char class[24];

	snprintf(class, sizeof class, "%c%u%s%s%s", look.colored & LOOK_REVERSE ? 'v' : 'f', look.hue, look.colored & LOOK_BOLD ? " b" : "",
	         look.colored & LOOK_UNDERLINE ? " u" : "", boxes[columns]);
	json_add_string(out, NULL, class);
}

static void add_cell(struct text *out, const struct cell *cell)
{
	if (cell->glyph != 0)
		text_add_unicode(out, cell->glyph);
	if (cell->mark != 0)
		text_add_unicode(out, cell->mark);
}

/* One cell that strays, or as many others as look the same. Returns where to go on. */
static int read_run(struct page *page, int x, int y, int width, struct text *run)
{
	const struct cell *first = canvas_at(&page->canvas, x, y), *cell = first;
	bool alone = svg_cell_strays(first);
	int end = x;

	text_reset(run);
	do {
		add_cell(run, cell);
		end++;
		cell = end < width ? canvas_at(&page->canvas, end, y) : first;
	} while (end < width && (cell->glyph == 0 || (!alone && cell->style == first->style && !svg_cell_strays(cell))));
	add_class(&page->row, look_of(first->style), !alone ? 0 : end - x < 2 ? 1 : 2);
	return end;
}

/* The row as [class, text, …], in page->row; blanks at its end are left out. */
static void read_row(struct page *page, int y)
{
	struct text run = TEXT_INIT;
	int width = page->canvas.width;

	while (width > 0 && canvas_at(&page->canvas, width - 1, y)->glyph == ' ' &&
	       (look_of(canvas_at(&page->canvas, width - 1, y)->style).colored & (LOOK_REVERSE | LOOK_UNDERLINE)) == 0)
		width--;
	text_reset(&page->row);
	json_open(&page->row, '[');
	for (int x = 0; x < width;) {
		x = read_run(page, x, y, width, &run);
		json_add_string(&page->row, NULL, run.bytes);
	}
	json_close(&page->row, ']');
	text_release(&run);
}

static void add_changed_rows(struct page *page)
{
	struct text *out = page->export->out;
	const char *comma = "";

	for (int y = 0; y < page->canvas.height; y++) {
		read_row(page, y);
		if (page->frames > 0 && strcmp(page->row.bytes, page->rows[y].bytes) == 0)
			continue;
		text_printf(out, "%s[%d,", comma, y);
		add_in_page(out, page->row.bytes, page->row.length);
		text_add_char(out, ']');
		text_reset(&page->rows[y]);
		text_add_bytes(&page->rows[y], page->row.bytes, page->row.length);
		comma = ",";
	}
}

static void add_label(struct page *page, const struct scene *scene)
{
	const struct history *history = export_history(page->export);
	struct text label = TEXT_INIT;

	if (scene->run.gated)
		text_printf(&label, "step %llu of %llu", (unsigned long long)history_steps(scene->history), (unsigned long long)history_steps(history));
	else
		text_printf(&label, "%.3f s", scene->run.seconds);
	json_add_string(page->export->out, "label", label.bytes);
	text_release(&label);
}

/* `seconds`: where a free run stands then, nothing having happened for a while. */
static int add_frame(struct page *page, uint64_t position, double seconds)
{
	struct text *out = page->export->out;
	struct scene *scene = &page->scene;

	still_fill(&page->still, position, scene);
	if (scene->run.gated)
		scene->ui.selected = still_mover(&page->still);
	scene->run.seconds = fmax(scene->run.seconds, seconds);
	canvas_clear(&page->canvas);
	scene_draw(&page->canvas, scene);
	text_add(out, page->frames > 0 ? ",\n{" : "\n{");
	add_label(page, scene);
	text_printf(out, ",\"x\":%.1f,\"rows\":[",
	            page->plan.by_step ? svg_plan_position(&page->plan, page->still.world->position) : svg_plan_time(&page->plan, scene->run.seconds));
	add_changed_rows(page);
	text_add(out, "]}");
	page->frames++;
	return export_grown(page->export, 0.5 + export_done(page->export, page->still.world->position) / 2);
}

/* The positions that have a frame: steps, or moments; the end comes by itself. */
static size_t count_frames(const struct page *page)
{
	uint64_t steps = history_steps(export_history(page->export));

	return !page->plan.by_step ? FREE_FRAMES : steps < FRAMES_MOST ? (size_t)steps : FRAMES_MOST;
}

static int add_part(struct page *page, double part)
{
	const struct history *history = export_history(page->export);
	double ns = part * (double)page->plan.end;

	if (page->plan.by_step)
		return add_frame(page, history_step_position(history, (uint64_t)llround(part * (double)history_steps(history))), 0);
	return add_frame(page, history_position_at(history, (uint64_t)ns), ns / 1e9);
}

static int add_frames(struct page *page)
{
	size_t count = count_frames(page);
	int error = 0, pause = LENGTH_S * 1000 / (int)(count + 1);

	text_printf(page->export->out, "{\"left\":%.1f,\"pause\":%d,\"frames\":[", page->plan.left, pause < PAUSE_MOST_MS ? pause : PAUSE_MOST_MS);
	for (size_t frame = 0; frame < count && error == 0; frame++)
		error = add_part(page, (double)frame / (double)count);
	return error != 0 ? error : add_frame(page, HISTORY_NONE, 0);
}

/* ---- from beginning to end ---- */

static void begin(struct page *page)
{
	const struct export_options *options = &page->export->options;

	still_init(&page->still, page->export->recording);
	still_scene(&page->scene);
	page->scene.ui.side = SIDE_SOURCE;
	page->scene.caption = (struct scene_caption){.shown = true, .note = "← → a step   PgUp PgDn ten   Home End   space plays"};
	canvas_init(&page->canvas, options->width > 0 ? options->width : WIDTH, options->height > 0 ? options->height : HEIGHT, options->ascii);
	page->rows = memory_array((size_t)page->canvas.height + 1, sizeof *page->rows);
	for (int y = 0; y < page->canvas.height; y++)
		text_init(&page->rows[y]);
	text_init(&page->row);
}

static void release(struct page *page)
{
	for (int y = 0; y < page->canvas.height; y++)
		text_release(&page->rows[y]);
	free(page->rows);
	text_release(&page->row);
	canvas_release(&page->canvas);
	still_release(&page->still);
	svg_plan_release(&page->plan);
}

static int write_html(struct export *export)
{
	struct page page = {.export = export};

	begin(&page);
	add_head(&page, recording_options(export->recording)->settings->lesson->title);
	int error = svg_timeline(export, export->out, &page.plan, "cursor", 0);
	add_controls(export->out);
	if (error == 0)
		error = add_frames(&page);
	add_end(export->out);
	release(&page);
	return error != 0 ? error : export_flush(export, 1);
}

const struct exporter exporter_html = {
	.name = "html",
	.extension = ".html",
	.help = "one page with the timeline and all steps, for a browser",
	.write = write_html,
};
