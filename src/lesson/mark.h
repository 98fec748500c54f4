/* SPDX-License-Identifier: MIT */
/*
 * The mark by which a process is known to belong to a run: LOCKSTEP_RUN=SUPERVISOR.NUMBER in the environment it was
 * started with, which a fork keeps, and an exec, too, unless it is given another. No two supervisors
 * have the same, in whatever PID namespace.
 *
 * A process that executes a program with an environment without it cannot be told from a stranger by this.
 *
 * Runs in: supervisor; in the front once the supervisor is dead.
 */
#ifndef LOCKSTEP_LESSON_MARK_H
#define LOCKSTEP_LESSON_MARK_H

#include <stdint.h>
#include <sys/types.h>

#define MARK_ENVIRONMENT "LOCKSTEP_RUN"

struct mark {
	char supervisor[40];
};

enum { MARK_VALUE_MAX = 56 }; /* with its NUL */

void mark_init(struct mark *mark); /* by the supervisor itself */

/* The value for a run. Numbers are from 1 on. */
void mark_print(const struct mark *mark, uint32_t number, char value[MARK_VALUE_MAX]);

/* The number of the run that a process belongs to; 0: to none of this supervisor's. */
uint32_t mark_number_of(const struct mark *mark, pid_t pid);

/*
 * SIGKILL to everybody who bears the mark, of whatever run, until nobody does, for at most `ms`. May block so long.
 * Only for when the supervisor is dead: while it lives it has them all as its children, and need not search.
 */
void mark_kill_all(const struct mark *mark, int ms);

#endif
