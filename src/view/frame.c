/* SPDX-License-Identifier: MIT */
/*
 * Frames whose touching edges become joints: an edge is drawn as the union of the arms that
 * are there already and its own.
 */
#include "view/canvas.h"

enum { ARM_UP = 1, ARM_DOWN = 2, ARM_LEFT = 4, ARM_RIGHT = 8 };

/* By arms; lone arms never occur in a frame. */
static const uint32_t joints[16] = {
	[ARM_UP | ARM_DOWN] = 0x2502,                            /* │ */
	[ARM_LEFT | ARM_RIGHT] = 0x2500,                         /* ─ */
	[ARM_DOWN | ARM_RIGHT] = 0x250c,                         /* ┌ */
	[ARM_DOWN | ARM_LEFT] = 0x2510,                          /* ┐ */
	[ARM_UP | ARM_RIGHT] = 0x2514,                           /* └ */
	[ARM_UP | ARM_LEFT] = 0x2518,                            /* ┘ */
	[ARM_UP | ARM_DOWN | ARM_RIGHT] = 0x251c,                /* ├ */
	[ARM_UP | ARM_DOWN | ARM_LEFT] = 0x2524,                 /* ┤ */
	[ARM_DOWN | ARM_LEFT | ARM_RIGHT] = 0x252c,              /* ┬ */
	[ARM_UP | ARM_LEFT | ARM_RIGHT] = 0x2534,                /* ┴ */
	[ARM_UP | ARM_DOWN | ARM_LEFT | ARM_RIGHT] = 0x253c,     /* ┼ */
};

static unsigned int arms_of(uint32_t glyph)
{
	if (glyph == '-')
		return ARM_LEFT | ARM_RIGHT;
	if (glyph == '|')
		return ARM_UP | ARM_DOWN;
	if (glyph == '+') /* any corner: as ASCII they all look the same */
		return ARM_UP | ARM_DOWN | ARM_LEFT | ARM_RIGHT;
	for (unsigned int arms = 1; glyph != 0 && arms < 16; arms++)
		if (joints[arms] == glyph)
			return arms;
	return 0;
}

static void edge(struct canvas *canvas, int x, int y, unsigned int arms, unsigned int style)
{
	arms |= arms_of(canvas_at(canvas, x, y)->glyph);
	canvas_put(canvas, x, y, joints[arms], style);
}

void canvas_frame(struct canvas *canvas, struct rect area, const char *title, bool focused)
{
	unsigned int style = STYLE_DIM;
	int right = area.x + area.width - 1, bottom = area.y + area.height - 1;

	if (area.width < 2 || area.height < 2)
		return;
	for (int x = area.x + 1; x < right; x++) {
		edge(canvas, x, area.y, ARM_LEFT | ARM_RIGHT, style);
		edge(canvas, x, bottom, ARM_LEFT | ARM_RIGHT, style);
	}
	for (int y = area.y + 1; y < bottom; y++) {
		edge(canvas, area.x, y, ARM_UP | ARM_DOWN, style);
		edge(canvas, right, y, ARM_UP | ARM_DOWN, style);
	}
	edge(canvas, area.x, area.y, ARM_DOWN | ARM_RIGHT, style);
	edge(canvas, right, area.y, ARM_DOWN | ARM_LEFT, style);
	edge(canvas, area.x, bottom, ARM_UP | ARM_RIGHT, style);
	edge(canvas, right, bottom, ARM_UP | ARM_LEFT, style);
	if (title[0] == '\0' || area.width < 6)
		return;
	style = STYLE_TITLE | (focused ? (unsigned int)STYLE_REVERSE : 0);
	int x = canvas_put(canvas, area.x + 1, area.y, ' ', style);
	x = canvas_text_fit(canvas, x, area.y, right - x - 2, title, style);
	canvas_put(canvas, x, area.y, ' ', style);
}
