/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include <string.h>

#include "base/unicode_ranges.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum {
	REPLACEMENT = 0xfffd,
	CONTROL_PICTURES = 0x2400,
	PICTURE_OF_DELETE = 0x2421,
	DELETE = 0x7f,
	DOTTED_CIRCLE = 0x25cc,
	JOINING_MAX = 4, /* in a row */
};

/*
 * The well-formed sequences of Unicode 15, table 3-7, by their first byte. Only the second byte's
 * range depends on the first; it is what keeps out overlong forms, surrogates and > U+10FFFF.
 */
static const struct sequence {
	uint8_t first_low, first_high;
	uint8_t length;
	uint8_t second_low, second_high;
} sequences[] = {
	{0x00, 0x7f, 1, 0,    0   },
	{0xc2, 0xdf, 2, 0x80, 0xbf},
	{0xe0, 0xe0, 3, 0xa0, 0xbf},
	{0xe1, 0xec, 3, 0x80, 0xbf},
	{0xed, 0xed, 3, 0x80, 0x9f},
	{0xee, 0xef, 3, 0x80, 0xbf},
	{0xf0, 0xf0, 4, 0x90, 0xbf},
	{0xf1, 0xf3, 4, 0x80, 0xbf},
	{0xf4, 0xf4, 4, 0x80, 0x8f},
};

static const struct sequence *sequence_of(uint8_t first)
{
	for (size_t i = 0; i < LENGTH(sequences); i++)
		if (first >= sequences[i].first_low && first <= sequences[i].first_high)
			return &sequences[i];
	return NULL;
}

/* 0 when the bytes are not well-formed. */
static size_t decode_strictly(const uint8_t *bytes, size_t length, uint32_t *code_point)
{
	const struct sequence *sequence = sequence_of(bytes[0]);

	if (!sequence || sequence->length > length)
		return 0;
	if (sequence->length == 1) {
		*code_point = bytes[0];
		return 1;
	}
	if (bytes[1] < sequence->second_low || bytes[1] > sequence->second_high)
		return 0;
	uint32_t value = bytes[0] & (0x7fu >> sequence->length);
	for (size_t i = 1; i < sequence->length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3f);
	}
	*code_point = value;
	return sequence->length;
}

size_t utf8_decode(const char *bytes, size_t length, uint32_t *code_point)
{
	size_t used = decode_strictly((const uint8_t *)bytes, length, code_point);

	if (used == 0) {
		*code_point = REPLACEMENT;
		return 1;
	}
	return used;
}

size_t utf8_encode(uint32_t code_point, char *bytes)
{
	if (code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff))
		code_point = REPLACEMENT;
	if (code_point < 0x80) {
		bytes[0] = (char)code_point;
		return 1;
	}
	size_t length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
	for (size_t i = length - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (code_point & 0x3f));
		code_point >>= 6;
	}
	bytes[0] = (char)((0xf00u >> length & 0xff) | code_point);
	return length;
}

static bool in_ranges(uint32_t code_point, const struct unicode_range *ranges, size_t count)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (code_point > ranges[middle].last)
			low = middle + 1;
		else if (code_point < ranges[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

#define IN_RANGES(code_point, ranges) in_ranges(code_point, ranges, LENGTH(ranges))

static bool is_control(uint32_t code_point)
{
	return code_point < 0x20 || (code_point >= DELETE && code_point < 0xa0);
}

static bool is_plain(uint32_t code_point)
{
	return code_point >= 0x20 && code_point < DELETE;
}

int utf8_width(uint32_t code_point)
{
	if (is_plain(code_point))
		return 1;
	if (is_control(code_point) || IN_RANGES(code_point, unicode_hidden) || IN_RANGES(code_point, unicode_joining))
		return 0;
	return IN_RANGES(code_point, unicode_wide) ? 2 : 1;
}

/* What is shown in place of a character that is neither plain nor joins another. */
static uint32_t visible(uint32_t code_point)
{
	if (code_point == '\t')
		return ' ';
	if (code_point < 0x20)
		return CONTROL_PICTURES + code_point;
	if (code_point == DELETE)
		return PICTURE_OF_DELETE;
	if (is_control(code_point) || IN_RANGES(code_point, unicode_hidden))
		return REPLACEMENT;
	return code_point;
}

/* A mark with nothing before it would join what the screen shows beside the text. */
static void add_joining(struct text *out, uint32_t code_point, size_t in_a_row)
{
	if (in_a_row >= JOINING_MAX)
		return;
	if (out->length == 0 || out->bytes[out->length - 1] == '\n')
		text_add_unicode(out, DOTTED_CIRCLE);
	text_add_unicode(out, code_point);
}

/* The bytes from the start that need no change and no look at their neighbours. */
static size_t plain_length(const char *bytes, size_t length, bool keep_lines)
{
	size_t i = 0;

	while (i < length && (is_plain((uint8_t)bytes[i]) || (keep_lines && bytes[i] == '\n')))
		i++;
	return i;
}

void utf8_scrub(struct text *out, const char *bytes, size_t length, bool keep_lines)
{
	size_t in_a_row = 0;

	for (size_t i = 0; i < length;) {
		size_t plain = plain_length(bytes + i, length - i, keep_lines);
		if (plain > 0) {
			text_add_bytes(out, bytes + i, plain);
			i += plain;
			in_a_row = 0;
			continue;
		}
		uint32_t code_point;
		i += utf8_decode(bytes + i, length - i, &code_point);
		if (IN_RANGES(code_point, unicode_joining)) {
			add_joining(out, code_point, in_a_row++);
		} else {
			text_add_unicode(out, visible(code_point));
			in_a_row = 0;
		}
	}
}

size_t utf8_columns(const char *string)
{
	size_t columns = 0;
	uint32_t code_point;

	for (size_t i = 0, length = strlen(string); i < length;) {
		if (string[i] >= 0x20 && string[i] < 0x7f) {
			columns++;
			i++;
			continue;
		}
		i += utf8_decode(string + i, length - i, &code_point);
		columns += (size_t)utf8_width(code_point);
	}
	return columns;
}

size_t utf8_fit(const char *string, size_t columns)
{
	size_t fitting = 0, length = strlen(string);
	uint32_t code_point;

	while (fitting < length) {
		size_t used = utf8_decode(string + fitting, length - fitting, &code_point);
		size_t width = (size_t)utf8_width(code_point);
		if (width > columns)
			break;
		columns -= width;
		fitting += used;
	}
	return fitting;
}

size_t utf8_cut(const char *bytes, size_t length, size_t most)
{
	if (length <= most)
		return length;
	while (most > 0 && ((uint8_t)bytes[most] & 0xc0) == 0x80)
		most--;
	return most;
}
