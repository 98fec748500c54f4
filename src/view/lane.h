/* SPDX-License-Identifier: MIT */
/*
 * Lanes: one a process or thread; a helper thread of the library has one only when asked for,
 * else it is folded under the process that it helps.
 *
 * Runs in: screen. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_LANE_H
#define LOCKSTEP_VIEW_LANE_H

#include "base/text.h"
#include "view/scene.h"

/* The actor under whose lane an actor is shown: itself, or what a folded helper helps. */
uint16_t lane_owner(const struct scene *scene, unsigned int actor);

/* What is known of what an actor is about to do; NULL when nothing is. */
const struct about *lane_about(const struct scene *scene, unsigned int actor);

/* Where the actor stands: a glyph, its style, and a few words. */
struct lane_sign {
	uint32_t glyph;
	unsigned int style;
	bool ready;        /* its key lets it go on */
	struct text words; /* the caller releases */
};

void lane_sign(const struct scene *scene, unsigned int actor, struct lane_sign *sign);

/* True when what is shown is not the present. */
bool scene_past(const struct scene *scene);

#endif
