/* SPDX-License-Identifier: MIT */
#include "lesson/chapter.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "lesson/file.h"

enum { FILE_BYTES_MAX = 16384, ORDER_MAX = 256 };

/* Without a file, "4-taking-turns" is shown as "Taking turns". */
static char *title_from_name(const char *folder)
{
	size_t digits = strspn(folder, "0123456789");

	if (digits > 0 && folder[digits] == '-')
		folder += digits + 1;
	char *title = memory_copy_string(folder);
	for (char *c = title; *c != '\0'; c++)
		if (*c == '-' || *c == '_')
			*c = ' ';
	title[0] = (char)toupper((unsigned char)title[0]);
	return title;
}

static void take_title(struct chapter *chapter, const char *line, size_t length)
{
	struct text safe = TEXT_INIT;

	utf8_scrub(&safe, line, length, false);
	if (safe.length > 0) {
		free(chapter->title);
		chapter->title = text_detach(&safe);
	}
	text_release(&safe);
}

static void take_lines(struct chapter *chapter, const char *at)
{
	size_t count = 0, length = strcspn(at, "\n");

	take_title(chapter, at, length);
	for (at += length; *at == '\n' && count < ORDER_MAX; at += length) {
		length = strcspn(++at, "\n");
		if (length > 0)
			chapter->order[count++] = memory_copy_bytes(at, length);
	}
}

void chapter_read(struct chapter *chapter, const char *path, const char *folder_name)
{
	struct text file = TEXT_INIT, content = TEXT_INIT;
	bool whole;

	chapter->title = title_from_name(folder_name);
	chapter->order = memory_array(ORDER_MAX + 1, sizeof *chapter->order);
	text_printf(&file, "%s/title", path);
	if (file_read(&content, file.bytes, FILE_BYTES_MAX, &whole) == 0)
		take_lines(chapter, content.bytes);
	text_release(&content);
	text_release(&file);
}

void chapter_release(struct chapter *chapter)
{
	for (char **name = chapter->order; *name != NULL; name++)
		free(*name);
	free(chapter->order);
	free(chapter->title);
}

void chapter_sort(const struct chapter *chapter, char **names)
{
	size_t placed = 0;

	for (char **wanted = chapter->order; *wanted != NULL; wanted++) {
		size_t at = placed;
		while (names[at] != NULL && strcmp(names[at], *wanted) != 0)
			at++;
		if (names[at] == NULL)
			continue;
		char *name = names[at];
		memmove(&names[placed + 1], &names[placed], (at - placed) * sizeof *names);
		names[placed++] = name;
	}
}
