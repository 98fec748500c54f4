/* SPDX-License-Identifier: MIT */
#include "mp/joinable_queue.h"

#include <errno.h>

#include "mp/queue_internal.h"
#include "mp/shared.h"
#include "probe/probe.h"

struct queue *joinable_queue_new(const char *name, int maxsize)
{
	PROBE_CALL();
	struct queue_tasks *tasks = shared_new(sizeof *tasks);
	sleepers_init(&tasks->sleepers);
	struct queue *queue = queue_new_counting(name, maxsize, tasks);
	if (queue != NULL)
		sleepers_wake_singly(&tasks->sleepers, queue->object); /* its own channel is for items */
	else
		shared_free(tasks, sizeof *tasks);
	return queue;
}

void queue_tasks_add(struct queue *queue)
{
	struct probe_intent intent = {.kind = EVENT_QUEUE_PUT, .object = queue->object, .place = probe_self.place};
	sleepers_lock(&queue->tasks->sleepers, &intent);
	queue->tasks->open++;
	sleepers_unlock(&queue->tasks->sleepers);
}

/* Passes the gate for one operation and takes the lock for it. */
static struct probe_intent enter(struct queue *queue, enum event_kind kind, uint32_t place)
{
	struct probe_intent intent = {.kind = kind, .wait_kind = EVENT_QUEUE_TASKS_WAIT, .object = queue->object,
	                              .place = place};
	if (probe_on())
		probe_gate(&intent);
	sleepers_lock(&queue->tasks->sleepers, &intent);
	return intent;
}

/* Told with the lock held, so that time stamps agree with the order of what happened. */
static void tell(const struct probe_intent *intent, unsigned int flags)
{
	if (probe_on())
		probe_event(intent->kind, intent->object, 0, 0, flags, intent->place);
}

int joinable_queue_task_done(struct queue *queue)
{
	if (queue->tasks == NULL)
		return -EINVAL;
	struct queue_tasks *tasks = queue->tasks;
	struct probe_intent intent = enter(queue, EVENT_QUEUE_TASK_DONE, PROBE_HERE());
	bool open = tasks->open > 0;
	tell(&intent, open ? 0 : EVENT_FAILED);
	if (open && --tasks->open == 0)
		sleepers_notify_all(&tasks->sleepers, &intent);
	sleepers_unlock(&tasks->sleepers);
	return open ? 0 : -EINVAL;
}

/* As in Python it sleeps once: woken, it goes on, whatever has been put meanwhile. */
int joinable_queue_join(struct queue *queue)
{
	if (queue->tasks == NULL)
		return -EINVAL;
	struct probe_intent intent = enter(queue, EVENT_QUEUE_JOIN, PROBE_HERE());
	if (queue->tasks->open > 0)
		sleepers_sleep(&queue->tasks->sleepers, &intent, -1);
	tell(&intent, 0);
	sleepers_unlock(&queue->tasks->sleepers);
	return 0;
}
