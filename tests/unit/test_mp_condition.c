/* SPDX-License-Identifier: MIT */
/* Condition: who sleeps, who is woken, with which lock, unwatched and watched. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "children.h"
#include "mp/condition.h"
#include "mp/lock.h"
#include "mp/process.h"
#include "mp/rlock.h"
#include "mp/value.h"
#include "watched.h"

static bool never(void *argument)
{
	(void)argument;
	return false;
}

static void sleep_in_vain(void)
{
	struct condition *condition = condition_new("c");
	assert_int_equal(condition_wait(condition), -EPERM);
	assert_int_equal(condition_notify_all(condition), -EPERM);
	condition_acquire(condition);
	assert_int_equal(condition_wait_timeout(condition, 0.01), -ETIMEDOUT);
	assert_int_equal(condition_wait_for_timeout(condition, never, NULL, 0), -ETIMEDOUT);
	assert_int_equal(condition_notify(condition, 2), 0); /* who gave up is not waited for */
	assert_int_equal(condition_release(condition), 0);
	assert_int_equal(condition_release(condition), -EPERM);
	condition_free(condition);
}

static void nobody_notifies(void **state)
{
	(void)state;
	twice(sleep_in_vain, "rlock.acquire c.lock 1\nrlock.release c.lock\ncondition.woken c failed\n"
	                     "rlock.acquire c.lock 1\ncondition.notify c 2\nrlock.release c.lock\n"
	                     "rlock.release c.lock failed\n");
}

static void its_depth_comes_back(void **state)
{
	(void)state;
	struct rlock *rlock = rlock_new("r");
	struct condition *condition = condition_new_with_rlock("c", rlock);
	rlock_acquire(rlock);
	rlock_acquire(rlock);
	assert_int_equal(condition_wait_timeout(condition, 0.01), -ETIMEDOUT);
	assert_int_equal(rlock_release(rlock), 0);
	assert_int_equal(rlock_release(rlock), 0);
	assert_int_equal(rlock_release(rlock), -EPERM);
	condition_free(condition);
	rlock_free(rlock);
}

/* A number that goes up: each of two waits for its turn. */
struct turns {
	struct condition *condition;
	struct value *turn;
	int64_t remainder;
};

enum { TURNS = 400 };

static bool my_turn(void *argument)
{
	const struct turns *turns = argument;
	return value_get(turns->turn) % 2 == turns->remainder;
}

static void take_turns(void *argument)
{
	struct turns *turns = argument;
	for (int i = 0; i < TURNS; i++) {
		condition_acquire(turns->condition);
		if (condition_wait_for(turns->condition, my_turn, turns) != 0)
			process_exit(1);
		value_set(turns->turn, value_get(turns->turn) + 1);
		if (condition_notify(turns->condition, 1) != 0)
			process_exit(2);
		condition_release(turns->condition);
	}
}

static void check_turns(struct condition *condition)
{
	struct value *turn = value_new("turn", 0);
	struct turns turns[2] = {{condition, turn, 0}, {condition, turn, 1}};
	struct process *processes[2];
	for (int i = 0; i < 2; i++) {
		processes[i] = process_new(NULL, take_turns, &turns[i]);
		assert_int_equal(process_start(processes[i]), 0);
	}
	for (int i = 0; i < 2; i++) {
		int code = 1000;
		process_join(processes[i]);
		assert_true(process_exitcode(processes[i], &code));
		assert_int_equal(code, 0);
		process_free(processes[i]);
	}
	assert_int_equal(value_get(turn), 2 * TURNS);
	value_free(turn);
}

static void two_take_turns(void **state)
{
	(void)state;
	struct lock *lock = lock_new("l");
	struct condition *with_lock = condition_new_with_lock("c", lock), *with_rlock = condition_new("d");
	check_turns(with_lock);
	check_turns(with_rlock);
	condition_free(with_lock);
	condition_free(with_rlock);
	lock_free(lock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_notifies),
		cmocka_unit_test(its_depth_comes_back),
		cmocka_unit_test(two_take_turns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
