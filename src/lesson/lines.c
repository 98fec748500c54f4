/* SPDX-License-Identifier: MIT */
#include "lesson/catalog.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/file.h"

enum {
	LINES_BYTES_MAX = 1 << 20,
	LINES_MAX = 20000,
	LINES_TAB = 4, /* columns; a tab of eight leaves little of a line in a narrow pane */
};

/* utf8_scrub() makes one blank of a tab; source wants its indentation. */
static void expand_tabs(struct text *out, const char *bytes, size_t length)
{
	size_t start = out->length;

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] != '\t') {
			text_add_char(out, bytes[i]);
			continue;
		}
		do
			text_add_char(out, ' ');
		while ((out->length - start) % LINES_TAB != 0);
	}
}

static void lines_add(struct lines *lines, const char *bytes, size_t length)
{
	struct text raw = TEXT_INIT, safe = TEXT_INIT;

	if (length > 0 && bytes[length - 1] == '\r')
		length--;
	expand_tabs(&raw, bytes, length);
	utf8_scrub(&safe, raw.bytes, raw.length, false);
	lines->line[lines->count++] = memory_copy_bytes(safe.bytes, safe.length);
	text_release(&raw);
	text_release(&safe);
}

static size_t count_lines(const char *bytes, size_t length)
{
	size_t count = 0;

	for (const char *at = bytes, *end = bytes + length; at < end; count++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));

		at = newline != NULL ? newline + 1 : end;
	}
	return count;
}

void lines_take(struct lines *lines, const char *bytes, size_t length, bool whole)
{
	const char *at = bytes, *end = bytes + length;
	size_t count = count_lines(bytes, length);

	if (count > LINES_MAX) {
		count = LINES_MAX;
		whole = false;
	}
	*lines = (struct lines){.line = memory_array(count + 2, sizeof *lines->line)};
	while (lines->count < count) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline != NULL ? newline : end;

		lines_add(lines, at, (size_t)(stop - at));
		at = stop + 1;
	}
	if (!whole)
		lines->line[lines->count++] = memory_copy_string("(the rest of this file is left out: it is too long)");
}

int lines_read(struct lines *lines, const char *path)
{
	struct text content = TEXT_INIT;
	bool whole;

	*lines = (struct lines){0};
	int error = file_read(&content, path, LINES_BYTES_MAX, &whole);
	if (error == 0)
		lines_take(lines, content.bytes, content.length, whole);
	text_release(&content);
	return error;
}

void lines_release(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->line[i]);
	free(lines->line);
	*lines = (struct lines){0};
}
