/* SPDX-License-Identifier: MIT */
#include "recording/head.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/describe.h"

enum { NAME_MAX_BYTES = 64, STRING_MAX = 2000 };

#define SPEED_MIN 1e-3
#define SPEED_MAX 1e6

void head_release(struct head *head)
{
	settings_release(&head->settings);
	catalog_lesson_release(&head->lesson);
	free(head->version);
	*head = (struct head){0};
}

/* ---- packing ---- */

static json_t *lesson_json(const struct catalog_lesson *lesson)
{
	json_t *object = json_object();

	json_object_set_new(object, "name", json_string(lesson->name));
	json_object_set_new(object, "chapter", json_string(lesson->chapter != NULL ? lesson->chapter : ""));
	json_object_set_new(object, "description", describe_json(lesson));
	return object;
}

static json_t *values_json(const struct settings *settings)
{
	json_t *object = json_object();

	for (size_t i = 0; i < settings->lesson->parameter_count; i++)
		json_object_set_new(object, settings->lesson->parameters[i].name, json_string(settings->values[i]));
	return object;
}

static json_t *chosen_json(const struct settings *settings)
{
	json_t *list = json_array();

	for (size_t i = 0; i < settings->lesson->parameter_count; i++)
		if (settings->chosen[i])
			json_array_append_new(list, json_string(settings->lesson->parameters[i].name));
	return list;
}

void head_pack(struct text *content, const struct run_options *options)
{
	char seed[24];
	json_t *all = json_object();

	snprintf(seed, sizeof seed, "%" PRIu64, options->seed);
	json_object_set_new(all, "version", json_string(LOCKSTEP_VERSION));
	json_object_set_new(all, "lesson", lesson_json(options->settings->lesson));
	json_object_set_new(all, "set", values_json(options->settings));
	json_object_set_new(all, "chosen", chosen_json(options->settings));
	json_object_set_new(all, "seed", json_string(seed));
	json_object_set_new(all, "gated", json_boolean(options->gated));
	json_object_set_new(all, "speed", json_real(options->speed));
	char *bytes = json_dumps(all, JSON_COMPACT);
	text_reset(content);
	text_add(content, bytes != NULL ? bytes : "{}");
	free(bytes);
	json_decref(all);
}

/* ---- unpacking ---- */

/* As a folder of a catalog may be named: it is looked for under that name, and nowhere else. */
static bool is_lesson_name(const char *name)
{
	if (name == NULL || !isalnum((unsigned char)name[0]) || strlen(name) > NAME_MAX_BYTES)
		return false;
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")] == '\0';
}

static char *safe_string(const json_t *string)
{
	struct text safe = TEXT_INIT;

	if (json_is_string(string) && json_string_length(string) <= STRING_MAX)
		utf8_scrub(&safe, json_string_value(string), json_string_length(string), false);
	return text_detach(&safe);
}

static int unpack_lesson(struct catalog_lesson *lesson, const json_t *from, struct text *problem)
{
	const char *name = json_string_value(json_object_get(from, "name"));

	if (!is_lesson_name(name)) {
		text_add(problem, "it names no lesson");
		return -EINVAL;
	}
	lesson->name = memory_copy_string(name);
	lesson->chapter = safe_string(json_object_get(from, "chapter"));
	return describe_read_json(lesson, json_object_get(from, "description"), problem);
}

static void unpack_settings(struct settings *settings, const json_t *all, struct text *problem)
{
	const json_t *values = json_object_get(all, "set"), *chosen = json_object_get(all, "chosen");
	const struct catalog_lesson *lesson = settings->lesson;
	struct text assignment = TEXT_INIT;

	for (size_t i = 0; i < lesson->parameter_count; i++) {
		const char *name = lesson->parameters[i].name;
		const char *value = json_string_value(json_object_get(values, name));

		text_reset(&assignment);
		text_printf(&assignment, "%s=%s", name, value != NULL ? value : "");
		if (settings_set(settings, assignment.bytes, problem) < 0)
			text_add_char(problem, '\n');
		settings->chosen[i] = false;
	}
	for (size_t i = 0; i < json_array_size(chosen); i++)
		for (size_t j = 0; j < lesson->parameter_count; j++) {
			const char *name = json_string_value(json_array_get(chosen, i));

			settings->chosen[j] |= name != NULL && strcmp(name, lesson->parameters[j].name) == 0;
		}
	text_release(&assignment);
}

static void unpack_options(struct run_options *options, const json_t *all)
{
	const char *seed = json_string_value(json_object_get(all, "seed"));
	double speed = json_number_value(json_object_get(all, "speed"));

	options->seed = seed != NULL ? strtoull(seed, NULL, 10) : 0;
	options->gated = json_is_true(json_object_get(all, "gated"));
	options->speed = speed >= SPEED_MIN && speed <= SPEED_MAX ? speed : 1.0;
}

int head_unpack(struct head *head, const struct text *content, struct text *problem)
{
	json_t *all = json_loadb(content->bytes, content->length, 0, NULL);

	*head = (struct head){0};
	int error = unpack_lesson(&head->lesson, json_object_get(all, "lesson"), problem);
	if (error < 0) {
		catalog_lesson_release(&head->lesson);
	} else {
		head->version = safe_string(json_object_get(all, "version"));
		settings_init(&head->settings, &head->lesson, false);
		unpack_settings(&head->settings, all, problem);
		unpack_options(&head->options, all);
		head->options.settings = &head->settings;
	}
	json_decref(all);
	return error;
}

void head_stand_in(struct head *head)
{
	static const char unknown[] = "unknown";

	*head = (struct head){.version = memory_copy_string(unknown)};
	head->lesson = (struct catalog_lesson){
		.name = memory_copy_string(unknown),
		.chapter = memory_copy_string(""),
		.title = memory_copy_string("A recording without its head"),
		.summary = memory_copy_string("What was run is not known: that part of the file is damaged."),
		.outcome = memory_copy_string(""),
		.right = memory_copy_string(""),
		.step_settings = memory_copy_string(""),
	};
	settings_init(&head->settings, &head->lesson, false);
	head->options = (struct run_options){.settings = &head->settings, .speed = 1.0};
}
