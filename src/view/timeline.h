/* SPDX-License-Identifier: MIT */
/*
 * The timeline's geometry: a line a lane, in it the columns of the history and the sign of what
 * the actor is about to do. Drawing and the mouse use the same.
 *
 * Gated runs are exact: a column is a step (or, farther away, some steps), as wide as what it
 * shows. Free runs are ordered by time stamps: a column is a bucket of time.
 *
 * Runs in: screen. Owns: its arrays by lane and by actor. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_TIMELINE_H
#define LOCKSTEP_VIEW_TIMELINE_H

#include "view/lane.h"
#include "view/scene.h"

enum { TIMELINE_COLUMNS = 512, TIMELINE_ROWS = 256 };

struct timeline_column {
	uint64_t from, to; /* events [from, to), or ns of the lesson's clock */
	int x, width;      /* within the history's cells */
	bool future;       /* after the position that is shown */
};

struct timeline {
	const struct scene *scene;
	struct rect area;
	uint16_t *lanes;    /* by lane: its actor */
	size_t lane_count;
	uint16_t shown[TIMELINE_ROWS]; /* by row: its lane */
	int rows;
	bool *folded;       /* by lane: it has ended, and no row */
	size_t folded_count;
	int fold_row;       /* below the rows: the line that tells of those; -1: it has no room, or nothing to tell */
	uint16_t *row_of;   /* by actor: its row; TIMELINE_NO_ROW when it has none */
	size_t actor_count;

	int number_width, name_width, pid_width;
	int history_x, history_width; /* within the area */
	int sign_x, sign_width;

	bool by_time;
	int zoom;           /* the scene's, as far as it makes a difference */
	bool letters;       /* one letter a column, no payloads */
	uint64_t first_step, last_step, steps; /* by step: those shown, of how many */
	uint64_t group;     /* by step: steps a column */
	uint64_t from, to;  /* by time: ns shown */
	struct {
		uint64_t step;
		int width;
	} widths[TIMELINE_COLUMNS]; /* by step: those that were measured; step 0: none */
	int cursor;         /* column of the position shown, when it is in the past; -1: none, or before them all */
	struct timeline_column columns[TIMELINE_COLUMNS];
	int column_count;
};

enum { TIMELINE_NO_ROW = UINT16_MAX };

void timeline_init(struct timeline *timeline, const struct scene *scene, struct rect area);
void timeline_release(struct timeline *timeline);

/* Which lanes have a row; called by timeline_init. */
void timeline_place_rows(struct timeline *timeline);
uint16_t timeline_actor(const struct timeline *timeline, int row);

/* Which columns there are, and where; called by timeline_init. */
void timeline_place_columns_by_step(struct timeline *timeline);
void timeline_place_columns_by_time(struct timeline *timeline);

/* What stands in the upper edge: what is shown of how much, how much a column is, what the letters mean. */
void timeline_note(const struct scene *scene, struct rect area, struct text *out);

/* Draws the histories of the rows shown. */
void timeline_draw_steps(const struct timeline *timeline, struct canvas *canvas);
void timeline_draw_times(const struct timeline *timeline, struct canvas *canvas);

/* Draws the line of those that are folded, where there is one. */
void timeline_draw_folded(const struct timeline *timeline, struct canvas *canvas);

/* The first event of the last step; of a very long one only its end. In a free run, at present: there is none. */
uint64_t timeline_last_events(const struct scene *scene);

/* The row of the lane an event's actor is shown in, or TIMELINE_NO_ROW. */
unsigned int timeline_row(const struct timeline *timeline, unsigned int actor);

/* The position (events applied) that a column stands for. */
uint64_t timeline_position(const struct timeline *timeline, int column);
int timeline_column_at(const struct timeline *timeline, int x); /* -1: none */

#endif
