/* SPDX-License-Identifier: MIT */
#include "recording/ending.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "recording/format.h"

void ending_release(struct ending *ending)
{
	free(ending->result.verdict);
	json_decref(ending->result.outcome);
	json_decref(ending->result.expected);
	*ending = (struct ending){0};
}

static json_t *result_json(const struct run_result *result)
{
	json_t *all = json_object();

	json_object_set_new(all, "told", json_boolean(result->told));
	json_object_set_new(all, "ok", json_boolean(result->ok));
	json_object_set_new(all, "verdict", json_string(result->verdict));
	json_object_set(all, "outcome", result->outcome != NULL ? result->outcome : json_null());
	json_object_set(all, "expected", result->expected != NULL ? result->expected : json_null());
	if (result->timed_out)
		json_object_set_new(all, "timed_out", json_true());
	json_object_set_new(all, "exit_status", json_integer(result->exit_status));
	return all;
}

void ending_pack(struct text *content, const struct run_end *end)
{
	char lost[24];
	json_t *all = end != NULL ? result_json(end->result) : json_object();

	if (end != NULL) {
		snprintf(lost, sizeof lost, "%" PRIu64, end->lost);
		json_object_set_new(all, "lost", json_string(lost));
	}
	char *bytes = json_dumps(all, JSON_COMPACT);
	text_reset(content);
	text_add(content, bytes != NULL ? bytes : "{}");
	free(bytes);
	json_decref(all);
}

/* ---- unpacking ---- */

static json_t *safe_value(json_t *value, int depth);

static json_t *safe_string(const json_t *string)
{
	struct text safe = TEXT_INIT;

	utf8_scrub(&safe, json_string_value(string), json_string_length(string), false);
	json_t *copy = json_string(safe.bytes);
	text_release(&safe);
	return copy;
}

static json_t *safe_object(json_t *object, int depth)
{
	json_t *copy = json_object();
	struct text key = TEXT_INIT;

	for (void *at = json_object_iter(object); at != NULL; at = json_object_iter_next(object, at)) {
		const char *raw = json_object_iter_key(at);

		text_reset(&key);
		utf8_scrub(&key, raw, strlen(raw), false);
		json_object_set_new(copy, key.bytes, safe_value(json_object_iter_value(at), depth));
	}
	text_release(&key);
	return copy;
}

static json_t *safe_array(const json_t *array, int depth)
{
	json_t *copy = json_array();

	for (size_t i = 0; i < json_array_size(array); i++)
		json_array_append_new(copy, safe_value(json_array_get(array, i), depth));
	return copy;
}

/* A copy whose strings are safe to show; what is nested too deep becomes null. */
static json_t *safe_value(json_t *value, int depth)
{
	if (depth == JSON_DEPTH_READ)
		return json_null();
	if (json_is_object(value))
		return safe_object(value, depth + 1);
	if (json_is_array(value))
		return safe_array(value, depth + 1);
	return json_is_string(value) ? safe_string(value) : json_deep_copy(value);
}

static json_t *take_object(const json_t *all, const char *key)
{
	json_t *value = json_object_get(all, key);

	return json_is_object(value) ? safe_value(value, 0) : NULL;
}

static char *take_verdict(const json_t *all)
{
	const json_t *verdict = json_object_get(all, "verdict");
	struct text safe = TEXT_INIT;

	utf8_scrub(&safe, json_string_value(verdict), json_string_length(verdict), false);
	return text_detach(&safe);
}

bool ending_unpack(struct ending *ending, const struct text *content)
{
	json_t *all = json_loadb(content->bytes, content->length, 0, NULL);
	const char *lost = json_string_value(json_object_get(all, "lost"));
	bool known = json_is_string(json_object_get(all, "verdict"));

	*ending = (struct ending){0};
	if (known) {
		ending->result = (struct run_result){
			.told = json_is_true(json_object_get(all, "told")),
			.ok = json_is_true(json_object_get(all, "ok")),
			.timed_out = json_is_true(json_object_get(all, "timed_out")),
			.verdict = take_verdict(all),
			.outcome = take_object(all, "outcome"),
			.expected = take_object(all, "expected"),
			.exit_status = (int)json_integer_value(json_object_get(all, "exit_status")),
		};
		ending->end = (struct run_end){.result = &ending->result, .lost = lost != NULL ? strtoull(lost, NULL, 10) : 0};
	}
	json_decref(all);
	return known;
}
