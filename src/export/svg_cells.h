/* SPDX-License-Identifier: MIT */
/*
 * Cells as a drawing. Lines and blocks are drawn, not written: fonts leave gaps between them.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_EXPORT_SVG_CELLS_H
#define LOCKSTEP_EXPORT_SVG_CELLS_H

#include "export/svg.h"
#include "view/canvas.h"

/* A whole document. */
void svg_cells(struct text *out, const struct canvas *canvas, enum export_theme theme, const char *title);

/*
 * Many monospaced fonts have no glyph for it, and what is taken from another font has another width: it is put
 * into its own cell, so that what stands behind it stays where it belongs.
 */
bool svg_cell_strays(const struct cell *cell);

#endif
