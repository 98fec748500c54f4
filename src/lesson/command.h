/* SPDX-License-Identifier: MIT */
/*
 * A program that we ask something: its output in a pipe, its time and its output limited. It has a
 * process group of its own, which is killed when its time is up or when we die.
 *
 * Runs in: screen, supervisor (before the front is forked). May block: until it has ended, at most `seconds`.
 */
#ifndef LOCKSTEP_LESSON_COMMAND_H
#define LOCKSTEP_LESSON_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct command {
	char *const *arguments; /* NULL-terminated; the first is looked for in PATH unless it has a slash */
	const char *folder;     /* where it runs; NULL: where we are */
	bool errors;            /* its standard error is wanted too */
	size_t output_max;
	int seconds;
};

/* 0 with how it ended (as waitpid(2)); -ETIMEDOUT; -EFBIG: it printed more; or -errno: no process, no pipe. */
int command_run(const struct command *command, struct text *output, int *status);

#endif
