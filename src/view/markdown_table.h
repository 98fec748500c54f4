/* SPDX-License-Identifier: MIT */
/*
 * A table of a lesson's text, put together cell by cell and then written, its columns narrowed to
 * the sheet's width.
 *
 * Runs in: screen. Owns: the cells' texts. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_MARKDOWN_TABLE_H
#define LOCKSTEP_VIEW_MARKDOWN_TABLE_H

#include "view/sheet.h"

enum {
	TABLE_COLUMNS = 16,
	TABLE_CELLS = 1024, /* the rest of a larger table is left out */
};

struct markdown_table {
	int columns, cells;
	char *cell[TABLE_CELLS];
};

void markdown_table_add(struct markdown_table *table, const char *cell);

/* Writes it from the current line on, `indent` columns in, and empties it. */
void markdown_table_write(struct markdown_table *table, struct sheet *sheet, int indent);

#endif
