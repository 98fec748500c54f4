/* SPDX-License-Identifier: MIT */
/*
 * What the roles of canvas.h look like: on a terminal (term/palette.c), in a cast, in a picture.
 *
 * The hues are Okabe and Ito's ("Color Universal Design", 2008): eight colours that people with any
 * kind of colour vision tell apart. On a light ground they are darkened until they can be read.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_LOOK_H
#define LOCKSTEP_VIEW_LOOK_H

#include <stdint.h>

#include "view/canvas.h"

enum hue {
	HUE_NONE, /* the ground's own foreground */
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

/* A hue as it is given to what draws it: -1 where it has none. */
struct hue_look {
	int on_dark, on_light; /* 0xRRGGBB */
	short of_256;          /* the nearest among xterm's */
	short of_8;            /* in the order of ECMA-48: 1 red, 2 green, 3 yellow, … */
};

extern const struct hue_look HUES[HUE_COUNT];

/* Of pictures: the ground, and what is written on it without a hue. */
enum { LOOK_DARK_GROUND = 0x16181d, LOOK_DARK_TEXT = 0xd8dbe0, LOOK_LIGHT_GROUND = 0xffffff, LOOK_LIGHT_TEXT = 0x1f2328 };

enum look_attribute { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_REVERSE = 4, LOOK_UNDERLINE = 8 };

struct look {
	uint8_t hue;     /* enum hue */
	uint8_t colored; /* enum look_attribute, with colours */
	uint8_t plain;   /* and without: then they alone must tell what matters */
};

/* Of a cell's style: its role, its STYLE_REVERSE and STYLE_UNDERLINE. Unknown roles look plain. */
struct look look_of(unsigned int style);

#endif
