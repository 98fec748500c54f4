/* SPDX-License-Identifier: MIT */
/*
 * A lesson's description: the JSON that `lesson --describe` prints, read into a catalog_lesson.
 * It is the work of whoever wrote the lesson and is checked like any foreign text: sizes, kinds,
 * that fallbacks, variants and step_settings are values that the parameters allow.
 *
 *     {"title","summary","outcome","right","step_settings": string or null,
 *      "parameters":[{"name","help","fallback","choices":["off","on"] or null,"low","high","real"}],
 *      "variants":[{"name","settings","says"}]}
 *
 * Runs in: screen. May block: describe_run, at most DESCRIBE_SECONDS.
 */
#ifndef LOCKSTEP_LESSON_DESCRIBE_H
#define LOCKSTEP_LESSON_DESCRIBE_H

#include <jansson.h>

#include "base/text.h"
#include "lesson/catalog.h"

enum {
	DESCRIBE_BYTES_MAX = 256 * 1024,
	DESCRIBE_SECONDS = 5,
};

/* 0, or -EINVAL with what is wrong in `problem`; then what was filled in is still to be released. */
int describe_read(struct catalog_lesson *lesson, const char *json, size_t length, struct text *problem);

/*
 * Only the title and the summary, where the description begins with these, as `lesson --describe` writes it:
 * 0. What stands behind them may still be wrong. -EINVAL: it does not begin so, and nothing was filled in.
 */
int describe_begin(struct catalog_lesson *lesson, const char *json, size_t length);

int describe_read_json(struct catalog_lesson *lesson, const json_t *json, struct text *problem); /* likewise, parsed already */

/* The way back: what describe_read() makes the same lesson of. The caller's. */
json_t *describe_json(const struct catalog_lesson *lesson);

/* Runs `program --describe` and takes what it prints. 0 or -EINVAL with what went wrong in `problem`. */
int describe_run(struct text *json, const char *program, struct text *problem);

#endif
