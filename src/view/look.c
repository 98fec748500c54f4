/* SPDX-License-Identifier: MIT */
#include "view/look.h"

/* Blue is one shade lighter than theirs on dark, to be read there. */
const struct hue_look HUES[HUE_COUNT] = {
	[HUE_NONE] = {-1, -1, -1, -1},
	[HUE_GREY] = {0x8a8a8a, 0x6a6a6a, 245, -1},
	[HUE_ORANGE] = {0xe69f00, 0x8f6200, 178, 3},
	[HUE_SKY] = {0x56b4e9, 0x1d71a6, 74, 6},
	[HUE_GREEN] = {0x009e73, 0x00734f, 36, 2},
	[HUE_YELLOW] = {0xf0e442, 0x756b00, 221, 3},
	[HUE_BLUE] = {0x2a8fd0, 0x0a5f9c, 32, 4},
	[HUE_VERMILION] = {0xd55e00, 0xb84a00, 166, 1},
	[HUE_PURPLE] = {0xcc79a7, 0x9b4577, 175, 5},
};

static const struct look LOOKS[STYLE_COUNT] = {
	[STYLE_PLAIN] = {HUE_NONE, 0, 0},
	[STYLE_DIM] = {HUE_GREY, 0, LOOK_DIM},
	[STYLE_TITLE] = {HUE_NONE, LOOK_BOLD, LOOK_BOLD},
	[STYLE_STRONG] = {HUE_NONE, LOOK_BOLD, LOOK_BOLD},
	[STYLE_KEY] = {HUE_ORANGE, LOOK_BOLD, LOOK_BOLD},
	[STYLE_CODE] = {HUE_NONE, 0, 0},
	[STYLE_RUNNING] = {HUE_GREEN, 0, 0},
	[STYLE_READY] = {HUE_ORANGE, LOOK_BOLD, LOOK_BOLD},
	[STYLE_WAITING] = {HUE_PURPLE, 0, 0},
	[STYLE_SLEEPING] = {HUE_BLUE, 0, 0},
	[STYLE_EXITED] = {HUE_GREY, 0, LOOK_DIM},
	[STYLE_READ] = {HUE_SKY, 0, 0},
	[STYLE_WRITE] = {HUE_YELLOW, LOOK_BOLD, LOOK_BOLD},
	[STYLE_SYNC] = {HUE_PURPLE, 0, 0},
	[STYLE_MESSAGE] = {HUE_GREEN, 0, 0},
	[STYLE_LOST] = {HUE_VERMILION, LOOK_BOLD, LOOK_BOLD | LOOK_REVERSE},
	[STYLE_GOOD] = {HUE_GREEN, LOOK_BOLD, LOOK_BOLD},
	[STYLE_NOTICE] = {HUE_NONE, LOOK_BOLD, LOOK_BOLD},
};

struct look look_of(unsigned int style)
{
	unsigned int role = style & (STYLE_REVERSE - 1u);
	struct look look = LOOKS[role < STYLE_COUNT ? role : STYLE_PLAIN];
	uint8_t more = style & STYLE_UNDERLINE ? LOOK_UNDERLINE : 0;
	uint8_t turned = style & STYLE_REVERSE ? LOOK_REVERSE : 0;

	look.colored = (look.colored ^ turned) | more;
	look.plain = (look.plain ^ turned) | more;
	return look;
}
