/* SPDX-License-Identifier: MIT */
/*
 * The terminal: canvases go out, keys and clicks come in. The only place that knows curses.
 *
 * Presenting a canvas sends what differs from the one before and nothing else; presenting the
 * same canvas again sends no byte. Roles become colours here: the Okabe–Ito palette on 256 colours
 * and more, its nearest on 8, and attributes alone on none or with NO_COLOR.
 *
 * Runs in: screen. Owns: the curses screen, the settings of the terminal while open.
 * May block: term_present, when the terminal does not take the bytes; term_read, 25 ms after an
 * escape that may be the beginning of a key.
 */
#ifndef LOCKSTEP_TERM_TERM_H
#define LOCKSTEP_TERM_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "view/canvas.h"

struct term;

/* Whether there is a terminal that a screen can be drawn on: on standard input and output, and not a dumb one. */
bool term_available(void);

/* The colours that terminfo says $TERM has; -ENOENT: a terminal that it does not know. Opens nothing. */
int term_known_colors(void);

const char *term_library(void); /* name and version of the library behind it */

struct term_options {
	bool ascii; /* wished; a terminal that cannot show UTF-8 has no choice */
	bool color; /* false: as with NO_COLOR */
};

/* Takes the terminal over. NULL: `problem` says why. Call rescue_capture() first. */
struct term *term_open(const struct term_options *options, struct text *problem);
void term_close(struct term *term); /* the terminal is as it was */

int term_input_fd(const struct term *term);
bool term_ascii(const struct term *term);
void term_size(const struct term *term, int *width, int *height);

/* Shows the canvas. Cells outside of the terminal are cut off. */
void term_present(struct term *term, const struct canvas *canvas);

/* The next term_present() sends everything, whatever is believed to be on the terminal. */
void term_redraw(struct term *term);

/* After SIGWINCH: asks for the size anew. True when it has changed. */
bool term_resize(struct term *term);

void term_suspend(struct term *term); /* the terminal is as it was, until … */
void term_resume(struct term *term);

/* ---- what the learner does ---- */

/* Keys that are no characters lie above all of Unicode. */
enum term_key {
	TERM_KEY_ENTER = '\r',
	TERM_KEY_ESCAPE = 0x1b,
	TERM_KEY_TAB = '\t',
	TERM_KEY_UP = 0x110000,
	TERM_KEY_DOWN,
	TERM_KEY_LEFT,
	TERM_KEY_RIGHT,
	TERM_KEY_PAGE_UP,
	TERM_KEY_PAGE_DOWN,
	TERM_KEY_HOME,
	TERM_KEY_END,
	TERM_KEY_BACKSPACE,
	TERM_KEY_DELETE,
	TERM_KEY_BACKTAB,
	TERM_MOUSE_PRESS, /* left button, at x, y */
	TERM_MOUSE_WHEEL_UP,
	TERM_MOUSE_WHEEL_DOWN,
};

struct term_input {
	uint32_t key; /* a code point (control characters too: ^C is 3), or enum term_key */
	int x, y;     /* mouse: column and row, from 0 */
};

/* The next key or click that has come in; false when there is none now. */
bool term_read(struct term *term, struct term_input *input);

#endif
