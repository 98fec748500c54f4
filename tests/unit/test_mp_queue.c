/* SPDX-License-Identifier: MIT */
/* Queue: what SEMANTICS promises of it, between real processes, unwatched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "children.h"
#include "mp/process.h"
#include "mp/queue_internal.h"

enum { LIMIT = 20 };

static bool not_empty(void *queue)
{
	return !queue_empty(queue);
}

/* The feeder has moved at least one item. */
static void wait_for_item(struct queue *queue)
{
	assert_true(eventually(not_empty, queue, LIMIT));
}

static void expect_integer(struct queue *queue, int64_t want)
{
	int64_t got = -1;
	assert_int_equal(queue_get_integer(queue, &got), 0);
	assert_int_equal(got, want);
}

/* ---- one process ---- */

static void items_come_out_as_they_went_in(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 0);
	static const char *const values[] = {"42", "null", "\"hello\"", "[1, {\"a\": 2.5}]", "-7.25"};
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(queue_put(queue, json_loads(values[i], JSON_DECODE_ANY, NULL)), 0);
	for (size_t i = 0; i < 5; i++) {
		json_t *want = json_loads(values[i], JSON_DECODE_ANY, NULL), *got = queue_get(queue);
		assert_true(json_equal(want, got));
		json_decref(want);
		json_decref(got);
	}
	queue_free(queue);
}

static void numbers_need_no_json(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 0);
	double real;
	int64_t integer;
	queue_put_integer(queue, INT64_MIN);
	queue_put_real(queue, 0.1);
	queue_put_integer(queue, 3);
	queue_put_real(queue, 2.5);
	expect_integer(queue, INT64_MIN);
	assert_int_equal(queue_get_real(queue, &real), 0);
	assert_true(real == 0.1);
	assert_int_equal(queue_get_real(queue, &real), 0);
	assert_true(real == 3.0);
	assert_int_equal(queue_get_integer(queue, &integer), -EINVAL);
	assert_int_equal(queue_qsize(queue), 0);
	queue_free(queue);
}

static void a_full_queue_says_so(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 2);
	assert_false(queue_full(queue));
	assert_int_equal(queue_put_timeout(queue, json_integer(1), 0), 0);
	assert_int_equal(queue_put_timeout(queue, json_integer(2), 0.01), 0);
	assert_true(queue_full(queue));
	assert_int_equal(queue_put_timeout(queue, json_integer(3), 0), -EAGAIN);
	double start = seconds_now();
	assert_int_equal(queue_put_timeout(queue, json_integer(3), 0.03), -EAGAIN);
	assert_true(seconds_now() - start >= 0.03);
	assert_int_equal(queue_qsize(queue), 2);
	expect_integer(queue, 1);
	assert_int_equal(queue_put_timeout(queue, json_integer(3), 0), 0);
	expect_integer(queue, 2);
	expect_integer(queue, 3);
	queue_free(queue);
}

static void an_empty_queue_says_so(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 0);
	assert_true(queue_empty(queue));
	assert_null(queue_get_timeout(queue, 0));
	assert_int_equal(errno, EAGAIN);
	double start = seconds_now();
	assert_null(queue_get_timeout(queue, 0.03));
	assert_int_equal(errno, EAGAIN);
	assert_true(seconds_now() - start >= 0.03);
	queue_put_integer(queue, 5);
	wait_for_item(queue);
	json_t *got = queue_get_timeout(queue, 0);
	assert_int_equal(json_integer_value(got), 5);
	json_decref(got);
	queue_free(queue);
}

static void a_closed_queue_refuses(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 0);
	assert_int_equal(queue_join_thread(queue), -EINVAL);
	queue_put_integer(queue, 1);
	queue_close(queue);
	assert_int_equal(queue_put(queue, json_integer(2)), -EINVAL);
	assert_int_equal(queue_put_integer(queue, 2), -EINVAL);
	assert_int_equal(queue_put_real(queue, 2), -EINVAL);
	assert_null(queue_get(queue));
	assert_int_equal(errno, EINVAL);
	assert_int_equal(queue_join_thread(queue), 0);
	queue_free(queue);
}

static void what_cannot_be_passed_takes_no_slot(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 1);
	assert_int_equal(queue_put(queue, NULL), -EINVAL);
	assert_int_equal(queue_qsize(queue), 0);
	queue_free(queue);
}

/* ---- several processes ---- */

struct job {
	struct queue *queue;
	int count;
	int first;
};

static void put_many(void *argument)
{
	const struct job *job = argument;
	for (int i = 0; i < job->count; i++)
		queue_put_integer(job->queue, job->first + i);
}

static void get_sum(void *argument)
{
	const struct job *job = argument;
	int64_t sum = 0, number;
	for (int i = 0; i < job->count; i++) {
		queue_get_integer(job->queue, &number);
		sum += number;
	}
	process_exit(sum == (int64_t)job->count * (job->count - 1) / 2 ? 0 : 3);
}

static int exit_code(struct process *process)
{
	int code = 1000;
	process_join_timeout(process, LIMIT);
	if (!process_exitcode(process, &code)) {
		process_kill(process);
		process_join(process);
	}
	process_free(process);
	return code;
}

static struct process *start(void (*target)(void *), struct job *job)
{
	struct process *process = process_new(NULL, target, job);
	assert_int_equal(process_start(process), 0);
	return process;
}

static void what_was_put_before_the_fork_is_there(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 0);
	struct job job = {.queue = queue, .count = 100};
	put_many(&job);
	assert_int_equal(exit_code(start(get_sum, &job)), 0);
	queue_free(queue);
}

/* Truth 14, the good half: a process does not end before its feeder has written. */
static void an_ending_process_flushes(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 0);
	struct job job = {.queue = queue, .count = 1000};
	assert_int_equal(exit_code(start(put_many, &job)), 0);
	for (int i = 0; i < 1000; i++)
		expect_integer(queue, i);
	assert_true(queue_empty(queue));
	queue_free(queue);
}

static void each_producers_order_is_kept(void **state)
{
	(void)state;
	enum { PRODUCERS = 3, EACH = 2000 };
	struct queue *queue = queue_new("q", 10);
	struct job jobs[PRODUCERS];
	struct process *producers[PRODUCERS];
	int next[PRODUCERS];
	for (int i = 0; i < PRODUCERS; i++) {
		jobs[i] = (struct job){.queue = queue, .count = EACH, .first = i * EACH};
		next[i] = i * EACH;
		producers[i] = start(put_many, &jobs[i]);
	}
	for (int i = 0; i < PRODUCERS * EACH; i++) {
		int64_t got;
		assert_int_equal(queue_get_integer(queue, &got), 0);
		assert_int_equal(got, next[got / EACH]++);
	}
	for (int i = 0; i < PRODUCERS; i++)
		assert_int_equal(exit_code(producers[i]), 0);
	assert_int_equal(queue_qsize(queue), 0);
	queue_free(queue);
}

static void put_big(void *argument)
{
	const struct job *job = argument;
	char *string = calloc(1, 1 << 20);
	memset(string, 'x', (1 << 20) - 1);
	for (int i = 0; i < job->count; i++)
		queue_put(job->queue, json_string(string));
}

static void put_big_cancelled(void *argument)
{
	const struct job *job = argument;
	queue_cancel_join_thread(job->queue);
	put_big(argument);
}

/* Truth 14: joining it before draining hangs; draining frees it. */
static void join_before_drain_hangs(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 0);
	struct job job = {.queue = queue, .count = 2};
	struct process *producer = start(put_big, &job);
	wait_for_item(queue);
	process_join_timeout(producer, 0.05);
	assert_true(process_is_alive(producer));
	for (int i = 0; i < 2; i++) {
		json_t *got = queue_get(queue);
		assert_int_equal(json_string_length(got), (1 << 20) - 1);
		json_decref(got);
	}
	assert_int_equal(exit_code(producer), 0);
	queue_free(queue);
}

static void cancel_join_gives_up_the_rest(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 0);
	struct job job = {.queue = queue, .count = 2};
	assert_int_equal(exit_code(start(put_big_cancelled, &job)), 0);
	assert_int_equal(queue_qsize(queue), 2); /* the slots are lost with the items */
	queue_free(queue);
}

static bool has_three(void *queue)
{
	return queue_qsize(queue) == 3;
}

/* Truth 13: qsize counts slots, empty looks at the pipe; an item may be in neither's sight. */
static void a_killed_producers_buffer_is_lost(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 0);
	struct job job = {.queue = queue, .count = 3};
	struct process *producer = start(put_big, &job);
	wait_for_item(queue);
	assert_true(eventually(has_three, queue, LIMIT));
	process_kill(producer);
	assert_int_equal(exit_code(producer), -SIGKILL);
	assert_int_equal(queue_qsize(queue), 3);
	queue_free(queue);
}

static void get_one(void *argument)
{
	const struct job *job = argument;
	int64_t number;
	queue_get_integer(job->queue, &number);
}

static bool is_read_locked(void *queue)
{
	return semlock_count(&((struct queue *)queue)->shared->read_lock) == 0;
}

/* Truth 15: a reader killed inside get keeps the read lock: gets time out although there is an item. */
static void a_killed_reader_keeps_the_lock(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 0);
	struct job job = {.queue = queue};
	struct process *reader = start(get_one, &job);
	assert_true(eventually(is_read_locked, queue, LIMIT));
	process_kill(reader);
	assert_int_equal(exit_code(reader), -SIGKILL);
	queue_put_integer(queue, 1);
	wait_for_item(queue);
	assert_null(queue_get_timeout(queue, 0.02));
	assert_int_equal(errno, EAGAIN);
	assert_null(queue_get_timeout(queue, 0));
	assert_int_equal(queue_qsize(queue), 1);
	assert_false(queue_empty(queue));
	queue_free(queue);
}

static void put_interrupted(void *argument)
{
	interrupt_often();
	put_many(argument);
}

static void signals_lose_nothing(void **state)
{
	(void)state;
	struct queue *queue = queue_new("q", 3);
	struct job job = {.queue = queue, .count = 3000};
	interrupt_often();
	struct process *producer = start(put_interrupted, &job);
	for (int i = 0; i < job.count; i++)
		expect_integer(queue, i);
	assert_int_equal(exit_code(producer), 0);
	double began = seconds_now();
	assert_null(queue_get_timeout(queue, 0.03));
	assert_true(seconds_now() - began >= 0.03);
	interrupt_no_more();
	queue_free(queue);
}

static void nothing_is_left_open(void **state)
{
	(void)state;
	int before = dup(STDIN_FILENO);
	close(before);
	for (int i = 0; i < 50; i++) {
		struct queue *queue = queue_new("q", i);
		if (i % 2)
			queue_put_integer(queue, i);
		queue_free(queue);
	}
	int after = dup(STDIN_FILENO);
	close(after);
	assert_int_equal(before, after);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_come_out_as_they_went_in),
		cmocka_unit_test(numbers_need_no_json),
		cmocka_unit_test(a_full_queue_says_so),
		cmocka_unit_test(an_empty_queue_says_so),
		cmocka_unit_test(a_closed_queue_refuses),
		cmocka_unit_test(what_cannot_be_passed_takes_no_slot),
		cmocka_unit_test(what_was_put_before_the_fork_is_there),
		cmocka_unit_test(an_ending_process_flushes),
		cmocka_unit_test(each_producers_order_is_kept),
		cmocka_unit_test(join_before_drain_hangs),
		cmocka_unit_test(cancel_join_gives_up_the_rest),
		cmocka_unit_test(a_killed_producers_buffer_is_lost),
		cmocka_unit_test(a_killed_reader_keeps_the_lock),
		cmocka_unit_test(signals_lose_nothing),
		cmocka_unit_test(nothing_is_left_open),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
