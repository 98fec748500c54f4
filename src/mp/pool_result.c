/* SPDX-License-Identifier: MIT */
/* map, apply, imap and what they return: pool.py, ApplyResult to IMapUnorderedIterator. */
#include <errno.h>

#include "mp/pool_internal.h"

/* Both names of a job in pool.h are this one structure. */
struct pool_result {
	struct pool_job job;
};

struct pool_iterator {
	struct pool_job job;
};

/* ---- waiting for a job ---- */

static size_t next_index(const struct pool_job *job)
{
	return job->kind == JOB_IMAP ? job->next_chunk
	       : job->next_chunk < job->arrived_count ? job->arrived[job->next_chunk] : job->chunk_count;
}

/* With the mutex held: is there what its owner waits for? */
static bool job_ready(const struct pool_job *job)
{
	if (!pool_job_is_iterator(job))
		return job->missing == 0;
	return job->next_chunk == job->chunk_count || pool_chunk_is_there(job, next_index(job));
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

/* ---- submitting ---- */

/* Takes the reference to `items`. NULL and errno EINVAL. */
static struct pool_job *submit(struct pool *pool, enum pool_job_kind kind, pool_function *function, json_t *items,
                               size_t chunk)
{
	int error = json_is_array(items) ? 0 : -EINVAL;
	struct pool_job *job = NULL;
	if (error == 0) {
		job = pool_job_new(pool, kind, json_array_size(items), chunk > 0 ? chunk : 1);
		error = pool_job_enter(pool, job);
	}
	if (error == 0) {
		pool_submit(pool, job, function, items);
	} else if (job != NULL) {
		pool_job_free(job);
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
	pool_job_abandon(job);
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
		pool_job_abandon(&result->job);
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
	json_t *item = pool_chunk_take(chunk);
	bool raised = chunk->raised;
	if (raised)
		pool_fail(json_is_string(item) ? json_string_value(item) : "");
	if (chunk->at == chunk->message.length) {
		pool_chunk_release(chunk);
		job->next_chunk++;
	}
	if (!raised)
		return item;
	if (job->chunk_size > 1)
		job->next_chunk = job->chunk_count; /* in Python the generator around the chunks ends with the exception */
	json_decref(item);
	return NULL;
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
		pool_job_abandon(&iterator->job);
}
