/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "children.h"
#include "mp/event.h"
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

static void test_taken_once(void **state)
{
	(void)state;
	struct lock *lock = lock_new("lock");
	assert_true(lock_try_acquire(lock));
	assert_false(lock_try_acquire(lock));
	assert_false(lock_acquire_timeout(lock, 0));
	assert_false(lock_acquire_timeout(lock, -1)); /* as Python: no time at all */
	assert_int_equal(lock_release(lock), 0);
	assert_true(lock_acquire_timeout(lock, 0.01));
	assert_int_equal(lock_release(lock), 0);
	lock_acquire(lock);
	assert_int_equal(lock_release(lock), 0);
	lock_free(lock);
}

static void test_released_too_often(void **state)
{
	(void)state;
	struct lock *lock = lock_new("lock");
	assert_int_equal(lock_release(lock), -EPERM);
	lock_acquire(lock);
	assert_int_equal(lock_release(lock), 0);
	assert_int_equal(lock_release(lock), -EPERM);
	assert_true(lock_try_acquire(lock));
	assert_false(lock_try_acquire(lock)); /* the refused releases left it a lock of one */
	lock_free(lock);
}

static void release(void *argument)
{
	process_exit(lock_release(argument) == 0 ? 0 : 1);
}

/* It has no owner. */
static void test_released_by_another(void **state)
{
	(void)state;
	struct lock *lock = lock_new("lock");
	lock_acquire(lock);
	assert_int_equal(run_to_end(release, lock), 0);
	assert_true(lock_try_acquire(lock));
	lock_free(lock);
}

struct holding {
	struct lock *lock;
	struct event *held;
};

static void hold_for_ever(void *argument)
{
	struct holding *holding = argument;
	lock_acquire(holding->lock);
	event_set(holding->held);
	for (;;)
		pause();
}

static void test_killed_holder_keeps_it(void **state)
{
	(void)state;
	struct holding holding = {lock_new("lock"), event_new("held")};
	struct process *process = process_new(NULL, hold_for_ever, &holding);
	process_start(process);
	event_wait(holding.held);
	process_kill(process);
	process_join(process);
	assert_false(lock_acquire_timeout(holding.lock, 0.02));
	assert_int_equal(lock_release(holding.lock), 0);
	assert_true(lock_try_acquire(holding.lock));
	process_free(process);
	lock_free(holding.lock);
	event_free(holding.held);
}

static void test_timeout_never_early(void **state)
{
	(void)state;
	struct lock *lock = lock_new("lock");
	lock_acquire(lock);
	interrupt_often();
	double before = seconds_now();
	bool got = lock_acquire_timeout(lock, 0.05);
	double waited = seconds_now() - before;
	interrupt_no_more();
	assert_false(got);
	assert_true(waited >= 0.05);
	lock_free(lock);
}

struct counting {
	struct lock *lock;
	struct value *counter;
	struct value *inside;
};

static void count(void *argument)
{
	struct counting *work = argument;
	interrupt_often();
	for (int i = 0; i < ROUNDS; i++) {
		lock_acquire(work->lock);
		value_set(work->inside, value_get(work->inside) + 1);
		if (value_get(work->inside) != 1)
			process_exit(1);
		value_set(work->counter, value_get(work->counter) + 1);
		value_set(work->inside, value_get(work->inside) - 1);
		if (lock_release(work->lock) != 0)
			process_exit(2);
	}
}

/* Among signals too. */
static void test_one_at_a_time(void **state)
{
	(void)state;
	struct counting work = {lock_new("lock"), value_new("counter", 0), value_new("inside", 0)};
	struct process *workers[WORKERS];
	for (int i = 0; i < WORKERS; i++) {
		workers[i] = process_new(NULL, count, &work);
		process_start(workers[i]);
	}
	for (int i = 0; i < WORKERS; i++) {
		int code = -1;
		process_join(workers[i]);
		assert_true(process_exitcode(workers[i], &code));
		assert_int_equal(code, 0);
		process_free(workers[i]);
	}
	assert_int_equal(value_get(work.counter), WORKERS * ROUNDS);
	lock_free(work.lock);
	value_free(work.counter);
	value_free(work.inside);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken_once),
		cmocka_unit_test(test_released_too_often),
		cmocka_unit_test(test_released_by_another),
		cmocka_unit_test(test_killed_holder_keeps_it),
		cmocka_unit_test(test_timeout_never_early),
		cmocka_unit_test(test_one_at_a_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
