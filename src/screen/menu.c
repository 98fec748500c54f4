/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* The lessons shown, and where the selected one is among them (`count` when it is not). */
static size_t *lessons_shown(struct screen *screen, size_t *count, size_t *at)
{
	const struct scene *scene = picture_scene(screen);
	size_t size = scene->catalog->count;
	size_t *lessons = memory_array(size + 1, sizeof(*lessons));

	*count = scene_menu(scene, lessons, size);
	*at = 0;
	while (*at < *count && lessons[*at] != screen->scene.ui.menu_selected)
		(*at)++;
	return lessons;
}

void menu_move(struct screen *screen, int lines)
{
	size_t count, at;
	size_t *lessons = lessons_shown(screen, &count, &at);
	long to = at == count ? 0 : (long)at + lines;

	if (to >= (long)count)
		to = (long)count - 1;
	if (to < 0)
		to = 0;
	if (count > 0)
		screen->scene.ui.menu_selected = lessons[to];
	free(lessons);
}

/* The selection stays where it is as long as it is shown. */
void menu_filter_changed(struct screen *screen)
{
	size_t count, at;
	size_t *lessons = lessons_shown(screen, &count, &at);

	if (at == count && count > 0)
		screen->scene.ui.menu_selected = lessons[0];
	free(lessons);
}

/* The text of a lesson that was run to its end, now or another day, is shown with its answer. */
static bool answer_was_seen(const struct screen *screen, size_t lesson)
{
	return screen->options->no_quiz || screen->quizzes[lesson].revealed ||
	       (screen->marks != NULL && (screen->marks[lesson] & PROGRESS_FINISHED) != 0);
}

/* From the answer on, or all of it. */
static void show_text(struct screen *screen, size_t lesson, bool answer)
{
	struct text *text = &screen->menu_text;
	struct quiz quiz;

	text_reset(text);
	session_read_text(text, screen->options->catalog->lessons[lesson].text);
	quiz_read(&quiz, text->bytes);
	if (!answer_was_seen(screen, lesson))
		quiz_cut_text(&quiz, text);
	else if (answer && quiz.count > 0) {
		text->length -= quiz.explained;
		memmove(text->bytes, text->bytes + quiz.explained, text->length + 1);
	}
	quiz_release(&quiz);
	panes_overlay(screen, OVERLAY_TEXT);
}

void menu_show_text(struct screen *screen)
{
	size_t lesson = screen->scene.ui.menu_selected;

	if (lesson < screen->options->catalog->count)
		show_text(screen, lesson, false);
}

void menu_show_answer(struct screen *screen)
{
	size_t lesson = screen->scene.ui.menu_selected;

	if (lesson >= screen->options->catalog->count)
		return;
	if (answer_was_seen(screen, lesson))
		show_text(screen, lesson, true);
	else
		screen_message(screen, "the answer is for those who have run it: Enter opens the lesson and asks");
}

void menu_enter(struct screen *screen, bool gated)
{
	size_t count, at;
	size_t *lessons = lessons_shown(screen, &count, &at);
	struct catalog *catalog = screen->options->catalog;

	if (at < count)
		catalog_refresh(catalog, lessons[at]);
	if (at < count && catalog->lessons[lessons[at]].problem != NULL)
		screen_message(screen, "%s cannot be built: beside the list is why", catalog->lessons[lessons[at]].name);
	else if (at < count)
		session_open_asking(screen, &catalog->lessons[lessons[at]], NULL, session_new_seed(), gated);
	else
		screen_message(screen, "no lesson of that name: Esc shows them all");
	free(lessons);
}
