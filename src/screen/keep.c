/* SPDX-License-Identifier: MIT */
/*
 * Keeping a run: a recorder follows the history of the run that is shown. A run that is run again, to
 * step back, is the same recording: it is written anew, under a name aside, and takes the place of
 * the old one when it has come to where the learner wanted to be. So there is always a whole file.
 *
 * A failure is told once, and never stops a run.
 */
#include "screen/internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ENDING ".lockstep"

enum { FLUSH_MS = 1000, NAMES_MAX = 10000 };

/* ---- names ---- */

/* "race.lockstep" and 2: "race-2.lockstep". */
static void numbered_name(struct text *out, const char *path, unsigned int number)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	const char *dot = strrchr(name, '.');
	size_t stem = dot != NULL && dot > name ? (size_t)(dot - path) : strlen(path);

	text_reset(out);
	text_add_bytes(out, path, stem);
	if (number > 1)
		text_printf(out, "-%u", number);
	text_add(out, path + stem);
}

/* The first name from that number on that no file has. */
static void free_name(struct text *out, const char *path, unsigned int number)
{
	do
		numbered_name(out, path, number);
	while (access(out->bytes, F_OK) == 0 && number++ < NAMES_MAX);
}

/* ---- the recorder ---- */

/* Of a run that never came to where the kept one had been. */
static void give_up_aside(struct keeping *keeping)
{
	if (keeping->aside.length > 0)
		unlink(keeping->aside.bytes);
	text_reset(&keeping->aside);
}

static void forget_recorder(struct keeping *keeping)
{
	recorder_free(keeping->recorder);
	keeping->recorder = NULL;
}

static void fail(struct screen *screen, const char *what)
{
	struct keeping *keeping = &screen->keeping;

	screen_message(screen, "%s is not recorded%s: %s; the run goes on", keeping->path.bytes,
		       keeping->count > 0 ? " any more" : "", what);
	forget_recorder(keeping);
	give_up_aside(keeping);
	text_reset(&keeping->path);
	text_reset(&keeping->wanted);
	screen->dirty = true;
}

static const struct schedule *schedule_of(const struct session *session)
{
	return session->gated ? run_schedule(session->run) : NULL;
}

static void follow(struct screen *screen, bool flush)
{
	struct keeping *keeping = &screen->keeping;
	const struct history *history = session_history(screen);
	int error = recorder_follow(keeping->recorder, history, schedule_of(&screen->session), flush);

	keeping->count = history_count(history);
	if (error < 0)
		fail(screen, strerror(-error));
}

static void begin(struct screen *screen, const char *path)
{
	struct keeping *keeping = &screen->keeping;
	struct text problem = TEXT_INIT;

	keeping->recorder = recorder_new(path, run_options(screen->session.run), &problem);
	keeping->count = 0;
	keeping->due = 0;
	if (keeping->recorder == NULL)
		fail(screen, problem.bytes);
	text_release(&problem);
}

/* The run has ended: there is nothing more to follow. */
static void finish(struct screen *screen, const struct run_end *end)
{
	struct keeping *keeping = &screen->keeping;
	struct history *history = session_history(screen);
	int error = recorder_follow(keeping->recorder, history, schedule_of(&screen->session), true);

	if (error == 0)
		error = recorder_finish(keeping->recorder, history, end);
	if (error < 0)
		fail(screen, strerror(-error));
	else
		forget_recorder(keeping);
	screen->dirty = true;
}

/* ---- from run to run ---- */

/* What was written aside has come as far as what stands under the name. */
static void take_place(struct screen *screen)
{
	struct keeping *keeping = &screen->keeping;

	if (keeping->aside.length == 0)
		return;
	if (keeping->recorder != NULL)
		follow(screen, true); /* all of it, or the old one would be the better */
	if (keeping->aside.length > 0 && rename(keeping->aside.bytes, keeping->path.bytes) != 0)
		fail(screen, strerror(errno));
	text_reset(&keeping->aside);
}

void keep_run_again(struct screen *screen)
{
	screen->keeping.again = screen->keeping.path.length > 0;
}

void keep_run_over(struct screen *screen)
{
	struct keeping *keeping = &screen->keeping;

	if (keeping->recorder != NULL && screen->session.run != NULL)
		finish(screen, NULL);
	give_up_aside(keeping);
	if (!keeping->again)
		text_reset(&keeping->path);
}

void keep_run_begun(struct screen *screen)
{
	struct keeping *keeping = &screen->keeping;

	if (keeping->again) {
		text_printf(&keeping->aside, "%s.%d", keeping->path.bytes, (int)getpid());
		begin(screen, keeping->aside.bytes);
	} else if (keeping->wanted.length > 0) {
		if (keeping->number == 0)
			numbered_name(&keeping->path, keeping->wanted.bytes, ++keeping->number);
		else
			free_name(&keeping->path, keeping->wanted.bytes, ++keeping->number);
		begin(screen, keeping->path.bytes);
	}
	keeping->again = false;
}

static bool has_ended(struct screen *screen)
{
	enum run_state state = screen->session.origin->state(&screen->session);

	return state == RUN_ENDED || state == RUN_DEADLOCK;
}

uint64_t keep_work(struct screen *screen, uint64_t now)
{
	struct keeping *keeping = &screen->keeping;
	bool again = screen->session.doing == DOING_RERUN;

	if (keeping->recorder == NULL || screen->session.run == NULL)
		return NEVER;
	if (!again && has_ended(screen)) {
		struct run_end end = screen->session.origin->end(&screen->session);
		finish(screen, &end);
	} else if (history_count(session_history(screen)) > keeping->count || keeping->due <= now) {
		bool flush = keeping->due <= now;
		if (keeping->due == NEVER)
			keeping->due = now + FLUSH_MS * MILLISECOND;
		follow(screen, flush);
		if (flush)
			keeping->due = NEVER;
	}
	if (!again)
		take_place(screen);
	return keeping->recorder != NULL ? keeping->due : NEVER;
}

/* ---- the learner's side ---- */

void keep_open(struct screen *screen)
{
	if (screen->options->record != NULL)
		text_add(&screen->keeping.wanted, screen->options->record);
}

void keep_release(struct screen *screen)
{
	struct keeping *keeping = &screen->keeping;

	forget_recorder(keeping);
	give_up_aside(keeping);
	text_release(&keeping->path);
	text_release(&keeping->aside);
	text_release(&keeping->wanted);
}

void keep_key_pressed(struct screen *screen)
{
	struct session *session = &screen->session;
	struct text usual = TEXT_INIT, name = TEXT_INIT;

	if (replay_shown(screen)) {
		screen_message(screen, "this is a recording already");
	} else if (session->run == NULL) {
		screen_message(screen, "there is no run to be kept yet");
	} else if (screen->keeping.path.length > 0) {
		screen_message(screen, "this run is kept in %s", screen->keeping.path.bytes);
	} else {
		text_printf(&usual, "%s-%llu" ENDING, session->lesson->name, (unsigned long long)session->seed);
		free_name(&name, usual.bytes, 1);
		input_prompt(screen, PROMPT_KEEP, name.bytes);
	}
	text_release(&usual);
	text_release(&name);
}

/* From its beginning: the recorder catches up, and goes on following. */
void keep_named(struct screen *screen, const char *path)
{
	struct keeping *keeping = &screen->keeping;

	if (path[0] == '\0' || screen->session.run == NULL)
		return;
	free_name(&keeping->path, path, 1);
	begin(screen, keeping->path.bytes);
	if (keeping->recorder != NULL)
		follow(screen, true);
	if (keeping->recorder != NULL)
		screen_message(screen, "kept in %s%s", keeping->path.bytes, has_ended(screen) ? "" : ", and what follows, too");
}
