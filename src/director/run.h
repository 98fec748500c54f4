/* SPDX-License-Identifier: MIT */
/*
 * A run: one lesson alive in its processes, with the wire it is watched through, the history of
 * all it did, and the director that says who moves.
 *
 * Gated: nothing moves but by run_step(). After each step the run is *settled*: every actor is at
 * the gate, waiting, asleep or gone, and the step's events are in the history, in exact order.
 * Births and wake-ups from sleep are no steps: they happen while settling, in the order of
 * actor ids and deadlines, so that a run is decided by its seed and the list of its choices alone.
 *
 * Free: it moves by itself; run_pump() collects what happened, ordered by time stamps.
 *
 * Runs in: front. Owns: the processes, the wire, the history. May block: run_step and run_settle,
 * at most as long as they are told to.
 */
#ifndef LOCKSTEP_DIRECTOR_RUN_H
#define LOCKSTEP_DIRECTOR_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <jansson.h>

#include "base/text.h"
#include "director/schedule.h"
#include "lesson/catalog.h"
#include "lesson/supervisor.h"
#include "world/history.h"
#include "world/narrative.h"

struct run;

enum run_state {
	RUN_GOING,
	RUN_BUSY,     /* gated: an actor is running outside our sight; nothing can be said yet */
	RUN_DEADLOCK, /* gated: nobody can move and nobody sleeps */
	RUN_ENDED,    /* every process of it is gone */
};

/*
 * How long a run may move by itself, in seconds of real time; see limit.c for what counts. What has not come to
 * its end by then never will: a lesson needs seconds. On a screen one that hangs may be the subject of a lecture.
 */
#define RUN_TIME_LIMIT 600.0
#define RUN_TIME_LIMIT_ON_SCREEN 10800.0

/* What a run is started with. */
struct run_options {
	const struct settings *settings; /* copied; names the lesson */
	uint64_t seed;
	bool gated;
	double speed;                    /* free: lesson seconds a real second; 1.0 as it is */
	double time_limit;               /* seconds; 0: one of the above, the longer the slower the lesson's clock goes */
	bool on_screen;                  /* a learner sees it, and chooses who moves */
};

/* Starts the lesson. NULL: `problem` says why. Gated: settled before its first step, or RUN_BUSY when that takes long. */
struct run *run_new(struct launcher *launcher, const struct run_options *options, struct text *problem);

/* Ends what still runs (with a grace) and forgets it all. */
void run_free(struct run *run);

const struct run_options *run_options(const struct run *run);
struct history *run_history(struct run *run);
enum run_state run_state(const struct run *run);

/*
 * Collects what has happened: events, output, ends. Never blocks. True when there was something.
 * Call it when run_poll_fd() is readable, or every 16 ms in a free run.
 */
bool run_pump(struct run *run);
int run_poll_fd(const struct run *run); /* an epoll descriptor: output, deaths */

/* ---- gated ---- */

/* Lets the actors come to rest, at most `ms`. RUN_BUSY when the time was up. */
enum run_state run_settle(struct run *run, int ms);

/* Who may be chosen now, in id order. Returns how many; fills at most `size`. */
size_t run_candidates(struct run *run, uint16_t *actors, size_t size);

/* What each actor is about to do, by actor id; the array belongs to the run, valid until it moves. */
const struct about *run_about(struct run *run, size_t *count);

/* Lets one actor do its next operation, then settles (at most `ms`). -EAGAIN: it cannot be chosen now. */
int run_step(struct run *run, unsigned int actor, int ms);

/* The choices so far. */
const struct schedule *run_schedule(const struct run *run);

/* The virtual clock, or the lesson's clock of a free run, in seconds. */
double run_seconds(const struct run *run);

/* ---- free ---- */

void run_pause(struct run *run, bool pause); /* at each actor's next operation */
bool run_paused(const struct run *run);

/* ---- the end ---- */

struct run_result {
	bool told;            /* the lesson told an outcome; of a deadlock the director tells {"cycle", "stuck"} */
	bool ok;
	bool timed_out;       /* ended by us, at its time limit */
	char *verdict;        /* "lost update", "deadlock", "killed by signal 9", …; never NULL once ended */
	json_t *outcome;      /* borrowed; NULL when not told */
	json_t *expected;
	int exit_status;      /* of the lesson's main, as waitpid(2) */
};

/* What is said of a run after its last event. */
struct run_end {
	const struct run_result *result;
	uint64_t lost;                   /* events that the rings could not take */
	const struct schedule *schedule; /* gated; NULL: free */
};

/* Valid once the state is RUN_ENDED or RUN_DEADLOCK. */
const struct run_result *run_result(struct run *run);
struct run_end run_end(struct run *run);

#endif
