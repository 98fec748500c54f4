/* SPDX-License-Identifier: MIT */
/*
 * Executor: concurrent.futures' ProcessPoolExecutor and ThreadPoolExecutor (CPython 3.11,
 * Lib/concurrent/futures). Workers are started late: all processes by the first submit, a thread whenever none is
 * idle. They are named ForkProcess-N, ThreadPoolExecutor-0_0.
 *
 * Where a Pool replaces a worker that died and waits for ever, an executor breaks: all that is not finished fails,
 * and nothing more is taken (BrokenProcessPool). Left to itself it finishes its work before its process ends.
 *
 * Runs in: lesson. Owns: futures and iterators are their owner's to free, before the executor.
 * May block: submit and map (under the gate), shutdown.
 */
#ifndef LOCKSTEP_MP_EXECUTOR_H
#define LOCKSTEP_MP_EXECUTOR_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "mp/future.h"
#include "mp/pool.h"

struct executor;

/* NULL and errno EINVAL: less than one worker ("max_workers must be greater than 0"). */
struct executor *process_executor_new(const char *name, int workers);
struct executor *thread_executor_new(const char *name, int workers);

/* With an initializer that each worker calls first; `options->threads` says which of the two. */
struct executor *executor_new_with(const char *name, const struct pool_options *options);

/* submit(): takes the reference to `argument`. NULL and errno: EINVAL after shutdown, EPIPE broken; see pool_error(). */
struct future *executor_submit(struct executor *executor, pool_function *function, json_t *argument);

/*
 * map(): results in the order of `items` (reference taken), by pool_next(); chunk 0 or 1: each item is a task. The
 * first item that raised ends it, and what has not begun is cancelled. NULL as executor_submit().
 */
struct pool_iterator *executor_map(struct executor *executor, pool_function *function, json_t *items, size_t chunk);

/*
 * shutdown(wait, cancel_futures): takes no more; with `wait` returns when all that was given is done. May be called
 * again. Futures can be asked afterwards.
 */
void executor_shutdown(struct executor *executor, bool wait, bool cancel_futures);
size_t executor_workers(struct executor *executor, pid_t *pids, size_t most); /* as pool_workers() */
void executor_free(struct executor *executor); /* shuts down and waits; NULL is allowed */

#endif
