/* SPDX-License-Identifier: MIT */
/* JoinableQueue: what is put is open until it is said to be done; unwatched and watched. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "children.h"
#include "mp/joinable_queue.h"
#include "mp/process.h"
#include "mp/value.h"
#include "watched.h"

static void work_it_off(void)
{
	struct queue *queue = joinable_queue_new("j", 3);
	int64_t number;
	assert_int_equal(joinable_queue_join(queue), 0); /* nothing is open */
	for (int i = 1; i <= 2; i++)
		assert_int_equal(queue_put_integer(queue, i), 0);
	for (int i = 1; i <= 2; i++) {
		assert_int_equal(queue_get_integer(queue, &number), 0);
		assert_int_equal(number, i);
		assert_int_equal(joinable_queue_task_done(queue), 0);
	}
	assert_int_equal(joinable_queue_join(queue), 0);
	assert_int_equal(joinable_queue_task_done(queue), -EINVAL);
	queue_close(queue);
	assert_int_equal(queue_join_thread(queue), 0);
	queue_free(queue);
}

static void done_as_often_as_put(void **state)
{
	(void)state;
	twice(work_it_off, "queue.join j\nthread.start  QueueFeederThread\nqueue.put j 1\nqueue.put j 2\nqueue.get j 1\nqueue.task_done j\n"
	                   "queue.get j 2\nqueue.task_done j\nqueue.join j\nqueue.task_done j failed\nqueue.close j\n"
	                   "queue.join_thread j\nqueue.join_thread j\n");
}

static void a_plain_queue_has_no_tasks(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 0);
	assert_int_equal(joinable_queue_task_done(queue), -EINVAL);
	assert_int_equal(joinable_queue_join(queue), -EINVAL);
	queue_free(queue);
}

struct joining {
	struct queue *queue;
	struct value *done;
};

/* Ends with how many had been done when the join returned. */
static void join_and_look(void *argument)
{
	struct joining *joining = argument;
	joinable_queue_join(joining->queue);
	process_exit((int)value_get(joining->done));
}

static void the_last_releases(void **state)
{
	(void)state;
	enum { ITEMS = 20 };
	struct joining joining = {joinable_queue_new("j", 0), value_new("done", 0)};
	for (int i = 0; i < ITEMS; i++)
		queue_put_integer(joining.queue, i);
	struct process *waiter = process_new("waiter", join_and_look, &joining);
	assert_int_equal(process_start(waiter), 0);
	for (int i = 1; i <= ITEMS; i++) {
		int64_t number;
		assert_int_equal(queue_get_integer(joining.queue, &number), 0);
		value_set(joining.done, i);
		assert_int_equal(joinable_queue_task_done(joining.queue), 0);
	}
	int code = 1000;
	process_join(waiter);
	assert_true(process_exitcode(waiter, &code));
	assert_int_equal(code, ITEMS);
	process_free(waiter);
	queue_free(joining.queue);
	value_free(joining.done);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(done_as_often_as_put),
		cmocka_unit_test(a_plain_queue_has_no_tasks),
		cmocka_unit_test(the_last_releases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
