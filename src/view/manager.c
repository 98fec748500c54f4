/* SPDX-License-Identifier: MIT */
/* Managers: who asks, who is being answered, and what lies in the server, as it last told. */
#include "view/items.h"
#include "world/changed.h"

static void say_clients(struct sheet *sheet, const struct scene *scene, bool moved, const char *words, unsigned int style,
                        const struct pages *items)
{
	if (items->count == 0)
		return;
	sheet->indent = 4;
	pane_mark_line(sheet, moved);
	sheet_flow(sheet, style, words);
	for (size_t i = 0; i < items->count; i++)
		sheet_flow_printf(sheet, style, " %s", world_actor_name(scene->world, world_item(items, i)->actor));
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	sheet->indent = 0;
}

static void write_contents(struct sheet *sheet, const struct scene *scene, const struct world_object *held)
{
	const char *text = held->contents != HISTORY_NONE ? history_text(scene->history, held->contents, NULL) : "";
	const struct wire_event *event = history_at(scene->history, held->contents);

	sheet->indent = 4;
	pane_mark_line(sheet, event != NULL && held->contents >= pane_since(scene));
	sheet_flow_printf(sheet, STYLE_PLAIN, "%s ", held->name);
	sheet_flow_printf(sheet, STYLE_STRONG, "%s%s", text[0] != '\0' ? text : "not made yet",
	                  event != NULL && (event->flags & EVENT_CUT) != 0 ? "…" : "");
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	sheet->indent = 0;
}

void write_manager(struct sheet *sheet, const struct scene *scene, const struct world_object *manager)
{
	const struct world *world = scene->world;
	uint64_t since = pane_since(scene);

	pane_say_name(sheet, manager->name, changed(world, since, manager->id, EVENT_MANAGER_RETURN, EVENT_MANAGER_SHUTDOWN));
	sheet_printf(sheet, STYLE_STRONG, "%llu round %s", (unsigned long long)manager->round_trips,
	             manager->round_trips == 1 ? "trip" : "trips");
	if (manager->closed)
		sheet_text(sheet, STYLE_DIM, ", ended");
	sheet_newline(sheet);
	say_clients(sheet, scene, changed(world, since, manager->id, EVENT_MANAGER_CALL), "asked by:", STYLE_WAITING, &manager->requests);
	say_clients(sheet, scene, changed(world, since, manager->id, EVENT_MANAGER_SERVE), "answered:", STYLE_MESSAGE, &manager->answers);
	for (unsigned int id = 1; id < scene->world->object_count; id++) {
		const struct world_object *held = world_object(scene->world, id);
		if (held == NULL || held->parameter != manager->id)
			continue;
		if (held->kind == OBJECT_DICT || held->kind == OBJECT_LIST || held->kind == OBJECT_NAMESPACE)
			write_contents(sheet, scene, held);
	}
}
