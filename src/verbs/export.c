/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/monotonic.h"
#include "export/export.h"
#include "lesson/nearest.h"
#include "verbs/ending.h"
#include "verbs/position.h"
#include "verbs/target.h"
#include "verbs/verb.h"

enum {
	PIXELS_LEAST = 500, PIXELS_MOST = 100000,
	LOAD_EVENTS = 1 << 18, /* between two looks around */
	SILENT_MS = 1000,      /* so long without progress being told */
	PROGRESS_MS = 200,
};

#define PACE_MIN 1e-3
#define PACE_MAX 1e6

enum option_id {
	OPTION_FORMAT,
	OPTION_OUTPUT,
	OPTION_SIZE,
	OPTION_WIDTH,
	OPTION_THEME,
	OPTION_AT,
	OPTION_PACE,
	OPTION_CAST_VERSION,
	OPTION_ASCII,
	OPTION_COUNT
};

struct words {
	const struct verb *verb;
	const char *file;
	const char *value[OPTION_COUNT]; /* NULL: not given */
};

/* One export, from the recording to the file. */
struct work {
	const struct words *words;
	const struct exporter *exporter;
	struct export export;
	struct target target;
	char *output;      /* NULL: standard output */
	bool tell;         /* how far it is */
	bool told;
	int64_t begun, last;
};

/* ---- the command line ---- */

static int unknown_format(const struct words *words, const char *name)
{
	struct nearest nearest;
	struct text names = TEXT_INIT;

	nearest_init(&nearest, name);
	for (const struct exporter *const *exporter = EXPORTERS; *exporter != NULL; exporter++) {
		nearest_offer(&nearest, (*exporter)->name);
		text_printf(&names, "%s%s", exporter > EXPORTERS ? ", " : "", (*exporter)->name);
	}
	int status = nearest.best != NULL
	                     ? complain_usage(words->verb, "there is no format '%s'; did you mean '%s'? There are: %s", name,
	                                      nearest.best, names.bytes)
	                     : complain_usage(words->verb, "there is no format '%s'; there are: %s", name, names.bytes);
	text_release(&names);
	return status;
}

static int read_format(struct work *work, const struct words *words)
{
	const char *name = words->value[OPTION_FORMAT];

	if (name == NULL)
		return complain_usage(words->verb, "export needs a format: --format NAME");
	work->exporter = exporter_find(name);
	return work->exporter != NULL ? STATUS_OK : unknown_format(words, name);
}

static int read_size(struct work *work, const struct words *words)
{
	const char *value = words->value[OPTION_SIZE];
	struct export_options *options = &work->export.options;

	return value != NULL ? verb_read_size(words->verb, value, &options->width, &options->height) : STATUS_OK;
}

static int read_width(struct work *work, const struct words *words)
{
	const char *value = words->value[OPTION_WIDTH];
	struct export_options *options = &work->export.options;
	char rest;

	if (value == NULL)
		return STATUS_OK;
	if (sscanf(value, "%6d%c", &options->pixels, &rest) == 1 && options->pixels >= PIXELS_LEAST && options->pixels <= PIXELS_MOST)
		return words->value[OPTION_AT] == NULL ? STATUS_OK : complain_usage(words->verb, "--at has no use for --width");
	return complain_usage(words->verb, "--width '%s' is no width; one is a number of pixels, from %d to %d", value, PIXELS_LEAST, PIXELS_MOST);
}

static int read_theme(struct work *work, const struct words *words)
{
	const char *value = words->value[OPTION_THEME];
	struct export_options *options = &work->export.options;

	if (value == NULL || strcmp(value, "auto") == 0)
		options->theme = THEME_AUTO;
	else if (strcmp(value, "light") == 0)
		options->theme = THEME_LIGHT;
	else if (strcmp(value, "dark") == 0)
		options->theme = THEME_DARK;
	else
		return complain_usage(words->verb, "there is no theme '%s'; there are: auto, light, dark", value);
	return STATUS_OK;
}

static int read_pace(struct work *work, const struct words *words)
{
	const char *value = words->value[OPTION_PACE];
	double *pace = &work->export.options.pace;

	if (value == NULL || verb_read_number(value, PACE_MIN, PACE_MAX, pace))
		return STATUS_OK;
	return complain_usage(words->verb, "--pace '%s' is no number from %g to %g (steps a second; of a free run, lesson seconds)",
	                      value, PACE_MIN, PACE_MAX);
}

static int read_cast(struct work *work, const struct words *words)
{
	const char *value = words->value[OPTION_CAST_VERSION];

	work->export.options.cast_version = value != NULL && strcmp(value, "3") == 0 ? 3 : 2;
	if (value == NULL || strcmp(value, "2") == 0 || strcmp(value, "3") == 0)
		return STATUS_OK;
	return complain_usage(words->verb, "there is no asciicast version '%s'; there are: 2, 3", value);
}

/* An option that the format would ignore is a mistake somewhere. */
static int check_options(const struct work *work, const struct words *words)
{
	static const struct {
		enum option_id id;
		const char *formats[3];
	} uses[] = {
		{OPTION_SIZE, {"cast", "svg", "html"}}, {OPTION_WIDTH, {"svg"}}, {OPTION_THEME, {"svg", "html"}}, {OPTION_AT, {"svg"}},
		{OPTION_PACE, {"cast"}},                {OPTION_CAST_VERSION, {"cast"}}, {OPTION_ASCII, {"cast", "svg", "html"}},
	};

	for (size_t i = 0; i < sizeof uses / sizeof *uses; i++) {
		bool used = words->value[uses[i].id] == NULL;

		for (size_t k = 0; k < 3 && uses[i].formats[k] != NULL; k++)
			used = used || strcmp(uses[i].formats[k], work->exporter->name) == 0;
		if (!used)
			return complain_usage(words->verb, "--format %s has no use for %s", work->exporter->name,
			                      words->verb->options[uses[i].id].name);
	}
	return STATUS_OK;
}

/* Beside the recording, under its name, with the format's extension. */
static char *output_of(const struct words *words, const struct exporter *exporter)
{
	const char *slash = strrchr(words->file, '/'), *name = slash != NULL ? slash + 1 : words->file;
	const char *dot = strrchr(name, '.');
	struct text path = TEXT_INIT;

	text_add_bytes(&path, words->file, dot != NULL && dot > name ? (size_t)(dot - words->file) : strlen(words->file));
	text_add(&path, exporter->extension);
	return text_detach(&path);
}

static int read_output(struct work *work, const struct words *words)
{
	const char *value = words->value[OPTION_OUTPUT];
	struct stat from, to;

	work->output = value == NULL              ? output_of(words, work->exporter)
	               : strcmp(value, "-") == 0 ? NULL
	                                         : memory_copy_string(value);
	if (work->output == NULL || stat(words->file, &from) < 0 || stat(work->output, &to) < 0 || from.st_dev != to.st_dev ||
	    from.st_ino != to.st_ino)
		return STATUS_OK;
	return complain_usage(words->verb, "%s is the recording itself; -o FILE names another file", work->output);
}

static int read_request(struct work *work, const struct words *words)
{
	static int (*const parts[])(struct work *, const struct words *) = {
		read_format, read_size, read_width, read_theme, read_pace, read_cast, read_output,
	};
	int status = STATUS_OK;

	work->export.options.ascii = words->value[OPTION_ASCII] != NULL;
	for (size_t i = 0; i < sizeof parts / sizeof *parts && status == STATUS_OK; i++)
		status = parts[i](work, words);
	return status == STATUS_OK ? check_options(work, words) : status;
}

/* ---- working ---- */

static void tell_progress(struct work *work, const char *doing, double done)
{
	int64_t now = monotonic_ms();

	if (!work->tell || now - work->begun < SILENT_MS || now - work->last < PROGRESS_MS)
		return;
	fprintf(stderr, "\r%s %3.0f %%", doing, done * 100);
	fflush(stderr);
	work->last = now;
	work->told = true;
}

/* The line is made blank: what follows, be it a message, begins where it began. */
static void forget_progress(struct work *work)
{
	if (work->told)
		fputs("\r                    \r", stderr);
	work->told = false;
}

static int take(struct export *export, double done)
{
	struct work *work = export->context;

	tell_progress(work, "exporting", done);
	if (ending_signal)
		return -EINTR;
	return writer_finish(&work->target.writer, &ending_signal);
}

static bool load(struct work *work)
{
	struct recording *recording = work->export.recording;

	while (!ending_signal && !recording_load(recording, LOAD_EVENTS))
		tell_progress(work, "reading", recording_loaded(recording));
	return !ending_signal;
}

/* What is not in the file as it should be is said, and the rest is exported. */
static void tell_damage(const struct work *work)
{
	const struct recording *recording = work->export.recording;
	const char *damage = recording_damage(recording);

	if (damage[0] != '\0')
		complain("%s is damaged; exported is what is left. %s", work->words->file, damage);
	if (recording_end(recording) == NULL)
		complain("%s has no end: the run was cut off there", work->words->file);
}

static int read_position(struct work *work)
{
	const char *value = work->words->value[OPTION_AT];
	struct export_options *options = &work->export.options;
	struct text problem = TEXT_INIT;
	int status = STATUS_OK;

	options->moment = value != NULL;
	if (value != NULL && position_parse(value, recording_history(work->export.recording), &options->position, &problem) < 0)
		status = complain_usage(work->words->verb, "--at %s", problem.bytes);
	text_release(&problem);
	return status;
}

static int finish(struct work *work, int error)
{
	const char *output = work->output != NULL ? work->output : "standard output";

	forget_progress(work);
	if (ending_signal)
		return STATUS_SIGNAL + ending_signal;
	if (error == -EPIPE && work->output == NULL)
		return STATUS_SIGNAL + SIGPIPE; /* who read it has had enough */
	if (error == 0)
		return STATUS_OK;
	complain("cannot write %s: %s", output, strerror(-error));
	return STATUS_FAILED;
}

static int write_file(struct work *work)
{
	int error = target_open(&work->target, work->output);

	if (error < 0)
		return finish(work, error);
	work->export.out = &work->target.writer.text;
	error = work->exporter->write(&work->export);
	if (error == 0)
		error = writer_finish(&work->target.writer, &ending_signal);
	int closing = target_close(&work->target, error == 0 && !ending_signal);
	return finish(work, error != 0 ? error : closing);
}

static int export_recording(struct work *work)
{
	int status = STATUS_FAILED;

	work->begun = monotonic_ms();
	work->tell = isatty(STDERR_FILENO);
	work->export.flush = take;
	work->export.context = work;
	work->export.recording = verb_open_recording(work->words->file);
	if (work->export.recording == NULL)
		return STATUS_FAILED;
	if (!load(work))
		status = finish(work, 0);
	else
		status = read_position(work);
	if (status == STATUS_OK) {
		forget_progress(work);
		tell_damage(work);
		status = write_file(work);
	}
	recording_close(work->export.recording);
	return status;
}

static int export_run(const struct verb *self, int argc, char **argv)
{
	struct words words = {.verb = self};
	struct work work = {.words = &words};
	int status = options_read(self, argc, argv, &words.file, words.value);

	if (status == STATUS_OK)
		status = read_request(&work, &words);
	if (status == STATUS_OK) {
		ending_hear(false);
		status = export_recording(&work);
	}
	free(work.output);
	return status;
}

static const struct option OPTIONS[] = {
	[OPTION_FORMAT] = {.name = "--format", .value = "NAME", .help = "cast, svg, html, chrome, csv, json or text", .id = OPTION_FORMAT},
	[OPTION_OUTPUT] = {.name = "-o", .value = "FILE", .help = "where to; - is standard output. Else beside the recording", .id = OPTION_OUTPUT},
	[OPTION_SIZE] = {.name = "--size", .value = "WxH", .help = "cast, html, svg of a moment: columns and lines of the screen", .id = OPTION_SIZE},
	[OPTION_WIDTH] = {.name = "--width", .value = "PX", .help = "svg of the timeline: longer runs are folded like lines of text; 850 without it", .id = OPTION_WIDTH},
	[OPTION_THEME] = {.name = "--theme", .value = "NAME", .help = "svg, html: light, dark, or auto, as who looks at it prefers", .id = OPTION_THEME},
	[OPTION_AT] = {.name = "--at", .value = "MOMENT", .help = "svg: the screen then, instead of the whole timeline: a step, event=N, 0.3s, end", .id = OPTION_AT},
	[OPTION_PACE] = {.name = "--pace", .value = "X", .help = "cast: steps a second, or lesson seconds a second of a free run", .id = OPTION_PACE},
	[OPTION_CAST_VERSION] = {.name = "--cast-version", .value = "2|3", .help = "cast: of the asciicast format; 2 without it", .id = OPTION_CAST_VERSION},
	[OPTION_ASCII] = {.name = "--ascii", .help = "cast, svg, html: draw the screen with ASCII only", .id = OPTION_ASCII},
	[OPTION_COUNT] = {0},
};

const struct verb verb_export = {
	.name = "export",
	.words = "FILE --format NAME",
	.takes = {.one = "recording", .needed = "a recording; `lockstep run LESSON --record FILE` makes one"},
	.summary = "turn a recording into a cast, a picture, a page, a trace or a table",
	.details =
		"cast    the screen as an asciicast: plays with asciinema\n"
		"svg     a drawing of the whole timeline; with --at, the screen at a moment\n"
		"html    one page with both, to be stepped through with the arrow keys; needs no network\n"
		"chrome  Trace Event Format, for Perfetto (ui.perfetto.dev) and chrome://tracing\n"
		"csv     a table, a line an event\n"
		"json    what run --json printed\n"
		"text    what run --text printed\n\n"
		"The file appears when it is complete; interrupted, or with the disk full, nothing is left.",
	.options = OPTIONS,
	.run = export_run,
};
