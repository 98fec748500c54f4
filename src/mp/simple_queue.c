/* SPDX-License-Identifier: MIT */
/*
 * Put and get are one step each under the gate. Who waits listens to one of two channels: the
 * queue's own (an item is in the pipe), and `room` (a lock, or room in the pipe, has been given back).
 */
#include "mp/simple_queue.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "mp/frame.h"
#include "mp/message.h"
#include "mp/semlock.h"
#include "mp/shared.h"
#include "probe/probe.h"

#define HERE() probe_place(__builtin_return_address(0))

enum { NUMBER_SIZE = sizeof(uint32_t) }; /* an item's number, for the screen, stands first in its message */

/* In shared memory. */
struct simple_queue_shared {
	struct semlock read_lock;
	struct semlock write_lock;
	uint32_t last_number; /* guarded by the write lock */
};

struct simple_queue {
	struct simple_queue_shared *shared;
	int reader; /* -1 when closed */
	int writer;
	uint16_t object;
	uint16_t room;
};

struct simple_queue *simple_queue_new(const char *name)
{
	struct simple_queue *queue = memory_new(sizeof *queue);
	int ends[2];
	int error = frame_pipe(ends);
	if (error != 0) {
		free(queue);
		errno = -error;
		return NULL;
	}
	*queue = (struct simple_queue){.reader = ends[0], .writer = ends[1]};
	queue->shared = shared_new(sizeof *queue->shared);
	semlock_init(&queue->shared->read_lock, 1);
	semlock_init(&queue->shared->write_lock, 1);
	queue->object = probe_object_new(OBJECT_SIMPLE_QUEUE, name, 0, 0, 0, HERE());
	queue->room = probe_channel_new(queue->object);
	return queue;
}

static void describe(const struct buffer *message, struct message_text *text)
{
	if (message->length > NUMBER_SIZE)
		message_describe(text, message->bytes + NUMBER_SIZE, message->bytes + message->length);
}

/* ---- put ---- */

struct putting {
	struct simple_queue *queue;
	struct buffer message;
	struct frame_out frame;
	struct message_text text;
	uint32_t number; /* 0 until the lock is held */
};

static void tell_put(void *context)
{
	struct putting *putting = context;
	probe_event_text(EVENT_SIMPLE_PUT, putting->queue->object, 0, putting->number, 0, probe_self.place,
	                 putting->text.bytes, putting->text.length);
}

/* With the write lock held: what is written from here on is in order. */
static void begin_put(struct putting *putting)
{
	putting->number = ++putting->queue->shared->last_number;
	memcpy(putting->message.bytes, &putting->number, NUMBER_SIZE);
	frame_out_init(&putting->frame, putting->message.bytes, putting->message.length);
	if (probe_on()) {
		putting->frame.tell = tell_put;
		putting->frame.context = putting;
	}
}

static int send_some(struct putting *putting)
{
	size_t before = putting->frame.done;
	int error = frame_send(&putting->frame, putting->queue->writer);
	if (putting->frame.done > before)
		probe_wake(putting->queue->object);
	return error;
}

static int attempt_put(void *context)
{
	struct putting *putting = context;
	if (putting->number == 0) {
		if (!semlock_try_down(&putting->queue->shared->write_lock))
			return -EAGAIN;
		begin_put(putting);
	}
	return send_some(putting);
}

/* Nobody sets a limit. */
static int block_put(void *context, const struct timespec *deadline)
{
	struct putting *putting = context;
	int error = 0;
	if (putting->number == 0) {
		error = semlock_block(&putting->queue->shared->write_lock, deadline);
		if (error == 0)
			begin_put(putting);
	}
	while (error == 0 && (error = send_some(putting)) == -EAGAIN)
		error = frame_wait(putting->queue->writer, POLLOUT, deadline);
	return error;
}

static int put_message(struct putting *putting)
{
	struct simple_queue *queue = putting->queue;
	if (probe_on())
		describe(&putting->message, &putting->text);
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_SIMPLE_PUT, .wait_kind = EVENT_SIMPLE_PUT_WAIT, .object = queue->object,
		           .channel = queue->room, .place = probe_self.place,
		           .text = message_text_string(&putting->text)},
		.attempt = attempt_put, .block = block_put, .pieces = true,
	};
	int error = probe_perform(&waiting, putting, -1);
	if (error != 0 && probe_on())
		probe_event(EVENT_SIMPLE_PUT, queue->object, 0, putting->number, EVENT_FAILED, probe_self.place);
	if (putting->number != 0)
		semlock_up(&queue->shared->write_lock);
	probe_wake(queue->room);
	return error;
}

int simple_queue_put(struct simple_queue *queue, json_t *item)
{
	PROBE_CALL();
	struct putting putting = {.queue = queue, .message = {.length = NUMBER_SIZE}};
	buffer_grow(&putting.message, 16);
	int error = queue->writer < 0 ? -EBADF : message_add(&putting.message, item);
	json_decref(item);
	if (error == 0)
		error = put_message(&putting);
	buffer_release(&putting.message);
	return error;
}

/* ---- get ---- */

struct getting {
	struct simple_queue *queue;
	struct frame_in frame;
};

static int attempt_get(void *context)
{
	struct getting *getting = context;
	size_t before = getting->frame.body.length;
	int error = frame_receive(&getting->frame, getting->queue->reader);
	if (error == -EAGAIN && getting->frame.body.length > before)
		probe_wake(getting->queue->room);
	return error;
}

static int block_get(void *context, const struct timespec *deadline)
{
	struct getting *getting = context;
	int error;
	do
		error = frame_wait(getting->queue->reader, POLLIN, deadline);
	while (error == 0 && (error = attempt_get(getting)) == -EAGAIN);
	return error;
}

static void tell_get(const struct getting *getting, int error)
{
	struct message_text text = {0};
	uint32_t number = 0;
	if (error == 0) {
		memcpy(&number, getting->frame.body.bytes, sizeof number);
		describe(&getting->frame.body, &text);
	}
	probe_event_text(EVENT_SIMPLE_GET, getting->queue->object, 0, number, error != 0 ? EVENT_FAILED : 0,
	                 probe_self.place, text.bytes, text.length);
}

/* 0 and the message in getting->frame.body, or -errno. Reading, it holds the read lock, also while it waits. */
static int get_message(struct getting *getting)
{
	struct simple_queue *queue = getting->queue;
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_SIMPLE_GET, .wait_kind = EVENT_SIMPLE_WAIT, .object = queue->object,
		           .channel = queue->room, .place = probe_self.place},
		.attempt = attempt_get, .block = block_get, .inside = true, .pieces = true,
	};
	int error = semlock_down(&queue->shared->read_lock, &waiting.intent, -1);
	if (error != 0)
		return error;
	waiting.intent.channel = 0;
	error = probe_perform(&waiting, getting, -1);
	if (error == 0 && getting->frame.body.length < NUMBER_SIZE)
		error = -EINVAL;
	if (probe_on())
		tell_get(getting, error);
	semlock_up(&queue->shared->read_lock);
	probe_wake(queue->room);
	return error;
}

json_t *simple_queue_get(struct simple_queue *queue)
{
	PROBE_CALL();
	struct getting getting = {.queue = queue};
	const struct buffer *message = &getting.frame.body;
	json_t *item = NULL;
	int error = queue->reader < 0 ? -EBADF : get_message(&getting);
	if (error == 0)
		error = message_only(message->bytes + NUMBER_SIZE, message->length - NUMBER_SIZE, &item);
	frame_in_release(&getting.frame);
	if (error != 0)
		errno = -error;
	return item;
}

/* ---- asking, and the end ---- */

bool simple_queue_empty(struct simple_queue *queue)
{
	uint32_t place = HERE();
	if (probe_on())
		probe_gate(&(struct probe_intent){.kind = EVENT_SIMPLE_EMPTY, .object = queue->object, .place = place});
	bool empty = queue->reader < 0 || !frame_ready(queue->reader, POLLIN);
	if (probe_on())
		probe_event(EVENT_SIMPLE_EMPTY, queue->object, empty, 0, 0, place);
	return empty;
}

void simple_queue_close(struct simple_queue *queue)
{
	if (queue->reader < 0)
		return;
	uint32_t place = HERE();
	if (probe_on()) {
		probe_gate(&(struct probe_intent){.kind = EVENT_SIMPLE_CLOSE, .object = queue->object, .place = place});
		probe_event(EVENT_SIMPLE_CLOSE, queue->object, 0, 0, 0, place);
	}
	close(queue->reader);
	close(queue->writer);
	queue->reader = queue->writer = -1;
	probe_wake(queue->object);
	probe_wake(queue->room);
}

void simple_queue_free(struct simple_queue *queue)
{
	if (queue == NULL)
		return;
	PROBE_CALL();
	simple_queue_close(queue);
	shared_free(queue->shared, sizeof *queue->shared);
	free(queue);
}
