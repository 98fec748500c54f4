/* SPDX-License-Identifier: MIT */
/*
 * Where an actor begins: in the function that it was given, so that the screen can show its source
 * before it has done anything.
 *
 * Runs in: lesson. Not installed.
 */
#ifndef LOCKSTEP_MP_TARGET_H
#define LOCKSTEP_MP_TARGET_H

#include "probe/probe.h"

/* A place is a return address, one past what is meant. */
static inline uint32_t target_place(void (*target)(void *argument))
{
	uintptr_t address = (uintptr_t)target + 1;
	return address >= probe.image_base && address < probe.image_end ? (uint32_t)(address - probe.image_base) : 0;
}

#endif
