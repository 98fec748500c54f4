/* SPDX-License-Identifier: MIT */
#include "recording/installed.h"

#include <string.h>

static int set_parameters(const struct settings *recorded, struct settings *settings, struct text *problem)
{
	const struct catalog_lesson *lesson = recorded->lesson;
	struct text assignment = TEXT_INIT;
	int error = 0;

	for (size_t i = 0; i < lesson->parameter_count && error == 0; i++) {
		text_reset(&assignment);
		text_printf(&assignment, "%s=%s", lesson->parameters[i].name, recorded->values[i]);
		error = settings_set(settings, assignment.bytes, problem);
	}
	text_release(&assignment);
	return error;
}

/* A parameter that the recorded lesson had not stands where the installed one puts it. */
static void remark_new_parameters(const struct settings *recorded, const struct settings *settings, struct text *remark)
{
	for (size_t i = 0; i < settings->lesson->parameter_count; i++) {
		const char *name = settings->lesson->parameters[i].name;
		if (settings_get(recorded, name) == NULL)
			text_printf(remark, "%sthe installed %s has a parameter that the recorded one had not: %s=%s",
			            remark->length > 0 ? "; " : "", settings->lesson->name, name, settings->values[i]);
	}
}

static bool same_lines(const struct lines *a, const struct lines *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++)
		if (strcmp(a->line[i], b->line[i]) != 0)
			return false;
	return a->count == b->count;
}

static void remark_source(const struct recording *recording, const struct catalog_lesson *lesson, struct text *remark)
{
	struct lines lines = {0};

	if (lines_read(&lines, lesson->source) != 0 || !same_lines(recording_source(recording), &lines))
		text_printf(remark, "%sthe installed %s has another source than the recorded one", remark->length > 0 ? "; " : "",
		            lesson->name);
	lines_release(&lines);
}

const struct catalog_lesson *installed_find(const struct recording *recording, const struct catalog *catalog,
                                            struct settings *settings, struct text *problem, struct text *remark)
{
	const struct settings *recorded = recording_options(recording)->settings;
	const struct catalog_lesson *lesson = catalog_find(catalog, recorded->lesson->name);

	if (lesson == NULL) {
		text_printf(problem, "the lesson %s is not installed here: its recording can be looked at, not run", recorded->lesson->name);
		return NULL;
	}
	settings_init(settings, lesson, recording_options(recording)->gated);
	if (set_parameters(recorded, settings, problem) != 0) {
		settings_release(settings);
		return NULL;
	}
	remark_new_parameters(recorded, settings, remark);
	remark_source(recording, lesson, remark);
	return lesson;
}
