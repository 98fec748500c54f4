/* SPDX-License-Identifier: MIT */
/* Whoever presents a tour: goes on, pauses, goes back, takes over. What the tour itself presses does not come here. */
#include "screen/internal.h"

static void say_keys(struct screen *screen)
{
	const struct tour_player *player = &screen->tour;

	if (player->problem.length > 0)
		screen_message(screen, "the tour cannot go on: %s", player->problem.bytes);
	else if (player->over)
		screen_message(screen, "the tour is over: b goes back, Esc: the lesson is yours, q quits");
	else
		screen_message(screen, "space %s, b goes back, Esc: the lesson is yours, q quits",
		               player->by_key ? "goes on" : "pauses, Enter goes on");
}

/* To the caption after this one; what lies between is done at its pace. */
static void go_on(struct screen *screen)
{
	struct tour_player *player = &screen->tour;

	if (player->over)
		say_keys(screen);
	tour_pause(screen, false);
	player->waits = false;
	player->due = 0;
}

static void go_back(struct screen *screen)
{
	size_t captions = screen->tour.captions;

	tour_go_to(screen, captions > 1 ? captions - 1 : 1);
}

static void take_over(struct screen *screen)
{
	tour_take_over(screen);
	screen_message(screen, "the lesson is yours; ? tells the keys");
}

static void space(struct screen *screen)
{
	if (screen->tour.waits || screen->tour.over)
		go_on(screen);
	else
		tour_pause(screen, screen->tour.paused == 0);
}

bool tour_key(struct screen *screen, uint32_t key)
{
	enum action action = keymap_find(key);

	if (!tour_plays(screen) || action == ACTION_QUIT || action == ACTION_REDRAW || action == ACTION_SUSPEND)
		return false;
	if (key == ' ')
		space(screen);
	else if (key == TERM_KEY_ENTER || key == TERM_KEY_RIGHT)
		go_on(screen);
	else if (action == ACTION_BACK || key == TERM_KEY_LEFT)
		go_back(screen);
	else if (key == TERM_KEY_ESCAPE)
		take_over(screen);
	else
		say_keys(screen);
	screen->dirty = true;
	return true;
}
