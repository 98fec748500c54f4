/* SPDX-License-Identifier: MIT */
/* A worker: CPython 3.11, Lib/multiprocessing/pool.py, worker(). */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "mp/pool_internal.h"

/* ---- taking ---- */

struct taking {
	struct pool *pool;
	struct frame_in frame;
	bool locked;
	bool shared_wait; /* it waited with the lock held: others may wait for that */
};

static void unlock(struct taking *taking)
{
	if (!taking->locked)
		return;
	taking->locked = false;
	semlock_up(&taking->pool->shared->read_lock);
	if (taking->shared_wait)
		probe_wake(taking->pool->object);
	taking->shared_wait = false;
}

static int try_receive(struct taking *taking)
{
	size_t before = taking->frame.body.length;
	int error = frame_receive(&taking->frame, taking->pool->task_pipe[0]);
	if (error == 0 || taking->frame.body.length > before)
		probe_wake(taking->pool->room);
	return error;
}

/*
 * In Python an idle worker has the lock or waits for it. Under the gate none keeps it while there is
 * nothing to read: who of the idle ones takes the next task is then one choice and not two.
 */
static int attempt_take(void *context)
{
	struct taking *taking = context;
	if (!taking->locked)
		taking->locked = semlock_try_down(&taking->pool->shared->read_lock);
	if (!taking->locked)
		return -EAGAIN;
	int error = try_receive(taking);
	if (error == -EAGAIN && frame_in_begun(&taking->frame))
		taking->shared_wait = true;
	else if (error == -EAGAIN && probe.gated)
		unlock(taking);
	return error;
}

static int block_take(void *context, const struct timespec *deadline)
{
	struct taking *taking = context;
	int error = 0;
	if (!taking->locked) {
		error = semlock_block(&taking->pool->shared->read_lock, deadline);
		taking->locked = error == 0;
	}
	while (error == 0 && (error = try_receive(taking)) == -EAGAIN)
		error = frame_wait(taking->pool->task_pipe[0], POLLIN, deadline);
	return error;
}

/* Nothing to take is waited for without a step. */
static bool may_take(const struct pool *pool)
{
	return semlock_count(&pool->shared->read_lock) > 0 && frame_ready(pool->task_pipe[0], POLLIN);
}

static int take(struct taking *taking)
{
	struct pool *pool = taking->pool;
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_POOL_TASK, .wait_kind = EVENT_POOL_TASK_WAIT, .object = pool->object,
		           .place = pool->place},
		.attempt = attempt_take, .block = block_take,
		.inside = probe_on() && probe.gated && !may_take(pool),
	};
	int error = probe_perform(&waiting, taking, -1);
	if (error == 0 && taking->frame.body.length < sizeof(struct pool_task_header))
		error = -EINVAL;
	return error;
}

/* ---- working ---- */

/*
 * The next argument. Where the last one was an integer that nobody else has kept, it is used again:
 * of a task this short, making and freeing its argument would be a good part.
 */
static const char *next_argument(const char *at, const char *end, json_t **argument)
{
	int64_t number;
	const char *next;
	if (json_is_integer(*argument) && (*argument)->refcount == 1 &&
	    (next = message_take_integer(at, end, &number)) != NULL) {
		json_integer_set(*argument, number);
		return next;
	}
	json_decref(*argument);
	*argument = NULL;
	return message_take(at, end, argument);
}

/* One item: 0, -EREMOTEIO when it raised, -EINVAL when its result cannot be passed. */
static int call(pool_function *function, json_t *argument, struct buffer *out)
{
	uint32_t saved = probe_enter_lesson();
	json_t *result = function(argument);
	probe_leave_lesson(saved);
	int error = result != NULL ? message_add(out, result) : -EREMOTEIO;
	json_decref(result);
	return error;
}

static void put_raised(struct buffer *out, int error)
{
	const char *raised = pool_take_raised();
	if (error != -EREMOTEIO)
		raised = "a result cannot be passed to another process";
	else if (*raised == '\0')
		raised = "the function returned nothing";
	out->length = sizeof(struct pool_result_header);
	pool_add_raised(out, raised);
}

/* The rest of a chunk is not tried after one that raised, as in mapstar(). */
static void work_on(const struct pool_task_header *task, const struct buffer *in, struct buffer *out)
{
	pool_function *function = (pool_function *)(uintptr_t)task->function;
	struct pool_result_header result = {.job = task->job, .index = task->index, .number = task->number,
	                                    .count = task->count};
	const char *at = in->bytes + sizeof *task, *end = in->bytes + in->length;
	json_t *argument = NULL;
	int error = 0;
	out->length = 0;
	buffer_add(out, &result, sizeof result);
	for (uint32_t i = 0; i < task->count && error == 0; i++) {
		at = next_argument(at, end, &argument);
		error = at != NULL ? call(function, argument, out) : -EINVAL;
	}
	json_decref(argument);
	if (error != 0) {
		result.raised = 1;
		put_raised(out, error);
	}
	memcpy(out->bytes, &result, sizeof result);
}

/* ---- giving back ---- */

struct giving {
	struct pool *pool;
	struct frame_out frame;
	struct message_text text;
	uint32_t number;
	uint32_t place;
	bool raised;
	bool locked;
	bool waited;
};

static void tell_done(void *context)
{
	struct giving *giving = context;
	probe_event_text(EVENT_POOL_DONE, giving->pool->object, 0, giving->number, giving->raised ? EVENT_FAILED : 0,
	                 giving->place, giving->text.bytes, giving->text.length);
}

static int attempt_give(void *context)
{
	struct giving *giving = context;
	if (!giving->locked)
		giving->locked = semlock_try_down(&giving->pool->shared->write_lock);
	size_t before = giving->frame.done;
	int error = giving->locked ? frame_send(&giving->frame, giving->pool->result_pipe[1]) : -EAGAIN;
	if (giving->frame.done > before)
		probe_wake(giving->pool->results);
	giving->waited |= error == -EAGAIN;
	return error;
}

static int block_give(void *context, const struct timespec *deadline)
{
	struct giving *giving = context;
	int error = 0;
	if (!giving->locked) {
		error = semlock_block(&giving->pool->shared->write_lock, deadline);
		giving->locked = error == 0;
	}
	while (error == 0 && (error = attempt_give(giving)) == -EAGAIN)
		error = frame_wait(giving->pool->result_pipe[1], POLLOUT, deadline);
	return error;
}

static void describe_results(struct message_text *text, const struct buffer *out, uint32_t count)
{
	const char *at = out->bytes + sizeof(struct pool_result_header), *end = out->bytes + out->length;
	for (uint32_t i = 0; i < count && at != NULL && !message_text_full(text); i++) {
		message_text_add(text, i > 0 ? ", " : "[", i > 0 ? 2 : count > 1);
		at = message_describe(text, at, end);
	}
	if (count > 1)
		message_text_add(text, "]", 1);
}

static int give(struct pool *pool, const struct pool_task_header *task, const struct buffer *out)
{
	struct pool_result_header result;
	memcpy(&result, out->bytes, sizeof result);
	struct giving giving = {.pool = pool, .number = task->number, .place = task->place, .raised = result.raised};
	frame_out_init(&giving.frame, out->bytes, out->length);
	if (probe_on()) {
		describe_results(&giving.text, out, result.raised ? 1 : result.count);
		giving.frame.tell = tell_done;
		giving.frame.context = &giving;
	}
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_POOL_DONE, .wait_kind = EVENT_POOL_RESULT_WAIT, .object = pool->object,
		           .channel = pool->room, .aux = task->number, .flags = result.raised ? EVENT_FAILED : 0,
		           .place = task->place, .text = message_text_string(&giving.text)},
		.attempt = attempt_give, .block = block_give,
	};
	int error = probe_perform(&waiting, &giving, -1);
	if (giving.locked)
		semlock_up(&pool->shared->write_lock);
	if (giving.waited)
		probe_wake(pool->room); /* others may have waited for the write lock */
	return error;
}

/* ---- */

/* Takes a task and says so; false when there will be no more. */
static bool next_task(struct taking *taking, struct pool_task_header *task)
{
	bool there = take(taking) == 0;
	if (there)
		memcpy(task, taking->frame.body.bytes, sizeof *task);
	there = there && task->function != 0;
	if (there && probe_on())
		probe_event(EVENT_POOL_TASK, taking->pool->object, task->count, task->number, 0, task->place);
	unlock(taking);
	return there;
}

void pool_work(void *argument)
{
	struct pool *pool = argument;
	struct taking taking = {.pool = pool};
	struct pool_task_header task;
	struct buffer out = {0};
	close(pool->task_pipe[1]); /* so that the parent's end is the end of the file */
	close(pool->result_pipe[0]);
	while (next_task(&taking, &task)) {
		work_on(&task, &taking.frame.body, &out);
		if (give(pool, &task, &out) != 0)
			break; /* nobody is there to take it */
	}
	buffer_release(&out);
	frame_in_release(&taking.frame);
}
