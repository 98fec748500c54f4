/* SPDX-License-Identifier: MIT */
/*
 * What the files of a run share.
 *
 *     run.c      starts and ends it, pumps a free run
 *     settle.c   the gate: grants, rest, births, the virtual clock, deadlock
 *     limit.c    ends it when it takes too long
 *     collect.c  from rings, output pipes and deaths into the history
 *     result.c   what came of it
 *
 * Runs in: front.
 */
#ifndef LOCKSTEP_DIRECTOR_INTERNAL_H
#define LOCKSTEP_DIRECTOR_INTERNAL_H

#include <sched.h>

#include "director/run.h"
#include "lesson/places.h"
#include "wire/reader.h"
#include "wire/wire.h"

enum {
	PLACE_CACHE = 256,       /* direct-mapped: places known to be in the history */
	OUTPUT_LINE_MAX = 65536, /* a longer line of output is told in pieces */
	OUTPUT_PENDING_MAX = 16 << 20, /* a step that prints more is told before it has ended */
};

/* What the director knows of an actor, from the wire's events and its own eyes. */
struct member {
	uint16_t id;
	uint8_t kind;         /* enum actor_kind */
	bool moving;          /* granted or born, not yet seen at rest */
	bool told_exit;       /* its exit event has been collected */
	int32_t pid;
	int pidfd;            /* -1: a thread, not yet known, or gone */
	uint64_t gone_since;  /* CLOCK_MONOTONIC ns; when it was to be watched, it was no more. 0: not so */
	uint64_t moving_since; /* CLOCK_MONOTONIC ns */
};

struct output {
	int fd;               /* -1 at its end */
	uint32_t stream;      /* 1 stdout, 2 stderr */
	struct text pending;  /* read, not yet told: lines under way, or of a step that is */
};

struct run {
	struct run_options options;
	struct settings settings;
	struct launcher *launcher;
	pid_t main;           /* 0 once it is gone */
	struct wire wire;
	struct wire_reader *reader;
	struct history *history;
	struct places *places; /* NULL: no debug information */
	uint32_t place_cache[PLACE_CACHE];
	int epoll;
	struct output outputs[2];
	uint16_t output_actor; /* to whom output is put down: who moved last */

	struct member *members; /* the live actors, in id order */
	size_t member_count;
	uint32_t actors_seen;   /* ids looked at so far */
	bool check_deaths;      /* something was told that may have killed somebody */

	uint64_t moved;         /* ns that count for the time limit, up to `counted` */
	uint64_t counted;       /* CLOCK_MONOTONIC ns; 0: nothing yet */
	bool timed_out;         /* its limit has come; it is being ended */

	enum run_state state;
	bool begun;             /* it has come to rest once */
	bool step_open;         /* a grant was given; its step is not settled yet */
	uint64_t paused_since;  /* free: 0 when not paused */
	struct schedule schedule;
	struct about *about;
	size_t about_count;
	struct text scratch;

	bool finished;          /* `result` is valid */
	struct run_result result;
	json_t *told;           /* what the lesson told, whole */
	cpu_set_t front_cpus;   /* where the front ran before it shared a core with the lesson */
};

/* ---- collect.c ---- */

void collect_event(void *run, const struct wire_event *event, const char *text, size_t length); /* a wire_sink */
void collect_place(struct run *run, uint32_t place); /* into the history, when it is new */
void collect_newcomers(struct run *run);  /* actors that have appeared in the table */
void collect_watch(struct run *run, unsigned int actor, int64_t pid); /* a process, for its death */
bool collect_output(struct run *run);     /* what lies in the output pipes, told line by line */
void collect_output_quietly(struct run *run); /* makes room in them; told when the step has been collected */
/*
 * Processes that died without a word. While somebody moves only those that move themselves are
 * looked at: another's death is what the mover does, and is told after it.
 */
bool collect_deaths(struct run *run, bool movers_only); /* true when there were any */
void collect_end(struct run *run, int status); /* of the main process, as waitpid(2) */
/* The actor has left: its ring is drained and closed, its threads with it if it was a process. */
void collect_departure(struct run *run, struct member *member);
void collect_forget(struct run *run, unsigned int actor); /* one that was announced but never started */
struct member *run_member(struct run *run, unsigned int actor); /* NULL: not alive */

/* ---- settle.c ---- */

/* The main process has left: the supervisor sweeps the rest and says how it ended. RUN_BUSY: not yet. */
enum run_state settle_end(struct run *run, uint64_t deadline);

/* ---- limit.c ---- */

double limit_seconds(const struct run *run);

void limit_look(struct run *run); /* we turn to it */

/* Counts the time up to now, and ends the run when that was its last: a gated one at once, a free one when it is swept. */
void limit_count(struct run *run);

/* ---- result.c ---- */

/* The main process has ended, or (deadlock) never will. */
void result_finish(struct run *run, enum run_state state, int exit_status);
void result_release(struct run *run);

#endif
