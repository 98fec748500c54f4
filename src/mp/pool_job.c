/* SPDX-License-Identifier: MIT */
/* Jobs: what was given to the pool by one call, and what comes of it chunk by chunk. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mp/pool_internal.h"

/* ---- what was raised ---- */

enum { MESSAGE_SIZE = 512 };

static _Thread_local char raised_here[MESSAGE_SIZE]; /* in a worker */
static _Thread_local char failure[MESSAGE_SIZE];     /* in the caller */

json_t *pool_raise(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(raised_here, sizeof raised_here, format, arguments);
	va_end(arguments);
	return NULL;
}

const char *pool_take_raised(void)
{
	static _Thread_local char taken[MESSAGE_SIZE];
	memcpy(taken, raised_here, sizeof taken);
	raised_here[0] = '\0';
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

void pool_chunk_release(struct pool_chunk *chunk)
{
	buffer_release(&chunk->message);
}

void pool_job_free(struct pool_job *job)
{
	for (size_t i = 0; i < job->chunk_count; i++)
		pool_chunk_release(&job->chunks[i]);
	free(job->chunks);
	free(job->arrived);
	free(job->raised);
	json_decref(job->value);
	free(job);
}

bool pool_job_is_iterator(const struct pool_job *job)
{
	return job->kind == JOB_IMAP || job->kind == JOB_IMAP_UNORDERED;
}

struct pool_job *pool_job_new(struct pool *pool, enum pool_job_kind kind, size_t items, size_t chunk_size)
{
	struct pool_job *job = memory_new(sizeof *job);
	job->pool = pool;
	job->kind = kind;
	job->chunk_size = chunk_size;
	job->chunk_count = items == 0 ? 0 : (items - 1) / chunk_size + 1;
	job->missing = job->chunk_count;
	job->chunks = memory_array(job->chunk_count + 1, sizeof *job->chunks);
	if (pool_job_is_iterator(job))
		job->arrived = memory_array(job->chunk_count + 1, sizeof *job->arrived);
	else
		job->value = json_array();
	return job;
}

int pool_job_enter(struct pool *pool, struct pool_job *job)
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

void pool_add_raised(struct buffer *message, const char *raised)
{
	json_t *string = json_string(raised);
	if (message_add(message, string) != 0)
		message_add(message, json_null()); /* what it raised was no text */
	json_decref(string);
}

json_t *pool_chunk_take(struct pool_chunk *chunk)
{
	const char *bytes = chunk->message.bytes;
	json_t *value = NULL;
	const char *next = message_take(bytes + chunk->at, bytes + chunk->message.length, &value);
	chunk->at = next != NULL ? (size_t)(next - bytes) : chunk->message.length;
	return value;
}

bool pool_chunk_is_there(const struct pool_job *job, size_t index)
{
	return index < job->chunk_count && job->chunks[index].message.length > 0;
}

/* Reads the chunks of a map whose turn it is. */
static void read_in_order(struct pool_job *job)
{
	while (pool_chunk_is_there(job, job->next_chunk)) {
		struct pool_chunk *chunk = &job->chunks[job->next_chunk++];
		json_t *value;
		while (job->raised == NULL && (value = pool_chunk_take(chunk)) != NULL)
			json_array_append_new(job->value, value);
		pool_chunk_release(chunk);
	}
}

static void complete(struct pool *pool, struct pool_job **at)
{
	struct pool_job *job = *at;
	*at = job->next;
	pool->job_count--;
	if (job->abandoned)
		pool_job_free(job);
	if (pool->state == POOL_CLOSE && pool->job_count == 0 && !pool->sentinels_sent) {
		pool_send_sentinels(pool);
		pool_stop(pool);
	}
}

static void note_raised(struct pool_job *job, struct pool_chunk *chunk)
{
	json_t *value = pool_chunk_take(chunk);
	job->raised = memory_copy_string(json_is_string(value) ? json_string_value(value) : "");
	json_decref(value);
}

void pool_job_arrive(struct pool *pool, const struct pool_result_header *header, struct buffer *message)
{
	struct pool_job **at = find_job(pool, header->job), *job = *at;
	if (job == NULL || header->index >= job->chunk_count)
		return;
	struct pool_chunk *chunk = &job->chunks[header->index];
	*chunk = (struct pool_chunk){.message = *message, .at = sizeof *header, .raised = header->raised};
	*message = (struct buffer){0};
	if (pool_job_is_iterator(job)) {
		job->arrived[job->arrived_count++] = header->index;
	} else {
		if (chunk->raised && job->raised == NULL)
			note_raised(job, chunk);
		read_in_order(job);
	}
	bool news = pool_job_is_iterator(job) || job->missing == 1;
	if (--job->missing == 0)
		complete(pool, at);
	if (news) {
		pthread_cond_broadcast(&pool->changed);
		probe_wake(pool->done);
	}
}

void pool_job_abandon(struct pool_job *job)
{
	struct pool *pool = job->pool;
	pthread_mutex_lock(&pool->mutex);
	bool complete_now = job->missing == 0;
	job->abandoned = true;
	pthread_mutex_unlock(&pool->mutex);
	if (complete_now)
		pool_job_free(job);
}

void pool_free_jobs(struct pool *pool)
{
	for (size_t i = 0; i < POOL_BUCKETS; i++) {
		struct pool_job *job = pool->jobs[i], *next;
		for (; job != NULL; job = next) {
			next = job->next;
			if (job->abandoned)
				pool_job_free(job);
		}
	}
}
