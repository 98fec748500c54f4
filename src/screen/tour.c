/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

static bool (*const PLAY[TOUR_VERBS])(struct screen *screen, uint64_t now) = {
	[TOUR_SET] = tour_set,
	[TOUR_SEED] = tour_seed,
	[TOUR_SAY] = tour_say,
	[TOUR_WAIT] = tour_wait,
	[TOUR_PACE] = tour_set_pace,
	[TOUR_STEP] = tour_step,
	[TOUR_RUN] = tour_run,
	[TOUR_FOLLOW] = tour_follow,
	[TOUR_STRATEGY] = tour_strategy,
	[TOUR_BACK] = tour_back,
	[TOUR_AGAIN] = tour_again,
	[TOUR_PRESS] = tour_press,
	[TOUR_ANSWER] = tour_answer,
	[TOUR_FOCUS] = tour_focus,
};

bool tour_plays(const struct screen *screen)
{
	return screen->tour.tour != NULL;
}

const struct tour_command *tour_command(const struct tour_player *player)
{
	return &player->tour->commands[player->at];
}

void tour_delay(struct screen *screen, uint64_t now, double seconds)
{
	double speed = screen->options->tour_speed;

	if (screen->tour.goal == 0)
		screen->tour.due = now + (uint64_t)llround(seconds * 1e3 / (speed > 0 ? speed : 1)) * MILLISECOND;
}

bool tour_fail(struct screen *screen, const char *format, ...)
{
	struct tour_player *player = &screen->tour;
	va_list arguments;

	text_printf(&player->problem, "line %u: ", tour_command(player)->line);
	va_start(arguments, format);
	text_vprintf(&player->problem, format, arguments);
	va_end(arguments);
	player->over = true;
	player->goal = 0; /* what it has come to is shown */
	screen_message(screen, "the tour cannot go on: %s", player->problem.bytes);
	return true;
}

/* ---- beginning, again, end ---- */

static bool is_setting(const struct tour_command *command)
{
	return command->verb == TOUR_SET || command->verb == TOUR_SEED || command->verb == TOUR_PACE ||
	       command->verb == TOUR_STRATEGY;
}

static void open_lesson(struct screen *screen)
{
	struct tour_player *player = &screen->tour;

	session_close(screen);
	session_prepare(screen, player->lesson, NULL, TOUR_SEED_DEFAULT, true);
	screen->tour_memory = (struct quiz_memory){0};
	screen->session.memory = &screen->tour_memory;
	screen->scene.ui.side = screen->options->stage ? SIDE_TEXT : SIDE_SOURCE;
	player->pace = 2;
	player->stale = true;
}

void tour_start(struct screen *screen, const struct catalog_lesson *lesson, const struct tour *tour, bool by_key)
{
	tour_leave(screen);
	screen->tour = (struct tour_player){.tour = tour, .lesson = lesson, .by_key = by_key, .problem = TEXT_INIT};
	open_lesson(screen);
}

void tour_open(struct screen *screen)
{
	const struct catalog *catalog = screen->options->catalog;
	const struct catalog_lesson *lesson = screen->session.lesson;
	struct text problem = TEXT_INIT;
	struct tour tour;

	if (screen->scene.ui.room == ROOM_MENU)
		lesson = screen->scene.ui.menu_selected < catalog->count ? &catalog->lessons[screen->scene.ui.menu_selected] : NULL;
	if (lesson < catalog->lessons || lesson >= catalog->lessons + catalog->count) {
		screen_message(screen, "there is no tour of this");
	} else if (tour_read(&tour, lesson, &problem) < 0) {
		screen_message(screen, "%s", problem.bytes);
	} else {
		tour_release(&screen->own_tour);
		screen->own_tour = tour;
		tour_start(screen, lesson, &screen->own_tour, false);
	}
	text_release(&problem);
}

/* The learner's own question and answer are as they were. */
void tour_take_over(struct screen *screen)
{
	const struct catalog_lesson *lesson = screen->tour.lesson;

	tour_leave(screen);
	step_stop(screen);
	past_present(screen);
	if (screen->session.lesson == lesson)
		screen->session.memory = &screen->quizzes[lesson - screen->options->catalog->lessons];
}

void tour_leave(struct screen *screen)
{
	schedule_release(&screen->tour.choices);
	text_release(&screen->tour.problem);
	screen->tour = (struct tour_player){.problem = TEXT_INIT};
}

void tour_go_to(struct screen *screen, size_t caption)
{
	tour_start(screen, screen->tour.lesson, screen->tour.tour, screen->tour.by_key);
	screen->tour.goal = caption;
	screen->dirty = true;
}

/* ---- going on ---- */

bool tour_unsettled(struct screen *screen)
{
	const struct session *session = &screen->session;

	if (session->run == NULL)
		return false;
	return run_state(session->run) == RUN_BUSY || session->doing == DOING_RERUN || session->doing == DOING_FINISH;
}

void tour_pause(struct screen *screen, bool pause)
{
	struct tour_player *player = &screen->tour;
	uint64_t now = screen_now(screen);

	if (!pause && player->paused != 0)
		player->due += now - player->paused;
	player->paused = pause ? now : 0;
	screen->dirty = true;
}

static void begin_command(struct screen *screen)
{
	struct tour_player *player = &screen->tour;

	player->begun = true;
	player->done = 0;
	text_reset(&screen->message);
	if (player->stale && !is_setting(tour_command(player))) {
		player->stale = false;
		branches_clear(&screen->session);
		session_start(screen);
		if (screen->session.run == NULL) {
			struct text why = TEXT_INIT;
			text_add(&why, screen->message.bytes);
			tour_fail(screen, "%s", why.bytes);
			text_release(&why);
		}
	}
	player->mark = history_count(session_history(screen));
}

static void play_on(struct screen *screen, uint64_t now)
{
	struct tour_player *player = &screen->tour;

	if (player->at == player->tour->count) {
		player->over = true;
		player->goal = 0;
	} else if (!player->begun) {
		begin_command(screen); /* a run that it starts may take a moment */
	} else if (screen->session.run == NULL && !player->stale) {
		tour_fail(screen, "there is no run any more");
	} else if (PLAY[tour_command(player)->verb](screen, now)) {
		player->begun = false;
		player->at++;
	}
	screen->dirty = true;
}

uint64_t tour_work(struct screen *screen, uint64_t now)
{
	struct tour_player *player = &screen->tour;

	while (player->tour != NULL && !player->over && !player->waits && player->paused == 0) {
		if (tour_unsettled(screen))
			return now + MILLISECOND;
		if (player->due > now)
			return player->due;
		play_on(screen, now);
	}
	return NEVER;
}
