/* SPDX-License-Identifier: MIT */
/*
 * A recording on the screen.
 *
 *     replay.c     its events come from a file, a slice at a time: an origin beside a run
 *     playback.c   playing it
 *     goto.c       going to a step, an event, a time (of a run, too)
 *     live.c       from a recording back to real processes
 *
 * Runs in: screen.
 */
#ifndef LOCKSTEP_SCREEN_REPLAY_H
#define LOCKSTEP_SCREEN_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "recording/recording.h"

struct screen;

/* How a recording is played. */
struct playback {
	bool loaded;               /* all of it */
	int tempo;                 /* free: row of playback.c's tempos */
	bool chosen;               /* that was the learner's choice */
	double time;               /* free: ns of the lesson's clock */
	uint64_t last;             /* and when that was */
	struct text words;         /* of pace or tempo */
};

/* Whoever opened the recording closes it, after the screen. */
void replay_open(struct screen *screen, struct recording *recording);
bool replay_shown(const struct screen *screen);
double replay_loaded(const struct screen *screen); /* 0 … 1; 1 without a recording */
void replay_refuse(struct screen *screen); /* says that there are no processes, and what would be right */

/* ---- playback.c ---- */

void playback_prepare(struct screen *screen); /* as fast as suits what has been read */
void playback_toggle(struct screen *screen);
void playback_pace(struct screen *screen, int direction);
uint64_t playback_work(struct screen *screen, uint64_t now);

/* ---- live.c ---- */

void live_go_on(struct screen *screen);  /* from the position of the recording that is shown */
void live_compare(struct screen *screen, struct recording *recording); /* runs all of it again, and says whether it is the same */
void live_work(struct screen *screen);

/* ---- goto.c ---- */

enum target_kind { TARGET_STEP, TARGET_EVENT, TARGET_TIME, TARGET_SHARE };

struct target {
	enum target_kind kind;
	double number; /* of the step or event; ns; 0 … 1 */
};

/* "step 12", "event 1000", "340ms", "50%"; a number alone is `plain`. False: it is none of them. */
bool goto_parse(const char *words, enum target_kind plain, struct target *target);
void goto_accept(struct screen *screen, const char *words);

#endif
