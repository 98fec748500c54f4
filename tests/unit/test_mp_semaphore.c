/* SPDX-License-Identifier: MIT */
/* Semaphore and BoundedSemaphore: counts, bounds and who waits, unwatched and watched. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "children.h"
#include "mp/process.h"
#include "mp/semaphore.h"
#include "mp/value.h"
#include "watched.h"

static void down_and_up(void)
{
	struct semaphore *semaphore = semaphore_new("s", 2);
	semaphore_acquire(semaphore);
	assert_int_equal(semaphore_value(semaphore), 1);
	assert_true(semaphore_acquire_timeout(semaphore, 1));
	assert_false(semaphore_try_acquire(semaphore));
	assert_false(semaphore_acquire_timeout(semaphore, -1));
	for (int i = 1; i <= 3; i++)
		assert_int_equal(semaphore_release(semaphore), 0);
	assert_int_equal(semaphore_value(semaphore), 3); /* above its start */
	semaphore_free(semaphore);
}

static void it_counts(void **state)
{
	(void)state;
	twice(down_and_up, "semaphore.acquire s\nsemaphore.get_value s 1\nsemaphore.acquire s\n"
	                   "semaphore.acquire s failed\nsemaphore.acquire s failed\nsemaphore.release s\n"
	                   "semaphore.release s\nsemaphore.release s\nsemaphore.get_value s 3\n");
}

static void up_to_the_bound(void)
{
	struct semaphore *semaphore = bounded_semaphore_new("b", 1);
	assert_int_equal(semaphore_release(semaphore), -EPERM);
	semaphore_acquire(semaphore);
	assert_int_equal(semaphore_release(semaphore), 0);
	assert_int_equal(semaphore_release(semaphore), -EPERM);
	assert_int_equal(semaphore_value(semaphore), 1);
	semaphore_free(semaphore);
}

static void a_bound_holds(void **state)
{
	(void)state;
	twice(up_to_the_bound, "semaphore.release b failed\nsemaphore.acquire b\nsemaphore.release b\n"
	                       "semaphore.release b failed\nsemaphore.get_value b 1\n");
}

struct room {
	struct semaphore *places;
	struct semaphore *lock;
	struct value *inside, *most;
};

static void go_in(void *argument)
{
	struct room *room = argument;
	for (int i = 0; i < 200; i++) {
		semaphore_acquire(room->places);
		semaphore_acquire(room->lock);
		value_set(room->inside, value_get(room->inside) + 1);
		if (value_get(room->inside) > value_get(room->most))
			value_set(room->most, value_get(room->inside));
		semaphore_release(room->lock);
		semaphore_acquire(room->lock);
		value_set(room->inside, value_get(room->inside) - 1);
		semaphore_release(room->lock);
		semaphore_release(room->places);
	}
}

static void never_more_inside(void **state)
{
	(void)state;
	struct room room = {bounded_semaphore_new("places", 2), semaphore_new("lock", 1), value_new("inside", 0),
	                    value_new("most", 0)};
	struct process *processes[4];
	for (int i = 0; i < 4; i++) {
		processes[i] = process_new(NULL, go_in, &room);
		assert_int_equal(process_start(processes[i]), 0);
	}
	for (int i = 0; i < 4; i++) {
		int code = 1000;
		process_join(processes[i]);
		assert_true(process_exitcode(processes[i], &code));
		assert_int_equal(code, 0);
		process_free(processes[i]);
	}
	assert_in_range(value_get(room.most), 1, 2);
	assert_int_equal(value_get(room.inside), 0);
	assert_int_equal(semaphore_value(room.places), 2);
	semaphore_free(room.places);
	semaphore_free(room.lock);
	value_free(room.inside);
	value_free(room.most);
}

static void times_out_never_early(void **state)
{
	(void)state;
	struct semaphore *semaphore = semaphore_new("s", 0);
	interrupt_often();
	double before = seconds_now();
	bool got = semaphore_acquire_timeout(semaphore, 0.05);
	double waited = seconds_now() - before;
	interrupt_no_more();
	assert_false(got);
	assert_true(waited >= 0.05);
	semaphore_free(semaphore);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_counts),
		cmocka_unit_test(a_bound_holds),
		cmocka_unit_test(never_more_inside),
		cmocka_unit_test(times_out_never_early),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
