/* SPDX-License-Identifier: MIT */
/* A worker: CPython 3.11, Lib/multiprocessing/pool.py, worker(). */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "mp/pool_internal.h"

/* ---- waiting ---- */

/* A thread cannot be ended from outside: it looks itself whether it shall. */
static bool shall_end(struct pool *pool)
{
	return pool->temper.threads && atomic_load(&pool->stopping);
}

static int wait_for(struct pool *pool, int fd, short events)
{
	struct pollfd polled[2] = {{.fd = fd, .events = events}, {.fd = pool->stop_pipe[0], .events = POLLIN}};
	return poll(polled, pool->temper.threads ? 2 : 1, -1) < 0 && errno != EINTR ? -errno : 0;
}

/*
 * Both locks are held for a read(2) or write(2) or two: it is worth a moment's trying before going to sleep. Who
 * holds the read lock and waits for a task is given up on soon. Under the gate a second try could find nothing new.
 */
static bool try_lock(struct semlock *lock)
{
	enum { TRIES = 100 };
	bool locked = semlock_try_down(lock);
	for (int i = 0; !locked && i < TRIES && !probe_gated(); i++) {
		ticks_pause();
		locked = semlock_try_down(lock);
	}
	return locked;
}

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
	if (shall_end(taking->pool))
		return -ENODATA;
	if (!taking->locked)
		taking->locked = try_lock(&taking->pool->shared->read_lock);
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
	while (error == 0 && (error = shall_end(taking->pool) ? -ENODATA : try_receive(taking)) == -EAGAIN)
		error = wait_for(taking->pool, taking->pool->task_pipe[0], POLLIN);
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
		.inside = probe_gated() && !may_take(pool),
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
	if (result == argument && argument->refcount == 1) { /* it would be freed twice */
		pool_raise("the function returned its argument, which is only lent to it; json_incref() makes it its own");
		return -EREMOTEIO;
	}
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

static int work_on_values(const struct pool_task_header *task, const struct buffer *in, struct buffer *out)
{
	pool_function *function = (pool_function *)(uintptr_t)task->function;
	const char *at = in->bytes + sizeof *task, *end = in->bytes + in->length;
	json_t *argument = NULL;
	int error = 0;
	for (uint32_t i = 0; i < task->count && error == 0; i++) {
		at = next_argument(at, end, &argument);
		error = at != NULL ? 0 : -EINVAL;
		if (error == 0 && task->form == FORM_STARRED && !json_is_array(argument)) {
			pool_raise("argument after * must be an iterable");
			error = -EREMOTEIO;
		}
		if (error == 0)
			error = call(function, argument, out);
	}
	json_decref(argument);
	return error;
}

/* The message's bytes are aligned: they are what malloc(3) gave, and headers are multiples of 8. */
static int work_on_numbers(const struct pool_task_header *task, const struct buffer *in, struct buffer *out)
{
	size_t size = task->count * sizeof(int64_t);
	if (in->length != sizeof *task + size)
		return -EINVAL;
	const void *from = in->bytes + sizeof *task;
	void *to = buffer_reserve(out, size);
	uint32_t saved = probe_enter_lesson();
	if (task->form == FORM_INTEGERS) {
		int64_t (*function)(int64_t) = (int64_t (*)(int64_t))(uintptr_t)task->function;
		const int64_t *items = from;
		int64_t *results = to;
		for (uint32_t i = 0; i < task->count && !pool_has_raised(); i++)
			results[i] = function(items[i]);
	} else {
		double (*function)(double) = (double (*)(double))(uintptr_t)task->function;
		const double *items = from;
		double *results = to;
		for (uint32_t i = 0; i < task->count && !pool_has_raised(); i++)
			results[i] = function(items[i]);
	}
	probe_leave_lesson(saved);
	out->length += size;
	return pool_has_raised() ? -EREMOTEIO : 0;
}

static int try_all(const struct pool_task_header *task, const struct buffer *in, struct buffer *out)
{
	if (task->function == 0) {
		pool_raise("'NoneType' object is not callable");
		return -EREMOTEIO;
	}
	bool plain = task->form == FORM_INTEGERS || task->form == FORM_REALS;
	return plain ? work_on_numbers(task, in, out) : work_on_values(task, in, out);
}

/* The rest of a chunk is not tried after one that raised, as in mapstar(). */
static void work_on(const struct pool_task_header *task, const struct buffer *in, struct buffer *out)
{
	struct pool_result_header result = {.job = task->job, .index = task->index, .number = task->number,
	                                    .count = task->count};
	out->length = 0;
	buffer_add(out, &result, sizeof result);
	int error = try_all(task, in, out);
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
		giving->locked = try_lock(&giving->pool->shared->write_lock);
	size_t before = giving->frame.done;
	int error = giving->locked ? frame_send(&giving->frame, giving->pool->result_pipe[1]) : -EAGAIN;
	if (giving->frame.done > before)
		probe_wake(giving->pool->results);
	giving->waited |= error == -EAGAIN;
	return error == -EAGAIN && shall_end(giving->pool) ? -EPIPE : error;
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
		error = wait_for(giving->pool, giving->pool->result_pipe[1], POLLOUT);
	return error;
}

/* To the job itself: a thread of an executor needs no handler. */
static void give_directly(struct giving *giving, struct buffer *out)
{
	struct pool *pool = giving->pool;
	struct pool_result_header result;
	memcpy(&result, out->bytes, sizeof result);
	if (probe_on()) {
		probe_gate(&(struct probe_intent){
			.kind = EVENT_POOL_DONE, .object = pool->object, .aux = giving->number, .value = 1,
			.flags = giving->raised ? EVENT_FAILED : 0, .place = giving->place,
			.text = message_text_string(&giving->text)});
		probe_event_text(EVENT_POOL_DONE, pool->object, 1, giving->number, giving->raised ? EVENT_FAILED : 0,
		                 giving->place, giving->text.bytes, giving->text.length);
	}
	pthread_mutex_lock(&pool->mutex);
	pool->idle++;
	pool_job_arrive(pool, &result, out);
	pthread_mutex_unlock(&pool->mutex);
}

static int give_by_pipe(struct giving *giving, const struct buffer *out)
{
	struct pool *pool = giving->pool;
	frame_out_init(&giving->frame, out->bytes, out->length);
	if (probe_on()) {
		giving->frame.tell = tell_done;
		giving->frame.context = giving;
	}
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_POOL_DONE, .wait_kind = EVENT_POOL_RESULT_WAIT, .object = pool->object,
		           .channel = pool->room, .aux = giving->number, .flags = giving->raised ? EVENT_FAILED : 0,
		           .place = giving->place, .text = message_text_string(&giving->text)},
		.attempt = attempt_give, .block = block_give,
	};
	int error = probe_perform(&waiting, giving, -1);
	if (giving->locked)
		semlock_up(&pool->shared->write_lock);
	if (giving->waited)
		probe_wake(pool->room); /* others may have waited for the write lock */
	return error;
}

static int give(struct pool *pool, const struct pool_task_header *task, struct buffer *out)
{
	struct pool_result_header result;
	memcpy(&result, out->bytes, sizeof result);
	struct giving giving = {.pool = pool, .number = task->number, .place = task->place, .raised = result.raised};
	if (probe_on() && result.raised)
		pool_describe(&giving.text, out, sizeof result, 1, FORM_VALUES);
	else if (probe_on())
		pool_describe(&giving.text, out, sizeof result, result.count, task->form);
	if (!pool->temper.threads || !pool->temper.executor)
		return give_by_pipe(&giving, out);
	give_directly(&giving, out);
	return 0;
}

/* ---- */

enum next { NEXT_TASK, NEXT_NOTHING, NEXT_END };

/* Takes a task and says so. */
static enum next next_task(struct taking *taking, struct pool_task_header *task)
{
	struct pool *pool = taking->pool;
	bool there = take(taking) == 0;
	if (there)
		memcpy(task, taking->frame.body.bytes, sizeof *task);
	enum next next = there && task->count != 0 ? NEXT_TASK : NEXT_END;
	if (next == NEXT_TASK && pool->temper.threads && !pool_job_begin(pool, task->job))
		next = NEXT_NOTHING;
	if (next == NEXT_TASK && probe_on())
		probe_event(EVENT_POOL_TASK, pool->object, task->count, task->number, 0, task->place);
	unlock(taking);
	return next;
}

static void begin(struct pool *pool)
{
	if (!pool->temper.threads) {
		close(pool->task_pipe[1]); /* so that the parent's end is the end of the file */
		close(pool->result_pipe[0]);
	}
	if (pool->options.initializer == NULL)
		return;
	uint32_t saved = probe_enter_lesson();
	pool->options.initializer(pool->options.initializer_argument);
	probe_leave_lesson(saved);
}

void pool_work(void *argument)
{
	struct pool *pool = argument;
	struct taking taking = {.pool = pool};
	struct pool_task_header task;
	struct buffer out = {0};
	enum next next;
	int done = 0;
	begin(pool);
	while ((next = next_task(&taking, &task)) != NEXT_END) {
		if (next == NEXT_NOTHING)
			continue;
		work_on(&task, &taking.frame.body, &out);
		if (give(pool, &task, &out) != 0)
			break; /* nobody is there to take it */
		if (++done == pool->options.max_tasks_per_child)
			break;
	}
	buffer_release(&out);
	frame_in_release(&taking.frame);
}
