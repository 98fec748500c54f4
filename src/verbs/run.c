/* SPDX-License-Identifier: MIT */
#include "verbs/run.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "lesson/supervisor.h"
#include "screen/screen.h"
#include "verbs/verb.h"

enum { CHANCE_SEEDS = 1000000 }; /* a seed by chance is short enough to be told on the phone */

#define SPEED_MIN 1e-3
#define SPEED_MAX 1e6
#define TIME_LIMIT_MIN 0.01
#define TIME_LIMIT_MAX 1e9

enum option_id {
	OPTION_SET,
	OPTION_SEED,
	OPTION_SPEED,
	OPTION_STEP,
	OPTION_SCHEDULE,
	OPTION_STRATEGY,
	OPTION_TEXT,
	OPTION_JSON,
	OPTION_ASCII,
	OPTION_NO_QUIZ,
	OPTION_STAGE,
	OPTION_SIZE,
	OPTION_SHOW_KEYS,
	OPTION_RECORD,
	OPTION_TIME_LIMIT,
	OPTION_COUNT
};

/* What stands on the command line, before it is known what it means for the lesson. */
struct words {
	const struct verb *verb;
	const char *lesson;
	const char *value[OPTION_COUNT]; /* the last one given; NULL: not given */
	int argc;                        /* where each --set stands */
	char **argv;
};

static bool given(const struct words *words, enum option_id id)
{
	return words->value[id] != NULL;
}

static int check_combination(const struct words *words)
{
	bool gated = given(words, OPTION_STEP) || given(words, OPTION_SCHEDULE);

	if (gated && given(words, OPTION_SPEED))
		return complain_usage(words->verb, "--speed is for free runs; with --step or --schedule time is virtual and costs nothing");
	if (given(words, OPTION_TEXT) && given(words, OPTION_JSON))
		return complain_usage(words->verb, "--text and --json cannot both be printed; choose one");
	if (given(words, OPTION_STRATEGY) && !gated)
		return complain_usage(words->verb, "--strategy chooses steps; it needs --step or --schedule");
	return STATUS_OK;
}

/* ---- what each means ---- */

static int read_lesson(struct run_request *request, const struct words *words)
{
	request->lesson = verb_find_lesson(words->verb, &request->catalog, words->lesson);
	return request->lesson != NULL ? verb_ready_lesson(&request->catalog, request->lesson) : STATUS_USAGE;
}

static int read_settings(struct run_request *request, const struct words *words)
{
	struct text problem = TEXT_INIT;
	struct options options;
	int status = STATUS_OK, id;

	settings_init(&request->settings, request->lesson, request->gated);
	if (request->variant != NULL)
		run_schedule_set(&request->settings, request->variant);
	options_init(&options, words->verb, words->argc, words->argv);
	while (status == STATUS_OK && (id = options_next(&options)) != OPTION_END)
		if (id == OPTION_SET && settings_set(&request->settings, options.value, &problem) < 0)
			status = complain_usage(words->verb, "%s", problem.bytes);
	text_release(&problem);
	return status;
}

static uint64_t chance_seed(void)
{
	uint64_t bits;

	if (getrandom(&bits, sizeof bits, 0) != sizeof bits)
		bits = (uint64_t)time(NULL);
	return bits % CHANCE_SEEDS;
}

static int read_seed(struct run_request *request, const struct words *words)
{
	const char *value = words->value[OPTION_SEED];
	char *end;

	request->seed_given = value != NULL || request->schedule.has_seed;
	request->seed = request->schedule.has_seed ? request->schedule.seed : value == NULL ? chance_seed() : 0;
	if (value == NULL)
		return STATUS_OK;
	errno = 0;
	request->seed = strtoull(value, &end, 10);
	if (value[strspn(value, "0123456789")] != '\0' || *value == '\0' || errno != 0 || request->seed > INT64_MAX)
		return complain_usage(words->verb, "--seed '%s' is no whole number from 0 to %lld", value, (long long)INT64_MAX);
	return STATUS_OK;
}

static int read_speed(struct run_request *request, const struct words *words)
{
	const char *value = words->value[OPTION_SPEED];

	request->speed = 1.0;
	if (value == NULL || verb_read_number(value, SPEED_MIN, SPEED_MAX, &request->speed))
		return STATUS_OK;
	return complain_usage(words->verb, "--speed '%s' is no number from %g to %g (lesson seconds a second; 1 is as it is)", value,
	                      SPEED_MIN, SPEED_MAX);
}

static int read_time_limit(struct run_request *request, const struct words *words)
{
	const char *value = words->value[OPTION_TIME_LIMIT];

	if (value == NULL || verb_read_number(value, TIME_LIMIT_MIN, TIME_LIMIT_MAX, &request->time_limit))
		return STATUS_OK;
	return complain_usage(words->verb, "--time-limit '%s' is no number from %g to %g (seconds)", value, TIME_LIMIT_MIN, TIME_LIMIT_MAX);
}

static int read_strategy(struct run_request *request, const struct words *words)
{
	const char *name = given(words, OPTION_STRATEGY) ? words->value[OPTION_STRATEGY] : "random";
	struct text names = TEXT_INIT;

	request->strategy = strategy_find(name);
	if (request->strategy != NULL)
		return STATUS_OK;
	for (const struct strategy_kind *kind = STRATEGIES; kind->name != NULL; kind++)
		text_printf(&names, "%s%s", kind > STRATEGIES ? ", " : "", kind->name);
	int status = complain_usage(words->verb, "there is no strategy '%s'; there are: %s", name, names.bytes);
	text_release(&names);
	return status;
}

static int read_schedule(struct run_request *request, const struct words *words)
{
	schedule_init(&request->schedule);
	return given(words, OPTION_SCHEDULE) ? run_schedule_read(request, words->verb, words->value[OPTION_SCHEDULE]) : STATUS_OK;
}

static int read_form(struct run_request *request, const struct words *words)
{
	request->ascii = given(words, OPTION_ASCII);
	request->no_quiz = given(words, OPTION_NO_QUIZ);
	request->stage = given(words, OPTION_STAGE);
	request->show_keys = given(words, OPTION_SHOW_KEYS);
	if (given(words, OPTION_SIZE) &&
	    verb_read_size(words->verb, words->value[OPTION_SIZE], &request->width, &request->height) != STATUS_OK)
		return STATUS_USAGE;
	request->record = words->value[OPTION_RECORD];
	request->quiz_later = given(words, OPTION_STEP) || given(words, OPTION_SPEED); /* who says how it runs has begun */
	if (given(words, OPTION_JSON))
		request->form = &PRINTER_JSON;
	else if (given(words, OPTION_TEXT) || !verb_on_terminal())
		request->form = &PRINTER_TEXT;
	if (request->form == NULL && given(words, OPTION_STRATEGY))
		return complain_usage(words->verb, "--strategy needs --text or --json; on the screen you choose");
	if (request->form == NULL && !given(words, OPTION_SPEED))
		request->gated = true; /* on the screen one steps, as from the menu, unless a speed was asked for */
	return STATUS_OK;
}

/* In this order: a schedule may be the lesson's, the seed the schedule's; settings depend on all that. */
static int read_request(struct run_request *request, const struct words *words)
{
	static int (*const parts[])(struct run_request *, const struct words *) = {
		read_form, read_lesson, read_schedule, read_seed, read_speed, read_time_limit, read_strategy, read_settings,
	};
	int status = check_combination(words);

	request->gated = given(words, OPTION_STEP) || given(words, OPTION_SCHEDULE);
	for (size_t i = 0; i < sizeof parts / sizeof *parts && status == STATUS_OK; i++)
		status = parts[i](request, words);
	return status;
}

/* ---- running ---- */

static int show_run(int channel, void *context)
{
	struct run_request *request = context;
	const struct screen_options options = {
		.catalog = &request->catalog,
		.lesson = request->lesson,
		.settings = &request->settings,
		.schedule = request->schedule.count > 0 ? &request->schedule : NULL,
		.seed = request->seed,
		.seed_given = request->seed_given,
		.gated = request->gated,
		.speed = request->speed,
		.time_limit = request->time_limit,
		.ascii = request->ascii,
		.no_quiz = request->no_quiz,
		.quiz_later = request->quiz_later,
		.stage = request->stage,
		.show_keys = request->show_keys,
		.width = request->width,
		.height = request->height,
		.record = request->record,
	};

	return screen_main(&options, channel);
}

static int start(struct run_request *request)
{
	return request->form != NULL ? supervisor_run(run_print, request, NULL) : verb_show(show_run, request);
}

static int run_run(const struct verb *self, int argc, char **argv)
{
	struct words words = {.verb = self, .argc = argc, .argv = argv};
	struct run_request request = {0};
	int status = options_read(self, argc, argv, &words.lesson, words.value);

	if (status == STATUS_OK)
		status = verb_load_catalog(&request.catalog);
	if (status == STATUS_OK) {
		status = read_request(&request, &words);
		if (status == STATUS_OK)
			status = start(&request);
		settings_release(&request.settings);
		schedule_release(&request.schedule);
		catalog_release(&request.catalog);
	}
	return status;
}

static const struct option OPTIONS[] = {
	{.name = "--set", .value = "NAME=VALUE", .help = "set a parameter of the lesson; may be repeated", .id = OPTION_SET},
	{.name = "--seed", .value = "N", .help = "all that is random follows from it; without it, one by chance", .id = OPTION_SEED},
	{.name = "--speed", .value = "X", .help = "free run: lesson seconds a second (1 is as it is); on the screen: run freely at once", .id = OPTION_SPEED},
	{.name = "--step", .help = "one operation at a time, in virtual time, repeatable", .id = OPTION_STEP},
	{.name = "--schedule", .value = "NAME|FILE|TEXT", .help = "make these choices: one of the lesson's own, or as a result line printed them; implies --step", .id = OPTION_SCHEDULE},
	{.name = "--strategy", .value = "NAME", .help = "who chooses the steps: random (by the seed) or round-robin", .id = OPTION_STRATEGY},
	{.name = "--text", .help = "print a line an event instead of opening the screen", .id = OPTION_TEXT},
	{.name = "--json", .help = "print an object a line", .id = OPTION_JSON},
	{.name = "--time-limit", .value = "SECONDS", .help = "end a run that moves for so long and has not come to its end (600; on the screen 10800)", .id = OPTION_TIME_LIMIT},
	{.name = "--record", .value = "FILE", .help = "record the run as it goes, for lockstep replay; on the screen: this run and all further ones", .id = OPTION_RECORD},
	{.name = "--no-quiz", .help = "on the screen: no question before the run, and all of the text at once", .id = OPTION_NO_QUIZ},
	{.name = "--stage", .help = "on the screen: a quiet layout, to be seen from the last row", .id = OPTION_STAGE},
	{.name = "--size", .value = "WxH", .help = "on the screen: a picture of this size, in the middle of the terminal", .id = OPTION_SIZE},
	{.name = "--show-keys", .help = "on the screen: say which key was pressed", .id = OPTION_SHOW_KEYS},
	{.name = "--ascii", .help = "draw the screen with ASCII only", .id = OPTION_ASCII},
	{0},
};

const struct verb verb_run = {
	.name = "run",
	.words = "LESSON",
	.takes = {
		.one = "lesson",
		.needed = "the name of a lesson; `lockstep list` names them",
		.beyond = "; settings are given as --set NAME=VALUE",
	},
	.summary = "run a lesson: on the screen, or printed when there is no terminal",
	.details =
		"A printed stepped run goes to its end; the strategy chooses where no schedule does. Its result\n"
		"names the schedule: given back, it repeats the run exactly, but for PIDs.\n"
		"With --step a lesson may start from smaller settings of its own; --set goes before them.\n"
		"A run that does not come to its end is ended at its time limit. Real time counts, but not while it is\n"
		"paused, or waits for you to step it; without --time-limit a speed below 1 makes it longer.\n"
		"On the screen the lesson asks its question first, but not with --step, --speed or --schedule; e asks it then.\n\n"
		"Exit status: 0 when the run ended as the lesson says that it may, else 1.",
	.options = OPTIONS,
	.run = run_run,
};
