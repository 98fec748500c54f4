/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "lesson/nearest.h"
#include "lesson/supervisor.h"
#include "recording/recording.h"
#include "term/rescue.h"
#include "term/term.h"
#include "verbs/verb.h"
#include "view/layout.h"

const struct verb *const VERBS[] = {
	&verb_menu,
	&verb_list,
	&verb_run,
	&verb_replay,
	&verb_tour,
	&verb_edit,
	&verb_check,
	&verb_export,
	&verb_progress,
	&verb_doctor,
	&verb_help,
	&verb_version,
	NULL,
};

const struct verb *verb_find(const char *name)
{
	for (const struct verb *const *verb = VERBS; *verb != NULL; verb++)
		if (strcmp((*verb)->name, name) == 0)
			return *verb;
	return NULL;
}

const char *verb_nearest(const char *name)
{
	struct nearest nearest;

	nearest_init(&nearest, name);
	for (const struct verb *const *verb = VERBS; *verb != NULL; verb++)
		nearest_offer(&nearest, (*verb)->name);
	return nearest.best;
}

__attribute__((format(printf, 2, 0)))
static void complain_with(const char *hint, const char *format, va_list arguments)
{
	struct text raw = TEXT_INIT, safe = TEXT_INIT;

	text_add(&raw, "lockstep: ");
	text_vprintf(&raw, format, arguments);
	utf8_scrub(&safe, raw.bytes, raw.length, true);
	fprintf(stderr, "%s\n%s", safe.bytes, hint);
	text_release(&raw);
	text_release(&safe);
}

void complain(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	complain_with("", format, arguments);
	va_end(arguments);
}

int complain_usage(const struct verb *verb, const char *format, ...)
{
	char hint[128] = "See `lockstep help`.\n";
	va_list arguments;

	if (verb != NULL)
		snprintf(hint, sizeof hint, "See `lockstep help %s`.\n", verb->name);
	va_start(arguments, format);
	complain_with(hint, format, arguments);
	va_end(arguments);
	return STATUS_USAGE;
}

static int tell_of_none(struct catalog *catalog, int error)
{
	bool none = error < 0 || catalog->count == 0;

	if (!none)
		return 0;
	fputs(catalog->problems.bytes, stderr);
	complain("no lessons found; LOCKSTEP_LESSONS may name their folder");
	catalog_release(catalog);
	return STATUS_FAILED;
}

int verb_load_catalog(struct catalog *catalog)
{
	return tell_of_none(catalog, catalog_load(catalog));
}

int verb_open_catalog(struct catalog *catalog)
{
	return tell_of_none(catalog, catalog_open(catalog));
}

int verb_name_width(const struct catalog *catalog)
{
	int width = 0;

	for (size_t i = 0; i < catalog->count; i++) {
		int length = (int)strlen(catalog->lessons[i].name); /* of ASCII */
		width = length > width ? length : width;
	}
	return width;
}

const struct catalog_lesson *verb_find_lesson(const struct verb *verb, const struct catalog *catalog, const char *name)
{
	const struct catalog_lesson *lesson = catalog_find(catalog, name);

	if (lesson != NULL)
		return lesson;
	fputs(catalog->problems.bytes, stderr); /* it may be among those left out */
	const char *nearest = catalog_nearest(catalog, name);
	if (nearest != NULL)
		complain_usage(verb, "there is no lesson '%s'; did you mean '%s'?", name, nearest);
	else
		complain_usage(verb, "there is no lesson '%s'; `lockstep list` names those there are", name);
	return NULL;
}

int verb_read_size(const struct verb *verb, const char *value, int *width, int *height)
{
	enum { LARGEST = 500 };
	char end;

	if (sscanf(value, "%4dx%4d%c", width, height, &end) == 2 && *width >= LAYOUT_LEAST_WIDTH && *height >= LAYOUT_LEAST_HEIGHT &&
	    *width <= LARGEST && *height <= LARGEST)
		return STATUS_OK;
	return complain_usage(verb, "--size '%s' is no size from %dx%d to %dx%d (columns x rows)", value, LAYOUT_LEAST_WIDTH,
	                      LAYOUT_LEAST_HEIGHT, LARGEST, LARGEST);
}

bool verb_read_number(const char *value, double least, double most, double *number)
{
	char *end;

	*number = strtod(value, &end);
	return end != value && *end == '\0' && *number >= least && *number <= most;
}

int verb_ready_lesson(struct catalog *catalog, const struct catalog_lesson *lesson)
{
	catalog_refresh(catalog, (size_t)(lesson - catalog->lessons));
	if (lesson->problem != NULL) {
		fputs(lesson->problem, stderr);
		complain("%s cannot be built from %s", lesson->name, lesson->source);
		return STATUS_FAILED;
	}
	if (lesson->exercise != NULL && lesson->own)
		complain("this is your own %s, %s", lesson->name, lesson->source);
	else if (lesson->exercise != NULL)
		complain("this is the exercise as it starts; `lockstep edit %s` gives you a file of your own", lesson->name);
	return STATUS_OK;
}

struct recording *verb_open_recording(const char *path)
{
	struct text problem = TEXT_INIT;
	struct recording *recording = recording_open(path, &problem);

	if (recording == NULL)
		complain("%s: %s; `lockstep run LESSON --record FILE` makes a recording", path, problem.bytes);
	text_release(&problem);
	return recording;
}

bool verb_on_terminal(void)
{
	return term_available();
}

int verb_show(int (*front)(int channel, void *context), void *context)
{
	static const struct supervisor_hooks hooks = {.rescue = rescue_now};

	if (rescue_capture() != -ENOENT)
		return supervisor_run(front, context, &hooks);
	complain("terminfo does not know the terminal TERM=%s, but xterm, for one; `lockstep run LESSON --text` needs none", getenv("TERM"));
	return STATUS_FAILED;
}
