/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "export/printer.h"
#include "lesson/supervisor.h"
#include "recording/installed.h"
#include "recording/recording.h"
#include "screen/screen.h"
#include "verbs/run.h"
#include "verbs/verb.h"
#include "verbs/writer.h"

enum option_id { OPTION_LIVE, OPTION_TEXT, OPTION_JSON, OPTION_ASCII, OPTION_STAGE, OPTION_SIZE, OPTION_SHOW_KEYS, OPTION_COUNT };

enum { SLICE_EVENTS = 65536 };

struct replay_request {
	const char *path;
	const char *given[OPTION_COUNT]; /* the value, or ""; NULL: not given */
	int width, height;               /* of the picture; 0: the terminal's */
	const struct printer_form *form; /* NULL: the screen */
	struct recording *recording;
	struct catalog catalog;          /* may be empty: then it can be looked at all the same */
};

/* ---- the command line ---- */

static int read_words(const struct verb *verb, struct replay_request *request, int argc, char **argv)
{
	int status = options_read(verb, argc, argv, &request->path, request->given);
	const char *size = request->given[OPTION_SIZE];

	if (status == STATUS_OK && size != NULL)
		status = verb_read_size(verb, size, &request->width, &request->height);
	if (status == STATUS_OK && request->given[OPTION_TEXT] && request->given[OPTION_JSON])
		status = complain_usage(verb, "--text and --json cannot both be printed; choose one");
	if (request->given[OPTION_JSON])
		request->form = &PRINTER_JSON;
	else if (request->given[OPTION_TEXT] || !verb_on_terminal())
		request->form = &PRINTER_TEXT;
	return status;
}

/* ---- printing ---- */

static void print_all(struct replay_request *request, struct printer *printer, struct writer *writer)
{
	static const volatile sig_atomic_t never;
	bool loaded = false;

	printer->form->head(printer, recording_options(request->recording));
	while (!loaded && writer->error == 0) {
		loaded = recording_load(request->recording, SLICE_EVENTS);
		while (!printer_events(printer, WRITER_FULL) && writer->error == 0)
			writer_finish(writer, &never);
	}
	if (recording_end(request->recording) != NULL && writer->error == 0)
		printer->form->tail(printer, recording_end(request->recording));
	writer_finish(writer, &never);
}

static void tell_what_is_missing(const struct replay_request *request)
{
	const char *damage = recording_damage(request->recording);

	for (const char *line = damage; *line != '\0';) {
		size_t length = strcspn(line, "\n");
		complain("%s: %.*s", request->path, (int)length, line);
		line += length + (line[length] == '\n');
	}
	if (recording_end(request->recording) == NULL)
		complain("%s: the recording ends before the run did", request->path);
}

static int print_recording(struct replay_request *request)
{
	struct writer writer;
	struct printer printer;
	int status = STATUS_OK;

	signal(SIGPIPE, SIG_IGN); /* it shows as EPIPE */
	writer_init(&writer, STDOUT_FILENO);
	printer_init(&printer, request->form, recording_history(request->recording), &writer.text);
	printer.version = recording_version(request->recording);
	print_all(request, &printer, &writer);
	if (writer.error == -EPIPE)
		status = STATUS_SIGNAL + SIGPIPE; /* who read it has had enough */
	else if (writer.error != 0)
		complain("cannot write the output: %s", strerror(-writer.error));
	else
		tell_what_is_missing(request);
	if (writer.error != 0 && status == STATUS_OK)
		status = STATUS_FAILED;
	printer_release(&printer);
	writer_release(&writer);
	return status;
}

/* ---- running it again ---- */

static int print_live(struct replay_request *request)
{
	const struct run_options *recorded = recording_options(request->recording);
	struct run_request run = {
		.form = request->form,
		.strategy = strategy_find("random"),
		.seed = recorded->seed,
		.gated = true,
		.speed = 1.0,
		.against = request->recording,
	};
	struct text problem = TEXT_INIT, remark = TEXT_INIT;
	int status = STATUS_FAILED;

	recording_load(request->recording, UINT64_MAX);
	tell_what_is_missing(request);
	run.lesson = installed_find(request->recording, &request->catalog, &run.settings, &problem, &remark);
	if (remark.length > 0)
		complain("%s", remark.bytes);
	if (run.lesson != NULL) {
		const struct schedule *schedule = recording_schedule(request->recording);
		schedule_init(&run.schedule);
		schedule_copy(&run.schedule, schedule, schedule->count);
		status = supervisor_run(run_print, &run, NULL);
		schedule_release(&run.schedule);
		settings_release(&run.settings);
	} else {
		complain("%s", problem.bytes);
	}
	text_release(&problem);
	text_release(&remark);
	return status;
}

/* ---- on the screen ---- */

static int show_recording(int channel, void *context)
{
	struct replay_request *request = context;
	const struct screen_options options = {
		.catalog = &request->catalog,
		.recording = request->recording,
		.live = request->given[OPTION_LIVE] != NULL,
		.speed = 1.0,
		.ascii = request->given[OPTION_ASCII] != NULL,
		.no_quiz = true,
		.stage = request->given[OPTION_STAGE] != NULL,
		.show_keys = request->given[OPTION_SHOW_KEYS] != NULL,
		.width = request->width,
		.height = request->height,
	};

	return screen_main(&options, channel);
}

static int start(const struct verb *verb, struct replay_request *request)
{
	bool live = request->given[OPTION_LIVE] != NULL;

	if (live && recording_schedule(request->recording) == NULL)
		return complain_usage(verb, "%s is of a free run: the machine chose its order, and nothing makes it choose the same again; "
		                      "a run that was recorded with --step can be repeated", request->path);
	if (request->form != NULL)
		return live ? print_live(request) : print_recording(request);
	return verb_show(show_recording, request);
}

static int run_replay(const struct verb *self, int argc, char **argv)
{
	struct replay_request request = {0};
	int status = read_words(self, &request, argc, argv);

	if (status != STATUS_OK)
		return status;
	request.recording = verb_open_recording(request.path);
	if (request.recording == NULL)
		return STATUS_FAILED;
	catalog_load(&request.catalog); /* what is not installed can be looked at all the same */
	status = start(self, &request);
	catalog_release(&request.catalog);
	recording_close(request.recording);
	return status;
}

static const struct option OPTIONS[] = {
	{.name = "--live", .help = "run it again in real processes, and say whether the same happens", .id = OPTION_LIVE},
	{.name = "--text", .help = "print what `run --text` printed", .id = OPTION_TEXT},
	{.name = "--json", .help = "print what `run --json` printed", .id = OPTION_JSON},
	{.name = "--stage", .help = "on the screen: a quiet layout, to be seen from the last row", .id = OPTION_STAGE},
	{.name = "--size", .value = "WxH", .help = "on the screen: a picture of this size, in the middle of the terminal", .id = OPTION_SIZE},
	{.name = "--show-keys", .help = "on the screen: say which key was pressed", .id = OPTION_SHOW_KEYS},
	{.name = "--ascii", .help = "draw the screen with ASCII only", .id = OPTION_ASCII},
	{0},
};

const struct verb verb_replay = {
	.name = "replay",
	.words = "FILE",
	.takes = {.one = "file", .needed = "the file that `lockstep run LESSON --record FILE` made"},
	.summary = "look at a run that was recorded: on the screen, or printed when there is no terminal",
	.details =
		"On the screen space plays it, + and - change how fast, left and right go through it step by step (of\n"
		"a free run event by event), : goes to a step, an event or a time, / searches, ? lists all keys. No\n"
		"process runs, and the lesson need not be installed; O goes on from there in real processes.\n"
		"--live follows the recorded schedule in real processes and compares every event but for PIDs.\n"
		"A damaged or cut recording is shown as far as it can be read; what is missing is told.\n\n"
		"Exit status: 0 when something could be shown, or, with --live, when the same happened; else 1.",
	.options = OPTIONS,
	.run = run_replay,
};
