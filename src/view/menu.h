/* SPDX-License-Identifier: MIT */
/* The menu: the lessons by chapter, and what the selected one is about. */
#ifndef LOCKSTEP_VIEW_MENU_H
#define LOCKSTEP_VIEW_MENU_H

#include "view/layout.h"

void menu_draw(struct canvas *canvas, const struct layout *layout, const struct scene *scene);

/* The lesson under a point; false: none. */
bool menu_hit(const struct layout *layout, const struct scene *scene, int x, int y, size_t *lesson);

#endif
