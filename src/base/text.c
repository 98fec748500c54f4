/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum { FIRST_CAPACITY = 32 };

/* What every empty text points to; nothing is ever written there but its own NUL. */
char text_empty[1] = "";

void text_init(struct text *text)
{
	*text = (struct text)TEXT_INIT;
}

void text_release(struct text *text)
{
	if (text->capacity)
		free(text->bytes);
	text_init(text);
}

void text_reset(struct text *text)
{
	text_set_length(text, 0);
}

void text_set_length(struct text *text, size_t length)
{
	text->length = length;
	if (text->capacity)
		text->bytes[length] = '\0';
}

static void grow(struct text *text, size_t needed)
{
	size_t capacity = text->capacity ? text->capacity : FIRST_CAPACITY;
	while (capacity < needed)
		if (__builtin_mul_overflow(capacity, 2, &capacity))
			capacity = needed;
	text->bytes = memory_resize(text->capacity ? text->bytes : NULL, capacity, 1);
	text->bytes[text->length] = '\0';
	text->capacity = capacity;
}

char *text_reserve(struct text *text, size_t more)
{
	size_t needed;

	if (__builtin_add_overflow(text->length, more, &needed) || __builtin_add_overflow(needed, 1, &needed))
		needed = (size_t)-1; /* memory_resize says so */
	if (needed > text->capacity)
		grow(text, needed);
	return text->bytes + text->length;
}

void text_add(struct text *text, const char *string)
{
	text_add_bytes(text, string, strlen(string));
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
	if (length == 0)
		return;
	memcpy(text_reserve(text, length), bytes, length);
	text->length += length;
	text->bytes[text->length] = '\0';
}

void text_add_char(struct text *text, char c)
{
	text_add_bytes(text, &c, 1);
}

void text_add_unicode(struct text *text, unsigned int code_point)
{
	char bytes[4];

	text_add_bytes(text, bytes, utf8_encode(code_point, bytes));
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_vprintf(text, format, arguments);
	va_end(arguments);
}

/* Into the room that there is; once more, when that was too little. */
void text_vprintf(struct text *text, const char *format, va_list arguments)
{
	va_list again;

	va_copy(again, arguments);
	size_t room = text->capacity - text->length;
	int length = vsnprintf(room > 0 ? text->bytes + text->length : NULL, room, format, arguments);
	if (length > 0 && (size_t)length >= room)
		vsnprintf(text_reserve(text, (size_t)length), (size_t)length + 1, format, again);
	if (length > 0)
		text->length += (size_t)length;
	va_end(again);
}

char *text_detach(struct text *text)
{
	char *bytes = text->capacity ? text->bytes : memory_copy_string("");

	text_init(text);
	return bytes;
}
