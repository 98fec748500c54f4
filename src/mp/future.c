/* SPDX-License-Identifier: MIT */
#include "mp/future.h"

#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"
#include "mp/pool_internal.h"

/* A job of one task by its public name. */
struct future {
	struct pool_job job;
};

static const struct probe_waiting waiting_for_result = {
	.intent = {.kind = EVENT_FUTURE_RESULT, .wait_kind = EVENT_FUTURE_WAIT}};

/* ---- one ---- */

json_t *future_result(struct future *future, double seconds)
{
	PROBE_CALL();
	return pool_job_get(&future->job, &waiting_for_result, seconds);
}

const char *future_exception(struct future *future, double seconds)
{
	PROBE_CALL();
	json_t *value = pool_job_get(&future->job, &waiting_for_result, seconds);
	bool raised = value == NULL && (errno == EREMOTEIO || errno == EPIPE);
	if (value != NULL || raised)
		errno = 0;
	json_decref(value);
	return raised ? future->job.raised : NULL;
}

void future_free(struct future *future)
{
	if (future != NULL)
		pool_job_abandon(&future->job);
}

bool future_cancel(struct future *future)
{
	PROBE_CALL();
	struct pool_job *job = &future->job;
	struct pool *pool = job->pool;
	uint32_t number = job->first_number;
	if (probe_on())
		probe_gate(&(struct probe_intent){.kind = EVENT_FUTURE_CANCEL, .object = pool->object, .aux = number,
		                                  .place = probe_self.place});
	pthread_mutex_lock(&pool->mutex);
	bool waits = job->missing > 0 && !job->begun;
	if (probe_on()) /* before who waits for it can tell that it is done */
		probe_event(EVENT_FUTURE_CANCEL, pool->object, 0, number, waits || job->cancelled ? 0 : EVENT_FAILED,
		            probe_self.place);
	if (waits)
		pool_job_cancel(pool, job);
	bool cancelled = job->cancelled;
	pthread_mutex_unlock(&pool->mutex);
	return cancelled;
}

enum question { IS_DONE, IS_RUNNING, IS_CANCELLED };

static bool ask(struct pool_job *job, enum question question)
{
	struct pool *pool = job->pool;
	if (probe_on())
		probe_gate(&(struct probe_intent){.kind = EVENT_FUTURE_ASK, .object = pool->object,
		                                  .aux = job->first_number, .place = probe_self.place});
	pthread_mutex_lock(&pool->mutex);
	bool done = job->missing == 0;
	bool yes = question == IS_DONE ? done : question == IS_RUNNING ? job->begun && !done : job->cancelled;
	pthread_mutex_unlock(&pool->mutex);
	if (probe_on())
		probe_event(EVENT_FUTURE_ASK, pool->object, yes, job->first_number, 0, probe_self.place);
	return yes;
}

bool future_done(struct future *future)
{
	PROBE_CALL();
	return ask(&future->job, IS_DONE);
}

bool future_running(struct future *future)
{
	PROBE_CALL();
	return ask(&future->job, IS_RUNNING);
}

bool future_cancelled(struct future *future)
{
	PROBE_CALL();
	return ask(&future->job, IS_CANCELLED);
}

void future_add_done_callback(struct future *future, void (*function)(struct future *future, void *context),
                              void *context)
{
	struct pool_job *job = &future->job;
	struct pool_hook *hook = memory_new(sizeof *hook);
	*hook = (struct pool_hook){.function = function, .context = context};
	pthread_mutex_lock(&job->pool->mutex);
	bool done = job->missing == 0;
	if (!done) {
		hook->next = job->hooks;
		job->hooks = hook;
	}
	pthread_mutex_unlock(&job->pool->mutex);
	if (!done)
		return;
	free(hook);
	function(future, context);
}

/* ---- several ---- */

struct several {
	struct pool *pool;
	struct future **futures;
	size_t count;
	enum future_when when;
	size_t wanted; /* so many done are enough */
};

/* With the mutex held. */
static bool enough(const struct several *several)
{
	size_t done = 0;
	for (size_t i = 0; i < several->count; i++) {
		const struct pool_job *job = &several->futures[i]->job;
		if (job->missing > 0)
			continue;
		done++;
		if (several->when == FIRST_EXCEPTION && job->failure != 0 && !job->cancelled)
			return true;
	}
	return done >= several->wanted;
}

static int attempt_several(void *context)
{
	const struct several *several = context;
	pthread_mutex_lock(&several->pool->mutex);
	bool ready = enough(several);
	pthread_mutex_unlock(&several->pool->mutex);
	return ready ? 0 : -EAGAIN;
}

static int block_several(void *context, const struct timespec *deadline)
{
	const struct several *several = context;
	struct pool *pool = several->pool;
	int error = 0;
	pthread_mutex_lock(&pool->mutex);
	while (!enough(several) && error == 0)
		error = deadline == NULL ? pthread_cond_wait(&pool->changed, &pool->mutex)
		                         : pthread_cond_clockwait(&pool->changed, &pool->mutex, CLOCK_MONOTONIC, deadline);
	bool ready = enough(several);
	pthread_mutex_unlock(&pool->mutex);
	return ready ? 0 : -error;
}

static bool of_one_executor(struct future **futures, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (futures[i]->job.pool != futures[0]->job.pool)
			return false;
	return true;
}

static int wait_for_several(struct several *several, double seconds)
{
	several->pool = several->futures[0]->job.pool;
	struct probe_waiting waiting = waiting_for_result;
	waiting.intent.object = several->pool->object;
	waiting.intent.channel = several->pool->done;
	waiting.intent.place = probe_self.place;
	waiting.attempt = attempt_several;
	waiting.block = block_several;
	return probe_perform(&waiting, several, seconds);
}

static void tell_result(const struct pool *pool, uint32_t number, bool failed)
{
	if (probe_on())
		probe_event(EVENT_FUTURE_RESULT, pool->object, 0, number, failed ? EVENT_FAILED : 0, probe_self.place);
}

static void move_to(struct future **futures, size_t from, size_t to)
{
	struct future *moved = futures[from];
	for (; from > to; from--)
		futures[from] = futures[from - 1];
	futures[to] = moved;
}

/* With the mutex held: the first to complete of those from `at` on, or `count` when none has. */
static size_t first_of(struct future **futures, size_t count, size_t at)
{
	size_t first = count;
	for (size_t i = at; i < count; i++)
		if (futures[i]->job.missing == 0 &&
		    (first == count || futures[i]->job.finished < futures[first]->job.finished))
			first = i;
	return first;
}

long future_wait(struct future **futures, size_t count, double seconds, enum future_when when)
{
	PROBE_CALL();
	if (count == 0)
		return 0;
	if (!of_one_executor(futures, count))
		return -EINVAL;
	struct several several = {.futures = futures, .count = count, .when = when,
	                          .wanted = when == FIRST_COMPLETED ? 1 : count};
	int error = wait_for_several(&several, seconds);
	size_t at = 0, found;
	pthread_mutex_lock(&several.pool->mutex);
	while (at < count && (found = first_of(futures, count, at)) < count)
		move_to(futures, found, at++);
	pthread_mutex_unlock(&several.pool->mutex);
	tell_result(several.pool, 0, error != 0);
	return (long)at;
}

struct future *future_as_completed(struct future **futures, size_t count, size_t *at, double seconds)
{
	PROBE_CALL();
	errno = *at < count && !of_one_executor(futures, count) ? EINVAL : 0;
	if (*at >= count || errno != 0)
		return NULL;
	struct several rest = {.futures = futures + *at, .count = count - *at, .wanted = 1, .when = FIRST_COMPLETED};
	int error = wait_for_several(&rest, seconds);
	struct future *next = NULL;
	if (error == 0) {
		pthread_mutex_lock(&rest.pool->mutex);
		move_to(futures, first_of(futures, count, *at), *at);
		pthread_mutex_unlock(&rest.pool->mutex);
		next = futures[(*at)++];
	}
	tell_result(rest.pool, next != NULL ? next->job.first_number : 0, next == NULL);
	errno = -error;
	return next;
}
