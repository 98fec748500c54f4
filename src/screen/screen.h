/* SPDX-License-Identifier: MIT */
/*
 * The screen: the process that draws, reads keys, drains the wire and directs. One thread, one poll
 * loop; it never waits anywhere else for longer than a frame.
 *
 * Runs in: front (the supervisor's child). Owns: the terminal while it runs.
 */
#ifndef LOCKSTEP_SCREEN_SCREEN_H
#define LOCKSTEP_SCREEN_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "director/schedule.h"
#include "lesson/catalog.h"
#include "lesson/tour.h"
#include "recording/recording.h"

struct screen_options {
	struct catalog *catalog;             /* lessons of the learner's own are refreshed in it */
	const struct catalog_lesson *lesson; /* NULL: the menu */
	const struct settings *settings;     /* NULL: the lesson's own; else of `lesson` */
	const struct schedule *schedule;     /* gated: run up to its end first; NULL: none */
	uint64_t seed;                       /* of the first run */
	bool seed_given;                     /* false: by chance */
	bool gated;                          /* false: starts `lesson` as a free run */
	double speed;                        /* free: lesson seconds a real second; 0: 1.0 */
	double time_limit;                   /* of each run, as in struct run_options; 0: what is usual */
	bool no_quiz;                        /* asks nothing, hides nothing */
	bool quiz_later;                     /* `lesson` opens without its question; e asks it */
	struct recording *recording;         /* shown instead of a lesson; NULL: none */
	bool live;                           /* its schedule is run again, and compared */
	const char *record;                  /* every run is kept in such a file; NULL: none */
	bool ascii;
	bool no_color;                       /* as NO_COLOR in the environment */
	const struct tour *tour;             /* of `lesson`, to be played; NULL: none */
	double tour_speed;                   /* its waits and its pace; 0: 1.0 */
	bool by_key;                         /* its captions stay until a key is pressed */
	bool stage;                          /* the quiet layout, for an audience */
	bool show_keys;                      /* tells those who watch which keys are pressed */
	int width, height;                   /* of the picture; 0: the terminal's */
};

/*
 * Runs until the learner quits. `channel` is the supervisor's (see lesson/supervisor.h). Returns the
 * exit status: 0, 128 + n when signal n ended it, 70 when the terminal could not be opened (said
 * on standard error). rescue_capture() must have been called before the fork.
 */
int screen_main(const struct screen_options *options, int channel);

#endif
