/* SPDX-License-Identifier: MIT */
/*
 * What stands at the head of a recording, as JSON (see format.h): the lesson as it described
 * itself, its parameters, and how it was run.
 *
 * Runs in: front. Owns: the lesson and the settings. May block: no.
 */
#ifndef LOCKSTEP_RECORDING_HEAD_H
#define LOCKSTEP_RECORDING_HEAD_H

#include "base/text.h"
#include "director/run.h"
#include "lesson/catalog.h"

struct head {
	struct catalog_lesson lesson; /* without paths */
	struct settings settings;
	struct run_options options;   /* with these settings */
	char *version;
};

/* The options point into the head: it stays where it is. */
void head_release(struct head *head);

void head_pack(struct text *content, const struct run_options *options);

/*
 * 0, or -EINVAL with what is wrong in `problem`; then there is nothing to release. A setting that the
 * lesson does not allow is left at its default, which is said in `problem` too, a line each.
 */
int head_unpack(struct head *head, const struct text *content, struct text *problem);

/* For a recording whose head is lost: a lesson of which nothing is known. */
void head_stand_in(struct head *head);

#endif
