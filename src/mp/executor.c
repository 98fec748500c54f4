/* SPDX-License-Identifier: MIT */
/* Executors are pools of another temper: see pool_internal.h. */
#include "mp/executor.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>

#include "mp/finalize.h"
#include "mp/pool_internal.h"
#include "mp/process.h"

/* A pool by its public name; never completed. */
struct executor;

static struct pool *pool_of(struct executor *executor)
{
	return (struct pool *)executor;
}

/* ---- making ---- */

/* As many as work, as many as the call queue holds, and one (EXTRA_QUEUED_CALLS, process.py:84). */
static size_t window_of(int workers)
{
	return 2 * (size_t)workers + 1;
}

static struct executor *make(const char *name, const struct pool_options *options)
{
	static atomic_int made; /* of executors of threads, as in their names */
	char prefix[48] = "ForkProcess";
	struct pool_temper temper = {.prefix = prefix, .threads = options->threads, .executor = true};
	if (options->workers < 1) {
		errno = EINVAL;
		return NULL;
	}
	if (options->threads)
		snprintf(prefix, sizeof prefix, "ThreadPoolExecutor-%d", atomic_fetch_add(&made, 1));
	else
		temper.window = window_of(options->workers);
	return (struct executor *)pool_make(name, options, &temper);
}

struct executor *process_executor_new(const char *name, int workers)
{
	PROBE_CALL();
	return make(name, &(struct pool_options){.workers = workers});
}

struct executor *thread_executor_new(const char *name, int workers)
{
	PROBE_CALL();
	return make(name, &(struct pool_options){.workers = workers, .threads = true});
}

struct executor *executor_new_with(const char *name, const struct pool_options *options)
{
	PROBE_CALL();
	return make(name, options);
}

/* ---- work ---- */

struct future *executor_submit(struct executor *executor, pool_function *function, json_t *argument)
{
	PROBE_CALL();
	struct pool *pool = pool_of(executor);
	if (argument == NULL) {
		errno = EINVAL;
		return NULL;
	}
	json_t *items = json_array();
	json_array_append_new(items, argument);
	return (struct future *)pool_submit_values(pool, pool_job_new(pool, JOB_APPLY, 1, 1), function, items);
}

struct pool_iterator *executor_map(struct executor *executor, pool_function *function, json_t *items, size_t chunk)
{
	PROBE_CALL();
	return pool_executor_map(pool_of(executor), function, items, chunk);
}

size_t executor_workers(struct executor *executor, pid_t *pids, size_t most)
{
	return pool_workers(pool_of(executor), pids, most);
}

/* ---- ending ---- */

/* With the mutex held. Cancelling may call back, so each time the search begins anew. */
static void cancel_pending(struct pool *pool)
{
	for (size_t i = 0; i < POOL_BUCKETS; i++) {
		struct pool_job *job = pool->jobs[i];
		while (job != NULL && (job->begun || job->cancelled))
			job = job->next;
		if (job == NULL)
			continue;
		pool_job_cancel(pool, job);
		i--;
	}
}

void executor_shutdown(struct executor *executor, bool wait, bool cancel_futures)
{
	PROBE_CALL();
	struct pool *pool = pool_of(executor);
	if (probe_on()) {
		probe_gate(&(struct probe_intent){.kind = EVENT_EXECUTOR_SHUTDOWN, .object = pool->object,
		                                  .value = cancel_futures, .place = probe_self.place});
		probe_event(EVENT_EXECUTOR_SHUTDOWN, pool->object, cancel_futures, 0, 0, probe_self.place);
	}
	pthread_mutex_lock(&pool->mutex);
	pool_shut(pool);
	if (cancel_futures)
		cancel_pending(pool);
	pthread_mutex_unlock(&pool->mutex);
	if (!wait || pool->joined)
		return;
	pool_end(pool);
	pool_leave_exit(pool);
}

void executor_free(struct executor *executor)
{
	if (executor == NULL)
		return;
	PROBE_CALL();
	if (!pool_of(executor)->joined)
		executor_shutdown(executor, true, false);
	pool_free(pool_of(executor));
}
