/* SPDX-License-Identifier: MIT */
/*
 * What the roles of canvas.h look like on a terminal with many, eight or no colours.
 *
 * Runs in: screen. May block: no.
 */
#ifndef LOCKSTEP_TERM_PALETTE_H
#define LOCKSTEP_TERM_PALETTE_H

#include <curses.h>
#include <stdbool.h>

#include "view/canvas.h"

/* Prepares curses' colour pairs (after newterm) and the attributes of each role. Returns how many colours: 0, 8, 256, … */
int palette_apply(bool color, attr_t attributes[STYLE_COUNT]);

#endif
