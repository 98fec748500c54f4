/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <stdlib.h>

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

void menu_show_text(struct screen *screen)
{
	size_t lesson = screen->scene.ui.menu_selected;
	struct quiz quiz;

	if (lesson >= screen->options->catalog->count)
		return;
	text_reset(&screen->menu_text);
	session_read_text(&screen->menu_text, screen->options->catalog->lessons[lesson].text);
	quiz_read(&quiz, screen->menu_text.bytes);
	if (!screen->options->no_quiz && !screen->quizzes[lesson].revealed)
		quiz_cut_text(&quiz, &screen->menu_text);
	quiz_release(&quiz);
	panes_overlay(screen, OVERLAY_TEXT);
}

void menu_enter(struct screen *screen, bool gated)
{
	size_t count, at;
	size_t *lessons = lessons_shown(screen, &count, &at);

	if (at < count)
		session_open_asking(screen, &screen->options->catalog->lessons[lessons[at]], NULL, session_new_seed(), gated);
	else
		screen_message(screen, "no lesson of that name: Esc shows them all");
	free(lessons);
}
