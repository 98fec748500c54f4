/* SPDX-License-Identifier: MIT */
/*
 * The process that asks: who it is, and how it leaves.
 *
 * Runs in: lesson. Not installed. May block: process_finish, process_leave.
 */
#ifndef LOCKSTEP_MP_PROCESS_SELF_H
#define LOCKSTEP_MP_PROCESS_SELF_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct process_self {
	pid_t pid;
	const char *name;
	const char *parent;   /* its name; NULL in the first */
	const char *identity; /* "" in the first, "3" in its third child, "3:1" in that one's first */
	unsigned int made;    /* process objects made so far; guarded by the books' lock */
	bool daemon;
	bool child;           /* forked by process_start(): leaves by _exit only */
	bool leaving;
};

extern struct process_self process_self;

/* What a process does before it ends, once: util._exit_function(). */
void process_finish(void);

void process_flush(void); /* stdout and stderr */

/* How a child ends. */
_Noreturn void process_leave(int code, uint32_t place);

/* ---- of process_end.c ---- */

void process_end_children(void); /* daemons are terminated, then all are joined */

#endif
