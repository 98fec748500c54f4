/* SPDX-License-Identifier: MIT */
#include "view/markdown.h"

#include <md4c.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "view/markdown_table.h"

enum {
	DEPTH_MAX = 8,       /* lists and quotes within each other; deeper ones are not indented more */
};

struct list {
	bool ordered;
	unsigned int next;
};

struct writer {
	struct sheet *sheet;
	int indent;
	struct list lists[DEPTH_MAX];
	int depth;
	unsigned int style;     /* of the block */
	int strong, code;       /* spans that are open */
	bool verbatim;          /* in a code block */
	bool line_open;         /* in it: this line has begun */
	bool gap_due;           /* an empty line before the next block */
	bool item_fresh;        /* a bullet stands; its text goes on beside it */
	struct markdown_table table;
	bool in_cell;
	struct text cell;
};

static int list_index(const struct writer *writer)
{
	return writer->depth <= DEPTH_MAX ? writer->depth - 1 : DEPTH_MAX - 1;
}

/* ---- blocks ---- */

static void begin_block(struct writer *writer)
{
	struct sheet *sheet = writer->sheet;

	sheet->indent = writer->indent;
	if (writer->item_fresh) { /* beside its bullet */
		writer->item_fresh = false;
		writer->gap_due = false;
		return;
	}
	sheet_flow_end(sheet);
	if (sheet->column > 0)
		sheet_newline(sheet);
	if (writer->gap_due && sheet->line > 0)
		sheet_newline(sheet);
	writer->gap_due = false;
	sheet_to_column(sheet, writer->indent);
}

static void end_block(struct writer *writer)
{
	sheet_flow_end(writer->sheet);
	if (writer->sheet->column > 0)
		sheet_newline(writer->sheet);
	writer->style = STYLE_PLAIN;
	writer->gap_due = true;
}

static void begin_item(struct writer *writer)
{
	struct list *list = &writer->lists[list_index(writer)];
	struct sheet *sheet = writer->sheet;
	int indent = writer->indent;

	writer->indent = indent - (list->ordered ? 4 : 2);
	if (writer->indent < 0)
		writer->indent = 0;
	begin_block(writer);
	if (list->ordered)
		sheet_printf(sheet, STYLE_PLAIN, "%2u.", list->next++);
	else
		sheet_glyph(sheet, STYLE_PLAIN, 0x2022 /* • */);
	sheet_to_column(sheet, indent);
	writer->indent = sheet->indent = indent;
	writer->item_fresh = true;
}

static void begin_list(struct writer *writer, bool ordered, unsigned int first)
{
	writer->depth++;
	writer->lists[list_index(writer)] = (struct list){.ordered = ordered, .next = first};
	writer->indent += ordered ? 4 : 2;
	if (writer->item_fresh) { /* a list within an item begins below the item's text */
		writer->item_fresh = false;
		writer->gap_due = false;
	}
}

static void end_list(struct writer *writer)
{
	writer->indent -= writer->lists[list_index(writer)].ordered ? 4 : 2;
	writer->depth--;
	writer->gap_due = true;
}

static void write_rule(struct writer *writer)
{
	begin_block(writer);
	while (sheet_room(writer->sheet) > 0)
		sheet_glyph(writer->sheet, STYLE_DIM, 0x2500 /* ─ */);
	end_block(writer);
}

/* ---- tables ---- */

static void write_table(struct writer *writer)
{
	begin_block(writer);
	writer->sheet->column = 0;
	markdown_table_write(&writer->table, writer->sheet, writer->indent);
	end_block(writer);
}

static void end_cell(struct writer *writer)
{
	writer->in_cell = false;
	markdown_table_add(&writer->table, writer->cell.bytes);
	text_reset(&writer->cell);
}

/* ---- what the parser tells ---- */

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct writer *writer = context;

	switch (type) {
	case MD_BLOCK_QUOTE:
		writer->indent += 2;
		break;
	case MD_BLOCK_UL:
		begin_list(writer, false, 0);
		break;
	case MD_BLOCK_OL:
		begin_list(writer, true, ((MD_BLOCK_OL_DETAIL *)detail)->start);
		break;
	case MD_BLOCK_LI:
		begin_item(writer);
		break;
	case MD_BLOCK_HR:
		write_rule(writer);
		break;
	case MD_BLOCK_H:
		begin_block(writer);
		writer->style = STYLE_TITLE;
		break;
	case MD_BLOCK_CODE:
	case MD_BLOCK_HTML:
		writer->verbatim = true;
		writer->line_open = false;
		begin_block(writer);
		break;
	case MD_BLOCK_P:
		begin_block(writer);
		break;
	case MD_BLOCK_TABLE:
		writer->table.columns = (int)((MD_BLOCK_TABLE_DETAIL *)detail)->col_count;
		if (writer->table.columns > TABLE_COLUMNS || writer->table.columns < 1)
			writer->table.columns = TABLE_COLUMNS;
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		writer->in_cell = true;
		break;
	default:
		break;
	}
	return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
	struct writer *writer = context;

	(void)detail;
	switch (type) {
	case MD_BLOCK_QUOTE:
		writer->indent -= 2;
		break;
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
		end_list(writer);
		break;
	case MD_BLOCK_LI:
		end_block(writer);
		writer->item_fresh = false;
		writer->gap_due = false; /* items stand close */
		break;
	case MD_BLOCK_CODE:
	case MD_BLOCK_HTML:
		writer->verbatim = false;
		end_block(writer);
		break;
	case MD_BLOCK_H:
	case MD_BLOCK_P:
		end_block(writer);
		break;
	case MD_BLOCK_TABLE:
		write_table(writer);
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		end_cell(writer);
		break;
	default:
		break;
	}
	return 0;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct writer *writer = context;

	(void)detail;
	writer->strong += type == MD_SPAN_EM || type == MD_SPAN_STRONG;
	writer->code += type == MD_SPAN_CODE;
	return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *context)
{
	struct writer *writer = context;

	(void)detail;
	writer->strong -= type == MD_SPAN_EM || type == MD_SPAN_STRONG;
	writer->code -= type == MD_SPAN_CODE;
	return 0;
}

static unsigned int style_now(const struct writer *writer)
{
	if (writer->code > 0)
		return STYLE_CODE;
	return writer->strong > 0 ? STYLE_STRONG : writer->style;
}

/* Flowing joins blanks into one; in code each is kept. */
static void write_code(struct sheet *sheet, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t run = 1;
		while (run < length && !(bytes[run - 1] == ' ' && bytes[run] == ' '))
			run++;
		sheet_flow_bytes(sheet, STYLE_CODE, bytes, run);
		if (run < length) { /* a blank, and another to come */
			sheet_flow_end(sheet);
			sheet->blank_due = false;
			sheet_glyph(sheet, STYLE_CODE, ' ');
		}
		bytes += run;
		length -= run;
	}
}

/* Code keeps its blanks; a line that is too long goes on below, two columns further in. */
static void write_verbatim(struct writer *writer, const char *bytes, size_t length)
{
	struct sheet *sheet = writer->sheet;

	while (length > 0) {
		const char *end = memchr(bytes, '\n', length);
		size_t piece = end != NULL ? (size_t)(end - bytes) : length, blanks = 0;
		if (!writer->line_open) {
			while (blanks < piece && bytes[blanks] == ' ')
				blanks++;
			sheet->column = writer->indent + 2 + (int)blanks;
			sheet->indent = sheet->column + 2;
		}
		write_code(sheet, bytes + blanks, piece - blanks);
		writer->line_open = end == NULL;
		if (end != NULL) {
			sheet_flow_end(sheet);
			sheet_newline(sheet);
		}
		piece += end != NULL;
		bytes += piece;
		length -= piece;
	}
}

/* The few entities that one writes by hand; any other is shown as it stands. */
static void add_entity(struct text *out, const char *bytes, size_t length)
{
	static const struct {
		const char *name, *text;
	} known[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&nbsp;", " "}};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strlen(known[i].name) == length && memcmp(known[i].name, bytes, length) == 0) {
			text_add(out, known[i].text);
			return;
		}
	text_add_bytes(out, bytes, length);
}

static int text_found(MD_TEXTTYPE type, const MD_CHAR *bytes, MD_SIZE length, void *context)
{
	struct writer *writer = context;
	struct text text = TEXT_INIT;

	if (writer->verbatim) {
		write_verbatim(writer, bytes, length);
		return 0;
	}
	if (type == MD_TEXT_BR)
		text_add_char(&text, '\n');
	else if (type == MD_TEXT_SOFTBR)
		text_add_char(&text, ' ');
	else if (type == MD_TEXT_ENTITY)
		add_entity(&text, bytes, length);
	else
		text_add_bytes(&text, bytes, length);
	if (writer->in_cell)
		text_add(&writer->cell, text.bytes);
	else
		sheet_flow(writer->sheet, style_now(writer), text.bytes);
	text_release(&text);
	return 0;
}

static void write_at(struct sheet *sheet, int indent, bool beside, const char *markdown)
{
	static const MD_PARSER parser = {
		.flags = MD_FLAG_TABLES | MD_FLAG_NOHTML,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = text_found,
	};
	struct writer *writer = memory_new(sizeof *writer);

	writer->sheet = sheet;
	writer->indent = indent;
	writer->item_fresh = beside;
	text_init(&writer->cell);
	md_parse(markdown, (MD_SIZE)strlen(markdown), &parser, writer);
	sheet->indent = 0;
	text_release(&writer->cell);
	free(writer);
}

void markdown_write(struct sheet *sheet, const char *markdown)
{
	write_at(sheet, 0, false, markdown);
}

void markdown_write_beside(struct sheet *sheet, int indent, const char *markdown)
{
	write_at(sheet, indent, true, markdown);
}
