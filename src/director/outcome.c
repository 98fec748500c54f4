/* SPDX-License-Identifier: MIT */
#include "director/outcome.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { VALUE_COLUMNS = 48 }; /* a longer value is cut: the whole stands in the console */

/* Not in the middle of a number or a word, if it has more than one. */
static size_t cut_whole(const char *value, size_t fits)
{
	size_t end = fits;

	while (end > 0 && value[end - 1] != ',' && value[end - 1] != ' ')
		end--;
	return end > 0 ? end : fits;
}

static void add_value(struct text *out, const json_t *value)
{
	const size_t form = JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6);
	char *dump = json_is_string(value) ? NULL : json_dumps(value, form);
	const char *string = dump != NULL ? dump : json_string_value(value);
	struct text safe = TEXT_INIT;

	utf8_scrub(&safe, string != NULL ? string : "?", strlen(string != NULL ? string : "?"), false);
	size_t fits = utf8_fit(safe.bytes, VALUE_COLUMNS);
	text_add_bytes(out, safe.bytes, fits < safe.length ? cut_whole(safe.bytes, fits) : fits);
	if (fits < safe.length)
		text_add(out, "…");
	text_release(&safe);
	free(dump);
}

static void add_pair(struct text *out, const char *name, const json_t *value, bool first)
{
	if (!first)
		text_add(out, ", ");
	utf8_scrub(out, name, strlen(name), false);
	text_add_char(out, ' ');
	add_value(out, value);
}

void outcome_words(struct text *out, const json_t *outcome)
{
	void *at = json_object_iter((json_t *)(uintptr_t)outcome);
	bool first = true;

	for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)outcome, at)) {
		add_pair(out, json_object_iter_key(at), json_object_iter_value(at), first);
		first = false;
	}
}

/* Numbers that differ in the last few bits have been worked out in another order: they are the same here. */
static bool is_close(const json_t *a, const json_t *b)
{
	if (json_is_number(a) && json_is_number(b)) {
		double x = json_number_value(a), y = json_number_value(b);
		return fabs(x - y) <= 1e-9 * fmax(fabs(x), fabs(y));
	}
	if (!json_is_array(a) || !json_is_array(b) || json_array_size(a) != json_array_size(b))
		return json_equal(a, b);
	for (size_t i = 0; i < json_array_size(a); i++)
		if (!is_close(json_array_get(a, i), json_array_get(b, i)))
			return false;
	return true;
}

/* How long it took differs from run to run: it tells outcomes apart only where there is nothing else. */
static bool is_mere_time(const json_t *outcome, const char *name)
{
	const char *other;
	json_t *value;

	if (strcmp(name, "seconds") != 0)
		return false;
	json_object_foreach((json_t *)(uintptr_t)outcome, other, value)
		if (!json_is_array(value) && !json_is_object(value) && strcmp(other, "seconds") != 0)
			return true;
	return false;
}

void outcome_label(struct text *out, const struct run_result *result)
{
	const char *name;
	json_t *value;
	size_t before = out->length;

	if (result->told)
		json_object_foreach(result->outcome, name, value)
			if (!json_is_array(value) && !json_is_object(value) && !is_mere_time(result->outcome, name))
				add_pair(out, name, value, out->length == before);
	if (out->length == before)
		text_add(out, result->verdict);
}

static bool pair_is_expected(const struct run_result *result, const char *name, const json_t *expected)
{
	const json_t *value = json_object_get(result->outcome, name);

	return value != NULL && is_close(value, expected);
}

bool outcome_is_expected(const struct run_result *result)
{
	const char *name;
	json_t *expected;

	if (!result->told || result->expected == NULL)
		return result->told && result->ok;
	json_object_foreach(result->expected, name, expected)
		if (!pair_is_expected(result, name, expected))
			return false;
	return true;
}

void outcome_with_expected(struct text *out, const struct run_result *result)
{
	const char *name;
	json_t *expected;
	bool single = json_object_size(result->outcome) == 1, first = true;

	outcome_words(out, result->outcome);
	if (outcome_is_expected(result) || result->expected == NULL)
		return;
	text_add(out, " (expected ");
	json_object_foreach(result->expected, name, expected) {
		if (pair_is_expected(result, name, expected))
			continue;
		if (single)
			add_value(out, expected);
		else
			add_pair(out, name, expected, first);
		first = false;
	}
	text_add_char(out, ')');
}
