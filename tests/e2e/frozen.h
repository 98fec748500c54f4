/* SPDX-License-Identifier: MIT */
/*
 * A scene of a real run, made to look the same in every run: all of a gated run repeats but its
 * PIDs, so they are replaced by 4711, 4712, … in the order of the actors, wherever they are told: in
 * events, in what is printed, in what an actor is about to do. The parent of all is 4710.
 */
#ifndef LOCKSTEP_TESTS_E2E_FROZEN_H
#define LOCKSTEP_TESTS_E2E_FROZEN_H

#include "base/text.h"
#include "view/scene.h"

struct frozen {
	struct scene scene; /* the original, with what follows in it */
	struct history *history;
	struct world *world;
	struct about *about;
	struct text outcome;
};

void frozen_init(struct frozen *frozen, const struct scene *scene);
void frozen_release(struct frozen *frozen);

#endif
