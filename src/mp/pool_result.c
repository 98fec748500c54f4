/* SPDX-License-Identifier: MIT */
/* map, apply and what they return: pool.py, ApplyResult and MapResult. */
#include <errno.h>
#include <fcntl.h>

#include "mp/pool_internal.h"

/* A job by its public name. */
struct pool_result {
	struct pool_job job;
};

/* ---- waiting for a job ---- */

/* Is there what its owner waits for? With the mutex held. */
static bool is_ready(const struct pool_job *job)
{
	if (!pool_job_is_iterator(job) || job->failure != 0)
		return job->missing == 0;
	if (job->next_chunk == job->chunk_count)
		return true;
	if (job->kind == JOB_IMAP_UNORDERED)
		return job->next_chunk < job->arrived_count;
	return pool_chunk_is_there(job, job->next_chunk);
}

static int attempt_get(void *context)
{
	struct pool_job *job = context;
	pthread_mutex_lock(&job->pool->mutex);
	bool ready = is_ready(job);
	pthread_mutex_unlock(&job->pool->mutex);
	return ready ? 0 : -EAGAIN;
}

static int block_get(void *context, const struct timespec *deadline)
{
	struct pool_job *job = context;
	struct pool *pool = job->pool;
	int error = 0;
	pthread_mutex_lock(&pool->mutex);
	while (!is_ready(job) && error == 0)
		error = deadline == NULL ? pthread_cond_wait(&pool->changed, &pool->mutex)
		                         : pthread_cond_clockwait(&pool->changed, &pool->mutex, CLOCK_MONOTONIC, deadline);
	bool ready = is_ready(job);
	pthread_mutex_unlock(&pool->mutex);
	return ready ? 0 : -error;
}

int pool_job_wait(struct pool_job *job, const struct probe_waiting *as, double seconds)
{
	struct probe_waiting waiting = *as;
	waiting.intent.object = job->pool->object;
	waiting.intent.channel = job->pool->done;
	waiting.intent.aux = job->first_number;
	waiting.intent.place = probe_self.place;
	waiting.attempt = attempt_get;
	waiting.block = block_get;
	return probe_perform(&waiting, job, seconds);
}

static const struct probe_waiting getting = {.intent = {.kind = EVENT_POOL_GET, .wait_kind = EVENT_POOL_RESULT_WAIT}};
static const struct probe_waiting getting_inside = {
	.intent = {.kind = EVENT_POOL_GET, .wait_kind = EVENT_POOL_RESULT_WAIT}, .inside = true};

static void tell_get(const struct pool_job *job, enum event_kind kind, bool failed)
{
	if (probe_on())
		probe_event(kind, job->pool->object, 0, job->first_number, failed ? EVENT_FAILED : 0, probe_self.place);
}

json_t *pool_job_get(struct pool_job *job, const struct probe_waiting *as, double seconds)
{
	int error = pool_job_wait(job, as, seconds);
	if (error == 0 && job->failure != 0) {
		pool_fail(job->raised);
		error = -job->failure;
	} else if (error != 0) {
		pool_fail("the result is not ready");
	}
	tell_get(job, as->intent.kind, error != 0);
	errno = -error;
	if (error != 0)
		return NULL;
	return json_incref(job->kind == JOB_APPLY ? json_array_get(job->value, 0) : job->value);
}

/* ---- submitting ---- */

static const char *refusal(const struct pool *pool, int error)
{
	if (error == -EPIPE)
		return "A child process terminated abruptly, the process pool is not usable anymore";
	return pool->temper.executor ? "cannot schedule new futures after shutdown" : "Pool not running";
}

/* The job into the pool, and all its chunks to the workers; a job that is refused is freed. */
static struct pool_job *enter(struct pool *pool, struct pool_job *job, const struct pool_input *input)
{
	int error = pool_job_enter(pool, job);
	if (error == 0) {
		for (size_t i = 0; i < job->chunk_count && error == 0 && pool->temper.executor; i++)
			error = pool_start_for_task(pool);
		pool_submit(pool, job, input); /* who could not be started leaves the work to the others */
		return job;
	}
	pool_job_free(job);
	pool_fail(refusal(pool, error));
	errno = -error;
	return NULL;
}

struct pool_job *pool_submit_values(struct pool *pool, struct pool_job *job, pool_function *function, json_t *items)
{
	struct pool_input input = {.function = (uintptr_t)function, .values = items, .count = json_array_size(items)};
	job = enter(pool, job, &input);
	int error = errno;
	json_decref(items);
	errno = error;
	return job;
}

static struct pool_job *submit_one(struct pool *pool, pool_function *function, json_t *argument,
                                   const struct pool_callbacks *callbacks)
{
	if (argument == NULL) {
		errno = EINVAL;
		return NULL;
	}
	struct pool_job *job = pool_job_new(pool, JOB_APPLY, 1, 1);
	if (callbacks != NULL)
		job->callbacks = *callbacks;
	json_t *items = json_array();
	json_array_append_new(items, argument);
	return pool_submit_values(pool, job, function, items);
}

static struct pool_job *submit_map(struct pool *pool, pool_function *function, json_t *items, size_t chunk,
                                   enum pool_form form, const struct pool_callbacks *callbacks)
{
	if (!json_is_array(items)) {
		json_decref(items);
		errno = EINVAL;
		return NULL;
	}
	if (chunk == 0)
		chunk = pool_default_chunk(json_array_size(items), pool->worker_count);
	struct pool_job *job = pool_job_new(pool, JOB_MAP, json_array_size(items), chunk);
	job->form = form;
	if (callbacks != NULL)
		job->callbacks = *callbacks;
	return pool_submit_values(pool, job, function, items);
}

static json_t *get_and_abandon(struct pool_job *job)
{
	if (job == NULL)
		return NULL;
	json_t *value = pool_job_get(job, &getting_inside, -1);
	int error = errno;
	pool_job_abandon(job);
	errno = error;
	return value;
}

json_t *pool_map(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	PROBE_CALL();
	return get_and_abandon(submit_map(pool, function, items, chunk, FORM_VALUES, NULL));
}

json_t *pool_starmap(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	PROBE_CALL();
	return get_and_abandon(submit_map(pool, function, items, chunk, FORM_STARRED, NULL));
}

json_t *pool_apply(struct pool *pool, pool_function *function, json_t *argument)
{
	PROBE_CALL();
	return get_and_abandon(submit_one(pool, function, argument, NULL));
}

struct pool_result *pool_apply_async(struct pool *pool, pool_function *function, json_t *argument)
{
	PROBE_CALL();
	return (struct pool_result *)submit_one(pool, function, argument, NULL);
}

struct pool_result *pool_map_async(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	PROBE_CALL();
	return (struct pool_result *)submit_map(pool, function, items, chunk, FORM_VALUES, NULL);
}

struct pool_result *pool_starmap_async(struct pool *pool, pool_function *function, json_t *items, size_t chunk)
{
	PROBE_CALL();
	return (struct pool_result *)submit_map(pool, function, items, chunk, FORM_STARRED, NULL);
}

struct pool_result *pool_apply_async_then(struct pool *pool, pool_function *function, json_t *argument,
                                          const struct pool_callbacks *callbacks)
{
	PROBE_CALL();
	return (struct pool_result *)submit_one(pool, function, argument, callbacks);
}

struct pool_result *pool_map_async_then(struct pool *pool, pool_function *function, json_t *items, size_t chunk,
                                        const struct pool_callbacks *callbacks)
{
	PROBE_CALL();
	return (struct pool_result *)submit_map(pool, function, items, chunk, FORM_VALUES, callbacks);
}

struct pool_result *pool_starmap_async_then(struct pool *pool, pool_function *function, json_t *items, size_t chunk,
                                            const struct pool_callbacks *callbacks)
{
	PROBE_CALL();
	return (struct pool_result *)submit_map(pool, function, items, chunk, FORM_STARRED, callbacks);
}

/* ---- numbers ---- */

/* Room for all of it, if the system grants it: a chunk that does not fit goes back and forth in pieces. */
static void widen(int pipe, size_t bytes)
{
	enum { LEAST = 1 << 16, MOST = 1 << 20 }; /* pipe(7) */
	if (bytes > LEAST && fcntl(pipe, F_GETPIPE_SZ) <= LEAST)
		fcntl(pipe, F_SETPIPE_SZ, (int)(bytes < MOST ? bytes : MOST));
}

static int map_numbers(struct pool *pool, enum pool_form form, const struct pool_input *input, void *results,
                       size_t chunk)
{
	if (chunk == 0)
		chunk = pool_default_chunk(input->count, pool->worker_count);
	struct pool_job *job = pool_job_new(pool, JOB_MAP, input->count, chunk);
	job->form = form;
	job->numbers = results;
	widen(pool->task_pipe[1], input->count * sizeof(int64_t));
	widen(pool->result_pipe[1], input->count * sizeof(int64_t));
	job = enter(pool, job, input);
	json_t *value = get_and_abandon(job);
	int error = value != NULL ? 0 : -errno;
	json_decref(value);
	return error;
}

int pool_map_integers(struct pool *pool, int64_t (*function)(int64_t), const int64_t *items, int64_t *results,
                      size_t count, size_t chunk)
{
	PROBE_CALL();
	struct pool_input input = {.function = (uintptr_t)function, .count = count, .numbers = (const char *)items};
	return map_numbers(pool, FORM_INTEGERS, &input, results, chunk);
}

int pool_map_reals(struct pool *pool, double (*function)(double), const double *items, double *results, size_t count,
                   size_t chunk)
{
	PROBE_CALL();
	struct pool_input input = {.function = (uintptr_t)function, .count = count, .numbers = (const char *)items};
	return map_numbers(pool, FORM_REALS, &input, results, chunk);
}

/* ---- AsyncResult ---- */

json_t *pool_result_get(struct pool_result *result, double seconds)
{
	PROBE_CALL();
	return pool_job_get(&result->job, &getting, seconds);
}

int pool_result_wait(struct pool_result *result, double seconds)
{
	PROBE_CALL();
	int error = pool_job_wait(&result->job, &getting, seconds);
	tell_get(&result->job, EVENT_POOL_GET, error != 0);
	return error;
}

bool pool_result_ready(struct pool_result *result)
{
	PROBE_CALL();
	return pool_result_wait(result, 0) == 0;
}

int pool_result_successful(struct pool_result *result)
{
	PROBE_CALL();
	if (pool_result_wait(result, 0) != 0)
		return -EAGAIN;
	return result->job.failure == 0;
}

void pool_result_free(struct pool_result *result)
{
	if (result != NULL)
		pool_job_abandon(&result->job);
}
