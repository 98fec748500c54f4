/* SPDX-License-Identifier: MIT */
/* Executor, Future, ThreadPool: see executor.py. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mp/mp.h"
#include "pairs.h"

enum { PROCESSES, THREADS, KINDS };

static struct executor *make(int kind, int workers)
{
	return kind == PROCESSES ? process_executor_new("executor", workers) : thread_executor_new("executor", workers);
}

/* ---- calls ---- */

static json_t *square(json_t *n)
{
	return json_integer(json_integer_value(n) * json_integer_value(n));
}

static json_t *no_threes(json_t *n)
{
	long long number = json_integer_value(n);
	return number % 10 == 3 ? pool_raise("%lld is a three", number) : json_incref(n);
}

static json_t *nap(json_t *milliseconds)
{
	clock_sleep((double)json_integer_value(milliseconds) / 1000);
	return json_incref(milliseconds);
}

static json_t *killed(json_t *milliseconds)
{
	json_decref(nap(milliseconds));
	raise(SIGKILL);
	return NULL;
}

static json_t *own_process_name(json_t *argument)
{
	(void)argument;
	return json_string(process_current_name());
}

static json_t *own_thread_name(json_t *argument)
{
	(void)argument;
	return json_string(thread_current_name());
}

static json_t *own_pid(json_t *argument)
{
	(void)argument;
	return json_integer(getpid());
}

static json_t *larger(json_t *arguments)
{
	json_int_t a = json_integer_value(json_array_get(arguments, 0)), b = json_integer_value(json_array_get(arguments, 1));
	return json_integer(a > b ? a : b);
}

/* ---- telling ---- */

static json_t *range(int count)
{
	json_t *items = json_array();
	for (int i = 0; i < count; i++)
		json_array_append_new(items, json_integer(i));
	return items;
}

/* As Python prints lists of numbers. */
static void show(json_t *value)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY);
	pair_line("%s", text);
	free(text);
	json_decref(value);
}

static json_t *all_of(struct pool_iterator *results)
{
	json_t *list = json_array(), *value;
	while ((value = pool_next(results)) != NULL)
		json_array_append_new(list, value);
	pool_iterator_free(results);
	return list;
}

static int integer(json_t *value)
{
	int number = (int)json_integer_value(value);
	json_decref(value);
	return number;
}

static int result_of(struct future *future)
{
	return integer(future_result(future, -1));
}

/* A call that is waited for and forgotten. */
static json_t *call(struct executor *executor, pool_function *function, int argument)
{
	struct future *future = executor_submit(executor, function, json_integer(argument));
	json_t *value = future_result(future, -1);
	future_free(future);
	return value;
}

static void submit_all(struct executor *executor, pool_function *function, const int *arguments, size_t count,
                       struct future **futures)
{
	for (size_t i = 0; i < count; i++)
		futures[i] = executor_submit(executor, function, json_integer(arguments[i]));
}

static void free_all(struct future **futures, size_t count)
{
	for (size_t i = 0; i < count; i++)
		future_free(futures[i]);
}

/* ---- pairs ---- */

static void submit_and_result(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 2);
		json_t *list = json_array();
		for (int n = 0; n < 5; n++)
			json_array_append_new(list, call(executor, square, n));
		show(list);
		executor_free(executor);
	}
}

static void map_in_order_of_input(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 2);
		show(all_of(executor_map(executor, nap, json_pack("[iiii]", 200, 1, 2, 3), 1)));
		show(all_of(executor_map(executor, square, range(10), 4)));
		show(all_of(executor_map(executor, square, json_array(), 1)));
		executor_free(executor);
	}
}

static void map_ends_with_an_error(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 2);
		struct pool_iterator *results = executor_map(executor, no_threes, range(6), 1);
		json_t *value;
		while ((value = pool_next(results)) != NULL)
			show(value);
		pair_line("raised %s", pool_error());
		if (pool_next(results) == NULL && errno == 0)
			pair_line("then nothing");
		pool_iterator_free(results);
		executor_free(executor);
	}
}

static void completed_in_order_of_completion(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 3);
		struct future *futures[3], *future;
		json_t *list = json_array();
		submit_all(executor, nap, (const int[]){900, 10, 450}, 3, futures);
		for (size_t at = 0; (future = future_as_completed(futures, 3, &at, -1)) != NULL;)
			json_array_append_new(list, future_result(future, -1));
		show(list);
		free_all(futures, 3);
		executor_free(executor);
	}
}

static struct semaphore *allowed[3];

static json_t *when_allowed(json_t *which)
{
	semaphore_acquire(allowed[json_integer_value(which)]);
	return json_incref(which);
}

/* Each is allowed to end once the one before it has come. */
static void completed_of_two_executors(void)
{
	static const int order[] = {2, 0, 1};
	for (int i = 0; i < 3; i++)
		allowed[i] = semaphore_new("allowed", 0);
	struct executor *executors[2] = {make(PROCESSES, 2), make(THREADS, 1)};
	struct future *futures[3];
	for (int i = 0; i < 3; i++)
		futures[i] = executor_submit(executors[i % 2], when_allowed, json_integer(i));
	for (size_t at = 0; at < 3;) {
		semaphore_release(allowed[order[at]]);
		pair_line("%d", result_of(future_as_completed(futures, 3, &at, -1)));
	}
	pair_line("%ld", future_wait(futures, 3, -1, ALL_COMPLETED));
	free_all(futures, 3);
	executor_free(executors[0]);
	executor_free(executors[1]);
}

static void as_completed_in_time(void)
{
	struct executor *executor = make(THREADS, 2);
	struct future *futures[2], *future;
	submit_all(executor, nap, (const int[]){1, 800}, 2, futures);
	for (size_t at = 0; (future = future_as_completed(futures, 2, &at, 0.3)) != NULL;)
		pair_line("%d", result_of(future));
	if (errno == ETIMEDOUT)
		pair_line("timeout");
	executor_shutdown(executor, true, false);
	free_all(futures, 2);
	executor_free(executor);
}

static void first_completed(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 2);
		struct future *futures[2];
		submit_all(executor, nap, (const int[]){800, 10}, 2, futures);
		long done = future_wait(futures, 2, -1, FIRST_COMPLETED);
		pair_line("%ld %ld %d", done, 2 - done, result_of(futures[0]));
		executor_shutdown(executor, true, false);
		free_all(futures, 2);
		executor_free(executor);
	}
}

static void first_exception(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 2);
		struct future *futures[3] = {
			executor_submit(executor, nap, json_integer(800)), executor_submit(executor, no_threes, json_integer(2)),
			executor_submit(executor, no_threes, json_integer(3))};
		long done = future_wait(futures, 3, -1, FIRST_EXCEPTION);
		pair_line("%ld %ld", done, 3 - done);
		executor_shutdown(executor, true, false);
		free_all(futures, 3);
		executor_free(executor);
	}
}

static void all_completed(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 2);
		struct future *futures[6];
		submit_all(executor, no_threes, (const int[]){0, 1, 2, 3, 4, 5}, 6, futures);
		long done = future_wait(futures, 6, -1, ALL_COMPLETED);
		pair_line("%ld %ld", done, 6 - done);
		free_all(futures, 6);
		executor_free(executor);
	}
}

static void wait_in_time(void)
{
	struct executor *executor = make(THREADS, 2);
	struct future *futures[2];
	submit_all(executor, nap, (const int[]){1, 800}, 2, futures);
	long done = future_wait(futures, 2, 0.3, ALL_COMPLETED);
	pair_line("%ld %ld", done, 2 - done);
	executor_shutdown(executor, true, false);
	free_all(futures, 2);
	executor_free(executor);
}

static void result_in_time(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 1);
		struct future *future = executor_submit(executor, nap, json_integer(600));
		if (future_result(future, 0.05) == NULL && errno == ETIMEDOUT)
			pair_line("timeout");
		int result = integer(future_result(future, 20));
		const char *raised = future_exception(future, -1);
		pair_line("%d %s %s", result, raised != NULL ? raised : "None", pair_bool(future_done(future)));
		future_free(future);
		executor_free(executor);
	}
}

static void exception_of_a_call(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 1);
		struct future *future = executor_submit(executor, no_threes, json_integer(13));
		pair_line("exception %s", future_exception(future, -1));
		if (future_result(future, -1) == NULL && errno == EREMOTEIO)
			pair_line("raised %s", pool_error());
		future_free(future);
		show(call(executor, no_threes, 4));
		executor_free(executor);
	}
}

static void cancel_what_waits(void)
{
	struct executor *executor = make(THREADS, 1);
	allowed[0] = semaphore_new("allowed", 0);
	struct future *first = executor_submit(executor, when_allowed, json_integer(0));
	while (!future_running(first))
		clock_sleep(0.001);
	struct future *second = executor_submit(executor, nap, json_integer(1));
	bool running = future_running(second), cancelled = future_cancel(second), again = future_cancel(second);
	pair_line("%s %s %s %s %s", pair_bool(running), pair_bool(cancelled), pair_bool(again),
	          pair_bool(future_cancelled(second)), pair_bool(future_done(second)));
	cancelled = future_cancel(first);
	pair_line("%s %s %s", pair_bool(cancelled), pair_bool(future_cancelled(first)), pair_bool(future_done(first)));
	if (future_result(second, -1) == NULL && errno == ECANCELED)
		pair_line("cancelled");
	semaphore_release(allowed[0]);
	executor_shutdown(executor, true, false);
	cancelled = future_cancel(first);
	pair_line("%s %s", pair_bool(cancelled), pair_bool(future_done(first)));
	future_free(first);
	future_free(second);
	executor_free(executor);
}

static void few_are_given_in_advance(void)
{
	struct executor *executor = make(PROCESSES, 1);
	struct future *futures[8];
	allowed[0] = semaphore_new("allowed", 0);
	submit_all(executor, when_allowed, (const int[]){0, 0, 0, 0, 0, 0, 0, 0}, 8, futures);
	while (!future_running(futures[1]))
		clock_sleep(0.001);
	bool off[8];
	for (size_t i = 0; i < 8; i++)
		off[i] = future_cancel(futures[i]);
	pair_line("[%s, %s] [%s, %s, %s, %s, %s]", pair_bool(off[0]), pair_bool(off[1]), pair_bool(off[3]),
	          pair_bool(off[4]), pair_bool(off[5]), pair_bool(off[6]), pair_bool(off[7]));
	for (int i = 0; i < 8; i++)
		semaphore_release(allowed[0]);
	executor_shutdown(executor, true, false);
	free_all(futures, 8);
	executor_free(executor);
}

struct called {
	int number;
	bool done;
	int result;
	pid_t parent;
};

static void note_called(struct future *future, void *context)
{
	struct called *called = context;
	called->done = future_done(future);
	called->result = result_of(future);
	pair_line("%d %s %d %s", called->number, pair_bool(called->done), called->result,
	          pair_bool(called->parent == getpid()));
}

static void tell_late(struct future *future, void *context)
{
	(void)context;
	pair_line("late %d", result_of(future));
}

static void callbacks_in_order(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 1);
		struct future *future = executor_submit(executor, nap, json_integer(300));
		struct called called[3] = {{.number = 0}, {.number = 1}, {.number = 2}};
		for (size_t i = 0; i < 3; i++) {
			called[i].parent = getpid();
			future_add_done_callback(future, note_called, &called[i]);
		}
		executor_shutdown(executor, true, false);
		future_add_done_callback(future, tell_late, NULL);
		future_free(future);
		executor_free(executor);
	}
}

static void tell_cancelled(struct future *future, void *context)
{
	(void)context;
	pair_line("called %s", pair_bool(future_cancelled(future)));
}

static void callback_of_a_cancelled_one(void)
{
	struct executor *executor = make(THREADS, 1);
	struct future *first = executor_submit(executor, nap, json_integer(300));
	struct future *future = executor_submit(executor, nap, json_integer(1));
	future_add_done_callback(future, tell_cancelled, NULL);
	future_cancel(future);
	pair_line("cancelled");
	executor_shutdown(executor, true, false);
	future_free(first);
	future_free(future);
	executor_free(executor);
}

static void nothing_after_shutdown(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 1);
		struct future *future = executor_submit(executor, nap, json_integer(200));
		executor_shutdown(executor, false, false);
		if (executor_submit(executor, square, json_integer(1)) == NULL)
			pair_line("%s", pool_error());
		pair_line("%d", result_of(future));
		executor_shutdown(executor, true, false);
		executor_shutdown(executor, true, false);
		pair_line("twice");
		future_free(future);
		executor_free(executor);
	}
}

static void shutdown_waits(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 2);
		struct future *futures[6];
		submit_all(executor, nap, (const int[]){50, 50, 50, 50, 50, 50}, 6, futures);
		executor_shutdown(executor, true, false);
		bool done[6];
		for (size_t i = 0; i < 6; i++)
			done[i] = future_done(futures[i]);
		pair_line("[%s, %s, %s, %s, %s, %s]", pair_bool(done[0]), pair_bool(done[1]), pair_bool(done[2]),
		          pair_bool(done[3]), pair_bool(done[4]), pair_bool(done[5]));
		free_all(futures, 6);
		executor_free(executor);
	}
}

static void shutdown_cancels(void)
{
	struct executor *executor = make(THREADS, 1);
	struct future *first = executor_submit(executor, nap, json_integer(400)), *rest[5];
	while (!future_running(first))
		clock_sleep(0.001);
	submit_all(executor, nap, (const int[]){1, 1, 1, 1, 1}, 5, rest);
	executor_shutdown(executor, true, true);
	bool off[5];
	for (size_t i = 0; i < 5; i++)
		off[i] = future_cancelled(rest[i]);
	pair_line("%s [%s, %s, %s, %s, %s]", pair_bool(future_cancelled(first)), pair_bool(off[0]), pair_bool(off[1]),
	          pair_bool(off[2]), pair_bool(off[3]), pair_bool(off[4]));
	future_free(first);
	free_all(rest, 5);
	executor_free(executor);
}

static void broken_by_a_kill(void)
{
	struct executor *executor = make(PROCESSES, 2);
	struct future *futures[10];
	futures[0] = executor_submit(executor, nap, json_integer(20000));
	futures[1] = executor_submit(executor, killed, json_integer(200));
	submit_all(executor, nap, (const int[]){1, 1, 1, 1, 1, 1, 1, 1}, 8, futures + 2);
	int broken = 0;
	for (size_t i = 0; i < 10; i++) {
		json_t *value = future_result(futures[i], 20);
		broken += value == NULL && errno == EPIPE;
		json_decref(value);
	}
	json_t *value = future_result(futures[0], -1);
	pair_line("%s %s", pair_bool(broken > 0), pair_bool(value == NULL && errno == EPIPE));
	pair_line("%s", pool_error());
	if (executor_submit(executor, square, json_integer(1)) == NULL && errno == EPIPE)
		pair_line("%s", pool_error());
	executor_shutdown(executor, true, false);
	free_all(futures, 10);
	executor_free(executor);
}

static void name_in(int kind, pool_function *function)
{
	struct executor *executor = make(kind, 1);
	json_t *name = call(executor, function, 0);
	pair_line("%s", json_string_value(name));
	json_decref(name);
	executor_free(executor);
}

static void names_of_workers(void)
{
	name_in(PROCESSES, own_process_name);
	name_in(THREADS, own_thread_name);
	name_in(THREADS, own_thread_name);
}

static void threads_only_when_needed(void)
{
	struct executor *executor = make(THREADS, 4);
	for (int i = 0; i < 10; i++) {
		json_decref(call(executor, own_thread_name, 0));
		clock_sleep(0.02);
	}
	pair_line("%zu", executor_workers(executor, NULL, 0));
	executor_free(executor);
}

static void work_is_in_other_processes(void)
{
	for (int kind = 0; kind < KINDS; kind++) {
		struct executor *executor = make(kind, 1);
		pair_line("%s", pair_bool(integer(call(executor, own_pid, 0)) == getpid()));
		executor_free(executor);
	}
}

static void no_workers(void)
{
	for (int kind = 0; kind < KINDS; kind++)
		for (int workers = 0; workers >= -1; workers--)
			if (make(kind, workers) == NULL && errno == EINVAL)
				pair_line("refused %d", workers);
}

static void tell_finished(struct future *future, void *context)
{
	(void)context;
	pair_line("done %d", result_of(future));
}

static void left_to_itself(void)
{
	struct executor *executor = make(THREADS, 1);
	future_add_done_callback(executor_submit(executor, nap, json_integer(100)), tell_finished, NULL);
}

/* ---- ThreadPool ---- */

static int by_value(const void *a, const void *b)
{
	json_int_t x = json_integer_value(*(json_t *const *)a), y = json_integer_value(*(json_t *const *)b);
	return (x > y) - (x < y);
}

static json_t *sorted(json_t *list)
{
	json_t *values[16], *ordered = json_array();
	size_t count = json_array_size(list);
	for (size_t i = 0; i < count; i++)
		values[i] = json_array_get(list, i);
	qsort(values, count, sizeof *values, by_value);
	for (size_t i = 0; i < count; i++)
		json_array_append(ordered, values[i]);
	json_decref(list);
	return ordered;
}

static void thread_pool_maps(void)
{
	struct pool *pool = thread_pool_new("pool", 3);
	show(pool_map(pool, nap, json_pack("[iiii]", 200, 1, 2, 3), 1));
	show(pool_starmap(pool, larger, json_pack("[[ii][ii]]", 1, 2, 4, 3), 0));
	show(all_of(pool_imap(pool, square, range(7), 3)));
	show(sorted(all_of(pool_imap_unordered(pool, square, range(7), 1))));
	pool_close(pool);
	pool_join(pool);
	pool_free(pool);
}

static void thread_pool_is_here(void)
{
	struct pool *pool = thread_pool_new("pool", 2);
	pair_line("%s", pair_bool(integer(pool_apply(pool, own_pid, json_integer(0))) == getpid()));
	json_t *pids = pool_map(pool, own_pid, range(10), 0);
	bool all = true;
	for (size_t i = 0; i < 10; i++)
		all = all && json_integer_value(json_array_get(pids, i)) == getpid();
	pair_line("%s", pair_bool(all));
	json_decref(pids);
	pool_terminate(pool);
	pool_join(pool);
	pool_free(pool);
}

static void tell_value(json_t *value, void *context)
{
	(void)context;
	pair_line("callback %d", (int)json_integer_value(value));
}

static void thread_pool_errors(void)
{
	struct pool *pool = thread_pool_new("pool", 2);
	if (pool_map(pool, no_threes, range(5), 0) == NULL)
		pair_line("raised %s", pool_error());
	struct pool_result *result = pool_apply_async_then(pool, nap, json_integer(400),
	                                                   &(struct pool_callbacks){.done = tell_value});
	if (pool_result_get(result, 0.05) == NULL && errno == ETIMEDOUT)
		pair_line("timeout");
	show(pool_result_get(result, -1));
	if (pool_join(pool) == -EBUSY)
		pair_line("Pool is still running");
	pool_close(pool);
	if (pool_apply(pool, square, json_integer(1)) == NULL)
		pair_line("%s", pool_error());
	pool_join(pool);
	pool_result_free(result);
	pool_free(pool);
}

static void thread_pool_terminated(void)
{
	struct pool *pool = thread_pool_new("pool", 2);
	json_t *items = json_array();
	for (int i = 0; i < 10000; i++)
		json_array_append_new(items, json_integer(100));
	struct pool_result *result = pool_map_async(pool, nap, items, 1);
	pool_terminate(pool);
	pool_join(pool);
	pair_line("%s", pair_bool(pool_result_ready(result)));
	pool_result_free(result);
	pool_free(pool);
}

#define PAIR(name) {#name, name}

const struct pair pairs[] = {
	PAIR(submit_and_result), PAIR(map_in_order_of_input), PAIR(map_ends_with_an_error),
	PAIR(completed_in_order_of_completion), PAIR(completed_of_two_executors), PAIR(as_completed_in_time), PAIR(first_completed),
	PAIR(first_exception), PAIR(all_completed), PAIR(wait_in_time), PAIR(result_in_time),
	PAIR(exception_of_a_call), PAIR(cancel_what_waits), PAIR(few_are_given_in_advance),
	PAIR(callbacks_in_order), PAIR(callback_of_a_cancelled_one), PAIR(nothing_after_shutdown),
	PAIR(shutdown_waits), PAIR(shutdown_cancels), PAIR(broken_by_a_kill), PAIR(names_of_workers),
	PAIR(threads_only_when_needed), PAIR(work_is_in_other_processes), PAIR(no_workers), PAIR(left_to_itself),
	PAIR(thread_pool_maps), PAIR(thread_pool_is_here), PAIR(thread_pool_errors), PAIR(thread_pool_terminated), {0}};
