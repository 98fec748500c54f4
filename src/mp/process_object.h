/* SPDX-License-Identifier: MIT */
/*
 * What a process object is. process.c makes, starts and describes it; process_end.c waits for it and
 * ends it.
 *
 * Runs in: lesson. Not installed.
 */
#ifndef LOCKSTEP_MP_PROCESS_OBJECT_H
#define LOCKSTEP_MP_PROCESS_OBJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
	struct process *next; /* in `process_children`, from its start until it is reaped */
	char *name;
	char *identity;
	void (*target)(void *argument);
	void *argument;
	pid_t creator;
	pid_t pid;            /* 0 before start */
	bool daemon;
	bool worker;          /* the library's: begins where it was started, not in its target */
	bool ended;           /* reaped; `code` is its exit code */
	bool closed;
	bool forgotten;       /* process_free() while it ran: freed when it is reaped */
	int code;
	uint16_t actor;
	uint16_t object;
};

/* This process's running children. Guarded, as `ended`, `code` and `forgotten` of each, by the books' lock. */
extern struct process *process_children;

void process_release(struct process *process);

/*
 * For children of this process. Who has ended is reaped, as Python does when one asks how a process is
 * or starts another (popen_fork.py: poll(); process.py: _cleanup()), and that is told.
 */
bool process_has_ended(struct process *process, uint32_t place);
size_t process_reap_all(uint32_t place); /* how many are left */
bool process_reap(struct process *process); /* the same for one, by who joins it and tells of that */

#endif
