/* SPDX-License-Identifier: MIT */
/* Chunks on their way to the task pipe, and the task handler, which moves what found no room there. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "mp/pool_internal.h"
#include "mp/thread_internal.h"

/* How long the task handler waits for room before it looks whether the pool still stands. */
#define LOOK_AGAIN_NS 50000000

/* ---- the task handler ---- */

/* With the mutex held, as all here. */
static void drop(struct pool *pool, struct pool_backlog **at)
{
	struct pool_backlog *dropped = *at;
	*at = dropped->next;
	if (*at == NULL)
		pool->end = at;
	buffer_release(&dropped->message);
	free(dropped);
}

void pool_drop_backlog(struct pool *pool)
{
	while (pool->first != NULL)
		drop(pool, &pool->first);
}

size_t pool_drop_backlog_of(struct pool *pool, uint32_t job)
{
	size_t dropped = 0;
	for (struct pool_backlog **at = &pool->first; *at != NULL;) {
		if ((*at)->job != job || (*at)->frame.done > 0) {
			at = &(*at)->next;
			continue;
		}
		drop(pool, at);
		dropped++;
	}
	return dropped;
}

static bool may_give_out(const struct pool *pool)
{
	return pool->temper.window == 0 || pool->given_out < pool->temper.window;
}

static void note_given_out(struct pool *pool, uint32_t id)
{
	struct pool_job *job = pool->temper.window > 0 ? pool_job_find(pool, id) : NULL;
	if (job == NULL)
		return;
	pool->given_out++;
	job->begun = true;
}

/* 0; -EAGAIN: the pipe has no room. */
static int give_out(struct pool *pool, bool *moved)
{
	int error = 0;
	while (pool->first != NULL && may_give_out(pool) &&
	       (error = frame_send(&pool->first->frame, pool->task_pipe[1])) != -EAGAIN) {
		note_given_out(pool, pool->first->job);
		drop(pool, &pool->first); /* also when it failed: then no worker is left to read it */
		*moved = true;
	}
	return error;
}

/* Whether the task handler has something to do. */
static bool has_work(const struct pool *pool)
{
	return (pool->first != NULL && may_give_out(pool)) || pool->sentinels_sent || pool->state == POOL_TERMINATE;
}

static int attempt_find(void *context)
{
	struct pool *pool = context;
	pthread_mutex_lock(&pool->mutex);
	bool found = has_work(pool);
	pthread_mutex_unlock(&pool->mutex);
	return found ? 0 : -EAGAIN;
}

static int block_find(void *context, const struct timespec *deadline)
{
	(void)deadline; /* there is none */
	struct pool *pool = context;
	pthread_mutex_lock(&pool->mutex);
	while (!has_work(pool))
		pthread_cond_wait(&pool->work, &pool->mutex);
	pthread_mutex_unlock(&pool->mutex);
	return 0;
}

/* Writes as much of the backlog as there is room for. */
static int attempt_move(void *context)
{
	struct pool *pool = context;
	bool moved = false;
	pthread_mutex_lock(&pool->mutex);
	int error = give_out(pool, &moved);
	pthread_mutex_unlock(&pool->mutex);
	if (moved)
		probe_wake(pool->object);
	return error == -EAGAIN ? -EAGAIN : 0;
}

static int block_move(void *context, const struct timespec *deadline)
{
	(void)deadline;
	struct pool *pool = context;
	int error;
	do {
		struct timespec soon;
		clock_gettime(CLOCK_MONOTONIC, &soon);
		soon.tv_nsec += LOOK_AGAIN_NS;
		if (soon.tv_nsec >= 1000000000) {
			soon.tv_nsec -= 1000000000;
			soon.tv_sec++;
		}
		frame_wait(pool->task_pipe[1], POLLOUT, &soon);
		error = attempt_move(pool);
	} while (error == -EAGAIN);
	return error;
}

static void handle_tasks(void *argument)
{
	struct pool *pool = argument;
	struct probe_waiting find = {
		.intent = {.kind = EVENT_POOL_SUBMIT, .wait_kind = EVENT_POOL_RESULT_WAIT, .object = pool->object,
		           .channel = pool->backlog, .place = pool->place},
		.attempt = attempt_find, .block = block_find, .inside = true,
	};
	struct probe_waiting move = find;
	move.intent.channel = pool->room;
	move.attempt = attempt_move;
	move.block = block_move;
	bool last = false;
	while (!last) {
		probe_perform(&find, pool, -1);
		pthread_mutex_lock(&pool->mutex);
		last = pool->sentinels_sent || pool->state == POOL_TERMINATE;
		pthread_mutex_unlock(&pool->mutex);
		probe_perform(&move, pool, -1);
	}
}

/* With the mutex held. */
static void need_task_handler(struct pool *pool)
{
	if (pool->task_handler == NULL) {
		pool->task_handler = thread_new_helper("task handler", handle_tasks, pool);
		if (thread_start(pool->task_handler) != 0) {
			thread_free(pool->task_handler); /* the next who submits tries again */
			pool->task_handler = NULL;
			return;
		}
	}
	pthread_cond_signal(&pool->work);
	probe_wake(pool->backlog);
}

void pool_move(struct pool *pool)
{
	bool moved = false;
	if (give_out(pool, &moved) == -EAGAIN)
		need_task_handler(pool);
	if (moved)
		probe_wake(pool->object);
}

/* ---- sending ---- */

static void add_backlog(struct pool *pool, struct buffer *message, const struct frame_out *frame, uint32_t job)
{
	struct pool_backlog *backlog = memory_new(sizeof *backlog);
	*backlog = (struct pool_backlog){.frame = *frame, .message = *message, .job = job};
	*message = (struct buffer){0};
	*pool->end = backlog;
	pool->end = &backlog->next;
	if (may_give_out(pool))
		need_task_handler(pool);
}

/* What does not fit into the pipe takes the message's bytes over. */
static void send_message(struct pool *pool, struct buffer *message, uint32_t job)
{
	struct frame_out frame;
	frame_out_init(&frame, message->bytes, message->length);
	if (pool->first == NULL && may_give_out(pool) && frame_send(&frame, pool->task_pipe[1]) != -EAGAIN)
		note_given_out(pool, job);
	else
		add_backlog(pool, message, &frame, job);
}

void pool_send_sentinels(struct pool *pool)
{
	static const struct pool_task_header sentinel;
	for (int i = 0; i < pool->worker_count; i++) {
		struct buffer message = {0};
		buffer_add(&message, &sentinel, sizeof sentinel);
		send_message(pool, &message, 0);
		buffer_release(&message);
	}
	pool->sentinels_sent = true;
	pthread_cond_signal(&pool->work);
	probe_wake(pool->backlog);
	probe_wake(pool->object);
}

/* ---- chunks ---- */

static void pass_gate(const struct pool *pool, const struct pool_task_header *header, struct message_text *text)
{
	probe_gate(&(struct probe_intent){
		.kind = EVENT_POOL_SUBMIT, .object = pool->object, .value = header->count, .place = header->place,
		.text = message_text_string(text)});
}

/* An argument that cannot be passed fails its chunk, as put(task) does in Pool._handle_tasks. */
static void submit_failed(struct pool *pool, const struct pool_job *job, uint32_t index)
{
	struct pool_result_header header = {.job = job->id, .index = index, .raised = 1};
	struct buffer message = {0};
	buffer_add(&message, &header, sizeof header);
	pool_add_raised(&message, "an argument cannot be passed to another process");
	pthread_mutex_lock(&pool->mutex);
	pool_job_arrive(pool, &header, &message);
	pthread_mutex_unlock(&pool->mutex);
}

static void submit_message(struct pool *pool, struct pool_job *job, struct pool_task_header *header,
                           struct buffer *message)
{
	struct message_text text = {0};
	if (probe_on()) {
		pool_describe(&text, message, sizeof *header, header->count, header->form);
		pass_gate(pool, header, &text);
	}
	pthread_mutex_lock(&pool->mutex);
	header->number = ++pool->last_number;
	if (header->index == 0)
		job->first_number = header->number;
	memcpy(message->bytes, header, sizeof *header);
	if (probe_on()) /* before the worker can tell that it has it */
		probe_event_text(EVENT_POOL_SUBMIT, pool->object, header->count, header->number, 0, header->place,
		                 text.bytes, text.length);
	send_message(pool, message, job->id);
	pthread_mutex_unlock(&pool->mutex);
	probe_wake(pool->object);
}

static int add_items(struct buffer *message, const struct pool_input *input, size_t first, size_t count)
{
	int error = 0;
	if (input->numbers != NULL)
		buffer_add(message, input->numbers + first * sizeof(int64_t), count * sizeof(int64_t));
	for (size_t i = 0; input->numbers == NULL && i < count && error == 0; i++)
		error = message_add(message, json_array_get(input->values, first + i));
	return error;
}

void pool_submit(struct pool *pool, struct pool_job *job, const struct pool_input *input)
{
	struct buffer message = {0};
	size_t chunk_count = job->chunk_count, chunk_size = job->chunk_size;
	struct pool_task_header header = {.function = input->function, .job = job->id, .form = job->form,
	                                  .place = probe_self.place};
	for (uint32_t index = 0; index < chunk_count; index++) {
		size_t first = index * chunk_size;
		size_t count = input->count - first < chunk_size ? input->count - first : chunk_size;
		header.index = index;
		header.count = (uint32_t)count;
		message.length = 0;
		buffer_add(&message, &header, sizeof header);
		if (add_items(&message, input, first, count) == 0)
			submit_message(pool, job, &header, &message);
		else
			submit_failed(pool, job, index);
	}
	buffer_release(&message);
}
