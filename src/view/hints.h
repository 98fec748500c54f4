/* SPDX-License-Identifier: MIT */
/*
 * Hints: which keys the key line tells of, in which room and overlay, and when each works.
 *
 * Runs in: screen. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_HINTS_H
#define LOCKSTEP_VIEW_HINTS_H

#include "view/keys.h"
#include "view/scene.h"

/* A key to be told of. NULL for `keys` or `label`: as in KEY_TABLE. Where room is short the highest ranks go first. */
struct hint {
	enum action action;
	const char *keys;
	const char *label;
	int rank;
	bool (*works)(const struct scene *scene);
};

/* Those of what is open now; a row without `works` ends the list. */
const struct hint *hints_of(const struct scene *scene);

#endif
