/* SPDX-License-Identifier: MIT */
/*
 * Going to a position: forwards by applying, backwards from the nearest earlier snapshot.
 *
 * Snapshots are copies, taken while the world goes forward; they share the pages of lists that neither
 * has changed. Two bounds keep them cheap: what is copied for one is at most a quarter of a byte for each event
 * since the last, and all together stay within a budget (past it, every second one is dropped and the
 * distance doubled).
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "world/inside.h"

enum {
	SNAPSHOT_EVENTS = 4096,       /* the shortest distance between two */
	SNAPSHOT_BUDGET = 64 << 20,   /* bytes */
	SNAPSHOT_THRIFT = 4,          /* events for each byte that is copied: an event itself takes 36 */
};

/* ---- copying ---- */

static void *copy_array(const void *from, size_t count, size_t size)
{
	if (count == 0)
		return NULL;
	void *to = memory_resize(NULL, count, size);
	memcpy(to, from, count * size);
	return to;
}

static void copy_value(struct world_value *to, const struct world_value *from)
{
	*to = *from;
	to->readers = copy_array(from->readers, from->reader_capacity, sizeof *from->readers);
	to->reader_of = copy_array(from->reader_of, from->reader_of_count, sizeof *from->reader_of);
}

static void release_value(struct world_value *value)
{
	free(value->readers);
	free(value->reader_of);
}

static void copy_object(struct world_object *to, const struct world_object *from)
{
	*to = *from;
	copy_value(&to->value, &from->value);
	to->elements = copy_array(from->elements, from->element_count, sizeof *from->elements);
	for (size_t i = 0; i < from->element_count; i++)
		copy_value(&to->elements[i], &from->elements[i]);
	lists_share(to, from);
}

static void release_object(struct world_object *object)
{
	release_value(&object->value);
	for (size_t i = 0; i < object->element_count; i++)
		release_value(&object->elements[i]);
	free(object->elements);
	lists_release(object);
}

/* `to` holds nothing yet. */
static void copy_world(struct world *to, const struct world *from)
{
	*to = *from;
	to->actors = copy_array(from->actors, from->actor_count, sizeof *from->actors);
	to->objects = copy_array(from->objects, from->object_count, sizeof *from->objects);
	for (size_t i = 0; i < from->object_count; i++)
		if (from->objects[i].known)
			copy_object(&to->objects[i], &from->objects[i]);
}

void world_clear(struct world *world)
{
	for (size_t i = 0; i < world->object_count; i++)
		if (world->objects[i].known)
			release_object(&world->objects[i]);
	free(world->objects);
	free(world->actors);
	*world = (struct world){.history = world->history};
}

static size_t value_bytes(const struct world_value *value)
{
	return value->reader_capacity * sizeof *value->readers +
	       value->reader_of_count * sizeof *value->reader_of;
}

static size_t object_bytes(const struct world_object *object)
{
	size_t bytes = lists_copy_bytes(object) + value_bytes(&object->value) +
	               object->element_count * sizeof *object->elements;
	for (size_t i = 0; i < object->element_count; i++)
		bytes += value_bytes(&object->elements[i]);
	return bytes;
}

size_t world_bytes(const struct world *world)
{
	size_t bytes = sizeof *world + world->actor_count * sizeof *world->actors +
	               world->object_count * sizeof *world->objects;
	for (size_t i = 0; i < world->object_count; i++)
		if (world->objects[i].known)
			bytes += object_bytes(&world->objects[i]);
	return bytes;
}

/* ---- snapshots ---- */

static void drop_snapshot(struct world_inside *inside, size_t at)
{
	inside->snapshot_total -= inside->snapshot_bytes[at];
	world_clear(&inside->snapshots[at]);
}

/* Drops every second one. */
static void thin_out(struct world_inside *inside)
{
	size_t kept = 0;
	for (size_t i = 0; i < inside->snapshot_count; i++) {
		if (i % 2 == 0) {
			drop_snapshot(inside, i);
			continue;
		}
		inside->snapshots[kept] = inside->snapshots[i];
		inside->snapshot_bytes[kept++] = inside->snapshot_bytes[i];
	}
	inside->snapshot_count = kept;
	inside->snapshot_every *= 2;
}

/* What the snapshots take, with those pages that the world has no more. */
static size_t snapshots_bytes(const struct world_inside *inside)
{
	size_t own = 0;
	for (size_t i = 0; i < inside->world.object_count; i++)
		if (inside->world.objects[i].known)
			own += lists_bytes(&inside->world.objects[i]);
	return inside->snapshot_total + inside->pages_held - own;
}

static void add_snapshot(struct world_inside *inside, size_t bytes)
{
	if (inside->snapshot_count == inside->snapshot_capacity) {
		inside->snapshot_capacity = inside->snapshot_capacity == 0 ? 16 : inside->snapshot_capacity * 2;
		inside->snapshots = memory_resize(inside->snapshots, inside->snapshot_capacity,
		                                  sizeof *inside->snapshots);
		inside->snapshot_bytes = memory_resize(inside->snapshot_bytes, inside->snapshot_capacity,
		                                       sizeof *inside->snapshot_bytes);
	}
	copy_world(&inside->snapshots[inside->snapshot_count], &inside->world);
	inside->snapshot_bytes[inside->snapshot_count++] = bytes;
	inside->snapshot_total += bytes;
}

/* Where it stands, if that is worth it. */
static void take_snapshot(struct world_inside *inside)
{
	uint64_t last = inside->snapshot_count > 0 ? inside->snapshots[inside->snapshot_count - 1].position : 0;
	size_t bytes = world_bytes(&inside->world);
	uint64_t distance = bytes * inside->snapshot_thrift;
	if (distance < inside->snapshot_every)
		distance = inside->snapshot_every;
	if (inside->world.position - last < distance) { /* it has grown meanwhile */
		inside->snapshot_next = last + distance;
		return;
	}
	inside->snapshot_next = inside->world.position + distance;
	if (bytes > inside->snapshot_budget)
		return;
	add_snapshot(inside, bytes);
	while (snapshots_bytes(inside) > inside->snapshot_budget && inside->snapshot_count > 1)
		thin_out(inside);
}

void world_forget_snapshots(struct world_inside *inside)
{
	while (inside->snapshot_count > 0)
		drop_snapshot(inside, --inside->snapshot_count);
	free(inside->snapshots);
	free(inside->snapshot_bytes);
	inside->snapshots = NULL;
	inside->snapshot_bytes = NULL;
	inside->snapshot_capacity = 0;
	inside->snapshot_every = SNAPSHOT_EVENTS;
	inside->snapshot_thrift = SNAPSHOT_THRIFT;
	inside->snapshot_budget = SNAPSHOT_BUDGET;
	inside->snapshot_next = SNAPSHOT_EVENTS;
}

/* How many snapshots are at or before a position. */
static size_t snapshots_until(const struct world_inside *inside, uint64_t position)
{
	size_t low = 0, high = inside->snapshot_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (inside->snapshots[middle].position <= position)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* At most `most` events, up to the end of a block or to the next snapshot; false at the end of the history. */
static bool forward(struct world_inside *inside, uint64_t most)
{
	struct world *world = &inside->world;
	uint64_t count, until_snapshot = inside->snapshot_next - world->position;
	const struct wire_event *events = history_run(world->history, world->position, &count);
	if (count > until_snapshot)
		count = until_snapshot;
	apply_events(world, events, count < most ? count : most);
	if (world->position == inside->snapshot_next)
		take_snapshot(inside);
	return events != NULL;
}

bool world_forward(struct world *world)
{
	return forward((struct world_inside *)(void *)world, 1);
}

void world_seek(struct world *world, uint64_t position)
{
	struct world_inside *inside = (struct world_inside *)(void *)world;
	size_t until = snapshots_until(inside, position);
	uint64_t nearest = until > 0 ? inside->snapshots[until - 1].position : 0;
	if (position < world->position || nearest > world->position) {
		world_clear(world);
		if (until > 0)
			copy_world(world, &inside->snapshots[until - 1]);
	}
	while (world->position < position && forward(inside, position - world->position))
		;
}
