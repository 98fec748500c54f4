/* SPDX-License-Identifier: MIT */
/* Lines on what is on its way: used by the pane of queues, pipes and pools. */
#ifndef LOCKSTEP_VIEW_ITEMS_H
#define LOCKSTEP_VIEW_ITEMS_H

#include "view/pane.h"

/* "label  ▸0.1  0.2  0.3": from the head on, as many as fit on the line, the rest as a count. `moved`: by the last step. */
void items_line(struct sheet *sheet, const struct scene *scene, bool moved, const char *label, int column,
                const struct pages *items);

/* The lines of a pool: its tasks by state, and who did what when. */
void write_pool(struct sheet *sheet, const struct scene *scene, const struct world_object *pool);

/* The lines of a manager: its round trips, and what it holds. */
void write_manager(struct sheet *sheet, const struct scene *scene, const struct world_object *manager);

#endif
