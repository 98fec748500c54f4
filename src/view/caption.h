/* SPDX-License-Identifier: MIT */
/*
 * The caption: what is said to those who watch, with the key that was pressed. A strip of its own
 * at the bottom, where else the key line is: it covers nothing.
 *
 * Runs in: screen. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_CAPTION_H
#define LOCKSTEP_VIEW_CAPTION_H

#include "view/scene.h"

/* How many lines it takes; 0: there is none. */
int caption_lines(const struct scene *scene, int height);

void caption_draw(struct canvas *canvas, struct rect area, const struct scene *scene);

/* Where there is no caption, keys that are shown stand at the right of the key line. */
void caption_draw_keys(struct canvas *canvas, struct rect area, const struct scene *scene);

#endif
