/* SPDX-License-Identifier: MIT */
#include "recording/columns.h"

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

	return bytes != NULL ? (struct column){.at = bytes, .end = bytes + length} : (struct column){.bad = true};
}

void column_add_varint(struct text *out, uint64_t number)
{
	uint8_t bytes[VARINT_BYTES_MAX];
	const uint8_t *end = varint_put(bytes, number);

	text_add_bytes(out, (const char *)bytes, (size_t)(end - bytes));
}

void column_add(struct text *out, const uint8_t *bytes, size_t length)
{
	column_add_varint(out, length);
	text_add_bytes(out, (const char *)bytes, length);
}
