/* SPDX-License-Identifier: MIT */
/*
 * What the last step changed: asked of the events since the position before it, so it is as true of
 * a moment looked back at as of the present.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_WORLD_CHANGED_H
#define LOCKSTEP_WORLD_CHANGED_H

#include "world/world.h"

/*
 * The position before the last step at the position where the world stands (in the midst of one: before
 * that one); without steps, before the last event. The world's own position: nothing came before.
 */
uint64_t changed_since(const struct world *world);

/* Whether an event of one of these kinds has been told of the object since then, and was not refused. */
bool changed_by(const struct world *world, uint64_t since, unsigned int object, const uint8_t *kinds);
#define changed(world, since, object, ...) \
	changed_by(world, since, object, (const uint8_t[]){__VA_ARGS__, EVENT_UNKNOWN})

/* The same of one kind, with that `aux`: an end of a pipe. */
bool changed_at(const struct world *world, uint64_t since, unsigned int object, enum event_kind kind, uint32_t aux);

/* Whether somebody has begun to wait for the object since then. */
bool changed_waiters(const struct world *world, uint64_t since, unsigned int object);

#endif
