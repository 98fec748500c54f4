/* SPDX-License-Identifier: MIT */
#include "view/layout.h"

#include "view/caption.h"
#include "view/keyline.h"
#include "view/pane.h"

enum {
	OVERLAY_RIM = 24,
	TWO_COLUMNS = 150,   /* from this width on the right side has the whole height */
	SIDE_SPLIT = 36,     /* and from this height on two panes */
	TWO_KEY_LINES = 24,  /* from this height on the keys may take two lines */
	MEANING_LINES = 3,
	LANES_LEAST = 3,
	BOTTOM_LEAST = 5,    /* lines for the values and the source */
	CONSOLE_LEAST = 2,
	CONSOLE_TAKES = 10,  /* lines below the objects and the console from which on objects make room for what was printed */
	CONSOLE_LINES = 6,   /* when there is room for the lesson's text below it */
	TEXT_LEAST = 8,
	OBJECTS_BESIDE = 30, /* columns a pane of objects needs to stand beside another */
	STAGE_MARGIN = 2,
	STAGE_ROOMY = 24,    /* from this height on the frames stand apart: */
	STAGE_GAP = 2,       /* their own edges, and a line between them */
};

static const enum pane_id objects[] = {PANE_SHARED, PANE_LOCKS, PANE_QUEUES};
enum { OBJECT_PANES = sizeof objects / sizeof objects[0] };

static int at_most(int value, int limit)
{
	return value < limit ? value : limit;
}

static int at_least(int value, int limit)
{
	return value > limit ? value : limit;
}

struct rect layout_inside(struct rect frame)
{
	return (struct rect){frame.x + 1, frame.y + 1, at_least(frame.width - 2, 0), at_least(frame.height - 2, 0)};
}

/* Frames from `y` on, of the lines told, each sharing its upper edge with the one above. */
static int stack(struct layout *layout, enum pane_id pane, int x, int y, int width, int lines)
{
	layout->pane[pane] = (struct rect){x, y, width, lines + 2};
	return y + lines + 1;
}

static enum pane_id side_pane(const struct scene *scene)
{
	static const enum pane_id panes[SIDE_COUNT] = {
		[SIDE_SOURCE] = PANE_SOURCE, [SIDE_TEXT] = PANE_TEXT, [SIDE_CONSOLE] = PANE_CONSOLE};
	int side = scene->ui.side;

	return panes[side >= 0 && side < SIDE_COUNT ? side : SIDE_SOURCE];
}

/* Which panes of objects have something to show; returns how many. */
static int wanted(const struct scene *scene, int width, enum pane_id *panes, int *lines)
{
	int count = 0;

	for (int i = 0; i < OBJECT_PANES; i++) {
		int want = pane_of(objects[i])->lines(scene, width);
		if (want == 0)
			continue;
		panes[count] = objects[i];
		lines[count++] = want;
	}
	return count;
}

/* Takes from the longest until all fit; each keeps at least one line. */
static void squeeze(int *lines, int count, int room)
{
	for (;;) {
		int total = 0, longest = 0;
		for (int i = 0; i < count; i++) {
			total += lines[i];
			longest = lines[i] >= lines[longest] ? i : longest;
		}
		if (total <= room || lines[longest] <= 1)
			return;
		lines[longest] = at_least(lines[longest] - (total - room), lines[longest] > 2 ? lines[longest] / 2 : 1);
	}
}

/* What comes below the objects: the console, and the lesson's text when there is room for both. Returns how many. */
static int add_rest(const struct scene *scene, const struct layout *layout, int room, enum pane_id *panes, int *lines)
{
	bool text = layout->width < TWO_COLUMNS && side_pane(scene) != PANE_TEXT && room >= CONSOLE_LINES + 1 + TEXT_LEAST;

	panes[0] = PANE_CONSOLE;
	lines[0] = text ? CONSOLE_LINES : at_least(room, 1);
	panes[1] = PANE_TEXT;
	lines[1] = room - CONSOLE_LINES - 1;
	return text ? 2 : 1;
}

/* Objects that would fill all the room give some to what was printed: where there is much, and when that is the result. */
static bool console_takes(const struct scene *scene, int width, int room)
{
	bool ended = scene->run.ended && scene->ui.present;

	/* A pool shows its tasks and who has them: all its lines are wanted as long as it works. */
	return (ended || (room >= CONSOLE_TAKES && !pane_has_kind(scene, OBJECT_POOL))) &&
	       pane_console.lines(scene, width) > 0;
}

static void objects_below(struct layout *layout, const struct scene *scene, struct rect area, bool console)
{
	enum pane_id panes[OBJECT_PANES + 2];
	int lines[OBJECT_PANES + 2], total = 0, room = area.height - 1;
	int count = wanted(scene, area.width - 2, panes, lines);

	for (int i = 0; i < count; i++)
		total += lines[i] + 1;
	if (console && (count == 0 || total + CONSOLE_LEAST + 1 <= room)) {
		count += add_rest(scene, layout, room - total - 1, panes + count, lines + count);
	} else if (console && console_takes(scene, area.width - 2, room)) {
		panes[count] = PANE_CONSOLE;
		lines[count++] = CONSOLE_LEAST;
	}
	if (count == 0) {
		lines[0] = 1;
		panes[count++] = PANE_SHARED;
	}
	squeeze(lines, count, room - count);
	int y = area.y;
	for (int i = 0; i < count; i++) {
		if (i == count - 1)
			lines[i] = area.y + room - y - 1;
		y = stack(layout, panes[i], area.x, y, area.width, at_least(lines[i], 1));
	}
}

static void objects_beside(struct layout *layout, const struct scene *scene, struct rect area, bool console)
{
	enum pane_id panes[OBJECT_PANES + 1];
	int lines[OBJECT_PANES + 1], most = 0, x = area.x;
	int count = wanted(scene, area.width, panes, lines);

	wanted(scene, area.width / count - 2, panes, lines); /* as wide as each will be */
	for (int i = 0; i < count; i++)
		most = at_least(most, lines[i]);
	int height = most + 2;
	console = console && area.height - height >= CONSOLE_LEAST;
	if (!console || height > area.height)
		height = area.height;
	for (int i = 0; i < count; i++) {
		int right = area.x + (area.width - 1) * (i + 1) / count;
		layout->pane[panes[i]] = (struct rect){x, area.y, right - x + 1, height};
		x = right;
	}
	if (console)
		layout->pane[PANE_CONSOLE] = (struct rect){area.x, area.y + height - 1, area.width, area.height - height + 1};
}

/* The panes of objects, and the console where it has room, fill the area; all of them always fill it to its end. */
static void place_objects(struct layout *layout, const struct scene *scene, struct rect area)
{
	enum pane_id panes[OBJECT_PANES + 1];
	int lines[OBJECT_PANES + 1];
	bool console = side_pane(scene) != PANE_CONSOLE;
	int count = wanted(scene, area.width - 2, panes, lines);

	if (count > 1 && area.width >= count * OBJECTS_BESIDE)
		objects_beside(layout, scene, area, console);
	else
		objects_below(layout, scene, area, console);
}

/* Timeline and what is happening, from the top; returns the row of the edge below them. */
static int place_top(struct layout *layout, const struct scene *scene, int width, int bottom)
{
	int top = layout->title.height, room = bottom - top - 4; /* four edges */
	int lanes = at_least(pane_of(PANE_TIMELINE)->lines(scene, width - 2), LANES_LEAST);
	int meaning = room < 14 ? MEANING_LINES - 1 : MEANING_LINES;

	lanes = at_most(lanes, at_least(room - meaning - BOTTOM_LEAST, 1));
	/* Many lanes leave more than the least to the rest when there is much room. */
	lanes = at_most(lanes, at_least(room / 2, LANES_LEAST));
	int y = stack(layout, PANE_TIMELINE, 0, top, width, lanes);
	return stack(layout, PANE_MEANING, 0, y, width, meaning);
}

static void place_narrow(struct layout *layout, const struct scene *scene, int bottom)
{
	int y = place_top(layout, scene, layout->width, bottom);
	int left = layout->width < 100 ? layout->width * 42 / 100 : layout->width * 45 / 100;

	place_objects(layout, scene, (struct rect){0, y, left, bottom - y});
	layout->pane[side_pane(scene)] = (struct rect){left - 1, y, layout->width - left + 1, bottom - y};
}

static void place_wide(struct layout *layout, const struct scene *scene, int bottom)
{
	int right = at_most(layout->width * 2 / 5, 90), left = layout->width - right;
	int y = place_top(layout, scene, left, bottom);

	place_objects(layout, scene, (struct rect){0, y, left, bottom - y});
	int top = layout->title.height, high = bottom - top, upper = high;
	enum pane_id side = side_pane(scene), other = side == PANE_SOURCE ? PANE_TEXT : PANE_SOURCE;
	if (high >= SIDE_SPLIT) {
		upper = high * 3 / 5;
		layout->pane[other] = (struct rect){left - 1, top + upper - 1, right + 1, high - upper + 1};
	}
	layout->pane[side] = (struct rect){left - 1, top, right + 1, upper};
}

/* To be seen from the last row: what moves, what it means, the objects; the right side only when it was asked for. */
static void place_stage(struct layout *layout, const struct scene *scene, int bottom)
{
	int gap = bottom >= STAGE_ROOMY ? STAGE_GAP : 0, width = layout->width - 2 * STAGE_MARGIN;
	int y = place_top(layout, scene, width, bottom - 2 * gap) + 2 * gap;
	bool side = side_pane(scene) != PANE_TEXT || scene->ui.focus == PANE_TEXT;
	int left = side ? width * 45 / 100 : width;

	layout->pane[PANE_TIMELINE].x = layout->pane[PANE_MEANING].x = STAGE_MARGIN;
	layout->pane[PANE_MEANING].y += gap;
	place_objects(layout, scene, (struct rect){STAGE_MARGIN, y, left, bottom - y});
	if (side)
		layout->pane[side_pane(scene)] =
			(struct rect){STAGE_MARGIN + left - 1 + gap, y, width - left + 1 - gap, bottom - y};
}

static void place_menu(struct layout *layout, int bottom)
{
	int top = layout->title.height, left = at_most(at_least(layout->width * 2 / 5, 30), 60);

	layout->menu_list = (struct rect){0, top, left, bottom - top};
	layout->menu_about = (struct rect){left - 1, top, layout->width - left + 1, bottom - top};
}

/* Lines at the bottom: the caption, else the keys. */
static int bottom_lines(const struct scene *scene, int width, int height)
{
	if (scene->caption.shown)
		return caption_lines(scene, height);
	if (scene->stage && scene->ui.room == ROOM_RUN)
		return scene->ui.prompt != NULL;
	return height >= TWO_KEY_LINES ? at_most(keyline_lines(scene, width), 2) : 1;
}

static int title_lines(const struct scene *scene, int height)
{
	return scene->stage && height >= STAGE_ROOMY ? 3 : 1;
}

void layout_compute(struct layout *layout, const struct scene *scene, int width, int height)
{
	*layout = (struct layout){.width = width, .height = height};
	layout->too_small = width < LAYOUT_LEAST_WIDTH || height < LAYOUT_LEAST_HEIGHT;
	if (layout->too_small)
		return;
	int bottom = height - bottom_lines(scene, width, height);
	layout->title = (struct rect){0, 0, width, title_lines(scene, height)};
	*(scene->caption.shown ? &layout->caption : &layout->keys) = (struct rect){0, bottom, width, height - bottom};
	layout->message = (struct rect){1, bottom - 1, width - 2, 1};
	if (scene->ui.room == ROOM_MENU)
		place_menu(layout, bottom);
	else if (scene->stage)
		place_stage(layout, scene, bottom);
	else if (width >= TWO_COLUMNS)
		place_wide(layout, scene, bottom);
	else
		place_narrow(layout, scene, bottom);
}

struct rect layout_overlay(const struct scene *scene, int width, int height)
{
	const struct overlay_pane *pane = overlay_of(scene->ui.overlay);
	struct rect room = {0, 1, width, height - 1 - bottom_lines(scene, width, height)};
	struct sheet sheet;

	int wide = pane->width, high = room.height;

	/* A narrow rim beside it would show half words: then it is as wide as the screen. */
	if (wide == 0 || room.width - wide < OVERLAY_RIM)
		wide = room.width;
	if (!pane->high) {
		sheet_begin(&sheet, NULL, (struct rect){0, 0, wide - 4, 0}, 0);
		pane->write(&sheet, scene);
		high = at_most(sheet_end(&sheet) + 2, room.height);
	}
	return (struct rect){(width - wide) / 2, room.y + (room.height - high) / 2, wide, high};
}
