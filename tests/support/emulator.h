/* SPDX-License-Identifier: MIT */
/* A terminal of libvterm that is fed with bytes, to be compared with a canvas cell by cell. */
#ifndef LOCKSTEP_TESTS_SUPPORT_EMULATOR_H
#define LOCKSTEP_TESTS_SUPPORT_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "support/vt.h"
#include "view/canvas.h"

struct emulator;

struct emulator *emulator_new(int width, int height);
void emulator_free(struct emulator *emulator);
void emulator_feed(struct emulator *emulator, const char *bytes, size_t length);

/* Glyphs, marks, colours (of 256), bold, underline, reverse. False: `why` names the first cell that differs. */
bool emulator_shows(struct emulator *emulator, const struct canvas *canvas, struct text *why);

struct vt_cell emulator_cell(struct emulator *emulator, int x, int y);

/* Its text, a line a row, trailing blanks cut. */
void emulator_text(struct emulator *emulator, struct text *out);

#endif
