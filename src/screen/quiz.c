/* SPDX-License-Identifier: MIT */
/*
 * Think first: the lesson's question is asked before its run, and the answer is kept. Until a run of the
 * lesson has come to its end, or until it is asked for, the text stops before its explanation.
 */
#include "screen/internal.h"

#include <string.h>

static struct quiz_memory *memory_of(struct screen *screen)
{
	return screen->session.memory;
}

static bool has_question(const struct screen *screen)
{
	return screen->session.lesson != NULL && screen->session.quiz.count > 0;
}

/* What can be read before the run. */
void quiz_cut_text(const struct quiz *quiz, struct text *text)
{
	if (quiz->count == 0)
		return;
	text->length = quiz->explained;
	text->bytes[text->length] = '\0';
	text_add(text, "*The answer, and what follows from it, stands here when the run has ended.*\n");
}

void quiz_open(struct screen *screen)
{
	struct session *session = &screen->session;

	quiz_read(&session->quiz, session->text.bytes);
	text_add(&session->opening, session->text.bytes);
	quiz_cut_text(&session->quiz, &session->opening);
}

bool quiz_ask(struct screen *screen)
{
	if (screen->options->no_quiz || !has_question(screen) || memory_of(screen)->answered)
		return false;
	panes_overlay(screen, OVERLAY_QUIZ);
	return true;
}

/* A free run waited for the answer. */
static void leave(struct screen *screen)
{
	screen->scene.ui.overlay = OVERLAY_NONE;
	screen->dirty = true;
	if (!screen->session.held)
		return;
	screen->session.held = false;
	session_start(screen);
}

void quiz_skip(struct screen *screen)
{
	leave(screen);
	screen_message(screen, "not answered; e asks again");
}

void quiz_answer(struct screen *screen, size_t choice)
{
	const struct quiz *quiz = &screen->session.quiz;
	struct quiz_memory *memory = memory_of(screen);

	if (choice >= quiz->count || memory->answered)
		return;
	memory->answered = true;
	memory->choice = choice;
	leave(screen);
	screen_message(screen, "you say %c; now run it and see", quiz->choice[choice].letter);
	if (choice == quiz->right && !memory->revealed)
		progress_note(screen, PROGRESS_RIGHT);
}

void quiz_show_answer(struct screen *screen)
{
	memory_of(screen)->revealed = true;
	leave(screen);
	panes_overlay(screen, OVERLAY_ANSWER);
}

/* e: the question as long as it can be answered without having seen the end; after that, the answer. */
void quiz_key_pressed(struct screen *screen)
{
	struct ui *ui = screen_ui(screen);

	if (!has_question(screen))
		screen_message(screen, "this lesson asks no question");
	else if (ui->overlay == OVERLAY_ANSWER)
		ui->overlay = OVERLAY_NONE;
	else if (ui->overlay != OVERLAY_QUIZ && !memory_of(screen)->revealed && quiz_ask(screen))
		return;
	else
		quiz_show_answer(screen);
}

void quiz_type(struct screen *screen, uint32_t key)
{
	size_t choice = quiz_choice_of(&screen->session.quiz, key);

	if (choice < screen->session.quiz.count)
		quiz_answer(screen, choice);
	else if (key == TERM_KEY_UP || key == 'k' || key == TERM_KEY_BACKTAB)
		panes_move(screen, -1);
	else if (key == TERM_KEY_DOWN || key == 'j' || key == TERM_KEY_TAB)
		panes_move(screen, 1);
	else if (key == TERM_KEY_ENTER)
		quiz_answer(screen, screen->scene.ui.overlay_selected);
	else if (key == TERM_KEY_ESCAPE)
		quiz_skip(screen);
	else if (key == 'e')
		quiz_show_answer(screen);
}

static void reveal_end(struct screen *screen)
{
	struct quiz_memory *memory = memory_of(screen);

	memory->revealed = true;
	if (!memory->finished && screen->session.lesson->exercise == NULL) /* that is finished by `lockstep check` */
		progress_note(screen, PROGRESS_FINISHED);
	memory->finished = true;
}

/* Everything has been seen once a run has ended, be it in a deadlock. */
static void note_end(struct screen *screen)
{
	enum run_state state = screen->session.origin->state(&screen->session);

	if (screen->session.doing != DOING_RERUN && (state == RUN_ENDED || state == RUN_DEADLOCK))
		reveal_end(screen);
}

void quiz_fill(struct screen *screen, struct scene *scene)
{
	struct session *session = &screen->session;
	const struct quiz_memory *memory = memory_of(screen);

	note_end(screen);
	scene->text = memory->revealed || screen->options->no_quiz ? session->text.bytes : session->opening.bytes;
	scene->quiz = (struct scene_quiz){0};
	if (session->quiz.count == 0)
		return;
	scene->quiz = (struct scene_quiz){
		.quiz = &session->quiz,
		.answered = memory->answered,
		.answer = memory->choice,
		.explanation = session->text.bytes + session->quiz.after,
	};
}
