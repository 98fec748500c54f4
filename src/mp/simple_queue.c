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
#include "mp/item.h"
#include "mp/message.h"
#include "mp/semlock.h"
#include "mp/shared.h"
#include "probe/probe.h"

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
	queue->object = probe_object_new(OBJECT_SIMPLE_QUEUE, name, 0, 0, 0, PROBE_HERE());
	queue->room = probe_channel_new(queue->object);
	return queue;
}

/* ---- put ---- */

struct putting {
	struct simple_queue *queue;
	struct buffer item;
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
	item_set_number(&putting->item, putting->number);
	frame_out_init(&putting->frame, putting->item.bytes, putting->item.length);
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

static int put_item(struct putting *putting)
{
	struct simple_queue *queue = putting->queue;
	if (probe_on())
		item_describe(&putting->item, &putting->text);
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
	struct putting putting = {.queue = queue};
	item_begin(&putting.item);
	int error = queue->writer < 0 ? -EBADF : message_add(&putting.item, item);
	json_decref(item);
	if (error == 0)
		error = put_item(&putting);
	buffer_release(&putting.item);
	return error;
}

/* ---- get ---- */

/* 0 and the item in get->frame.body, or -errno. Reading, it holds the read lock, also while it waits. */
static int get_item(struct simple_queue *queue, struct item_get *get)
{
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_SIMPLE_GET, .wait_kind = EVENT_SIMPLE_WAIT, .object = queue->object,
		           .channel = queue->room, .place = probe_self.place},
		.attempt = item_attempt_get, .block = item_block_get, .inside = true, .pieces = true,
	};
	*get = (struct item_get){.reader = queue->reader, .room = queue->room};
	if (queue->reader < 0)
		return -EBADF;
	int error = semlock_down(&queue->shared->read_lock, &waiting.intent, -1);
	if (error != 0)
		return error;
	waiting.intent.channel = 0;
	error = probe_perform(&waiting, get, -1);
	if (probe_on())
		item_tell_get(get, EVENT_SIMPLE_GET, queue->object, error);
	semlock_up(&queue->shared->read_lock);
	probe_wake(queue->room);
	return error;
}

json_t *simple_queue_get(struct simple_queue *queue)
{
	PROBE_CALL();
	struct item_get get;
	json_t *item = NULL;
	int error = get_item(queue, &get);
	if (error == 0)
		error = item_value(&get, &item);
	frame_in_release(&get.frame);
	if (error != 0)
		errno = -error;
	return item;
}

/* ---- asking, and the end ---- */

bool simple_queue_empty(struct simple_queue *queue)
{
	uint32_t place = PROBE_HERE();
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
	uint32_t place = PROBE_HERE();
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
