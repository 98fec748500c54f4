/* SPDX-License-Identifier: MIT */
/*
 * The learner's own lessons: $XDG_DATA_HOME/lockstep/lessons/NAME/lesson.c (~/.local/share without it).
 * Beside it lies what we make of it: `lesson`, `lesson.json`, or, when it could not be built,
 * `lesson.errors` with what the compiler said. What the learner wrote is never written to.
 *
 *     cc -g … -I HEADERS lesson.c libmp.a -ljansson -lm        $CC and $CFLAGS are heard
 *
 * Runs in: screen, supervisor (verbs). May block: on the disk; on the compiler, at most OWN_SECONDS.
 */
#ifndef LOCKSTEP_LESSON_OWN_H
#define LOCKSTEP_LESSON_OWN_H

#include <stdbool.h>

#include "base/text.h"

enum { OWN_SECONDS = 60 };

/* Where the lesson of that name lies or would lie; NULL: where all do. NULL: nowhere, there is no home. The caller frees. */
char *own_folder(const char *name);

bool own_exists(const char *folder); /* it has a lesson.c that is a file */

enum own_when {
	OWN_SOURCE_CHANGED, /* what is older than its source, or was never built */
	OWN_RUN,            /* and what is older than the library */
	OWN_ANEW,           /* in any case */
};

/* Builds it when it must be. 0 (`said` has the warnings, if it was compiled now), or -EINVAL with why not in `said`. */
int own_build(const char *folder, enum own_when when, struct text *said);

/* Copies the file NAME from one folder to another, which is made. 0, -EEXIST: there is one, it is as it was; or -errno. */
int own_copy(const char *from, const char *to, const char *name);

#endif
