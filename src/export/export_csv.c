/* SPDX-License-Identifier: MIT */
/*
 * A table (RFC 4180): a line an event, its columns the keys that the JSON has, empty where an event
 * has no such key. It is made from the JSON lines, so the two cannot tell different things.
 *
 * A text that a spreadsheet would take for a formula gets an apostrophe in front of it.
 */
#include <assert.h>
#include <assert.h>
#include <string.h>

#include "export/exporters.h"
#include "export/json.h"
#include "export/printer.h"

static const char *const COLUMNS[] = {
	"type", "seq", "t", "actor", "pid", "tid", "op", "object", "kind", "value", "text", "file", "line", "function",
	"cut", "failed", "locked", "stream", "child", "child_pid", "parent_pid", "mid_event", "index", "depth", "woken", "awaited",
	"parties", "end", "item", "task", "on", "client", "length", "bounded", "duplex", "maxsize", "workers", "manager",
};

enum { COLUMN_COUNT = sizeof COLUMNS / sizeof COLUMNS[0] };

/* Where the value of each column is in the line; NULL: it has none. */
struct row {
	const char *at[COLUMN_COUNT];
	size_t length[COLUMN_COUNT];
};

/* ---- reading a line: flat, written by ourselves ---- */

static const char *end_of_value(const char *at)
{
	if (*at != '"')
		return at + strcspn(at, ",}");
	for (at++; *at != '"'; at++)
		at += *at == '\\';
	return at + 1;
}

static size_t column_of(const char *key, size_t length)
{
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		if (strlen(COLUMNS[i]) == length && memcmp(COLUMNS[i], key, length) == 0)
			return i;
	return COLUMN_COUNT;
}

static void read_line(struct row *row, const char *line)
{
	*row = (struct row){0};
	for (const char *key = line + 1; *key == '"' || *key == ',';) {
		key += *key == ',';
		const char *colon = end_of_value(key), *value = colon + 1, *end = end_of_value(value);
		size_t column = column_of(key + 1, (size_t)(colon - key) - 2);

		assert(column < COLUMN_COUNT); /* a new key of the JSON needs a row in the table above */
		row->at[column] = value;
		row->length[column] = (size_t)(end - value);
		key = end;
	}
}

/* ---- writing a row ---- */

static unsigned int hex(char digit)
{
	return digit <= '9' ? (unsigned int)(digit - '0') : (unsigned int)(digit - 'a') + 10;
}

/* A string of the JSON without its quotes and escapes. Of controls nothing but an end of line is let through. */
static void add_unescaped(struct text *out, const char *at, const char *end)
{
	for (; at < end; at++) {
		unsigned int byte = (unsigned char)*at;

		if (byte == '\\' && at[1] == 'u') {
			byte = hex(at[4]) << 4 | hex(at[5]);
			at += 5;
		} else if (byte == '\\') {
			byte = (unsigned char)*++at;
		}
		if ((byte < 0x20 && byte != '\n') || byte == 0x7f)
			text_add_unicode(out, 0xfffd);
		else
			text_add_char(out, (char)byte);
	}
}

static void add_string(struct text *out, const char *string)
{
	bool formula = string[0] != '\0' && strchr("=+-@\t\r", string[0]) != NULL;
	bool quoted = strpbrk(string, "\",\r\n") != NULL;

	text_add(out, quoted ? "\"" : "");
	text_add(out, formula ? "'" : "");
	for (const char *at = string; *at != '\0'; at++) {
		text_add_char(out, *at);
		if (*at == '"')
			text_add_char(out, '"');
	}
	text_add(out, quoted ? "\"" : "");
}

static void add_row(struct text *out, const struct row *row)
{
	struct text string = TEXT_INIT;

	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		const char *at = row->at[i];

		text_add(out, i > 0 ? "," : "");
		if (at != NULL && *at == '"') {
			text_reset(&string);
			add_unescaped(&string, at + 1, at + row->length[i] - 1);
			add_string(out, string.bytes);
		} else if (at != NULL) {
			text_add_bytes(out, at, row->length[i]);
		}
	}
	text_add(out, "\r\n");
	text_release(&string);
}

static void add_rows(struct text *out, const char *lines)
{
	struct row row;

	for (const char *end; (end = strchr(lines, '\n')) != NULL; lines = end + 1) {
		read_line(&row, lines);
		add_row(out, &row);
	}
}

static int write_csv(struct export *export)
{
	struct text lines = TEXT_INIT;
	struct printer printer;
	bool all = false;
	int error = 0;

	for (size_t i = 0; i < COLUMN_COUNT; i++)
		text_printf(export->out, "%s%s", i > 0 ? "," : "", COLUMNS[i]);
	text_add(export->out, "\r\n");
	printer_init(&printer, &PRINTER_JSON, export_history(export), &lines);
	while (!all && error == 0) {
		all = printer_events(&printer, EXPORT_FULL);
		add_rows(export->out, lines.bytes);
		text_reset(&lines);
		error = export_flush(export, export_done(export, printer.world->position));
	}
	printer_release(&printer);
	text_release(&lines);
	return error;
}

const struct exporter exporter_csv = {
	.name = "csv",
	.extension = ".csv",
	.help = "a table: a line an event, for spreadsheets",
	.write = write_csv,
};
