/* SPDX-License-Identifier: MIT */
#include "export/ansi.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "view/look.h"

enum {
	REPLACEMENT = 0xFFFD,
	GAP_MAX = 6,    /* so many glyphs that stand there already are shorter than moving over them */
	ERASE_MIN = 4,  /* so many blanks are longer than erasing to the end of the line */
};

static const struct ansi_cell BLANK = {.glyph = ' '};

void ansi_init(struct ansi *ansi, int width, int height)
{
	size_t count = (size_t)width * (size_t)height;

	*ansi = (struct ansi){.width = width, .height = height, .x = -1};
	ansi->shown = memory_array(count + 1, sizeof *ansi->shown);
	for (size_t i = 0; i < count; i++)
		ansi->shown[i] = BLANK;
}

void ansi_release(struct ansi *ansi)
{
	free(ansi->shown);
	*ansi = (struct ansi){0};
}

void ansi_begin(struct ansi *ansi, struct text *out)
{
	text_add(out, "\033[?25l\033[m\033[H\033[2J");
	ansi->x = ansi->y = 0;
	ansi->hue = HUE_NONE;
	ansi->attributes = 0;
}

void ansi_end(struct ansi *ansi, struct text *out)
{
	text_printf(out, "\033[m\033[%dH\033[?25h", ansi->height);
	ansi->x = -1;
}

/* ---- cells ---- */

static bool is_same(const struct ansi_cell *a, const struct ansi_cell *b)
{
	return a->glyph == b->glyph && a->mark == b->mark && a->hue == b->hue && a->attributes == b->attributes;
}

/* The texts that cells are made of are safe, the escape sequences are ours; this is the last door between them. */
static uint32_t safe_glyph(uint32_t glyph)
{
	return (glyph > 0 && glyph < 0x20) || (glyph >= 0x7f && glyph < 0xa0) ? REPLACEMENT : glyph;
}

static struct ansi_cell cell_of(const struct canvas *canvas, int x, int y, int width)
{
	const struct cell *at = canvas_at(canvas, x, y);
	struct look look = look_of(at->style);
	struct ansi_cell cell = {safe_glyph(at->glyph), at->mark, look.hue, look.colored};
	bool half = x + 1 == width && x + 1 < canvas->width && canvas_at(canvas, x + 1, y)->glyph == 0;

	if (half && cell.glyph != 0)
		cell = BLANK;
	if (cell.glyph == 0)
		cell.hue = cell.attributes = 0; /* the left half tells */
	if (cell.glyph == ' ' && cell.mark == 0 && (cell.attributes & (LOOK_REVERSE | LOOK_UNDERLINE)) == 0)
		return BLANK;
	return cell;
}

/* ---- the pen and the cursor ---- */

/* What is added is added; to take something away all is reset. */
static void set_pen(struct ansi *ansi, struct text *out, uint8_t hue, uint8_t attributes)
{
	static const struct {
		uint8_t attribute;
		const char *code;
	} codes[] = {{LOOK_BOLD, "1;"}, {LOOK_DIM, "2;"}, {LOOK_UNDERLINE, "4;"}, {LOOK_REVERSE, "7;"}};
	bool reset = (ansi->attributes & ~attributes) != 0 || (hue == HUE_NONE && ansi->hue != HUE_NONE);

	if (ansi->hue == hue && ansi->attributes == attributes)
		return;
	text_add(out, "\033[");
	if (reset) {
		text_add(out, hue == HUE_NONE && attributes == 0 ? ";" : "0;");
		ansi->hue = HUE_NONE;
		ansi->attributes = 0;
	}
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		if (attributes & ~ansi->attributes & codes[i].attribute)
			text_add(out, codes[i].code);
	if (hue != ansi->hue)
		text_printf(out, "38;5;%d;", HUES[hue].of_256);
	out->bytes[out->length - 1] = 'm';
	ansi->hue = hue;
	ansi->attributes = attributes;
}

static void set_cursor(struct ansi *ansi, struct text *out, int x, int y)
{
	if (ansi->x == x && ansi->y == y)
		return;
	if (ansi->x >= 0 && ansi->y == y && x > ansi->x) {
		if (x == ansi->x + 1)
			text_add(out, "\033[C");
		else
			text_printf(out, "\033[%dC", x - ansi->x);
	} else if (x == 0) {
		text_printf(out, "\033[%dH", y + 1);
	} else {
		text_printf(out, "\033[%d;%dH", y + 1, x + 1);
	}
	ansi->x = x;
	ansi->y = y;
}

/* ---- a row ---- */

/* Latin, punctuation, arrows, lines, blocks: one column wherever one looks. */
static bool is_surely_narrow(const struct ansi_cell *cell)
{
	return cell->mark == 0 && (cell->glyph < 0x300 || (cell->glyph >= 0x2000 && cell->glyph < 0x2600));
}

static void send_cell(struct ansi *ansi, struct text *out, const struct ansi_cell *cell)
{
	set_pen(ansi, out, cell->hue, cell->attributes);
	text_add_unicode(out, cell->glyph);
	if (cell->mark != 0)
		text_add_unicode(out, cell->mark);
	ansi->x++;
	if (!is_surely_narrow(cell))
		ansi->x = -1;
}

/* A few cells that stand there already, when the pen is right for them: shorter than moving over them. */
static void bridge(struct ansi *ansi, struct text *out, const struct ansi_cell *shown, int x, int y)
{
	if (ansi->x < 0 || ansi->y != y || x <= ansi->x || x - ansi->x > GAP_MAX)
		return;
	for (int at = ansi->x; at < x; at++)
		if (!is_surely_narrow(&shown[at]) || shown[at].glyph == 0 || shown[at].hue != ansi->hue ||
		    shown[at].attributes != ansi->attributes)
			return;
	while (ansi->x < x)
		send_cell(ansi, out, &shown[ansi->x]);
}

/* The column from which on the row is to be blank. */
static int blank_from(const struct canvas *canvas, int y, int width)
{
	int x = width;

	while (x > 0) {
		struct ansi_cell cell = cell_of(canvas, x - 1, y, width);
		if (!is_same(&cell, &BLANK))
			break;
		x--;
	}
	return x;
}

static bool worth_erasing(const struct ansi_cell *shown, int x, int width)
{
	int differ = 0;

	for (; x < width; x++)
		differ += !is_same(&shown[x], &BLANK);
	return differ >= ERASE_MIN;
}

static void erase_to_end(struct ansi *ansi, struct text *out, struct ansi_cell *shown, int x, int y)
{
	set_pen(ansi, out, HUE_NONE, 0);
	set_cursor(ansi, out, x, y);
	text_add(out, "\033[K");
	for (; x < ansi->width; x++)
		shown[x] = BLANK;
}

static void send_row(struct ansi *ansi, struct text *out, const struct canvas *canvas, int y)
{
	struct ansi_cell *shown = ansi->shown + (size_t)y * (size_t)ansi->width;
	int blank = blank_from(canvas, y, ansi->width);

	for (int x = 0; x < ansi->width; x++) {
		struct ansi_cell cell = cell_of(canvas, x, y, ansi->width);

		if (is_same(&cell, &shown[x]))
			continue;
		if (x >= blank && worth_erasing(shown, x, ansi->width)) {
			erase_to_end(ansi, out, shown, x, y);
			return;
		}
		shown[x] = cell;
		if (cell.glyph == 0)
			continue; /* sent with its left half */
		bridge(ansi, out, shown, x, y);
		set_cursor(ansi, out, x, y);
		send_cell(ansi, out, &cell);
	}
}

void ansi_frame(struct ansi *ansi, struct text *out, const struct canvas *canvas)
{
	for (int y = 0; y < ansi->height; y++)
		send_row(ansi, out, canvas, y);
}
