/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <string.h>

#include "base/memory.h"
#include "world/ahead.h"

enum { SLICE_EVENTS = 1024 }; /* between two looks at the clock */

/* ---- the position ---- */

bool past_shown(const struct screen *screen)
{
	return !screen->scene.ui.present;
}

void past_show(struct screen *screen, uint64_t position)
{
	struct ui *ui = screen_ui(screen);

	ui->present = position >= history_count(session_history(screen));
	ui->position = position;
	screen->dirty = true;
}

void past_go(struct screen *screen, uint64_t position)
{
	enum doing doing = screen->session.doing;

	if (doing == DOING_AUTO || doing == DOING_PLAYBACK || doing == DOING_REPLAY)
		step_stop(screen);
	past_show(screen, position);
}

/* Of a free recording, where somebody is there to be seen; a free run that goes on shows nobody at its beginning. */
void past_first(struct screen *screen)
{
	const struct history *history = session_history(screen);

	past_go(screen, replay_shown(screen) && !screen->session.gated ? 1 : history_step_position(history, 0));
}

void past_present(struct screen *screen)
{
	past_go(screen, UINT64_MAX);
}

uint64_t past_step_shown(struct screen *screen)
{
	const struct history *history = session_history(screen);

	if (!past_shown(screen))
		return history_steps(history);
	return history_step_of(history, screen->scene.ui.position);
}

static void step_through_events(struct screen *screen, int direction)
{
	uint64_t count = history_count(session_history(screen));
	uint64_t position = past_shown(screen) ? screen->scene.ui.position : count;

	if (direction > 0)
		past_go(screen, position + 1);
	else if (position > 0)
		past_go(screen, position - 1);
}

void past_step(struct screen *screen, int direction)
{
	const struct history *history = session_history(screen);
	uint64_t steps = history_steps(history);
	uint64_t step = past_step_shown(screen);

	if (!screen->session.gated) {
		step_through_events(screen, direction);
	} else if (direction > 0) {
		past_go(screen, step + 1 >= steps ? UINT64_MAX : history_step_position(history, step + 1));
	} else if (steps > 0) {
		/* In the middle of a step, its beginning; else the last one before in which anything happened. */
		uint64_t here = past_shown(screen) ? screen->scene.ui.position : history_step_position(history, steps);
		while (step > 0 && history_step_position(history, step) >= here)
			step--;
		past_go(screen, history_step_position(history, step));
	}
}

bool past_follow(struct screen *screen)
{
	struct world *world = screen->session.world;
	struct ui *ui = screen_ui(screen);

	if (world == NULL)
		return true;
	uint64_t count = history_count(session_history(screen));
	uint64_t target = ui->present || ui->position > count ? count : ui->position;
	if (world->position == target) {
		ui->position = target;
		return true;
	}
	screen->dirty = true;
	if (target < world->position) {
		world_seek(world, target);
	} else {
		uint64_t end = screen_now(screen) + SLICE_MS * MILLISECOND;
		do {
			uint64_t next = world->position + SLICE_EVENTS;
			world_seek(world, next < target ? next : target);
		} while (world->position < target && screen_now(screen) < end);
	}
	if (ui->present)
		ui->position = world->position;
	return world->position == target;
}

/* ---- what everybody was about to do ---- */

/* What was noted while it was so is exact: who could be chosen, and the intent of who has not moved since. */
static void correct(struct session *session, uint16_t actor, uint64_t step, const struct about *live)
{
	struct about *about = &session->past[actor];
	const struct world_actor *known = world_actor(session->world, actor);
	const struct history *history = session->world->history;

	if (known == NULL || known->state == ACTOR_EXITED)
		return;
	if (!about->known && live != NULL && history_actor_next(history, actor, session->world->position) == HISTORY_NONE)
		*about = *live;
	if (step < session->trail.count)
		about->ready = about->known && trail_ready(&session->trail, step, actor);
}

const struct about *past_about(struct screen *screen, size_t *count)
{
	struct session *session = &screen->session;
	uint64_t step = history_step_of(session_history(screen), session->world->position);
	size_t live_count;
	const struct about *live = run_about(session->run, &live_count);

	session->past_count = session->world->actor_count;
	session->past = memory_resize(session->past, session->past_count + 1, sizeof(*session->past));
	memset(session->past, 0, session->past_count * sizeof(*session->past));
	if (session->gated)
		ahead_fill(session->world, session->past, session->past_count);
	for (size_t i = 0; session->gated && i < session->past_count; i++)
		correct(session, (uint16_t)i, step, i < live_count ? &live[i] : NULL);
	*count = session->past_count;
	return session->past;
}
