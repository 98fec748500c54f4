/* SPDX-License-Identifier: MIT */
/* RLock: an owner and a depth, unwatched and watched. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "children.h"
#include "mp/process.h"
#include "mp/rlock.h"
#include "mp/thread.h"
#include "watched.h"

/* How a child that runs `target` ends. */
static int run_child(void (*target)(void *), void *argument)
{
	struct process *process = process_new("child", target, argument);
	int code = 1000;
	process_start(process);
	process_join(process);
	process_exitcode(process, &code);
	process_free(process);
	return code;
}

static void take_and_give_back(void)
{
	struct rlock *rlock = rlock_new("r");
	rlock_acquire(rlock);
	assert_true(rlock_try_acquire(rlock));
	assert_true(rlock_acquire_timeout(rlock, 0));
	for (int i = 0; i < 3; i++)
		assert_int_equal(rlock_release(rlock), 0);
	assert_int_equal(rlock_release(rlock), -EPERM);
	rlock_free(rlock);
}

static void it_counts_its_depth(void **state)
{
	(void)state;
	twice(take_and_give_back, "rlock.acquire r 1\nrlock.acquire r 2\nrlock.acquire r 3\nrlock.release r 2\n"
	                          "rlock.release r 1\nrlock.release r\nrlock.release r failed\n");
}

static void try_both(void *rlock)
{
	if (rlock_try_acquire(rlock) || rlock_release(rlock) != -EPERM)
		process_exit(1);
}

/* In a thread there is nobody to report but memory. */
struct attempt {
	struct rlock *rlock;
	bool got;
	int released;
};

static void try_in_thread(void *argument)
{
	struct attempt *attempt = argument;
	attempt->got = rlock_try_acquire(attempt->rlock);
	attempt->released = rlock_release(attempt->rlock);
}

static void only_its_owner_may(void)
{
	struct rlock *rlock = rlock_new("r");
	struct attempt attempt = {.rlock = rlock, .got = true};
	struct thread *thread = thread_new("other", try_in_thread, &attempt);
	rlock_acquire(rlock);
	assert_int_equal(run_child(try_both, rlock), 0);
	thread_start(thread);
	thread_join(thread);
	thread_free(thread);
	assert_false(attempt.got);
	assert_int_equal(attempt.released, -EPERM);
	assert_int_equal(rlock_release(rlock), 0);
	rlock_free(rlock);
}

static void nobody_but_its_owner(void **state)
{
	(void)state;
	twice(only_its_owner_may, "rlock.acquire r 1\nprocess.start child child\nprocess.join child\n"
	                          "thread.start other other\nthread.join other\nrlock.release r\n");
}

static void take_and_keep(void *rlock)
{
	rlock_acquire(rlock);
}

static void times_out_never_early(void **state)
{
	(void)state;
	struct rlock *rlock = rlock_new("r");
	assert_int_equal(run_child(take_and_keep, rlock), 0);
	interrupt_often();
	double before = seconds_now();
	bool got = rlock_acquire_timeout(rlock, 0.05);
	double waited = seconds_now() - before;
	interrupt_no_more();
	assert_false(got);
	assert_true(waited >= 0.05);
	rlock_free(rlock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_counts_its_depth),
		cmocka_unit_test(nobody_but_its_owner),
		cmocka_unit_test(times_out_never_early),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
