/* SPDX-License-Identifier: MIT */
/*
 * What moves without a key for each step: the strategy at its pace, the past played again, one
 * actor until it blocks, and actors that are out of our sight.
 */
#include "screen/internal.h"

enum { CANDIDATES_MAX = 512 };

#define BUSY_SHOWN_NS (100 * MILLISECOND) /* out of sight for longer than that is said so */

const double PACES[] = {0.5, 1, 2, 5, 10, 20, 50, 200, 1000, 0};
static const double SPEEDS[] = {0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 50, 100};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void step_stop(struct screen *screen)
{
	struct session *session = &screen->session;

	if (session->doing != DOING_NOTHING)
		screen->dirty = true;
	session->doing = DOING_NOTHING;
}

static void toggle_free(struct screen *screen)
{
	struct session *session = &screen->session;

	if (run_state(session->run) == RUN_ENDED) {
		screen_message(screen, "the run has ended: r starts it again, F goes back to stepping");
		return;
	}
	run_pause(session->run, !run_paused(session->run));
	session->due = screen_now(screen);
	session->pumped = 0;
}

void step_run(struct screen *screen)
{
	struct session *session = &screen->session;

	if (session->run != NULL && !session->gated) {
		toggle_free(screen);
	} else if (session->doing == DOING_AUTO || session->doing == DOING_PLAYBACK) {
		step_stop(screen);
	} else if (step_allowed(screen)) {
		if (!past_shown(screen) && run_state(session->run) != RUN_BUSY && step_say_why_nobody(screen))
			return;
		session->doing = past_shown(screen) ? DOING_PLAYBACK : DOING_AUTO;
		session->due = screen_now(screen);
	}
}

static void change_speed(struct screen *screen, int direction)
{
	struct session *session = &screen->session;
	size_t count = COUNT(SPEEDS), at = 0;

	while (at + 1 < count && SPEEDS[at] < session->speed)
		at++;
	if ((direction < 0 && at == 0) || (direction > 0 && at + 1 == count))
		return;
	session->speed = SPEEDS[direction < 0 ? at - 1 : at + 1];
	session_start(screen);
	screen_message(screen, "started again at speed %g", session->speed);
}

void step_pace(struct screen *screen, int direction)
{
	struct session *session = &screen->session;

	if (!session->gated) {
		change_speed(screen, direction);
		return;
	}
	if ((direction < 0 && session->pace > 0) || (direction > 0 && session->pace + 1 < COUNT(PACES)))
		session->pace = direction < 0 ? session->pace - 1 : session->pace + 1;
	session->due = screen_now(screen);
	if (PACES[session->pace] > 0)
		screen_message(screen, "%g steps a second when it runs by itself (space)", PACES[session->pace]);
	else
		screen_message(screen, "as fast as it goes when it runs by itself (space)");
}

void step_strategy(struct screen *screen)
{
	struct session *session = &screen->session;

	session->kind++;
	if (session->kind->name == NULL)
		session->kind = &STRATEGIES[0];
	strategy_init(&session->strategy, session->kind, session->seed);
	screen_message(screen, "when it runs by itself: %s, %s", session->kind->name, session->kind->help);
}

/* One step of the strategy. False when there is none now. */
static bool auto_step(struct screen *screen)
{
	uint16_t actors[CANDIDATES_MAX];
	size_t count = run_candidates(screen->session.run, actors, CANDIDATES_MAX);

	if (count == 0)
		return false;
	if (count > CANDIDATES_MAX)
		count = CANDIDATES_MAX;
	return step_grant(screen, strategy_choose(&screen->session.strategy, actors, count));
}

static uint64_t auto_work(struct screen *screen, uint64_t now)
{
	struct session *session = &screen->session;
	double pace = PACES[session->pace];
	uint64_t interval = pace > 0 ? (uint64_t)(1e9 / pace) : 0;
	uint64_t slice_end = now + SLICE_MS * MILLISECOND;

	while (session->due <= screen_now(screen)) {
		if (!auto_step(screen) || session->doing != DOING_AUTO)
			return session->doing == DOING_AUTO && run_state(session->run) != RUN_BUSY ? NEVER : 0;
		session->due += interval;
		if (run_state(session->run) == RUN_BUSY)
			return 0;
		if (screen_now(screen) >= slice_end) {
			session->due = interval == 0 || session->due < slice_end ? screen_now(screen) : session->due;
			return 0;
		}
	}
	return session->due;
}

static uint64_t walk_work(struct screen *screen, uint64_t now)
{
	struct session *session = &screen->session;
	double pace = PACES[session->pace];

	if (!past_shown(screen)) {
		session->doing = DOING_AUTO;
		return session->due;
	}
	if (now < session->due)
		return session->due;
	past_step(screen, 1);
	session->doing = DOING_PLAYBACK; /* looking by hand stops it; this was not by hand */
	return session->due = now + (pace > 0 ? (uint64_t)(1e9 / pace) : FRAME_MS * MILLISECOND);
}

static uint64_t finish_work(struct screen *screen, uint64_t now)
{
	struct session *session = &screen->session;

	while (session->doing == DOING_FINISH && screen_now(screen) < now + SLICE_MS * MILLISECOND) {
		if (!step_is_candidate(screen, session->finishing)) {
			step_stop(screen);
			return NEVER;
		}
		if (!step_grant(screen, session->finishing) || run_state(session->run) == RUN_BUSY)
			return 0;
	}
	return 0;
}

/* True while an actor is out of sight: then nothing else can be done. */
static bool still_busy(struct screen *screen, uint64_t now)
{
	struct session *session = &screen->session;

	if (run_state(session->run) != RUN_BUSY)
		return false;
	if (session->busy_since == 0)
		session->busy_since = now;
	if (run_settle(session->run, 2) != RUN_BUSY) {
		session->busy_since = 0;
		session->busy_shown = false;
		screen_busy_no_more(screen);
		step_settled(screen);
		return false;
	}
	if (!session->busy_shown && now - session->busy_since > BUSY_SHOWN_NS)
		session->busy_shown = screen->dirty = true;
	return true;
}

uint64_t step_work(struct screen *screen, uint64_t now)
{
	struct session *session = &screen->session;

	if (still_busy(screen, now))
		return now + (session->busy_shown ? 20 : 1) * MILLISECOND;
	switch (session->doing) {
	case DOING_AUTO:
		return auto_work(screen, now);
	case DOING_PLAYBACK:
		return walk_work(screen, now);
	case DOING_FINISH:
		return finish_work(screen, now);
	case DOING_REPLAY: /* playback.c */
		break;
	case DOING_RERUN:
		rerun_work(screen);
		return 0;
	case DOING_TOUR:
	case DOING_NOTHING:
		break;
	}
	return NEVER;
}
