/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "mp/lock.h"
#include "mp/process.h"
#include "mp/value.h"

enum { WORKERS = 3, ROUNDS = 20000 };

static int run_to_end(void (*target)(void *), void *argument)
{
	struct process *process = process_new(NULL, target, argument);
	int code = 1000;
	process_start(process);
	process_join(process);
	process_exitcode(process, &code);
	process_free(process);
	return code;
}

static void test_integers_come_back(void **state)
{
	(void)state;
	static const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN, 0x123456789abcdef0};
	struct value *value = value_new("value", 200);
	assert_int_equal(value_get(value), 200);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		value_set(value, numbers[i]);
		assert_true(value_get(value) == numbers[i]);
	}
	value_free(value);
}

static void test_reals_come_back(void **state)
{
	(void)state;
	static const double numbers[] = {0.0, -0.0, 5.0, 0.1, -1e308, 5e-324};
	struct value *value = value_new_real("value", 2.5);
	assert_true(value_get_real(value) == 2.5);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		value_set_real(value, numbers[i]);
		double seen = value_get_real(value);
		assert_memory_equal(&seen, &numbers[i], sizeof seen);
	}
	value_free(value);
}

static void test_arrays_start_at_zero(void **state)
{
	(void)state;
	struct array *integers = array_new("integers", 10000), *reals = array_new_real("reals", 3);
	assert_int_equal(array_length(integers), 10000);
	for (size_t i = 0; i < 10000; i++)
		assert_int_equal(array_get(integers, i), 0);
	for (size_t i = 0; i < 3; i++)
		assert_true(array_get_real(reals, i) == 0.0);
	array_set(integers, 9999, -7);
	array_set_real(reals, 2, 0.5);
	assert_int_equal(array_get(integers, 9999), -7);
	assert_int_equal(array_get(integers, 9998), 0);
	assert_true(array_get_real(reals, 2) == 0.5);
	array_free(integers);
	array_free(reals);
}

static void read_past_end(void *argument)
{
	close(STDERR_FILENO);
	array_get(argument, 3);
}

static void write_past_end(void *argument)
{
	close(STDERR_FILENO);
	array_set_real(argument, (size_t)-1, 1.0);
}

static void test_bounds(void **state)
{
	(void)state;
	struct array *array = array_new_real("array", 3);
	assert_int_equal(run_to_end(read_past_end, array), 1);
	assert_int_equal(run_to_end(write_past_end, array), 1);
	array_free(array);
	struct array *empty = array_new("empty", 0);
	assert_int_equal(array_length(empty), 0);
	array_free(empty);
	value_free(NULL);
	array_free(NULL);
}

struct squares {
	struct array *numbers;
	struct value *sum;
};

static void square_all(void *argument)
{
	struct squares *work = argument;
	double sum = 0;
	for (size_t i = 0; i < array_length(work->numbers); i++) {
		int64_t number = array_get(work->numbers, i);
		array_set(work->numbers, i, number * number);
		sum += (double)number;
	}
	value_set_real(work->sum, sum);
}

static void test_shared_with_children(void **state)
{
	(void)state;
	static const int64_t numbers[] = {2, 3, 5}, expected[] = {4, 9, 25};
	struct squares work = {array_new("numbers", 3), value_new_real("sum", 0)};
	for (size_t i = 0; i < 3; i++)
		array_set(work.numbers, i, numbers[i]);
	assert_int_equal(run_to_end(square_all, &work), 0);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(array_get(work.numbers, i), expected[i]);
	assert_true(value_get_real(work.sum) == 10.0);
	array_free(work.numbers);
	value_free(work.sum);
}

static void add_with_lock(void *argument)
{
	struct value *value = argument;
	for (int i = 0; i < ROUNDS; i++) {
		lock_acquire(value_lock(value));
		value_set(value, value_get(value) + 1);
		lock_release(value_lock(value));
	}
}

static void test_own_lock_makes_it_whole(void **state)
{
	(void)state;
	struct value *value = value_new("counter", 0);
	struct array *array = array_new("array", 1);
	assert_ptr_equal(value_lock(value), value_lock(value));
	assert_true(lock_try_acquire(array_lock(array)));
	assert_false(lock_try_acquire(array_lock(array)));
	assert_true(lock_try_acquire(value_lock(value))); /* each has its own */
	assert_int_equal(lock_release(value_lock(value)), 0);
	struct process *workers[WORKERS];
	for (int i = 0; i < WORKERS; i++) {
		workers[i] = process_new(NULL, add_with_lock, value);
		process_start(workers[i]);
	}
	for (int i = 0; i < WORKERS; i++) {
		process_join(workers[i]);
		process_free(workers[i]);
	}
	assert_int_equal(value_get(value), WORKERS * ROUNDS);
	value_free(value);
	array_free(array);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers_come_back),
		cmocka_unit_test(test_reals_come_back),
		cmocka_unit_test(test_arrays_start_at_zero),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_shared_with_children),
		cmocka_unit_test(test_own_lock_makes_it_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
