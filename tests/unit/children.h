/* SPDX-License-Identifier: MIT */
/*
 * Children for tests of what processes do together: plain forks, each reports by its exit status;
 * only the parent asserts.
 */
#ifndef TESTS_UNIT_CHILDREN_H
#define TESTS_UNIT_CHILDREN_H

#include <stdbool.h>
#include <sys/types.h>

/* Forks; the child leaves with body(argument) as its status. */
pid_t child_start(int (*body)(void *argument), void *argument);

/* Its exit status, -n when signal n ended it, or 1000 when it had to be killed after `seconds`. */
int child_wait(pid_t child, double seconds);

/* Whether it is still running. Does not reap. */
bool child_runs(pid_t child);

/* Tries `holds(argument)` again and again, at most `seconds`. */
bool eventually(bool (*holds)(void *argument), void *argument, double seconds);

/* From now on this process is interrupted by SIGUSR1 a thousand times a second. */
void interrupt_often(void);
void interrupt_no_more(void);

double seconds_now(void);

#endif
