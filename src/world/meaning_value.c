/* SPDX-License-Identifier: MIT */
/* Races on values: who holds which number, and what is lost if who writes now. */
#include "world/meaning.h"

/* One value or one element of an array, and what to call it. */
struct subject {
	const struct world_value *value;
	const struct world_object *object;
	uint32_t element; /* ARRAY */
};

static void name_subject(struct text *out, const struct subject *subject)
{
	text_add(out, subject->object->name);
	if (subject->object->kind == OBJECT_ARRAY)
		text_printf(out, "[%u]", subject->element);
}

static const char *number_of(const struct subject *subject, char *buffer, int64_t value)
{
	return number_string(buffer, value, subject->value->real);
}

static const struct world_write *last_write(const struct world_value *value)
{
	return &value->recent[(value->writes - 1) % WORLD_VALUE_HISTORY];
}

/* ---- who may yet write what it worked out from what it read ---- */

/* Operations with which an actor shows that its mind is elsewhere: it read only to know. */
static bool is_elsewhere(unsigned int kind)
{
	static const bool elsewhere[EVENT_KIND_COUNT] = {
		[EVENT_PROCESS_START] = true, [EVENT_PROCESS_WAIT] = true, [EVENT_PROCESS_JOIN] = true,
		[EVENT_THREAD_START] = true, [EVENT_THREAD_WAIT] = true, [EVENT_THREAD_JOIN] = true,
		[EVENT_PROCESS_EXIT] = true, [EVENT_THREAD_EXIT] = true, [EVENT_PRINT] = true,
		[EVENT_RESULT] = true,
	};
	return kind < EVENT_KIND_COUNT && elsewhere[kind];
}

static bool may_write_back(const struct telling *telling, const struct subject *subject,
                           const struct world_reader *reader)
{
	const struct world_actor *actor = world_actor(telling->world, reader->actor);
	const struct about *about = about_of(telling, reader->actor);
	if (!reader->pending || actor == NULL || actor->state == ACTOR_EXITED)
		return false;
	if (actor->last_event != reader->event && is_elsewhere(actor->last_kind))
		return false;
	if (about == NULL)
		return true;
	bool again = (about->kind == EVENT_VALUE_READ || about->kind == EVENT_ARRAY_READ) &&
	             about->object == subject->object->id;
	return !again && !is_elsewhere(about->kind);
}

/* What it is about to write to this, if it is known. */
static const struct about *about_to_write(const struct telling *telling, const struct subject *subject,
                                          unsigned int actor)
{
	const struct about *about = about_of(telling, actor);
	if (about == NULL || about->object != subject->object->id)
		return NULL;
	if (about->kind == EVENT_VALUE_WRITE || (about->kind == EVENT_ARRAY_WRITE && about->aux == subject->element))
		return about;
	return NULL;
}

/* Those who may write back: what they hold is stale, or is not. */
static size_t holders(const struct telling *telling, const struct subject *subject, bool stale, uint16_t *names)
{
	size_t count = 0;
	for (size_t i = 0; i < subject->value->reader_count; i++) {
		const struct world_reader *reader = &subject->value->readers[i];
		if (world_is_stale(subject->value, reader) != stale || !may_write_back(telling, subject, reader))
			continue;
		if (count < NAMES_SHOWN)
			names[count] = reader->actor;
		count++;
	}
	return count;
}

static const struct world_reader *reader_by(const struct world_value *value, unsigned int actor)
{
	for (size_t i = 0; i < value->reader_count; i++)
		if (value->readers[i].actor == actor)
			return &value->readers[i];
	return NULL;
}

/* ---- sentences ---- */

/* "withdraw still holds the 200 that it read; deposit has written 201 since. If withdraw writes now, …" */
static void say_stale(struct telling *telling, const struct subject *subject, uint16_t actor, size_t others)
{
	char held[NUMBER_MAX], now[NUMBER_MAX], next[NUMBER_MAX];
	const struct world_reader *reader = reader_by(subject->value, actor);
	const struct world_write *last = last_write(subject->value);
	const struct about *about = about_to_write(telling, subject, actor);
	const char *name = world_actor_name(telling->world, actor);
	number_of(subject, held, reader->value);
	number_of(subject, now, last->value);
	say(telling, "%s still holds the %s that it read", name, held);
	if (others > 0) {
		say_more(telling, " (and ");
		add_count(telling->out, others, "other is", "others are");
		say_more(telling, " no better off)");
	}
	say_more(telling, "; %s has written %s since.", world_actor_name(telling->world, last->actor), now);
	say(telling, "If %s writes ", name);
	if (about != NULL)
		say_more(telling, "%s ", number_of(subject, next, about->value));
	say_more(telling, "now, that %s is lost.", now);
}

/* "deposit and withdraw have both read balance: 200. Whoever writes second …" */
static void say_both_hold(struct telling *telling, const struct subject *subject, const uint16_t *names, size_t count)
{
	char number[NUMBER_MAX];
	begin_sentence(telling);
	say_names(telling, names, count);
	say_more(telling, count == 2 ? " have both read " : " have all read ");
	name_subject(telling->out, subject);
	say_more(telling, ": %s.", number_of(subject, number, subject->value->value));
	say(telling, count == 2 ? "Whoever writes second overwrites the other's update without having seen it."
	                        : "Only the one who writes last will be seen: the others' updates will be lost.");
}

/* True when there is a danger and it was told. */
static bool say_danger(struct telling *telling, const struct subject *subject)
{
	uint16_t names[NAMES_SHOWN];
	size_t stale = subject->value->writes > 0 ? holders(telling, subject, true, names) : 0;
	if (stale > 0) {
		size_t first = 0;
		for (size_t i = 0; i < stale && i < NAMES_SHOWN; i++)
			if (about_to_write(telling, subject, names[i]) != NULL) {
				first = i;
				break;
			}
		say_stale(telling, subject, names[first], stale - 1);
		return true;
	}
	size_t fresh = holders(telling, subject, false, names);
	if (fresh < 2)
		return false;
	say_both_hold(telling, subject, names, fresh);
	return true;
}

static void say_lost(struct telling *telling, const struct subject *subject)
{
	char lost[NUMBER_MAX], read[NUMBER_MAX], wrote[NUMBER_MAX];
	const struct world_lost_update *update = &subject->value->last_lost;
	number_of(subject, lost, update->lost);
	number_of(subject, read, update->read);
	say(telling, "%s has overwritten %s's %s with %s, worked out from the %s that it had read before:",
	    telling->name, world_actor_name(telling->world, update->loser), lost,
	    number_of(subject, wrote, update->wrote), read);
	say_more(telling, " %s's update is lost.", world_actor_name(telling->world, update->loser));
	if (subject->value->lost_updates < 2)
		return;
	begin_sentence(telling);
	name_subject(telling->out, subject);
	say_more(telling, " has lost ");
	add_count(telling->out, subject->value->lost_updates, "update", "updates");
	say_more(telling, " so far.");
}

/* Somebody who could still write: alive, and not waiting for an end. */
static bool others_at_work(const struct telling *telling)
{
	for (size_t id = 0; id < telling->world->actor_count; id++) {
		const struct world_actor *actor = &telling->world->actors[id];
		if (actor->known && id != telling->event->actor && actor->kind != ACTOR_HELPER &&
		    actor->state != ACTOR_EXITED && actor->waits_for == WORLD_NO_ACTOR)
			return true;
	}
	return false;
}

static void mean_read(struct telling *telling, const struct subject *subject)
{
	char number[NUMBER_MAX];
	const struct world_object *lock = lock_held_by(telling->world, telling->event->actor);
	if (lock == NULL && say_danger(telling, subject))
		return;
	say(telling, "%s has read ", telling->name);
	name_subject(telling->out, subject);
	say_more(telling, ": %s", number_of(subject, number, telling->event->value));
	if (lock != NULL)
		say_more(telling, ", holding %s: nobody who takes %s first can come in between.", lock->name, lock->name);
	else if (others_at_work(telling))
		say_more(telling, ". If another writes now, the %s that it holds is out of date.", number);
	else
		say_more(telling, ".");
}

static void mean_write(struct telling *telling, const struct subject *subject)
{
	char number[NUMBER_MAX], read[NUMBER_MAX];
	const struct world_reader *reader = reader_by(subject->value, telling->event->actor);
	const struct world_object *lock = lock_held_by(telling->world, telling->event->actor);
	if (subject->value->writes == 0)
		return;
	if (last_write(subject->value)->lost) {
		say_lost(telling, subject);
	} else if (!say_danger(telling, subject)) {
		say(telling, "%s has written ", telling->name);
		name_subject(telling->out, subject);
		say_more(telling, ": %s", number_of(subject, number, telling->event->value));
		if (lock != NULL)
			say_more(telling, ", holding %s", lock->name);
		say_more(telling, ".");
		if (reader != NULL && !world_is_stale(subject->value, reader))
			say(telling, "Nobody else has written since it read %s, so nothing is lost.",
			    number_of(subject, read, reader->value));
	}
}

/* ---- values, elements, generators ---- */

static bool element_of(const struct telling *telling, struct subject *subject)
{
	uint32_t index = telling->event->aux;
	if (index >= telling->object->element_count)
		return false;
	*subject = (struct subject){.value = &telling->object->elements[index], .object = telling->object, .element = index};
	return true;
}

void mean_value_read(struct telling *telling)
{
	if (!telling->failed)
		mean_read(telling, &(struct subject){.value = &telling->object->value, .object = telling->object});
}

void mean_value_write(struct telling *telling)
{
	if (!telling->failed)
		mean_write(telling, &(struct subject){.value = &telling->object->value, .object = telling->object});
}

void mean_array_read(struct telling *telling)
{
	struct subject subject;
	if (!telling->failed && element_of(telling, &subject))
		mean_read(telling, &subject);
}

void mean_array_write(struct telling *telling)
{
	struct subject subject;
	if (!telling->failed && element_of(telling, &subject))
		mean_write(telling, &subject);
}

/* The same number from two actors: a generator's state was copied by a fork. */
void mean_draw(struct telling *telling)
{
	char number[NUMBER_MAX];
	const struct world_value *value = &telling->object->value;
	uint64_t kept = value->writes < WORLD_VALUE_HISTORY ? value->writes : WORLD_VALUE_HISTORY;
	if (telling->failed)
		return;
	number_string(number, telling->event->value, (telling->event->flags & EVENT_REAL) != 0);
	for (uint64_t i = 2; i <= kept; i++) {
		const struct world_write *draw = &value->recent[(value->writes - i) % WORLD_VALUE_HISTORY];
		if (draw->value != telling->event->value || draw->actor == telling->event->actor)
			continue;
		say(telling, "%s draws %s from %s, the very number that %s drew:", telling->name, number, telling->thing,
		    world_actor_name(telling->world, draw->actor));
		say_more(telling, " each has its own copy of one generator, in the same state.");
		return;
	}
}

/* Between a read and the write that follows from it people sleep: then both who hold a number are in danger. */
static bool paused_holding(const struct telling *telling, const struct subject *subject)
{
	const struct world_reader *reader = reader_by(subject->value, telling->event->actor);
	bool paused = telling->event->kind == EVENT_SLEEP || telling->event->kind == EVENT_WAKE;
	return paused && reader != NULL && reader->pending;
}

static void say_standing(struct telling *telling, const struct subject *subject)
{
	uint16_t names[NAMES_SHOWN];
	if (paused_holding(telling, subject))
		say_danger(telling, subject);
	else if (subject->value->writes > 0 && holders(telling, subject, true, names) > 0)
		say_stale(telling, subject, names[0], 0);
}

void say_standing_danger(struct telling *telling)
{
	for (size_t id = 0; id < telling->world->object_count && telling->sentences < 2; id++) {
		const struct world_object *object = &telling->world->objects[id];
		if (!object->known || object == telling->object)
			continue;
		if (object->kind == OBJECT_VALUE)
			say_standing(telling, &(struct subject){.value = &object->value, .object = object});
		for (uint32_t i = 0; object->kind == OBJECT_ARRAY && i < object->element_count && telling->sentences < 2; i++)
			say_standing(telling, &(struct subject){.value = &object->elements[i], .object = object, .element = i});
	}
}
