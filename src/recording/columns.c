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

/* ---- numbers ---- */

/* One byte of each number, from the lowest on: all the same, or each its own. */
enum plane { PLANE_ALIKE, PLANE_EACH };

/* Sixteen at a time: that much a compiler makes a few instructions of. */
enum { BATCH = 16 };

static void take_each(uint64_t *restrict numbers, const uint8_t *restrict bytes, size_t count, unsigned int shift)
{
	size_t i = 0;

	for (; i + BATCH <= count; i += BATCH)
		for (size_t j = 0; j < BATCH; j++)
			numbers[i + j] |= (uint64_t)bytes[i + j] << shift;
	for (; i < count; i++)
		numbers[i] |= (uint64_t)bytes[i] << shift;
}

static void take_alike(uint64_t *numbers, uint64_t bits, size_t count)
{
	size_t i = 0;

	if (bits == 0)
		return;
	for (; i + BATCH <= count; i += BATCH)
		for (size_t j = 0; j < BATCH; j++)
			numbers[i + j] |= bits;
	for (; i < count; i++)
		numbers[i] |= bits;
}

/* Adds a plane to what the numbers are so far. */
static void take_plane(struct column *column, uint64_t *numbers, size_t count, unsigned int shift)
{
	uint64_t kind = column_take_below(column, PLANE_EACH);
	const uint8_t *bytes = column_take_bytes(column, kind == PLANE_EACH ? count : 1);

	if (bytes != NULL && kind == PLANE_EACH)
		take_each(numbers, bytes, count, shift);
	else if (bytes != NULL)
		take_alike(numbers, (uint64_t)bytes[0] << shift, count);
}

bool column_take_numbers(struct column *from, uint64_t *numbers, size_t count, uint64_t limit)
{
	struct column column = column_open(from);
	unsigned int bits = 0;
	bool greater = false;

	if (count > 0)
		memset(numbers, 0, count * sizeof *numbers);
	for (; bits < 64 && column.at < column.end; bits += 8)
		take_plane(&column, numbers, count, bits);
	for (size_t i = 0; i < count && bits > 0 && limit < UINT64_MAX >> (64 - bits); i++)
		greater |= numbers[i] > limit;
	return !column.bad && !greater;
}

static void put_each(uint8_t *restrict bytes, const uint64_t *restrict numbers, size_t count, unsigned int shift)
{
	size_t i = 0;

	for (; i + BATCH <= count; i += BATCH)
		for (size_t j = 0; j < BATCH; j++)
			bytes[i + j] = (uint8_t)(numbers[i + j] >> shift);
	for (; i < count; i++)
		bytes[i] = (uint8_t)(numbers[i] >> shift);
}

/* The bits in which any number is other than the first. */
static uint64_t find_differing(const uint64_t *numbers, size_t count)
{
	uint64_t found[BATCH] = {0}, all = 0;
	size_t i = 0;

	for (; i + BATCH <= count; i += BATCH)
		for (size_t j = 0; j < BATCH; j++)
			found[j] |= numbers[i + j] ^ numbers[0];
	for (; i < count; i++)
		all |= numbers[i] ^ numbers[0];
	for (size_t j = 0; j < BATCH; j++)
		all |= found[j];
	return all;
}

static bool is_alike(uint64_t differing, unsigned int shift)
{
	return (uint8_t)(differing >> shift) == 0;
}

static void add_plane(struct text *out, const uint64_t *numbers, size_t count, unsigned int shift, bool alike)
{
	const size_t length = alike ? 1 : count;

	text_add_char(out, alike ? PLANE_ALIKE : PLANE_EACH);
	put_each((uint8_t *)text_reserve(out, length), numbers, length, shift);
	text_set_length(out, out->length + length);
}

void column_add_numbers(struct text *out, const uint64_t *numbers, size_t count)
{
	const uint64_t differing = find_differing(numbers, count), all = count > 0 ? differing | numbers[0] : 0;
	uint64_t length = 0;

	for (unsigned int shift = 0; shift < 64 && all >> shift != 0; shift += 8)
		length += 1 + (is_alike(differing, shift) ? 1 : count);
	column_add_varint(out, length);
	for (unsigned int shift = 0; shift < 64 && all >> shift != 0; shift += 8)
		add_plane(out, numbers, count, shift, is_alike(differing, shift));
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
