/* SPDX-License-Identifier: MIT */
#include "view/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "view/ascii.h"
#include "view/sheet.h"

enum { REPLACEMENT = 0xFFFD };

static const struct cell blank = {.glyph = ' ', .style = STYLE_PLAIN};

void canvas_init(struct canvas *canvas, int width, int height, bool ascii)
{
	width = width > 0 ? width : 0;
	height = height > 0 ? height : 0;
	*canvas = (struct canvas){.width = width, .height = height, .ascii = ascii};
	canvas->cells = memory_array((size_t)width * (size_t)height + 1, sizeof *canvas->cells);
	canvas_unclip(canvas);
	canvas_clear(canvas);
}

void canvas_release(struct canvas *canvas)
{
	free(canvas->cells);
	*canvas = (struct canvas){0};
}

void canvas_clear(struct canvas *canvas)
{
	size_t count = (size_t)canvas->width * (size_t)canvas->height;

	for (size_t i = 0; i < count; i++)
		canvas->cells[i] = blank;
}

void canvas_clip(struct canvas *canvas, struct rect clip)
{
	int left = clip.x > 0 ? clip.x : 0, top = clip.y > 0 ? clip.y : 0;
	int right = clip.x + clip.width, bottom = clip.y + clip.height;

	right = right < canvas->width ? right : canvas->width;
	bottom = bottom < canvas->height ? bottom : canvas->height;
	canvas->clip = (struct rect){left, top, right > left ? right - left : 0, bottom > top ? bottom - top : 0};
}

void canvas_unclip(struct canvas *canvas)
{
	canvas->clip = (struct rect){0, 0, canvas->width, canvas->height};
}

static bool visible(const struct canvas *canvas, int x, int y)
{
	const struct rect *clip = &canvas->clip;

	return x >= clip->x && y >= clip->y && x - clip->x < clip->width && y - clip->y < clip->height;
}

static struct cell *cell(struct canvas *canvas, int x, int y)
{
	return &canvas->cells[(size_t)y * (size_t)canvas->width + (size_t)x];
}

const struct cell *canvas_at(const struct canvas *canvas, int x, int y)
{
	if (x < 0 || y < 0 || x >= canvas->width || y >= canvas->height)
		return &blank;
	return &canvas->cells[(size_t)y * (size_t)canvas->width + (size_t)x];
}

/* Half a wide character is no character: what is left of one that is written over becomes a blank. */
static void mend_wide(struct canvas *canvas, int x, int y)
{
	if (cell(canvas, x, y)->glyph == 0 && x > 0)
		cell(canvas, x - 1, y)->glyph = ' ';
	if (x + 1 < canvas->width && cell(canvas, x + 1, y)->glyph == 0)
		cell(canvas, x + 1, y)->glyph = ' ';
}

static void set(struct canvas *canvas, int x, int y, uint32_t glyph, unsigned int style)
{
	mend_wide(canvas, x, y);
	*cell(canvas, x, y) = (struct cell){.glyph = glyph, .style = (uint8_t)style};
}

static int put_mark(struct canvas *canvas, int x, int y, uint32_t mark)
{
	int base = x - 1;

	if (canvas->ascii || !visible(canvas, base, y))
		return x;
	if (cell(canvas, base, y)->glyph == 0 && base > 0)
		base--;
	if (cell(canvas, base, y)->mark == 0)
		cell(canvas, base, y)->mark = mark;
	return x;
}

static int put_wide(struct canvas *canvas, int x, int y, uint32_t glyph, unsigned int style)
{
	bool left = visible(canvas, x, y), right = visible(canvas, x + 1, y);

	if (left)
		mend_wide(canvas, x, y);
	if (right)
		mend_wide(canvas, x + 1, y);
	if (left)
		*cell(canvas, x, y) = (struct cell){.glyph = right ? glyph : ' ', .style = (uint8_t)style};
	if (right)
		*cell(canvas, x + 1, y) = (struct cell){.glyph = left ? 0 : ' ', .style = (uint8_t)style};
	return x + 2;
}

int canvas_put(struct canvas *canvas, int x, int y, uint32_t glyph, unsigned int style)
{
	if (glyph >= 0x20 && glyph < 0x7f) {
		if (visible(canvas, x, y))
			set(canvas, x, y, glyph, style);
		return x + 1;
	}
	if (glyph < 0x20 || glyph == 0x7f)
		glyph = REPLACEMENT;
	int width = utf8_width(glyph);
	if (width == 0)
		return put_mark(canvas, x, y, glyph);
	if (canvas->ascii) {
		glyph = ascii_twin(glyph);
		for (int i = 0; i < width; i++)
			if (visible(canvas, x + i, y))
				set(canvas, x + i, y, glyph, style);
		return x + width;
	}
	if (width == 2)
		return put_wide(canvas, x, y, glyph, style);
	if (visible(canvas, x, y))
		set(canvas, x, y, glyph, style);
	return x + 1;
}

int canvas_text(struct canvas *canvas, int x, int y, const char *utf8, unsigned int style)
{
	size_t length = strlen(utf8);
	uint32_t glyph;

	while (length > 0) {
		size_t used = utf8_decode(utf8, length, &glyph);
		x = canvas_put(canvas, x, y, glyph, style);
		utf8 += used;
		length -= used;
	}
	return x;
}

int canvas_text_fit(struct canvas *canvas, int x, int y, int width, const char *utf8, unsigned int style)
{
	if (width <= 0)
		return x;
	if (utf8_columns(utf8) <= (size_t)width)
		return canvas_text(canvas, x, y, utf8, style);
	size_t length = utf8_fit(utf8, (size_t)width - 1);
	char *head = memory_copy_bytes(utf8, length);
	x = canvas_text(canvas, x, y, head, style);
	free(head);
	return canvas_put(canvas, x, y, 0x2026 /* … */, style);
}

int canvas_text_wrapped(struct canvas *canvas, struct rect area, const char *utf8, unsigned int style)
{
	struct sheet sheet;

	sheet_begin(&sheet, canvas, area, 0);
	sheet_flow(&sheet, style, utf8);
	return sheet_end(&sheet);
}

int canvas_printf(struct canvas *canvas, int x, int y, unsigned int style, const char *format, ...)
{
	struct text text = TEXT_INIT;
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	x = canvas_text(canvas, x, y, text.bytes, style);
	text_release(&text);
	return x;
}

void canvas_fill(struct canvas *canvas, struct rect area, uint32_t glyph, unsigned int style)
{
	for (int y = area.y; y < area.y + area.height; y++)
		for (int x = area.x; x < area.x + area.width; x++)
			canvas_put(canvas, x, y, glyph, style);
}

void canvas_restyle(struct canvas *canvas, struct rect area, unsigned int style)
{
	for (int y = area.y; y < area.y + area.height; y++)
		for (int x = area.x; x < area.x + area.width; x++)
			if (visible(canvas, x, y))
				cell(canvas, x, y)->style |= (uint8_t)(style & (STYLE_REVERSE | STYLE_UNDERLINE));
}

/* One letter a style, in the order of enum style. */
static const char style_letters[STYLE_COUNT + 1] = " .TSKcrywzxRWLM!GN";

static void print_row(const struct canvas *canvas, int y, struct text *out)
{
	size_t trimmed = out->length;

	for (int x = 0; x < canvas->width; x++) {
		const struct cell *at = canvas_at(canvas, x, y);
		if (at->glyph == 0)
			continue;
		text_add_unicode(out, at->glyph);
		if (at->mark != 0)
			text_add_unicode(out, at->mark);
		if (at->glyph != ' ' || at->mark != 0)
			trimmed = out->length;
	}
	out->length = trimmed;
	if (out->capacity > 0)
		out->bytes[trimmed] = '\0';
	text_add_char(out, '\n');
}

/* A blank has a style only where it can be seen: reversed or underlined. */
static char style_letter(const struct cell *at)
{
	unsigned int style = at->style & (STYLE_REVERSE - 1u);

	if (at->glyph == ' ' && (at->style & (STYLE_REVERSE | STYLE_UNDERLINE)) == 0)
		return ' ';
	return style < STYLE_COUNT ? style_letters[style] : '?';
}

static char attribute_letter(const struct cell *at)
{
	static const char letters[] = {' ', '^', '_', '#'};

	return letters[at->style >> 6];
}

static void print_letters(const struct canvas *canvas, struct text *out, char (*letter)(const struct cell *))
{
	for (int y = 0; y < canvas->height; y++) {
		size_t trimmed = out->length;
		for (int x = 0; x < canvas->width; x++) {
			char c = letter(canvas_at(canvas, x, y));
			text_add_char(out, c);
			if (c != ' ')
				trimmed = out->length;
		}
		out->length = trimmed;
		if (out->capacity > 0)
			out->bytes[trimmed] = '\0';
		text_add_char(out, '\n');
	}
}

void canvas_print(const struct canvas *canvas, struct text *out, bool styles)
{
	for (int y = 0; y < canvas->height; y++)
		print_row(canvas, y, out);
	if (!styles)
		return;
	text_add(out, "---- styles\n");
	print_letters(canvas, out, style_letter);
	text_add(out, "---- reverse ^, underline _\n");
	print_letters(canvas, out, attribute_letter);
}
