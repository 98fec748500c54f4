/* SPDX-License-Identifier: MIT */
/* imap and Executor.map: pool.py, IMapIterator and IMapUnorderedIterator; concurrent/futures/_base.py, Executor.map. */
#include <errno.h>

#include "mp/pool_internal.h"

/* A job by its public name. */
struct pool_iterator {
	struct pool_job job;
};

static struct pool_iterator *submit(struct pool *pool, enum pool_job_kind kind, pool_function *function, json_t *items,
                                    size_t chunk)
{
	if (!json_is_array(items)) {
		json_decref(items);
		errno = EINVAL;
		return NULL;
	}
	struct pool_job *job = pool_job_new(pool, kind, json_array_size(items), chunk);
	return (struct pool_iterator *)pool_submit_values(pool, job, function, items);
}

struct pool_iterator *pool_imap(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	PROBE_CALL();
	return submit(pool, JOB_IMAP, function, items, chunk);
}

struct pool_iterator *pool_imap_unordered(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	PROBE_CALL();
	return submit(pool, JOB_IMAP_UNORDERED, function, items, chunk);
}

struct pool_iterator *pool_executor_map(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	return submit(pool, JOB_EXECUTOR_MAP, function, items, chunk);
}

/*
 * After an exception: in Python the generator around the chunks ends with it. An executor's also cancels what
 * has not begun.
 */
static void end_early(struct pool_job *job)
{
	if (job->kind == JOB_EXECUTOR_MAP)
		pool_job_cancel(job->pool, job);
	if (job->kind == JOB_EXECUTOR_MAP || job->chunk_size > 1)
		job->next_chunk = job->chunk_count;
}

/* The next item of a chunk that is there, or NULL when that chunk raised. */
static json_t *take_item(struct pool_job *job)
{
	size_t index = job->kind == JOB_IMAP_UNORDERED ? job->arrived[job->next_chunk] : job->next_chunk;
	struct pool_chunk *chunk = &job->chunks[index];
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
	end_early(job);
	json_decref(item);
	return NULL;
}

/* With the mutex held: the item, or NULL and why. */
static json_t *next_item(struct pool_job *job, int *error)
{
	*error = job->failure;
	json_t *item = NULL;
	if (job->failure != 0) {
		pool_fail(job->raised);
		job->next_chunk = job->chunk_count;
	} else {
		item = take_item(job);
		*error = item == NULL ? EREMOTEIO : 0;
	}
	return item;
}

json_t *pool_next_timeout(struct pool_iterator *iterator, double seconds)
{
	PROBE_CALL();
	static const struct probe_waiting getting = {
		.intent = {.kind = EVENT_POOL_GET, .wait_kind = EVENT_POOL_RESULT_WAIT}};
	struct pool_job *job = &iterator->job;
	json_t *item = NULL;
	if (job->next_chunk == job->chunk_count) {
		errno = 0;
		return NULL;
	}
	int error = -pool_job_wait(job, &getting, seconds);
	if (error == 0) {
		pthread_mutex_lock(&job->pool->mutex);
		item = next_item(job, &error);
		pthread_mutex_unlock(&job->pool->mutex);
	}
	if (probe_on())
		probe_event(EVENT_POOL_GET, job->pool->object, 0, job->first_number, item == NULL ? EVENT_FAILED : 0,
		            probe_self.place);
	errno = error;
	return item;
}

json_t *pool_next(struct pool_iterator *iterator)
{
	PROBE_CALL();
	return pool_next_timeout(iterator, -1);
}

void pool_iterator_free(struct pool_iterator *iterator)
{
	if (iterator != NULL)
		pool_job_abandon(&iterator->job);
}
