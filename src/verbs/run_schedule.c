/* SPDX-License-Identifier: MIT */
/*
 * Schedules by name: a lesson has schedules/VARIANT.schedule, the choices that show what its variant
 * is about. The name stands for the file and for the variant's settings.
 */
#include "verbs/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "lesson/file.h"

enum { SCHEDULE_BYTES_MAX = 64 << 20 }; /* ten million choices are less */

static int read_file(struct text *text, const char *path, const char *value, const struct verb *verb)
{
	bool whole;
	int error = file_read(text, path, SCHEDULE_BYTES_MAX, &whole);

	if (error < 0)
		return complain_usage(verb, "--schedule %s: %s", value, error == -EINVAL ? "not a regular file" : strerror(-error));
	if (!whole)
		return complain_usage(verb, "--schedule %s: longer than any schedule", value);
	return STATUS_OK;
}

/* "too-early": the variant "too early". */
static bool is_named(const struct catalog_variant *variant, const char *name)
{
	size_t i = 0;

	while (name[i] != '\0' && (name[i] == variant->name[i] || (name[i] == '-' && variant->name[i] == ' ')))
		i++;
	return name[i] == '\0' && variant->name[i] == '\0';
}

static const struct catalog_variant *find_variant(const struct catalog_lesson *lesson, const char *name)
{
	for (size_t i = 0; i < lesson->variant_count; i++)
		if (is_named(&lesson->variants[i], name))
			return &lesson->variants[i];
	return NULL;
}

/* The variant's file beside the lesson's source, if there is one. */
static bool find_file(const struct catalog_lesson *lesson, const char *name, struct text *path)
{
	const char *slash = strrchr(lesson->source, '/');
	struct stat about;

	text_printf(path, "%.*s/schedules/%s.schedule", slash != NULL ? (int)(slash - lesson->source) : 0, lesson->source, name);
	return stat(path->bytes, &about) == 0;
}

int run_schedule_read(struct run_request *request, const struct verb *verb, const char *value)
{
	struct text text = TEXT_INIT, path = TEXT_INIT, problem = TEXT_INIT;
	const struct catalog_variant *variant = find_variant(request->lesson, value);
	struct stat about;
	int status = STATUS_OK;

	if (variant != NULL && find_file(request->lesson, value, &path)) {
		request->variant = variant;
		status = read_file(&text, path.bytes, value, verb);
	} else if (stat(value, &about) == 0) {
		status = read_file(&text, value, value, verb);
	} else {
		text_add(&text, value);
	}
	if (status == STATUS_OK && schedule_parse(&request->schedule, text.bytes, &problem) < 0)
		status = complain_usage(verb, "%s", problem.bytes);
	text_release(&text);
	text_release(&path);
	text_release(&problem);
	return status;
}

void run_schedule_set(struct settings *settings, const struct catalog_variant *variant)
{
	struct text problem = TEXT_INIT;
	char *words = memory_copy_string(variant->settings), *rest = words;

	for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
		settings_set(settings, word, &problem); /* the lesson's own: they are right */
	free(words);
	text_release(&problem);
}
