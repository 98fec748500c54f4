/* SPDX-License-Identifier: MIT */
/* The lesson's source: follows the selected actor and marks the line at which each actor is. */
#include <string.h>

#include "view/lane.h"
#include "view/pane.h"

enum {
	MARKS = 4,        /* columns for "▷12" and a blank */
	LOOKED_BACK = 16, /* events */
};

/* Line 0: not in this file. */
static struct place place_shown(const struct scene *scene, uint32_t where)
{
	struct place place = history_place(scene->history, where);
	const char *name = scene->lesson != NULL && scene->lesson->source != NULL ? scene->lesson->source : "lesson.c";
	const char *slash = strrchr(name, '/');

	return strcmp(place.file, slash != NULL ? slash + 1 : name) == 0 ? place : (struct place){"", "", 0};
}

/* Where an actor is: at what it is about to do, else at what it did last. */
static struct place place_of_actor(const struct scene *scene, unsigned int actor)
{
	const struct world_actor *who = world_actor(scene->world, actor);
	const struct about *about = lane_about(scene, actor);

	if (who == NULL || who->state == ACTOR_EXITED)
		return (struct place){"", "", 0};
	return place_shown(scene, about != NULL && about->known ? about->place : who->place);
}

/* Somebody who is about to leave, or has left, is nowhere in it: then where he was last. */
static struct place place_followed(const struct scene *scene)
{
	uint16_t actor = lane_owner(scene, scene->ui.selected);
	struct place place = place_of_actor(scene, actor);
	uint64_t event = scene->world->position;

	for (int i = 0; i < LOOKED_BACK && place.line == 0; i++) {
		event = history_actor_last(scene->history, actor, event);
		if (event == HISTORY_NONE)
			break;
		place = place_shown(scene, history_at(scene->history, event)->place);
	}
	return place;
}

/* The line at the top: the one that was scrolled to, or such that the followed one is in the middle. */
static size_t first_line(const struct scene *scene, int height)
{
	size_t count = scene->source != NULL ? scene->source->count : 0, room = height > 0 ? (size_t)height : 0;
	size_t last = count > room ? count - room : 0, line = place_followed(scene).line;

	if (scene->ui.scroll[PANE_SOURCE] > 0)
		line = (size_t)scene->ui.scroll[PANE_SOURCE] - 1;
	else
		line = line > room / 2 ? line - 1 - room / 2 : 0;
	return line < last ? line : last;
}

/* Which lanes are at which of the visible lines: made once a frame. */
struct marks {
	size_t first;
	int height;
	uint16_t lanes[256][2]; /* by visible line: the first two lanes there, plus 1 */
	uint8_t count[256];
	bool ready[256];
};

static void collect_marks(struct marks *marks, const struct scene *scene, size_t first, int height)
{
	uint16_t lanes[256];
	size_t count = scene_lanes(scene, lanes, 256);

	*marks = (struct marks){.first = first, .height = height < 256 ? height : 256};
	for (size_t i = 0; i < count && i < 256; i++) {
		size_t line = place_of_actor(scene, lanes[i]).line;
		if (line < first + 1 || line > first + (size_t)marks->height)
			continue;
		size_t row = line - 1 - first;
		if (marks->count[row] < 2)
			marks->lanes[row][marks->count[row]] = (uint16_t)(i + 1);
		if (marks->count[row] < UINT8_MAX)
			marks->count[row]++;
		const struct about *about = lane_about(scene, lanes[i]);
		marks->ready[row] = marks->ready[row] || (about != NULL && about->ready);
	}
}

/* "▷1", "▷12", "▷1+": one, two, or more lanes. */
static void draw_marks(struct canvas *canvas, int x, int y, const struct marks *marks, int row)
{
	unsigned int style = marks->ready[row] ? STYLE_READY : STYLE_WAITING;

	if (row >= marks->height || marks->count[row] == 0)
		return;
	if (marks->ready[row])
		canvas_put(canvas, x, y, 0x25b7 /* ▷ */, style);
	if (marks->count[row] == 1)
		canvas_printf(canvas, x + 1, y, style, "%u", marks->lanes[row][0]);
	else if (marks->count[row] == 2 && marks->lanes[row][1] < 10)
		canvas_printf(canvas, x + 1, y, style, "%u%u", marks->lanes[row][0], marks->lanes[row][1]);
	else
		canvas_printf(canvas, x + 1, y, style, "%u+", marks->lanes[row][0]);
}

/* Blanks that every visible line begins with: given to the end of the lines where there is little room. */
static size_t common_indent(const struct lines *source, size_t first, int height)
{
	size_t least = SIZE_MAX;

	for (size_t i = first; i < source->count && i < first + (size_t)height; i++) {
		size_t blanks = strspn(source->line[i], " ");
		if (source->line[i][blanks] != '\0' && blanks < least)
			least = blanks;
	}
	return least == SIZE_MAX ? 0 : least;
}

/* One line of source; returns how many rows it took: the one that is followed is never cut. */
static int draw_line(struct canvas *canvas, struct rect area, int row, const char *line, unsigned int style, bool whole)
{
	struct sheet sheet;
	struct rect room = {area.x, area.y + row, area.width, area.height - row};
	size_t blanks = strspn(line, " ");
	int indent = (int)blanks < area.width / 3 ? (int)blanks : area.width / 3;

	sheet_begin(&sheet, canvas, room, 0);
	sheet_to_column(&sheet, indent);
	if (!whole) {
		sheet_text(&sheet, style, line + blanks);
		return 1;
	}
	sheet.indent = indent;
	sheet_flow(&sheet, style, line + blanks);
	int rows = sheet_end(&sheet);
	return rows > 0 ? rows : 1;
}

static int digits(size_t number)
{
	int count = 1;

	while ((number /= 10) > 0)
		count++;
	return count;
}

static void draw_lines(struct canvas *canvas, struct rect area, const struct scene *scene, const struct lines *source)
{
	struct marks marks;
	size_t first = first_line(scene, area.height), followed = place_followed(scene).line;
	int gutter = digits(source->count) + 1 + MARKS, row = 0;
	size_t indent = common_indent(source, first, area.height);
	struct rect code = {area.x + gutter, area.y, area.width - gutter, area.height};

	collect_marks(&marks, scene, first, area.height);
	canvas_clip(canvas, area);
	for (size_t i = first; i < source->count && row < area.height; i++) {
		bool here = i + 1 == followed;
		unsigned int style = here ? STYLE_STRONG : STYLE_CODE;
		const char *line = source->line[i];
		canvas_printf(canvas, area.x, area.y + row, STYLE_DIM, "%*zu", gutter - MARKS - 1, i + 1);
		draw_marks(canvas, area.x + gutter - MARKS, area.y + row, &marks, (int)(i - first));
		int rows = draw_line(canvas, code, row, strlen(line) > indent ? line + indent : "", style, here);
		if (here)
			canvas_restyle(canvas, (struct rect){area.x, area.y + row, area.width, rows}, STYLE_REVERSE);
		row += rows;
	}
	canvas_unclip(canvas);
}

static void source_draw(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	if (scene->source == NULL || scene->source->count == 0)
		canvas_text_wrapped(canvas, area, "The lesson's source cannot be read.", STYLE_DIM);
	else
		draw_lines(canvas, area, scene, scene->source);
}

static int source_lines(const struct scene *scene, int width)
{
	(void)width;
	return scene->source != NULL ? (int)scene->source->count : 0;
}

static void source_title(const struct scene *scene, struct text *out)
{
	struct place place = place_followed(scene);

	if (place.line > 0)
		text_printf(out, "%s · %s() line %u", place.file, place.function, place.line);
	else
		text_add(out, "lesson.c");
}

const struct pane pane_source = {.name = "source", .title = source_title, .lines = source_lines, .draw = source_draw};
