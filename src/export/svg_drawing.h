/* SPDX-License-Identifier: MIT */
/*
 * What the files of the timeline's drawing share.
 *
 *     svg_plan.c       where things are
 *     svg_timeline.c   bars, marks, arrows, who holds what, values
 *     svg_page.c       it all put together; long runs folded
 *     svg_around.c     names, axis, heading, what the letters mean
 *
 * Runs in: front.
 */
#ifndef LOCKSTEP_EXPORT_SVG_DRAWING_H
#define LOCKSTEP_EXPORT_SVG_DRAWING_H

#include "export/links.h"
#include "export/svg.h"
#include "export/svg_plan.h"

/* What is to be written once it is known how much room there is: up to what comes next. */
struct label {
	char words[64]; /* "": nothing */
	double x;
	unsigned int style;
};

/* A lane, or an object's row, as far as it is drawn. */
struct strip {
	double x;         /* where what is being drawn began */
	struct label pending;
	double tick, lost; /* the last stroke; the last one of a lost update */
	double used;      /* within the step */
	uint64_t step;
	uint8_t state;    /* enum actor_state */
	uint16_t holder;
};

struct drawing {
	struct export *export;
	struct svg_plan *plan;
	struct world *world;
	struct links links;
	struct strip *lanes, *rows;
	float *at;        /* by event: the middle of its mark; 0: it has none */
	bool used[EVENT_KIND_COUNT];
	size_t arrows, omitted;
	struct text bars, marks, lines, objects; /* one over the other */
};

/* ---- svg_page.c ---- */

void svg_add_page(const struct drawing *drawing, struct text *out, const char *cursor);

/* ---- svg_around.c ---- */

void svg_add_names(const struct drawing *drawing, struct text *out);
void svg_add_signs(const struct drawing *drawing, struct text *out);
void svg_add_axis(const struct svg_plan *plan, struct text *out);

/* As many lines as it takes. They return where to go on. */
double svg_add_head(const struct drawing *drawing, struct text *out, double width);
double svg_add_letters(const struct drawing *drawing, struct text *out, double y, double width);

void svg_say_longest(const struct drawing *drawing, struct text *out); /* of the lines of the heading */
void svg_say_run(const struct drawing *drawing, struct text *out); /* lesson, parameters, seed, how it ran */

#endif
