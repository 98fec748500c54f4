/* SPDX-License-Identifier: MIT */
/*
 * Playing a tour (lesson/tour.h) on the screen, and what is shown to those who watch: captions, keys.
 *
 *     tour.c         the player: one command after the other, when each is due
 *     tour_moves.c   the commands that move somebody
 *     tour_asides.c  those that do not
 *     tour_keys.c    what whoever presents it can press
 *     audience.c     captions and keys into the scene; a picture of a fixed size
 *     render.c       a tour without a terminal: as a cast, a picture, or text
 *
 * The player does what the keys do, with the same functions. It goes on when what it did has come
 * to rest, and when its own clock says so: the screen's on a terminal, without the time in which it was
 * paused; the one of render.c else, in which nothing takes time but reading and moving at a pace.
 *
 * Runs in: screen.
 */
#ifndef LOCKSTEP_SCREEN_TOUR_H
#define LOCKSTEP_SCREEN_TOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "director/schedule.h"
#include "lesson/tour.h"
#include "screen/screen.h"
#include "view/canvas.h"

struct screen;

struct tour_player {
	const struct tour *tour;   /* NULL: none plays */
	const struct catalog_lesson *lesson;
	bool by_key;               /* captions stay until a key is pressed */
	size_t at;                 /* the command that goes on, or is next */
	bool begun;                /* it goes on */
	unsigned long done;        /* its steps so far */
	uint64_t mark;             /* events that were there when it began */
	struct schedule choices;   /* TOUR_FOLLOW */
	double pace;               /* steps a second */
	uint64_t due;              /* when to do the next thing */
	uint64_t paused;           /* since when; 0: it goes on */
	bool waits;                /* for a key */
	bool stale;                /* the run is not of these settings and this seed: another one is needed */
	const char *caption;       /* NULL: none yet */
	size_t captions;           /* so far */
	size_t goal;               /* captions up to which everything is done at once; 0: none */
	bool over;
	struct text problem;       /* over: why it could not go on; "" it has come to its end */
};

/* What those who watch see of the keys. */
struct audience {
	char key[16];              /* pressed last, */
	unsigned int times;        /* so often in a row */
	struct text keys;          /* the same in words; "" once it is a while ago */
	uint64_t keys_until;       /* 0: none are shown */
	struct text note;
	struct canvas whole;       /* of the terminal, around a picture of a fixed size */
};

/* ---- tour.c ---- */

/* Opens the lesson, and plays. */
void tour_start(struct screen *screen, const struct catalog_lesson *lesson, const struct tour *tour, bool by_key);
void tour_open(struct screen *screen); /* of the lesson that is open or selected, read from its folder */
void tour_take_over(struct screen *screen); /* the learner goes on from here by hand */
uint64_t tour_work(struct screen *screen, uint64_t now);
bool tour_plays(const struct screen *screen);
bool tour_unsettled(struct screen *screen); /* what was done has not come to rest */
void tour_pause(struct screen *screen, bool pause);
void tour_go_to(struct screen *screen, size_t caption); /* from 1; plays again, at once, up to it */
void tour_leave(struct screen *screen);
const struct tour_command *tour_command(const struct tour_player *player);
void tour_delay(struct screen *screen, uint64_t now, double seconds);
/* It cannot go on: "line 7: deposit cannot move: …". True, for the command that is over with that. */
bool tour_fail(struct screen *screen, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- tour_moves.c, tour_asides.c: one function a command; true when it is done. Called again, when due, until then. ---- */

bool tour_step(struct screen *screen, uint64_t now);
bool tour_run(struct screen *screen, uint64_t now);
bool tour_follow(struct screen *screen, uint64_t now);
bool tour_back(struct screen *screen, uint64_t now);
bool tour_again(struct screen *screen, uint64_t now);
bool tour_say(struct screen *screen, uint64_t now);
bool tour_set(struct screen *screen, uint64_t now);
bool tour_seed(struct screen *screen, uint64_t now);
bool tour_wait(struct screen *screen, uint64_t now);
bool tour_set_pace(struct screen *screen, uint64_t now);
bool tour_strategy(struct screen *screen, uint64_t now);
bool tour_press(struct screen *screen, uint64_t now);
bool tour_answer(struct screen *screen, uint64_t now);
bool tour_focus(struct screen *screen, uint64_t now);

/* ---- tour_keys.c ---- */

bool tour_key(struct screen *screen, uint32_t key); /* false: it is no key of a tour's */

/* ---- audience.c ---- */

void audience_key(struct screen *screen, const char *name); /* was pressed */
uint64_t audience_work(struct screen *screen, uint64_t now);
void audience_fill(struct screen *screen);
void audience_size(struct screen *screen, int width, int height); /* of the terminal: makes the canvas */
void audience_present(struct screen *screen); /* the canvas onto the terminal */
void audience_point(const struct screen *screen, int *x, int *y); /* of the terminal → of the picture */
void audience_release(struct audience *audience);

#endif
