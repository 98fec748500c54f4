/* SPDX-License-Identifier: MIT */
/*
 * Future: concurrent.futures.Future (CPython 3.11, Lib/concurrent/futures/_base.py): what came, or will come, of
 * one call that was submitted to an executor. Pending until it is given to a worker, then running, then finished;
 * or cancelled, which only a pending one can be. An executor of processes gives its workers a few calls in
 * advance: those count as running.
 *
 * Runs in: lesson. Owns: a future is its owner's to free, before the executor.
 * May block: result, exception, wait, as_completed.
 */
#ifndef LOCKSTEP_MP_FUTURE_H
#define LOCKSTEP_MP_FUTURE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct future;

/*
 * result(timeout): a new reference; NULL and errno: ETIMEDOUT, ECANCELED, EREMOTEIO when the call raised, EPIPE
 * when its executor broke (BrokenProcessPool). Negative: for ever. pool_error() says what was raised.
 */
json_t *future_result(struct future *future, double seconds);

/* exception(timeout): what was raised, valid while the future is; NULL and errno: 0 nothing, ETIMEDOUT, ECANCELED. */
const char *future_exception(struct future *future, double seconds);

bool future_cancel(struct future *future); /* false: too late */
bool future_done(struct future *future);   /* finished or cancelled */
bool future_running(struct future *future);
bool future_cancelled(struct future *future);

/*
 * Called when it is done: by whoever completes it (the executor's handler, its thread, or who cancels), after
 * waiters are told; at once when it is done already. In the order in which they were added.
 */
void future_add_done_callback(struct future *future, void (*function)(struct future *future, void *context),
                              void *context);

enum future_when { FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED };

/*
 * wait(): until enough are done, or the time is up (negative seconds: never). The futures, of one executor or of several, are put in order:
 * those that are done first, as they completed, and of these there are as many as it returns; the others as they stood.
 */
long future_wait(struct future **futures, size_t count, double seconds, enum future_when when);

/*
 * as_completed(): the futures, of one executor or of several, in order of completion:
 *
 *     for (size_t at = 0; (future = future_as_completed(futures, count, &at, -1)) != NULL;)
 *
 * moves the next one to futures[at]. `seconds` is for each call. NULL and errno: 0 at the end, ETIMEDOUT.
 */
struct future *future_as_completed(struct future **futures, size_t count, size_t *at, double seconds);

void future_free(struct future *future); /* does not cancel it; NULL is allowed */

#endif
