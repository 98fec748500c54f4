/* SPDX-License-Identifier: MIT */
#include "view/scene.h"

#include "base/utf8.h"
#include "view/caption.h"
#include "view/keyline.h"
#include "view/keys.h"
#include "view/layout.h"
#include "view/menu.h"
#include "view/overlay.h"
#include "view/pane.h"
#include "view/timeline.h"
#include "view/title.h"

static void draw_too_small(struct canvas *canvas)
{
	struct rect all = {0, 0, canvas->width, canvas->height};
	struct text text = TEXT_INIT;

	text_printf(&text, "lockstep needs a terminal of at least %d×%d; this one has %d×%d. Make it larger, or press q to quit.",
	            LAYOUT_LEAST_WIDTH, LAYOUT_LEAST_HEIGHT, canvas->width, canvas->height);
	canvas_text_wrapped(canvas, all, text.bytes, STYLE_NOTICE);
	text_release(&text);
}

/* At the right of the upper edge, where the title leaves room. */
static void draw_note(struct canvas *canvas, struct rect frame, const char *note, int title_width)
{
	int columns = (int)utf8_columns(note), x = frame.x + frame.width - 3 - columns;

	if (columns == 0 || x < frame.x + title_width + 4)
		return;
	canvas_put(canvas, x - 1, frame.y, ' ', STYLE_DIM);
	canvas_text(canvas, x, frame.y, note, STYLE_DIM);
	canvas_put(canvas, x + columns, frame.y, ' ', STYLE_DIM);
}

static void draw_edges(struct canvas *canvas, const struct scene *scene, const struct layout *layout, enum pane_id id)
{
	const struct pane *pane = pane_of(id);
	struct rect frame = layout->pane[id];
	struct text title = TEXT_INIT, note = TEXT_INIT;

	if (pane->title != NULL)
		pane->title(scene, &title);
	if (title.length == 0)
		text_add(&title, pane->name);
	canvas_frame(canvas, frame, title.bytes, scene->ui.focus == id && id != PANE_TIMELINE);
	if (pane->note != NULL)
		pane->note(scene, layout_inside(frame), &note);
	draw_note(canvas, frame, note.bytes, (int)utf8_columns(title.bytes));
	text_release(&title);
	text_release(&note);
}

/* The panes that are there, from the top down: a title stands on an edge that the pane above has, too. */
static int panes_downwards(const struct layout *layout, enum pane_id *order)
{
	int count = 0;

	for (int id = 0; id < PANE_COUNT; id++) {
		int at = count;
		if (layout->pane[id].height == 0)
			continue;
		for (; at > 0 && layout->pane[order[at - 1]].y > layout->pane[id].y; at--)
			order[at] = order[at - 1];
		order[at] = (enum pane_id)id;
		count++;
	}
	return count;
}

/* A pane that could be scrolled down says so at its edge; source, text and console always go on. */
static void draw_more(struct canvas *canvas, const struct scene *scene, enum pane_id id, struct rect area)
{
	bool whole = id == PANE_SHARED || id == PANE_LOCKS || id == PANE_QUEUES || id == PANE_MEANING;

	if (whole && pane_of(id)->lines(scene, area.width) - scene->ui.scroll[id] > area.height)
		canvas_put(canvas, area.x + area.width, area.y + area.height - 1, 0x2193 /* ↓ */, STYLE_NOTICE);
}

static void draw_panes(struct canvas *canvas, const struct scene *scene, const struct layout *layout)
{
	enum pane_id order[PANE_COUNT];
	int count = panes_downwards(layout, order);

	for (int i = 0; i < count; i++)
		draw_edges(canvas, scene, layout, order[i]);
	for (int i = 0; i < count; i++) {
		struct rect area = layout_inside(layout->pane[order[i]]);
		canvas_clip(canvas, area);
		pane_of(order[i])->draw(canvas, area, scene);
		canvas_unclip(canvas);
		draw_more(canvas, scene, order[i], area);
	}
}

static void draw_message(struct canvas *canvas, struct rect area, const char *message)
{
	if (message == NULL || message[0] == '\0')
		return;
	int x = canvas_put(canvas, area.x + 1, area.y, ' ', STYLE_NOTICE | STYLE_REVERSE);
	x = canvas_text_fit(canvas, x, area.y, area.width - 4, message, STYLE_NOTICE | STYLE_REVERSE);
	canvas_put(canvas, x, area.y, ' ', STYLE_NOTICE | STYLE_REVERSE);
}

void scene_draw(struct canvas *canvas, const struct scene *scene)
{
	struct layout layout;

	canvas_clear(canvas);
	canvas_unclip(canvas);
	layout_compute(&layout, scene, canvas->width, canvas->height);
	if (layout.too_small) {
		draw_too_small(canvas);
		return;
	}
	title_draw(canvas, layout.title, scene);
	if (scene->ui.room == ROOM_MENU)
		menu_draw(canvas, &layout, scene);
	else
		draw_panes(canvas, scene, &layout);
	if (scene->ui.overlay != OVERLAY_NONE)
		overlay_draw(canvas, scene);
	draw_message(canvas, layout.message, scene->ui.message);
	if (layout.keys.height > 0)
		keyline_draw(canvas, layout.keys, scene);
	if (layout.caption.height > 0)
		caption_draw(canvas, layout.caption, scene);
	else
		caption_draw_keys(canvas, layout.keys.height > 0 ? layout.keys : layout.message, scene);
}

/* ---- the mouse ---- */

static bool within(struct rect area, int x, int y)
{
	return x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height;
}

static void hit_timeline(const struct scene *scene, struct rect area, int x, int y, struct hit *hit)
{
	struct timeline timeline;
	int row = y - area.y;

	timeline_init(&timeline, scene, area);
	if (row == timeline.fold_row) {
		hit->kind = HIT_KEY;
		hit->action = ACTION_UNFOLD;
	} else if (row < timeline.rows) {
		hit->kind = HIT_LANE;
		hit->actor = timeline_actor(&timeline, row);
		int column = timeline_column_at(&timeline, x - area.x - timeline.history_x);
		if (column >= 0) {
			hit->kind = HIT_TIMELINE;
			hit->position = timeline_position(&timeline, column);
		}
	}
	timeline_release(&timeline);
}

static void hit_panes(const struct scene *scene, const struct layout *layout, int x, int y, struct hit *hit)
{
	for (int id = 0; id < PANE_COUNT; id++)
		if (layout->pane[id].height > 0 && within(layout->pane[id], x, y)) {
			hit->kind = HIT_PANE;
			hit->pane = (enum pane_id)id;
			if (id == PANE_TIMELINE && within(layout_inside(layout->pane[id]), x, y))
				hit_timeline(scene, layout_inside(layout->pane[id]), x, y, hit);
			return;
		}
}

int scene_zoom(const struct scene *scene, int width, int height, int zoom)
{
	struct scene wanted = *scene;
	struct layout layout;
	struct timeline timeline;

	wanted.ui.zoom = zoom;
	layout_compute(&layout, &wanted, width, height);
	if (layout.too_small || layout.pane[PANE_TIMELINE].height == 0 || scene->ui.room != ROOM_RUN)
		return scene->ui.zoom;
	timeline_init(&timeline, &wanted, layout_inside(layout.pane[PANE_TIMELINE]));
	zoom = timeline.zoom;
	timeline_release(&timeline);
	return zoom;
}

struct hit scene_hit(const struct scene *scene, int width, int height, int x, int y)
{
	struct layout layout;
	struct hit hit = {.kind = HIT_NOTHING};

	layout_compute(&layout, scene, width, height);
	if (layout.too_small)
		return hit;
	if (within(layout.keys, x, y)) {
		hit.action = scene->ui.prompt == NULL ? keyline_hit(scene, layout.keys, x, y) : ACTION_NONE;
		hit.kind = hit.action != ACTION_NONE ? HIT_KEY : HIT_NOTHING;
	} else if (scene->ui.overlay != OVERLAY_NONE) {
		hit.kind = overlay_hit(scene, width, height, x, y, &hit.index) ? HIT_OVERLAY_ROW : HIT_NOTHING;
	} else if (scene->ui.room == ROOM_MENU) {
		hit.kind = menu_hit(&layout, scene, x, y, &hit.index) ? HIT_MENU : HIT_NOTHING;
	} else {
		hit_panes(scene, &layout, x, y, &hit);
	}
	return hit;
}

/* ---- scrolling ---- */

bool scene_pane_visible(const struct scene *scene, int width, int height, enum pane_id pane)
{
	struct layout layout;

	if (scene->ui.room != ROOM_RUN)
		return false;
	layout_compute(&layout, scene, width, height);
	return layout.pane[pane].height > 0;
}

int scene_scroll_limit(const struct scene *scene, int width, int height, enum pane_id pane)
{
	struct layout layout;

	layout_compute(&layout, scene, width, height);
	if (layout.too_small || scene->ui.room != ROOM_RUN || layout.pane[pane].height == 0)
		return 0;
	struct rect area = layout_inside(layout.pane[pane]);
	int lines = pane_of(pane)->lines(scene, area.width) - area.height;
	if (pane == PANE_SOURCE)
		lines++; /* 0 follows; line n is at n + 1 */
	return lines > 0 ? lines : 0;
}
