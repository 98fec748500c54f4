/* SPDX-License-Identifier: MIT */
/* Pool: what SEMANTICS promises of it, with real workers, unwatched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "children.h"
#include "mp/pool.h"
#include "mp/process.h"

enum { LIMIT = 20 };

/* ---- what workers do ---- */

static json_t *square(json_t *argument)
{
	json_int_t n = json_integer_value(argument);
	return json_integer(n * n);
}

static json_t *same(json_t *argument)
{
	return json_incref(argument);
}

static json_t *own_pid(json_t *argument)
{
	(void)argument;
	return json_integer(getpid());
}

static json_t *no_sevens(json_t *argument)
{
	json_int_t n = json_integer_value(argument);
	return n % 10 == 7 ? pool_raise("%lld is a seven", (long long)n) : json_integer(n);
}

static json_t *forgetful(json_t *argument)
{
	(void)argument;
	return NULL;
}

static json_t *lent(json_t *argument)
{
	return argument;
}

static json_t *unspeakable(json_t *argument)
{
	(void)argument;
	return json_pack("[o]", json_stringn_nocheck("\xff", 1));
}

static json_t *killed_at_three(json_t *argument)
{
	if (json_integer_value(argument) == 3)
		raise(SIGKILL);
	return json_incref(argument);
}

static json_t *sleep_long(json_t *argument)
{
	(void)argument;
	sleep(1000);
	return json_null();
}

/* Shared by parent and workers: the pool's tasks meet here, no sleeping needed. */
static volatile int *board;

static json_t *wait_for_release(json_t *argument)
{
	__atomic_fetch_add(&board[0], 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&board[1], __ATOMIC_SEQ_CST) == 0)
		usleep(200);
	return json_incref(argument);
}

/* Two tasks that can only end together. */
static json_t *meet(json_t *argument)
{
	__atomic_fetch_add(&board[2], 1, __ATOMIC_SEQ_CST);
	double limit = seconds_now() + LIMIT;
	while (__atomic_load_n(&board[2], __ATOMIC_SEQ_CST) < 2 && seconds_now() < limit)
		usleep(200);
	return json_boolean(board[2] == 2 && argument != NULL);
}

static int set_up(void **state)
{
	(void)state;
	if (board == NULL)
		board = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	memset((void *)(uintptr_t)board, 0, 4096);
	return 0;
}

static json_t *range(int count)
{
	json_t *items = json_array();
	for (int i = 0; i < count; i++)
		json_array_append_new(items, json_integer(i));
	return items;
}

/* ---- map ---- */

/* Truth 1: the golden table of pool.py:480. */
static void default_chunks_are_pythons(void **state)
{
	(void)state;
	static const struct { size_t items; int workers; size_t chunk, tasks; } golden[] = {
		{16, 4, 1, 16}, {17, 4, 2, 9}, {100, 4, 7, 15}, {100, 3, 9, 12}, {9, 2, 2, 5}, {1000, 4, 63, 16},
		{100000, 4, 6250, 16}, {0, 4, 0, 0}, {1, 1, 1, 1},
	};
	for (size_t i = 0; i < sizeof golden / sizeof golden[0]; i++) {
		size_t chunk = pool_default_chunk(golden[i].items, golden[i].workers);
		assert_int_equal(chunk, golden[i].chunk);
		assert_int_equal(chunk == 0 ? 0 : (golden[i].items + chunk - 1) / chunk, golden[i].tasks);
	}
}

static void expect_squares(json_t *got, size_t count)
{
	assert_non_null(got);
	assert_int_equal(json_array_size(got), count);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(json_integer_value(json_array_get(got, i)), i * i);
	json_decref(got);
}

static void map_keeps_the_order(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 3);
	static const size_t chunks[] = {0, 1, 7, 1000, 5000};
	for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++)
		expect_squares(pool_map(pool, square, range(1000), chunks[i]), 1000);
	expect_squares(pool_map(pool, square, json_array(), 0), 0);
	expect_squares(pool_map(pool, square, range(1), 0), 1);
	pool_close(pool);
	assert_int_equal(pool_join(pool), 0);
	pool_free(pool);
}

/* The first item is done when all the others are. */
static json_t *first_is_last(json_t *argument)
{
	if (json_integer_value(argument) != 0)
		__atomic_fetch_add(&board[0], 1, __ATOMIC_SEQ_CST);
	double limit = seconds_now() + LIMIT;
	while (json_integer_value(argument) == 0 && __atomic_load_n(&board[0], __ATOMIC_SEQ_CST) < 9 &&
	       seconds_now() < limit)
		usleep(200);
	return json_incref(argument);
}

static void map_keeps_the_order_of_late_results(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 2);
	json_t *items = range(10), *got = pool_map(pool, first_is_last, json_incref(items), 1);
	assert_true(json_equal(got, items));
	json_decref(got);
	json_decref(items);
	pool_free(pool);
}

/* Far more than the task pipe holds: the task handler moves the rest. */
static void map_of_more_than_the_pipe_holds(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 2);
	expect_squares(pool_map(pool, square, range(20000), 1), 20000);
	pool_close(pool);
	assert_int_equal(pool_join(pool), 0);
	pool_free(pool);
}

static void any_value_goes_there_and_back(void **state)
{
	(void)state;
	json_error_t error;
	char *long_string = calloc(1, 200001);
	memset(long_string, 'y', 200000);
	json_t *values = json_loads("[1, -1.5, \"x\", null, true, {\"a\": [1, 2]}, []]", 0, &error);
	json_array_append_new(values, json_string(long_string));
	struct pool *pool = pool_new("p", 2);
	for (size_t chunk = 0; chunk < 3; chunk++) {
		json_t *got = pool_map(pool, same, json_incref(values), chunk);
		assert_true(json_equal(got, values));
		json_decref(got);
	}
	json_decref(values);
	free(long_string);
	pool_free(pool);
}

/* ---- errors ---- */

static void an_error_leaves_the_pool_usable(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 2);
	assert_null(pool_map(pool, no_sevens, range(10), 1));
	assert_int_equal(errno, EREMOTEIO);
	assert_string_equal(pool_error(), "7 is a seven");
	expect_squares(pool_map(pool, square, range(20), 0), 20);
	assert_null(pool_apply(pool, forgetful, json_null()));
	assert_int_equal(errno, EREMOTEIO);
	assert_string_equal(pool_error(), "the function returned nothing");
	assert_null(pool_map(pool, lent, range(20), 0));
	assert_non_null(strstr(pool_error(), "only lent to it"));
	assert_null(pool_apply(pool, unspeakable, json_null()));
	assert_string_equal(pool_error(), "a result cannot be passed to another process");
	assert_null(pool_apply(pool, same, json_pack("[o]", json_stringn_nocheck("\xff", 1))));
	assert_string_equal(pool_error(), "an argument cannot be passed to another process");
	pool_free(pool);
}

static json_t *count_and_raise(json_t *argument)
{
	__atomic_fetch_add(&board[0], 1, __ATOMIC_SEQ_CST);
	return json_integer_value(argument) == 0 ? pool_raise("the first") : json_incref(argument);
}

/* Truth 3: map is not fail-fast; every chunk has been worked on when it raises. */
static void map_raises_after_every_chunk(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 2);
	assert_null(pool_map(pool, count_and_raise, range(50), 1));
	assert_string_equal(pool_error(), "the first");
	assert_int_equal(board[0], 50);
	pool_free(pool);
}

static void wrong_uses_are_refused(void **state)
{
	(void)state;
	errno = 0;
	assert_null(pool_new("p", 0));
	assert_int_equal(errno, EINVAL);
	assert_null(pool_new("p", -1));
	struct pool *pool = pool_new("p", 1);
	assert_int_equal(pool_join(pool), -EBUSY); /* truth 4: "Pool is still running" */
	pool_close(pool);
	assert_null(pool_map(pool, square, range(3), 0));
	assert_int_equal(errno, EINVAL);
	assert_null(pool_apply_async(pool, square, json_integer(1)));
	assert_null(pool_imap(pool, square, range(3), 1));
	assert_int_equal(pool_join(pool), 0);
	pool_terminate(pool);
	assert_null(pool_apply(pool, square, json_integer(1)));
	pool_free(pool);
}

/* ---- apply ---- */

/* Truth 6: apply never runs two at once, apply_async does. */
static void apply_async_overlaps(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 2);
	struct pool_result *one = pool_apply_async(pool, meet, json_null());
	struct pool_result *two = pool_apply_async(pool, meet, json_null());
	json_t *first = pool_result_get(one, LIMIT), *second = pool_result_get(two, LIMIT);
	assert_true(json_is_true(first) && json_is_true(second));
	json_decref(pool_result_get(one, 0)); /* it may be asked again */
	pool_result_free(one);
	pool_result_free(two);
	pool_free(pool);
}

static void get_has_a_time_limit(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 1);
	struct pool_result *result = pool_apply_async(pool, wait_for_release, json_integer(5));
	assert_false(pool_result_ready(result));
	double start = seconds_now();
	assert_null(pool_result_get(result, 0.03));
	assert_int_equal(errno, ETIMEDOUT);
	assert_true(seconds_now() - start >= 0.03);
	board[1] = 1;
	json_t *got = pool_result_get(result, -1);
	assert_int_equal(json_integer_value(got), 5);
	json_decref(got);
	assert_true(pool_result_ready(result));
	pool_result_free(result);
	json_t *again = pool_apply(pool, square, json_integer(9));
	assert_int_equal(json_integer_value(again), 81);
	json_decref(again);
	pool_free(pool);
}

/* ---- imap ---- */

static void imap_keeps_the_order(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 3);
	for (size_t chunk = 0; chunk < 8; chunk += 7) {
		struct pool_iterator *iterator = pool_imap(pool, square, range(100), chunk);
		for (int i = 0; i < 100; i++) {
			json_t *item = pool_next(iterator);
			assert_int_equal(json_integer_value(item), i * i);
			json_decref(item);
		}
		assert_null(pool_next(iterator));
		assert_int_equal(errno, 0);
		pool_iterator_free(iterator);
	}
	pool_free(pool);
}

static void imap_raises_where_the_item_is(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 2);
	struct pool_iterator *iterator = pool_imap(pool, no_sevens, range(10), 1);
	for (int i = 0; i < 10; i++) {
		json_t *item = pool_next(iterator);
		if (i == 7)
			assert_true(item == NULL && errno == EREMOTEIO);
		else
			assert_int_equal(json_integer_value(item), i);
		json_decref(item);
	}
	assert_null(pool_next(iterator));
	assert_int_equal(errno, 0);
	pool_iterator_free(iterator);
	pool_free(pool);
}

/* Truth 19: in the order of arrival. The first item ends only after the second has been received. */
static json_t *first_waits(json_t *argument)
{
	return json_integer_value(argument) == 0 ? wait_for_release(argument) : json_incref(argument);
}

static void imap_unordered_gives_what_is_there(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 2);
	struct pool_iterator *iterator = pool_imap_unordered(pool, first_waits, range(50), 1);
	int sum = 0;
	for (int i = 0; i < 50; i++) {
		json_t *item = pool_next(iterator);
		assert_non_null(item);
		if (i < 49)
			assert_true(json_integer_value(item) > 0);
		sum += (int)json_integer_value(item);
		json_decref(item);
		if (i == 48)
			board[1] = 1;
	}
	assert_int_equal(sum, 49 * 50 / 2);
	assert_null(pool_next(iterator));
	pool_iterator_free(iterator);
	pool_free(pool);
}

static void an_iterator_may_be_left(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 2);
	struct pool_iterator *iterator = pool_imap(pool, square, range(500), 1);
	json_decref(pool_next(iterator));
	pool_iterator_free(iterator);
	pool_close(pool); /* the rest is worked on all the same */
	assert_int_equal(pool_join(pool), 0);
	pool_free(pool);
}

/* ---- the end ---- */

static void terminate_with_much_to_do_is_quick(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 2);
	struct pool_result *result = pool_map_async(pool, sleep_long, range(10000), 1);
	double start = seconds_now();
	pool_terminate(pool);
	assert_true(seconds_now() - start < 5);
	assert_int_equal(pool_join(pool), 0);
	assert_false(pool_result_ready(result));
	pool_result_free(result);
	pool_free(pool);
}

static bool three_began(void *unused)
{
	(void)unused;
	return board[0] == 3;
}

/* close() and join() do all that was given; children end 0 and none is left. */
static void close_and_join_do_all(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 3);
	struct pool_result *result = pool_map_async(pool, wait_for_release, range(30), 1);
	assert_true(eventually(three_began, NULL, LIMIT));
	pool_close(pool);
	board[1] = 1;
	assert_int_equal(pool_join(pool), 0);
	assert_true(pool_result_ready(result));
	assert_int_equal(board[0], 30);
	pool_result_free(result);
	pool_free(pool);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* ---- a worker that is killed ---- */

/* Truth 5: its task is lost, a new worker takes its place, map never returns, the pool works on. */
static void a_killed_workers_task_is_lost(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 2);
	struct pool_result *result = pool_map_async(pool, killed_at_three, range(8), 1);
	assert_null(pool_result_get(result, 0.1));
	assert_int_equal(errno, ETIMEDOUT);
	/* Two at once: there are two workers again. */
	struct pool_result *one = pool_apply_async(pool, meet, json_null());
	struct pool_result *two = pool_apply_async(pool, meet, json_null());
	json_t *met = pool_result_get(one, LIMIT);
	assert_true(json_is_true(met));
	met = pool_result_get(two, LIMIT);
	assert_true(json_is_true(met));
	assert_false(pool_result_ready(result));
	pool_result_free(one);
	pool_result_free(two);
	pool_result_free(result);
	pool_terminate(pool);
	pool_free(pool);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* ---- names, signals, remains ---- */

static json_t *own_name(json_t *argument)
{
	(void)argument;
	return json_string(process_current_name());
}

/* Truth 7: ForkPoolWorker-N, from the counter of all children. */
static void workers_have_pythons_names(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 1);
	json_t *name = pool_apply(pool, own_name, json_null());
	assert_int_equal(strncmp(json_string_value(name), "ForkPoolWorker-", 15), 0);
	json_decref(name);
	json_t *pid = pool_apply(pool, own_pid, json_null());
	assert_true(json_integer_value(pid) != getpid());
	json_decref(pid);
	pool_free(pool);
}

static json_t *interrupted_square(json_t *argument)
{
	static bool begun;
	if (!begun)
		interrupt_often();
	begun = true;
	return square(argument);
}

static void signals_lose_nothing(void **state)
{
	(void)state;
	struct pool *pool = pool_new("p", 2);
	interrupt_often();
	for (int i = 0; i < 3; i++)
		expect_squares(pool_map(pool, interrupted_square, range(3000), 1), 3000);
	pool_close(pool);
	assert_int_equal(pool_join(pool), 0);
	interrupt_no_more();
	pool_free(pool);
}

static void leave_with_a_pool(void *argument)
{
	(void)argument;
	struct pool *pool = pool_new("p", 2);
	pool_map_async(pool, sleep_long, range(3), 1);
}

/* A process that ends without having closed its pool terminates it. */
static void a_forgotten_pool_goes_with_its_process(void **state)
{
	(void)state;
	struct process *process = process_new(NULL, leave_with_a_pool, NULL);
	int code = -1;
	process_start(process);
	process_join_timeout(process, LIMIT);
	assert_true(process_exitcode(process, &code));
	assert_int_equal(code, 0);
	process_free(process);
}

static void nothing_is_left_open(void **state)
{
	(void)state;
	int before = dup(STDIN_FILENO);
	close(before);
	for (int i = 1; i < 20; i++) {
		struct pool *pool = pool_new("p", i % 4 + 1);
		expect_squares(pool_map(pool, square, range(20), 1), 20);
		pool_free(pool);
	}
	int after = dup(STDIN_FILENO);
	close(after);
	assert_int_equal(before, after);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(default_chunks_are_pythons),
		TEST(map_keeps_the_order),
		TEST(map_keeps_the_order_of_late_results),
		TEST(map_of_more_than_the_pipe_holds),
		TEST(any_value_goes_there_and_back),
		TEST(an_error_leaves_the_pool_usable),
		TEST(map_raises_after_every_chunk),
		TEST(wrong_uses_are_refused),
		TEST(apply_async_overlaps),
		TEST(get_has_a_time_limit),
		TEST(imap_keeps_the_order),
		TEST(imap_raises_where_the_item_is),
		TEST(imap_unordered_gives_what_is_there),
		TEST(an_iterator_may_be_left),
		TEST(terminate_with_much_to_do_is_quick),
		TEST(close_and_join_do_all),
		TEST(a_killed_workers_task_is_lost),
		TEST(workers_have_pythons_names),
		TEST(signals_lose_nothing),
		TEST(a_forgotten_pool_goes_with_its_process),
		TEST(nothing_is_left_open),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
