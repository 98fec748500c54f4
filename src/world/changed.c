/* SPDX-License-Identifier: MIT */
#include "world/changed.h"

#include <string.h>

enum { EVENTS_MOST = 256 }; /* of a step that has more, the last ones: it is drawn again and again */

uint64_t changed_since(const struct world *world)
{
	const struct history *history = world->history;
	if (history_steps(history) == 0)
		return world->position > 0 && history_step_position(history, 0) == 0 ? world->position - 1 : world->position;
	uint64_t step = history_step_of(history, world->position);
	uint64_t begin = history_step_position(history, step);
	if (step > 0 && begin == world->position)
		begin = history_step_position(history, step - 1);
	return begin < world->position ? begin : world->position;
}

static uint64_t first_of(const struct world *world, uint64_t since)
{
	return world->position - since > EVENTS_MOST ? world->position - EVENTS_MOST : since;
}

/* A refused operation changes nothing; that a barrier is broken is told so. */
static bool is_refused(const struct wire_event *event)
{
	return (event->flags & EVENT_FAILED) != 0 && event->kind != EVENT_BARRIER_PASS;
}

bool changed_by(const struct world *world, uint64_t since, unsigned int object, const uint8_t *kinds)
{
	for (uint64_t index = first_of(world, since); index < world->position; index++) {
		const struct wire_event *event = history_at(world->history, index);
		if (event->object == object && !is_refused(event) && event->kind != EVENT_UNKNOWN &&
		    strchr((const char *)kinds, event->kind) != NULL)
			return true;
	}
	return false;
}

bool changed_at(const struct world *world, uint64_t since, unsigned int object, enum event_kind kind, uint32_t aux)
{
	for (uint64_t index = first_of(world, since); index < world->position; index++) {
		const struct wire_event *event = history_at(world->history, index);
		if (event->object == object && event->kind == kind && event->aux == aux && !is_refused(event))
			return true;
	}
	return false;
}

bool changed_waiters(const struct world *world, uint64_t since, unsigned int object)
{
	for (uint64_t index = first_of(world, since); index < world->position; index++) {
		const struct wire_event *event = history_at(world->history, index);
		if (event->object == object && event_kind_info(event->kind)->state_after == ACTOR_WAITING)
			return true;
	}
	return false;
}
