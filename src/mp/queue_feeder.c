/* SPDX-License-Identifier: MIT */
/* From the buffer of one process into the pipe: CPython 3.11, Lib/multiprocessing/queues.py, Queue._feed. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "mp/finalize.h"
#include "mp/frame.h"
#include "mp/item.h"
#include "mp/queue_internal.h"
#include "mp/thread_internal.h"
#include "probe/probe.h"

/* ---- the buffer ---- */

static void append(struct queue *queue, struct queue_item *item)
{
	item->next = NULL;
	*queue->end = item;
	queue->end = &item->next;
	pthread_cond_signal(&queue->not_empty);
}

/* With the mutex held: under the gate the first item, else all of them. */
static void take_from_buffer(struct queue *queue)
{
	struct queue_item *item = queue->first;
	queue->taken = item;
	if (item == NULL)
		return;
	queue->first = NULL;
	if (probe_gated()) {
		queue->first = item->next;
		item->next = NULL;
	}
	if (queue->first == NULL)
		queue->end = &queue->first;
}

/* What a child finds in the buffer is its parent's, whose feeder may have been at work on it when it forked. */
void queue_feeder_reset(struct queue *queue)
{
	queue->first = queue->taken = NULL;
	pthread_mutex_init(&queue->mutex, NULL);
	pthread_cond_init(&queue->not_empty, NULL);
	queue->end = &queue->first;
	queue->feeder = NULL;
	queue->closed = queue->join_cancelled = queue->stop_sent = false;
}

/* ---- the feeder thread ---- */

/* One move. */
struct feeding {
	struct queue *queue;
	const struct queue_item *item;
	struct frame_out frame;
	struct message_text text;
	bool locked;
	bool waited;
};

static int attempt_take(void *context)
{
	struct queue *queue = context;
	pthread_mutex_lock(&queue->mutex);
	take_from_buffer(queue);
	pthread_mutex_unlock(&queue->mutex);
	return queue->taken != NULL ? 0 : -EAGAIN;
}

/* Nobody sets the feeder a limit. */
static int block_take(void *context, const struct timespec *deadline)
{
	(void)deadline;
	struct queue *queue = context;
	pthread_mutex_lock(&queue->mutex);
	while (queue->first == NULL)
		pthread_cond_wait(&queue->not_empty, &queue->mutex);
	take_from_buffer(queue);
	pthread_mutex_unlock(&queue->mutex);
	return 0;
}

/* What the feeder is about to do, for the gate: with a text if there is an item to be moved. */
static struct probe_intent take_intent(struct queue *queue, struct message_text *text)
{
	struct probe_intent intent = {.kind = EVENT_QUEUE_FEED, .wait_kind = EVENT_QUEUE_FEED_WAIT,
	                              .object = queue->object, .channel = queue->work, .place = probe_self.place};
	if (!probe_gated())
		return intent;
	pthread_mutex_lock(&queue->mutex);
	const struct queue_item *item = queue->first;
	if (item != NULL && item->message.length > 0) {
		item_describe(&item->message, text);
		intent.aux = item->number;
		intent.place = item->place;
		intent.text = message_text_string(text);
	}
	pthread_mutex_unlock(&queue->mutex);
	return intent;
}

/* With no item in the buffer it waits without a step; under the gate the step is the move. */
static void take(struct queue *queue)
{
	struct message_text next;
	next.length = 0;
	struct probe_intent intent = take_intent(queue, &next);
	struct probe_waiting waiting = {.intent = intent, .attempt = attempt_take, .block = block_take,
	                                .inside = intent.text == NULL};
	probe_perform(&waiting, queue, -1);
}

static void tell_feed(void *context)
{
	struct feeding *feeding = context;
	probe_event_text(EVENT_QUEUE_FEED, feeding->queue->object, 0, feeding->item->number, 0, feeding->item->place,
	                 feeding->text.bytes, feeding->text.length);
}

static int attempt_feed(void *context)
{
	struct feeding *feeding = context;
	struct queue *queue = feeding->queue;
	if (!feeding->locked)
		feeding->locked = semlock_try_down(&queue->shared->write_lock);
	size_t before = feeding->frame.done;
	int error = feeding->locked ? frame_send(&feeding->frame, queue->writer) : -EAGAIN;
	if (feeding->frame.done > before)
		probe_wake(queue->object);
	feeding->waited |= error == -EAGAIN;
	return error;
}

static int block_feed(void *context, const struct timespec *deadline)
{
	struct feeding *feeding = context;
	struct queue *queue = feeding->queue;
	int error = 0;
	if (!feeding->locked) {
		error = semlock_block(&queue->shared->write_lock, deadline);
		feeding->locked = error == 0;
	}
	while (error == 0 && (error = attempt_feed(feeding)) == -EAGAIN)
		error = frame_wait(queue->writer, POLLOUT, deadline);
	return error;
}

/* Under the gate part of the same step as taking it, unless the pipe is full or another process is in the middle of writing. */
static void feed(struct queue *queue, const struct queue_item *item)
{
	struct feeding feeding;
	feeding.queue = queue;
	feeding.item = item;
	feeding.locked = feeding.waited = false;
	feeding.text.length = 0;
	frame_out_init(&feeding.frame, item->message.bytes, item->message.length);
	if (probe_on()) {
		item_describe(&item->message, &feeding.text);
		feeding.frame.tell = tell_feed;
		feeding.frame.context = &feeding;
	}
	struct probe_waiting waiting = {
		.intent = {.kind = EVENT_QUEUE_FEED, .wait_kind = EVENT_QUEUE_FEED_WAIT, .object = queue->object,
		           .channel = queue->room, .aux = item->number, .place = item->place},
		.attempt = attempt_feed, .block = block_feed, .inside = probe.gated, .pieces = true,
	};
	int error = probe_perform(&waiting, &feeding, -1);
	if (feeding.locked)
		semlock_up(&queue->shared->write_lock);
	if (feeding.waited)
		probe_wake(queue->room); /* others may have waited for the write lock meanwhile */
	if (error != 0)
		semlock_up(&queue->shared->slots); /* as if it had silently been taken out */
}

static void close_end(int *fd)
{
	close(*fd);
	*fd = -1;
}

static void run_feeder(void *argument)
{
	struct queue *queue = argument;
	bool stop = false;
	while (!stop) {
		if (queue->taken == NULL)
			take(queue);
		struct queue_item *item = queue->taken;
		stop = item->message.length == 0;
		if (!stop)
			feed(queue, item);
		queue->taken = item->next;
		queue_item_free(item);
	}
	close_end(&queue->reader);
	close_end(&queue->writer);
}

/* ---- for the process that puts ---- */

static void stop_at_exit(void *argument)
{
	queue_feeder_stop(argument);
}

static void join_at_exit(void *argument)
{
	queue_feeder_join(argument, true);
}

static int start_feeder(struct queue *queue)
{
	queue->work = probe_channel_new(queue->object);
	queue->feeder = thread_new_helper("QueueFeederThread", run_feeder, queue);
	int error = thread_start(queue->feeder);
	if (error != 0) {
		thread_free(queue->feeder);
		queue->feeder = NULL;
		return error;
	}
	if (!queue->join_cancelled)
		finalize_register(join_at_exit, queue, -5);
	finalize_register(stop_at_exit, queue, 10);
	return 0;
}

int queue_feeder_give(struct queue *queue, struct queue_item *item, const struct message_text *text)
{
	pthread_mutex_lock(&queue->mutex);
	int error = queue->feeder == NULL ? start_feeder(queue) : 0;
	if (error == 0) {
		if (queue->tasks != NULL)
			queue_tasks_add(queue);
		if (probe_on())
			probe_event_text(EVENT_QUEUE_PUT, queue->object, 0, item->number, 0, item->place, text->bytes, text->length);
		append(queue, item);
	}
	pthread_mutex_unlock(&queue->mutex);
	probe_wake(queue->work);
	return error;
}

void queue_feeder_stop(struct queue *queue)
{
	if (queue->feeder == NULL || queue->stop_sent)
		return;
	queue->stop_sent = true;
	finalize_cancel(stop_at_exit, queue);
	struct queue_item *stop = calloc(1, sizeof *stop);
	pthread_mutex_lock(&queue->mutex);
	append(queue, stop);
	pthread_mutex_unlock(&queue->mutex);
	probe_wake(queue->work);
}

void queue_feeder_join(struct queue *queue, bool inside)
{
	struct probe_intent intent = {.kind = EVENT_QUEUE_JOIN_THREAD, .wait_kind = EVENT_QUEUE_JOIN_WAIT,
	                              .object = queue->object, .channel = queue->work, .place = probe_self.place};
	finalize_cancel(join_at_exit, queue);
	if (queue->feeder != NULL && !queue->join_cancelled)
		thread_join_as(queue->feeder, &intent, inside, -1);
	else if (!inside && probe_on())
		probe_gate(&intent);
	if (probe_on())
		probe_event(EVENT_QUEUE_JOIN_THREAD, queue->object, 0, 0, 0, probe_self.place);
}

void queue_feeder_cancel_join(struct queue *queue)
{
	queue->join_cancelled = true;
	finalize_cancel(join_at_exit, queue);
}
