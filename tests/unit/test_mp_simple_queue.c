/* SPDX-License-Identifier: MIT */
/* SimpleQueue: a pipe and two locks, unwatched and watched. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "children.h"
#include "mp/item.h"
#include "mp/process.h"
#include "mp/simple_queue.h"
#include "watched.h"

static void expect(struct simple_queue *queue, int64_t want)
{
	json_t *got = simple_queue_get(queue);
	assert_int_equal(json_integer_value(got), want);
	json_decref(got);
}

static void put_and_get(void)
{
	struct simple_queue *queue = simple_queue_new("q");
	assert_true(simple_queue_empty(queue));
	assert_int_equal(simple_queue_put(queue, json_integer(7)), 0);
	assert_int_equal(simple_queue_put(queue, json_integer(8)), 0);
	assert_false(simple_queue_empty(queue)); /* exact: there is no feeder */
	expect(queue, 7);
	expect(queue, 8);
	assert_int_equal(simple_queue_put(queue, NULL), -EINVAL);
	simple_queue_close(queue);
	simple_queue_close(queue);
	assert_true(simple_queue_empty(queue));
	assert_int_equal(simple_queue_put(queue, json_integer(9)), -EBADF);
	assert_null(simple_queue_get(queue));
	assert_int_equal(errno, EBADF);
	simple_queue_free(queue);
}

static void items_go_through(void **state)
{
	(void)state;
	twice(put_and_get, "simple_queue.empty q 1\nsimple_queue.put q 7\nsimple_queue.put q 8\nsimple_queue.empty q\n"
	                   "simple_queue.get q 7\nsimple_queue.get q 8\nsimple_queue.close q\n"
	                   "simple_queue.empty q 1\n");
}

enum { ITEMS = 2000 };

struct job {
	struct simple_queue *queue;
	int first;
};

static void put_many(void *argument)
{
	struct job *job = argument;
	for (int i = 0; i < ITEMS; i++)
		if (simple_queue_put(job->queue, json_integer(job->first + i)) != 0)
			process_exit(1);
}

/* More than the pipe holds, so that who puts has to wait for who gets. */
static void each_producer_keeps_its_order(void **state)
{
	(void)state;
	struct simple_queue *queue = simple_queue_new("q");
	struct job jobs[3];
	struct process *processes[3];
	int last[3] = {-1, -1, -1};
	for (int i = 0; i < 3; i++) {
		jobs[i] = (struct job){.queue = queue, .first = 10000 * i};
		processes[i] = process_new(NULL, put_many, &jobs[i]);
		assert_int_equal(process_start(processes[i]), 0);
	}
	for (int i = 0; i < 3 * ITEMS; i++) {
		json_t *item = simple_queue_get(queue);
		int number = (int)json_integer_value(item);
		assert_int_equal(number % 10000, last[number / 10000] + 1);
		last[number / 10000]++;
		json_decref(item);
	}
	for (int i = 0; i < 3; i++) {
		process_join(processes[i]);
		process_free(processes[i]);
	}
	simple_queue_free(queue);
}

/* What is shorter than an item's number has come from somewhere else. */
static void what_is_no_item_is_refused(void **state)
{
	(void)state;
	int ends[2];
	struct frame_out frame;
	assert_int_equal(frame_pipe(ends), 0);
	frame_out_init(&frame, "abc", 3);
	assert_int_equal(frame_send(&frame, ends[1]), 0);
	struct item_get get = {.reader = ends[0]};
	assert_int_equal(item_attempt_get(&get), -EINVAL);
	assert_int_equal(item_attempt_get(&get), -EAGAIN);
	frame_in_release(&get.frame);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_go_through),
		cmocka_unit_test(what_is_no_item_is_refused),
		cmocka_unit_test(each_producer_keeps_its_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
