/* SPDX-License-Identifier: MIT */
#include "view/pane.h"
#include "view/lane.h"
#include "world/changed.h"

static const struct pane *const panes[PANE_COUNT] = {
	[PANE_TIMELINE] = &pane_timeline, [PANE_SHARED] = &pane_shared, [PANE_LOCKS] = &pane_locks,
	[PANE_QUEUES] = &pane_queues,     [PANE_SOURCE] = &pane_source, [PANE_CONSOLE] = &pane_console,
	[PANE_TEXT] = &pane_text,         [PANE_MEANING] = &pane_meaning,
};

const struct pane *pane_of(enum pane_id id)
{
	return panes[id];
}

static const struct overlay_pane *const overlays[] = {
	[OVERLAY_HELP] = &overlay_help,           [OVERLAY_TEXT] = &overlay_text,
	[OVERLAY_PARAMETERS] = &overlay_parameters, [OVERLAY_HISTOGRAM] = &overlay_histogram,
	[OVERLAY_BRANCHES] = &overlay_branches,   [OVERLAY_QUIZ] = &overlay_quiz,
	[OVERLAY_ANSWER] = &overlay_answer,       [OVERLAY_NOTICE] = &overlay_notice,
};

const struct overlay_pane *overlay_of(enum overlay overlay)
{
	return overlays[overlay];
}

int pane_count_lines(void (*write)(struct sheet *, const struct scene *), const struct scene *scene, int width)
{
	struct sheet sheet;

	sheet_begin(&sheet, NULL, (struct rect){0, 0, width, 0}, 0);
	write(&sheet, scene);
	return sheet_end(&sheet);
}

void pane_draw_lines(void (*write)(struct sheet *, const struct scene *), const struct scene *scene, struct canvas *canvas,
                     struct rect area, int first)
{
	struct sheet sheet;

	sheet_begin(&sheet, canvas, area, first);
	write(&sheet, scene);
	sheet_end(&sheet);
}

void pane_say_kinds(const struct scene *scene, const struct pane_kind *kinds, struct text *out)
{
	for (const struct pane_kind *kind = kinds; kind->name != NULL; kind++)
		if (pane_has_kind(scene, kind->kind))
			text_printf(out, "%s%s", out->length > 0 ? " · " : "", kind->name);
}

bool pane_has_kind(const struct scene *scene, enum object_kind kind)
{
	for (unsigned int id = 1; id < scene->world->object_count; id++) {
		const struct world_object *object = world_object(scene->world, id);
		if (object != NULL && object->kind == kind)
			return true;
	}
	return false;
}

uint64_t pane_since(const struct scene *scene)
{
	return scene->run.gated || scene_past(scene) ? changed_since(scene->world) : scene->world->position;
}

void pane_mark_line(struct sheet *sheet, bool changed)
{
	if (changed)
		sheet_glyph(sheet, STYLE_NOTICE, PANE_MARK);
	sheet_to_column(sheet, 2);
}

void pane_say_name(struct sheet *sheet, const char *name, bool changed)
{
	sheet_printf(sheet, STYLE_PLAIN, "%s ", name);
	sheet_glyph(sheet, STYLE_NOTICE, changed ? PANE_MARK : ' ');
}

/* A feeder that waits for work waits for nothing that anybody holds back. */
static size_t drop_idle_feeders(const struct world *world, uint16_t *waiters, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (world->actors[waiters[i]].last_kind != EVENT_QUEUE_FEED_WAIT)
			waiters[kept++] = waiters[i];
	return kept;
}

bool pane_say_waiters(struct sheet *sheet, const struct scene *scene, const struct world_object *object)
{
	uint16_t waiters[PANE_WAITERS * 2];
	size_t count = world_waiters(scene->world, object->id, waiters, PANE_WAITERS * 2);

	if (count <= PANE_WAITERS * 2)
		count = drop_idle_feeders(scene->world, waiters, count);
	if (count == 0)
		return false;
	sheet->indent = 4;
	pane_mark_line(sheet, changed_waiters(scene->world, pane_since(scene), object->id));
	sheet_flow(sheet, STYLE_WAITING, "waiting:");
	for (size_t i = 0; i < count && i < PANE_WAITERS; i++)
		sheet_flow_printf(sheet, STYLE_WAITING, " %s", world_actor_name(scene->world, waiters[i]));
	if (count > PANE_WAITERS)
		sheet_flow_printf(sheet, STYLE_WAITING, " and %zu more", count - PANE_WAITERS);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	sheet->indent = 0;
	return true;
}

void pane_say_lane(struct sheet *sheet, const struct scene *scene, uint16_t actor, bool name)
{
	uint16_t lanes[PANE_LANES];
	size_t count = name ? 0 : scene_lanes(scene, lanes, PANE_LANES);

	if (name)
		sheet_text(sheet, STYLE_DIM, world_actor_name(scene->world, actor));
	for (size_t i = 0; i < count && i < PANE_LANES; i++)
		if (lanes[i] == actor)
			sheet_printf(sheet, STYLE_KEY, "%zu", i + 1);
}
