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
		process_free(pool->workers[i].process);
		thread_free(pool->workers[i].thread);
		if (pool->workers[i].fd >= 0)
			close(pool->workers[i].fd);
	}
	thread_free(pool->result_handler);
	thread_free(pool->task_handler);
	shared_free(pool->shared, sizeof *pool->shared);
	free((char *)(uintptr_t)pool->temper.prefix);
	free(pool->workers);
	free(pool);
}

/* It is held for as long as a write(2) takes: less than a sleep and a wake-up would. */
static void init_mutex(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
	pthread_mutex_init(mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
}

static struct pool *make(const struct pool_options *options, const struct pool_temper *temper)
{
	struct pool *pool = memory_new(sizeof *pool);
	pool->options = *options;
	pool->temper = *temper;
	pool->temper.prefix = memory_copy_string(temper->prefix);
	pool->worker_count = options->workers;
	pool->workers = memory_array((size_t)pool->worker_count, sizeof *pool->workers);
	for (int i = 0; i < pool->worker_count; i++)
		pool->workers[i].fd = -1;
	for (int i = 0; i < 2; i++)
		pool->task_pipe[i] = pool->result_pipe[i] = pool->stop_pipe[i] = -1;
	pool->shared = shared_new(sizeof *pool->shared);
	semlock_init(&pool->shared->read_lock, 1);
	semlock_init(&pool->shared->write_lock, 1);
	init_mutex(&pool->mutex);
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
	probe_channel_of_deaths(pool->results); /* a worker that dies is replaced */
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

/* ---- ending ---- */

static void join_thread(struct pool *pool, struct thread *thread)
{
	struct probe_intent intent = {.kind = EVENT_POOL_JOIN, .wait_kind = EVENT_POOL_RESULT_WAIT,
	                              .object = pool->object, .channel = pool->done, .place = probe_self.place};
	if (thread != NULL)
		thread_join_as(thread, &intent, true, -1); /* one that was never started is no matter */
}

static void join_worker(const struct pool_worker *worker)
{
	struct probe_intent intent = {.kind = EVENT_POOL_JOIN, .place = probe_self.place};
	if (worker->thread != NULL) {
		intent.wait_kind = EVENT_THREAD_WAIT;
		intent.object = thread_object(worker->thread);
		intent.aux = thread_actor(worker->thread);
		thread_join_as(worker->thread, &intent, true, -1);
	}
	if (worker->process != NULL) {
		intent.wait_kind = EVENT_PROCESS_WAIT;
		intent.object = process_object(worker->process);
		intent.aux = process_actor(worker->process);
		process_join_as(worker->process, &intent, true, -1);
	}
}

static void join_threads(struct pool *pool)
{
	join_thread(pool, pool->result_handler); /* first: from then on nobody starts workers */
	join_thread(pool, pool->task_handler);
}

void pool_end(struct pool *pool)
{
	join_threads(pool);
	for (int i = 0; i < pool->worker_count; i++)
		join_worker(&pool->workers[i]);
	pool->joined = true;
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
		if (pool->workers[i].process != NULL)
			process_terminate_inside(pool->workers[i].process);
	pool_end(pool);
}

static void tell(const struct pool *pool, enum event_kind kind, unsigned int flags)
{
	if (probe_on())
		probe_event(kind, pool->object, 0, 0, flags, probe_self.place);
}

static void pass_gate(const struct pool *pool, enum event_kind kind)
{
	if (probe_on())
		probe_gate(&(struct probe_intent){.kind = kind, .object = pool->object, .place = probe_self.place});
}

/* A pool that is left to itself is terminated when its process ends; an executor finishes its work. */
static void end_at_exit(void *argument)
{
	struct pool *pool = argument;
	if (!pool->temper.executor) {
		tell(pool, EVENT_POOL_TERMINATE, 0);
		end_now(pool);
		return;
	}
	tell(pool, EVENT_EXECUTOR_SHUTDOWN, 0);
	pthread_mutex_lock(&pool->mutex);
	pool_shut(pool);
	pthread_mutex_unlock(&pool->mutex);
	pool_end(pool);
}

void pool_leave_exit(struct pool *pool)
{
	finalize_cancel(end_at_exit, pool);
}

struct pool *pool_make(const char *name, const struct pool_options *options, const struct pool_temper *temper)
{
	if (options->workers < 1 || options->max_tasks_per_child < 0) {
		errno = EINVAL;
		return NULL;
	}
	struct pool *pool = make(options, temper);
	introduce(pool, name);
	int error = open_pipes(pool);
	if (error == 0 && !temper->executor)
		error = pool_start_all(pool);
	if (error != 0) {
		end_now(pool);
		release(pool);
		errno = -error;
		return NULL;
	}
	finalize_register(end_at_exit, pool, EXIT_PRIORITY);
	return pool;
}

struct pool *pool_new_with(const char *name, const struct pool_options *options)
{
	PROBE_CALL();
	struct pool_options given = *options;
	struct pool_temper temper = {.prefix = "ForkPoolWorker", .threads = given.threads};
	if (given.workers == 0)
		given.workers = process_cpu_count();
	return pool_make(name, &given, &temper);
}

struct pool *pool_new(const char *name, int workers)
{
	PROBE_CALL();
	return pool_make(name, &(struct pool_options){.workers = workers},
	                 &(struct pool_temper){.prefix = "ForkPoolWorker"});
}

struct pool *thread_pool_new(const char *name, int workers)
{
	PROBE_CALL();
	return pool_make(name, &(struct pool_options){.workers = workers, .threads = true},
	                 &(struct pool_temper){.prefix = "ThreadPool", .threads = true});
}

size_t pool_workers(struct pool *pool, pid_t *pids, size_t most)
{
	size_t count = 0;
	pthread_mutex_lock(&pool->mutex);
	for (int i = 0; i < pool->worker_count; i++) {
		const struct pool_worker *worker = &pool->workers[i];
		pid_t pid = worker->process != NULL ? process_pid(worker->process)
		            : worker->thread != NULL ? thread_id(worker->thread) : 0;
		if (pid != 0 && count++ < most)
			pids[count - 1] = pid;
	}
	pthread_mutex_unlock(&pool->mutex);
	return count;
}

void pool_shut(struct pool *pool)
{
	if (pool->state == POOL_RUN)
		pool->state = POOL_CLOSE;
	if (pool->state != POOL_CLOSE || pool->job_count > 0 || pool->sentinels_sent)
		return;
	pool_send_sentinels(pool);
	pool_stop(pool);
}

void pool_close(struct pool *pool)
{
	PROBE_CALL();
	pass_gate(pool, EVENT_POOL_CLOSE);
	tell(pool, EVENT_POOL_CLOSE, 0);
	pthread_mutex_lock(&pool->mutex);
	pool_shut(pool);
	pthread_mutex_unlock(&pool->mutex);
}

void pool_terminate(struct pool *pool)
{
	PROBE_CALL();
	pass_gate(pool, EVENT_POOL_TERMINATE);
	tell(pool, EVENT_POOL_TERMINATE, 0);
	if (pool->joined)
		return;
	pool_leave_exit(pool);
	end_now(pool);
}

int pool_join(struct pool *pool)
{
	PROBE_CALL();
	pass_gate(pool, EVENT_POOL_JOIN);
	pthread_mutex_lock(&pool->mutex);
	bool running = pool->state == POOL_RUN;
	pthread_mutex_unlock(&pool->mutex);
	if (running) {
		tell(pool, EVENT_POOL_JOIN, EVENT_FAILED);
		return -EBUSY;
	}
	if (!pool->joined) {
		pool_end(pool);
		pool_leave_exit(pool);
	}
	tell(pool, EVENT_POOL_JOIN, 0);
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
