/* SPDX-License-Identifier: MIT */
/* A pool's life: CPython 3.11, Lib/multiprocessing/pool.py, Pool. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "mp/finalize.h"
#include "mp/pool_internal.h"
#include "mp/process_internal.h"
#include "mp/shared.h"
#include "mp/thread_internal.h"

enum { EXIT_PRIORITY = 15 }; /* of Pool._terminate */

/* ---- making ---- */

static void close_pipe(int ends[2])
{
	for (int i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	ends[0] = ends[1] = -1;
}

static void release(struct pool *pool)
{
	pool_free_jobs(pool);
	close_pipe(pool->task_pipe);
	close_pipe(pool->result_pipe);
	close_pipe(pool->stop_pipe);
	for (int i = 0; i < pool->worker_count; i++) {
		process_free(pool->workers[i]);
		if (pool->worker_fds[i] >= 0)
			close(pool->worker_fds[i]);
	}
	thread_free(pool->result_handler);
	thread_free(pool->task_handler);
	shared_free(pool->shared, sizeof *pool->shared);
	free(pool->workers);
	free(pool->worker_fds);
	free(pool);
}

static struct pool *make(int workers)
{
	struct pool *pool = memory_new(sizeof *pool);
	pool->worker_count = workers;
	pool->workers = memory_array((size_t)workers, sizeof *pool->workers);
	pool->worker_fds = memory_array((size_t)workers, sizeof *pool->worker_fds);
	for (int i = 0; i < workers; i++)
		pool->worker_fds[i] = -1;
	for (int i = 0; i < 2; i++)
		pool->task_pipe[i] = pool->result_pipe[i] = pool->stop_pipe[i] = -1;
	pool->shared = shared_new(sizeof *pool->shared);
	semlock_init(&pool->shared->read_lock, 1);
	semlock_init(&pool->shared->write_lock, 1);
	pthread_mutex_init(&pool->mutex, NULL);
	pthread_cond_init(&pool->changed, NULL);
	pthread_cond_init(&pool->work, NULL);
	pool->end = &pool->first;
	return pool;
}

static void introduce(struct pool *pool, const char *name)
{
	pool->place = probe_self.place;
	pool->object = probe_object_new(OBJECT_POOL, name, 0, (uint32_t)pool->worker_count, 0, pool->place);
	pool->room = probe_channel_new(pool->object);
	pool->results = probe_channel_new(pool->object);
	pool->backlog = probe_channel_new(pool->object);
	pool->done = probe_channel_new(pool->object);
}

static int open_pipes(struct pool *pool)
{
	int error = frame_pipe(pool->task_pipe);
	if (error == 0)
		error = frame_pipe(pool->result_pipe);
	return error == 0 ? frame_pipe(pool->stop_pipe) : error;
}

static int start_all(struct pool *pool)
{
	int error = 0;
	for (int i = 0; i < pool->worker_count && error == 0; i++)
		error = pool_start_worker(pool, i);
	if (error == 0) {
		pool->result_handler = thread_new_helper("result handler", pool_handle_results, pool);
		error = thread_start(pool->result_handler);
	}
	return error;
}

/* ---- ending ---- */

static void join_thread(struct pool *pool, struct thread *thread)
{
	struct probe_intent intent = {.kind = EVENT_POOL_JOIN, .wait_kind = EVENT_POOL_RESULT_WAIT,
	                              .object = pool->object, .channel = pool->done, .place = probe_self.place};
	if (thread != NULL)
		thread_join_as(thread, &intent, true, -1); /* one that was never started is no matter */
}

static void join_worker(struct process *worker)
{
	struct probe_intent intent = {.kind = EVENT_POOL_JOIN, .wait_kind = EVENT_PROCESS_WAIT,
	                              .object = process_object(worker), .aux = process_actor(worker),
	                              .place = probe_self.place};
	process_join_as(worker, &intent, true, -1);
}

static void join_threads(struct pool *pool)
{
	join_thread(pool, pool->result_handler); /* first: from then on nobody starts workers */
	join_thread(pool, pool->task_handler);
}

static void join_workers(struct pool *pool)
{
	for (int i = 0; i < pool->worker_count; i++)
		if (pool->workers[i] != NULL)
			join_worker(pool->workers[i]);
}

/* Ends everything at once and waits for that; part of an operation that has passed the gate. */
static void end_now(struct pool *pool)
{
	pthread_mutex_lock(&pool->mutex);
	pool->state = POOL_TERMINATE;
	pool_drop_backlog(pool);
	pthread_cond_signal(&pool->work);
	pool_stop(pool);
	pthread_mutex_unlock(&pool->mutex);
	probe_wake(pool->backlog);
	probe_wake(pool->room);
	join_threads(pool);
	for (int i = 0; i < pool->worker_count; i++)
		if (pool->workers[i] != NULL)
			process_terminate_inside(pool->workers[i]);
	join_workers(pool);
	pool->joined = true;
}

static void tell(const struct pool *pool, enum event_kind kind)
{
	if (probe_on())
		probe_event(kind, pool->object, 0, 0, 0, probe_self.place);
}

static void pass_gate(const struct pool *pool, enum event_kind kind)
{
	if (probe_on())
		probe_gate(&(struct probe_intent){.kind = kind, .object = pool->object, .place = probe_self.place});
}

/* A pool that is left to itself is terminated when its process ends. */
static void end_at_exit(void *argument)
{
	struct pool *pool = argument;
	tell(pool, EVENT_POOL_TERMINATE);
	end_now(pool);
}

struct pool *pool_new(const char *name, int workers)
{
	PROBE_CALL();
	if (workers < 1) {
		errno = EINVAL;
		return NULL;
	}
	struct pool *pool = make(workers);
	introduce(pool, name);
	int error = open_pipes(pool);
	if (error == 0)
		error = start_all(pool);
	if (error != 0) {
		end_now(pool);
		release(pool);
		errno = -error;
		return NULL;
	}
	finalize_register(end_at_exit, pool, EXIT_PRIORITY);
	return pool;
}

void pool_close(struct pool *pool)
{
	PROBE_CALL();
	pass_gate(pool, EVENT_POOL_CLOSE);
	tell(pool, EVENT_POOL_CLOSE);
	pthread_mutex_lock(&pool->mutex);
	if (pool->state == POOL_RUN) {
		pool->state = POOL_CLOSE;
		if (pool->job_count == 0) {
			pool_send_sentinels(pool);
			pool_stop(pool);
		}
	}
	pthread_mutex_unlock(&pool->mutex);
}

void pool_terminate(struct pool *pool)
{
	PROBE_CALL();
	pass_gate(pool, EVENT_POOL_TERMINATE);
	tell(pool, EVENT_POOL_TERMINATE);
	if (pool->joined)
		return;
	finalize_cancel(end_at_exit, pool);
	end_now(pool);
}

int pool_join(struct pool *pool)
{
	PROBE_CALL();
	pass_gate(pool, EVENT_POOL_JOIN);
	pthread_mutex_lock(&pool->mutex);
	bool running = pool->state == POOL_RUN;
	pthread_mutex_unlock(&pool->mutex);
	if (running)
		return -EBUSY;
	if (!pool->joined) {
		join_threads(pool);
		join_workers(pool);
		pool->joined = true;
		finalize_cancel(end_at_exit, pool);
	}
	tell(pool, EVENT_POOL_JOIN);
	return 0;
}

void pool_free(struct pool *pool)
{
	if (pool == NULL)
		return;
	PROBE_CALL();
	if (!pool->joined)
		pool_terminate(pool);
	release(pool);
}
