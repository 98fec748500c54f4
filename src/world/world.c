/* SPDX-License-Identifier: MIT */
#include "world/world.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "world/inside.h"

static struct world_inside *inside_of(struct world *world)
{
	return (struct world_inside *)(void *)world;
}

struct world *world_new(const struct history *history)
{
	struct world_inside *inside = memory_new(sizeof *inside);
	inside->world.history = history;
	world_forget_snapshots(inside);
	return &inside->world;
}

static void free_names(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

void world_free(struct world *world)
{
	if (world == NULL)
		return;
	struct world_inside *inside = inside_of(world);
	world_forget_snapshots(inside);
	world_clear(world);
	free_names(inside->actor_names, inside->actor_name_count);
	free_names(inside->object_names, inside->object_name_count);
	free(inside);
}

/* ---- coming into being ---- */

/* "actor 5", made once for each id and kept as long as the world with all its snapshots. */
static const char *default_name(char ***names, size_t *count, const char *what, unsigned int id)
{
	if (id >= *count) {
		*names = memory_resize(*names, (size_t)id + 1, sizeof **names);
		memset(*names + *count, 0, ((size_t)id + 1 - *count) * sizeof **names);
		*count = (size_t)id + 1;
	}
	if ((*names)[id] == NULL) {
		struct text name = TEXT_INIT;
		text_printf(&name, "%s %u", what, id);
		(*names)[id] = text_detach(&name);
	}
	return (*names)[id];
}

static void grow_actors(struct world *world, size_t count)
{
	world->actors = memory_resize(world->actors, count, sizeof *world->actors);
	memset(world->actors + world->actor_count, 0, (count - world->actor_count) * sizeof *world->actors);
	world->actor_count = count;
}

struct world_actor *world_new_actor(struct world *world, unsigned int id)
{
	struct world_inside *inside = inside_of(world);
	if (id >= world->actor_count)
		grow_actors(world, (size_t)id + 1);
	world->actors[id] = (struct world_actor){.known = true, .kind = ACTOR_PROCESS, .state = ACTOR_RUNNING,
		.id = (uint16_t)id, .parent = WORLD_NO_ACTOR, .waits_for = WORLD_NO_ACTOR, .since = world->time,
		.since_event = HISTORY_NONE, .last_event = HISTORY_NONE,
		.name = default_name(&inside->actor_names, &inside->actor_name_count, "actor", id)};
	return &world->actors[id];
}

static void grow_objects(struct world *world, size_t count)
{
	world->objects = memory_resize(world->objects, count, sizeof *world->objects);
	memset(world->objects + world->object_count, 0, (count - world->object_count) * sizeof *world->objects);
	world->object_count = count;
}

struct world_object *world_new_object(struct world *world, unsigned int id)
{
	struct world_inside *inside = inside_of(world);
	if (id >= world->object_count)
		grow_objects(world, (size_t)id + 1);
	world->objects[id] = (struct world_object){.known = true, .id = (uint16_t)id, .creator = WORLD_NO_ACTOR,
		.last_event = HISTORY_NONE, .holder = WORLD_NO_ACTOR, .last_holder = WORLD_NO_ACTOR,
		.served = WORLD_NO_ACTOR, .contents = HISTORY_NONE,
		.end_user = {WORLD_NO_ACTOR, WORLD_NO_ACTOR},
		.name = default_name(&inside->object_names, &inside->object_name_count, "object", id)};
	lists_init(&world->objects[id], &inside->pages_held);
	return &world->objects[id];
}

/* ---- looking ---- */

const struct world_actor *world_actor(const struct world *world, unsigned int id)
{
	return id < world->actor_count && world->actors[id].known ? &world->actors[id] : NULL;
}

const struct world_object *world_object(const struct world *world, unsigned int id)
{
	return id < world->object_count && world->objects[id].known ? &world->objects[id] : NULL;
}

const char *world_actor_name(const struct world *world, unsigned int id)
{
	const struct world_actor *actor = world_actor(world, id);
	return actor != NULL ? actor->name : "somebody";
}

const char *world_object_name(const struct world *world, unsigned int id)
{
	const struct world_object *object = world_object(world, id);
	return object != NULL ? object->name : "something";
}
