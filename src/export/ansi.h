/* SPDX-License-Identifier: MIT */
/*
 * Cells as what is sent to a terminal of 256 colours (ECMA-48, UTF-8): what differs from what it
 * shows already, and nothing else. The same frames always give the same bytes.
 *
 * Terminals do not agree on how wide some characters are, so after one that is not plainly one
 * column wide the cursor is placed anew.
 *
 * Runs in: front. Owns: what the terminal shows. Pure: it writes into a text. May block: no.
 */
#ifndef LOCKSTEP_EXPORT_ANSI_H
#define LOCKSTEP_EXPORT_ANSI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "view/canvas.h"

/* A cell as the terminal shows it: roles that look alike are alike here. */
struct ansi_cell {
	uint32_t glyph, mark;
	uint8_t hue, attributes;
};

struct ansi {
	int width, height;
	struct ansi_cell *shown;
	int x, y;                /* of the cursor; x < 0: not known */
	uint8_t hue, attributes; /* that the next glyph would have */
};

void ansi_init(struct ansi *ansi, int width, int height);
void ansi_release(struct ansi *ansi);

void ansi_begin(struct ansi *ansi, struct text *out); /* clears the terminal, hides its cursor */
void ansi_end(struct ansi *ansi, struct text *out);   /* the cursor is shown again, in the last line */

/* Cells outside of the terminal are cut off. */
void ansi_frame(struct ansi *ansi, struct text *out, const struct canvas *canvas);

#endif
