/* SPDX-License-Identifier: MIT */
#include "world/texts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
	BLOCK_SHIFT = 16, /* 64 KiB: the longest text that lies among the others fits into one */
	START_SHIFT = 12,
	LARGE_SHIFT = 8,
};

/* What stands in the place of a large text. */
struct large {
	char *bytes;
	size_t length;
};

void texts_init(struct texts *texts, struct block_source *source)
{
	chunks_init(&texts->bytes, source, 1, BLOCK_SHIFT, (size_t)1 << BLOCK_SHIFT);
	chunks_init(&texts->starts, source, sizeof(uint64_t), START_SHIFT, 16);
	chunks_init(&texts->large, NULL, sizeof(char *), LARGE_SHIFT, 1);
}

void texts_release(struct texts *texts)
{
	for (uint64_t i = 0; i < texts->large.count; i++)
		free(*(char **)chunks_at(&texts->large, i));
	chunks_release(&texts->bytes);
	chunks_release(&texts->starts);
	chunks_release(&texts->large);
}

/* Bytes that an event's text takes, by what the event says of it. */
static uint64_t size_of(uint16_t text)
{
	return text == 0 ? 0 : text == UINT16_MAX ? sizeof(struct large) : (uint64_t)text + 1;
}

/* Where so many bytes went when everything before `at` was taken: see chunks_add_run(). */
static uint64_t place(uint64_t at, uint64_t size)
{
	const uint64_t block = (uint64_t)1 << BLOCK_SHIFT;
	return at % block + size > block ? (at / block + 1) * block : at;
}

/* ---- adding ---- */

static char *copy(char *to, const char *text, size_t length)
{
	memcpy(to, text, length);
	to[length] = '\0';
	return to;
}

static void add_large(struct texts *texts, const char *text, size_t length)
{
	struct large large = {.bytes = copy(memory_resize(NULL, length + 1, 1), text, length), .length = length};
	char **kept = chunks_add(&texts->large);
	*kept = large.bytes;
	memcpy(chunks_add_run(&texts->bytes, sizeof large), &large, sizeof large);
}

uint16_t texts_add(struct texts *texts, uint64_t index, const char *text, size_t length)
{
	if (index % TEXTS_STRIDE == 0) {
		uint64_t *start = chunks_add(&texts->starts);
		*start = texts->bytes.count;
	}
	if (text == NULL || length == 0)
		return 0;
	if (length >= UINT16_MAX) {
		add_large(texts, text, length);
		return UINT16_MAX;
	}
	copy(chunks_add_run(&texts->bytes, length + 1), text, length);
	return (uint16_t)length;
}

/* ---- finding ---- */

const char *texts_find(const struct texts *texts, const struct chunks *events, uint64_t index, size_t *length)
{
	const struct wire_event *wanted = chunks_at(events, index);
	if (length != NULL)
		*length = 0;
	if (wanted->text == 0)
		return "";
	uint64_t at = *(const uint64_t *)chunks_at(&texts->starts, index / TEXTS_STRIDE);
	for (uint64_t i = index / TEXTS_STRIDE * TEXTS_STRIDE; i < index; i++) {
		const struct wire_event *event = chunks_at(events, i);
		at = place(at, size_of(event->text)) + size_of(event->text);
	}
	const char *found = chunks_at(&texts->bytes, place(at, size_of(wanted->text)));
	struct large large = {.length = wanted->text};
	if (wanted->text == UINT16_MAX) {
		memcpy(&large, found, sizeof large);
		found = large.bytes;
	}
	if (length != NULL)
		*length = large.length;
	return found;
}
