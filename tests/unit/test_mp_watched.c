/* SPDX-License-Identifier: MIT */
/* What pools, their iterators and callbacks, futures, and processes that are asked tell in a free run; unwatched they do the same. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "mp/executor.h"
#include "mp/pool.h"
#include "mp/process.h"
#include "mp/semaphore.h"
#include "watched.h"

static json_t *square(json_t *n)
{
	return json_integer(json_integer_value(n) * json_integer_value(n));
}

static json_t *no_twos(json_t *n)
{
	return json_integer_value(n) == 2 ? pool_raise("a two") : json_incref(n);
}

static json_t *numbers(int count)
{
	json_t *items = json_array();
	for (int i = 1; i <= count; i++)
		json_array_append_new(items, json_integer(i));
	return items;
}

static void expect(json_t *got, int64_t want)
{
	assert_non_null(got);
	assert_int_equal(json_integer_value(got), want);
	json_decref(got);
}

static void iterate(void)
{
	struct pool *pool = pool_new("p", 1);
	struct pool_iterator *in_order = pool_imap(pool, no_twos, numbers(3), 1);
	expect(pool_next(in_order), 1);
	assert_null(pool_next(in_order));
	assert_int_equal(errno, EREMOTEIO);
	assert_string_equal(pool_error(), "a two");
	expect(pool_next(in_order), 3);
	assert_null(pool_next(in_order));
	assert_int_equal(errno, 0);
	pool_iterator_free(in_order);
	struct pool_iterator *unordered = pool_imap_unordered(pool, square, numbers(2), 2);
	expect(pool_next(unordered), 1);
	expect(pool_next(unordered), 4);
	pool_iterator_free(unordered);
	pool_close(pool);
	pool_join(pool);
	pool_free(pool);
}

static void iterators(void **state)
{
	(void)state;
	twice(iterate, "process.start ForkPoolWorker-2 ForkPoolWorker-2\nthread.start  result handler\n"
	               "pool.submit p 1 1\npool.submit p 1 2\npool.submit p 1 3\npool.get p\npool.get p failed\n"
	               "pool.get p\npool.submit p 2 [1, 2]\npool.get p\npool.get p\npool.close p\npool.join p\n");
}

/* What the callbacks heard, and how often. */
struct heard {
	int64_t done;
	const char *raised;
	int count;
};

static void hear_done(json_t *value, void *context)
{
	struct heard *heard = context;
	heard->done = json_integer_value(value);
	heard->count++;
}

static void hear_failed(const char *raised, void *context)
{
	struct heard *heard = context;
	heard->raised = strcmp(raised, "a two") == 0 ? "a two" : "something else";
	heard->count++;
}

static void call_back(void)
{
	struct heard heard = {0};
	struct pool_callbacks callbacks = {.done = hear_done, .failed = hear_failed, .context = &heard};
	struct pool *pool = pool_new("p", 1);
	struct pool_result *good = pool_apply_async_then(pool, no_twos, json_integer(5), &callbacks);
	expect(pool_result_get(good, -1), 5);
	struct pool_result *bad = pool_apply_async_then(pool, no_twos, json_integer(2), &callbacks);
	assert_null(pool_result_get(bad, -1));
	assert_int_equal(heard.done, 5);
	assert_string_equal(heard.raised, "a two");
	assert_int_equal(heard.count, 2);
	pool_result_free(good);
	pool_result_free(bad);
	pool_terminate(pool);
	pool_free(pool);
}

static void callbacks(void **state)
{
	(void)state;
	twice(call_back, "process.start ForkPoolWorker-4 ForkPoolWorker-4\nthread.start  result handler\n"
	                 "pool.submit p 1 5\npool.get p\npool.submit p 1 2\npool.get p failed\npool.terminate p\n"
	                 "process.terminate ForkPoolWorker-4\n");
}

static struct semaphore *begun, *allowed;

static json_t *when_allowed(json_t *n)
{
	semaphore_release(begun);
	semaphore_acquire(allowed);
	return json_incref(n);
}

static void note(struct future *future, void *context)
{
	(void)future;
	*(bool *)context = true;
}

static void ask_and_cancel(void)
{
	bool called = false;
	begun = semaphore_new("begun", 0);
	allowed = semaphore_new("allowed", 0);
	struct executor *executor = thread_executor_new("e", 1);
	struct future *first = executor_submit(executor, when_allowed, json_integer(7));
	struct future *second = executor_submit(executor, square, json_integer(3));
	semaphore_acquire(begun);
	assert_true(future_running(first));
	assert_false(future_cancel(first));
	assert_true(future_cancel(second));
	assert_null(future_result(second, -1));
	assert_int_equal(errno, ECANCELED);
	future_add_done_callback(first, note, &called);
	semaphore_release(allowed);
	expect(future_result(first, -1), 7);
	executor_shutdown(executor, true, false);
	assert_true(called);
	future_free(first);
	future_free(second);
	executor_free(executor);
	semaphore_free(begun);
	semaphore_free(allowed);
}

static void futures(void **state)
{
	(void)state;
	twice(ask_and_cancel, "thread.start ThreadPoolExecutor-1_0 ThreadPoolExecutor-1_0\npool.submit e 1 7\n"
	                      "pool.submit e 1 3\nsemaphore.acquire begun\nfuture.ask e 1\nfuture.cancel e failed\n"
	                      "future.cancel e\nfuture.result e failed\nsemaphore.release allowed\nfuture.result e\n"
	                      "executor.shutdown e\n");
}

static double as_it_is(double number)
{
	return number;
}

static int64_t as_it_was(int64_t number)
{
	return number;
}

/* Numbers that never were values are told as those are: as short as Python writes them. */
static void map_numbers(void)
{
	double reals[2] = {0.1, -2};
	int64_t integers[1] = {INT64_MIN};
	struct pool *pool = pool_new("p", 1);
	assert_int_equal(pool_map_reals(pool, as_it_is, reals, reals, 2, 2), 0);
	assert_int_equal(pool_map_integers(pool, as_it_was, integers, integers, 1, 1), 0);
	assert_true(reals[0] == 0.1 && reals[1] == -2 && integers[0] == INT64_MIN);
	pool_close(pool);
	pool_join(pool);
	pool_free(pool);
}

static void mapped_numbers(void **state)
{
	(void)state;
	twice(map_numbers, "process.start ForkPoolWorker-6 ForkPoolWorker-6\nthread.start  result handler\n"
	                   "pool.submit p 2 [0.1, -2.0]\npool.get p\npool.submit p 1 -9223372036854775808\n"
	                   "pool.get p\npool.close p\npool.join p\n");
}

static void leave(void *argument)
{
	process_exit(*(int *)argument);
}

static void await_end(struct process *process)
{
	siginfo_t end;
	assert_int_equal(waitid(P_PID, (id_t)process_pid(process), &end, WEXITED | WNOWAIT), 0);
}

/* Who asks how a process is, or starts another, reaps those that have ended: so does Python. */
static void ask_and_start(void)
{
	int seven = 7, code = 0;
	struct process *asked = process_new("asked", leave, &seven), *left = process_new("left", leave, &seven);
	process_start(asked);
	await_end(asked);
	assert_false(process_is_alive(asked));
	assert_true(process_exitcode(asked, &code));
	assert_int_equal(code, 7);
	process_start(left);
	await_end(left);
	struct process *last = process_new("last", leave, &seven);
	process_start(last);
	process_join(last);
	process_join(left);
	process_free(asked);
	process_free(left);
	process_free(last);
}

static void processes_that_are_asked(void **state)
{
	(void)state;
	twice(ask_and_start, "process.start asked asked\nprocess.reap asked 7\nprocess.start left left\n"
	                     "process.reap left 7\nprocess.start last last\nprocess.join last 7\nprocess.join left 7\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iterators),
		cmocka_unit_test(callbacks),
		cmocka_unit_test(futures),
		cmocka_unit_test(mapped_numbers),
		cmocka_unit_test(processes_that_are_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
