/* SPDX-License-Identifier: MIT */
/* Fuzzes a lesson's text: made safe, looked through for its question, drawn on a narrow and a wide sheet. */
#include <assert.h>
#include <string.h>

#include "base/utf8.h"
#include "lesson/catalog.h"
#include "lesson/quiz.h"
#include "view/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cells(const struct canvas *canvas)
{
	for (int y = 0; y < canvas->height; y++)
		for (int x = 0; x < canvas->width; x++) {
			uint32_t glyph = canvas_at(canvas, x, y)->glyph;
			assert(glyph == 0 || (glyph >= 0x20 && (glyph < 0x7f || glyph >= 0xa0)));
		}
}

static void draw(const char *text, int width, int height, int first)
{
	struct canvas canvas;
	struct sheet sheet;

	canvas_init(&canvas, width, height, false);
	sheet_begin(&sheet, &canvas, (struct rect){.x = 0, .y = 0, .width = width, .height = height}, first);
	markdown_write(&sheet, text);
	sheet_end(&sheet);
	check_cells(&canvas);
	canvas_release(&canvas);
}

static void read_quiz(const char *text)
{
	struct quiz quiz;

	quiz_read(&quiz, text);
	for (size_t i = 0; i < quiz.count; i++)
		draw(quiz.choice[i].says, 30, 5, 0);
	if (quiz.count > 0) {
		assert(quiz.right < quiz.count);
		assert(quiz.explained <= strlen(text) && quiz.after <= strlen(text));
		draw(quiz.question, 60, 10, 0);
		draw(quiz.remark, 60, 10, 0);
	}
	quiz_release(&quiz);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text text = TEXT_INIT;
	struct lines lines;

	lines_take(&lines, (const char *)data, size, true);
	for (size_t i = 0; i < lines.count; i++) {
		text_add(&text, lines.line[i]);
		text_add_char(&text, '\n');
	}
	lines_release(&lines);
	read_quiz(text.bytes);
	draw(text.bytes, 76, 20, 0);
	draw(text.bytes, 24, 60, 5);
	text_release(&text);
	return 0;
}
