/* SPDX-License-Identifier: MIT */
/*
 * A grid of cells: what a screen, a golden file, a cast or a picture is made from. Drawing
 * outside of it, or of the rectangle set as clip, is cut off.
 *
 * Runs in: screen. Owns: its cells. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_CANVAS_H
#define LOCKSTEP_VIEW_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a cell means, not how it looks: term/ and the exporters turn roles into colours. */
enum style {
	STYLE_PLAIN,
	STYLE_DIM,         /* frames, idle, what matters less */
	STYLE_TITLE,       /* names of panes, headings */
	STYLE_STRONG,
	STYLE_KEY,         /* a key that can be pressed */
	STYLE_CODE,
	STYLE_RUNNING,
	STYLE_READY,       /* can be chosen now */
	STYLE_WAITING,
	STYLE_SLEEPING,
	STYLE_EXITED,
	STYLE_READ,        /* marks of the timeline, by what they do */
	STYLE_WRITE,
	STYLE_SYNC,        /* locks, barriers, events */
	STYLE_MESSAGE,     /* pipes, queues, pools */
	STYLE_LOST,        /* a lost update, lost events, a fault: must be seen */
	STYLE_GOOD,        /* the right outcome */
	STYLE_NOTICE,      /* message line, prompt */
	STYLE_COUNT
};

enum { STYLE_REVERSE = 0x40, STYLE_UNDERLINE = 0x80 }; /* or-ed onto a style */

struct cell {
	uint32_t glyph;    /* code point; 0: right half of a wide character */
	uint32_t mark;     /* one combining mark, or 0 */
	uint8_t style;     /* enum style, with STYLE_REVERSE and STYLE_UNDERLINE */
};

struct rect {
	int x, y, width, height;
};

struct canvas {
	int width, height;
	bool ascii;        /* draw with ASCII only */
	struct rect clip;
	struct cell *cells; /* row by row */
};

void canvas_init(struct canvas *canvas, int width, int height, bool ascii);
void canvas_release(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);
void canvas_clip(struct canvas *canvas, struct rect clip);
void canvas_unclip(struct canvas *canvas);

/* All of these return the column after what was drawn. */
int canvas_put(struct canvas *canvas, int x, int y, uint32_t glyph, unsigned int style);
int canvas_text(struct canvas *canvas, int x, int y, const char *utf8, unsigned int style);
/* At most `width` columns; what does not fit is shown by "…" (or "~") in the last. */
int canvas_text_fit(struct canvas *canvas, int x, int y, int width, const char *utf8, unsigned int style);
/* Words broken over lines of the rectangle; returns how many lines it took (even those that did not fit). */
int canvas_text_wrapped(struct canvas *canvas, struct rect area, const char *utf8, unsigned int style);
int canvas_printf(struct canvas *canvas, int x, int y, unsigned int style, const char *format, ...) __attribute__((format(printf, 5, 6)));

void canvas_fill(struct canvas *canvas, struct rect area, uint32_t glyph, unsigned int style);
void canvas_restyle(struct canvas *canvas, struct rect area, unsigned int style); /* or-s REVERSE or UNDERLINE on */
/* A frame with a title in its upper edge; frames that touch share their edges with joints. */
void canvas_frame(struct canvas *canvas, struct rect area, const char *title, bool focused);

const struct cell *canvas_at(const struct canvas *canvas, int x, int y);

/* The picture as text, a line a row, trailing blanks cut; with `styles`, a second block of style letters (for golden screens). */
struct text;
void canvas_print(const struct canvas *canvas, struct text *out, bool styles);

#endif
