/* SPDX-License-Identifier: MIT */
/* Jobs: what map, apply and imap gave to the pool, and what came of it: pool.py, ApplyResult to IMapUnorderedIterator. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mp/pool_internal.h"

/* Both names of a job in pool.h are this one structure. */
struct pool_result {
	struct pool_job job;
};

struct pool_iterator {
	struct pool_job job;
};

/* ---- what was raised ---- */

enum { MESSAGE_SIZE = 512 };

static _Thread_local char raised[MESSAGE_SIZE];  /* in a worker */
static _Thread_local char failure[MESSAGE_SIZE]; /* in the caller */

json_t *pool_raise(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(raised, sizeof raised, format, arguments);
	va_end(arguments);
	return NULL;
}

const char *pool_take_raised(void)
{
	static _Thread_local char taken[MESSAGE_SIZE];
	memcpy(taken, raised, sizeof taken);
	raised[0] = '\0';
	return taken;
}

void pool_fail(const char *message)
{
	snprintf(failure, sizeof failure, "%s", message);
}

const char *pool_error(void)
{
	return failure;
}

/* ---- jobs ---- */

size_t pool_default_chunk(size_t items, int workers)
{
	size_t parts = (size_t)workers * 4;
	return items / parts + (items % parts != 0);
}

static void release_chunk(struct pool_chunk *chunk)
{
	json_decref(chunk->values);
	free(chunk->raised);
	*chunk = (struct pool_chunk){0};
}

static void job_free(struct pool_job *job)
{
	for (size_t i = 0; i < job->chunk_count; i++)
		release_chunk(&job->chunks[i]);
	free(job->chunks);
	free(job->arrived);
	free(job->raised);
	json_decref(job->value);
	free(job);
}

static bool is_iterator(const struct pool_job *job)
{
	return job->kind == JOB_IMAP || job->kind == JOB_IMAP_UNORDERED;
}

static struct pool_job *job_new(struct pool *pool, enum pool_job_kind kind, size_t items, size_t chunk_size)
{
	struct pool_job *job = memory_new(sizeof *job);
	job->pool = pool;
	job->kind = kind;
	job->chunk_size = chunk_size;
	job->chunk_count = items == 0 ? 0 : (items - 1) / chunk_size + 1;
	job->missing = job->chunk_count;
	job->chunks = memory_array(job->chunk_count + 1, sizeof *job->chunks);
	if (is_iterator(job))
		job->arrived = memory_array(job->chunk_count + 1, sizeof *job->arrived);
	else if (items == 0)
		job->value = json_array();
	return job;
}

/* Makes the pool wait for it. 0 or -EINVAL: "Pool not running". */
static int job_enter(struct pool *pool, struct pool_job *job)
{
	pthread_mutex_lock(&pool->mutex);
	int error = pool->state == POOL_RUN ? 0 : -EINVAL;
	if (error == 0 && job->missing > 0) {
		job->id = ++pool->last_job;
		struct pool_job **bucket = &pool->jobs[job->id % POOL_BUCKETS];
		job->next = *bucket;
		*bucket = job;
		pool->job_count++;
	}
	pthread_mutex_unlock(&pool->mutex);
	return error;
}

static struct pool_job **find_job(struct pool *pool, uint32_t id)
{
	struct pool_job **at = &pool->jobs[id % POOL_BUCKETS];
	while (*at != NULL && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

/* All the chunks' values in one array; the first chunk's array is made it. */
static json_t *join_values(struct pool_job *job)
{
	json_t *all = job->chunks[0].values;
	job->chunks[0].values = NULL;
	for (size_t i = 1; i < job->chunk_count; i++) {
		json_array_extend(all, job->chunks[i].values);
		release_chunk(&job->chunks[i]);
	}
	return all;
}

static void complete(struct pool *pool, struct pool_job **at)
{
	struct pool_job *job = *at;
	*at = job->next;
	pool->job_count--;
	if (!is_iterator(job) && job->raised == NULL)
		job->value = join_values(job);
	if (job->abandoned)
		job_free(job);
	if (pool->state == POOL_CLOSE && pool->job_count == 0 && !pool->sentinels_sent) {
		pool_send_sentinels(pool);
		pool_stop(pool);
	}
}

void pool_job_arrive(struct pool *pool, uint32_t id, uint32_t index, struct pool_chunk chunk)
{
	struct pool_job **at = find_job(pool, id), *job = *at;
	if (job == NULL || index >= job->chunk_count) {
		release_chunk(&chunk);
		return;
	}
	if (is_iterator(job))
		job->arrived[job->arrived_count++] = index;
	else if (chunk.raised != NULL && job->raised == NULL)
		job->raised = memory_copy_string(chunk.raised);
	job->chunks[index] = chunk;
	bool news = is_iterator(job) || job->missing == 1;
	if (--job->missing == 0)
		complete(pool, at);
	if (news) {
		pthread_cond_broadcast(&pool->changed);
		probe_wake(pool->done);
	}
}

void pool_free_jobs(struct pool *pool)
{
	for (size_t i = 0; i < POOL_BUCKETS; i++) {
		struct pool_job *job = pool->jobs[i], *next;
		for (; job != NULL; job = next) {
			next = job->next;
			if (job->abandoned)
				job_free(job);
		}
	}
}

/* ---- waiting for a job ---- */

static size_t next_index(const struct pool_job *job)
{
	return job->kind == JOB_IMAP ? job->next_chunk
	       : job->next_chunk < job->arrived_count ? job->arrived[job->next_chunk] : job->chunk_count;
}

static bool chunk_is_there(const struct pool_job *job, size_t index)
{
	return index < job->chunk_count && (job->chunks[index].values != NULL || job->chunks[index].raised != NULL);
}

/* With the mutex held: is there what its owner waits for? */
static bool job_ready(const struct pool_job *job)
{
	if (!is_iterator(job))
		return job->missing == 0;
	return job->next_chunk == job->chunk_count || chunk_is_there(job, next_index(job));
}

static int attempt_get(void *context)
{
	struct pool_job *job = context;
	pthread_mutex_lock(&job->pool->mutex);
	bool ready = job_ready(job);
	pthread_mutex_unlock(&job->pool->mutex);
	return ready ? 0 : -EAGAIN;
}

static int block_get(void *context, const struct timespec *deadline)
{
	struct pool_job *job = context;
	struct pool *pool = job->pool;
	int error = 0;
	pthread_mutex_lock(&pool->mutex);
	while (!job_ready(job) && error == 0)
		error = deadline == NULL ? pthread_cond_wait(&pool->changed, &pool->mutex)
		                         : pthread_cond_clockwait(&pool->changed, &pool->mutex, CLOCK_MONOTONIC, deadline);
	bool ready = job_ready(job);
	pthread_mutex_unlock(&pool->mutex);
	return ready ? 0 : -error;
}

static int job_wait(struct pool_job *job, double seconds, bool inside)
{
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_POOL_GET, .wait_kind = EVENT_POOL_RESULT_WAIT, .object = job->pool->object,
		           .channel = job->pool->done, .aux = job->first_number, .place = probe_self.place},
		.attempt = attempt_get, .block = block_get, .inside = inside,
	};
	return probe_perform(&waiting, job, seconds);
}

static void tell_get(const struct pool_job *job, bool failed)
{
	if (probe_on())
		probe_event(EVENT_POOL_GET, job->pool->object, 0, job->first_number, failed ? EVENT_FAILED : 0,
		            probe_self.place);
}

/* A new reference, or NULL with errno and pool_error() set. */
static json_t *job_get(struct pool_job *job, double seconds, bool inside)
{
	int error = job_wait(job, seconds, inside);
	if (error == 0 && job->raised != NULL) {
		pool_fail(job->raised);
		error = -EREMOTEIO;
	} else if (error != 0) {
		pool_fail("the result is not ready");
	}
	tell_get(job, error != 0);
	errno = -error;
	if (error != 0)
		return NULL;
	return json_incref(job->kind == JOB_APPLY ? json_array_get(job->value, 0) : job->value);
}

/* Its owner wants no more of it. */
static void job_abandon(struct pool_job *job)
{
	struct pool *pool = job->pool;
	pthread_mutex_lock(&pool->mutex);
	bool complete_now = job->missing == 0;
	job->abandoned = true;
	pthread_mutex_unlock(&pool->mutex);
	if (complete_now)
		job_free(job);
}

/* ---- submitting ---- */

/* Takes the reference to `items`. NULL and errno EINVAL. */
static struct pool_job *submit(struct pool *pool, enum pool_job_kind kind, pool_function *function, json_t *items,
                               size_t chunk)
{
	int error = json_is_array(items) ? 0 : -EINVAL;
	struct pool_job *job = NULL;
	if (error == 0) {
		job = job_new(pool, kind, json_array_size(items), chunk > 0 ? chunk : 1);
		error = job_enter(pool, job);
	}
	if (error == 0) {
		pool_submit(pool, job, function, items);
	} else if (job != NULL) {
		job_free(job);
		job = NULL;
		pool_fail("Pool not running");
	}
	json_decref(items);
	if (error != 0)
		errno = -error;
	return job;
}

static struct pool_job *submit_one(struct pool *pool, pool_function *function, json_t *argument)
{
	json_t *items = json_array();
	json_array_append_new(items, argument);
	if (argument != NULL)
		return submit(pool, JOB_APPLY, function, items, 1);
	json_decref(items);
	errno = EINVAL;
	return NULL;
}

static struct pool_job *submit_map(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	if (chunk == 0)
		chunk = pool_default_chunk(json_array_size(items), pool->worker_count);
	return submit(pool, JOB_MAP, function, items, chunk);
}

static json_t *get_and_abandon(struct pool_job *job)
{
	if (job == NULL)
		return NULL;
	json_t *value = job_get(job, -1, true);
	int error = errno;
	job_abandon(job);
	errno = error;
	return value;
}

json_t *pool_map(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	PROBE_CALL();
	return get_and_abandon(submit_map(pool, function, items, chunk));
}

json_t *pool_apply(struct pool *pool, pool_function *function, json_t *argument)
{
	PROBE_CALL();
	return get_and_abandon(submit_one(pool, function, argument));
}

struct pool_result *pool_apply_async(struct pool *pool, pool_function *function, json_t *argument)
{
	PROBE_CALL();
	return (struct pool_result *)submit_one(pool, function, argument);
}

struct pool_result *pool_map_async(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	PROBE_CALL();
	return (struct pool_result *)submit_map(pool, function, items, chunk);
}

json_t *pool_result_get(struct pool_result *result, double seconds)
{
	PROBE_CALL();
	return job_get(&result->job, seconds, false);
}

bool pool_result_ready(struct pool_result *result)
{
	PROBE_CALL();
	struct pool_job *job = &result->job;
	bool ready = job_wait(job, 0, false) == 0;
	tell_get(job, !ready);
	return ready;
}

void pool_result_free(struct pool_result *result)
{
	if (result != NULL)
		job_abandon(&result->job);
}

/* ---- imap ---- */

struct pool_iterator *pool_imap(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	PROBE_CALL();
	return (struct pool_iterator *)submit(pool, JOB_IMAP, function, items, chunk);
}

struct pool_iterator *pool_imap_unordered(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	PROBE_CALL();
	return (struct pool_iterator *)submit(pool, JOB_IMAP_UNORDERED, function, items, chunk);
}

/* The next item of a chunk that is there, or NULL when that chunk raised. */
static json_t *take_item(struct pool_job *job)
{
	struct pool_chunk *chunk = &job->chunks[next_index(job)];
	json_t *item = NULL;
	if (chunk->raised != NULL)
		pool_fail(chunk->raised);
	else
		item = json_incref(json_array_get(chunk->values, job->next_item++));
	if (item == NULL || job->next_item == json_array_size(chunk->values)) {
		release_chunk(chunk);
		job->next_item = 0;
		job->next_chunk++;
	}
	if (item == NULL && job->chunk_size > 1)
		job->next_chunk = job->chunk_count; /* in Python the generator around the chunks ends with the exception */
	return item;
}

json_t *pool_next(struct pool_iterator *iterator)
{
	PROBE_CALL();
	struct pool_job *job = &iterator->job;
	if (job->next_chunk == job->chunk_count) {
		errno = 0;
		return NULL;
	}
	job_wait(job, -1, false);
	pthread_mutex_lock(&job->pool->mutex);
	json_t *item = take_item(job);
	pthread_mutex_unlock(&job->pool->mutex);
	tell_get(job, item == NULL);
	errno = item == NULL ? EREMOTEIO : 0;
	return item;
}

void pool_iterator_free(struct pool_iterator *iterator)
{
	if (iterator != NULL)
		job_abandon(&iterator->job);
}
