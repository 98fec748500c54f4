/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/memory.h"
#include "base/monotonic.h"

enum {
	PUMP_MS = 16,         /* a free run, while it has something to tell */
	PUMP_QUIET_MS = 33,
	PAUSE_TAIL_MS = 300,  /* what was on its way when it was paused */
	SMALL_SEED = 1000000, /* seeds are read aloud and typed */
};

uint64_t session_new_seed(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), GRND_NONBLOCK) != sizeof(seed))
		seed = monotonic_ns();
	return seed % SMALL_SEED;
}

struct history *session_history(struct screen *screen)
{
	return screen->session.origin->history(&screen->session);
}

/* ---- the lesson's files ---- */

void session_read_text(struct text *text, const char *path)
{
	struct lines lines = {0};

	if (lines_read(&lines, path) == 0)
		for (size_t i = 0; i < lines.count; i++) {
			text_add(text, lines.line[i]);
			text_add_char(text, '\n');
		}
	lines_release(&lines);
}

/* ---- runs ---- */

static void forget_run(struct screen *screen)
{
	struct session *session = &screen->session;

	keep_run_over(screen);
	/* Whatever points into the history goes before it. */
	comparison_free(session->comparison);
	session->comparison = NULL;
	world_free(session->world);
	session->world = NULL;
	run_free(session->run);
	session->run = NULL;
	session->origin = &ORIGIN_NOTHING;
	search_changed(screen);
	trail_reset(&session->trail);
	text_reset(&session->outcome_words);
	session->doing = DOING_NOTHING;
	session->busy_since = 0;
	session->busy_shown = false;
	session->pumped = 0;
}

void session_settings(const struct session *session, bool gated, struct settings *out)
{
	settings_init(out, session->lesson, gated);
	for (size_t i = 0; i < session->lesson->parameter_count; i++) {
		if (!session->settings.chosen[i])
			continue;
		free(out->values[i]);
		out->values[i] = memory_copy_string(session->settings.values[i]);
		out->chosen[i] = true;
	}
}

bool session_start(struct screen *screen)
{
	struct session *session = &screen->session;
	struct run_options options = {
		.settings = &session->settings,
		.seed = session->seed,
		.gated = session->gated,
		.speed = session->speed,
		.time_limit = screen->options->time_limit,
		.on_screen = !tour_plays(screen),
	};
	struct text problem = TEXT_INIT;

	forget_run(screen);
	screen->runs++;
	session->run = run_new(&screen->launcher, &options, &problem);
	session->origin = session->run != NULL ? &ORIGIN_RUN : &ORIGIN_NOTHING;
	session->world = world_new(session_history(screen));
	screen->scene.ui.present = true;
	screen->dirty = true;
	if (session->run == NULL)
		screen_message(screen, "%s", problem.bytes);
	else if (session->gated && run_state(session->run) != RUN_BUSY)
		step_settled(screen);
	text_release(&problem);
	if (session->run != NULL)
		keep_run_begun(screen);
	strategy_init(&session->strategy, session->kind, session->seed);
	text_reset(&session->settings_words);
	parameters_words(&session->settings, &session->settings_words);
	return session->run != NULL;
}

void session_restart(struct screen *screen)
{
	struct session *session = &screen->session;

	if (session->run != NULL && session->gated)
		branches_keep(screen, run_schedule(session->run));
	session_start(screen);
}

void session_set_gated(struct screen *screen, bool gated)
{
	struct session *session = &screen->session;
	struct settings settings;

	if (session->run != NULL && session->gated)
		branches_keep(screen, run_schedule(session->run));
	session_settings(session, gated, &settings);
	settings_release(&session->settings);
	session->settings = settings;
	session->gated = gated;
	if (!session_start(screen))
		return;
	if (gated)
		screen_message(screen, "step by step again, from the beginning");
	else
		screen_message(screen, "free: the machine decides who moves; space pauses, + - change the speed");
}

/* ---- opening and closing ---- */

static void reset_ui(struct ui *ui)
{
	size_t menu_selected = ui->menu_selected;

	memset(ui, 0, sizeof(*ui));
	ui->menu_selected = menu_selected;
	ui->present = true;
}

void session_begin(struct screen *screen, const struct catalog_lesson *lesson, const struct settings *settings, uint64_t seed,
                   bool gated)
{
	struct session *session = &screen->session;
	double speed = screen->options->speed;

	session_close(screen);
	reset_ui(&screen->scene.ui);
	screen->scene.ui.room = ROOM_RUN;
	screen->scene.ui.side = SIDE_TEXT;
	session->lesson = lesson;
	session->seed = seed;
	session->gated = gated;
	session->speed = speed > 0 ? speed : 1.0;
	session->pace = 2;
	session->kind = &STRATEGIES[0];
	if (settings != NULL)
		settings_copy(&session->settings, settings);
	else
		settings_init(&session->settings, lesson, gated);
	text_init(&session->typed);
	text_init(&session->text);
	text_init(&session->settings_words);
	text_init(&session->outcome_words);
	schedule_init(&session->plan);
	text_init(&session->opening);
	text_init(&session->playback.words);
	session->nothing = history_new();
	session->world = world_new(session->nothing);
}

void session_prepare(struct screen *screen, const struct catalog_lesson *lesson, const struct settings *settings,
                     uint64_t seed, bool gated)
{
	struct session *session = &screen->session;

	session_begin(screen, lesson, settings, seed, gated);
	session->memory = &screen->quizzes[lesson - screen->options->catalog->lessons];
	session_read_text(&session->text, lesson->text);
	quiz_open(screen);
	if (lines_read(&session->source, lesson->source) != 0)
		session->source = (struct lines){0};
	progress_note(screen, PROGRESS_SEEN);
}

void session_open(struct screen *screen, const struct catalog_lesson *lesson, const struct settings *settings,
                  uint64_t seed, bool gated)
{
	session_prepare(screen, lesson, settings, seed, gated);
	picture_draw(screen); /* at once; the processes may take a moment */
	session_start(screen);
}

/* A run that waits for steps can stand behind the question; a free one would go on without the learner. */
void session_open_asking(struct screen *screen, const struct catalog_lesson *lesson, const struct settings *settings,
                         uint64_t seed, bool gated)
{
	session_prepare(screen, lesson, settings, seed, gated);
	screen->session.held = quiz_ask(screen) && !gated;
	picture_draw(screen);
	if (!screen->session.held)
		session_start(screen);
}

void session_close(struct screen *screen)
{
	struct session *session = &screen->session;

	if (session->lesson == NULL)
		return;
	trial_release(screen);
	search_clear(screen);
	forget_run(screen);
	branches_clear(session);
	free(session->shown_branches);
	settings_release(&session->settings);
	if (session->draft.lesson != NULL)
		settings_release(&session->draft);
	text_release(&session->typed);
	text_release(&session->text);
	text_release(&session->opening);
	text_release(&session->playback.words);
	quiz_release(&session->quiz);
	text_release(&session->settings_words);
	text_release(&session->outcome_words);
	lines_release(&session->source);
	schedule_release(&session->plan);
	trail_release(&session->trail);
	free(session->past);
	history_free(session->nothing);
	memset(session, 0, sizeof(*session));
	session->origin = &ORIGIN_NOTHING;
	reset_ui(&screen->scene.ui);
	screen->scene.ui.room = ROOM_MENU;
	screen->dirty = true;
}

/* ---- a run that goes by itself ---- */

void session_note_end(struct screen *screen)
{
	struct session *session = &screen->session;
	const struct run_result *result = run_result(session->run);

	if (result->told && session->outcome_words.length == 0)
		outcome_with_expected(&session->outcome_words, result);
	if (result->timed_out)
		screen_message(screen, "r starts it again; `lockstep run` gives it more time with --time-limit SECONDS");
}

void session_pump(struct screen *screen)
{
	struct session *session = &screen->session;

	if (session->run == NULL || !run_pump(session->run))
		return;
	screen->dirty = true;
	if (session->gated && run_state(session->run) != RUN_BUSY)
		step_settled(screen);
	else if (run_state(session->run) == RUN_ENDED)
		session_note_end(screen);
}

static uint64_t free_work(struct screen *screen, uint64_t now)
{
	struct session *session = &screen->session;
	uint64_t before;

	if (run_state(session->run) == RUN_ENDED)
		return NEVER;
	/* Stamps are taken when we look: what is paused has nothing new after a while. */
	if (run_paused(session->run) && now > session->due + PAUSE_TAIL_MS * MILLISECOND)
		return NEVER;
	if (now < session->pumped)
		return session->pumped;
	before = history_count(session_history(screen));
	session_pump(screen);
	bool news = history_count(session_history(screen)) != before;
	if (!run_paused(session->run))
		screen->dirty = true; /* the lesson's clock */
	return session->pumped = now + (news ? PUMP_MS : PUMP_QUIET_MS) * MILLISECOND;
}

uint64_t session_run_work(struct screen *screen, uint64_t now)
{
	return screen->session.gated ? step_work(screen, now) : free_work(screen, now);
}

uint64_t session_work(struct screen *screen, uint64_t now)
{
	return screen->session.lesson != NULL ? screen->session.origin->work(screen, now) : NEVER;
}
