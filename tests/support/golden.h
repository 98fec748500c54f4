/* SPDX-License-Identifier: MIT */
/*
 * Golden files: what was once looked at and found right. UPDATE_GOLDEN=1 in the environment writes
 * them anew; look at every one that has changed before it is kept.
 */
#ifndef LOCKSTEP_TESTS_SUPPORT_GOLDEN_H
#define LOCKSTEP_TESTS_SUPPORT_GOLDEN_H

#include <stdbool.h>

#include "base/text.h"
#include "view/scene.h"

/* The sizes at which a picture is looked at: the one that it is designed for, and two that give it room. */
struct golden_size {
	int width, height;
};

enum { GOLDEN_SIZES = 3 };
extern const struct golden_size GOLDEN_SIZE[GOLDEN_SIZES];

/* Glyphs and styles of a scene. */
void golden_draw(struct text *out, const struct scene *scene, struct golden_size size, bool ascii);

/* False, and says where, when the picture is not what the file holds. */
bool golden_same(const char *path, const struct text *drawn);

#endif
