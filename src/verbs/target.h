/* SPDX-License-Identifier: MIT */
/*
 * A file that is there whole or not at all: it is written without a name, or where that cannot be
 * under another one in the same folder, and gets its own when it is complete and on the disk. What is no
 * regular file (a pipe, a device, "-" for standard output) is written straight away.
 *
 * Runs in: front. Owns: the file, and its removal. May block: as writing does.
 */
#ifndef LOCKSTEP_VERBS_TARGET_H
#define LOCKSTEP_VERBS_TARGET_H

#include <stdbool.h>

#include "verbs/writer.h"

struct target {
	char *path;      /* what it will be called; NULL: standard output */
	char *temporary; /* its name before that; NULL: it is written straight away */
	bool nameless;   /* it has not even that, until it is complete */
	struct writer writer;
};

/* 0 or -errno. */
int target_open(struct target *target, const char *path);

/* 0 or -errno; then, as when it is not `complete`, nothing is left under either name that was not there. */
int target_close(struct target *target, bool complete);

#endif
