/* SPDX-License-Identifier: MIT */
#include "view/markdown_table.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"

enum {
	GAP = 2,        /* columns between two cells */
	CELL_LEAST = 6, /* columns that a cell keeps when a table must shrink */
};

/* As wide as the widest cell, or, where that is too much, less for the widest ones. */
static void column_widths(const struct markdown_table *table, int room, int *widths)
{
	int total = 0;

	for (int i = 0; i < table->columns; i++)
		widths[i] = 1;
	for (int i = 0; i < table->cells; i++) {
		int columns = (int)utf8_columns(table->cell[i]);
		if (columns > widths[i % table->columns])
			widths[i % table->columns] = columns;
	}
	for (int i = 0; i < table->columns; i++)
		total += widths[i] + GAP;
	while (total - GAP > room) {
		int widest = 0;
		for (int i = 1; i < table->columns; i++)
			widest = widths[i] > widths[widest] ? i : widest;
		if (widths[widest] <= CELL_LEAST)
			return;
		widths[widest]--;
		total--;
	}
}

/* A row is as high as its highest cell. */
static void write_row(struct sheet *sheet, const struct markdown_table *table, int first, const int *widths, int indent)
{
	int most = 1, x = indent;

	for (int i = 0; i < table->columns && first + i < table->cells; i++) {
		struct rect area = {sheet->area.x + x, sheet_y(sheet), widths[i], sheet->area.height};
		unsigned int style = first == 0 ? STYLE_STRONG : STYLE_PLAIN;
		int lines = canvas_text_wrapped(NULL, area, table->cell[first + i], style);
		most = lines > most ? lines : most;
		x += widths[i] + GAP;
		if (sheet->canvas == NULL)
			continue;
		canvas_clip(sheet->canvas, sheet->area);
		canvas_text_wrapped(sheet->canvas, area, table->cell[first + i], style);
		canvas_unclip(sheet->canvas);
	}
	for (int i = 0; i < most; i++)
		sheet_newline(sheet);
}

static void write_line(struct sheet *sheet, const struct markdown_table *table, const int *widths, int indent)
{
	sheet_to_column(sheet, indent);
	for (int i = 0; i < table->columns; i++)
		for (int x = 0; x < widths[i] + (i + 1 < table->columns ? GAP : 0); x++)
			sheet_glyph(sheet, STYLE_DIM, 0x2500 /* ─ */);
	sheet_newline(sheet);
}

void markdown_table_add(struct markdown_table *table, const char *cell)
{
	if (table->cells < TABLE_CELLS)
		table->cell[table->cells++] = memory_copy_string(cell);
}

void markdown_table_write(struct markdown_table *table, struct sheet *sheet, int indent)
{
	int widths[TABLE_COLUMNS];

	column_widths(table, sheet->area.width - indent, widths);
	for (int first = 0; first < table->cells; first += table->columns) {
		write_row(sheet, table, first, widths, indent);
		if (first == 0)
			write_line(sheet, table, widths, indent);
	}
	for (int i = 0; i < table->cells; i++)
		free(table->cell[i]);
	table->cells = 0;
}
