/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <stdarg.h>

enum { LANES_MAX = 512 };

static int clamp(long value, long low, long high)
{
	return (int)(value < low ? low : value > high ? high : value);
}

/* ---- lanes ---- */

static void select_lane(struct screen *screen, int lines)
{
	uint16_t lanes[LANES_MAX];
	size_t count = scene_lanes(picture_scene(screen), lanes, LANES_MAX);
	size_t at = 0;

	if (count > LANES_MAX)
		count = LANES_MAX;
	if (count == 0)
		return;
	while (at < count && lanes[at] != screen->scene.ui.selected)
		at++;
	screen->scene.ui.selected = lanes[at == count ? 0 : clamp((long)at + lines, 0, (long)count - 1)];
}

/* ---- scrolling ---- */

static int scroll_limit(struct screen *screen, enum pane_id pane)
{
	return scene_scroll_limit(picture_scene(screen), screen->canvas.width, screen->canvas.height, pane);
}

/* The source follows the selected actor until it is scrolled: then it starts from where it is. */
static int source_line_shown(struct screen *screen)
{
	const struct world_actor *actor = world_actor(screen->session.world, screen->scene.ui.selected);
	uint32_t place = actor != NULL ? actor->place : 0;
	int line = (int)history_place(session_history(screen), place).line - screen->canvas.height / 3;

	return line > 1 ? line : 1;
}

void panes_scroll(struct screen *screen, enum pane_id pane, int lines)
{
	struct ui *ui = screen_ui(screen);
	long from = ui->scroll[pane];

	if (pane == PANE_TIMELINE) {
		select_lane(screen, lines);
		return;
	}
	if (pane == PANE_SOURCE && from == 0)
		from = source_line_shown(screen);
	if (pane == PANE_CONSOLE)
		lines = -lines; /* counted from its end */
	ui->scroll[pane] = clamp(from + lines, pane == PANE_SOURCE ? 1 : 0, scroll_limit(screen, pane));
	screen->dirty = true;
}

static void overlay_move(struct screen *screen, int lines)
{
	struct ui *ui = screen_ui(screen);

	if (ui->overlay == OVERLAY_BRANCHES) {
		long last = (long)screen->session.branch_count - 1;
		ui->overlay_selected = (size_t)clamp((long)ui->overlay_selected + lines, 0, last > 0 ? last : 0);
	} else if (ui->overlay == OVERLAY_QUIZ) {
		ui->overlay_selected = (size_t)clamp((long)ui->overlay_selected + lines, 0, (long)screen->session.quiz.count - 1);
	} else {
		int limit = scene_overlay_limit(picture_scene(screen), screen->canvas.width, screen->canvas.height);
		ui->overlay_scroll = clamp((long)ui->overlay_scroll + lines, 0, limit);
	}
}

void panes_move(struct screen *screen, int lines)
{
	screen->dirty = true;
	if (screen->scene.ui.overlay != OVERLAY_NONE)
		overlay_move(screen, lines);
	else if (screen->scene.ui.room == ROOM_MENU)
		menu_move(screen, lines);
	else
		panes_scroll(screen, screen->scene.ui.focus, lines);
}

/* ---- focus ---- */

void panes_next(struct screen *screen)
{
	const struct scene *scene = picture_scene(screen);
	int pane = (int)screen->scene.ui.focus;

	for (int i = 0; i < PANE_COUNT; i++) {
		pane = (pane + 1) % PANE_COUNT;
		if (pane == PANE_TIMELINE ||
		    scene_pane_visible(scene, screen->canvas.width, screen->canvas.height, (enum pane_id)pane))
			break;
	}
	screen->scene.ui.focus = (enum pane_id)pane;
}

void panes_notice(struct screen *screen, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_reset(&screen->notice);
	text_vprintf(&screen->notice, format, arguments);
	va_end(arguments);
	screen->scene.ui.overlay = OVERLAY_NONE;
	panes_overlay(screen, OVERLAY_NOTICE);
}

void panes_overlay(struct screen *screen, enum overlay overlay)
{
	struct ui *ui = screen_ui(screen);

	ui->overlay = ui->overlay == overlay ? OVERLAY_NONE : overlay;
	ui->overlay_scroll = 0;
	ui->overlay_selected = 0;
	screen->dirty = true;
}

void panes_keep_within(struct screen *screen)
{
	struct ui *ui = screen_ui(screen);
	const struct scene *scene = picture_scene(screen);
	int width = screen->canvas.width, height = screen->canvas.height;

	if (ui->room == ROOM_RUN && ui->focus != PANE_TIMELINE && !scene_pane_visible(scene, width, height, ui->focus))
		ui->focus = PANE_TIMELINE;
	for (int pane = 0; ui->room == ROOM_RUN && pane < PANE_COUNT; pane++)
		ui->scroll[pane] = clamp(ui->scroll[pane], 0, scene_scroll_limit(scene, width, height, (enum pane_id)pane));
	if (ui->overlay != OVERLAY_NONE)
		ui->overlay_scroll = clamp(ui->overlay_scroll, 0, scene_overlay_limit(scene, width, height));
}
