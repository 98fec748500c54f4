/* SPDX-License-Identifier: MIT */
/*
 * A sheet: lines of text written one after the other into a rectangle through which one looks
 * from line `first` on. Panes write all their lines; what lies outside of the rectangle is not
 * drawn but counted, so that the same function draws a pane and says how many lines it has.
 * Without a canvas nothing is drawn at all.
 *
 * Runs in: screen. Owns: nothing. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_SHEET_H
#define LOCKSTEP_VIEW_SHEET_H

#include "view/canvas.h"

enum { SHEET_WORD_MAX = 160 }; /* characters; a longer word is broken anyway */

struct sheet {
	struct canvas *canvas; /* NULL: only count */
	struct rect area;
	int first;             /* the line at the top of the area */
	int line;              /* where writing goes on: line from 0, column within the area */
	int column;
	int indent;            /* where a line goes on that was broken */
	/* The word being put together; it may change its style in the middle. */
	struct {
		uint32_t glyph;
		unsigned int style;
	} word[SHEET_WORD_MAX];
	int word_length;
	int word_columns;
	bool blank_due;        /* a blank is due before the next word, unless a line begins there */
	unsigned int blank_style;
};

void sheet_begin(struct sheet *sheet, struct canvas *canvas, struct rect area, int first);
int sheet_end(struct sheet *sheet); /* ends a line that was begun; returns how many there are */

void sheet_newline(struct sheet *sheet);
void sheet_to_column(struct sheet *sheet, int column); /* at least there */

/* On this line, cut at a word's end with "…" where it does not fit. */
void sheet_text(struct sheet *sheet, unsigned int style, const char *utf8);
void sheet_printf(struct sheet *sheet, unsigned int style, const char *format, ...) __attribute__((format(printf, 3, 4)));
void sheet_glyph(struct sheet *sheet, unsigned int style, uint32_t glyph);

/* Words that go on on the next line, at `indent`, where they do not fit. */
void sheet_flow(struct sheet *sheet, unsigned int style, const char *utf8);
void sheet_flow_bytes(struct sheet *sheet, unsigned int style, const char *utf8, size_t length);
void sheet_flow_printf(struct sheet *sheet, unsigned int style, const char *format, ...) __attribute__((format(printf, 3, 4)));
void sheet_flow_end(struct sheet *sheet); /* the last word is complete */

int sheet_y(const struct sheet *sheet);   /* the canvas' row of this line */
int sheet_room(const struct sheet *sheet); /* columns left on this line */
bool sheet_below(const struct sheet *sheet); /* this line lies below the area: nothing more will be seen */

#endif
