/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mp/mp.h"

struct job {
	struct simple_queue *queue;
	int first, count;
	size_t length;
	struct event *ready; /* set right before it gets, unless NULL */
};

static struct process *start(void (*target)(void *), struct job *job)
{
	struct process *process = process_new(NULL, target, job);
	process_start(process);
	return process;
}

static void end(struct process *process)
{
	int code = -1;
	process_join(process);
	process_exitcode(process, &code);
	pair_line("exit code %d", code);
}

static void put_numbers(void *argument)
{
	struct job *job = argument;
	for (int i = job->first; i < job->first + job->count; i++)
		simple_queue_put(job->queue, json_integer(i));
}

static void put_text(void *argument)
{
	struct job *job = argument;
	char *bytes = malloc(job->length);
	memset(bytes, 'x', job->length);
	simple_queue_put(job->queue, json_stringn(bytes, job->length));
	free(bytes);
}

static void get_one(void *argument)
{
	struct job *job = argument;
	if (job->ready != NULL)
		event_set(job->ready);
	json_decref(simple_queue_get(job->queue));
}

static int64_t got(struct simple_queue *queue)
{
	json_t *item = simple_queue_get(queue);
	int64_t number = json_is_integer(item) ? json_integer_value(item) : -1;
	json_decref(item);
	return number;
}

static void line_length(struct simple_queue *queue)
{
	json_t *text = simple_queue_get(queue);
	pair_line("%zu", json_string_length(text));
	json_decref(text);
}

static void order_of_one_producer(void)
{
	struct job job = {.queue = simple_queue_new(NULL), .count = 50};
	struct process *child = start(put_numbers, &job);
	for (int i = 0; i < 50; i++)
		pair_line("%" PRId64, got(job.queue));
	end(child);
}

static void empty_is_exact(void)
{
	struct simple_queue *queue = simple_queue_new(NULL);
	pair_line("%s", pair_bool(simple_queue_empty(queue)));
	simple_queue_put(queue, json_integer(1));
	pair_line("%s", pair_bool(simple_queue_empty(queue)));
	got(queue);
	pair_line("%s", pair_bool(simple_queue_empty(queue)));
}

static void put_before_fork(void)
{
	struct job job = {.queue = simple_queue_new(NULL)};
	simple_queue_put(job.queue, json_string("early"));
	end(start(get_one, &job));
	pair_line("%s", pair_bool(simple_queue_empty(job.queue)));
}

static void put_waits_when_full(void)
{
	struct job job = {.queue = simple_queue_new(NULL), .length = 1000000};
	struct process *child = start(put_text, &job);
	process_join_timeout(child, 0.3);
	pair_line("alive %s", pair_bool(process_is_alive(child)));
	line_length(job.queue);
	end(child);
}

static void closed_refuses(void)
{
	struct simple_queue *queue = simple_queue_new(NULL);
	simple_queue_close(queue);
	json_t *item = simple_queue_get(queue);
	pair_line("%s", item == NULL && errno == EBADF ? "OSError" : "item");
	pair_line("%s", simple_queue_put(queue, json_integer(1)) == -EBADF ? "OSError" : "None");
}

static void many_producers(void)
{
	struct simple_queue *queue = simple_queue_new(NULL);
	struct job jobs[3];
	struct process *children[3];
	for (int i = 0; i < 3; i++) {
		jobs[i] = (struct job){.queue = queue, .first = 100 * i, .count = 20};
		children[i] = start(put_numbers, &jobs[i]);
	}
	for (int i = 0; i < 60; i++)
		pair_line("set: %" PRId64, got(queue));
	for (int i = 0; i < 3; i++)
		end(children[i]);
}

static void reader_killed_inside_get(void)
{
	struct job job = {.queue = simple_queue_new(NULL), .ready = event_new(NULL)};
	struct process *first = start(get_one, &job);
	event_wait(job.ready);
	clock_sleep(0.3); /* nothing shows that it waits inside */
	process_kill(first);
	end(first);
	simple_queue_put(job.queue, json_integer(1));
	struct process *second = start(get_one, &job);
	process_join_timeout(second, 0.3);
	bool alive = process_is_alive(second);
	pair_line("alive %s empty %s", pair_bool(alive), pair_bool(simple_queue_empty(job.queue)));
	process_terminate(second);
	end(second);
}

static void big_item(void)
{
	struct job job = {.queue = simple_queue_new(NULL), .length = 16000000};
	struct process *child = start(put_text, &job);
	line_length(job.queue);
	end(child);
}

#define PAIR(name) {#name, name}
const struct pair pairs[] = {
	PAIR(order_of_one_producer), PAIR(empty_is_exact), PAIR(put_before_fork), PAIR(put_waits_when_full),
	PAIR(closed_refuses), PAIR(many_producers), PAIR(reader_killed_inside_get), PAIR(big_item), {0}};
