/* SPDX-License-Identifier: MIT */
/*
 * What the drawings share: the document with its colours, and text in it. Colours are classes: a hue
 * n of view/look.h is fill "fn" and stroke "sn"; "g" is the ground, "b" is bold. With THEME_AUTO the
 * same document is light or dark as who looks at it prefers.
 *
 * Lengths are pixels; CHARACTER and LINE are those of a cell of the monospaced font.
 *
 * Runs in: front. Pure: it writes into a text. May block: no.
 */
#ifndef LOCKSTEP_EXPORT_SVG_H
#define LOCKSTEP_EXPORT_SVG_H

#include "export/export.h"
#include "view/look.h"

#define SVG_CHARACTER 8.4
#define SVG_LINE 18.0
#define SVG_FONT 14
#define SVG_MARGIN 14.0

/* An opened <svg> with its style and its ground. `title` is for those who cannot see it. */
void svg_begin(struct text *out, double width, double height, enum export_theme theme, const char *title);
void svg_end(struct text *out);

/* The rules of its classes, for a page that holds drawings. */
void svg_style(struct text *out, enum export_theme theme);

/* Characters that mean something to XML are escaped; what no XML may hold is replaced. */
void svg_escape(struct text *out, const char *string, size_t length);

/* `class` may be ""; `columns` > 0: the text is made as wide as so many characters of the font ought to be. */
void svg_text(struct text *out, double x, double y, const char *class, int columns, const char *string);

#endif
