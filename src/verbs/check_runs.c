/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/monotonic.h"
#include "base/utf8.h"
#include "director/run.h"
#include "director/strategy.h"
#include "verbs/check.h"
#include "verbs/ending.h"
#include "verbs/verb.h"

enum {
	SEEDS = 6,             /* orders that each is stepped in */
	RUN_SECONDS = 20,      /* that one run may take; ended while it lives, so that it can be said who is out of sight */
	STEPS_MAX = 200000,
	SETTLE_MS = 100,
	PUMP_MS = 4,
	SPEED = 20,            /* of the free run: only what it comes to is of interest */
	CANDIDATES_MAX = 1024,
	INDENT = 8, COLUMNS = 79,
};

/* One run that is made. */
struct trial {
	const char *settings; /* "sleep=on lock=off" */
	bool gated;
	uint64_t seed;
};

struct checking {
	const struct check_request *request;
	struct launcher launcher;
	size_t rule_count;
	size_t missing;     /* the first rule that some run did not meet; 0: it did not come to its end */
	struct trial found; /* by that run */
	struct text why;
};

/* ---- words ---- */

void check_say(const char *text)
{
	size_t column = 0;

	for (const char *at = text; *at != '\0';) {
		size_t length = strcspn(at, " \n");
		char *word = strndup(at, length);
		size_t width = word != NULL ? utf8_columns(word) : length;

		if (column > 0 && column + 1 + width > COLUMNS) {
			putchar('\n');
			column = 0;
		}
		column += (size_t)(column == 0 ? printf("%*s", INDENT, "") : printf(" ")) + width;
		printf("%.*s", (int)length, at);
		free(word);
		at += length;
		at += strspn(at, " \n");
	}
	putchar('\n');
}

/* ---- one run ---- */

static void set_all(struct settings *settings, const char *list)
{
	char *copy = strdup(list), *state = NULL;
	struct text problem = TEXT_INIT;

	for (char *one = copy != NULL ? strtok_r(copy, " ", &state) : NULL; one != NULL; one = strtok_r(NULL, " ", &state))
		settings_set(settings, one, &problem); /* a parameter that the learner has taken out is not there to be set */
	text_release(&problem);
	free(copy);
}

static void step_on(struct run *run, struct strategy *strategy)
{
	uint16_t actors[CANDIDATES_MAX];
	size_t count = run_candidates(run, actors, CANDIDATES_MAX);

	run_step(run, strategy_choose(strategy, actors, count < CANDIDATES_MAX ? count : CANDIDATES_MAX), SETTLE_MS);
}

/* False, with why: it has no end that anybody will see; or we are told to go. */
static bool to_the_end(struct run *run, const struct trial *trial, struct text *why)
{
	struct strategy strategy;
	uint64_t limit = monotonic_ns() + RUN_SECONDS * 1000000000ull;
	size_t steps = 0;

	strategy_init(&strategy, STRATEGIES, trial->seed);
	while (run_state(run) != RUN_ENDED && run_state(run) != RUN_DEADLOCK && !ending_signal) {
		if (monotonic_ns() > limit || steps > STEPS_MAX) {
			text_printf(why, "It has not come to its end after %s: something waits or goes on for ever.",
			            steps > STEPS_MAX ? "200,000 steps" : "20 seconds");
			return false;
		}
		if (!trial->gated) {
			poll(&(struct pollfd){.fd = run_poll_fd(run), .events = POLLIN}, 1, PUMP_MS);
			run_pump(run);
		} else if (run_state(run) == RUN_BUSY) {
			run_pump(run);
			run_settle(run, SETTLE_MS);
		} else {
			step_on(run, &strategy);
			steps++;
		}
	}
	return !ending_signal;
}

/* Whether it has come to an end, and told what came of it. */
static bool has_ended(struct run *run)
{
	return run_state(run) == RUN_DEADLOCK ? settings_may_deadlock(run_options(run)->settings) : run_result(run)->told;
}

/* ---- what it was asked for ---- */

static void found(struct checking *checking, const struct trial *trial, size_t rule, const struct text *why)
{
	if (rule >= checking->missing)
		return;
	checking->missing = rule;
	checking->found = *trial;
	text_reset(&checking->why);
	text_add(&checking->why, why->bytes);
}

/* The rules of an exercise, from the first on; the last is that the lesson itself is content. */
static void judge(struct checking *checking, const struct trial *trial, struct run *run)
{
	const struct exercise *exercise = checking->request->exercise;
	const struct run_result *result = run_result(run);
	const struct exercise_run made = {.history = run_history(run), .outcome = result->outcome};
	struct text why = TEXT_INIT;

	/* In a free run the order of the events is only nearly that in which they happened. */
	for (size_t i = 0; exercise != NULL && trial->gated && exercise->rules[i].asks != NULL; i++) {
		const struct exercise_rule *rule = &exercise->rules[i];

		if (rule->settings != NULL && strcmp(rule->settings, trial->settings) != 0)
			continue;
		if (!rule->is_met(&made, &why)) {
			found(checking, trial, i + 1, &why);
			break;
		}
	}
	if (!result->ok && why.length == 0) {
		text_printf(&why, "It ended with \"%s\", which the lesson itself does not allow.", result->verdict);
		found(checking, trial, checking->rule_count + 1, &why);
	}
	text_release(&why);
}

static void make_run(struct checking *checking, const struct trial *trial)
{
	struct settings settings;
	struct text why = TEXT_INIT;

	settings_init(&settings, checking->request->lesson, trial->gated);
	set_all(&settings, trial->settings);
	const struct run_options options = {.settings = &settings, .seed = trial->seed, .gated = trial->gated, .speed = SPEED};
	struct run *run = run_new(&checking->launcher, &options, &why);
	bool ended = run != NULL && to_the_end(run, trial, &why) && has_ended(run);
	if (ended)
		judge(checking, trial, run);
	else if (run != NULL && !ending_signal)
		check_explain(run, checking->request->exercise, &why);
	if (why.length > 0)
		found(checking, trial, 0, &why);
	run_free(run);
	settings_release(&settings);
	text_release(&why);
}

static void make_runs(struct checking *checking, const char *settings)
{
	for (uint64_t seed = 0; seed < SEEDS && checking->missing > 0 && !ending_signal; seed++)
		make_run(checking, &(struct trial){.settings = settings, .gated = true, .seed = seed});
	if (checking->missing > 0 && !ending_signal)
		make_run(checking, &(struct trial){.settings = settings});
}

/* With the exercise's settings, else in every variant, or, when it has none, as it is. */
static void run_all(struct checking *checking)
{
	const struct check_request *request = checking->request;

	if (request->exercise != NULL) {
		for (const char *const *settings = request->exercise->settings; *settings != NULL; settings++)
			make_runs(checking, *settings);
		return;
	}
	for (size_t i = 0; i < request->lesson->variant_count; i++)
		make_runs(checking, request->lesson->variants[i].settings);
	if (request->lesson->variant_count == 0)
		make_runs(checking, "");
}

/* ---- telling ---- */

static void tell_run(const struct trial *trial, const char *lesson)
{
	char *copy = strdup(trial->settings), *state = NULL;

	printf("%*sSee it: lockstep run %s", INDENT, "", lesson);
	if (trial->gated)
		printf(" --step --seed %" PRIu64, trial->seed);
	for (char *one = copy != NULL ? strtok_r(copy, " ", &state) : NULL; one != NULL; one = strtok_r(NULL, " ", &state))
		printf(" --set %s", one);
	putchar('\n');
	free(copy);
}

static void tell_rule(const struct checking *checking, size_t rule, const char *asks)
{
	printf("  %s  %s\n", rule < checking->missing ? "done" : rule == checking->missing ? "NO  " : "  - ", asks);
	if (rule != checking->missing)
		return;
	check_say(checking->why.bytes);
	tell_run(&checking->found, checking->request->lesson->name);
}

static int tell(const struct checking *checking)
{
	const struct exercise *exercise = checking->request->exercise;

	tell_rule(checking, 0, "it comes to its end, in whatever order its processes move");
	for (size_t i = 0; i < checking->rule_count; i++)
		tell_rule(checking, i + 1, exercise->rules[i].asks);
	tell_rule(checking, checking->rule_count + 1, "it ends as the lesson says that it may");
	fflush(stdout);
	return checking->missing > checking->rule_count + 1 ? STATUS_OK : STATUS_FAILED;
}

int check_runs(int channel, void *context)
{
	struct checking checking = {.request = context, .missing = SIZE_MAX, .why = TEXT_INIT};
	const struct exercise *exercise = checking.request->exercise;

	while (exercise != NULL && exercise->rules[checking.rule_count].asks != NULL)
		checking.rule_count++;
	ending_hear(true);
	signal(SIGPIPE, SIG_DFL); /* all is told by printf(): who reads it and has had enough ends it */
	launcher_init(&checking.launcher, channel);
	run_all(&checking);
	int status = ending_signal ? STATUS_SIGNAL + ending_signal : tell(&checking);
	text_release(&checking.why);
	return status;
}
