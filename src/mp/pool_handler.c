/* SPDX-License-Identifier: MIT */
/*
 * The result handler: CPython 3.11, Lib/multiprocessing/pool.py, Pool._handle_results, and what
 * Pool._handle_workers does there in a thread of its own: a worker that died is replaced.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "base/memory.h"
#include "mp/pool_internal.h"
#include "mp/process_internal.h"
#include "mp/process_object.h"
#include "mp/thread_internal.h"

static void handle_results(void *pool);

/* ---- workers ---- */

static int start_worker(struct pool *pool, int index)
{
	struct pool_worker worker = {.fd = -1};
	int error;
	if (pool->temper.threads) {
		char name[64];
		snprintf(name, sizeof name, "%s_%d", pool->temper.prefix, index);
		worker.thread = thread_new_worker(pool->temper.executor ? name : NULL, pool_work, pool);
		error = thread_start(worker.thread);
	} else {
		worker.process = process_new_worker(pool->temper.prefix, pool_work, pool);
		process_set_daemon(worker.process, !pool->temper.executor);
		error = process_start(worker.process);
	}
	if (error == 0 && worker.process != NULL)
		worker.fd = pidfd_open(process_pid(worker.process), 0);
	if (error != 0) {
		process_free(worker.process);
		thread_free(worker.thread);
		worker = (struct pool_worker){.fd = -1};
	}
	pthread_mutex_lock(&pool->mutex);
	pool->workers[index] = worker;
	pthread_mutex_unlock(&pool->mutex);
	return error;
}

int pool_start_all(struct pool *pool)
{
	int error = 0;
	for (int i = 0; i < pool->worker_count && error == 0; i++)
		error = start_worker(pool, i);
	if (error == 0) {
		pool->result_handler = thread_new_helper("result handler", handle_results, pool);
		error = thread_start(pool->result_handler);
	}
	return error;
}

/* The first task of an executor of processes starts all: a fork is safe only before there are threads. */
int pool_start_for_task(struct pool *pool)
{
	int index = -1;
	bool all;
	pthread_mutex_lock(&pool->mutex);
	all = !pool->temper.threads && pool->started == 0;
	if (all)
		pool->started = pool->worker_count;
	else if (pool->idle > 0)
		pool->idle--;
	else if (pool->started < pool->worker_count)
		index = pool->started++;
	pthread_mutex_unlock(&pool->mutex);
	if (all)
		return pool_start_all(pool);
	return index >= 0 ? start_worker(pool, index) : 0;
}

/* A worker that has ended, or -1. */
static int find_dead(const struct pool *pool)
{
	for (int i = 0; i < pool->worker_count; i++)
		if (pool->workers[i].process != NULL && process_reap(pool->workers[i].process))
			return i;
	return -1;
}

static bool shall_replace(struct pool *pool)
{
	pthread_mutex_lock(&pool->mutex);
	bool shall = pool->state != POOL_TERMINATE && !pool->sentinels_sent;
	pthread_mutex_unlock(&pool->mutex);
	return shall;
}

static void replace(struct pool *pool, int index)
{
	struct pool_worker *worker = &pool->workers[index];
	struct process *dead = worker->process;
	int code = 0;
	process_exitcode(dead, &code);
	if (probe_on())
		probe_event(EVENT_PROCESS_JOIN, process_object(dead), code, process_actor(dead), 0, pool->place);
	pthread_mutex_lock(&pool->mutex);
	worker->process = NULL;
	pthread_mutex_unlock(&pool->mutex);
	process_free(dead);
	if (worker->fd >= 0)
		close(worker->fd);
	start_worker(pool, index);
}

/* What an executor does instead: BrokenProcessPool. The other workers are ended, for what the dead one left undone. */
static void break_down(struct pool *pool)
{
	if (probe_on())
		probe_event(EVENT_EXECUTOR_BROKEN, pool->object, 0, 0, 0, pool->place);
	for (int i = 0; i < pool->worker_count; i++)
		if (pool->workers[i].process != NULL)
			process_terminate_inside(pool->workers[i].process);
	pthread_mutex_lock(&pool->mutex);
	pool->state = POOL_TERMINATE;
	pool_break(pool);
	pool_stop(pool);
	pthread_cond_signal(&pool->work);
	pthread_mutex_unlock(&pool->mutex);
	probe_wake(pool->backlog);
	probe_wake(pool->room);
}

/* ---- waiting ---- */

enum found { FOUND_RESULT, FOUND_DEATH, FOUND_STOP };

struct handling {
	struct pool *pool;
	struct frame_in frame;
	enum found found;
	int dead;
	bool look; /* somebody may have died */
};

static int find(struct handling *handling, enum found found)
{
	handling->found = found;
	return 0;
}

/* Whoever waits for items is woken once for all that came together. */
static void tell_gathered(struct pool *pool)
{
	pthread_mutex_lock(&pool->mutex);
	if (pool->news)
		pool_tell_news(pool);
	pthread_mutex_unlock(&pool->mutex);
}

/* Results first: a worker may have died after giving one back. */
static int attempt_handle(void *context)
{
	struct handling *handling = context;
	struct pool *pool = handling->pool;
	if (atomic_load(&pool->stopping))
		return find(handling, FOUND_STOP);
	size_t before = handling->frame.body.length;
	int error = frame_receive(&handling->frame, pool->result_pipe[0]);
	if (error == 0 || handling->frame.body.length > before)
		probe_wake(pool->room);
	if (error != 0)
		tell_gathered(pool);
	if (error == 0)
		return find(handling, FOUND_RESULT);
	if (error != -EAGAIN)
		return find(handling, FOUND_STOP);
	if (handling->look && shall_replace(pool) && (handling->dead = find_dead(pool)) >= 0)
		return find(handling, FOUND_DEATH);
	handling->look = probe_gated();
	return -EAGAIN;
}

/* Until there is a result, a death or the sign to stop. */
static void wait_for_news(struct handling *handling)
{
	struct pool *pool = handling->pool;
	size_t count = 2 + (size_t)pool->worker_count;
	struct pollfd *polled = memory_array(count, sizeof *polled);
	polled[0] = (struct pollfd){.fd = pool->result_pipe[0], .events = POLLIN};
	polled[1] = (struct pollfd){.fd = pool->stop_pipe[0], .events = POLLIN};
	bool replaces = shall_replace(pool);
	for (size_t i = 2; i < count; i++)
		polled[i] = (struct pollfd){.fd = replaces ? pool->workers[i - 2].fd : -1, .events = POLLIN};
	poll(polled, count, -1);
	for (size_t i = 2; i < count; i++)
		handling->look |= polled[i].revents != 0;
	free(polled);
}

static int block_handle(void *context, const struct timespec *deadline)
{
	(void)deadline; /* there is none */
	int error;
	do
		wait_for_news(context);
	while ((error = attempt_handle(context)) == -EAGAIN);
	return error;
}

/* ---- handling ---- */

static void handle_result(struct pool *pool, struct buffer *message)
{
	struct pool_result_header header;
	if (message->length < sizeof header)
		return;
	memcpy(&header, message->bytes, sizeof header);
	if (probe_on())
		probe_event(EVENT_POOL_RESULT, pool->object, header.count, header.number,
		            header.raised ? EVENT_FAILED : 0, pool->place);
	pthread_mutex_lock(&pool->mutex);
	pool_job_arrive(pool, &header, message);
	pthread_mutex_unlock(&pool->mutex);
}

/* What it is about to do is a step if there is a result to be had; waiting for one is none. */
static void wait_and_handle(struct handling *handling)
{
	struct pool *pool = handling->pool;
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_POOL_RESULT, .wait_kind = EVENT_POOL_RESULT_WAIT, .object = pool->object,
		           .channel = pool->results, .place = pool->place},
		.attempt = attempt_handle, .block = block_handle,
		.inside = probe_gated() && !frame_ready(pool->result_pipe[0], POLLIN),
	};
	handling->found = FOUND_STOP;
	probe_perform(&waiting, handling, -1);
	if (handling->found == FOUND_RESULT)
		handle_result(pool, &handling->frame.body);
	else if (handling->found == FOUND_DEATH && pool->temper.executor)
		break_down(pool);
	else if (handling->found == FOUND_DEATH)
		replace(pool, handling->dead);
}

static void handle_results(void *argument)
{
	struct pool *pool = argument;
	struct frame_ahead ahead;
	ahead.from = ahead.to = 0;
	struct handling handling = {.pool = pool, .look = true};
	if (!probe_gated()) /* there a result that was read is one that was received */
		handling.frame.ahead = &ahead;
	pool->gathers = handling.frame.ahead != NULL;
	probe_self.place = pool->place;
	do
		wait_and_handle(&handling);
	while (handling.found != FOUND_STOP);
	frame_in_release(&handling.frame);
}

void pool_stop(struct pool *pool)
{
	atomic_store(&pool->stopping, true);
	while (write(pool->stop_pipe[1], "", 1) < 0 && errno == EINTR)
		;
	probe_wake(pool->results);
	if (!pool->temper.threads)
		return;
	probe_wake(pool->object);
	probe_wake(pool->room);
}
