/* SPDX-License-Identifier: MIT */
#include "view/keyline.h"

#include <string.h>

#include "base/utf8.h"
#include "view/keys.h"
#include "view/lane.h"

static const char *const key_names[ACTION_COUNT] = {
#define X(action, keys, label, group, help) [action] = keys,
	KEY_TABLE(X)
#undef X
};

static const char *const key_labels[ACTION_COUNT] = {
#define X(action, keys, label, group, help) [action] = label,
	KEY_TABLE(X)
#undef X
};

/* ---- which keys work now ---- */

static bool always(const struct scene *scene)
{
	(void)scene;
	return true;
}

static bool can_step(const struct scene *scene)
{
	return scene->run.gated && scene->world != NULL &&
	       scene_lane_mover(scene, lane_owner(scene, scene->ui.selected)) != WORLD_NO_ACTOR;
}

static bool can_choose(const struct scene *scene)
{
	for (size_t id = 0; scene->run.gated && id < scene->about_count; id++)
		if (scene->about[id].ready)
			return true;
	return false;
}

static bool can_run(const struct scene *scene)
{
	return scene->run.gated ? can_choose(scene) || scene->run.running : !scene->run.ended;
}

static bool has_steps(const struct scene *scene)
{
	return scene->run.gated && scene->run.steps > 0;
}

static bool has_parameters(const struct scene *scene)
{
	return scene->lesson != NULL && scene->lesson->parameter_count > 0;
}

static bool is_gated(const struct scene *scene)
{
	return scene->run.gated;
}

static bool is_free(const struct scene *scene)
{
	return !scene->run.gated;
}

static bool has_branches(const struct scene *scene)
{
	return scene->branch_count > 0;
}

static bool has_lesson(const struct scene *scene)
{
	return scene_menu(scene, NULL, 0) > 0;
}

/* A key to be told of. NULL for `keys` or `label`: as in KEY_TABLE. Where room is short the highest ranks go first. */
struct hint {
	enum action action;
	const char *keys;
	const char *label;
	int rank;
	bool (*works)(const struct scene *scene);
};

static const struct hint in_run[] = {
	{ACTION_CHOOSE, "1-9", NULL, 0, can_choose},
	{ACTION_STEP, "s", NULL, 0, can_step},
	{ACTION_RUN, NULL, NULL, 0, can_run},
	{ACTION_BACK, "b", NULL, 0, has_steps},
	{ACTION_LEFT, "left/right", "look back", 2, has_steps},
	{ACTION_LAST, "G", "present", 1, scene_past},
	{ACTION_FINISH, NULL, NULL, 3, can_step},
	{ACTION_AGAIN, NULL, NULL, 1, always},
	{ACTION_FREE, NULL, NULL, 4, is_gated},
	{ACTION_FREE, NULL, "back to stepping", 1, is_free},
	{ACTION_VIEW, NULL, NULL, 2, always},
	{ACTION_TEXT, NULL, NULL, 2, always},
	{ACTION_PARAMETERS, NULL, NULL, 2, has_parameters},
	{ACTION_TWENTY, NULL, NULL, 3, always},
	{ACTION_BRANCH, NULL, "futures", 3, has_branches},
	{ACTION_HELP, NULL, NULL, 0, always},
	{ACTION_ESCAPE, NULL, "menu", 4, always},
	{ACTION_QUIT, "q", NULL, 0, always},
	{0}};

static const struct hint in_menu[] = {
	{ACTION_UP, "up", "", 0, has_lesson},
	{ACTION_DOWN, "down", "choose", 0, has_lesson},
	{ACTION_STEP, "enter", "open", 0, has_lesson},
	{ACTION_FREE, NULL, "watch it run freely", 2, has_lesson},
	{ACTION_TEXT, NULL, NULL, 1, has_lesson},
	{ACTION_SEARCH, NULL, "find", 1, always},
	{ACTION_HELP, NULL, NULL, 0, always},
	{ACTION_QUIT, "q", NULL, 0, always},
	{0}};

static const struct hint in_reading[] = {
	{ACTION_UP, "up", "", 0, always},
	{ACTION_DOWN, "down", "scroll", 0, always},
	{ACTION_PAGE_DOWN, "pgdn", "page", 1, always},
	{ACTION_ESCAPE, NULL, "close", 0, always},
	{ACTION_QUIT, "q", NULL, 0, always},
	{0}};

static const struct hint in_parameters[] = {
	{ACTION_UP, "up", "", 0, always},
	{ACTION_DOWN, "down", "choose", 0, always},
	{ACTION_LEFT, "left", "", 0, always},
	{ACTION_RIGHT, "right", "change", 0, always},
	{ACTION_STEP, "enter", "start again", 0, always},
	{ACTION_ESCAPE, NULL, "keep the old", 0, always},
	{0}};

static const struct hint in_histogram[] = {
	{ACTION_TWENTY, NULL, "twenty more", 1, always},
	{ACTION_ESCAPE, NULL, "close", 0, always},
	{ACTION_QUIT, "q", NULL, 0, always},
	{0}};

static const struct hint in_branches[] = {
	{ACTION_UP, "up", "", 0, always},
	{ACTION_DOWN, "down", "choose", 0, always},
	{ACTION_STEP, "enter", "go to that future", 0, always},
	{ACTION_ESCAPE, NULL, "close", 0, always},
	{0}};

static const struct hint *hints_of(const struct scene *scene)
{
	static const struct hint *const overlays[] = {
		[OVERLAY_HELP] = in_reading,           [OVERLAY_TEXT] = in_reading,
		[OVERLAY_PARAMETERS] = in_parameters,  [OVERLAY_HISTOGRAM] = in_histogram,
		[OVERLAY_BRANCHES] = in_branches,
	};

	if (scene->ui.overlay != OVERLAY_NONE)
		return overlays[scene->ui.overlay];
	return scene->ui.room == ROOM_MENU ? in_menu : in_run;
}

/* ---- names ---- */

static const struct {
	const char *name, *shown;
} shown_names[] = {{"up", "↑"}, {"down", "↓"}, {"left", "←"}, {"right", "→"}, {"left/right", "←→"}, {"esc", "Esc"}, {"enter", "Enter"},
                   {"tab", "Tab"}, {"pgup", "PgUp"}, {"pgdn", "PgDn"}, {"home", "Home"}, {"end", "End"}};

static void add_name(struct text *out, const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof shown_names / sizeof shown_names[0]; i++)
		if (strlen(shown_names[i].name) == length && strncmp(shown_names[i].name, name, length) == 0) {
			text_add(out, shown_names[i].shown);
			return;
		}
	text_add_bytes(out, name, length);
}

void keyline_name(struct text *out, const char *keys, bool all)
{
	for (;;) {
		size_t length = strcspn(keys, " ");
		add_name(out, keys, length);
		keys += length + strspn(keys + length, " ");
		if (*keys == '\0' || !all)
			return;
		text_add_char(out, ' ');
	}
}

/* "1-9" with no more numbers than there are lanes. */
static void hint_name(const struct scene *scene, const struct hint *hint, struct text *out)
{
	size_t lanes = hint->action == ACTION_CHOOSE && scene->world != NULL ? scene_lanes(scene, NULL, 0) : 9;

	if (hint->action == ACTION_CHOOSE && lanes < 9)
		text_printf(out, lanes > 1 ? "1-%zu" : "%zu", lanes);
	else
		keyline_name(out, hint->keys != NULL ? hint->keys : key_names[hint->action], false);
}

/* ---- where they are ---- */

struct segment {
	const struct hint *hint;
	const char *label;
	struct text key;
	int x, line, width;
};

enum { SEGMENTS = 32, GAP = 2 };

static void release_segments(struct segment *segments, int count)
{
	for (int i = 0; i < count; i++)
		text_release(&segments[i].key);
}

/* Lays out the hints that are not dropped; returns how many, and in how many lines. */
static int place(const struct scene *scene, int width, uint64_t dropped, bool all, struct segment *segments, int *lines)
{
	const struct hint *hints = hints_of(scene);
	int count = 0, x = 1, line = 0;

	for (int i = 0; hints[i].works != NULL && count < SEGMENTS; i++) {
		if ((dropped >> i & 1) != 0 || !(all || hints[i].works(scene)))
			continue;
		struct segment *segment = &segments[count++];
		*segment = (struct segment){.hint = &hints[i], .key = TEXT_INIT};
		segment->label = hints[i].label != NULL ? hints[i].label : key_labels[hints[i].action];
		hint_name(scene, &hints[i], &segment->key);
		segment->width = (int)utf8_columns(segment->key.bytes);
		if (segment->label[0] != '\0')
			segment->width += 1 + (int)utf8_columns(segment->label);
		if (x > 1 && x + segment->width > width) {
			x = 1;
			line++;
		}
		segment->x = x;
		segment->line = line;
		x += segment->width + (segment->label[0] != '\0' ? GAP : 0);
	}
	*lines = line + 1;
	return count;
}

/* The hint that is missed least: of the highest rank, the last. -1: all that are left are needed. */
static int least_important(const struct segment *segments, int count, const struct hint *hints)
{
	int least = -1;

	for (int i = 0; i < count; i++)
		if (segments[i].hint->rank > 0 && (least < 0 || segments[i].hint->rank >= hints[least].rank))
			least = (int)(segments[i].hint - hints);
	return least;
}

/* As many as fit into the lines there are. */
static int place_fitting(const struct scene *scene, struct rect area, struct segment *segments)
{
	uint64_t dropped = 0;

	for (;;) {
		int lines, count = place(scene, area.width, dropped, false, segments, &lines);
		int least = least_important(segments, count, hints_of(scene));
		if (lines <= area.height || least < 0)
			return count;
		dropped |= 1ull << least;
		release_segments(segments, count);
	}
}

int keyline_lines(const struct scene *scene, int width)
{
	struct segment segments[SEGMENTS];
	int lines;

	/* Of the room, not of the overlay: what lies below must not move when one opens. */
	struct scene plain = *scene;
	plain.ui.overlay = OVERLAY_NONE;
	release_segments(segments, place(&plain, width, 0, true, segments, &lines));
	return lines;
}

static void draw_prompt(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	int x = canvas_text(canvas, area.x + 1, area.y, "/", STYLE_KEY);

	x = canvas_text_fit(canvas, x, area.y, area.width - 32, scene->ui.prompt, STYLE_NOTICE);
	x = canvas_put(canvas, x, area.y, ' ', STYLE_NOTICE | STYLE_REVERSE);
	x = canvas_text(canvas, x + 2, area.y, "Enter", STYLE_KEY);
	x = canvas_text(canvas, x + 1, area.y, "find", STYLE_PLAIN);
	x = canvas_text(canvas, x + 2, area.y, "Esc", STYLE_KEY);
	canvas_text(canvas, x + 1, area.y, "leave it", STYLE_PLAIN);
}

void keyline_draw(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	struct segment segments[SEGMENTS];

	if (scene->ui.prompt != NULL) {
		draw_prompt(canvas, area, scene);
		return;
	}
	int count = place_fitting(scene, area, segments);
	for (int i = 0; i < count; i++) {
		int y = area.y + segments[i].line;
		int x = canvas_text(canvas, area.x + segments[i].x, y, segments[i].key.bytes, STYLE_KEY);
		if (segments[i].label[0] != '\0')
			canvas_text(canvas, x + 1, y, segments[i].label, STYLE_PLAIN);
	}
	release_segments(segments, count);
}

int keyline_hit(const struct scene *scene, struct rect area, int x, int y)
{
	struct segment segments[SEGMENTS];
	int count = place_fitting(scene, area, segments), action = ACTION_NONE;

	for (int i = 0; i < count; i++)
		if (y == area.y + segments[i].line && x >= area.x + segments[i].x &&
		    x < area.x + segments[i].x + segments[i].width)
			action = (int)segments[i].hint->action;
	release_segments(segments, count);
	return action;
}
