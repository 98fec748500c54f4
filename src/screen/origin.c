/* SPDX-License-Identifier: MIT */
/* The origins that have to do with processes: a run, and none, when it could not be started. */
#include "screen/internal.h"

/* ---- nothing ---- */

static struct history *nothing_history(struct session *session)
{
	return session->nothing;
}

static enum run_state nothing_state(struct session *session)
{
	(void)session;
	return RUN_GOING;
}

static struct run_end nothing_end(struct session *session)
{
	(void)session;
	return (struct run_end){0};
}

static double nothing_seconds(struct session *session)
{
	(void)session;
	return 0;
}

static bool nothing_moves(struct session *session)
{
	(void)session;
	return false;
}

static const struct lines *lesson_source(struct session *session)
{
	return &session->source;
}

static const struct about *nothing_about(struct screen *screen, size_t *count)
{
	(void)screen;
	*count = 0;
	return NULL;
}

static uint64_t nothing_work(struct screen *screen, uint64_t now)
{
	(void)screen, (void)now;
	return NEVER;
}

const struct origin ORIGIN_NOTHING = {
	.history = nothing_history,
	.state = nothing_state,
	.end = nothing_end,
	.seconds = nothing_seconds,
	.moves = nothing_moves,
	.source = lesson_source,
	.about = nothing_about,
	.toggle = step_run,
	.pace = step_pace,
	.work = nothing_work,
};

/* ---- a run ---- */

static struct history *live_history(struct session *session)
{
	return run_history(session->run);
}

static enum run_state live_state(struct session *session)
{
	return run_state(session->run);
}

static struct run_end live_end(struct session *session)
{
	return run_end(session->run);
}

static double live_seconds(struct session *session)
{
	return run_seconds(session->run);
}

static bool live_moves(struct session *session)
{
	if (!session->gated)
		return run_state(session->run) == RUN_GOING && !run_paused(session->run);
	return session->doing != DOING_NOTHING;
}

static const struct about *live_about(struct screen *screen, size_t *count)
{
	return past_shown(screen) ? past_about(screen, count) : run_about(screen->session.run, count);
}

const struct origin ORIGIN_RUN = {
	.history = live_history,
	.state = live_state,
	.end = live_end,
	.seconds = live_seconds,
	.moves = live_moves,
	.source = lesson_source,
	.about = live_about,
	.toggle = step_run,
	.pace = step_pace,
	.work = session_run_work,
};
