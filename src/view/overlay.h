/* SPDX-License-Identifier: MIT */
/* What is opened over the room: help, text, parameters, histogram, branches. */
#ifndef LOCKSTEP_VIEW_OVERLAY_H
#define LOCKSTEP_VIEW_OVERLAY_H

#include "view/scene.h"

void overlay_draw(struct canvas *canvas, const struct scene *scene);

/* The row under a point of the picture; false: none. */
bool overlay_hit(const struct scene *scene, int width, int height, int x, int y, size_t *row);

#endif
