/* SPDX-License-Identifier: MIT */
/*
 * Values and arrays: who read what, who overwrote what without having seen it.
 *
 * A reader is stale once another has written since. Nobody is told of a write: counts of writes say it
 * to who asks, so reads and writes cost the same however many read.
 *
 * How many updates are lost: a write that follows its actor's read builds on the writes which that
 * value was built on; `chain` counts them. What is not in the chain of the present value is lost:
 * a process that slept on a stale value for ten thousand writes loses them all by one.
 */
#include <string.h>

#include "base/memory.h"
#include "world/inside.h"

enum {
	DIRECT_IDS = 256, /* actors below this id are found without a search */
	READERS_MAX = UINT16_MAX - 1,
};

/* ---- readers ---- */

static struct world_reader *search_reader(const struct world_value *value, unsigned int actor)
{
	for (size_t i = 0; i < value->reader_count; i++)
		if (value->readers[i].actor == actor)
			return &value->readers[i];
	return NULL;
}

static inline struct world_reader *find_reader(const struct world_value *value, unsigned int actor)
{
	if (actor < value->reader_of_count && value->reader_of[actor] != 0)
		return &value->readers[value->reader_of[actor] - 1];
	return actor < DIRECT_IDS ? NULL : search_reader(value, actor);
}

static void map_reader(struct world_value *value, unsigned int actor, size_t place)
{
	if (actor >= DIRECT_IDS)
		return;
	if (actor >= value->reader_of_count) {
		size_t count = value->reader_of_count == 0 ? 16 : value->reader_of_count;
		while (count <= actor)
			count *= 2;
		value->reader_of = memory_resize(value->reader_of, count, sizeof *value->reader_of);
		memset(value->reader_of + value->reader_of_count, 0,
		       (count - value->reader_of_count) * sizeof *value->reader_of);
		value->reader_of_count = count;
	}
	value->reader_of[actor] = (uint16_t)(place + 1);
}

static struct world_reader *add_reader(struct world_value *value, unsigned int actor)
{
	if (value->reader_count >= READERS_MAX)
		return NULL;
	if (value->reader_count == value->reader_capacity) {
		value->reader_capacity = value->reader_capacity == 0 ? 4 : value->reader_capacity * 2;
		value->readers = memory_resize(value->readers, value->reader_capacity, sizeof *value->readers);
	}
	struct world_reader *reader = &value->readers[value->reader_count];
	*reader = (struct world_reader){.actor = (uint16_t)actor};
	map_reader(value, actor, value->reader_count++);
	return reader;
}

static void read_value(struct apply *apply, struct world_value *value)
{
	struct world_reader *reader = find_reader(value, apply->event->actor);
	value->reads++;
	if (reader == NULL)
		reader = add_reader(value, apply->event->actor);
	if (reader == NULL)
		return;
	reader->pending = true;
	reader->value = apply->event->value;
	reader->write = value->writes;
	reader->chain = value->chain;
	reader->event = apply->index;
}

/* ---- writers ---- */

static struct world_write *write_number(struct world_value *value, uint64_t number)
{
	return &value->recent[number % WORLD_VALUE_HISTORY];
}

static void add_write(struct apply *apply, struct world_value *value, bool lost)
{
	if (write_number(value, value->writes - 1)->actor != apply->event->actor)
		value->others = value->writes;
	*write_number(value, value->writes) = (struct world_write){
		.event = apply->index, .value = apply->event->value, .actor = apply->event->actor, .lost = lost};
	value->writes++;
	value->lost_updates = value->writes - value->chain;
	value->value = apply->event->value;
	value->real = (apply->event->flags & EVENT_REAL) != 0;
}

/* Between the winner's read and this write the winner wrote nothing, so the last write was another's. */
static void lose_update(struct apply *apply, struct world_value *value, const struct world_reader *winner)
{
	const struct world_write *last = write_number(value, value->writes - 1);
	value->last_lost = (struct world_lost_update){.event = apply->index, .winner = winner->actor,
		.loser = last->actor, .read = winner->value, .lost = last->value, .wrote = apply->event->value};
}

static void write_value(struct apply *apply, struct world_value *value)
{
	struct world_reader *reader = find_reader(value, apply->event->actor);
	bool writes_back = reader != NULL && reader->pending;
	bool lost = writes_back && world_is_stale(value, reader);
	if (lost)
		lose_update(apply, value, reader);
	value->chain = (writes_back ? reader->chain : value->chain) + 1;
	if (writes_back)
		reader->pending = false;
	add_write(apply, value, lost);
}

void apply_value_read(struct apply *apply)
{
	read_value(apply, &apply->object->value);
}

void apply_value_write(struct apply *apply)
{
	write_value(apply, &apply->object->value);
}

/* Its recent draws are kept as a value's writes are; nobody loses anything. */
void apply_random_draw(struct apply *apply)
{
	apply->object->value.chain++;
	add_write(apply, &apply->object->value, false);
}

/* ---- arrays ---- */

void array_hold(struct world *world, struct world_object *object)
{
	size_t count = object->parameter < WORLD_ARRAY_SHOWN ? object->parameter : WORLD_ARRAY_SHOWN;
	if (count <= object->element_count)
		return;
	if (count - object->element_count > WORLD_ELEMENTS_MAX - world->elements_held) {
		object->parameter = (uint32_t)object->element_count; /* more arrays than any lesson has */
		return;
	}
	world->elements_held += count - object->element_count;
	object->elements = memory_resize(object->elements, count, sizeof *object->elements);
	memset(object->elements + object->element_count, 0, (count - object->element_count) * sizeof *object->elements);
	object->element_count = count;
}

/* The element that the event is about; NULL when it is past those that are kept. */
static struct world_value *element_of(struct apply *apply)
{
	struct world_object *object = apply->object;
	uint32_t index = apply->event->aux;
	if (index >= object->parameter && index < WORLD_ARRAY_SHOWN) {
		object->parameter = index + 1; /* its making was not told */
		array_hold(apply->world, object);
	}
	return index < object->element_count ? &object->elements[index] : NULL;
}

void apply_array_read(struct apply *apply)
{
	struct world_value *element = element_of(apply);
	apply->object->value.reads++;
	if (element != NULL)
		read_value(apply, element);
}

void apply_array_write(struct apply *apply)
{
	struct world_value *element = element_of(apply);
	apply->object->value.writes++;
	if (element == NULL)
		return;
	uint64_t lost = element->lost_updates;
	write_value(apply, element);
	if (element->lost_updates > lost) {
		apply->object->value.lost_updates++;
		apply->object->value.last_lost = element->last_lost;
	}
}
