/* SPDX-License-Identifier: MIT */
/* What the learner has done goes into the file at once; that it cannot be written is said once, and the run goes on. */
#include "screen/internal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void fill_marks(struct screen *screen)
{
	const struct catalog *catalog = screen->options->catalog;

	for (size_t i = 0; i < catalog->count; i++)
		screen->marks[i] = (uint8_t)progress_of(&screen->progress, catalog->lessons[i].name);
	screen->scene.marks = screen->marks;
	screen->scene.next = progress_next(&screen->progress, catalog);
}

void progress_open(struct screen *screen)
{
	size_t count = screen->options->catalog->count;

	screen->marks = memory_array(count + 1, sizeof(*screen->marks));
	progress_load(&screen->progress); /* what cannot be read is said when it is to be written */
	fill_marks(screen);
	if (screen->scene.next < count)
		screen->scene.ui.menu_selected = screen->scene.next;
}

void progress_close(struct screen *screen)
{
	progress_release(&screen->progress);
	free(screen->marks);
}

void progress_note(struct screen *screen, unsigned int marks)
{
	/* Without an opened progress there is nothing to keep; what a tour does is not the learner's doing. */
	if (screen->marks == NULL || tour_plays(screen) || !progress_mark(&screen->progress, screen->session.lesson->name, marks))
		return;
	int error = progress_save(&screen->progress);
	fill_marks(screen);
	if (error == 0 || screen->progress_failed)
		return;
	screen->progress_failed = true;
	screen_message(screen, "progress cannot be kept: %s", strerror(-error));
}
