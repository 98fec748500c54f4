/* SPDX-License-Identifier: MIT */
/*
 * The supervisor: the first process. It starts the front (the screen, or the printer of text and
 * JSON) and, at its wish, lessons; it reaps everything (it is a subreaper), and whatever dies by
 * whatever signal, within a second no process of a run is left and the terminal is as it was.
 *
 *     supervisor ─┬─ front       asks through a SOCK_SEQPACKET pair: start, stop
 *                 └─ lesson main, leader of its own process group ─ workers …
 *
 * Both children ask for PR_SET_PDEATHSIG and check getppid(2) after; the front gets SIGTERM when the
 * supervisor dies, kills the groups it knows and, when it returns, is made to search for whoever had
 * left his group (mark.h), so that SIGKILL of any one process is survived by none of the run. Of both at once
 * all die whom a parent or a group takes along. The supervisor is single-threaded and small, so that
 * a fork is cheap.
 *
 * Runs in: supervisor (supervisor_run), front (launcher_*).
 */
#ifndef LOCKSTEP_LESSON_SUPERVISOR_H
#define LOCKSTEP_LESSON_SUPERVISOR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How to make the terminal usable again when the front could not; see term/rescue.h. */
struct supervisor_hooks {
	void (*rescue)(void); /* NULL: nothing to do */
};

/*
 * Runs `front` in a child and supervises until it has ended. Returns the exit status of the
 * program: the front's own, or 128 + n when signal n ended it. A front that hears of SIGTERM returns soon.
 */
int supervisor_run(int (*front)(int channel, void *context), void *context, const struct supervisor_hooks *hooks);

/* ---- the front's side; one request at a time ---- */


struct launch {
	const char *program;
	char *const *arguments; /* NULL-terminated, without the program's name */
	int wire;               /* descriptors that the lesson inherits; -1 none */
	int output;
	int error_output;
	int cpu;                /* -1: any; else it and its children stay on this one */
};

struct launch_exit {
	pid_t pid;
	int status; /* as waitpid(2) */
};

enum { LAUNCHER_MAX = 8 }; /* lessons at once */

struct launcher {
	int channel;
	pid_t running[LAUNCHER_MAX];             /* process groups that are alive as far as we know; 0 none */
	struct launch_exit exits[LAUNCHER_MAX];  /* told to us, not yet asked for; oldest first */
	size_t exit_count;
};

void launcher_init(struct launcher *launcher, int channel);

/* Starts a lesson in its own process group, stdin /dev/null. Its pid, or -errno (exec's too). */
pid_t launcher_start(struct launcher *launcher, const struct launch *launch);

/*
 * Ends a run: SIGTERM, after `grace_ms` SIGKILL, to the whole group and every orphan of it.
 * Returns at once; launcher_next_exit() tells when the last one is gone.
 */
int launcher_stop(struct launcher *launcher, pid_t pid, int grace_ms);
int launcher_pause(struct launcher *launcher, pid_t pid, bool pause); /* SIGSTOP, SIGCONT to the group */

/* A lesson's main that ended, its group already swept. 1, or 0: none; -EPIPE: the supervisor is gone. Never blocks. */
int launcher_next_exit(struct launcher *launcher, struct launch_exit *exit);

/* Waits for it at most `ms`. */
int launcher_wait_exit(struct launcher *launcher, pid_t pid, int ms, struct launch_exit *exit);

/* Kills all that is known, in a front that was told to go. Async-signal-safe. */
void launcher_kill_all(struct launcher *launcher);

#endif
