/* SPDX-License-Identifier: MIT */
#include "mp/message.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "mp/number.h"

enum { SHORT_STRING = UINT8_MAX };

/* ---- buffers ---- */

void buffer_grow(struct buffer *buffer, size_t more)
{
	size_t capacity = buffer->capacity < 64 ? 64 : buffer->capacity * 2;
	if (capacity < buffer->length + more)
		capacity = buffer->length + more;
	buffer->bytes = memory_resize(buffer->bytes, capacity, 1);
	buffer->capacity = capacity;
}

void buffer_release(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){0};
}

/* ---- adding ---- */

static void add_tagged(struct buffer *buffer, char tag, const void *body, size_t length)
{
	char *at = buffer_reserve(buffer, 1 + length);
	*at = tag;
	memcpy(at + 1, body, length);
	buffer->length += 1 + length;
}

void message_add_integer(struct buffer *buffer, int64_t number)
{
	if (number == (int8_t)number)
		add_tagged(buffer, 'b', &(int8_t){(int8_t)number}, 1);
	else if (number == (int16_t)number)
		add_tagged(buffer, 'h', &(int16_t){(int16_t)number}, 2);
	else if (number == (int32_t)number)
		add_tagged(buffer, 'i', &(int32_t){(int32_t)number}, 4);
	else
		add_tagged(buffer, 'q', &number, 8);
}

void message_add_real(struct buffer *buffer, double number)
{
	add_tagged(buffer, 'd', &number, sizeof number);
}

static void add_string(struct buffer *buffer, const char *string, uint64_t length)
{
	if (length <= SHORT_STRING)
		add_tagged(buffer, 's', &(uint8_t){(uint8_t)length}, 1);
	else
		add_tagged(buffer, 'S', &length, sizeof length);
	buffer_add(buffer, string, length);
}

static int add_dumped(const char *bytes, size_t length, void *buffer)
{
	buffer_add(buffer, bytes, length);
	return 0;
}

static int add_compound(struct buffer *buffer, const json_t *value)
{
	size_t start = buffer->length;
	uint64_t length = 0;
	add_tagged(buffer, 'j', &length, sizeof length);
	if (json_dump_callback(value, add_dumped, buffer, JSON_ENCODE_ANY) != 0) {
		buffer->length = start;
		return -EINVAL;
	}
	length = buffer->length - start - 1 - sizeof length;
	memcpy(buffer->bytes + start + 1, &length, sizeof length);
	return 0;
}

int message_add(struct buffer *buffer, json_t *value)
{
	if (value == NULL)
		return -EINVAL;
	switch (json_typeof(value)) {
	case JSON_INTEGER: message_add_integer(buffer, json_integer_value(value)); return 0;
	case JSON_REAL: message_add_real(buffer, json_real_value(value)); return 0;
	case JSON_STRING: add_string(buffer, json_string_value(value), json_string_length(value)); return 0;
	case JSON_NULL: add_tagged(buffer, 'n', "", 0); return 0;
	case JSON_TRUE: add_tagged(buffer, 't', "", 0); return 0;
	case JSON_FALSE: add_tagged(buffer, 'f', "", 0); return 0;
	default: return add_compound(buffer, value);
	}
}

/* ---- taking ---- */

/* A value cut into its parts. */
struct part {
	char tag;
	const char *body;
	uint64_t length; /* of the body */
	const char *next;
};

static const struct {
	uint8_t body;   /* bytes of a body of fixed length */
	uint8_t length; /* bytes that hold the body's length */
	bool known;
} TAGS[128] = {
	['b'] = {1, 0, true}, ['h'] = {2, 0, true}, ['i'] = {4, 0, true}, ['q'] = {8, 0, true}, ['d'] = {8, 0, true},
	['n'] = {0, 0, true}, ['t'] = {0, 0, true}, ['f'] = {0, 0, true},
	['s'] = {0, 1, true}, ['S'] = {0, 8, true}, ['j'] = {0, 8, true},
};

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "a short length is read into the low bytes of a long one");

static bool cut_part(struct part *part, const char *at, const char *end)
{
	if (at == NULL || at >= end || *at < 0 || !TAGS[(int)*at].known)
		return false;
	part->tag = *at++;
	part->length = TAGS[(int)part->tag].body;
	size_t prefix = TAGS[(int)part->tag].length;
	if ((size_t)(end - at) < prefix)
		return false;
	memcpy(&part->length, at, prefix);
	part->body = at + prefix;
	if ((uint64_t)(end - part->body) < part->length)
		return false;
	part->next = part->body + part->length;
	return true;
}

static bool part_integer(const struct part *part, int64_t *number)
{
	int8_t b;
	int16_t h;
	int32_t i;
	switch (part->tag) {
	case 'b': memcpy(&b, part->body, sizeof b); *number = b; return true;
	case 'h': memcpy(&h, part->body, sizeof h); *number = h; return true;
	case 'i': memcpy(&i, part->body, sizeof i); *number = i; return true;
	case 'q': memcpy(number, part->body, sizeof *number); return true;
	default: return false;
	}
}

static bool part_real(const struct part *part, double *number)
{
	int64_t integer;
	if (part->tag == 'd')
		memcpy(number, part->body, sizeof *number);
	else if (part_integer(part, &integer))
		*number = (double)integer;
	else
		return false;
	return true;
}

static json_t *part_value(const struct part *part)
{
	double real;
	switch (part->tag) {
	case 'd': return part_real(part, &real) ? json_real(real) : NULL;
	case 's':
	case 'S': return json_stringn_nocheck(part->body, part->length);
	case 'n': return json_null();
	case 't': return json_true();
	case 'f': return json_false();
	default: return json_loadb(part->body, part->length, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	}
}

const char *message_take(const char *at, const char *end, json_t **value)
{
	struct part part;
	if (!cut_part(&part, at, end))
		return NULL;
	int64_t integer;
	*value = part_integer(&part, &integer) ? json_integer(integer) : part_value(&part);
	return *value != NULL ? part.next : NULL;
}

int message_only(const char *bytes, size_t length, json_t **value)
{
	*value = NULL;
	if (message_take(bytes, bytes + length, value) == bytes + length)
		return 0;
	json_decref(*value);
	*value = NULL;
	return -EINVAL;
}

const char *message_take_integer(const char *at, const char *end, int64_t *number)
{
	struct part part;
	return cut_part(&part, at, end) && part_integer(&part, number) ? part.next : NULL;
}

const char *message_take_real(const char *at, const char *end, double *number)
{
	struct part part;
	return cut_part(&part, at, end) && part_real(&part, number) ? part.next : NULL;
}

/* ---- describing ---- */

void message_text_add(struct message_text *text, const char *bytes, size_t length)
{
	size_t room = MESSAGE_TEXT_MAX - text->length;
	if (length > room)
		length = room;
	memcpy(text->bytes + text->length, bytes, length);
	text->length += length;
}

void message_text_add_integer(struct message_text *text, int64_t number)
{
	char digits[24], *at = digits + sizeof digits;
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10) != 0);
	if (number < 0)
		*--at = '-';
	message_text_add(text, at, (size_t)(digits + sizeof digits - at));
}

void message_text_add_real(struct message_text *text, double number)
{
	char digits[NUMBER_TEXT];
	number_text(digits, number);
	message_text_add(text, digits, strlen(digits));
}

static void describe_string(struct message_text *text, const char *string, size_t length)
{
	message_text_add(text, "\"", 1);
	for (size_t i = 0; i < length && !message_text_full(text); i++) {
		if (string[i] == '"' || string[i] == '\\')
			message_text_add(text, "\\", 1);
		message_text_add(text, &string[i], 1);
	}
	message_text_add(text, "\"", 1);
}

static void describe_part(struct message_text *text, const struct part *part)
{
	int64_t integer;
	double real;
	if (part_integer(part, &integer))
		message_text_add_integer(text, integer);
	else if (part_real(part, &real))
		message_text_add_real(text, real);
	else if (part->tag == 's' || part->tag == 'S')
		describe_string(text, part->body, part->length);
	else if (part->tag == 'j')
		message_text_add(text, part->body, part->length);
	else
		message_text_add(text, part->tag == 'n' ? "null" : part->tag == 't' ? "true" : "false",
		                 part->tag == 'f' ? 5 : 4);
}

const char *message_describe(struct message_text *text, const char *at, const char *end)
{
	struct part part;
	if (!cut_part(&part, at, end))
		return NULL;
	describe_part(text, &part);
	return part.next;
}
