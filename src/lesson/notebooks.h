/* SPDX-License-Identifier: MIT */
/*
 * The five notebooks that the lessons come from: their sections with code (and two with a task or a
 * claim), in their own order, and the lessons that each became.
 *
 * Runs in: both. Pure. May block: no.
 */
#ifndef LOCKSTEP_LESSON_NOTEBOOKS_H
#define LOCKSTEP_LESSON_NOTEBOOKS_H

#include <stddef.h>

struct notebook_section {
	const char *title;
	const char *lessons; /* names, a blank between them */
};

struct notebook {
	char letter;
	const char *name;  /* of its file */
	const char *title;
	const struct notebook_section *sections; /* ended by one without a title */
};

extern const struct notebook NOTEBOOKS[]; /* ended by one without a letter */

/* By its letter, small or capital, or its name; NULL: there is none. */
const struct notebook *notebook_find(const char *word);

#endif
