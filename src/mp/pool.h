/* SPDX-License-Identifier: MIT */
/*
 * Pool: multiprocessing.Pool (CPython 3.11, Lib/multiprocessing/pool.py). One shared task pipe: a
 * task goes to whichever idle worker reads next. Workers are named ForkPoolWorker-N; helper threads
 * serve the parent: a result handler, which also replaces workers that died (Python has a third for
 * that), and, once more is given than the task pipe holds, a task handler.
 *
 * A killed worker's task is lost, a new worker takes its place, and map never returns.
 *
 * ThreadPool is the same over threads of this process: what workers get and give are copies all the same,
 * and terminate cannot end a task that runs.
 *
 * Runs in: lesson. Owns: results and iterators are their owner's to free, before the pool.
 * May block: map, apply, get, next, join, terminate.
 */
#ifndef LOCKSTEP_MP_POOL_H
#define LOCKSTEP_MP_POOL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct pool;
struct pool_result;   /* AsyncResult */
struct pool_iterator; /* what imap and imap_unordered return */

/*
 * What a worker does with one item: borrows `argument`, returns a new reference (json_incref(argument), if it is
 * that), or NULL after pool_raise() for an exception. The function must be in the program (its address crosses the fork).
 */
typedef json_t *pool_function(json_t *argument);
json_t *pool_raise(const char *format, ...) __attribute__((format(printf, 1, 2))); /* returns NULL */

/* Pool(workers); workers < 1: NULL and errno EINVAL ("Number of processes must be at least 1"). */
struct pool *pool_new(const char *name, int workers);
struct pool *thread_pool_new(const char *name, int workers); /* multiprocessing.pool.ThreadPool */

/* The rest of Pool's arguments. */
struct pool_options {
	int workers;                         /* 0: as many as the machine has processors */
	void (*initializer)(void *argument); /* called in each worker first; NULL: nothing is */
	void *initializer_argument;
	int max_tasks_per_child;             /* tasks, which are chunks, after which a worker is replaced; 0: never */
	bool threads;
};

struct pool *pool_new_with(const char *name, const struct pool_options *options);

/*
 * map(function, iterable, chunksize): `items` a JSON array (reference taken), chunk 0 for the default
 * (pool.py:480). The results in input order, or NULL when an item raised: see pool_error(). Every
 * chunk finishes first. NULL and errno EINVAL: the pool is not running.
 */
json_t *pool_map(struct pool *pool, pool_function *function, json_t *items, size_t chunk);
json_t *pool_apply(struct pool *pool, pool_function *function, json_t *argument);
/* starmap: each item is an array, and what the function gets is that array of arguments; another item raises. */
json_t *pool_starmap(struct pool *pool, pool_function *function, json_t *items, size_t chunk);

/*
 * map over numbers alone: no values are made, and the results go straight to `results`, which has room for
 * `count` and may be `items`. 0, or -EREMOTEIO when an item raised (the result of one that called pool_raise()
 * does not matter), -EINVAL: the pool is not running.
 */
int pool_map_integers(struct pool *pool, int64_t (*function)(int64_t), const int64_t *items, int64_t *results,
                      size_t count, size_t chunk);
int pool_map_reals(struct pool *pool, double (*function)(double), const double *items, double *results,
                   size_t count, size_t chunk);

struct pool_result *pool_apply_async(struct pool *pool, pool_function *function, json_t *argument);
struct pool_result *pool_map_async(struct pool *pool, pool_function *function, json_t *items, size_t chunk);
struct pool_result *pool_starmap_async(struct pool *pool, pool_function *function, json_t *items, size_t chunk);

/*
 * callback= and error_callback=, either may be NULL. Called by the result handler, a thread of the process that
 * has the pool, before get() returns; while one runs no other result is received.
 */
struct pool_callbacks {
	void (*done)(json_t *value, void *context); /* borrows it */
	void (*failed)(const char *raised, void *context);
	void *context;
};

struct pool_result *pool_apply_async_then(struct pool *pool, pool_function *function, json_t *argument,
                                          const struct pool_callbacks *callbacks);
struct pool_result *pool_map_async_then(struct pool *pool, pool_function *function, json_t *items, size_t chunk,
                                        const struct pool_callbacks *callbacks);
struct pool_result *pool_starmap_async_then(struct pool *pool, pool_function *function, json_t *items, size_t chunk,
                                            const struct pool_callbacks *callbacks);

/* result.get(timeout): new reference; NULL and errno: ETIMEDOUT, or EREMOTEIO when it raised. Negative: for ever. */
json_t *pool_result_get(struct pool_result *result, double seconds);
int pool_result_wait(struct pool_result *result, double seconds); /* 0 or -ETIMEDOUT */
bool pool_result_ready(struct pool_result *result);
int pool_result_successful(struct pool_result *result); /* 1, 0 when it raised, -EAGAIN: not ready */
void pool_result_free(struct pool_result *result);

struct pool_iterator *pool_imap(struct pool *pool, pool_function *function, json_t *items, size_t chunk);
struct pool_iterator *pool_imap_unordered(struct pool *pool, pool_function *function, json_t *items, size_t chunk);
json_t *pool_next(struct pool_iterator *iterator); /* NULL and errno 0 at the end, EREMOTEIO when the item raised */
json_t *pool_next_timeout(struct pool_iterator *iterator, double seconds); /* the same; errno ETIMEDOUT */
void pool_iterator_free(struct pool_iterator *iterator);

/* The default chunk size of map for `items` items and `workers` workers (pool.py:480). */
size_t pool_default_chunk(size_t items, int workers);

const char *pool_error(void); /* what the last failed get, map, apply or next of this thread raised */

/* The workers' PIDs, of threads their TIDs, at most `most`: how many there are. They change as workers are replaced. */
size_t pool_workers(struct pool *pool, pid_t *pids, size_t most);

void pool_close(struct pool *pool);     /* no more tasks; the workers end when the work is done */
void pool_terminate(struct pool *pool); /* at once; unfinished work is lost */
int pool_join(struct pool *pool);       /* 0; -EBUSY: "Pool is still running" */
void pool_free(struct pool *pool);      /* terminates and joins what is left */

#endif
