/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <string.h>

#include "base/utf8.h"

enum { NARROWEST = 60, LOWEST = 20 }; /* below this scene_draw() shows a message only */

static bool too_small(const struct screen *screen)
{
	return screen->canvas.width < NARROWEST || screen->canvas.height < LOWEST;
}

/* ---- a line being typed ---- */

static void filter_changed(struct screen *screen)
{
	text_reset(&screen->filter);
	text_add(&screen->filter, screen->prompt.bytes);
	menu_filter_changed(screen);
}

static void filter_cancelled(struct screen *screen)
{
	text_reset(&screen->prompt);
	filter_changed(screen);
}

static void filter_accepted(struct screen *screen, const char *typed)
{
	(void)typed;
	menu_enter(screen, true);
}

static void pattern_changed(struct screen *screen)
{
	text_reset(&screen->search.pattern);
	text_add(&screen->search.pattern, screen->prompt.bytes);
	search_changed(screen);
}

static void search_cancelled(struct screen *screen)
{
	uint64_t origin = screen->search.origin;

	search_clear(screen);
	past_go(screen, origin);
}

static const struct {
	const char *before, *does;
	void (*changed)(struct screen *screen);
	void (*accepted)(struct screen *screen, const char *typed);
	void (*cancelled)(struct screen *screen);
} PROMPTS[] = {
	[PROMPT_NONE] = {0},
	[PROMPT_SEARCH] = {"/", "find", pattern_changed, search_accepted, search_cancelled},
	[PROMPT_FILTER] = {"/", "find", filter_changed, filter_accepted, filter_cancelled},
	[PROMPT_GOTO] = {"go to: ", "go", NULL, goto_accept, NULL},
	[PROMPT_KEEP] = {"keep the run in: ", "keep", NULL, keep_named, NULL},
	[PROMPT_CHOOSE] = {"let that one move: ", "step", NULL, step_numbered, NULL},
};

void input_prompt(struct screen *screen, enum prompt_kind kind, const char *typed)
{
	screen->prompt_kind = kind;
	text_reset(&screen->prompt);
	text_add(&screen->prompt, typed);
	screen->dirty = true;
}

void input_fill_prompt(struct screen *screen)
{
	struct ui *ui = screen_ui(screen);

	ui->prompt = screen->prompt_kind != PROMPT_NONE ? screen->prompt.bytes : NULL;
	ui->prompt_before = PROMPTS[screen->prompt_kind].before;
	ui->prompt_does = PROMPTS[screen->prompt_kind].does;
}

static void prompt_changed(struct screen *screen)
{
	if (PROMPTS[screen->prompt_kind].changed != NULL)
		PROMPTS[screen->prompt_kind].changed(screen);
	screen->dirty = true;
}

static void prompt_erase(struct screen *screen)
{
	struct text *prompt = &screen->prompt;

	while (prompt->length > 0 && ((unsigned char)prompt->bytes[prompt->length - 1] & 0xc0) == 0x80)
		prompt->bytes[--prompt->length] = '\0';
	if (prompt->length > 0)
		prompt->bytes[--prompt->length] = '\0';
	prompt_changed(screen);
}

/* What it was for may ask for the next one. */
static void prompt_accept(struct screen *screen)
{
	enum prompt_kind kind = screen->prompt_kind;

	screen->prompt_kind = PROMPT_NONE;
	screen->dirty = true;
	if (PROMPTS[kind].accepted != NULL)
		PROMPTS[kind].accepted(screen, screen->prompt.bytes);
}

static void prompt_cancel(struct screen *screen)
{
	if (PROMPTS[screen->prompt_kind].cancelled != NULL)
		PROMPTS[screen->prompt_kind].cancelled(screen);
	screen->prompt_kind = PROMPT_NONE;
	screen->dirty = true;
}

static void prompt_key(struct screen *screen, uint32_t key)
{
	char bytes[4];

	if (key == TERM_KEY_ENTER) {
		prompt_accept(screen);
	} else if (key == TERM_KEY_ESCAPE) {
		prompt_cancel(screen);
	} else if (key == TERM_KEY_BACKSPACE) {
		prompt_erase(screen);
	} else if (key == ('U' & 0x1f)) {
		text_reset(&screen->prompt);
		prompt_changed(screen);
	} else if (key == TERM_KEY_UP || key == TERM_KEY_DOWN) {
		panes_move(screen, key == TERM_KEY_UP ? -1 : 1);
	} else if (key >= ' ' && key < TERM_KEY_UP && screen->prompt.length < 200) {
		/* What is typed or pasted is foreign text, too. */
		utf8_scrub(&screen->prompt, bytes, utf8_encode(key, bytes), false);
		prompt_changed(screen);
	}
}

/* ---- keys ---- */

static bool is_program_action(enum action action)
{
	return action == ACTION_QUIT || action == ACTION_SUSPEND || action == ACTION_REDRAW;
}

void input_key(struct screen *screen, uint32_t key)
{
	enum action action = keymap_find(key);
	bool control = key < ' ' && is_program_action(action);

	if (screen->message.length > 0)
		screen->dirty = true;
	text_reset(&screen->message);
	if (screen->session.doing == DOING_FINISH)
		step_stop(screen);
	if (control || (too_small(screen) && is_program_action(action)))
		action_do(screen, action, 0);
	else if (too_small(screen))
		return;
	else if (screen->prompt_kind != PROMPT_NONE)
		prompt_key(screen, key);
	else if (screen->scene.ui.overlay == OVERLAY_PARAMETERS && !is_program_action(action))
		parameters_type(screen, key);
	else if (screen->scene.ui.overlay == OVERLAY_QUIZ && !is_program_action(action))
		quiz_type(screen, key);
	else
		action_do(screen, action, key >= '1' && key <= '9' ? key - '0' : 0);
}

/* ---- the mouse ---- */

static void press_lane(struct screen *screen, uint16_t actor)
{
	struct ui *ui = screen_ui(screen);
	bool again = ui->selected == actor;

	ui->focus = PANE_TIMELINE;
	ui->selected = actor;
	screen->dirty = true;
	if (again && !past_shown(screen) && !replay_shown(screen) && scene_lane_mover(picture_scene(screen), actor) != NO_ACTOR)
		step_selected(screen);
}

static void press_timeline(struct screen *screen, const struct hit *hit)
{
	screen->scene.ui.focus = PANE_TIMELINE;
	screen->scene.ui.selected = hit->actor;
	past_go(screen, hit->position);
}

static void press_menu(struct screen *screen, size_t lesson)
{
	struct ui *ui = screen_ui(screen);
	bool again = ui->menu_selected == lesson;

	ui->menu_selected = lesson;
	screen->dirty = true;
	if (again)
		menu_enter(screen, true);
}

static void press_row(struct screen *screen, size_t row)
{
	struct ui *ui = screen_ui(screen);
	bool again = ui->overlay_selected == row;

	ui->overlay_selected = row;
	screen->dirty = true;
	if (ui->overlay == OVERLAY_PARAMETERS && again)
		parameters_turn(screen, 1);
	else if (ui->overlay == OVERLAY_BRANCHES && again)
		branches_enter(screen, row);
	else if (ui->overlay == OVERLAY_QUIZ && again)
		quiz_answer(screen, row);
}

static void press(struct screen *screen, const struct hit *hit)
{
	switch (hit->kind) {
	case HIT_LANE:
		press_lane(screen, hit->actor);
		break;
	case HIT_TIMELINE:
		press_timeline(screen, hit);
		break;
	case HIT_PANE:
		screen->scene.ui.focus = hit->pane;
		break;
	case HIT_MENU:
		press_menu(screen, hit->index);
		break;
	case HIT_OVERLAY_ROW:
		press_row(screen, hit->index);
		break;
	case HIT_KEY:
		action_do(screen, (enum action)hit->action, 0);
		break;
	case HIT_NOTHING:
		break;
	}
}

static void wheel(struct screen *screen, const struct hit *hit, int lines)
{
	if (hit->kind == HIT_PANE)
		panes_scroll(screen, hit->pane, lines);
	else if (hit->kind == HIT_LANE || hit->kind == HIT_TIMELINE)
		past_step(screen, lines > 0 ? 1 : -1);
	else
		panes_move(screen, lines);
}

static void serve_mouse(struct screen *screen, const struct term_input *input)
{
	int x = input->x, y = input->y;

	if (too_small(screen) || tour_plays(screen))
		return;
	audience_point(screen, &x, &y);
	struct hit hit = scene_hit(picture_scene(screen), screen->canvas.width, screen->canvas.height, x, y);

	screen->dirty = true;
	if (input->key == TERM_MOUSE_PRESS) {
		text_reset(&screen->message);
		press(screen, &hit);
	} else {
		wheel(screen, &hit, input->key == TERM_MOUSE_WHEEL_UP ? -1 : 1);
	}
}

/* By hand: whoever presents a tour, or a learner whose keys are shown. */
static void serve_key(struct screen *screen, uint32_t key)
{
	struct text name = TEXT_INIT;

	if (tour_key(screen, key))
		return;
	keymap_name(&name, key);
	audience_key(screen, name.bytes);
	text_release(&name);
	input_key(screen, key);
}

void input_serve(struct screen *screen)
{
	struct term_input input;

	while (!screen->quit && term_read(screen->term, &input)) {
		if (input.key >= TERM_MOUSE_PRESS)
			serve_mouse(screen, &input);
		else
			serve_key(screen, input.key);
	}
}
