/* SPDX-License-Identifier: MIT */
#include "view/keyline.h"

#include <string.h>

#include "base/utf8.h"
#include "view/keys.h"
#include "view/hints.h"

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

/* "1-9" with no more numbers than there are lanes; with more lanes than that, 0 asks for the number. */
static void hint_name(const struct scene *scene, const struct hint *hint, struct text *out)
{
	size_t lanes = hint->action == ACTION_CHOOSE && scene->world != NULL ? scene_lanes(scene, NULL, 0) : 9;

	if (hint->action == ACTION_CHOOSE && lanes < 9)
		text_printf(out, lanes > 1 ? "1-%zu" : "%zu", lanes);
	else if (lanes > 9)
		text_add(out, "0-9");
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

enum {
	SEGMENTS = 32,
	GAP = 2,
	PROMPT_KEYS = 30, /* columns for what Enter and Esc do */
};

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

/* The end of what was typed, as far as it fits. */
static const char *typed_end(const char *typed, int room)
{
	int over = (int)utf8_columns(typed) - (room > 0 ? room : 0);

	return over > 0 ? typed + utf8_fit(typed, (size_t)over) : typed;
}

static void draw_prompt(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	int x = canvas_text(canvas, area.x + 1, area.y, scene->ui.prompt_before, STYLE_KEY);

	x = canvas_text(canvas, x, area.y, typed_end(scene->ui.prompt, area.width - PROMPT_KEYS - x), STYLE_NOTICE);
	x = canvas_put(canvas, x, area.y, ' ', STYLE_NOTICE | STYLE_REVERSE);
	x = canvas_text(canvas, x + 2, area.y, "Enter", STYLE_KEY);
	x = canvas_text(canvas, x + 1, area.y, scene->ui.prompt_does, STYLE_PLAIN);
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
