/* SPDX-License-Identifier: MIT */
#include "export/svg_cells.h"

#include "base/utf8.h"

/* Where the strokes of a line glyph go from the middle of its cell. */
enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8, HEAVY = 16, DASHED = 32 };

static const struct {
	uint32_t glyph;
	unsigned int strokes;
} LINES[] = {
	{0x2500 /* ─ */, LEFT | RIGHT},         {0x2502 /* │ */, UP | DOWN},
	{0x250c /* ┌ */, DOWN | RIGHT},         {0x2510 /* ┐ */, DOWN | LEFT},
	{0x2514 /* └ */, UP | RIGHT},           {0x2518 /* ┘ */, UP | LEFT},
	{0x251c /* ├ */, UP | DOWN | RIGHT},    {0x2524 /* ┤ */, UP | DOWN | LEFT},
	{0x252c /* ┬ */, DOWN | LEFT | RIGHT},  {0x2534 /* ┴ */, UP | LEFT | RIGHT},
	{0x253c /* ┼ */, UP | DOWN | LEFT | RIGHT},
	{0x2501 /* ━ */, LEFT | RIGHT | HEAVY}, {0x254c /* ╌ */, LEFT | RIGHT | DASHED},
};

struct painter {
	struct text *out;
	const struct canvas *canvas;
	int y;
};

static double left_of(int x)
{
	return SVG_MARGIN + x * SVG_CHARACTER;
}

static double top_of(int y)
{
	return SVG_MARGIN + y * SVG_LINE;
}

static unsigned int strokes_of(const struct cell *cell)
{
	for (size_t i = 0; cell->mark == 0 && i < sizeof LINES / sizeof LINES[0]; i++)
		if (LINES[i].glyph == cell->glyph)
			return LINES[i].strokes;
	return 0;
}

static bool is_block(const struct cell *cell)
{
	return cell->glyph == 0x2588 /* █ */ || cell->glyph == 0x2592 /* ▒ */;
}

/* All fonts have letters, general punctuation, and the common lines and blocks. */
bool svg_cell_strays(const struct cell *cell)
{
	return cell->glyph >= 0x2190 && (cell->glyph < 0x2500 || cell->glyph > 0x259f);
}

/* How many cells from x on look the same, and are drawn in the same way. */
static int run_length(const struct painter *painter, int x)
{
	const struct canvas *canvas = painter->canvas;
	const struct cell *first = canvas_at(canvas, x, painter->y);
	int end = x + 1;

	for (; end < canvas->width; end++) {
		const struct cell *cell = canvas_at(canvas, end, painter->y);

		if (cell->glyph == 0)
			continue;
		if (svg_cell_strays(first) || svg_cell_strays(cell) || cell->style != first->style || strokes_of(cell) != strokes_of(first) || is_block(cell) != is_block(first) ||
		    (is_block(first) && cell->glyph != first->glyph))
			break;
	}
	return end - x;
}

static void paint_ground(const struct painter *painter, int x, int length, uint8_t hue)
{
	text_printf(painter->out, "<rect class=\"f%u\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n", hue, left_of(x),
	            top_of(painter->y), length * SVG_CHARACTER, SVG_LINE);
}

static void paint_lines(const struct painter *painter, int x, int length, unsigned int strokes, uint8_t hue)
{
	double left = left_of(x), middle = top_of(painter->y) + SVG_LINE / 2, top = top_of(painter->y);

	text_printf(painter->out, "<path class=\"%s s%u\"%s d=\"", strokes & HEAVY ? "w" : "l", hue,
	            strokes & DASHED ? " stroke-dasharray=\"4.2 4.2\"" : "");
	if ((strokes & (LEFT | RIGHT)) == (LEFT | RIGHT))
		text_printf(painter->out, "M%.1f %.1fh%.1f", left, middle, length * SVG_CHARACTER);
	for (int i = 0; i < length; i++) {
		double center = left + (i + 0.5) * SVG_CHARACTER;

		if ((strokes & (UP | DOWN)) == (UP | DOWN))
			text_printf(painter->out, "M%.1f %.1fv%.1f", center, top, SVG_LINE);
		else if (strokes & (UP | DOWN))
			text_printf(painter->out, "M%.1f %.1fv%.1f", center, middle, strokes & UP ? -SVG_LINE / 2 : SVG_LINE / 2);
		if ((strokes & (LEFT | RIGHT)) != 0 && (strokes & (LEFT | RIGHT)) != (LEFT | RIGHT))
			text_printf(painter->out, "M%.1f %.1fh%.1f", center, middle, strokes & LEFT ? -SVG_CHARACTER / 2 : SVG_CHARACTER / 2);
	}
	text_add(painter->out, "\"/>\n");
}

static void paint_block(const struct painter *painter, int x, int length, const struct cell *cell, uint8_t hue)
{
	text_printf(painter->out, "<rect class=\"f%u%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n", hue,
	            cell->glyph == 0x2592 ? " q" : "", left_of(x), top_of(painter->y) + 2, length * SVG_CHARACTER, SVG_LINE - 4);
}

/* Blanks at the ends are left out, unless they are underlined. */
static void paint_text(const struct painter *painter, int x, int length, struct look look)
{
	struct text string = TEXT_INIT, class = TEXT_INIT;
	int first = x, end = x;

	for (int at = x; at < x + length; at++) {
		const struct cell *cell = canvas_at(painter->canvas, at, painter->y);
		bool blank = cell->glyph == ' ' && cell->mark == 0 && (look.colored & LOOK_UNDERLINE) == 0;

		if (blank && end == first) {
			first = end = at + 1;
			continue;
		}
		if (cell->glyph != 0)
			text_add_unicode(&string, cell->glyph);
		if (cell->mark != 0)
			text_add_unicode(&string, cell->mark);
		end = blank ? end : at + 1;
	}
	while (string.length > 0 && string.bytes[string.length - 1] == ' ' && (look.colored & LOOK_UNDERLINE) == 0)
		string.bytes[--string.length] = '\0';
	if (look.colored & LOOK_REVERSE)
		text_add(&class, "g");
	else
		text_printf(&class, "f%u", look.hue);
	text_add(&class, look.colored & LOOK_BOLD ? " b" : "");
	text_add(&class, look.colored & LOOK_UNDERLINE ? " u" : "");
	if (string.length > 0)
		svg_text(painter->out, left_of(first), top_of(painter->y) + SVG_LINE - 5, class.bytes, end - first, string.bytes);
	text_release(&string);
	text_release(&class);
}

static void paint_run(const struct painter *painter, int x, int length)
{
	const struct cell *cell = canvas_at(painter->canvas, x, painter->y);
	struct look look = look_of(cell->style);
	unsigned int strokes = strokes_of(cell);

	if (look.colored & LOOK_REVERSE)
		paint_ground(painter, x, length, look.hue);
	if (strokes != 0 && (look.colored & LOOK_REVERSE) == 0)
		paint_lines(painter, x, length, strokes, look.hue);
	else if (is_block(cell) && (look.colored & LOOK_REVERSE) == 0)
		paint_block(painter, x, length, cell, look.hue);
	else
		paint_text(painter, x, length, look);
}

void svg_cells(struct text *out, const struct canvas *canvas, enum export_theme theme, const char *title)
{
	struct painter painter = {.out = out, .canvas = canvas};

	svg_begin(out, 2 * SVG_MARGIN + canvas->width * SVG_CHARACTER, 2 * SVG_MARGIN + canvas->height * SVG_LINE, theme, title);
	for (painter.y = 0; painter.y < canvas->height; painter.y++)
		for (int x = 0, length; x < canvas->width; x += length) {
			length = run_length(&painter, x);
			paint_run(&painter, x, length);
		}
	svg_end(out);
}
