/* SPDX-License-Identifier: MIT */
/*
 * The picture of a recording at a position: all of a scene but where the learner is (`ui`), as the
 * screen showed it when the run had come so far. Casts, pictures and pages are made of it.
 *
 * Forward is cheap; back begins again.
 *
 * Runs in: front. Owns: the world that it takes to and fro, the words that the scene borrows. Pure.
 * May block: no.
 */
#ifndef LOCKSTEP_EXPORT_STILL_H
#define LOCKSTEP_EXPORT_STILL_H

#include "recording/recording.h"
#include "view/scene.h"

struct still {
	struct recording *recording;
	struct world *ahead;      /* of the recording: knows what everybody did next */
	struct history *so_far;   /* a copy of it up to the position: the picture of then knew no more */
	struct world *world;      /* of that */
	struct about *about;
	struct text settings, outcome;
	struct text opening;      /* of the lesson's text: what can be read before the end */
	struct quiz quiz;
};

void still_init(struct still *still, struct recording *recording); /* all of it loaded */
void still_release(struct still *still);

/* Goes to `position` (HISTORY_NONE: the end) and fills the scene. */
void still_fill(struct still *still, uint64_t position, struct scene *scene);

/* In whose lane the last event is shown that somebody did of his own will; the first actor, when nobody did. */
uint16_t still_mover(const struct still *still);

/* A scene with nothing open and nobody but the first actor selected. */
void still_scene(struct scene *scene);

#endif
