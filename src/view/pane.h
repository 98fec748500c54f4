/* SPDX-License-Identifier: MIT */
/*
 * Panes: a pane is a row of one table and a file of its own.
 *
 * Runs in: screen. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_PANE_H
#define LOCKSTEP_VIEW_PANE_H

#include "base/text.h"
#include "view/canvas.h"
#include "view/scene.h"
#include "view/sheet.h"

struct pane {
	const char *name;
	/* The title, when it is more than the name; NULL: the name. */
	void (*title)(const struct scene *scene, struct text *out);
	/* How many lines there are at that width; 0: it has nothing to show and gives its room to others. */
	int (*lines)(const struct scene *scene, int width);
	void (*draw)(struct canvas *canvas, struct rect area, const struct scene *scene);
	/* What stands at the right of the upper edge; NULL: nothing. */
	void (*note)(const struct scene *scene, struct rect area, struct text *out);
};

extern const struct pane pane_timeline, pane_shared, pane_locks, pane_queues, pane_source, pane_console, pane_text, pane_meaning;

/* The table, by enum pane_id. */
const struct pane *pane_of(enum pane_id id);

/* What an overlay shows: its box, and its lines. */
struct overlay_pane {
	const char *name;
	bool high;         /* takes the whole height, however few its lines are */
	int width;         /* wished for; 0: all there is */
	void (*write)(struct sheet *sheet, const struct scene *scene);
	/* Rows that can be selected, and the first line of each; NULL: there are none, it scrolls. */
	size_t (*rows)(const struct scene *scene);
	int (*line_of)(const struct scene *scene, size_t row, int width);
};

const struct overlay_pane *overlay_of(enum overlay overlay);

extern const struct overlay_pane overlay_help, overlay_text, overlay_parameters, overlay_histogram, overlay_branches, overlay_quiz,
	overlay_answer, overlay_notice;

/* A pane whose lines are written onto a sheet: its `lines` and its `draw` in terms of that. */
int pane_count_lines(void (*write)(struct sheet *, const struct scene *), const struct scene *scene, int width);
void pane_draw_lines(void (*write)(struct sheet *, const struct scene *), const struct scene *scene, struct canvas *canvas,
                     struct rect area, int first);

/* The kinds of objects that a pane shows; a row without a name ends the list. */
struct pane_kind {
	enum object_kind kind;
	const char *name; /* plural */
};

bool pane_has_kind(const struct scene *scene, enum object_kind kind);

/* The kinds of which there are any: "locks · barriers". */
void pane_say_kinds(const struct scene *scene, const struct pane_kind *kinds, struct text *out);

/*
 * What the last step changed is marked with a dot: before a line that is indented, else before what
 * stands behind the name. In a free run only when it is looked back at: in the present all changes.
 */
uint64_t pane_since(const struct scene *scene); /* see world/changed.h */
void pane_mark_line(struct sheet *sheet, bool changed); /* begins a line; it goes on at column 2 */
void pane_say_name(struct sheet *sheet, const char *name, bool changed);

/* A line with who waits on an object; false: nobody. */
bool pane_say_waiters(struct sheet *sheet, const struct scene *scene, const struct world_object *object);

/* The name of an actor or, where there is no room for names, the number key of its lane. */
void pane_say_lane(struct sheet *sheet, const struct scene *scene, uint16_t actor, bool name);

enum { PANE_WAITERS = 32, PANE_LANES = 64, PANE_MARK = 0x2022 /* • */ };

#endif
