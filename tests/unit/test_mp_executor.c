/* SPDX-License-Identifier: MIT */
/* Executors, futures and what pools of numbers do, with real workers, unwatched: what no pair can show. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <unistd.h>

#include "children.h"
#include "mp/clock.h"
#include "mp/executor.h"
#include "mp/process.h"
#include "mp/semaphore.h"

static int64_t square(int64_t number)
{
	return number * number;
}

static int64_t no_sevens(int64_t number)
{
	if (number == 7)
		pool_raise("a seven");
	return number;
}

static double half(double number)
{
	return number / 2;
}

static json_t *nap(json_t *milliseconds)
{
	clock_sleep((double)json_integer_value(milliseconds) / 1000);
	return json_incref(milliseconds);
}

static void fill(int64_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		numbers[i] = (int64_t)i;
}

/* In and out of the same array, in every size of chunk, also more than any pipe holds. */
static void numbers_go_there_and_back(void **state)
{
	(void)state;
	enum { COUNT = 300000 };
	static int64_t numbers[COUNT];
	static const size_t chunks[] = {0, 17, COUNT, COUNT + 1};
	struct pool *pool = pool_new("p", 2);
	for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
		fill(numbers, COUNT);
		assert_int_equal(pool_map_integers(pool, square, numbers, numbers, COUNT, chunks[i]), 0);
		for (size_t n = 0; n < COUNT; n++)
			if (numbers[n] != square((int64_t)n))
				fail_msg("square %zu is %lld", n, (long long)numbers[n]);
	}
	assert_int_equal(pool_map_integers(pool, square, numbers, numbers, 0, 0), 0);
	double reals[5] = {0, 1, -3, 1e300, INFINITY};
	assert_int_equal(pool_map_reals(pool, half, reals, reals, 5, 2), 0);
	assert_true(reals[2] == -1.5 && reals[3] == 5e299 && isinf(reals[4]));
	pool_free(pool);
}

static void number_that_raises(void **state)
{
	(void)state;
	int64_t numbers[10];
	struct pool *pool = pool_new("p", 2);
	fill(numbers, 10);
	assert_int_equal(pool_map_integers(pool, no_sevens, numbers, numbers, 10, 1), -EREMOTEIO);
	assert_string_equal(pool_error(), "a seven");
	fill(numbers, 5);
	assert_int_equal(pool_map_integers(pool, no_sevens, numbers, numbers, 5, 1), 0);
	pool_close(pool);
	assert_int_equal(pool_map_integers(pool, square, numbers, numbers, 5, 1), -EINVAL);
	pool_free(pool);
}

static void workers_are_started_late(void **state)
{
	(void)state;
	pid_t pids[4];
	struct executor *executor = process_executor_new("e", 3);
	assert_int_equal(executor_workers(executor, pids, 4), 0);
	struct future *future = executor_submit(executor, nap, json_integer(1));
	assert_int_equal(executor_workers(executor, pids, 4), 3);
	assert_int_equal(process_active_children(), 3);
	json_decref(future_result(future, -1));
	future_free(future);
	executor_free(executor);
	assert_int_equal(process_active_children(), 0);
}

/* Killed from outside while idle: broken all the same. */
static void idle_worker_killed(void **state)
{
	(void)state;
	pid_t pids[2];
	struct executor *executor = process_executor_new("e", 2);
	struct future *future = executor_submit(executor, nap, json_integer(1));
	json_decref(future_result(future, -1));
	future_free(future);
	assert_int_equal(executor_workers(executor, pids, 2), 2);
	kill(pids[0], SIGKILL);
	double limit = seconds_now() + 20;
	while ((future = executor_submit(executor, nap, json_integer(1))) != NULL && seconds_now() < limit) {
		json_decref(future_result(future, 20));
		future_free(future);
	}
	assert_null(future);
	assert_int_equal(errno, EPIPE);
	executor_free(executor);
	assert_int_equal(process_active_children(), 0);
}

/* Ends when the semaphore allows. */
static struct semaphore *allowed;

static json_t *when_allowed(json_t *argument)
{
	semaphore_acquire(allowed);
	return json_incref(argument);
}

static void futures_of_two_executors(void **state)
{
	(void)state;
	struct executor *threads = thread_executor_new("e", 1), *processes = process_executor_new("f", 1);
	allowed = semaphore_new("allowed", 0);
	struct future *of_processes = executor_submit(processes, when_allowed, json_integer(1));
	struct future *of_threads[2] = {executor_submit(threads, nap, json_integer(1)), NULL};
	json_decref(future_result(of_threads[0], -1));
	struct future *futures[3] = {of_processes, of_threads[0], of_threads[1]};
	assert_int_equal(future_wait(futures, 2, 0.01, ALL_COMPLETED), 1);
	assert_ptr_equal(futures[0], of_threads[0]);
	assert_int_equal(future_wait(futures, 2, -1, FIRST_COMPLETED), 1);
	semaphore_release(allowed);
	assert_int_equal(future_wait(futures, 2, -1, ALL_COMPLETED), 2);
	assert_ptr_equal(futures[0], of_threads[0]);
	of_threads[1] = futures[2] = executor_submit(threads, nap, json_integer(1));
	size_t at = 0;
	assert_ptr_equal(future_as_completed(futures, 3, &at, -1), of_threads[0]);
	assert_ptr_equal(future_as_completed(futures, 3, &at, -1), of_processes);
	assert_ptr_equal(future_as_completed(futures, 3, &at, -1), of_threads[1]);
	assert_null(future_as_completed(futures, 3, &at, -1));
	assert_int_equal(errno, 0);
	for (int i = 0; i < 3; i++)
		future_free(futures[i]);
	executor_free(threads);
	executor_free(processes);
	semaphore_free(allowed);
}

static int greeting; /* each process's own */

static void greet(void *argument)
{
	greeting = *(const int *)argument;
}

static json_t *say(json_t *unused)
{
	(void)unused;
	return json_integer(greeting);
}

/* Of either kind: a process of its own leaves the parent's memory alone, a thread does not. */
static void workers_begin_with_the_initializer(void **state)
{
	(void)state;
	int five = 5;
	for (int threads = 0; threads <= 1; threads++) {
		greeting = 0;
		struct executor *executor = executor_new_with("e", &(struct pool_options){
			.workers = 1, .initializer = greet, .initializer_argument = &five, .threads = threads});
		struct future *future = executor_submit(executor, say, json_null());
		json_t *said = future_result(future, -1);
		assert_int_equal(json_integer_value(said), 5);
		assert_int_equal(greeting, threads ? 5 : 0);
		json_decref(said);
		future_free(future);
		executor_free(executor);
	}
	assert_null(executor_new_with("e", &(struct pool_options){.workers = 0}));
	assert_int_equal(errno, EINVAL);
}

static void free_in_its_callback(struct future *future, void *context)
{
	*(bool *)context = true;
	future_free(future);
}

static void future_freed_early(void **state)
{
	(void)state;
	bool called = false;
	struct executor *executor = thread_executor_new("e", 1);
	struct future *future = executor_submit(executor, nap, json_integer(20));
	future_add_done_callback(future, free_in_its_callback, &called);
	future_free(executor_submit(executor, nap, json_integer(1)));
	executor_free(executor);
	assert_true(called);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_go_there_and_back), cmocka_unit_test(number_that_raises),
		cmocka_unit_test(workers_are_started_late), cmocka_unit_test(idle_worker_killed),
		cmocka_unit_test(futures_of_two_executors), cmocka_unit_test(future_freed_early),
		cmocka_unit_test(workers_begin_with_the_initializer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
