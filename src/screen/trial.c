/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
	TRIAL_RUNS = 20,
	TRIAL_SPEED = 100,
	TRIAL_PUMP_MS = 4,
	TRIAL_SECONDS = 60,      /* that one run may take */
	TRIAL_SILENCE_MS = 5000, /* a run that tells nothing for so long will not end by itself */
};

bool trial_running(const struct screen *screen)
{
	return screen->trial.settings.lesson != NULL && screen->trial.done < screen->trial.wanted;
}

static void stop_run(struct trial *trial)
{
	run_free(trial->run);
	trial->run = NULL;
}

/* The learner's own free run waits meanwhile: it would spoil the counts, and they it. */
static void let_session_wait(struct screen *screen, bool wait)
{
	struct run *run = screen->session.run;

	if (run == NULL || screen->session.gated || run_state(run) == RUN_ENDED)
		return;
	if (wait && !run_paused(run)) {
		run_pause(run, true);
		screen->trial.paused_session = true;
	} else if (!wait && screen->trial.paused_session) {
		run_pause(run, false);
		screen->trial.paused_session = false;
	}
}

void trial_release(struct screen *screen)
{
	struct trial *trial = &screen->trial;

	stop_run(trial);
	for (size_t i = 0; i < trial->bar_count; i++)
		free((char *)(uintptr_t)trial->bars[i].label);
	free(trial->bars);
	if (trial->settings.lesson != NULL)
		settings_release(&trial->settings);
	text_release(&trial->words);
	memset(trial, 0, sizeof(*trial));
	text_init(&trial->words);
}

void trial_start(struct screen *screen)
{
	struct trial *trial = &screen->trial;

	trial_release(screen);
	step_stop(screen);
	session_settings(&screen->session, false, &trial->settings);
	parameters_words(&trial->settings, &trial->words);
	trial->wanted = TRIAL_RUNS;
	trial->seed = session_new_seed();
	screen->scene.ui.overlay = OVERLAY_HISTOGRAM;
	screen->scene.ui.overlay_scroll = 0;
	screen->dirty = true;
	let_session_wait(screen, true);
}

void trial_cancel(struct screen *screen)
{
	struct trial *trial = &screen->trial;

	stop_run(trial);
	trial->wanted = trial->done;
	let_session_wait(screen, false);
	screen->dirty = true;
}

/* ---- counting ---- */

/* Words by letter, numbers in them by value: "balance 99" before "balance 100". */
static int compare_labels(const char *a, const char *b)
{
	while (*a != '\0' && *b != '\0') {
		char *end_a, *end_b;
		double number_a = strtod(a, &end_a), number_b = strtod(b, &end_b);
		if (end_a != a && end_b != b && number_a != number_b)
			return number_a < number_b ? -1 : 1;
		if (end_a != a && end_b != b) {
			a = end_a;
			b = end_b;
		} else if (*a != *b) {
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		} else {
			a++;
			b++;
		}
	}
	return (*a != '\0') - (*b != '\0');
}

static void count(struct trial *trial, char *label, bool ok, bool right)
{
	size_t at = 0;

	while (at < trial->bar_count && compare_labels(trial->bars[at].label, label) < 0)
		at++;
	if (at < trial->bar_count && strcmp(trial->bars[at].label, label) == 0) {
		trial->bars[at].count++;
		trial->bars[at].ok &= ok;
		free(label);
		return;
	}
	trial->bars = memory_resize(trial->bars, trial->bar_count + 1, sizeof(*trial->bars));
	memmove(&trial->bars[at + 1], &trial->bars[at], (trial->bar_count - at) * sizeof(*trial->bars));
	trial->bar_count++;
	trial->bars[at] = (struct histogram_bar){.label = label, .count = 1, .ok = ok, .right = right};
}

static void count_result(struct trial *trial, const struct run_result *result)
{
	struct text label = TEXT_INIT;

	outcome_label(&label, result);
	count(trial, text_detach(&label), result->ok, outcome_is_expected(result));
}

/* ---- one after the other ---- */

static void next_run(struct screen *screen)
{
	struct trial *trial = &screen->trial;
	struct run_options options = {
		.settings = &trial->settings,
		.seed = trial->seed + trial->done,
		.gated = false,
		.speed = TRIAL_SPEED,
		.time_limit = TRIAL_SECONDS,
	};
	struct text problem = TEXT_INIT;

	trial->run = run_new(&screen->launcher, &options, &problem);
	trial->last_news = screen_now(screen);
	if (trial->run == NULL) {
		trial_cancel(screen);
		screen_message(screen, "%s", problem.bytes);
	}
	text_release(&problem);
}

static void one_done(struct screen *screen)
{
	struct trial *trial = &screen->trial;

	stop_run(trial);
	trial->done++;
	screen->dirty = true;
	if (trial->done == trial->wanted)
		let_session_wait(screen, false);
}

uint64_t trial_work(struct screen *screen, uint64_t now)
{
	struct trial *trial = &screen->trial;

	if (!trial_running(screen))
		return NEVER;
	if (now < trial->due)
		return trial->due;
	if (trial->run == NULL)
		next_run(screen);
	if (trial->run == NULL)
		return NEVER;
	now = screen_now(screen);
	if (run_pump(trial->run))
		trial->last_news = now;
	if (run_state(trial->run) == RUN_ENDED) {
		count_result(trial, run_result(trial->run));
		one_done(screen);
		return trial->due = 0;
	}
	if (now > trial->last_news + TRIAL_SILENCE_MS * MILLISECOND) { /* it may have begun after `now` */
		count(trial, memory_copy_string("never ended"), false, false);
		one_done(screen);
	}
	return trial->due = now + TRIAL_PUMP_MS * MILLISECOND;
}
