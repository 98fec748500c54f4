/* SPDX-License-Identifier: MIT */
/* The title line: which lesson, how it is set, and how the run stands. */
#ifndef LOCKSTEP_VIEW_TITLE_H
#define LOCKSTEP_VIEW_TITLE_H

#include "view/scene.h"

void title_draw(struct canvas *canvas, struct rect area, const struct scene *scene);

#endif
