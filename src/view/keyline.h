/* SPDX-License-Identifier: MIT */
/*
 * The key line: the keys that work now, by the labels of KEY_TABLE.
 *
 * Runs in: screen. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_KEYLINE_H
#define LOCKSTEP_VIEW_KEYLINE_H

#include "base/text.h"
#include "view/scene.h"

/* How many lines all of them take at that width. */
int keyline_lines(const struct scene *scene, int width);

void keyline_draw(struct canvas *canvas, struct rect area, const struct scene *scene);

/* The action under a point of the area; ACTION_NONE where there is none. */
int keyline_hit(const struct scene *scene, struct rect area, int x, int y);

/* A key's names as KEY_TABLE has them, for people: "up k" → "↑ k"; all of them, or the first. */
void keyline_name(struct text *out, const char *keys, bool all);

#endif
