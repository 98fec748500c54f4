/* SPDX-License-Identifier: MIT */
/*
 * Processes as the library itself starts and ends them.
 *
 * Runs in: lesson. Not installed. May block: process_join_as.
 */
#ifndef LOCKSTEP_MP_PROCESS_INTERNAL_H
#define LOCKSTEP_MP_PROCESS_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "mp/process.h"

struct probe_intent;

/*
 * A daemon named "PREFIX-N" ("ForkPoolWorker-3"), N from the counter that all children of this process
 * draw from. For process_start() and the rest; start it inside a PROBE_CALL to have it told as the lesson's line.
 */
struct process *process_new_worker(const char *prefix, void (*target)(void *argument), void *argument);

/*
 * Joins as the operation `intent` (its wait_kind is told when it has to wait); the caller tells
 * `intent->kind` afterwards. `inside`: that operation has passed the gate already. Seconds:
 * negative for ever. 0, -ETIMEDOUT, or as process_join().
 */
int process_join_as(struct process *process, const struct probe_intent *intent, bool inside, double seconds);

/* process_terminate() in the course of an operation that has passed the gate: told, but no step of its own. */
int process_terminate_inside(struct process *process);

uint16_t process_actor(const struct process *process);  /* 0 before start and unwatched */
uint16_t process_object(const struct process *process); /* 0 unwatched */

#endif
