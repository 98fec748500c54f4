/* SPDX-License-Identifier: MIT */
/*
 * What the files of the screen share.
 *
 *     screen.c     the loop: what it waits for, in which order it serves
 *     signals.c    signals, faults, suspending
 *     input.c      keys, prompts and clicks become actions
 *     keymap.c     from a key to its action, by the table in view/keys.h
 *     actions.c    what every key does: one function an action
 *     panes.c      scrolling, focus, overlays
 *     menu.c       the menu of lessons
 *     session.c    one lesson open: its run, from start to end
 *     origin.c     where a session's events come from
 *     replay.h     recordings: shown, played, gone about in, taken over from
 *     keep.h       keeping a run: recording what is shown
 *     stepping.c   the heart: who moves by the learner's hand, and why somebody cannot
 *     by_itself.c  what moves without a key for each step
 *     rerun.c      back is forward: running again up to a step
 *     branches.c   futures that were left
 *     past.c       the position looked at, and what everybody was about to do there
 *     trial.c      twenty free runs in a row
 *     parameters.c changing the parameters
 *     search.c     finding events
 *     progress.c   what the learner has done
 *     quiz.c       the question before the run, the answer after it
 *     picture.c    fills the scene and draws it
 *     tour.h       tours: their player, captions, keys shown, pictures without a terminal
 *
 * Work that could take longer than a frame is cut into slices: each file that has such work
 * has a function …_work() that the loop calls when its time has come, and that says when it wants
 * to be called again.
 *
 * Runs in: screen.
 */
#ifndef LOCKSTEP_SCREEN_INTERNAL_H
#define LOCKSTEP_SCREEN_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "director/outcome.h"
#include "director/run.h"
#include "director/strategy.h"
#include "lesson/progress.h"
#include "lesson/quiz.h"
#include "recording/compare.h"
#include "recording/recording.h"
#include "screen/keep.h"
#include "screen/replay.h"
#include "screen/screen.h"
#include "screen/tour.h"
#include "term/term.h"
#include "view/keys.h"
#include "view/scene.h"

#define MILLISECOND 1000000ull
#define NEVER UINT64_MAX

enum {
	FRAME_MS = 16,
	SLICE_MS = 8,        /* the longest that a piece of work goes on before the loop looks around */
	RERUN_HIDDEN_MS = 120,
	STEP_MS = 10,        /* how long we wait for an actor that was let go */
	NO_ACTOR = WORLD_NO_ACTOR,
};

/* What the session does by itself. */
enum doing {
	DOING_NOTHING,
	DOING_AUTO,     /* the strategy presses the keys */
	DOING_REPLAY,   /* a recording is played */
	DOING_PLAYBACK, /* the same, while looking at the past: it walks to the present first */
	DOING_FINISH,   /* one actor goes on until it blocks */
	DOING_RERUN,    /* back: a new run follows `plan` */
	DOING_TOUR,     /* a tour lets the strategy choose */
};

/* Who could be chosen after each step, for looking back. */
struct trail {
	uint16_t *actors;
	size_t actor_count, actor_capacity;
	size_t *starts;      /* step k: actors[starts[k]] … actors[starts[k + 1] - 1] */
	size_t count, capacity;
};

struct branch {
	struct schedule schedule;
	char *name;
};

struct screen;
struct session;

/* Where a session's events come from, and what moves it. A row is an origin. */
struct origin {
	struct history *(*history)(struct session *session);
	enum run_state (*state)(struct session *session);
	struct run_end (*end)(struct session *session);     /* `result` NULL: it has not ended */
	double (*seconds)(struct session *session);         /* the lesson's clock, at the end so far */
	bool (*moves)(struct session *session);             /* by itself */
	const struct lines *(*source)(struct session *session); /* of lesson.c */
	const struct about *(*about)(struct screen *screen, size_t *count); /* at the position shown; NULL: not known */
	void (*toggle)(struct screen *screen);              /* moves by itself, or stands still */
	void (*pace)(struct screen *screen, int direction); /* faster, slower */
	uint64_t (*work)(struct screen *screen, uint64_t now);
};

extern const struct origin ORIGIN_NOTHING, ORIGIN_RUN, ORIGIN_RECORDING;

/* What is remembered of a lesson's question as long as the screen is there. */
struct quiz_memory {
	bool answered;
	size_t choice;
	bool revealed;             /* a run has ended, or the answer was asked for */
	bool finished;             /* a run has ended */
};

struct session {
	const struct catalog_lesson *lesson; /* NULL: none is open */
	const struct origin *origin;
	struct recording *recording; /* ORIGIN_RECORDING; else NULL. Whoever opened the screen closes it */
	struct playback playback;
	struct comparison *comparison; /* with a recording, while its schedule is run again; else NULL */
	struct settings settings;  /* of the run */
	struct settings draft;     /* being changed */
	struct text typed;         /* a number being typed into the draft */
	bool gated;
	uint64_t seed;
	double speed;              /* free */

	struct run *run;           /* ORIGIN_RUN; else NULL */
	struct history *nothing;   /* ORIGIN_NOTHING: could not be started, or not yet */
	struct world *world;
	struct lines source;
	struct text text;
	struct text opening;       /* of the text: what can be read before the run */
	struct quiz quiz;
	struct quiz_memory *memory; /* of its question */
	bool held;                 /* the run is not started before the question is out of the way */
	struct text settings_words;
	struct text outcome_words; /* once the run has ended */

	enum doing doing;
	uint16_t finishing;
	size_t pace;               /* row of PACES */
	uint64_t due;              /* when to do the next thing by itself */
	uint64_t pumped;           /* free: when last */
	uint64_t busy_since;       /* 0: not busy */
	bool busy_shown;
	const struct strategy_kind *kind;
	struct strategy strategy;

	struct schedule plan;      /* DOING_RERUN */
	uint64_t rerun_since;
	struct trail trail;
	struct about *past;
	size_t past_count;

	struct branch *branches;
	size_t branch_count;
	struct scene_branch *shown_branches;
};

struct trial_bar {
	struct histogram_bar bar;
	char *label;
};

/* Many free runs in a row, beside the run that the screen shows. */
struct trial {
	struct settings settings;  /* lesson NULL: none */
	struct run *run;
	unsigned int done, wanted;
	uint64_t seed;
	uint64_t due;
	uint64_t last_news;
	bool paused_session;
	struct histogram_bar *bars;
	size_t bar_count;
	struct text words;
};

enum prompt_kind { PROMPT_NONE, PROMPT_SEARCH, PROMPT_FILTER, PROMPT_GOTO, PROMPT_KEEP, PROMPT_CHOOSE };

enum { SEARCH_WORDS = 8 }; /* more are not looked at: one bit each */

struct search_word {
	char text[64];             /* "": it is a number alone */
	bool is_number;
	double number;
	bool kinds[EVENT_KIND_COUNT]; /* whose operation's name has it */
};

struct search {
	struct text pattern;
	uint64_t origin;           /* where the learner was when he began to type */
	bool jump;                 /* go to the first match from `origin` on, once it is found */
	uint64_t scanned;          /* events looked at */
	uint64_t *matches;         /* positions */
	size_t count, capacity;
	struct search_word words[SEARCH_WORDS]; /* of the pattern: an event must match them all */
	size_t word_count;
	uint8_t *actors, *objects; /* which words their names have */
	size_t actor_count, object_count;
};

struct screen {
	const struct screen_options *options;
	const uint64_t *clock;     /* NULL: CLOCK_MONOTONIC */
	struct launcher launcher;
	struct term *term;         /* NULL: none; what is drawn stays in the canvas */
	struct canvas canvas;
	struct scene scene;        /* `ui` lives in it from frame to frame */
	int signal_fd;
	bool dirty;
	uint64_t runs;             /* started so far */
	uint64_t drawn;            /* when last */
	uint64_t unread_due; /* the rest of the lessons' descriptions is read then, or before a key is taken; 0: it has been */
	bool quit;
	int exit_status;

	struct text message;
	bool message_while_busy;   /* it holds only until whoever is out of sight is back */
	struct text prompt;
	enum prompt_kind prompt_kind;
	struct text filter;        /* of the menu */
	struct text menu_text;     /* of the lesson selected there, once it was asked for */
	struct quiz_memory *quizzes; /* by lesson of the catalog */
	struct quiz_memory revealed; /* of a recording: nothing is hidden */
	struct text notice;
	struct keeping keeping;
	struct progress progress;
	uint8_t *marks;            /* of it, by lesson of the catalog; NULL: progress is not kept */
	bool progress_failed;      /* and that was said */
	struct session session;
	struct trial trial;
	struct search search;
	struct tour_player tour;
	struct tour own_tour;      /* that was opened here, not by the command line */
	struct quiz_memory tour_memory; /* of the question in a tour: that is not the learner's */
	struct audience audience;
};

/* ---- screen.c ---- */

void screen_init(struct screen *screen, const struct screen_options *options, int channel); /* no terminal yet */
void screen_release(struct screen *screen);
uint64_t screen_now(const struct screen *screen); /* ns, from some beginning */
/* Everything that goes on by itself gets its slice; returns when the next one is due. */
uint64_t screen_work(struct screen *screen);
void screen_message(struct screen *screen, const char *format, ...) __attribute__((format(printf, 2, 3)));
void screen_message_while_busy(struct screen *screen, const char *words); /* goes with screen_busy_no_more() */
void screen_busy_no_more(struct screen *screen);
static inline struct ui *screen_ui(struct screen *screen)
{
	return &screen->scene.ui;
}

/* ---- signals.c ---- */

int signals_open(struct screen *screen); /* 0 or -errno */
void signals_close(struct screen *screen);
void signals_serve(struct screen *screen);
void signals_suspend(struct screen *screen);

/* ---- keymap.c, input.c, actions.c ---- */

enum action keymap_find(uint32_t key);
uint32_t keymap_key(const char *name);               /* that a name of KEY_TABLE stands for; 0: none */
void keymap_name(struct text *out, uint32_t key);    /* the other way round */
void input_serve(struct screen *screen);
void input_key(struct screen *screen, uint32_t key); /* as if it had been pressed */
void input_prompt(struct screen *screen, enum prompt_kind kind, const char *typed);
void input_fill_prompt(struct screen *screen); /* for the scene */
/* `number`: for ACTION_CHOOSE, from 1; 0: the learner is asked for it. */
void action_do(struct screen *screen, enum action action, unsigned int number);

/* ---- panes.c ---- */

void panes_move(struct screen *screen, int lines); /* up, down, pages: whatever has the arrows */
void panes_scroll(struct screen *screen, enum pane_id pane, int lines);
void panes_next(struct screen *screen);
/* Lines that are shown until they are closed. */
void panes_notice(struct screen *screen, const char *format, ...) __attribute__((format(printf, 2, 3)));
void panes_overlay(struct screen *screen, enum overlay overlay); /* opens it, or closes it when it is open */
void panes_keep_within(struct screen *screen); /* after a change of size */

/* ---- menu.c ---- */

void menu_move(struct screen *screen, int lines);
void menu_filter_changed(struct screen *screen);
void menu_enter(struct screen *screen, bool gated);
void menu_show_text(struct screen *screen);
void menu_show_answer(struct screen *screen);

/* ---- session.c ---- */

/* Opens a lesson; `settings` NULL: its own. session_prepare() starts no run yet. */
void session_prepare(struct screen *screen, const struct catalog_lesson *lesson, const struct settings *settings,
                     uint64_t seed, bool gated);
void session_open(struct screen *screen, const struct catalog_lesson *lesson, const struct settings *settings,
                  uint64_t seed, bool gated);
/* The same for a learner who should think first: with its question, unless that was answered. */
void session_open_asking(struct screen *screen, const struct catalog_lesson *lesson, const struct settings *settings,
                         uint64_t seed, bool gated);
/* The same without its files: they may be those of a recording. */
void session_begin(struct screen *screen, const struct catalog_lesson *lesson, const struct settings *settings, uint64_t seed,
                   bool gated);
void session_close(struct screen *screen);
bool session_start(struct screen *screen);   /* a new run with the session's settings and seed, nothing else changed */
void session_restart(struct screen *screen); /* the same, from the learner's view: at its beginning */
void session_pump(struct screen *screen);
void session_note_end(struct screen *screen); /* the run has just come to it */
uint64_t session_run_work(struct screen *screen, uint64_t now); /* ORIGIN_RUN */
uint64_t session_work(struct screen *screen, uint64_t now);
void session_set_gated(struct screen *screen, bool gated);
void session_read_text(struct text *text, const char *path);
struct history *session_history(struct screen *screen);
uint64_t session_new_seed(void);
/* The settings for a free run: what the learner chose, and for the rest the lesson's defaults. */
void session_settings(const struct session *session, bool gated, struct settings *out);

/* ---- stepping.c ---- */

void step_actor(struct screen *screen, uint16_t actor);
void step_selected(struct screen *screen);
void step_lane(struct screen *screen, unsigned int lane); /* from 0 */
void step_numbered(struct screen *screen, const char *typed); /* a lane by its number as it is shown */
void step_finish(struct screen *screen);
void step_settled(struct screen *screen); /* after every step: notes who can be chosen now, the end */
bool step_grant(struct screen *screen, uint16_t actor); /* false: it could not be given */
bool step_is_candidate(struct screen *screen, uint16_t actor);
/* Whether the learner can step now; what moves by itself stops. Else says why not. */
bool step_allowed(struct screen *screen);
bool step_say_why_nobody(struct screen *screen); /* false: somebody can */

/* ---- by_itself.c ---- */

extern const double PACES[]; /* steps a second; the last is "as fast as it goes": 0 */

void step_run(struct screen *screen);   /* run by itself, or pause */
void step_pace(struct screen *screen, int direction);
void step_strategy(struct screen *screen);
void step_stop(struct screen *screen);  /* nothing moves by itself any more */
uint64_t step_work(struct screen *screen, uint64_t now);

/* ---- rerun.c ---- */

/* Runs again along the first `count` choices of `schedule`, then lets `then` move (NO_ACTOR: nobody). */
void rerun_start(struct screen *screen, const struct schedule *schedule, size_t count, uint16_t then);
void rerun_back(struct screen *screen);
void rerun_work(struct screen *screen);
bool rerun_complete(struct screen *screen); /* now, if it does not take long */

void trail_reset(struct trail *trail);
void trail_release(struct trail *trail);
void trail_note(struct trail *trail, struct run *run);
bool trail_ready(const struct trail *trail, uint64_t step, uint16_t actor);

/* ---- branches.c ---- */

void branches_keep(struct screen *screen, const struct schedule *schedule); /* unless it is there or has nothing new */
void branches_keep_recorded(struct screen *screen, const struct schedule *schedule, const struct run_end *end);
void branches_prepare(struct screen *screen); /* for the scene */
void branches_enter(struct screen *screen, size_t index);
void branches_clear(struct session *session);

/* ---- past.c ---- */

bool past_shown(const struct screen *screen); /* something lies ahead of the position shown */
void past_go(struct screen *screen, uint64_t position);
void past_show(struct screen *screen, uint64_t position); /* the same, but what plays goes on */
void past_first(struct screen *screen);
void past_step(struct screen *screen, int direction);
void past_present(struct screen *screen);
bool past_follow(struct screen *screen); /* takes the world to the position; false: not there yet */
uint64_t past_step_shown(struct screen *screen);
const struct about *past_about(struct screen *screen, size_t *count);

/* ---- trial.c ---- */

void trial_start(struct screen *screen);
void trial_cancel(struct screen *screen);
void trial_release(struct screen *screen);
bool trial_running(const struct screen *screen);
uint64_t trial_work(struct screen *screen, uint64_t now);

/* ---- parameters.c ---- */

void parameters_open(struct screen *screen);
void parameters_turn(struct screen *screen, int direction);
void parameters_type(struct screen *screen, uint32_t key);
void parameters_enter(struct screen *screen);
void parameters_switch(struct screen *screen); /* the first switch: lock on, lock off */
void parameters_words(const struct settings *settings, struct text *out);

/* ---- progress.c ---- */

void progress_open(struct screen *screen);
void progress_close(struct screen *screen);
void progress_note(struct screen *screen, unsigned int marks); /* of the lesson that is open */

/* ---- quiz.c ---- */

void quiz_open(struct screen *screen); /* reads the question of the session's text */
bool quiz_ask(struct screen *screen);  /* false: there is nothing to ask */
void quiz_answer(struct screen *screen, size_t choice);
void quiz_skip(struct screen *screen);
void quiz_show_answer(struct screen *screen);
void quiz_key_pressed(struct screen *screen);
void quiz_type(struct screen *screen, uint32_t key); /* while it is asked */
void quiz_cut_text(const struct quiz *quiz, struct text *text);
void quiz_fill(struct screen *screen, struct scene *scene);

/* ---- search.c ---- */

void search_open(struct screen *screen);
void search_changed(struct screen *screen);
void search_clear(struct screen *screen);
void search_accepted(struct screen *screen, const char *typed);
void search_next(struct screen *screen, int direction);
uint64_t search_work(struct screen *screen);
void search_release(struct search *search);

/* ---- picture.c ---- */

const struct scene *picture_scene(struct screen *screen); /* brought up to date */
void picture_draw(struct screen *screen);

#endif
