/* SPDX-License-Identifier: MIT */
/*
 * A tour played without a terminal: with the same processes, the same screen and the same player, by a
 * clock that only reading, waiting and the pace of steps take forward. What it becomes is a row: a
 * cast, lines of text, a picture of one moment.
 *
 * Runs in: front (the supervisor's child). May block: as the lesson does.
 */
#ifndef LOCKSTEP_SCREEN_RENDER_H
#define LOCKSTEP_SCREEN_RENDER_H

#include <signal.h>

#include "base/text.h"
#include "screen/screen.h"

struct render;

struct render_form {
	void (*begin)(struct render *render);
	void (*frame)(struct render *render);   /* what is in the screen's canvas stands from now on; see render_now() */
	void (*caption)(struct render *render, const char *words);
	void (*end)(struct render *render);
};

extern const struct render_form RENDER_CAST, RENDER_TEXT, RENDER_SVG;

struct render_options {
	struct screen_options screen;  /* with a tour, and a size */
	const struct render_form *form;
	int cast_version;
	size_t at;                     /* RENDER_SVG: the caption, from 1; 0: the last */
	/* Takes what has come so far and empties it; `done`: it is all. 0, or -errno: no more is wanted. */
	int (*write)(struct text *out, bool done, void *context);
	void *context;
	const volatile sig_atomic_t *stop; /* not 0: it is to end as it is */
};

/* For supervisor_run(). 0; 1: the tour could not go on, which was said; 70. */
int render_main(const struct render_options *options, int channel);

#endif
