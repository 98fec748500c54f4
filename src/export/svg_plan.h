/* SPDX-License-Identifier: MIT */
/*
 * Where things are in the drawing of a timeline: a lane an actor, from left to right the steps of a
 * stepped run, each as wide as what it shows, or the time of a free one. Long runs are drawn to a
 * width that can still be looked at: then what has no room is left out, lost updates never.
 *
 * Where the drawing may not be wider than so much, the steps are folded like lines of text: the plan is
 * that of one long line, and of the bands that it is cut into, between two steps.
 *
 * Runs in: front. Owns: its arrays. Pure. May block: no.
 */
#ifndef LOCKSTEP_EXPORT_SVG_PLAN_H
#define LOCKSTEP_EXPORT_SVG_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "export/export.h"
#include "world/world.h"

struct svg_plan {
	const struct history *history;
	bool by_step;
	bool tight;          /* it had to be pressed together */
	double left;         /* where time begins */
	double width;        /* of time */
	double room;         /* for time, in a band; 0: as much as it takes */
	double *bands;       /* left edges, in the one long line, and the right edge of the last */
	size_t band_count;
	uint64_t end;        /* ns of the last event */
	double *step_x;      /* by step: its left edge, and that of what comes after it all; from `left` */
	uint64_t steps;
	uint16_t *lanes;     /* actors */
	char **signs;        /* by lane: where its actor stands at the end; NULL: it has left */
	double sign_width;
	size_t lane_count;
	uint16_t *lane_of;   /* by actor; a helper's is that of whom it helps */
	size_t actor_count;
	uint16_t *objects;   /* that have a row: locks first, then values */
	size_t object_count, lock_count;
	double bottom;       /* of the lanes; they begin at 0 */
	double objects_top;
	double height;       /* of it all */
};

/* `world` stands at the end. `most`: pixels that the drawing may be wide; 0: any. */
void svg_plan_init(struct svg_plan *plan, const struct world *world, bool by_step, double most);
void svg_plan_release(struct svg_plan *plan);

/* The step that an event lies in: 0 is what came before the first choice, the last what came after the last one. */
uint64_t svg_plan_step(const struct svg_plan *plan, uint64_t event);

/* Where an event's step begins, or where its time is. */
double svg_plan_x(const struct svg_plan *plan, uint64_t event);
double svg_plan_step_end(const struct svg_plan *plan, uint64_t event); /* of the step it lies in */
double svg_plan_time(const struct svg_plan *plan, double seconds); /* of a free run */
double svg_plan_position(const struct svg_plan *plan, uint64_t position); /* behind all events up to there */

double svg_plan_band_end(const struct svg_plan *plan, double x); /* what begins at x is cut there; INFINITY: nowhere */
double svg_plan_sign_room(const struct svg_plan *plan); /* behind the end of time */

double svg_plan_lane_y(size_t lane);   /* its middle */
double svg_plan_row_y(const struct svg_plan *plan, size_t object);  /* of an object's row */

enum { SVG_NO_LANE = UINT16_MAX, SVG_LABEL_ROOM = 10 /* characters of a mark */ };

#endif
