/* SPDX-License-Identifier: MIT */
/*
 * Values as bytes: what goes through a pipe in place of Python's pickle. A value is a tag and its
 * body, so that several can stand one behind the other. Tags are the letters of Python's struct
 * module where it has one: b h i q (integers of 1, 2, 4, 8 bytes), d (a real), else
 *
 *     s  string, length in 1 byte     S  string, length in 8     j  JSON text, length in 8
 *     n  null                         t  true                    f  false
 *
 * Numbers and short strings, which is what most lessons pass, thus never become text. The bytes are
 * the machine's own order: they never leave it.
 *
 * Runs in: lesson. Not installed. Owns: a buffer owns its bytes. May block: no.
 */
#ifndef LOCKSTEP_MP_MESSAGE_H
#define LOCKSTEP_MP_MESSAGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "wire/event.h"

/* Bytes that grow. All zeroes is an empty one. */
struct buffer {
	char *bytes;
	size_t length;
	size_t capacity;
};

void buffer_grow(struct buffer *buffer, size_t more);
void buffer_release(struct buffer *buffer);

/* Room for `more` bytes behind those that are there. */
static inline char *buffer_reserve(struct buffer *buffer, size_t more)
{
	if (buffer->capacity - buffer->length < more)
		buffer_grow(buffer, more);
	return buffer->bytes + buffer->length;
}

static inline void buffer_add(struct buffer *buffer, const void *bytes, size_t length)
{
	memcpy(buffer_reserve(buffer, length), bytes, length);
	buffer->length += length;
}

/* Appends a value. 0 or -EINVAL: it cannot be passed (NULL, not UTF-8, contains itself). */
int message_add(struct buffer *buffer, json_t *value);
void message_add_integer(struct buffer *buffer, int64_t number);
void message_add_real(struct buffer *buffer, double number);

/*
 * Reads the value at `at`: where the next one starts, or NULL when these bytes are none. *value is a
 * new reference.
 */
const char *message_take(const char *at, const char *end, json_t **value);
/* All of `bytes` is one value: 0 and *value, or -EINVAL and NULL. */
int message_only(const char *bytes, size_t length, json_t **value);
const char *message_take_integer(const char *at, const char *end, int64_t *number); /* NULL: it is no integer */
const char *message_take_real(const char *at, const char *end, double *number);     /* an integer is converted */

/* What an event says of a message: the start of its JSON text, one byte more than fits when it is longer. */
struct message_text {
	size_t length;
	char bytes[EVENT_TEXT_MAX + 2];
};

enum { MESSAGE_TEXT_MAX = EVENT_TEXT_MAX + 1 };

/* Appends the text of the value at `at`; where the next one starts, or NULL as message_take(). */
const char *message_describe(struct message_text *text, const char *at, const char *end);
void message_text_add(struct message_text *text, const char *bytes, size_t length);
void message_text_add_integer(struct message_text *text, int64_t number);
void message_text_add_real(struct message_text *text, double number); /* see number.h */

static inline bool message_text_full(const struct message_text *text)
{
	return text->length == MESSAGE_TEXT_MAX;
}

/* As a string, for an intent. */
static inline const char *message_text_string(struct message_text *text)
{
	text->bytes[text->length] = '\0';
	return text->bytes;
}

#endif
