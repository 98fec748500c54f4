/* SPDX-License-Identifier: MIT */
/*
 * The scene: everything that a picture is made of. The screen's loop fills it, the view reads it
 * and nothing else, so the same scene always gives the same picture, with or without a terminal.
 *
 * Runs in: screen. Owns: nothing; all is borrowed. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_SCENE_H
#define LOCKSTEP_VIEW_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lesson/catalog.h"
#include "lesson/quiz.h"
#include "view/canvas.h"
#include "world/narrative.h"
#include "world/world.h"

enum room { ROOM_MENU, ROOM_RUN };

enum overlay { OVERLAY_NONE, OVERLAY_HELP, OVERLAY_TEXT, OVERLAY_PARAMETERS, OVERLAY_HISTOGRAM, OVERLAY_BRANCHES,
               OVERLAY_QUIZ, OVERLAY_ANSWER, OVERLAY_NOTICE };

/* Which pane has the arrows. PANE_TIMELINE is where one starts. */
enum pane_id { PANE_TIMELINE, PANE_SHARED, PANE_LOCKS, PANE_QUEUES, PANE_SOURCE, PANE_CONSOLE, PANE_TEXT, PANE_MEANING, PANE_COUNT };

enum { SIDE_TEXT, SIDE_SOURCE, SIDE_CONSOLE, SIDE_COUNT }; /* what the right-hand side shows (ACTION_VIEW) */

/* How the run stands, for the title line and the message line. */
struct scene_run {
	bool gated;
	bool running;          /* moving by itself (strategy or free) */
	bool busy;             /* an actor is out of sight; see about[].out_of_sight */
	bool deadlock;
	bool ended;
	bool ok;               /* ended: as the lesson says that it may */
	const char *verdict;   /* ended: "lost update"; else "" */
	const char *outcome;   /* ended: "balance 199 (expected 200)"; else "" */
	const char *strategy;  /* "random", "by hand" */
	double pace;           /* steps a second when running by itself under the gate; 0: as fast as it goes */
	double speed;          /* free run */
	double seconds;        /* lesson's clock at the position shown */
	uint64_t seed;
	uint64_t steps;        /* at the present */
	uint64_t lost;         /* events lost */
	const char *settings;  /* "lock=off rounds=5" */
	bool kept;             /* it is being written into a file */
	bool replay;           /* a recording: there are no processes */
	double loaded;         /* replay: 0 … 1 */
	const char *tempo;     /* replay, while it plays: "2 steps a second", "1 ms a second" */
};

/* A future that was left by moving somebody else in the past. */
struct scene_branch {
	const char *name;      /* its outcome, or "unfinished" */
	uint64_t fork_step;    /* where it parted from the one shown */
	uint64_t steps;
};

struct histogram_bar {
	const char *label;     /* "balance 199" */
	unsigned int count;
	bool ok;               /* as the lesson says that it may */
	bool right;            /* the outcome equals what is expected */
};

struct scene_histogram {
	const struct histogram_bar *bars; /* sorted by label (numbers by value) */
	size_t count;
	unsigned int done, wanted;
	const char *settings;
};

/* The question of the lesson, and what the learner said before the run. */
struct scene_quiz {
	const struct quiz *quiz;     /* NULL: the lesson has none */
	bool answered;
	size_t answer;               /* answered: index of a choice */
	const char *explanation;     /* Markdown: what follows the answer */
};

/* What is said to those who watch: a tour's caption, the keys that were pressed. */
struct scene_caption {
	bool shown;           /* its strip stands where else the key line is */
	const char *words;    /* NULL or "": nothing now */
	const char *keys;     /* pressed a moment ago */
	const char *note;     /* how far we are */
};

/* Where the learner is; changed by the loop's actions, read by the view. */
struct ui {
	enum room room;
	enum overlay overlay;
	enum pane_id focus;
	int side;                     /* SIDE_… */
	size_t menu_selected;         /* index into the catalog */
	const char *menu_filter;      /* "" when none */
	uint16_t selected;            /* actor */
	uint64_t position;            /* events applied in what is shown */
	bool present;                 /* follow the end */
	bool unfolded;                /* helper threads have lanes of their own, and so has who has ended, without room too */
	int zoom;                     /* timeline: 0 all that can be read; > 0 closer; < 0 farther (gated: one letter a step, then 2, 4, … steps a letter) */
	int scroll[PANE_COUNT];       /* first line shown; source: 0 follows the selected, n starts at line n; console: lines above its end */
	int overlay_scroll;
	size_t overlay_selected;      /* parameter, branch, choice */
	const char *prompt;           /* the line being typed; NULL when none */
	const char *prompt_before;    /* what stands before it: "/" */
	const char *prompt_does;      /* what Enter does: "find" */
	const char *search;           /* what n looks for; "" when none */
	const char *message;          /* one line for the learner; "" when none */
};

struct scene {
	struct ui ui;
	const struct catalog *catalog;
	const uint8_t *marks;                /* PROGRESS_… by lesson of the catalog; NULL: not known */
	size_t next;                         /* marks: the lesson to go on with; the catalog's count: none */
	const struct catalog_lesson *lesson; /* ROOM_RUN */
	const struct settings *settings;     /* being edited (OVERLAY_PARAMETERS) or in force */
	const struct lines *source;          /* of lesson.c */
	const char *text;                    /* of lesson.md, made safe; up to its answer as long as that is not to be seen */
	struct scene_quiz quiz;              /* ROOM_RUN */
	const struct history *history;
	const struct world *world;           /* at ui.position */
	const struct about *about;           /* by actor id, at ui.position */
	size_t about_count;
	struct scene_run run;
	const struct scene_branch *branches;
	size_t branch_count;
	struct scene_histogram histogram;
	const char *notice;                  /* OVERLAY_NOTICE: its lines */
	struct scene_caption caption;
	bool stage;                          /* fewer panes, more room around them, no key line */
};

/*
 * Draws the whole picture into the canvas, whatever its size; below 60×20 a plain message that
 * says what is needed (q and Ctrl-C still work).
 */
void scene_draw(struct canvas *canvas, const struct scene *scene);

/* What is under a point: for the mouse. */
enum hit_kind { HIT_NOTHING, HIT_LANE, HIT_TIMELINE, HIT_PANE, HIT_MENU, HIT_OVERLAY_ROW, HIT_KEY };

struct hit {
	enum hit_kind kind;
	uint16_t actor;       /* HIT_LANE, HIT_TIMELINE */
	uint64_t position;    /* HIT_TIMELINE: the position under the point */
	enum pane_id pane;    /* HIT_PANE */
	size_t index;         /* HIT_MENU: lesson; HIT_OVERLAY_ROW: row */
	int action;           /* HIT_KEY: enum action */
};

struct hit scene_hit(const struct scene *scene, int width, int height, int x, int y);

/* The nearest zoom of the timeline to this one that makes a difference, in a canvas of that size. */
int scene_zoom(const struct scene *scene, int width, int height, int zoom);

/* The actors that have lanes, in the order shown; the number key of lane i is i + 1. Returns how many. */
size_t scene_lanes(const struct scene *scene, uint16_t *actors, size_t size);

/*
 * Who moves when the key of a lane is pressed: the lane's own actor or, when that one cannot, the
 * first of its folded helpers that can. WORLD_NO_ACTOR: nobody of that lane can be chosen now.
 */
uint16_t scene_lane_mover(const struct scene *scene, uint16_t actor);

/* The lessons that the menu shows (those that the filter leaves), as indexes into the catalog, in order. Returns how many. */
size_t scene_menu(const struct scene *scene, size_t *lessons, size_t size);

/* Whether a pane has a place at that size: for the key that goes from pane to pane. */
bool scene_pane_visible(const struct scene *scene, int width, int height, enum pane_id pane);

/* How many lines the pane or overlay could scroll at that size: scroll values are kept within [0, …]. */
int scene_scroll_limit(const struct scene *scene, int width, int height, enum pane_id pane);
int scene_overlay_limit(const struct scene *scene, int width, int height);

#endif
