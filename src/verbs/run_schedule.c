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

static void add_name(struct text *out, const struct catalog_variant *variant)
{
	for (const char *c = variant->name; *c != '\0'; c++)
		text_add_char(out, *c == ' ' ? '-' : *c);
}

/* What else the value might have been. */
static void add_named(struct text *problem, const struct catalog_lesson *lesson, const char *value)
{
	struct text names = TEXT_INIT, name = TEXT_INIT, path = TEXT_INIT;

	for (size_t i = 0; i < lesson->variant_count; i++) {
		text_reset(&name);
		text_reset(&path);
		add_name(&name, &lesson->variants[i]);
		if (find_file(lesson, name.bytes, &path))
			text_printf(&names, "%s%s", names.length > 0 ? ", " : "", name.bytes);
	}
	text_printf(problem, "; nor is '%s' a file, or a schedule of %s, which has %s", value, lesson->name,
	            names.length > 0 ? names.bytes : "none");
	text_release(&names);
	text_release(&name);
	text_release(&path);
}

int run_schedule_read(struct run_request *request, const struct verb *verb, const char *value)
{
	struct text text = TEXT_INIT, path = TEXT_INIT, problem = TEXT_INIT;
	const struct catalog_variant *variant = find_variant(request->lesson, value);
	struct stat about;
	bool is_text = false;
	int status = STATUS_OK;

	if (variant != NULL && find_file(request->lesson, value, &path)) {
		request->variant = variant;
		status = read_file(&text, path.bytes, value, verb);
	} else if (stat(value, &about) == 0) {
		status = read_file(&text, value, value, verb);
	} else {
		is_text = true;
		text_add(&text, value);
	}
	if (status == STATUS_OK && schedule_parse(&request->schedule, text.bytes, &problem) < 0) {
		if (is_text)
			add_named(&problem, request->lesson, value);
		status = complain_usage(verb, "%s", problem.bytes);
	} else if (status == STATUS_OK && request->schedule.count == 0 && !request->schedule.has_seed) {
		status = complain_usage(verb, "--schedule '%s' makes no choice; without it, --step lets the strategy choose", value);
	}
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
