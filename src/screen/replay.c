/* SPDX-License-Identifier: MIT */
/* Events come from a file, a slice at a time, and nobody moves. The position looked at is a place in it, never "the past". */
#include "screen/internal.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "world/ahead.h"

enum {
	FIRST_EVENTS = 4096, /* read before anything is shown */
	SLICE_EVENTS = 8192, /* between two looks at the clock */
};

bool replay_shown(const struct screen *screen)
{
	return screen->session.recording != NULL;
}

double replay_loaded(const struct screen *screen)
{
	const struct session *session = &screen->session;

	return session->recording != NULL && !session->playback.loaded ? fmin(recording_loaded(session->recording), 0.99) : 1;
}

void replay_refuse(struct screen *screen)
{
	if (screen->session.gated)
		screen_message(screen, "this is a recording: no process runs; O goes on live from here");
	else
		screen_message(screen, "this is a recording of a free run: it can be looked at, not moved");
}

/* ---- the origin ---- */

static struct history *recorded_history(struct session *session)
{
	return recording_history(session->recording);
}

static struct run_end recorded_end(struct session *session)
{
	const struct run_end *end = recording_end(session->recording);

	return end != NULL ? *end : (struct run_end){0};
}

/* A deadlock is an end that no process has told. */
static bool is_deadlock(const struct run_result *result)
{
	return strcmp(result->verdict, "deadlock") == 0;
}

static enum run_state recorded_state(struct session *session)
{
	const struct run_result *result = recorded_end(session).result;

	if (result == NULL || !session->playback.loaded)
		return RUN_GOING;
	return session->gated && is_deadlock(result) ? RUN_DEADLOCK : RUN_ENDED;
}

static double recorded_seconds(struct session *session)
{
	const struct history *history = recording_history(session->recording);
	uint64_t count = history_count(history);

	return count > 0 ? (double)history_at(history, count - 1)->time / 1e9 : 0;
}

static bool recorded_moves(struct session *session)
{
	return session->doing == DOING_REPLAY;
}

static const struct lines *recorded_source(struct session *session)
{
	return recording_source(session->recording);
}

static const struct about *recorded_about(struct screen *screen, size_t *count)
{
	struct session *session = &screen->session;

	*count = session->gated ? session->world->actor_count : 0;
	session->past = memory_resize(session->past, *count + 1, sizeof(*session->past));
	ahead_fill(session->world, session->past, *count);
	return session->past;
}

/* ---- reading on ---- */

static void note_end(struct session *session)
{
	const struct run_result *result = recorded_end(session).result;

	if (result != NULL && result->told)
		outcome_with_expected(&session->outcome_words, result);
}

static void all_is_read(struct screen *screen)
{
	struct session *session = &screen->session;
	const char *damage = recording_damage(session->recording);

	session->playback.loaded = true;
	note_end(session);
	playback_prepare(screen);
	screen->dirty = true;
	if (damage[0] != '\0')
		panes_notice(screen, "The recording is damaged. What could be read is shown.\n\n%s", damage);
	else if (recording_end(session->recording) == NULL)
		screen_message(screen, "the recording was cut off: it ends before the run did");
}

static void read_on(struct screen *screen, uint64_t events)
{
	if (recording_load(screen->session.recording, events))
		all_is_read(screen);
	screen->dirty = true;
}

static uint64_t recorded_work(struct screen *screen, uint64_t now)
{
	struct session *session = &screen->session;
	uint64_t due = playback_work(screen, now);

	while (!session->playback.loaded && screen_now(screen) < now + SLICE_MS * MILLISECOND)
		read_on(screen, SLICE_EVENTS);
	return session->playback.loaded ? due : 0;
}

const struct origin ORIGIN_RECORDING = {
	.history = recorded_history,
	.state = recorded_state,
	.end = recorded_end,
	.seconds = recorded_seconds,
	.moves = recorded_moves,
	.source = recorded_source,
	.about = recorded_about,
	.toggle = playback_toggle,
	.pace = playback_pace,
	.work = recorded_work,
};

/* ---- opening ---- */

void replay_open(struct screen *screen, struct recording *recording)
{
	const struct run_options *options = recording_options(recording);
	struct session *session = &screen->session;

	session_begin(screen, options->settings->lesson, options->settings, options->seed, options->gated);
	session->recording = recording;
	session->origin = &ORIGIN_RECORDING;
	session->speed = options->speed;
	session->memory = &screen->revealed;
	screen->revealed = (struct quiz_memory){.revealed = true, .finished = true};
	if (recording_text(recording) != NULL)
		text_add(&session->text, recording_text(recording));
	quiz_open(screen);
	screen->scene.ui.side = SIDE_SOURCE;
	read_on(screen, FIRST_EVENTS);
	world_free(session->world);
	session->world = world_new(recording_history(recording));
	parameters_words(&session->settings, &session->settings_words);
	playback_prepare(screen);
	past_first(screen);
	if (screen->message.length == 0)
		screen_message(screen, "a recording: space plays it, left and right step, ? lists all keys");
}
