/* SPDX-License-Identifier: MIT */
#include "recording/columns.h"

#include <string.h>

uint64_t column_take_long(struct column *column)
{
	uint64_t number = 0;

	for (unsigned int shift = 0; shift < 64 && column->at < column->end; shift += 7) {
		uint8_t byte = *column->at++;

		number |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80)
			return number;
	}
	column->at = column->end;
	column->bad = true;
	return 0;
}

const uint8_t *column_take_bytes(struct column *column, size_t length)
{
	const uint8_t *bytes = column->at;

	if (length > (size_t)(column->end - column->at)) {
		column->at = column->end;
		column->bad = true;
		return NULL;
	}
	column->at += length;
	return bytes;
}

struct column column_open(struct column *from)
{
	uint64_t length = column_take(from);
	const uint8_t *bytes = column_take_bytes(from, length);

	return !from->bad ? (struct column){.at = bytes, .end = bytes + length} : (struct column){.bad = true};
}

/* Eight varints of one byte each, if that is what comes next. */
static bool take_eight(const uint8_t *at, uint64_t *numbers)
{
	uint64_t bytes;

	memcpy(&bytes, at, sizeof bytes);
	if ((bytes & 0x8080808080808080) != 0)
		return false;
	for (unsigned int i = 0; i < 8; i++)
		numbers[i] = at[i];
	return true;
}

static void take_numbers(struct column *column, uint64_t *numbers, size_t count)
{
	for (size_t i = 0; i < count;) {
		if (count - i >= 8 && column->end - column->at >= 8 && take_eight(column->at, numbers + i)) {
			column->at += 8;
			i += 8;
		} else {
			numbers[i++] = column_take(column);
		}
	}
}

bool column_take_numbers(struct column *from, uint64_t *numbers, size_t count, uint64_t limit)
{
	struct column column = column_open(from);
	bool greater = false;

	if (count == 0)
		return !column.bad;
	numbers[0] = column_take(&column);
	if (column.at < column.end)
		take_numbers(&column, numbers + 1, count - 1);
	else
		for (size_t i = 1; i < count; i++)
			numbers[i] = numbers[0];
	for (size_t i = 0; i < count; i++)
		greater |= numbers[i] > limit;
	return !column.bad && !greater;
}

/* ---- adding ---- */

static uint8_t *put_varint(uint8_t *at, uint64_t number)
{
	while (number >= 0x80) {
		*at++ = (uint8_t)(number | 0x80);
		number >>= 7;
	}
	*at++ = (uint8_t)number;
	return at;
}

void column_add_varint(struct text *out, uint64_t number)
{
	uint8_t bytes[VARINT_BYTES_MAX];
	const uint8_t *end = put_varint(bytes, number);

	text_add_bytes(out, (const char *)bytes, (size_t)(end - bytes));
}

void column_add_bytes(struct text *out, const uint8_t *bytes, size_t length)
{
	column_add_varint(out, length);
	text_add_bytes(out, (const char *)bytes, length);
}

static bool are_alike(const uint64_t *numbers, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (numbers[i] != numbers[0])
			return false;
	return true;
}

static size_t varint_length(uint64_t number)
{
	size_t bits = 64 - (size_t)__builtin_clzll(number | 1);

	return (bits + 6) / 7;
}

/* Eight numbers of one byte each, if that is what they are. */
static bool put_eight(uint8_t *at, const uint64_t *numbers)
{
	uint64_t all = 0;

	for (unsigned int i = 0; i < 8; i++)
		all |= numbers[i];
	if (all >= 0x80)
		return false;
	for (unsigned int i = 0; i < 8; i++)
		at[i] = (uint8_t)numbers[i];
	return true;
}

void column_add_numbers(struct text *out, const uint64_t *numbers, size_t count)
{
	size_t length = 0;

	if (count > 1 && are_alike(numbers, count))
		count = 1;
	for (size_t i = 0; i < count; i++)
		length += varint_length(numbers[i]);
	column_add_varint(out, length);
	uint8_t *at = (uint8_t *)text_reserve(out, length);
	for (size_t i = 0; i < count;) {
		if (count - i >= 8 && put_eight(at, numbers + i)) {
			at += 8;
			i += 8;
		} else {
			at = put_varint(at, numbers[i++]);
		}
	}
	text_set_length(out, out->length + length);
}
