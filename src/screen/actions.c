/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#define EITHER 0x1 /* in the menu, too */
#define COVERED 0x2 /* while something is open over the screen, too */
#define PROCESSES 0x4 /* not of a recording */

/* ---- moving ---- */

static void do_step(struct screen *screen, unsigned int number)
{
	(void)number;
	if (screen->scene.ui.room == ROOM_MENU)
		menu_enter(screen, true);
	else if (screen->scene.ui.overlay == OVERLAY_BRANCHES)
		branches_enter(screen, screen->scene.ui.overlay_selected);
	else if (screen->scene.ui.overlay == OVERLAY_QUIZ)
		quiz_answer(screen, screen->scene.ui.overlay_selected);
	else if (screen->scene.ui.overlay == OVERLAY_NONE)
		step_selected(screen);
}

static void do_choose(struct screen *screen, unsigned int number)
{
	if (number > 0)
		step_lane(screen, number - 1);
	else if (step_allowed(screen))
		input_prompt(screen, PROMPT_CHOOSE, "");
}

static void do_run(struct screen *screen, unsigned int number)
{
	(void)number;
	screen->session.origin->toggle(screen);
}

static void do_finish(struct screen *screen, unsigned int number)
{
	(void)number;
	step_finish(screen);
}

static void do_back(struct screen *screen, unsigned int number)
{
	(void)number;
	if (replay_shown(screen))
		past_step(screen, -1);
	else
		rerun_back(screen);
}

static void do_faster(struct screen *screen, unsigned int number)
{
	(void)number;
	screen->session.origin->pace(screen, 1);
}

static void do_slower(struct screen *screen, unsigned int number)
{
	(void)number;
	screen->session.origin->pace(screen, -1);
}

static void do_again(struct screen *screen, unsigned int number)
{
	(void)number;
	if (replay_shown(screen)) {
		past_first(screen);
		return;
	}
	session_restart(screen);
	screen_message(screen, "from the beginning, seed %llu", (unsigned long long)screen->session.seed);
}

static void do_reseed(struct screen *screen, unsigned int number)
{
	(void)number;
	screen->session.seed = session_new_seed();
	branches_clear(&screen->session);
	session_restart(screen);
	screen_message(screen, "from the beginning with another seed: %llu", (unsigned long long)screen->session.seed);
}

static void do_strategy(struct screen *screen, unsigned int number)
{
	(void)number;
	step_strategy(screen);
}

static void do_live(struct screen *screen, unsigned int number)
{
	(void)number;
	if (replay_shown(screen))
		live_go_on(screen);
	else
		screen_message(screen, "this run is live: its processes are there");
}

static void do_free(struct screen *screen, unsigned int number)
{
	(void)number;
	if (screen->scene.ui.room == ROOM_MENU)
		menu_enter(screen, false);
	else
		session_set_gated(screen, !screen->session.gated);
}

/* ---- looking ---- */

static void do_up(struct screen *screen, unsigned int number)
{
	(void)number;
	panes_move(screen, -1);
}

static void do_down(struct screen *screen, unsigned int number)
{
	(void)number;
	panes_move(screen, 1);
}

static void do_page_up(struct screen *screen, unsigned int number)
{
	(void)number;
	panes_move(screen, -(screen->canvas.height / 2));
}

static void do_page_down(struct screen *screen, unsigned int number)
{
	(void)number;
	panes_move(screen, screen->canvas.height / 2);
}

static void do_left(struct screen *screen, unsigned int number)
{
	(void)number;
	past_step(screen, -1);
}

static void do_right(struct screen *screen, unsigned int number)
{
	(void)number;
	past_step(screen, 1);
}

/* The ends of time, or of whatever has the arrows. */
static bool arrows_are_lines(const struct screen *screen)
{
	const struct ui *ui = &screen->scene.ui;
	return ui->room == ROOM_MENU || ui->overlay != OVERLAY_NONE || ui->focus != PANE_TIMELINE;
}

static void do_first(struct screen *screen, unsigned int number)
{
	(void)number;
	if (arrows_are_lines(screen))
		panes_move(screen, -1000000);
	else
		past_first(screen);
}

static void do_last(struct screen *screen, unsigned int number)
{
	(void)number;
	if (arrows_are_lines(screen))
		panes_move(screen, 1000000);
	else
		past_present(screen);
}

static void do_focus(struct screen *screen, unsigned int number)
{
	(void)number;
	panes_next(screen);
}

static void zoom(struct screen *screen, int direction)
{
	struct ui *ui = screen_ui(screen);

	ui->zoom = scene_zoom(picture_scene(screen), screen->canvas.width, screen->canvas.height, ui->zoom + direction);
}

static void do_zoom_in(struct screen *screen, unsigned int number)
{
	(void)number;
	zoom(screen, 1);
}

static void do_zoom_out(struct screen *screen, unsigned int number)
{
	(void)number;
	zoom(screen, -1);
}

static void do_unfold(struct screen *screen, unsigned int number)
{
	struct ui *ui = screen_ui(screen);

	(void)number;
	ui->unfolded = !ui->unfolded;
	screen_message(screen, ui->unfolded ? "the library's own threads and all that have ended have lanes of their own" :
	                                      "the library's own threads are folded, and who has ended where there is no room");
}

static void do_search(struct screen *screen, unsigned int number)
{
	(void)number;
	if (screen->scene.ui.room == ROOM_MENU)
		input_prompt(screen, PROMPT_FILTER, "");
	else
		search_open(screen);
}

static void do_next(struct screen *screen, unsigned int number)
{
	(void)number;
	search_next(screen, 1);
}

static void do_previous(struct screen *screen, unsigned int number)
{
	(void)number;
	search_next(screen, -1);
}

static void do_goto(struct screen *screen, unsigned int number)
{
	(void)number;
	input_prompt(screen, PROMPT_GOTO, "");
}

static void do_branch(struct screen *screen, unsigned int number)
{
	(void)number;
	branches_prepare(screen);
	if (screen->session.branch_count == 0 && screen->scene.ui.overlay == OVERLAY_NONE)
		screen_message(screen, "no other futures yet: look at the past (left), let somebody else move");
	else
		panes_overlay(screen, OVERLAY_BRANCHES);
}

/* ---- the lesson ---- */

static void do_view(struct screen *screen, unsigned int number)
{
	struct ui *ui = screen_ui(screen);

	(void)number;
	ui->side = (ui->side + 1) % SIDE_COUNT;
	panes_keep_within(screen);
}

static void do_text(struct screen *screen, unsigned int number)
{
	(void)number;
	if (screen->scene.ui.room == ROOM_MENU && screen->scene.ui.overlay == OVERLAY_NONE)
		menu_show_text(screen);
	else
		panes_overlay(screen, OVERLAY_TEXT);
}

static void do_answer(struct screen *screen, unsigned int number)
{
	(void)number;
	if (screen->scene.ui.room != ROOM_MENU)
		quiz_key_pressed(screen);
	else if (screen->scene.ui.overlay == OVERLAY_NONE)
		menu_show_answer(screen);
	else
		panes_overlay(screen, screen->scene.ui.overlay);
}

static void do_parameters(struct screen *screen, unsigned int number)
{
	(void)number;
	parameters_open(screen);
}

static void do_lock(struct screen *screen, unsigned int number)
{
	(void)number;
	parameters_switch(screen);
}

static void do_record(struct screen *screen, unsigned int number)
{
	(void)number;
	keep_key_pressed(screen);
}

static void do_twenty(struct screen *screen, unsigned int number)
{
	(void)number;
	if (screen->scene.ui.overlay == OVERLAY_HISTOGRAM && trial_running(screen))
		trial_cancel(screen);
	else
		trial_start(screen);
}

/* ---- the program ---- */

static void do_tour(struct screen *screen, unsigned int number)
{
	(void)number;
	tour_open(screen);
}

static void do_help(struct screen *screen, unsigned int number)
{
	(void)number;
	panes_overlay(screen, OVERLAY_HELP);
}

/* What is open closes, the innermost first; a lesson in which nothing is open closes itself. */
static void do_escape(struct screen *screen, unsigned int number)
{
	struct ui *ui = screen_ui(screen);

	(void)number;
	if (ui->overlay == OVERLAY_HISTOGRAM)
		trial_cancel(screen);
	if (ui->overlay == OVERLAY_QUIZ)
		quiz_skip(screen);
	else if (ui->overlay != OVERLAY_NONE)
		ui->overlay = OVERLAY_NONE;
	else if (screen->session.doing == DOING_RERUN)
		step_stop(screen);
	else if (ui->room == ROOM_MENU && screen->filter.length > 0)
		text_reset(&screen->filter);
	else if (ui->room == ROOM_MENU)
		screen_message(screen, "q quits");
	else if (ui->focus != PANE_TIMELINE)
		ui->focus = PANE_TIMELINE;
	else if (screen->search.pattern.length > 0)
		search_clear(screen);
	else if (past_shown(screen) && !replay_shown(screen))
		past_present(screen);
	else
		session_close(screen);
}

static void do_redraw(struct screen *screen, unsigned int number)
{
	(void)number;
	term_redraw(screen->term);
}

static void do_suspend(struct screen *screen, unsigned int number)
{
	(void)number;
	signals_suspend(screen);
}

static void do_quit(struct screen *screen, unsigned int number)
{
	(void)number;
	screen->quit = true;
}

static const struct {
	void (*function)(struct screen *screen, unsigned int number);
	unsigned int where;
} ACTIONS[ACTION_COUNT] = {
	[ACTION_RUN] = {do_run, 0},
	[ACTION_STEP] = {do_step, EITHER | COVERED | PROCESSES},
	[ACTION_CHOOSE] = {do_choose, PROCESSES},
	[ACTION_FINISH] = {do_finish, PROCESSES},
	[ACTION_BACK] = {do_back, 0},
	[ACTION_FASTER] = {do_faster, 0},
	[ACTION_SLOWER] = {do_slower, 0},
	[ACTION_AGAIN] = {do_again, 0},
	[ACTION_RESEED] = {do_reseed, PROCESSES},
	[ACTION_STRATEGY] = {do_strategy, PROCESSES},
	[ACTION_LIVE] = {do_live, 0},
	[ACTION_FREE] = {do_free, EITHER | PROCESSES},
	[ACTION_UP] = {do_up, EITHER | COVERED},
	[ACTION_DOWN] = {do_down, EITHER | COVERED},
	[ACTION_LEFT] = {do_left, 0},
	[ACTION_RIGHT] = {do_right, 0},
	[ACTION_FIRST] = {do_first, EITHER | COVERED},
	[ACTION_LAST] = {do_last, EITHER | COVERED},
	[ACTION_PAGE_UP] = {do_page_up, EITHER | COVERED},
	[ACTION_PAGE_DOWN] = {do_page_down, EITHER | COVERED},
	[ACTION_FOCUS] = {do_focus, 0},
	[ACTION_GOTO] = {do_goto, 0},
	[ACTION_ZOOM_IN] = {do_zoom_in, 0},
	[ACTION_ZOOM_OUT] = {do_zoom_out, 0},
	[ACTION_UNFOLD] = {do_unfold, 0},
	[ACTION_SEARCH] = {do_search, EITHER},
	[ACTION_NEXT] = {do_next, 0},
	[ACTION_PREVIOUS] = {do_previous, 0},
	[ACTION_BRANCH] = {do_branch, COVERED | PROCESSES},
	[ACTION_VIEW] = {do_view, 0},
	[ACTION_TEXT] = {do_text, EITHER | COVERED},
	[ACTION_ANSWER] = {do_answer, EITHER | COVERED},
	[ACTION_PARAMETERS] = {do_parameters, PROCESSES},
	[ACTION_LOCK] = {do_lock, PROCESSES},
	[ACTION_TWENTY] = {do_twenty, COVERED | PROCESSES},
	[ACTION_RECORD] = {do_record, 0},
	[ACTION_TOUR] = {do_tour, PROCESSES | EITHER},
	[ACTION_HELP] = {do_help, EITHER | COVERED},
	[ACTION_ESCAPE] = {do_escape, EITHER | COVERED},
	[ACTION_REDRAW] = {do_redraw, EITHER | COVERED},
	[ACTION_SUSPEND] = {do_suspend, EITHER | COVERED},
	[ACTION_QUIT] = {do_quit, EITHER | COVERED},
};

void action_do(struct screen *screen, enum action action, unsigned int number)
{
	const struct ui *ui = &screen->scene.ui;

	if (ACTIONS[action].function == NULL)
		return;
	if (ui->room == ROOM_MENU && (ACTIONS[action].where & EITHER) == 0)
		return;
	if (ui->overlay != OVERLAY_NONE && (ACTIONS[action].where & COVERED) == 0)
		return;
	screen->dirty = true;
	if (replay_shown(screen) && ui->overlay == OVERLAY_NONE && (ACTIONS[action].where & PROCESSES) != 0)
		replay_refuse(screen);
	else
		ACTIONS[action].function(screen, number);
}
