/* SPDX-License-Identifier: MIT */
#include "mp/future_internal.h"

#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"

static const struct probe_waiting waiting_for_result = {
	.intent = {.kind = EVENT_FUTURE_RESULT, .wait_kind = EVENT_FUTURE_WAIT}};

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
