/* SPDX-License-Identifier: MIT */
/* The stories that are pictured: a row each. */
#ifndef LOCKSTEP_TESTS_VIEW_CAST_H
#define LOCKSTEP_TESTS_VIEW_CAST_H

#include "story.h"

struct cast {
	const char *name;                    /* of its golden files */
	bool gated;
	void (*tell)(struct story *story);   /* tells what happened and how it is looked at */
	bool ascii;                          /* pictured in ASCII as well */
};

extern const struct cast cast[]; /* ends with a row without a name */

#endif
