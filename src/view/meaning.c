/* SPDX-License-Identifier: MIT */
/* What is happening, in plain words: how it ended, why nothing can move, or what the last step means. */
#include "view/lane.h"
#include "view/pane.h"

/* Whether it may be so comes first: the outcome may be longer than there is room for. */
static void write_end(struct sheet *sheet, const struct scene *scene)
{
	const struct scene_run *run = &scene->run;
	struct text end = TEXT_INIT;

	text_printf(&end, "%s%s%s%s", run->verdict[0] ? ": " : "", run->verdict, run->outcome[0] ? "; " : "", run->outcome);
	narrative_full_stop(&end);
	sheet_flow_printf(sheet, run->ok ? STYLE_STRONG : STYLE_LOST, run->ok ? "It has ended as it may" : "It has ended as it must not");
	sheet_flow(sheet, run->ok ? STYLE_PLAIN : STYLE_LOST, end.bytes);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	text_release(&end);
}

/* What the learner said, beside what has come out. */
static void write_said(struct sheet *sheet, const struct scene *scene)
{
	const struct quiz *quiz = scene->quiz.quiz;

	if (quiz == NULL)
		return;
	char right = quiz->choice[quiz->right].letter;
	if (!scene->quiz.answered)
		sheet_flow_printf(sheet, STYLE_NOTICE, "The answer to the question is %c.", right);
	else if (scene->quiz.answer == quiz->right)
		sheet_flow_printf(sheet, STYLE_GOOD, "You said %c: right.", right);
	else
		sheet_flow_printf(sheet, STYLE_NOTICE, "You said %c; right is %c.", quiz->choice[scene->quiz.answer].letter, right);
	sheet_flow(sheet, STYLE_PLAIN, " ");
	sheet_flow(sheet, STYLE_KEY, "e");
	sheet_flow(sheet, STYLE_PLAIN, " says why.");
	sheet_flow_end(sheet);
	sheet_newline(sheet);
}

static void write_hint(struct sheet *sheet, const struct scene *scene)
{
	if (scene->run.replay || !scene->run.gated || scene->run.running || scene->run.ended || scene->run.steps > 0)
		return;
	if (sheet->line > 0 || sheet->column > 0)
		sheet_flow(sheet, STYLE_PLAIN, " ");
	sheet_flow(sheet, STYLE_NOTICE,
	           "Each ▷ can go on: press its number to let that one do what stands there. You decide the order; b takes a step back.");
}

static void write_meaning(struct sheet *sheet, const struct scene *scene)
{
	struct text text = TEXT_INIT;
	bool present = !scene_past(scene);

	if (present && (scene->run.ended || scene->run.deadlock))
		write_said(sheet, scene); /* first: the end may take more lines than there are */
	if (present && scene->run.ended)
		write_end(sheet, scene);
	if (present && scene->run.deadlock)
		narrative_deadlock(&text, scene->world);
	unsigned int style = text.length > 0 ? STYLE_LOST : STYLE_PLAIN;
	if (text.length == 0 && !(present && scene->run.ended))
		narrative_meaning(&text, scene->world, scene->about, scene->about_count);
	sheet_flow(sheet, style, text.bytes);
	if (present)
		write_hint(sheet, scene);
	sheet_flow_end(sheet);
	text_release(&text);
}

static int meaning_lines(const struct scene *scene, int width)
{
	return pane_count_lines(write_meaning, scene, width - 2);
}

static void meaning_draw(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	area.x++;
	area.width -= 2;
	pane_draw_lines(write_meaning, scene, canvas, area, scene->ui.scroll[PANE_MEANING]);
}

const struct pane pane_meaning = {.name = "what is happening", .lines = meaning_lines, .draw = meaning_draw};
