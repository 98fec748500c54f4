/* SPDX-License-Identifier: MIT */
/*
 * PIDs that are the same each time: a function runs in a PID namespace of its own (pid_namespaces(7)),
 * with a /proc of its own, where the kernel gives out PIDs from a number we choose. They are the real PIDs
 * of real processes; only nobody else's come in between. Addresses are not randomised there either.
 *
 * Root may do so; others where the kernel gives user namespaces to everybody.
 *
 * Runs in: supervisor. May block: until the function is over.
 */
#ifndef LOCKSTEP_LESSON_PID_SPACE_H
#define LOCKSTEP_LESSON_PID_SPACE_H

#include <stdbool.h>

#include "base/text.h"

/*
 * Calls `function` in a child that is the first process of its namespace; the processes that it
 * makes have PIDs from `first` on. Whatever dies, nothing of it is left. True: `status` is what it
 * returned, or 128 + n when signal n ended it. False: that cannot be had here, `problem` says why,
 * and nothing was called.
 */
bool pid_space_run(int (*function)(void *context), void *context, int first, int *status, struct text *problem);

#endif
