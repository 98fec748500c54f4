/* SPDX-License-Identifier: MIT */
#include "export/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

void json_open(struct text *out, char bracket)
{
	text_add_char(out, bracket);
}

void json_close(struct text *out, char bracket)
{
	text_add_char(out, bracket);
}

void json_comma(struct text *out)
{
	char last = out->length > 0 ? out->bytes[out->length - 1] : '\n';

	if (last != '{' && last != '[' && last != ':' && last != '\n')
		text_add_char(out, ',');
}

void json_add_key(struct text *out, const char *key)
{
	json_comma(out);
	if (key == NULL)
		return;
	text_add_char(out, '"');
	text_add(out, key);
	text_add_bytes(out, "\":", 2);
}

static bool is_plain(unsigned char byte)
{
	return byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f;
}

static void add_escaped(struct text *out, unsigned char byte)
{
	static const char hex[] = "0123456789abcdef";
	const char unicode[] = {'\\', 'u', '0', '0', hex[byte >> 4], hex[byte & 15]};

	if (byte == '"' || byte == '\\') {
		text_add_char(out, '\\');
		text_add_char(out, (char)byte);
	} else {
		text_add_bytes(out, unicode, sizeof unicode);
	}
}

void json_add_bytes(struct text *out, const char *key, const char *bytes, size_t length)
{
	json_add_key(out, key);
	text_add_char(out, '"');
	for (size_t i = 0; i < length;) {
		size_t plain = i;

		while (plain < length && is_plain((unsigned char)bytes[plain]))
			plain++;
		text_add_bytes(out, bytes + i, plain - i);
		if (plain < length)
			add_escaped(out, (unsigned char)bytes[plain++]);
		i = plain;
	}
	text_add_char(out, '"');
}

void json_add_string(struct text *out, const char *key, const char *string)
{
	json_add_bytes(out, key, string, strlen(string));
}

/* ---- numbers ---- */

static void add_digits(struct text *out, uint64_t value, size_t at_least)
{
	char digits[20];
	size_t at = sizeof digits;

	do
		digits[--at] = (char)('0' + value % 10);
	while ((value /= 10) != 0);
	while (sizeof digits - at < at_least)
		digits[--at] = '0';
	text_add_bytes(out, digits + at, sizeof digits - at);
}

void json_add_natural(struct text *out, const char *key, uint64_t value)
{
	json_add_key(out, key);
	add_digits(out, value, 1);
}

void json_add_integer(struct text *out, const char *key, int64_t value)
{
	json_add_key(out, key);
	if (value < 0)
		text_add_char(out, '-');
	add_digits(out, value < 0 ? -(uint64_t)value : (uint64_t)value, 1);
}

void json_add_bool(struct text *out, const char *key, bool value)
{
	json_add_key(out, key);
	text_add(out, value ? "true" : "false");
}

void json_add_seconds(struct text *out, const char *key, uint64_t ns)
{
	uint64_t fraction = ns % 1000000000u;
	size_t decimals = 9;

	json_add_key(out, key);
	add_digits(out, ns / 1000000000u, 1);
	text_add_char(out, '.');
	while (decimals > 1 && fraction % 10 == 0) {
		fraction /= 10;
		decimals--;
	}
	add_digits(out, fraction, decimals);
}

void json_add_real(struct text *out, const char *key, double value)
{
	char digits[40];

	json_add_key(out, key);
	if (!isfinite(value)) {
		text_add(out, "null");
		return;
	}
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(digits, sizeof digits, "%.*g", precision, value);
		if (strtod(digits, NULL) == value)
			break;
	}
	text_add(out, digits);
	if (strpbrk(digits, ".e") == NULL)
		text_add_bytes(out, ".0", 2); /* a real stays a real for who reads it */
}

/* ---- values ---- */

static void add_value(struct text *out, const char *key, const json_t *value, int depth);

/* jansson's iterators take a value that is not const, and change nothing. */
static json_t *unconst(const json_t *value)
{
	union {
		const json_t *in;
		json_t *out;
	} same = {.in = value};
	return same.out;
}

/* A lesson's own words: made safe here, for nothing has looked at them yet. */
static void add_foreign(struct text *out, const char *key, const char *bytes, size_t length)
{
	struct text safe = TEXT_INIT;

	utf8_scrub(&safe, bytes, length, true);
	json_add_bytes(out, key, safe.bytes, safe.length);
	text_release(&safe);
}

static void add_object(struct text *out, const json_t *object, int depth)
{
	json_t *from = unconst(object);

	json_open(out, '{');
	for (void *at = json_object_iter(from); at != NULL; at = json_object_iter_next(from, at)) {
		const char *key = json_object_iter_key(at);

		add_foreign(out, NULL, key, strlen(key));
		text_add_char(out, ':');
		add_value(out, NULL, json_object_iter_value(at), depth + 1);
	}
	json_close(out, '}');
}

static void add_array(struct text *out, const json_t *array, int depth)
{
	json_open(out, '[');
	for (size_t i = 0; i < json_array_size(array); i++)
		add_value(out, NULL, json_array_get(array, i), depth + 1);
	json_close(out, ']');
}

static void add_value(struct text *out, const char *key, const json_t *value, int depth)
{
	if (json_is_string(value)) {
		add_foreign(out, key, json_string_value(value), json_string_length(value));
	} else if (json_is_integer(value)) {
		json_add_integer(out, key, json_integer_value(value));
	} else if (json_is_real(value)) {
		json_add_real(out, key, json_real_value(value));
	} else if (json_is_boolean(value)) {
		json_add_bool(out, key, json_is_true(value));
	} else {
		json_add_key(out, key);
		if (json_is_object(value) && depth < JSON_DEPTH_MAX)
			add_object(out, value, depth);
		else if (json_is_array(value) && depth < JSON_DEPTH_MAX)
			add_array(out, value, depth);
		else
			text_add(out, "null");
	}
}

void json_add_value(struct text *out, const char *key, const json_t *value)
{
	add_value(out, key, value, 0);
}
