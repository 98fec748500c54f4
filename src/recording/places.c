/* SPDX-License-Identifier: MIT */
#include "recording/places.h"

#include <string.h>

#include "base/utf8.h"
#include "recording/columns.h"
#include "recording/format.h"

static size_t name_length(const char *name)
{
	return strnlen(name, PLACE_NAME_MAX);
}

static void pack_place(struct text *content, uint32_t place, const struct place *what)
{
	column_add_varint(content, place);
	column_add_varint(content, what->line);
	column_add_varint(content, name_length(what->file));
	column_add_varint(content, name_length(what->function));
	text_add_bytes(content, what->file, name_length(what->file));
	text_add_bytes(content, what->function, name_length(what->function));
}

uint32_t places_pack(struct text *content, const struct history *history, const struct numbers *named, struct numbers *told)
{
	uint32_t count = 0;

	text_reset(content);
	for (uint32_t i = 0; i < named->count && told->count < PLACES_MAX; i++) {
		uint32_t number = named->list[i];

		if (number == 0 || !history_has_place(history, number) || numbers_has(told, number))
			continue;
		struct place what = history_place(history, number);
		pack_place(content, number, &what);
		numbers_add(told, number);
		count++;
	}
	return count;
}

/* ---- unpacking ---- */

/* A name, made safe, and only what stands behind the last '/': it is no path of this machine. */
static void take_name(struct text *name, struct column *from, size_t length)
{
	const char *bytes = (const char *)column_take_bytes(from, length);

	text_reset(name);
	if (bytes == NULL)
		return;
	const char *slash = memrchr(bytes, '/', length);
	if (slash != NULL) {
		length -= (size_t)(slash + 1 - bytes);
		bytes = slash + 1;
	}
	utf8_scrub(name, bytes, length, false);
}

bool places_unpack(const struct text *content, struct history *history, struct numbers *told)
{
	const uint8_t *bytes = (const uint8_t *)content->bytes;
	struct column from = {.at = bytes, .end = bytes + content->length};
	struct text file = TEXT_INIT, function = TEXT_INIT;

	while (!from.bad && from.at < from.end && told->count < PLACES_MAX) {
		uint32_t place = (uint32_t)column_take_below(&from, UINT32_MAX);
		uint32_t line = (uint32_t)column_take_below(&from, UINT32_MAX);
		size_t file_length = column_take_below(&from, PLACE_NAME_MAX);
		size_t function_length = column_take_below(&from, PLACE_NAME_MAX);

		take_name(&file, &from, file_length);
		take_name(&function, &from, function_length);
		if (from.bad || numbers_has(told, place))
			continue;
		numbers_add(told, place);
		history_set_place(history, place, &(struct place){.file = file.bytes, .function = function.bytes, .line = line});
	}
	text_release(&file);
	text_release(&function);
	return !from.bad && from.at == from.end;
}
