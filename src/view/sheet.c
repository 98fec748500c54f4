/* SPDX-License-Identifier: MIT */
#include "view/sheet.h"

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

void sheet_begin(struct sheet *sheet, struct canvas *canvas, struct rect area, int first)
{
	sheet->canvas = canvas;
	sheet->area = area;
	sheet->first = first;
	sheet->line = sheet->column = sheet->indent = 0;
	sheet->word_length = sheet->word_columns = 0;
	sheet->blank_due = false;
	sheet->blank_style = STYLE_PLAIN;
}

int sheet_end(struct sheet *sheet)
{
	sheet_flow_end(sheet);
	if (sheet->column > 0)
		sheet_newline(sheet);
	return sheet->line;
}

int sheet_y(const struct sheet *sheet)
{
	return sheet->area.y + sheet->line - sheet->first;
}

int sheet_room(const struct sheet *sheet)
{
	return sheet->area.width - sheet->column;
}

bool sheet_below(const struct sheet *sheet)
{
	return sheet->line - sheet->first >= sheet->area.height;
}

static bool shown(const struct sheet *sheet)
{
	return sheet->canvas != NULL && sheet->line >= sheet->first && !sheet_below(sheet);
}

void sheet_newline(struct sheet *sheet)
{
	sheet->line++;
	sheet->column = 0;
	sheet->blank_due = false;
}

void sheet_to_column(struct sheet *sheet, int column)
{
	sheet_flow_end(sheet);
	sheet->blank_due = false;
	if (sheet->column < column)
		sheet->column = column;
}

static int glyph_width(uint32_t glyph)
{
	return glyph >= 0x20 && glyph < 0x7f ? 1 : utf8_width(glyph);
}

void sheet_glyph(struct sheet *sheet, unsigned int style, uint32_t glyph)
{
	int width = glyph_width(glyph);

	if (sheet->column + width > sheet->area.width)
		return;
	if (shown(sheet))
		canvas_put(sheet->canvas, sheet->area.x + sheet->column, sheet_y(sheet), glyph, style);
	sheet->column += width;
}

/* How many bytes of `utf8` to show in `room` columns, one being kept for the "…": whole words, unless one word is most of it. */
static size_t cut_at_word(const char *utf8, int room)
{
	size_t fits = utf8_fit(utf8, room > 1 ? (size_t)room - 1 : 0), end = fits;

	while (utf8[fits] != ' ' && end > 0 && utf8[end - 1] != ' ')
		end--;
	while (end > 0 && utf8[end - 1] == ' ')
		end--;
	return end * 2 > fits ? end : fits;
}

void sheet_text(struct sheet *sheet, unsigned int style, const char *utf8)
{
	int room = sheet_room(sheet), columns = (int)utf8_columns(utf8);

	sheet_flow_end(sheet);
	if (room <= 0)
		return;
	if (columns <= room) {
		if (shown(sheet))
			canvas_text(sheet->canvas, sheet->area.x + sheet->column, sheet_y(sheet), utf8, style);
		sheet->column += columns;
		return;
	}
	size_t end = cut_at_word(utf8, room);
	for (size_t at = 0; at < end;) {
		uint32_t glyph;
		at += utf8_decode(utf8 + at, end - at, &glyph);
		sheet_glyph(sheet, style, glyph);
	}
	sheet_glyph(sheet, style, 0x2026 /* … */);
	sheet->column = sheet->area.width;
}

void sheet_printf(struct sheet *sheet, unsigned int style, const char *format, ...)
{
	struct text text = TEXT_INIT;
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	sheet_text(sheet, style, text.bytes);
	text_release(&text);
}

/* A word wider than a line is broken where the line ends; there is no better place. */
static void put_word(struct sheet *sheet)
{
	for (int i = 0; i < sheet->word_length; i++) {
		if (sheet->column + glyph_width(sheet->word[i].glyph) > sheet->area.width) {
			sheet_newline(sheet);
			sheet->column = sheet->indent;
		}
		sheet_glyph(sheet, sheet->word[i].style, sheet->word[i].glyph);
	}
}

void sheet_flow_end(struct sheet *sheet)
{
	if (sheet->word_length == 0)
		return;
	int blank = sheet->blank_due && sheet->column > 0;
	if (sheet->column > sheet->indent && sheet->column + blank + sheet->word_columns > sheet->area.width) {
		sheet_newline(sheet);
		sheet->column = sheet->indent;
	} else if (blank) {
		sheet_glyph(sheet, sheet->blank_style, ' ');
	}
	put_word(sheet);
	sheet->word_length = sheet->word_columns = 0;
	sheet->blank_due = false;
}

static void add_to_word(struct sheet *sheet, unsigned int style, uint32_t glyph)
{
	if (sheet->word_length == SHEET_WORD_MAX)
		sheet_flow_end(sheet);
	sheet->word[sheet->word_length].glyph = glyph;
	sheet->word[sheet->word_length].style = style;
	sheet->word_length++;
	sheet->word_columns += glyph_width(glyph);
}

void sheet_flow_bytes(struct sheet *sheet, unsigned int style, const char *utf8, size_t length)
{
	while (length > 0) {
		uint32_t glyph;
		size_t used = utf8_decode(utf8, length, &glyph);
		if (glyph == ' ' || glyph == '\n')
			sheet_flow_end(sheet);
		if (glyph == '\n')
			sheet_newline(sheet);
		else if (glyph == ' ') {
			sheet->blank_due = true;
			sheet->blank_style = style;
		} else {
			add_to_word(sheet, style, glyph);
		}
		utf8 += used;
		length -= used;
	}
}

void sheet_flow(struct sheet *sheet, unsigned int style, const char *utf8)
{
	sheet_flow_bytes(sheet, style, utf8, strlen(utf8));
}

void sheet_flow_printf(struct sheet *sheet, unsigned int style, const char *format, ...)
{
	struct text text = TEXT_INIT;
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(&text, format, arguments);
	va_end(arguments);
	sheet_flow_bytes(sheet, style, text.bytes, text.length);
	text_release(&text);
}
