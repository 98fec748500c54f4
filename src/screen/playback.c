/* SPDX-License-Identifier: MIT */
/*
 * Playing a recording: a stepped one at a pace, in steps a second; a free one in real time times a
 * tempo, told as how much of the lesson's time passes in a second: from a microsecond, where single
 * nanoseconds can be seen, to the whole run.
 */
#include "screen/internal.h"

#include <math.h>

enum {
	SLOWEST = -18,    /* 10^-6 of real time: rows 1, 2, 5 of each power of ten, 0 is real time */
	IDLE_MS = 1000,   /* the longest that is slept until the next event */
	GAP_MS = 3000,    /* who was away for longer was suspended: that time does not count */
};

#define COMFORTABLE 5.0 /* seconds that a short run should take at least, when it is first played */

/* ---- the tempo ---- */

static double recorded_duration(struct screen *screen)
{
	double seconds = screen->session.origin->seconds(&screen->session);

	return seconds > 1e-6 ? seconds : 1e-6;
}

static double tempo_of(int row)
{
	static const double steps[] = {1, 2, 5};
	int power = row >= 0 ? row / 3 : -((2 - row) / 3);

	return steps[row - power * 3] * pow(10, power);
}

/* Lesson seconds a second; the last row is the whole in a second, whatever that comes to. */
static double tempo(struct screen *screen)
{
	return fmin(tempo_of(screen->session.playback.tempo), recorded_duration(screen));
}

static void say_tempo(struct text *out, double seconds)
{
	static const struct {
		double unit;
		const char *name;
	} units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}};
	size_t i = 0;

	while (i < 2 && seconds < units[i].unit * 0.9999)
		i++;
	text_printf(out, "%.4g %s a second", seconds / units[i].unit, units[i].name);
}

static void say_how_fast(struct screen *screen)
{
	struct session *session = &screen->session;
	struct text *words = &session->playback.words;
	double pace = PACES[session->pace];

	text_reset(words);
	if (!session->gated && tempo_of(session->playback.tempo) >= recorded_duration(screen))
		text_add(words, "the whole in a second");
	else if (!session->gated)
		say_tempo(words, tempo(screen));
	else if (pace > 0)
		text_printf(words, "%g step%s a second", pace, pace == 1 ? "" : "s");
	else
		text_add(words, "as fast as it goes");
}

static void change_tempo(struct screen *screen, int direction)
{
	struct playback *playback = &screen->session.playback;
	double duration = recorded_duration(screen);

	playback->chosen = true;
	while (playback->tempo > SLOWEST && tempo_of(playback->tempo - 1) >= duration)
		playback->tempo--; /* what has been read since may be shorter than was feared */
	if (direction < 0 && playback->tempo > SLOWEST)
		playback->tempo--;
	else if (direction > 0 && tempo_of(playback->tempo) < duration)
		playback->tempo++;
}

void playback_pace(struct screen *screen, int direction)
{
	if (screen->session.gated)
		step_pace(screen, direction);
	else
		change_tempo(screen, direction);
	say_how_fast(screen);
	screen_message(screen, "%s when it plays (space)", screen->session.playback.words.bytes);
}

void playback_prepare(struct screen *screen)
{
	struct playback *playback = &screen->session.playback;

	if (!playback->chosen)
		playback->tempo = 0;
	while (!playback->chosen && playback->tempo > SLOWEST && tempo_of(playback->tempo) * COMFORTABLE > recorded_duration(screen))
		playback->tempo--;
	say_how_fast(screen);
}

/* ---- playing ---- */

static bool at_end(struct screen *screen)
{
	return screen->session.playback.loaded && !past_shown(screen);
}

void playback_toggle(struct screen *screen)
{
	struct session *session = &screen->session;

	if (session->doing == DOING_REPLAY) {
		step_stop(screen);
		return;
	}
	if (at_end(screen))
		past_first(screen);
	past_follow(screen);
	session->doing = DOING_REPLAY;
	session->due = screen_now(screen);
	session->playback.last = screen_now(screen);
	session->playback.time = (double)session->world->time;
	screen->dirty = true;
}

static uint64_t play_steps(struct screen *screen, uint64_t now)
{
	struct session *session = &screen->session;
	const struct history *history = session_history(screen);
	double pace = PACES[session->pace];

	if (now < session->due)
		return session->due;
	uint64_t step = past_step_shown(screen) + 1;
	past_show(screen, step >= history_steps(history) ? UINT64_MAX : history_step_position(history, step));
	return session->due = now + (pace > 0 ? (uint64_t)(1e9 / pace) : FRAME_MS * MILLISECOND);
}

/* How long until the next event, in real ns. */
static uint64_t until_next(struct screen *screen)
{
	const struct wire_event *next = history_at(session_history(screen), screen->scene.ui.position);
	double wait = next != NULL ? ((double)next->time - screen->session.playback.time) / tempo(screen) : 0;

	return (uint64_t)fmin(fmax(wait, FRAME_MS * (double)MILLISECOND), IDLE_MS * (double)MILLISECOND);
}

static uint64_t play_time(struct screen *screen, uint64_t now)
{
	struct session *session = &screen->session;
	struct playback *playback = &session->playback;
	const struct history *history = session_history(screen);

	if (now < session->due)
		return session->due;
	if (now - playback->last < GAP_MS * MILLISECOND)
		playback->time += (double)(now - playback->last) * tempo(screen);
	playback->last = now;
	uint64_t position = history_position_at(history, (uint64_t)playback->time + 1);
	if (position > screen->scene.ui.position) /* stamps may be slightly out of order: never back */
		past_show(screen, position);
	if (!past_shown(screen) && !playback->loaded)
		playback->time = fmin(playback->time, recorded_duration(screen) * 1e9); /* waits for what is being read */
	return session->due = now + until_next(screen);
}

uint64_t playback_work(struct screen *screen, uint64_t now)
{
	if (screen->session.doing != DOING_REPLAY)
		return NEVER;
	uint64_t due = screen->session.gated ? play_steps(screen, now) : play_time(screen, now);
	if (!at_end(screen))
		return due;
	step_stop(screen);
	return NEVER;
}
