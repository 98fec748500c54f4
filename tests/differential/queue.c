/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mp/mp.h"

struct job {
	struct queue *queue, *results;
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

/* ---- what children do ---- */

static void put_numbers(void *argument)
{
	struct job *job = argument;
	for (int i = job->first; i < job->first + job->count; i++)
		queue_put_integer(job->queue, i);
}

static json_t *text_of(size_t length)
{
	char *bytes = malloc(length);
	memset(bytes, 'x', length);
	json_t *text = json_stringn(bytes, length);
	free(bytes);
	return text;
}

static void put_text(void *argument)
{
	struct job *job = argument;
	queue_put(job->queue, text_of(job->length));
}

static void get_one(void *argument)
{
	struct job *job = argument;
	if (job->ready != NULL)
		event_set(job->ready);
	json_decref(queue_get(job->queue));
}

static void give_up(void *argument)
{
	struct job *job = argument;
	queue_cancel_join_thread(job->queue);
	queue_put(job->queue, text_of(job->length));
}

static void move(void *argument)
{
	struct job *job = argument;
	for (int i = 0; i < job->count; i++)
		queue_put(job->results, queue_get(job->queue));
}

/* ---- what is told ---- */

static int64_t got(struct queue *queue)
{
	int64_t number = -1;
	queue_get_integer(queue, &number);
	return number;
}

static void line_put(int error, const char *refused)
{
	pair_line("%s", error == 0 ? "None" : error == -EAGAIN ? "Full" : refused);
}

static void line_get(json_t *item)
{
	pair_line("%s", item != NULL ? "item" : errno == EAGAIN ? "Empty" : "ValueError");
	json_decref(item);
}

/* ---- the pairs ---- */

static void order_of_one_producer(void)
{
	struct job job = {.queue = queue_new(NULL, 0), .count = 50};
	struct process *child = start(put_numbers, &job);
	for (int i = 0; i < 50; i++)
		pair_line("%" PRId64, got(job.queue));
	end(child);
}

static void full(void)
{
	struct queue *queue = queue_new(NULL, 1);
	queue_put_integer(queue, 1);
	line_put(queue_put_timeout(queue, json_integer(2), 0), "");
	line_put(queue_put_timeout(queue, json_integer(2), 0), "");
	pair_line("%s %d", pair_bool(queue_full(queue)), queue_qsize(queue));
	pair_line("%" PRId64, got(queue));
	pair_line("%s %d", pair_bool(queue_full(queue)), queue_qsize(queue));
}

static void empty(void)
{
	struct queue *queue = queue_new(NULL, 0);
	pair_line("%s %d", pair_bool(queue_empty(queue)), queue_qsize(queue));
	line_get(queue_get_timeout(queue, 0));
	line_get(queue_get_timeout(queue, 0));
}

static void get_is_not_early(void)
{
	struct queue *queue = queue_new(NULL, 0);
	double began = clock_seconds();
	line_get(queue_get_timeout(queue, 0.15));
	pair_line("%s", pair_bool(clock_seconds() - began >= 0.15));
}

static void put_is_not_early(void)
{
	struct queue *queue = queue_new(NULL, 1);
	queue_put_integer(queue, 1);
	double began = clock_seconds();
	line_put(queue_put_timeout(queue, json_integer(2), 0.15), "");
	pair_line("%s", pair_bool(clock_seconds() - began >= 0.15));
	got(queue);
}

static void sizes(void)
{
	struct queue *queue = queue_new(NULL, 3);
	for (int i = 0; i < 3; i++) {
		pair_line("%d %s", queue_qsize(queue), pair_bool(queue_full(queue)));
		queue_put_integer(queue, i);
	}
	pair_line("%d %s", queue_qsize(queue), pair_bool(queue_full(queue)));
	for (int i = 0; i < 3; i++) {
		int64_t number = got(queue);
		pair_line("%" PRId64 " %d %s", number, queue_qsize(queue), pair_bool(queue_full(queue)));
	}
}

static void no_bound_is_never_full(void)
{
	struct queue *queue = queue_new(NULL, 0);
	for (int i = 0; i < 100; i++)
		queue_put_integer(queue, i);
	pair_line("%s %d", pair_bool(queue_full(queue)), queue_qsize(queue));
	for (int i = 0; i < 100; i++)
		got(queue);
}

static void put_before_fork(void)
{
	struct job job = {.queue = queue_new(NULL, 0)};
	queue_put(job.queue, json_string("early"));
	end(start(get_one, &job));
	pair_line("%d", queue_qsize(job.queue));
}

static void closed_refuses_put(void)
{
	struct queue *queue = queue_new(NULL, 0);
	queue_close(queue);
	line_put(queue_put(queue, json_integer(1)), "ValueError");
}

static void closed_refuses_get(void)
{
	struct queue *queue = queue_new(NULL, 0);
	queue_close(queue);
	line_get(queue_get(queue));
}

static void join_thread_before_close(void)
{
	line_put(queue_join_thread(queue_new(NULL, 0)), "AssertionError");
}

static void close_and_join_thread(void)
{
	struct job job = {.queue = queue_new(NULL, 0)};
	struct process *child = start(get_one, &job);
	queue_put_integer(job.queue, 1);
	queue_close(job.queue);
	line_put(queue_join_thread(job.queue), "");
	end(child);
}

static void line_length(struct queue *queue)
{
	json_t *text = queue_get(queue);
	pair_line("%zu", json_string_length(text));
	json_decref(text);
}

static void joining_before_draining(void)
{
	struct job job = {.queue = queue_new(NULL, 0), .length = 1000000};
	struct process *child = start(put_text, &job);
	process_join_timeout(child, 0.4);
	pair_line("alive %s", pair_bool(process_is_alive(child)));
	line_length(job.queue);
	end(child);
}

static void all_written_at_the_end(void)
{
	struct job job = {.queue = queue_new(NULL, 0), .count = 500};
	int64_t sum = 0;
	end(start(put_numbers, &job));
	for (int i = 0; i < 500; i++)
		sum += got(job.queue);
	pair_line("%" PRId64 " %s", sum, pair_bool(queue_empty(job.queue)));
}

static void buffer_given_up(void)
{
	struct job job = {.queue = queue_new(NULL, 0), .length = 1000000};
	end(start(give_up, &job));
}

static void empty_right_after_put(void)
{
	bool seen = false;
	for (int i = 0; i < 300 && !seen; i++) {
		struct queue *queue = queue_new(NULL, 0);
		queue_put_integer(queue, 1);
		seen = queue_qsize(queue) == 1 && queue_empty(queue);
		got(queue);
		queue_free(queue);
	}
	pair_line("qsize 1 and empty %s", pair_bool(seen));
}

static void reader_killed_inside_get(void)
{
	struct job job = {.queue = queue_new(NULL, 0), .ready = event_new(NULL)};
	struct process *child = start(get_one, &job);
	event_wait(job.ready);
	clock_sleep(0.3); /* nothing shows that it waits inside */
	process_kill(child);
	end(child);
	queue_put_integer(job.queue, 1);
	line_get(queue_get_timeout(job.queue, 0.2));
	pair_line("%d", queue_qsize(job.queue));
	queue_cancel_join_thread(job.queue);
}

static void kinds_of_items(void)
{
	struct queue *queue = queue_new(NULL, 0);
	const struct {
		const char *type, *json;
	} items[] = {{"NoneType", "null"}, {"bool", "true"}, {"bool", "false"}, {"int", "0"}, {"int", "-1"},
	             {"int", "4611686018427387904"}, {"float", "1.5"}, {"str", "\"\""}, {"str", "\"äö€\""},
	             {"list", "[1, [2, {\"a\": null}]]"}, {"dict", "{}"}};
	for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
		json_t *item = json_loads(items[i].json, JSON_DECODE_ANY, NULL);
		queue_put(queue, json_incref(item));
		json_t *there = queue_get(queue);
		pair_line("%s %s", items[i].type, pair_bool(json_equal(item, there)));
		json_decref(item);
		json_decref(there);
	}
}

static void many_producers(void)
{
	struct queue *queue = queue_new(NULL, 0);
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

static void order_within_each_producer(void)
{
	struct queue *queue = queue_new(NULL, 0);
	struct job jobs[2];
	struct process *children[2];
	int64_t last[2] = {-1, -1};
	bool right = true;
	for (int i = 0; i < 2; i++) {
		jobs[i] = (struct job){.queue = queue, .first = 1000 * i, .count = 100};
		children[i] = start(put_numbers, &jobs[i]);
	}
	for (int i = 0; i < 200; i++) {
		int64_t number = got(queue);
		right = right && number % 1000 > last[number / 1000];
		last[number / 1000] = number % 1000;
	}
	pair_line("%s", pair_bool(right));
	for (int i = 0; i < 2; i++)
		end(children[i]);
}

static void big_item(void)
{
	struct queue *queue = queue_new(NULL, 0);
	queue_put(queue, text_of(16000000));
	line_length(queue);
}

static void each_item_once(void)
{
	struct job job = {.queue = queue_new(NULL, 0), .results = queue_new(NULL, 0), .count = 10};
	struct process *workers[3];
	for (int i = 0; i < 3; i++)
		workers[i] = start(move, &job);
	for (int i = 0; i < 30; i++)
		queue_put_integer(job.queue, i);
	for (int i = 0; i < 30; i++)
		pair_line("set: %" PRId64, got(job.results));
	for (int i = 0; i < 3; i++)
		end(workers[i]);
}

static void put_waits_for_a_slot(void)
{
	struct job job = {.queue = queue_new(NULL, 1), .count = 2};
	struct process *child = start(put_numbers, &job);
	process_join_timeout(child, 0.3);
	pair_line("alive %s %d", pair_bool(process_is_alive(child)), queue_qsize(job.queue));
	int64_t first = got(job.queue), second = got(job.queue);
	pair_line("%" PRId64 " %" PRId64, first, second);
	end(child);
}

#define PAIR(name) {#name, name}
const struct pair pairs[] = {
	PAIR(order_of_one_producer), PAIR(full), PAIR(empty), PAIR(get_is_not_early), PAIR(put_is_not_early), PAIR(sizes),
	PAIR(no_bound_is_never_full), PAIR(put_before_fork), PAIR(closed_refuses_put), PAIR(closed_refuses_get),
	PAIR(join_thread_before_close), PAIR(close_and_join_thread), PAIR(joining_before_draining),
	PAIR(all_written_at_the_end), PAIR(buffer_given_up), PAIR(empty_right_after_put), PAIR(reader_killed_inside_get),
	PAIR(kinds_of_items), PAIR(many_producers), PAIR(order_within_each_producer), PAIR(big_item), PAIR(each_item_once),
	PAIR(put_waits_for_a_slot), {0}};
