/* SPDX-License-Identifier: MIT */
/*
 * Managers: a round trip is asked by the client, served in the manager's process, and over when the
 * client has its answer. The contents of what a manager holds are as its server last told them.
 */
#include "world/inside.h"

void apply_manager_call(struct apply *apply)
{
	items_push(&apply->object->requests, &(struct world_item){.event = apply->index,
		.number = apply->event->actor, .actor = apply->event->actor, .worker = WORLD_NO_ACTOR});
}

void apply_manager_serve(struct apply *apply)
{
	struct world_object *manager = apply->object;
	size_t at = items_find(&manager->requests, (uint32_t)apply->event->value);
	manager->served = (uint16_t)apply->event->value;
	if (at == manager->requests.count)
		return;
	struct world_item item = items_take(&manager->requests, at);
	item.event = apply->index;
	item.worker = apply->event->actor;
	items_push(&manager->answers, &item);
}

static void forget(struct pages *items, uint32_t client)
{
	size_t at = items_find(items, client);
	if (at < items->count)
		items_take(items, at);
}

void apply_manager_return(struct apply *apply)
{
	struct world_object *manager = apply->object;
	forget(&manager->requests, apply->event->actor); /* nobody answered */
	forget(&manager->answers, apply->event->actor);
	if ((apply->event->flags & EVENT_FAILED) == 0 || apply->event->value != 0)
		manager->round_trips++;
	if (apply->event->aux == 0 || apply->event->aux >= apply->world->object_count)
		return;
	struct world_object *held = &apply->world->objects[apply->event->aux];
	if (held->kind == OBJECT_DICT || held->kind == OBJECT_LIST || held->kind == OBJECT_NAMESPACE)
		held->round_trips++;
}

void apply_manager_holds(struct apply *apply)
{
	if (apply->object != NULL)
		apply->object->contents = apply->index;
}

/* Requests and answers of clients that are gone. */
static bool is_there(const struct world_item *item, const void *world)
{
	return ((const struct world *)world)->actors[item->actor].state != ACTOR_EXITED;
}

void manager_process_left(struct world *world)
{
	for (size_t id = 0; id < world->object_count; id++) {
		struct world_object *object = &world->objects[id];
		if (object->kind != OBJECT_MANAGER)
			continue;
		items_keep(&object->requests, is_there, world);
		items_keep(&object->answers, is_there, world);
	}
}
