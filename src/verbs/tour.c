/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/pid_space.h"
#include "lesson/supervisor.h"
#include "lesson/tour.h"
#include "screen/render.h"
#include "verbs/ending.h"
#include "verbs/target.h"
#include "verbs/verb.h"

enum {
	FIRST_PID = 4710,
	TEXT_WIDTH = 100, /* of the screen that nobody sees */
	TEXT_HEIGHT = 30,
};

#define SPEED_MIN 0.1
#define SPEED_MAX 50.0

enum option_id { OPTION_CAST, OPTION_SIZE, OPTION_CAST_VERSION, OPTION_BY_KEY, OPTION_SPEED, OPTION_STAGE, OPTION_SVG, OPTION_AT, OPTION_TEXT,
                 OPTION_ASCII, OPTION_COUNT };

struct request {
	const struct verb *verb;
	const char *name;
	const char *value[OPTION_COUNT];
	struct catalog catalog;
	struct tour tour;
	struct render_options render; /* its `screen` is for the screen, too */
	const char *path;             /* NULL: standard output */
	struct target target;
};

/* ---- the command line ---- */

static bool given(const struct request *request, enum option_id id)
{
	return request->value[id] != NULL;
}

static bool read_at(struct request *request)
{
	char end;

	return sscanf(request->value[OPTION_AT], "%3zu%c", &request->render.at, &end) == 1 && request->render.at > 0;
}

static int read_form(struct request *request)
{
	struct render_options *render = &request->render;
	const char *version = request->value[OPTION_CAST_VERSION];

	render->cast_version = version != NULL ? atoi(version) : 2;
	if (version != NULL && strcmp(version, "2") != 0 && strcmp(version, "3") != 0)
		return complain_usage(request->verb, "--cast-version is 2 or 3, not '%s'", version);
	if (given(request, OPTION_CAST) && given(request, OPTION_SVG))
		return complain_usage(request->verb, "--cast and --svg cannot both be made at once; make one after the other");
	if (given(request, OPTION_AT) && (!given(request, OPTION_SVG) || !read_at(request)))
		return complain_usage(request->verb, "--at needs --svg, and the number of a caption, from 1: --svg FILE --at 3");
	request->path = given(request, OPTION_CAST) ? request->value[OPTION_CAST] : request->value[OPTION_SVG];
	if (request->path != NULL && strcmp(request->path, "-") == 0)
		request->path = NULL;
	if (given(request, OPTION_CAST))
		render->form = &RENDER_CAST;
	else if (given(request, OPTION_SVG))
		render->form = &RENDER_SVG;
	else if (given(request, OPTION_TEXT) || !verb_on_terminal())
		render->form = &RENDER_TEXT;
	if (render->form != NULL && given(request, OPTION_BY_KEY))
		return complain_usage(request->verb, "--by-key waits for keys; it needs the screen");
	render->screen.by_key = given(request, OPTION_BY_KEY);
	if (given(request, OPTION_SPEED) &&
	    !verb_read_number(request->value[OPTION_SPEED], SPEED_MIN, SPEED_MAX, &render->screen.tour_speed))
		return complain_usage(request->verb, "--speed '%s' is no number from %g to %g (1 is as it is)", request->value[OPTION_SPEED],
		                      SPEED_MIN, SPEED_MAX);
	render->screen.stage = given(request, OPTION_STAGE);
	render->screen.ascii = given(request, OPTION_ASCII);
	return STATUS_OK;
}

static int read_lesson(struct request *request)
{
	const struct catalog_lesson *lesson = verb_find_lesson(request->verb, &request->catalog, request->name);
	struct text problem = TEXT_INIT;
	int error;

	if (lesson == NULL)
		return STATUS_USAGE;
	error = tour_read(&request->tour, lesson, &problem);
	size_t at = request->render.at;
	if (error == -ENOENT)
		complain("%s has no tour: %s", lesson->name, problem.bytes);
	else if (error < 0)
		complain("%s", problem.bytes);
	else if (at > request->tour.captions)
		error = complain_usage(request->verb, "--at %zu: the tour of %s has %zu captions", at, lesson->name, request->tour.captions);
	text_release(&problem);
	request->render.screen.catalog = &request->catalog;
	request->render.screen.lesson = lesson;
	request->render.screen.tour = &request->tour;
	return error == 0 ? STATUS_OK : error > 0 ? error : STATUS_FAILED;
}

static int read_request(struct request *request)
{
	struct screen_options *screen = &request->render.screen;
	int status = read_form(request);

	if (status == STATUS_OK && given(request, OPTION_SIZE))
		status = verb_read_size(request->verb, request->value[OPTION_SIZE], &screen->width, &screen->height);
	if (status == STATUS_OK && request->render.form != NULL && screen->width == 0) {
		screen->width = TEXT_WIDTH;
		screen->height = TEXT_HEIGHT;
	}
	return status == STATUS_OK ? read_lesson(request) : status;
}

/* ---- a file, or standard output ---- */

static int write_out(struct text *out, bool done, void *context)
{
	struct request *request = context;
	struct writer *writer = &request->target.writer;

	(void)done;
	text_add_bytes(&writer->text, out->bytes, out->length);
	text_reset(out);
	int error = writer_finish(writer, &ending_signal);
	if (error < 0 && error != -EPIPE && error != -EINTR) /* who reads it may have had enough */
		complain("cannot write %s: %s", request->path != NULL ? request->path : "the output", strerror(-error));
	return error;
}

static int render_front(int channel, void *context)
{
	const struct request *request = context;
	ending_hear(true);
	int status = render_main(&request->render, channel);
	if (ending_signal)
		return STATUS_SIGNAL + ending_signal;
	return request->target.writer.error == -EPIPE ? STATUS_SIGNAL + SIGPIPE : status;
}

static int render(void *context)
{
	return supervisor_run(render_front, context, NULL);
}

/* With PIDs of its own, or with those that the day brings. */
static int render_in_space(struct request *request)
{
	struct text problem = TEXT_INIT;
	int status;

	if (!pid_space_run(render, request, FIRST_PID, &status, &problem)) {
		complain("the PIDs will be other ones each time: this machine refuses %s", problem.bytes);
		status = render(request);
	}
	text_release(&problem);
	return status;
}

static int render_to_target(struct request *request)
{
	int error = target_open(&request->target, request->path), status = STATUS_FAILED;

	if (error == 0) {
		status = request->render.form == &RENDER_TEXT ? render(request) : render_in_space(request);
		error = target_close(&request->target, status == STATUS_OK);
	}
	if (error < 0)
		complain("cannot write %s: %s", request->path, strerror(-error));
	return error < 0 ? STATUS_FAILED : status;
}

/* ---- on the screen ---- */

static int show_front(int channel, void *context)
{
	const struct request *request = context;

	return screen_main(&request->render.screen, channel);
}

static int start(struct request *request)
{
	request->render.write = write_out;
	request->render.context = request;
	request->render.stop = &ending_signal;
	return request->render.form != NULL ? render_to_target(request) : verb_show(show_front, request);
}

static int run_tour(const struct verb *self, int argc, char **argv)
{
	struct request request = {.verb = self};
	int status = options_read(self, argc, argv, &request.name, request.value);

	if (status == STATUS_OK)
		status = verb_load_catalog(&request.catalog);
	if (status == STATUS_OK) {
		status = read_request(&request);
		if (status == STATUS_OK)
			status = start(&request);
		tour_release(&request.tour);
		catalog_release(&request.catalog);
	}
	return status;
}

static const struct option OPTIONS[] = {
	{.name = "--by-key", .help = "on the screen: go on from caption to caption by a key (space)", .id = OPTION_BY_KEY},
	{.name = "--speed", .value = "X", .help = "so many times as fast: reading, waiting, the pace of steps", .id = OPTION_SPEED},
	{.name = "--stage", .help = "a quiet layout, to be seen from the last row", .id = OPTION_STAGE},
	{.name = "--size", .value = "WxH", .help = "of the picture; without it the terminal's, or 100x30", .id = OPTION_SIZE},
	{.name = "--cast", .value = "FILE", .help = "needs no terminal: write an asciicast (- for standard output)", .id = OPTION_CAST},
	{.name = "--cast-version", .value = "2|3", .help = "of the asciicast; 2 without it", .id = OPTION_CAST_VERSION},
	{.name = "--svg", .value = "FILE", .help = "needs no terminal: draw one moment, the last one without --at", .id = OPTION_SVG},
	{.name = "--at", .value = "N", .help = "with --svg: when caption number N has just been said", .id = OPTION_AT},
	{.name = "--text", .help = "print captions and events instead of opening the screen", .id = OPTION_TEXT},
	{.name = "--ascii", .help = "draw with ASCII only", .id = OPTION_ASCII},
	{0},
};

const struct verb verb_tour = {
	.name = "tour",
	.words = "LESSON",
	.takes = {.one = "lesson", .needed = "the name of a lesson; `lockstep list` names them"},
	.summary = "play a lesson's demonstration: on the screen, as a cast, or printed",
	.details =
		"A tour steps the lesson's real processes and says what is to be seen. On the screen it goes on by\n"
		"itself, or with --by-key when you press a key; space pauses, b goes back to the caption before, Esc\n"
		"leaves the lesson to you. A pause is no part of a cast: its times are the tour's own.\n\n"
		"A cast is the same each time, byte for byte: its processes get PIDs of their own where the machine\n"
		"allows that (as root, or with user namespaces), and where not, standard error says so.",
	.options = OPTIONS,
	.run = run_tour,
};
