/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <string.h>

#include "base/memory.h"

/* ---- the position ---- */

bool past_shown(const struct screen *screen)
{
	return !screen->scene.ui.present;
}

void past_go(struct screen *screen, uint64_t position)
{
	struct ui *ui = screen_ui(screen);

	if (screen->session.doing == DOING_AUTO || screen->session.doing == DOING_PLAYBACK)
		step_stop(screen);
	ui->present = position >= history_count(session_history(screen));
	ui->position = position;
	screen->dirty = true;
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
	} else {
		/* In the middle of a step, its beginning; else the step before. */
		bool inside = past_shown(screen) && screen->scene.ui.position > history_step_position(history, step);
		if (!inside && step > 0)
			step--;
		if (steps > 0)
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
		while (world->position < target && (world->position % 1024 != 0 || screen_now(screen) < end))
			world_forward(world);
	}
	if (ui->present)
		ui->position = world->position;
	return world->position == target;
}

/* ---- what everybody was about to do ---- */

/* Events that nobody was about to do: they happen by themselves while a run settles, or are told of somebody. */
static bool happens_by_itself(unsigned int kind)
{
	return kind == EVENT_LOST || kind == EVENT_KILLED || kind == EVENT_OUTPUT || kind == EVENT_PROCESS_BEGIN ||
	       kind == EVENT_THREAD_BEGIN || kind == EVENT_WAKE;
}

static uint64_t next_deed(const struct history *history, unsigned int actor, uint64_t from)
{
	for (int tries = 0; tries < 16; tries++) {
		uint64_t index = history_actor_next(history, actor, from);
		if (index == HISTORY_NONE || !happens_by_itself(history_at(history, index)->kind))
			return index;
		from = index + 1;
	}
	return HISTORY_NONE;
}

static void copy_start(char *out, size_t size, const char *text)
{
	size_t length = strlen(text);

	if (length >= size) {
		length = size - 1;
		while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
			length--;
	}
	memcpy(out, text, length);
	out[length] = '\0';
}

/* The intent as the gate would have told it: what a read brings is not known before. */
static void intent_of(struct about *about, const struct history *history, uint64_t index)
{
	const struct wire_event *event = history_at(history, index);

	about->known = true;
	about->kind = event->kind;
	about->flags = event->flags & (uint8_t)~(EVENT_FAILED | EVENT_CUT);
	about->object = event->object;
	about->aux = event->aux;
	about->place = event->place;
	about->value = event->value;
	const char *text = history_text(history, index, NULL);
	copy_start(about->text, sizeof(about->text), text);
	if (strlen(about->text) < strlen(text))
		about->flags |= EVENT_CUT;
}

static void about_actor(struct screen *screen, uint16_t actor, uint64_t step, const struct about *live,
                        size_t live_count)
{
	struct session *session = &screen->session;
	const struct history *history = session_history(screen);
	const struct world_actor *known = world_actor(session->world, actor);
	struct about *about = &session->past[actor];
	uint64_t position = session->world->position;

	if (known == NULL || known->state == ACTOR_EXITED)
		return;
	bool ready = trail_ready(&session->trail, step, actor);
	if (known->state != ACTOR_RUNNING && known->state != ACTOR_WAITING && !ready)
		return;
	uint64_t next = next_deed(history, actor, position);
	if (next != HISTORY_NONE)
		intent_of(about, history, next);
	else if (actor < live_count && history_actor_next(history, actor, position) == HISTORY_NONE)
		*about = live[actor]; /* it has not moved since */
	about->ready = about->known && ready;
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
	for (size_t i = 0; session->gated && i < session->past_count; i++)
		about_actor(screen, (uint16_t)i, step, live, live_count);
	*count = session->past_count;
	return session->past;
}
