/* SPDX-License-Identifier: MIT */
#include "term/palette.h"

#include <term.h>

#include "view/look.h"

/* Terminals with direct colours take the red, green and blue themselves for a colour's number. */
static void make_pair(short pair, enum hue hue, int colors)
{
	if (colors > 256)
		init_extended_pair(pair, HUES[hue].on_dark, -1);
	else if (colors == 256)
		init_pair(pair, HUES[hue].of_256, -1);
	else
		init_pair(pair, HUES[hue].of_8, -1);
}

static int colors_of_terminal(bool color)
{
	static char rgb[] = "RGB";
	if (!color || !has_colors() || start_color() == ERR || use_default_colors() == ERR)
		return 0;
	if (COLORS > 256 && tigetflag(rgb) > 0)
		return COLORS;
	return COLORS >= 256 ? 256 : COLORS >= 8 ? 8 : 0;
}

static attr_t attributes_of(uint8_t attributes)
{
	return (attributes & LOOK_BOLD ? A_BOLD : 0) | (attributes & LOOK_DIM ? A_DIM : 0) |
	       (attributes & LOOK_REVERSE ? A_REVERSE : 0);
}

int palette_apply(bool color, attr_t attributes[STYLE_COUNT])
{
	int colors = colors_of_terminal(color);

	for (enum hue hue = HUE_GREY; colors > 0 && hue < HUE_COUNT; hue++)
		make_pair((short)hue, hue, colors);
	for (unsigned int style = 0; style < STYLE_COUNT; style++) {
		struct look look = look_of(style);
		bool has_hue = colors > 0 && look.hue != HUE_NONE && !(colors == 8 && look.hue == HUE_GREY);
		attributes[style] = attributes_of(colors > 0 ? look.colored : look.plain);
		if (has_hue)
			attributes[style] |= COLOR_PAIR(look.hue);
		else if (colors > 0 && look.hue == HUE_GREY)
			attributes[style] |= A_DIM;
	}
	return colors;
}
