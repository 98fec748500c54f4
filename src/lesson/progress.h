/* SPDX-License-Identifier: MIT */
/*
 * How far a learner has come: which lessons were seen, predicted right, finished. Kept in
 * $XDG_STATE_HOME/lockstep/progress.json (~/.local/state without it):
 *
 *     {"version": 1, "lessons": {"bank-race": {"seen": true, "right": true, "finished": false}}}
 *
 * and, of an exercise, "hints": how many of them were shown.
 *
 * Saving writes a temporary file beside it, has it on the disk, and renames it: whoever reads sees
 * the old file or the new one, whatever crashes and however full the disk is. What another lockstep
 * has added since is kept. A file that cannot be understood is put aside, never overwritten.
 *
 * Runs in: screen, supervisor (the verb). Owns: its entries. May block: on the disk.
 */
#ifndef LOCKSTEP_LESSON_PROGRESS_H
#define LOCKSTEP_LESSON_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "lesson/catalog.h"

enum { PROGRESS_SEEN = 0x1, PROGRESS_RIGHT = 0x2, PROGRESS_FINISHED = 0x4 };

enum {
	PROGRESS_BYTES_MAX = 256 * 1024,
	PROGRESS_LESSONS_MAX = 4000,
	PROGRESS_NAME_MAX = 64,
};

struct progress_entry {
	char *name;
	unsigned int marks;
	unsigned int hints;
};

struct progress {
	char *path; /* NULL: neither XDG_STATE_HOME nor HOME says where */
	struct progress_entry *entries;
	size_t count;
};

/* Reads what there is. 0 (also when there is no file), -EINVAL: not understood, or -errno. */
int progress_load(struct progress *progress);
void progress_release(struct progress *progress);

unsigned int progress_of(const struct progress *progress, const char *lesson);

/* True when that is new: then it should be saved. */
bool progress_mark(struct progress *progress, const char *lesson, unsigned int marks);

unsigned int progress_hints(const struct progress *progress, const char *lesson);
void progress_set_hints(struct progress *progress, const char *lesson, unsigned int hints); /* never fewer than before */

int progress_save(struct progress *progress); /* 0 or -errno: then the old file is as it was */
int progress_reset(struct progress *progress); /* removes the file; 0 or -errno */

/* The first lesson that is not finished, as index into the catalog; its count: all are. */
size_t progress_next(const struct progress *progress, const struct catalog *catalog);

#endif
