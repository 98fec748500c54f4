/* SPDX-License-Identifier: MIT */
/*
 * An RLock, for the Condition that carries one.
 *
 * Runs in: lesson. Not installed. May block: rlock_take_back.
 */
#ifndef LOCKSTEP_MP_RLOCK_INTERNAL_H
#define LOCKSTEP_MP_RLOCK_INTERNAL_H

#include <stdint.h>

#include "mp/rlock.h"

struct rlock *rlock_new_at(const char *name, uint32_t place);
uint16_t rlock_object(const struct rlock *rlock);
bool rlock_is_mine(const struct rlock *rlock);

/* Inside an operation that has passed the gate: lets all of it go, and takes it back as deep as it was. */
unsigned int rlock_let_go(struct rlock *rlock, uint32_t place); /* the depth */
void rlock_take_back(struct rlock *rlock, unsigned int depth, uint32_t place);

#endif
