/* SPDX-License-Identifier: MIT */
/*
 * What an exercise asks for, and whether a run did it: told from the events of the run, in the order
 * in which a learner gets there. A new exercise is a row of EXERCISES and its rules.
 *
 * Runs in: front (the verb `check`). Pure. May block: no.
 */
#ifndef LOCKSTEP_LESSON_EXERCISE_H
#define LOCKSTEP_LESSON_EXERCISE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "world/history.h"

/* A run that has ended, as the lesson said that it may, or one that came to no end. */
struct exercise_run {
	const struct history *history;
	const json_t *outcome; /* NULL: it came to no end */
};

struct exercise_rule {
	const char *asks;     /* "a pool of 5 workers"; NULL ends the list */
	const char *settings; /* of the runs that it looks at; NULL: all */
	bool (*is_met)(const struct exercise_run *run, struct text *why); /* why not: what was seen, and what would be right */
};

struct exercise {
	const char *lesson;
	const char *const *settings; /* with these it is run: "sleep=off"; ended by NULL */
	const struct exercise_rule *rules;
	void (*explain_stuck)(const struct exercise_run *run, struct text *why); /* of a run that came to no end; nothing when it cannot */
};

const struct exercise *exercise_find(const char *lesson); /* NULL: it is no exercise that we know */

#endif
