/* SPDX-License-Identifier: MIT */
/*
 * Back is forward: the processes cannot be turned back, so they are ended, and new ones are led
 * along the same choices up to where the learner wants to be. Nothing of that is drawn unless it
 * takes long.
 */
#include "screen/internal.h"

#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"

#define COMPLETE_NS (150 * MILLISECOND)

void rerun_start(struct screen *screen, const struct schedule *schedule, size_t count, uint16_t then)
{
	struct session *session = &screen->session;
	struct schedule plan;

	/* A copy first: the schedule may be that of the run which is about to end, or the plan itself. */
	schedule_init(&plan);
	schedule_copy(&plan, schedule, count);
	if (then != NO_ACTOR)
		schedule_add(&plan, then);
	schedule_release(&session->plan);
	session->plan = plan;
	if (schedule->has_seed)
		session->seed = schedule->seed;
	keep_run_again(screen);
	if (!session_start(screen))
		return;
	session->doing = DOING_RERUN;
	session->rerun_since = screen_now(screen);
}

static void follow_plan(struct screen *screen, uint64_t end)
{
	struct session *session = &screen->session;

	while (session->doing == DOING_RERUN && run_state(session->run) != RUN_BUSY && screen_now(screen) < end) {
		size_t at = run_schedule(session->run)->count;
		if (at >= session->plan.count) {
			step_stop(screen);
		} else if (run_step(session->run, session->plan.choices[at], STEP_MS) != 0) {
			step_stop(screen);
			screen_message(screen, "the run took another way at step %zu: process %u cannot move there", at,
				       session->plan.choices[at]);
		} else if (run_state(session->run) != RUN_BUSY) {
			step_settled(screen);
		}
	}
}

void rerun_work(struct screen *screen)
{
	struct session *session = &screen->session;
	uint64_t now = screen_now(screen);

	follow_plan(screen, now + SLICE_MS * MILLISECOND);
	if (session->doing == DOING_RERUN && now - session->rerun_since > RERUN_HIDDEN_MS * MILLISECOND)
		screen_message(screen, "running again: step %zu of %zu", run_schedule(session->run)->count,
			       session->plan.count);
}

bool rerun_complete(struct screen *screen)
{
	struct session *session = &screen->session;
	uint64_t end = screen_now(screen) + COMPLETE_NS;

	while (session->doing == DOING_RERUN && screen_now(screen) < end) {
		follow_plan(screen, end);
		if (run_state(session->run) == RUN_BUSY)
			run_settle(session->run, 5);
	}
	return session->doing != DOING_RERUN;
}

/* One step back while we are on our way already: the way becomes shorter. */
static void shorten_plan(struct screen *screen)
{
	struct session *session = &screen->session;

	if (session->plan.count == 0)
		return;
	if (run_schedule(session->run)->count < session->plan.count)
		session->plan.count--;
	else
		rerun_start(screen, &session->plan, session->plan.count - 1, NO_ACTOR);
}

void rerun_back(struct screen *screen)
{
	struct session *session = &screen->session;

	if (session->run == NULL)
		return;
	if (!session->gated) {
		screen_message(screen, "a free run cannot be repeated: left and right look at what it did");
		return;
	}
	if (session->doing == DOING_RERUN) {
		shorten_plan(screen);
		return;
	}
	const struct schedule *schedule = run_schedule(session->run);
	/* The last choice counts as soon as it is made: its step may be out of sight still. */
	uint64_t step = past_shown(screen) ? past_step_shown(screen) : schedule->count;
	if (step == 0) {
		screen_message(screen, "this is the beginning");
		return;
	}
	branches_keep(screen, schedule);
	rerun_start(screen, schedule, step - 1, NO_ACTOR);
}

/* ---- the trail ---- */

void trail_reset(struct trail *trail)
{
	trail->count = 0;
	trail->actor_count = 0;
}

void trail_release(struct trail *trail)
{
	free(trail->actors);
	free(trail->starts);
	*trail = (struct trail){0};
}

static void trail_reserve(struct trail *trail, size_t actors)
{
	if (trail->actor_count + actors > trail->actor_capacity) {
		trail->actor_capacity = trail->actor_capacity * 2 + actors;
		trail->actors = memory_resize(trail->actors, trail->actor_capacity, sizeof(*trail->actors));
	}
	if (trail->count + 2 > trail->capacity) {
		trail->capacity = trail->capacity * 2 + 64;
		trail->starts = memory_resize(trail->starts, trail->capacity, sizeof(*trail->starts));
	}
}

/* A step that was out of sight when the next was made has not been noted: it gets what holds after that one. */
void trail_note(struct trail *trail, struct run *run)
{
	size_t steps = run_schedule(run)->count;
	uint16_t actors[512];
	size_t count = run_candidates(run, actors, 512);

	if (count > 512)
		count = 512;
	while (trail->count <= steps) {
		trail_reserve(trail, count);
		trail->starts[trail->count] = trail->actor_count;
		for (size_t i = 0; i < count; i++)
			trail->actors[trail->actor_count++] = actors[i];
		trail->starts[++trail->count] = trail->actor_count;
	}
}

bool trail_ready(const struct trail *trail, uint64_t step, uint16_t actor)
{
	if (step >= trail->count)
		return false;
	for (size_t i = trail->starts[step]; i < trail->starts[step + 1]; i++)
		if (trail->actors[i] == actor)
			return true;
	return false;
}
