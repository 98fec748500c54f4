/* SPDX-License-Identifier: MIT */
/*
 * A lesson's main process: fork, set-up, exec. What goes wrong in the child travels up a pipe as an
 * errno, so that the caller has either a running lesson or a reason.
 *
 * Runs in: supervisor; the set-up in the child. May block: until the exec, which is a disk away.
 */
#ifndef LOCKSTEP_LESSON_CHILD_H
#define LOCKSTEP_LESSON_CHILD_H

#include <sys/types.h>

enum { CHILD_WIRE = 3 }; /* the wire's descriptor in the lesson */

struct child {
	char *const *arguments; /* NULL-terminated, the program first */
	const char *run;        /* the value of its mark, see mark.h */
	int wire;               /* -1: none (then output goes to /dev/null) */
	int output;
	int error_output;
	int cpu;                /* -1: any */
};

/* Its pid, which is also its process group's id, or -errno. */
pid_t child_spawn(const struct child *child);

#endif
