/* SPDX-License-Identifier: MIT */
/*
 * The families that a supervisor looks after: a lesson's main process and all that came from it.
 *
 *     alive ──(main ended)──► dying: SIGKILL to group and escaped, until none is left ──► gone
 *
 * What always holds: the main process of a family is reaped last, so that its pid, and with it the
 * number of its process group, cannot belong to anybody else while we still send signals to it.
 *
 * A process that left the group (setsid, setpgid) is found once its parent has died, for then it is
 * a child of the supervisor (PR_SET_CHILD_SUBREAPER); its mark says of which family it is, and if
 * it has thrown that away, it goes with the first family that dies.
 *
 * Runs in: supervisor. May block: no (but for the start, see child.h).
 */
#ifndef LOCKSTEP_LESSON_FAMILIES_H
#define LOCKSTEP_LESSON_FAMILIES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lesson/child.h"
#include "lesson/mark.h"
#include "lesson/protocol.h"

struct family {
	pid_t main;        /* also its process group; 0: this place is free */
	uint32_t number;   /* in its mark */
	bool dying;        /* main has ended and waits to be reaped */
	bool gone;         /* all reaped; the front is still to be told */
	bool paused;       /* by the learner: a SIGCONT to all is not for it */
	int status;        /* gone: as waitpid(2) */
	uint64_t deadline; /* CLOCK_MONOTONIC ns of the SIGKILL; 0: none */
};

struct families {
	struct family list[LESSONS_AT_ONCE];
	uint32_t started;
	struct mark mark;
	pid_t front;    /* a child of ours too, but no family's */
	bool strangers; /* we had children when we began: orphans without a mark may be theirs */
};

void families_init(struct families *families);

/* The main's pid or -errno; -EAGAIN: too many at once. `child->run` is filled in here. */
pid_t families_start(struct families *families, const struct child *child);

struct family *families_find(struct families *families, pid_t main); /* NULL: not alive */

/* SIGTERM (and SIGCONT, so that it is heard) now, SIGKILL after the grace; 0: SIGKILL now. */
void family_stop(struct family *family, int grace_ms);
void family_pause(struct family *family, bool pause);

void families_freeze(struct families *families, bool freeze); /* all that are not paused anyway */
void families_kill(struct families *families);

/* Kills those whose grace is over. The next deadline, or 0. */
uint64_t families_expire(struct families *families);

/* After a SIGCHLD: reaps, sweeps. */
void families_reap(struct families *families);

/* False while a process of any family, or an orphan of one, may be left. */
bool families_all_gone(const struct families *families);


#endif
