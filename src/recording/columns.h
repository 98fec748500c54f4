/* SPDX-License-Identifier: MIT */
/*
 * Varints and columns (see format.h), in memory. Writing trusts whoever writes to have made room;
 * reading trusts nothing: what would lie behind the end reads as 0 and sets `bad`.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_RECORDING_COLUMNS_H
#define LOCKSTEP_RECORDING_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum { VARINT_BYTES_MAX = 10 };

static inline uint64_t zigzag(int64_t number)
{
	return ((uint64_t)number << 1) ^ (uint64_t)(number >> 63);
}

static inline int64_t unzigzag(uint64_t number)
{
	return (int64_t)(number >> 1) ^ -(int64_t)(number & 1);
}

/* Bytes that are being read. */
struct column {
	const uint8_t *at, *end;
	bool bad;
};

uint64_t column_take_long(struct column *column); /* a varint of more than one byte */

static inline uint64_t column_take(struct column *column)
{
	if (__builtin_expect(column->at < column->end && *column->at < 0x80, 1))
		return *column->at++;
	return column_take_long(column);
}

/* A varint that is at most `limit`, else 0 and bad. */
static inline uint64_t column_take_below(struct column *column, uint64_t limit)
{
	uint64_t number = column_take(column);
	if (__builtin_expect(number <= limit, 1))
		return number;
	column->bad = true;
	return 0;
}

/* The next `length` bytes; NULL and bad when there are fewer. */
const uint8_t *column_take_bytes(struct column *column, size_t length);

/* The column that comes next in `from`. */
struct column column_open(struct column *from);

/* The same, as `count` numbers of at most `limit`. False when there are fewer, or greater ones. */
bool column_take_numbers(struct column *from, uint64_t *numbers, size_t count, uint64_t limit);

void column_add_varint(struct text *out, uint64_t number);
void column_add_bytes(struct text *out, const uint8_t *bytes, size_t length);        /* a column */
void column_add_numbers(struct text *out, const uint64_t *numbers, size_t count); /* likewise */

#endif
