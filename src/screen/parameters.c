/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <string.h>

void parameters_words(const struct settings *settings, struct text *out)
{
	for (size_t i = 0; i < settings->lesson->parameter_count; i++)
		text_printf(out, "%s%s=%s", i > 0 ? " " : "", settings->lesson->parameters[i].name, settings->values[i]);
}

void parameters_open(struct screen *screen)
{
	struct session *session = &screen->session;

	if (session->lesson->parameter_count == 0) {
		screen_message(screen, "this lesson has no parameters");
		return;
	}
	step_stop(screen);
	if (session->draft.lesson != NULL)
		settings_release(&session->draft);
	settings_copy(&session->draft, &session->settings);
	text_reset(&session->typed);
	panes_overlay(screen, OVERLAY_PARAMETERS);
}

static void select_row(struct screen *screen, int direction)
{
	struct ui *ui = screen_ui(screen);
	size_t count = screen->session.lesson->parameter_count;

	text_reset(&screen->session.typed);
	if (direction < 0 && ui->overlay_selected > 0)
		ui->overlay_selected--;
	else if (direction > 0 && ui->overlay_selected + 1 < count)
		ui->overlay_selected++;
}

void parameters_turn(struct screen *screen, int direction)
{
	text_reset(&screen->session.typed);
	settings_turn(&screen->session.draft, screen->scene.ui.overlay_selected, direction);
	screen->dirty = true;
}

/* What has been typed so far becomes the value as soon as it is one; until then it is said what is wrong. */
static void take_typed(struct screen *screen)
{
	struct session *session = &screen->session;
	const struct catalog_parameter *parameter = &session->lesson->parameters[screen->scene.ui.overlay_selected];
	struct text assignment = TEXT_INIT, problem = TEXT_INIT;

	text_printf(&assignment, "%s=%s", parameter->name, session->typed.bytes);
	if (session->typed.length > 0 && settings_set(&session->draft, assignment.bytes, &problem) != 0)
		screen_message(screen, "%s", problem.bytes);
	text_release(&assignment);
	text_release(&problem);
}

static void type_number(struct screen *screen, uint32_t key)
{
	struct session *session = &screen->session;

	if (session->lesson->parameters[screen->scene.ui.overlay_selected].choices != NULL)
		return;
	if (key == TERM_KEY_BACKSPACE && session->typed.length > 0)
		session->typed.bytes[--session->typed.length] = '\0';
	else if (key != TERM_KEY_BACKSPACE && session->typed.length < 20)
		text_add_char(&session->typed, (char)key);
	take_typed(screen);
}

void parameters_type(struct screen *screen, uint32_t key)
{
	screen->dirty = true;
	if (key == TERM_KEY_UP || key == 'k' || key == TERM_KEY_BACKTAB)
		select_row(screen, -1);
	else if (key == TERM_KEY_DOWN || key == 'j' || key == TERM_KEY_TAB)
		select_row(screen, 1);
	else if (key == TERM_KEY_LEFT || key == 'h')
		parameters_turn(screen, -1);
	else if (key == TERM_KEY_RIGHT || key == 'l' || key == ' ' || key == '+' || key == '=')
		parameters_turn(screen, 1);
	else if ((key >= '0' && key <= '9') || key == '.' || key == '-' || key == 'e' || key == TERM_KEY_BACKSPACE)
		type_number(screen, key);
	else if (key == TERM_KEY_ENTER)
		parameters_enter(screen);
	else if (key == TERM_KEY_ESCAPE || key == 'p')
		screen->scene.ui.overlay = OVERLAY_NONE;
	else if (key == '?')
		panes_overlay(screen, OVERLAY_HELP);
}

/* Other parameters make another lesson of it: the futures seen before are no futures of this run. */
static void use_draft(struct screen *screen)
{
	struct session *session = &screen->session;

	settings_release(&session->settings);
	settings_copy(&session->settings, &session->draft);
	branches_clear(session);
	session_start(screen);
}

void parameters_enter(struct screen *screen)
{
	screen->scene.ui.overlay = OVERLAY_NONE;
	use_draft(screen);
	screen_message(screen, "started again with %s", screen->session.settings_words.bytes);
}

void parameters_switch(struct screen *screen)
{
	struct session *session = &screen->session;
	const struct catalog_lesson *lesson = session->lesson;

	for (size_t i = 0; i < lesson->parameter_count; i++) {
		char **choices = lesson->parameters[i].choices;
		if (choices == NULL || choices[0] == NULL || choices[1] == NULL || choices[2] != NULL)
			continue;
		bool first = strcmp(session->settings.values[i], choices[0]) == 0;
		if (session->draft.lesson != NULL)
			settings_release(&session->draft);
		settings_copy(&session->draft, &session->settings);
		settings_turn(&session->draft, i, first ? 1 : -1);
		use_draft(screen);
		screen_message(screen, "started again with %s=%s", lesson->parameters[i].name, session->settings.values[i]);
		return;
	}
	screen_message(screen, "this lesson has no switch: p changes its parameters");
}
