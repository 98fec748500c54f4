/* SPDX-License-Identifier: MIT */
/* The question before the run, and the answer after it: the outcome, what was said, and why each wrong choice tempts. */
#include <string.h>

#include "view/markdown.h"
#include "view/pane.h"

enum { SAYS_COLUMN = 5 };

static size_t count_choices(const struct scene *scene)
{
	return scene->quiz.quiz != NULL ? scene->quiz.quiz->count : 0;
}

static void write_sentence(struct sheet *sheet, unsigned int style, const char *sentence)
{
	sheet->indent = 0;
	sheet_flow(sheet, style, sentence);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
}

/* ---- the question ---- */

static void write_choice(struct sheet *sheet, const struct scene *scene, size_t index)
{
	const struct quiz_choice *choice = &scene->quiz.quiz->choice[index];
	bool selected = index == scene->ui.overlay_selected;

	if (selected)
		sheet_glyph(sheet, STYLE_KEY, 0x25b8 /* ▸ */);
	sheet_to_column(sheet, 2);
	sheet_glyph(sheet, selected ? (unsigned int)STYLE_KEY | STYLE_REVERSE : STYLE_KEY, (unsigned char)choice->letter);
	sheet_to_column(sheet, SAYS_COLUMN);
	markdown_write_beside(sheet, SAYS_COLUMN, choice->says);
}

/* The question, and the first choices. */
static void write_first(struct sheet *sheet, const struct scene *scene, size_t count)
{
	if (scene->quiz.quiz == NULL)
		return;
	markdown_write(sheet, scene->quiz.quiz->question);
	sheet_newline(sheet);
	for (size_t i = 0; i < count; i++)
		write_choice(sheet, scene, i);
}

static void write_question(struct sheet *sheet, const struct scene *scene)
{
	size_t count = count_choices(scene);

	write_first(sheet, scene, count);
	if (count == 0)
		return;
	sheet_newline(sheet);
	sheet_flow_printf(sheet, STYLE_DIM, "What do you think? %c to %c, or a number. Then run it and see.",
	                  scene->quiz.quiz->choice[0].letter, scene->quiz.quiz->choice[count - 1].letter);
	sheet_flow_end(sheet);
}

static int choice_line(const struct scene *scene, size_t row, int width)
{
	struct sheet sheet;

	sheet_begin(&sheet, NULL, (struct rect){0, 0, width, 0}, 0);
	write_first(&sheet, scene, row < count_choices(scene) ? row : count_choices(scene));
	return sheet_end(&sheet);
}

/* ---- the answer ---- */

static void write_outcome(struct sheet *sheet, const char *outcome)
{
	struct text words = TEXT_INIT;

	text_printf(&words, " This run: %s", outcome);
	narrative_full_stop(&words);
	sheet_flow(sheet, STYLE_PLAIN, words.bytes);
	text_release(&words);
}

static void write_verdict(struct sheet *sheet, const struct scene *scene)
{
	const struct scene_quiz *quiz = &scene->quiz;
	char letter = quiz->quiz->choice[quiz->answer].letter;

	if (quiz->answered && quiz->answer == quiz->quiz->right)
		sheet_flow_printf(sheet, STYLE_GOOD, "You said %c: right.", letter);
	else if (quiz->answered)
		sheet_flow_printf(sheet, STYLE_NOTICE, "You said %c; right is %c.", letter,
		                  quiz->quiz->choice[quiz->quiz->right].letter);
	else
		sheet_flow_printf(sheet, STYLE_NOTICE, "Right is %c.", quiz->quiz->choice[quiz->quiz->right].letter);
	if (scene->run.ended && scene->run.outcome[0] != '\0')
		write_outcome(sheet, scene->run.outcome);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	sheet_newline(sheet);
}

static void write_why(struct sheet *sheet, const struct scene *scene, size_t index)
{
	const struct quiz *quiz = scene->quiz.quiz;
	const struct quiz_choice *choice = &quiz->choice[index];
	bool right = index == quiz->right, said = scene->quiz.answered && index == scene->quiz.answer;
	const char *why = right ? quiz->remark : choice->why;

	if (right || said)
		sheet_glyph(sheet, right ? STYLE_GOOD : STYLE_LOST, right ? 0x2713 /* ✓ */ : 0x2717 /* ✗ */);
	sheet_to_column(sheet, 2);
	sheet_glyph(sheet, STYLE_STRONG, (unsigned char)choice->letter);
	sheet_to_column(sheet, SAYS_COLUMN);
	markdown_write_beside(sheet, SAYS_COLUMN, choice->says);
	if (why != NULL && why[0] != '\0') {
		sheet_to_column(sheet, SAYS_COLUMN);
		sheet_glyph(sheet, STYLE_DIM, 0x2192 /* → */);
		sheet_to_column(sheet, SAYS_COLUMN + 2);
		markdown_write_beside(sheet, SAYS_COLUMN + 2, why);
	}
	sheet_newline(sheet);
}

/* The right choice, then the one that was said, then those that would have tempted others. */
static void write_answer(struct sheet *sheet, const struct scene *scene)
{
	const struct scene_quiz *quiz = &scene->quiz;

	if (quiz->quiz == NULL) {
		write_sentence(sheet, STYLE_DIM, "This lesson has no question.");
		return;
	}
	markdown_write(sheet, quiz->quiz->question);
	sheet_newline(sheet);
	write_verdict(sheet, scene);
	write_why(sheet, scene, quiz->quiz->right);
	if (quiz->answered && quiz->answer != quiz->quiz->right)
		write_why(sheet, scene, quiz->answer);
	for (size_t i = 0; i < quiz->quiz->count; i++)
		if (i != quiz->quiz->right && !(quiz->answered && i == quiz->answer))
			write_why(sheet, scene, i);
	markdown_write(sheet, quiz->explanation);
}

const struct overlay_pane overlay_quiz = {
	.name = "before you run it",
	.width = 76,
	.write = write_question,
	.rows = count_choices,
	.line_of = choice_line,
};

const struct overlay_pane overlay_answer = {.name = "the answer", .width = 84, .high = true, .write = write_answer};
