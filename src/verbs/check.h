/* SPDX-License-Identifier: MIT */
/*
 * What `check` looks at, and the front that does it: the lesson is run stepped, in different orders,
 * and freely, and what its runs did is held against what was asked. Private to src/verbs.
 *
 * Runs in: supervisor (the verb), front (the runs).
 */
#ifndef LOCKSTEP_VERBS_CHECK_H
#define LOCKSTEP_VERBS_CHECK_H

#include "lesson/catalog.h"
#include "lesson/exercise.h"

struct check_request {
	const struct catalog_lesson *lesson;
	const struct exercise *exercise; /* NULL: it has only to end as it says that it may */
};

/* Says what stands and what is missing. The exit status: 0 when nothing is. For supervisor_run(). */
int check_runs(int channel, void *context);

struct run;
/* Adds why a run came to no end: who waits, who died, what it did last. `exercise` may be NULL. */
void check_explain(struct run *run, const struct exercise *exercise, struct text *why);

void check_say(const char *text); /* a paragraph, indented and wrapped */

#endif
