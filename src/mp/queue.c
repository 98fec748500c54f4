/* SPDX-License-Identifier: MIT */
/* The queue as those who put and get see it; see queue_internal.h for how an item travels. */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "mp/finalize.h"
#include "mp/frame.h"
#include "mp/item.h"
#include "mp/queue_internal.h"
#include "mp/shared.h"
#include "mp/thread.h"
#include "probe/probe.h"

/* ---- making ---- */

static void after_fork(void *queue)
{
	queue_feeder_reset(queue);
}

struct queue *queue_new_counting(const char *name, int maxsize, struct queue_tasks *tasks)
{
	struct queue *queue = memory_new(sizeof *queue);
	int ends[2];
	int error = frame_pipe(ends);
	if (error != 0) {
		free(queue);
		errno = -error;
		return NULL;
	}
	queue->reader = ends[0];
	queue->writer = ends[1];
	queue->maxsize = maxsize > 0 ? maxsize : SEM_VALUE_MAX;
	queue->shared = shared_new(sizeof *queue->shared);
	semlock_init(&queue->shared->slots, (unsigned int)queue->maxsize);
	semlock_init(&queue->shared->read_lock, 1);
	semlock_init(&queue->shared->write_lock, 1);
	queue->tasks = tasks;
	queue->object = probe_object_new(OBJECT_QUEUE, name, tasks != NULL, maxsize > 0 ? (uint32_t)maxsize : 0, 0, PROBE_HERE());
	queue->room = probe_channel_new(queue->object);
	queue_feeder_reset(queue);
	after_fork_register(after_fork, queue);
	return queue;
}

struct queue *queue_new(const char *name, int maxsize)
{
	PROBE_CALL();
	return queue_new_counting(name, maxsize, NULL);
}

void queue_free(struct queue *queue)
{
	if (queue == NULL)
		return;
	PROBE_CALL();
	queue_feeder_stop(queue);
	if (queue->feeder != NULL && queue->join_cancelled)
		return; /* the feeder may be at work on it as long as the process lives */
	if (queue->feeder != NULL)
		queue_feeder_join(queue, true);
	after_fork_cancel(after_fork, queue);
	thread_free(queue->feeder);
	if (queue->reader >= 0)
		close(queue->reader);
	if (queue->writer >= 0)
		close(queue->writer);
	shared_free(queue->shared, sizeof *queue->shared);
	shared_free(queue->tasks, sizeof *queue->tasks);
	free(queue);
}

void queue_item_free(struct queue_item *item)
{
	buffer_release(&item->message);
	free(item);
}

/* ---- put ---- */

/* An item without its number yet. */
static struct queue_item *item_new(void)
{
	struct queue_item *item = memory_new(sizeof *item);
	item_begin(&item->message);
	return item;
}

static int take_slot(struct queue *queue, struct message_text *text, double seconds)
{
	struct probe_intent intent = {.kind = EVENT_QUEUE_PUT, .wait_kind = EVENT_QUEUE_PUT_WAIT,
	                              .object = queue->object, .channel = queue->room, .place = probe_self.place,
	                              .text = message_text_string(text)};
	int error = semlock_down(&queue->shared->slots, &intent, seconds);
	if (error == 0)
		return 0;
	if (probe_on())
		probe_event_text(EVENT_QUEUE_PUT, queue->object, 0, 0, EVENT_FAILED, probe_self.place, text->bytes, text->length);
	return -EAGAIN;
}

static int put_item(struct queue *queue, struct queue_item *item, double seconds)
{
	struct message_text text;
	text.length = 0;
	if (probe_on())
		item_describe(&item->message, &text);
	int error = take_slot(queue, &text, seconds);
	if (error == 0) {
		item->number = atomic_fetch_add_explicit(&queue->shared->last_number, 1, memory_order_relaxed) + 1;
		item->place = probe_self.place;
		item_set_number(&item->message, item->number);
		error = queue_feeder_give(queue, item, &text);
		if (error != 0)
			semlock_up(&queue->shared->slots);
	}
	if (error != 0)
		queue_item_free(item);
	return error;
}

int queue_put_timeout(struct queue *queue, json_t *value, double seconds)
{
	PROBE_CALL();
	struct queue_item *item = item_new();
	int error = queue->closed ? -EINVAL : message_add(&item->message, value);
	json_decref(value);
	if (error == 0)
		return put_item(queue, item, seconds);
	queue_item_free(item);
	return error;
}

int queue_put(struct queue *queue, json_t *item)
{
	PROBE_CALL();
	return queue_put_timeout(queue, item, -1);
}

int queue_put_integer(struct queue *queue, int64_t number)
{
	PROBE_CALL();
	if (queue->closed)
		return -EINVAL;
	struct queue_item *item = item_new();
	message_add_integer(&item->message, number);
	return put_item(queue, item, -1);
}

int queue_put_real(struct queue *queue, double number)
{
	PROBE_CALL();
	if (queue->closed)
		return -EINVAL;
	struct queue_item *item = item_new();
	message_add_real(&item->message, number);
	return put_item(queue, item, -1);
}

/* ---- get ---- */

/* Reads one item, with the read lock held: the second half of a get that has passed the gate. */
static int read_item(struct item_get *get, const struct probe_intent *intent, double seconds)
{
	struct probe_waiting waiting = {.intent = *intent, .attempt = item_attempt_get, .block = item_block_get,
	                                .inside = true, .pieces = true};
	waiting.intent.channel = 0;
	int error = probe_perform(&waiting, get, seconds);
	if (error == -ETIMEDOUT && frame_in_begun(&get->frame))
		error = probe_perform(&waiting, get, -1); /* its first bytes are here: the rest will come */
	return error;
}

static void give_back(struct queue *queue, int error)
{
	if (error == 0)
		semlock_up(&queue->shared->slots);
	semlock_up(&queue->shared->read_lock);
	probe_wake(queue->room);
}

static double left_of(double seconds, double began)
{
	if (seconds <= 0)
		return seconds;
	double left = began + seconds - probe_now();
	return left > 0 ? left : 0;
}

/* 0 and the item in get->frame.body, -EAGAIN Empty, or another -errno. */
static int get_item(struct queue *queue, struct item_get *get, double seconds)
{
	struct probe_intent intent = {.kind = EVENT_QUEUE_GET, .wait_kind = EVENT_QUEUE_WAIT, .object = queue->object,
	                              .channel = queue->room, .place = probe_self.place};
	*get = (struct item_get){.reader = queue->reader, .room = queue->room};
	if (queue->closed || queue->reader < 0)
		return -EINVAL;
	double began = seconds > 0 ? probe_now() : 0;
	int error = semlock_down(&queue->shared->read_lock, &intent, seconds);
	bool locked = error == 0;
	if (locked)
		error = read_item(get, &intent, left_of(seconds, began));
	if (probe_on())
		item_tell_get(get, EVENT_QUEUE_GET, queue->object, error);
	if (locked)
		give_back(queue, error);
	return error == -ETIMEDOUT ? -EAGAIN : error;
}

json_t *queue_get_timeout(struct queue *queue, double seconds)
{
	PROBE_CALL();
	struct item_get get;
	json_t *value = NULL;
	int error = get_item(queue, &get, seconds);
	if (error == 0)
		error = item_value(&get, &value);
	frame_in_release(&get.frame);
	if (error != 0)
		errno = -error;
	return value;
}

json_t *queue_get(struct queue *queue)
{
	PROBE_CALL();
	return queue_get_timeout(queue, -1);
}

int queue_get_integer(struct queue *queue, int64_t *number)
{
	PROBE_CALL();
	struct item_get get;
	const struct buffer *item = &get.frame.body;
	int error = get_item(queue, &get, -1);
	if (error == 0 && !message_take_integer(item->bytes + ITEM_NUMBER_SIZE, item->bytes + item->length, number))
		error = -EINVAL;
	frame_in_release(&get.frame);
	return error;
}

int queue_get_real(struct queue *queue, double *number)
{
	PROBE_CALL();
	struct item_get get;
	const struct buffer *item = &get.frame.body;
	int error = get_item(queue, &get, -1);
	if (error == 0 && !message_take_real(item->bytes + ITEM_NUMBER_SIZE, item->bytes + item->length, number))
		error = -EINVAL;
	frame_in_release(&get.frame);
	return error;
}

/* ---- asking ---- */

static void pass(const struct queue *queue, enum event_kind kind, uint32_t place)
{
	if (probe_on())
		probe_gate(&(struct probe_intent){.kind = kind, .object = queue->object, .place = place});
}

static void tell(const struct queue *queue, enum event_kind kind, int64_t value, uint32_t place)
{
	if (probe_on())
		probe_event(kind, queue->object, value, 0, 0, place);
}

bool queue_empty(struct queue *queue)
{
	uint32_t place = PROBE_HERE();
	pass(queue, EVENT_QUEUE_EMPTY, place);
	bool empty = queue->reader < 0 || !frame_ready(queue->reader, POLLIN);
	tell(queue, EVENT_QUEUE_EMPTY, empty, place);
	return empty;
}

static int count_slots(struct queue *queue, uint32_t place)
{
	pass(queue, EVENT_QUEUE_QSIZE, place);
	int taken = queue->maxsize - semlock_count(&queue->shared->slots);
	tell(queue, EVENT_QUEUE_QSIZE, taken, place);
	return taken;
}

bool queue_full(struct queue *queue)
{
	return count_slots(queue, PROBE_HERE()) == queue->maxsize;
}

int queue_qsize(struct queue *queue)
{
	return count_slots(queue, PROBE_HERE());
}

/* ---- the end ---- */

void queue_close(struct queue *queue)
{
	uint32_t place = PROBE_HERE();
	pass(queue, EVENT_QUEUE_CLOSE, place);
	queue->closed = true;
	tell(queue, EVENT_QUEUE_CLOSE, 0, place);
	queue_feeder_stop(queue);
}

int queue_join_thread(struct queue *queue)
{
	PROBE_CALL();
	if (!queue->closed)
		return -EINVAL;
	queue_feeder_join(queue, false);
	return 0;
}

void queue_cancel_join_thread(struct queue *queue)
{
	queue_feeder_cancel_join(queue);
}
