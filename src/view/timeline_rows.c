/* SPDX-License-Identifier: MIT */
/*
 * Which lanes have a row. Where all fit, all have. Where they do not, who has ended is folded into
 * one line below the others, no more of them than is needed: first those that ended well, then the
 * others, zombies last. If those that live do not fit either there is no such line, and one looks
 * at a part of them.
 *
 * The selected lane and the one that moved last have a row in any case.
 */
#include "base/memory.h"
#include "base/utf8.h"
#include "view/mark.h"
#include "view/pane.h"
#include "view/timeline.h"

enum { LAST_EVENTS = 256 }; /* of the last step are looked at */

static const struct world_actor *actor_of(const struct timeline *timeline, size_t lane)
{
	return world_actor(timeline->scene->world, timeline->lanes[lane]);
}

uint16_t timeline_actor(const struct timeline *timeline, int row)
{
	return timeline->lanes[timeline->shown[row]];
}

/* ---- who is never folded, and always has a row ---- */

uint64_t timeline_last_events(const struct scene *scene)
{
	uint64_t to = scene->world->position, since = pane_since(scene);

	return to - since > LAST_EVENTS ? to - LAST_EVENTS : since;
}

static uint16_t last_mover(const struct scene *scene)
{
	uint64_t since = timeline_last_events(scene);

	for (uint64_t index = scene->world->position; index > since; index--) {
		const struct wire_event *event = history_at(scene->history, index - 1);
		if (!mark_is_told(event->kind))
			return lane_owner(scene, event->actor);
	}
	return WORLD_NO_ACTOR;
}

static size_t lane_of(const struct timeline *timeline, uint16_t actor)
{
	size_t lane = 0;

	while (lane < timeline->lane_count && timeline->lanes[lane] != actor)
		lane++;
	return lane;
}

/* ---- folding ---- */

/* Who is folded first. */
enum fold { FOLD_WELL, FOLD_BADLY, FOLD_ZOMBIE, FOLD_NEVER };

static bool ended_well(const struct world_actor *actor)
{
	return actor->exit_code == 0 && !actor->killed && !actor->vanished;
}

static enum fold fold_of(const struct scene *scene, const struct world_actor *actor)
{
	if (actor->state != ACTOR_EXITED)
		return FOLD_NEVER;
	if (world_is_zombie(scene->world, actor->id))
		return FOLD_ZOMBIE;
	return ended_well(actor) ? FOLD_WELL : FOLD_BADLY;
}

static bool has_room(const struct timeline *timeline, size_t room)
{
	return timeline->lane_count - timeline->folded_count < room; /* for the line too */
}

static void fold(struct timeline *timeline, size_t room, size_t selected, size_t mover)
{
	for (enum fold turn = FOLD_WELL; turn < FOLD_NEVER; turn++)
		for (size_t lane = 0; lane < timeline->lane_count && !has_room(timeline, room); lane++)
			if (lane != selected && lane != mover && fold_of(timeline->scene, actor_of(timeline, lane)) == turn) {
				timeline->folded[lane] = true;
				timeline->folded_count++;
			}
}

/* ---- the rows ---- */

/* Somebody outside of the part that is seen takes the place of the one farthest from it; the selected stays. */
static void hold(struct timeline *timeline, size_t lane, size_t selected)
{
	int last = timeline->rows - 1;

	for (int row = 0; row <= last; row++)
		if (timeline->shown[row] == lane)
			return;
	if (last < 1)
		return;
	if (lane < timeline->shown[0]) { /* then the selected is at the other end */
		timeline->shown[0] = (uint16_t)lane;
		return;
	}
	if (timeline->shown[last] == selected)
		timeline->shown[last - 1] = (uint16_t)selected;
	timeline->shown[last] = (uint16_t)lane;
}

/* The lanes that are not folded; if they have no room, a part that ends with the selected. */
static void fill_rows(struct timeline *timeline, size_t room, size_t selected)
{
	size_t before = 0, first, at = 0;

	for (size_t lane = 0; lane < selected && lane < timeline->lane_count; lane++)
		before += !timeline->folded[lane];
	first = selected < timeline->lane_count && before >= room ? before - room + 1 : 0;
	for (size_t lane = 0; lane < timeline->lane_count && (size_t)timeline->rows < room; lane++)
		if (!timeline->folded[lane] && at++ >= first)
			timeline->shown[timeline->rows++] = (uint16_t)lane;
}

void timeline_place_rows(struct timeline *timeline)
{
	const struct scene *scene = timeline->scene;
	int height = timeline->area.height;
	size_t room = height < 0 ? 0 : height > TIMELINE_ROWS ? TIMELINE_ROWS : (size_t)height;

	timeline->lane_count = scene_lanes(scene, NULL, 0);
	timeline->lanes = memory_array(timeline->lane_count + 1, sizeof *timeline->lanes);
	timeline->folded = memory_array(timeline->lane_count + 1, sizeof *timeline->folded);
	timeline->fold_row = -1;
	if (room == 0 || scene_lanes(scene, timeline->lanes, timeline->lane_count) == 0)
		return;
	size_t selected = lane_of(timeline, lane_owner(scene, scene->ui.selected));
	size_t mover = lane_of(timeline, last_mover(scene));
	if (timeline->lane_count > room && !scene->ui.unfolded)
		fold(timeline, room, selected, mover);
	fill_rows(timeline, room, selected);
	if (mover < timeline->lane_count)
		hold(timeline, mover, selected);
	if (timeline->folded_count > 0 && (size_t)timeline->rows < room)
		timeline->fold_row = timeline->rows;
}

/* ---- the line: "6 ended: ✓ ana, ben; ✗ exit 8: carla, …" ---- */

struct folded_line {
	struct sheet sheet;
	size_t left;                    /* to be told */
	const struct world_actor *last; /* told of; NULL: nobody yet */
};

static bool same_end(const struct scene *scene, const struct world_actor *one, const struct world_actor *other)
{
	return one != NULL && fold_of(scene, one) == fold_of(scene, other) && one->exit_code == other->exit_code;
}

/* The name; with the sign and the exit code where they are not those of the one before. */
static void add_folded(struct text *out, const struct scene *scene, const struct world_actor *last, const struct world_actor *actor)
{
	static const char *const signs[] = {[FOLD_WELL] = "✓", [FOLD_BADLY] = "✗", [FOLD_ZOMBIE] = "†"};

	if (same_end(scene, last, actor))
		text_add(out, ", ");
	else
		text_printf(out, "%s%s ", last != NULL ? "; " : " ", signs[fold_of(scene, actor)]);
	if (actor->exit_code != 0 && !same_end(scene, last, actor))
		text_printf(out, "exit %d: ", actor->exit_code);
	text_add(out, actor->name);
}

/* False: no room for it and for saying that there are more. */
static bool tell_folded(struct folded_line *line, const struct scene *scene, const struct world_actor *actor)
{
	struct text piece = TEXT_INIT;

	add_folded(&piece, scene, line->last, actor);
	line->last = actor;
	line->left--;
	bool fits = (int)utf8_columns(piece.bytes) + (line->left > 0 ? 3 : 0) <= sheet_room(&line->sheet);
	sheet_text(&line->sheet, ended_well(actor) ? STYLE_EXITED : STYLE_LOST, fits ? piece.bytes : ", …");
	text_release(&piece);
	return fits;
}

static void tell_all_folded(struct folded_line *line, const struct timeline *timeline)
{
	for (enum fold turn = FOLD_WELL; turn < FOLD_NEVER; turn++)
		for (size_t lane = 0; lane < timeline->lane_count; lane++) {
			const struct world_actor *actor = actor_of(timeline, lane);
			if (timeline->folded[lane] && fold_of(timeline->scene, actor) == turn &&
			    !tell_folded(line, timeline->scene, actor))
				return;
		}
}

void timeline_draw_folded(const struct timeline *timeline, struct canvas *canvas)
{
	static const char key[] = "H", does[] = " shows them";
	struct rect area = {timeline->area.x, timeline->area.y + timeline->fold_row, timeline->area.width, 1};
	struct folded_line line = {.left = timeline->folded_count};

	area.width -= (int)(sizeof key + sizeof does);
	int x = canvas_text(canvas, area.x + area.width + 1, area.y, key, STYLE_KEY);
	canvas_text(canvas, x, area.y, does, STYLE_DIM);
	sheet_begin(&line.sheet, canvas, area, 0);
	sheet_to_column(&line.sheet, timeline->number_width);
	sheet_printf(&line.sheet, STYLE_DIM, "%zu ended:", timeline->folded_count);
	tell_all_folded(&line, timeline);
}
