/* SPDX-License-Identifier: MIT */
/*
 * A tour: a demonstration of a lesson, as a short text beside it, `tour`. One command a line; '#'
 * at the beginning of a line starts a comment; a line that begins with white space goes on with
 * the line before.
 *
 *     set NAME=VALUE …           parameters; the run starts (again) with them at the next command that needs one
 *     seed N                     the same; without it the seed is 7
 *     say WORDS                  a caption, at most two lines; the tour goes on when it has been read
 *     wait SECONDS
 *     pace STEPS                 so many steps a second from here on: 0.5 1 2 5 10 20 50 200 (2 at the beginning)
 *     step WHO                   lets WHO do its next operation
 *     step WHO N                 N of them
 *     step WHO until OP [OBJECT] until it has done OP: `step deposit until value.write balance`
 *     step WHO before OP [OBJECT] until it is about to
 *     step WHO until blocked     until it waits, sleeps or has left; `until exit`: until it has left
 *     run                        everybody, whom the strategy chooses, to the end or the deadlock
 *     run N                      N steps
 *     run until [WHO] OP [OBJECT] until WHO (or anybody) has done OP; `run until blocked`: until nobody can move
 *     follow CHOICES             a schedule's choices, from here on: 0x3,1,2x2
 *     strategy NAME              whom `run` lets move: random (by the seed), round-robin
 *     back [N]                   takes N steps back
 *     again                      from the beginning
 *     press KEY …                keys, by the names of view/keys.h: v tab space
 *     answer LETTER              asks the lesson's question and gives that answer
 *     focus PANE                 timeline, shared, locks, queues, source, console, text, meaning
 *
 * WHO is a name as the screen shows it (MainProcess, or main; deposit), the number of a lane, or
 * PROCESS/NAME for a thread when several have that name (producer/QueueFeederThread).
 *
 * Runs in: supervisor, screen. Owns: its strings. May block: tour_read, on the disk.
 */
#ifndef LOCKSTEP_LESSON_TOUR_H
#define LOCKSTEP_LESSON_TOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "lesson/catalog.h"

enum tour_verb {
	TOUR_SET, TOUR_SEED, TOUR_SAY, TOUR_WAIT, TOUR_PACE, TOUR_STEP, TOUR_RUN, TOUR_FOLLOW, TOUR_STRATEGY, TOUR_BACK,
	TOUR_AGAIN, TOUR_PRESS, TOUR_ANSWER, TOUR_FOCUS, TOUR_VERBS
};

/* When a command that moves is done. */
enum tour_until {
	UNTIL_COUNT,   /* after `count` steps; 0: when nobody can move */
	UNTIL_DONE,    /* `who` has done `kind` to `object` */
	UNTIL_BEFORE,  /* … is about to */
	UNTIL_BLOCKED,
	UNTIL_EXIT,
};

struct tour_command {
	enum tour_verb verb;
	unsigned int line;     /* of the script, from 1 */
	char *words;           /* SAY, SET, FOLLOW, STRATEGY, PRESS, ANSWER, FOCUS: what stands behind the verb */
	char *who, *object;    /* STEP, RUN; NULL: anybody, any */
	enum tour_until until;
	unsigned int kind;     /* enum event_kind */
	unsigned long count;   /* STEP, RUN, BACK */
	uint64_t seed;
	double number;         /* WAIT: seconds; PACE: steps a second */
};

struct tour {
	struct tour_command *commands;
	size_t count;
	size_t captions;
};

enum {
	TOUR_SEED_DEFAULT = 7,
	TOUR_CAPTION_LINES = 2,
	TOUR_CAPTION_WIDTH = 64, /* of a line, on a screen of 80 columns */
};

/*
 * 0, or -EINVAL with "line 7: what is wrong; what would be right" in `problem`. What only the
 * lesson's run can know is checked when it plays.
 */
int tour_parse(struct tour *tour, const char *script, const struct catalog_lesson *lesson, struct text *problem);

/* The tour of a lesson. 0; -ENOENT: it has none; -errno; -EINVAL: `problem` begins with the file's name. */
int tour_read(struct tour *tour, const struct catalog_lesson *lesson, struct text *problem);
void tour_release(struct tour *tour);

const char *tour_verb_name(enum tour_verb verb);

/* How long it takes to read a caption aloud, in seconds. */
double tour_reading_seconds(const char *caption);

#endif
