/* SPDX-License-Identifier: MIT */
/*
 * Threads of the library's own: queue feeders, pool handlers. They are actors (ACTOR_HELPER), are
 * daemons in Python's sense (nobody joins them at exit but who started them), and starting one
 * is told but is no step of its own.
 *
 * Runs in: lesson. Not installed. May block: thread_join_as.
 */
#ifndef LOCKSTEP_MP_THREAD_INTERNAL_H
#define LOCKSTEP_MP_THREAD_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "mp/thread.h"

struct probe_intent;

/* For thread_start(), thread_join_as(), thread_free(). */
struct thread *thread_new_helper(const char *name, void (*target)(void *argument), void *argument);

/*
 * A worker of a pool: an actor like every thread, but nobody joins it at exit but the pool. `name` NULL:
 * "Thread-N (worker)".
 */
struct thread *thread_new_worker(const char *name, void (*target)(void *argument), void *argument);

/*
 * Joins as the operation `intent` (its wait_kind is told when it has to wait); the caller tells
 * `intent->kind` afterwards. `inside`: that operation has passed the gate already. Seconds:
 * negative for ever. 0, -ETIMEDOUT, -EINVAL not started, -EDEADLK the thread itself. Works for every thread.
 */
int thread_join_as(struct thread *thread, const struct probe_intent *intent, bool inside, double seconds);

uint16_t thread_actor(const struct thread *thread);  /* 0 before start and unwatched */
uint16_t thread_object(const struct thread *thread); /* 0 unwatched, and of a helper */

struct thread *thread_current(void); /* NULL in a process's first thread */

/* ---- for process.c ---- */

_Noreturn void thread_leave(uint32_t place); /* ends the calling thread, which thread_current() must know */
void thread_join_all(void);   /* those that were started here and are no helpers: threading._shutdown() */
void thread_after_fork(void); /* in a fresh child: the caller is its only thread */

#endif
