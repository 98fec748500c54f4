/* SPDX-License-Identifier: MIT */
#include "term/palette.h"

#include <term.h>

/*
 * Okabe and Ito, "Color Universal Design", 2008: eight colours that people with any kind of colour
 * vision tell apart. Beside each, its nearest among the 256 of xterm (the blue one shade lighter, to
 * be read on black) and its nearest of eight.
 */
enum hue {
	HUE_NONE,
	HUE_GREY,
	HUE_ORANGE,
	HUE_SKY,
	HUE_GREEN,
	HUE_YELLOW,
	HUE_BLUE,
	HUE_VERMILION,
	HUE_PURPLE,
	HUE_COUNT
};

static const struct {
	int rgb;
	short of_256;
	short of_8;
} HUES[HUE_COUNT] = {
	[HUE_NONE] = {-1, -1, -1},
	[HUE_GREY] = {0x8a8a8a, 245, -1},
	[HUE_ORANGE] = {0xe69f00, 178, COLOR_YELLOW},
	[HUE_SKY] = {0x56b4e9, 74, COLOR_CYAN},
	[HUE_GREEN] = {0x009e73, 36, COLOR_GREEN},
	[HUE_YELLOW] = {0xf0e442, 221, COLOR_YELLOW},
	[HUE_BLUE] = {0x2a8fd0, 32, COLOR_BLUE},
	[HUE_VERMILION] = {0xd55e00, 166, COLOR_RED},
	[HUE_PURPLE] = {0xcc79a7, 175, COLOR_MAGENTA},
};

/* Without colours the attributes alone must tell what matters: `plain` is for them. */
static const struct {
	enum hue hue;
	attr_t colored;
	attr_t plain;
} LOOKS[STYLE_COUNT] = {
	[STYLE_PLAIN] = {HUE_NONE, A_NORMAL, A_NORMAL},
	[STYLE_DIM] = {HUE_GREY, A_NORMAL, A_DIM},
	[STYLE_TITLE] = {HUE_NONE, A_BOLD, A_BOLD},
	[STYLE_STRONG] = {HUE_NONE, A_BOLD, A_BOLD},
	[STYLE_KEY] = {HUE_ORANGE, A_BOLD, A_BOLD},
	[STYLE_CODE] = {HUE_NONE, A_NORMAL, A_NORMAL},
	[STYLE_RUNNING] = {HUE_GREEN, A_NORMAL, A_NORMAL},
	[STYLE_READY] = {HUE_ORANGE, A_BOLD, A_BOLD},
	[STYLE_WAITING] = {HUE_PURPLE, A_NORMAL, A_NORMAL},
	[STYLE_SLEEPING] = {HUE_BLUE, A_NORMAL, A_NORMAL},
	[STYLE_EXITED] = {HUE_GREY, A_NORMAL, A_DIM},
	[STYLE_READ] = {HUE_SKY, A_NORMAL, A_NORMAL},
	[STYLE_WRITE] = {HUE_YELLOW, A_BOLD, A_BOLD},
	[STYLE_SYNC] = {HUE_PURPLE, A_NORMAL, A_NORMAL},
	[STYLE_MESSAGE] = {HUE_GREEN, A_NORMAL, A_NORMAL},
	[STYLE_LOST] = {HUE_VERMILION, A_BOLD, A_BOLD | A_REVERSE},
	[STYLE_GOOD] = {HUE_GREEN, A_BOLD, A_BOLD},
	[STYLE_NOTICE] = {HUE_NONE, A_BOLD, A_BOLD},
};

/* Terminals with direct colours take the red, green and blue themselves for a colour's number. */
static void make_pair(short pair, enum hue hue, int colors)
{
	if (colors > 256)
		init_extended_pair(pair, HUES[hue].rgb, -1);
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

int palette_apply(bool color, attr_t attributes[STYLE_COUNT])
{
	int colors = colors_of_terminal(color);

	for (enum hue hue = HUE_GREY; colors > 0 && hue < HUE_COUNT; hue++)
		make_pair((short)hue, hue, colors);
	for (int style = 0; style < STYLE_COUNT; style++) {
		enum hue hue = LOOKS[style].hue;
		bool has_hue = colors > 0 && hue != HUE_NONE && !(colors == 8 && hue == HUE_GREY);
		attributes[style] = colors > 0 ? LOOKS[style].colored : LOOKS[style].plain;
		if (has_hue)
			attributes[style] |= COLOR_PAIR(hue);
		else if (colors > 0 && hue == HUE_GREY)
			attributes[style] |= A_DIM;
	}
	return colors;
}
