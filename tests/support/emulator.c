/* SPDX-License-Identifier: MIT */
#include "support/emulator.h"

#include <stdlib.h>
#include <vterm.h>

#include "base/memory.h"
#include "view/look.h"

struct emulator {
	VTerm *term;
	VTermScreen *screen;
	int width, height;
};

struct emulator *emulator_new(int width, int height)
{
	struct emulator *emulator = memory_new(sizeof *emulator);

	emulator->width = width;
	emulator->height = height;
	emulator->term = vterm_new(height, width);
	vterm_set_utf8(emulator->term, 1);
	emulator->screen = vterm_obtain_screen(emulator->term);
	vterm_screen_enable_altscreen(emulator->screen, 1);
	vterm_screen_reset(emulator->screen, 1);
	return emulator;
}

void emulator_free(struct emulator *emulator)
{
	vterm_free(emulator->term);
	free(emulator);
}

void emulator_feed(struct emulator *emulator, const char *bytes, size_t length)
{
	vterm_input_write(emulator->term, bytes, length);
	vterm_screen_flush_damage(emulator->screen);
}

static VTermScreenCell at(struct emulator *emulator, int x, int y)
{
	VTermScreenCell cell;

	vterm_screen_get_cell(emulator->screen, (VTermPos){.row = y, .col = x}, &cell);
	return cell;
}

static int index_of(const VTermColor *color)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(color))
		return -1;
	return VTERM_COLOR_IS_INDEXED(color) ? color->indexed.idx : -2;
}

struct vt_cell emulator_cell(struct emulator *emulator, int x, int y)
{
	VTermScreenCell cell = at(emulator, x, y);

	return (struct vt_cell){
		.glyph = cell.chars[0] == 0 ? ' ' : cell.chars[0],
		.bold = cell.attrs.bold,
		.reverse = cell.attrs.reverse,
		.underline = cell.attrs.underline != 0,
		.foreground = index_of(&cell.fg),
	};
}

static bool glyphs_same(const VTermScreenCell *got, const struct cell *want)
{
	uint32_t glyph = got->chars[0] == 0 ? ' ' : got->chars[0];

	if (want->glyph == 0)
		return got->chars[0] == (uint32_t)-1;
	return glyph == want->glyph && (got->chars[0] == 0 ? 0 : got->chars[1]) == want->mark;
}

static bool looks_same(const VTermScreenCell *got, const struct cell *want)
{
	struct look look = look_of(want->style);
	bool bare = want->glyph == ' ' && want->mark == 0 && (look.colored & (LOOK_REVERSE | LOOK_UNDERLINE)) == 0;

	if (want->glyph == 0)
		return true;
	if (bare)
		return !got->attrs.reverse && !got->attrs.underline && VTERM_COLOR_IS_DEFAULT_BG(&got->bg);
	return index_of(&got->fg) == HUES[look.hue].of_256 && !!got->attrs.bold == !!(look.colored & LOOK_BOLD) &&
	       !!got->attrs.reverse == !!(look.colored & LOOK_REVERSE) &&
	       !!got->attrs.underline == !!(look.colored & LOOK_UNDERLINE);
}

bool emulator_shows(struct emulator *emulator, const struct canvas *canvas, struct text *why)
{
	for (int y = 0; y < emulator->height; y++)
		for (int x = 0; x < emulator->width; x++) {
			VTermScreenCell got = at(emulator, x, y);
			const struct cell *want = canvas_at(canvas, x, y);

			if (glyphs_same(&got, want) && looks_same(&got, want))
				continue;
			text_printf(why, "column %d, row %d: U+%04X (mark U+%04X, colour %d) instead of U+%04X (mark U+%04X, style %#x)",
			            x, y, got.chars[0], got.chars[1], index_of(&got.fg), want->glyph, want->mark, want->style);
			return false;
		}
	return true;
}

void emulator_text(struct emulator *emulator, struct text *out)
{
	for (int y = 0; y < emulator->height; y++) {
		int width = emulator->width;

		while (width > 0 && (at(emulator, width - 1, y).chars[0] == 0 || at(emulator, width - 1, y).chars[0] == ' '))
			width--;
		for (int x = 0; x < width; x++) {
			VTermScreenCell cell = at(emulator, x, y);

			if (cell.chars[0] != (uint32_t)-1)
				text_add_unicode(out, cell.chars[0] == 0 ? ' ' : cell.chars[0]);
		}
		text_add_char(out, '\n');
	}
}
