/* SPDX-License-Identifier: MIT */
/*
 * Where everything is. Drawing, the mouse and the scroll limits all ask here.
 *
 *     title line
 *     timeline            across the left side
 *     what is happening
 *     shared | locks | queues (beside or below each other; those with nothing to show are left out)
 *     console             when there is room, and the lesson's text when there is more
 *     source, lesson text or console: the right side; the whole height in wide terminals
 *     key line, or two; or the caption
 *
 * Rectangles of panes are frames; frames that lie beside each other share an edge.
 *
 * Runs in: screen. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_LAYOUT_H
#define LOCKSTEP_VIEW_LAYOUT_H

#include "view/scene.h"

enum { LAYOUT_LEAST_WIDTH = 60, LAYOUT_LEAST_HEIGHT = 20 };

struct layout {
	int width, height;
	bool too_small;
	struct rect title, message, keys; /* lines */
	struct rect caption;              /* lines; height 0: not there */
	struct rect pane[PANE_COUNT];     /* frames; height 0: not there */
	struct rect menu_list, menu_about; /* frames (ROOM_MENU) */
};

void layout_compute(struct layout *layout, const struct scene *scene, int width, int height);

struct rect layout_inside(struct rect frame);

/* The frame of the overlay that is open. */
struct rect layout_overlay(const struct scene *scene, int width, int height);

#endif
