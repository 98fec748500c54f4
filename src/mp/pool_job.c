/* SPDX-License-Identifier: MIT */
/* Jobs: what was given to the pool by one call, and what comes of it chunk by chunk. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mp/completion.h"
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

bool pool_has_raised(void)
{
	return raised_here[0] != '\0';
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
	while (job->hooks != NULL) {
		struct pool_hook *hook = job->hooks;
		job->hooks = hook->next;
		free(hook);
	}
	json_decref(job->value);
	free(job);
}

bool pool_job_is_iterator(const struct pool_job *job)
{
	return job->kind == JOB_IMAP || job->kind == JOB_IMAP_UNORDERED || job->kind == JOB_EXECUTOR_MAP;
}

struct pool_job *pool_job_new(struct pool *pool, enum pool_job_kind kind, size_t items, size_t chunk_size)
{
	struct pool_job *job = memory_new(sizeof *job);
	if (chunk_size == 0)
		chunk_size = 1;
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
	int error = pool->broken ? -EPIPE : pool->state == POOL_RUN ? 0 : -EINVAL;
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

struct pool_job *pool_job_find(struct pool *pool, uint32_t id)
{
	return *find_job(pool, id);
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

/* ---- completing ---- */

static void call_hooks(struct pool_job *job, struct pool_hook *hook)
{
	if (hook == NULL)
		return;
	call_hooks(job, hook->next); /* in the order in which they were added */
	if (probe_on())
		probe_event(EVENT_FUTURE_CALLBACK, job->pool->object, 0, job->first_number, 0, job->pool->place);
	uint32_t saved = probe_enter_lesson();
	hook->function((struct future *)job, hook->context);
	probe_leave_lesson(saved);
	free(hook);
}

/* It is complete: out of the pool, and everybody told. What was added to it is called without the mutex. */
static void complete(struct pool *pool, struct pool_job *job)
{
	struct pool_job **at = find_job(pool, job->id);
	struct pool_hook *hooks = job->hooks;
	*at = job->next;
	job->missing = 0;
	job->finished = completion_tell();
	job->hooks = NULL;
	job->busy = hooks != NULL;
	pthread_cond_broadcast(&pool->changed);
	probe_wake(pool->done);
	if (hooks != NULL) {
		pthread_mutex_unlock(&pool->mutex);
		call_hooks(job, hooks);
		pthread_mutex_lock(&pool->mutex);
		job->busy = false;
	}
	if (job->abandoned)
		pool_job_free(job);
	if (--pool->job_count == 0 && pool->state == POOL_CLOSE)
		pool_shut(pool);
}

/* callback= and error_callback=: before anybody can have the result. */
static void call_back(struct pool_job *job)
{
	const struct pool_callbacks *callbacks = &job->callbacks;
	struct pool *pool = job->pool;
	bool failed = job->failure != 0;
	if (failed ? callbacks->failed == NULL : callbacks->done == NULL)
		return;
	pthread_mutex_unlock(&pool->mutex);
	if (probe_on())
		probe_event(EVENT_POOL_CALLBACK, pool->object, 0, job->first_number, failed ? EVENT_FAILED : 0, pool->place);
	uint32_t saved = probe_enter_lesson();
	if (failed)
		callbacks->failed(job->raised, callbacks->context);
	else
		callbacks->done(job->kind == JOB_APPLY ? json_array_get(job->value, 0) : job->value, callbacks->context);
	probe_leave_lesson(saved);
	pthread_mutex_lock(&pool->mutex);
}

/* ---- arriving ---- */

/* Reads the chunks of a map whose turn it is. */
static void read_in_order(struct pool_job *job)
{
	while (pool_chunk_is_there(job, job->next_chunk)) {
		struct pool_chunk *chunk = &job->chunks[job->next_chunk++];
		json_t *value;
		while (job->failure == 0 && (value = pool_chunk_take(chunk)) != NULL)
			json_array_append_new(job->value, value);
		pool_chunk_release(chunk);
	}
}

static void note_raised(struct pool_job *job, struct pool_chunk *chunk)
{
	json_t *value = pool_chunk_take(chunk);
	job->raised = memory_copy_string(json_is_string(value) ? json_string_value(value) : "");
	job->failure = EREMOTEIO;
	json_decref(value);
}

static void keep_numbers(struct pool_job *job, const struct pool_result_header *header, const struct buffer *message)
{
	size_t size = message->length - sizeof *header, at = header->index * job->chunk_size * sizeof(int64_t);
	if (job->failure == 0 && size == header->count * sizeof(int64_t))
		memcpy(job->numbers + at, message->bytes + sizeof *header, size);
}

static void keep_chunk(struct pool_job *job, const struct pool_result_header *header, struct buffer *message)
{
	struct pool_chunk *chunk = &job->chunks[header->index];
	if (job->numbers != NULL && !header->raised) {
		keep_numbers(job, header, message);
		return;
	}
	*chunk = (struct pool_chunk){.message = *message, .at = sizeof *header, .raised = header->raised};
	*message = (struct buffer){0};
	if (pool_job_is_iterator(job)) {
		job->arrived[job->arrived_count++] = header->index;
		return;
	}
	if (chunk->raised && job->failure == 0)
		note_raised(job, chunk);
	if (job->numbers == NULL)
		read_in_order(job);
}

void pool_job_arrive(struct pool *pool, const struct pool_result_header *header, struct buffer *message)
{
	struct pool_job *job = pool_job_find(pool, header->job);
	if (pool->temper.window > 0 && pool->given_out > 0) {
		pool->given_out--;
		pool_move(pool);
	}
	if (job == NULL || header->index >= job->chunk_count)
		return;
	keep_chunk(job, header, message);
	if (job->missing == 1)
		call_back(job);
	if (--job->missing == 0) {
		complete(pool, job);
	} else if (pool_job_is_iterator(job)) {
		pool->news = true;
		if (!pool->gathers)
			pool_tell_news(pool);
	}
}

void pool_tell_news(struct pool *pool)
{
	pool->news = false;
	pthread_cond_broadcast(&pool->changed);
	probe_wake(pool->done);
}

/* ---- ending without results ---- */

static void fail(struct pool *pool, struct pool_job *job, int why, const char *raised)
{
	if (job->failure == 0) {
		job->failure = why;
		job->raised = memory_copy_string(raised);
	}
	complete(pool, job);
}

void pool_job_cancel(struct pool *pool, struct pool_job *job)
{
	if (job->missing == 0)
		return;
	job->cancelled = true;
	size_t dropped = pool_drop_backlog_of(pool, job->id);
	if (dropped >= job->missing || !job->begun)
		fail(pool, job, ECANCELED, "cancelled");
	else
		job->missing -= dropped;
}

/* Asked by a thread that has taken a chunk of it. */
bool pool_job_begin(struct pool *pool, uint32_t id)
{
	pthread_mutex_lock(&pool->mutex);
	struct pool_job *job = pool_job_find(pool, id);
	bool wanted = job != NULL && !job->cancelled;
	if (wanted)
		job->begun = true;
	else if (job != NULL && --job->missing == 0)
		complete(pool, job);
	pthread_mutex_unlock(&pool->mutex);
	return wanted;
}

void pool_break(struct pool *pool)
{
	static const char why[] =
		"A process in the process pool was terminated abruptly while the future was running or pending.";
	pool->broken = true;
	pool_drop_backlog(pool);
	for (size_t i = 0; i < POOL_BUCKETS; i++)
		while (pool->jobs[i] != NULL)
			fail(pool, pool->jobs[i], EPIPE, why);
}

void pool_job_abandon(struct pool_job *job)
{
	struct pool *pool = job->pool;
	pthread_mutex_lock(&pool->mutex);
	bool complete_now = job->missing == 0 && !job->busy;
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
