/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "children.h"
#include "mp/event.h"
#include "mp/process.h"
#include "mp/thread.h"
#include "mp/thread_internal.h"
#include "mp/value.h"
#include "probe/probe.h"

static atomic_int shared_by_threads;

static void add_one(void *argument)
{
	(void)argument;
	atomic_fetch_add(&shared_by_threads, 1);
}

static void wait_for(void *argument)
{
	event_wait(argument);
}

static void run_to_end(void (*target)(void *), void *argument)
{
	struct thread *thread = thread_new(NULL, target, argument);
	assert_int_equal(thread_start(thread), 0);
	assert_int_equal(thread_join(thread), 0);
	thread_free(thread);
}

static void note_ids(void *argument)
{
	pid_t *ids = argument;
	ids[0] = getpid();
	ids[1] = gettid();
}

static void test_one_process_two_threads(void **state)
{
	(void)state;
	pid_t first[2], second[2];
	struct thread *one = thread_new(NULL, note_ids, first), *other = thread_new(NULL, note_ids, second);
	assert_int_equal(thread_id(one), 0);
	assert_false(thread_is_alive(one));
	assert_int_equal(thread_start(one), 0);
	assert_int_equal(thread_start(other), 0);
	pid_t ids[2] = {thread_id(one), thread_id(other)};
	thread_join(one);
	thread_join(other);
	assert_int_equal(first[0], getpid());
	assert_int_equal(second[0], getpid());
	assert_int_equal(first[1], ids[0]);
	assert_int_equal(second[1], ids[1]);
	assert_true(ids[0] != ids[1] && ids[0] != getpid());
	thread_free(one);
	thread_free(other);
}

static void test_memory_is_shared(void **state)
{
	(void)state;
	struct thread *threads[50];
	atomic_store(&shared_by_threads, 0);
	for (int i = 0; i < 50; i++) {
		threads[i] = thread_new(NULL, add_one, NULL);
		assert_int_equal(thread_start(threads[i]), 0);
	}
	for (int i = 0; i < 50; i++) {
		thread_join(threads[i]);
		thread_free(threads[i]);
	}
	assert_int_equal(atomic_load(&shared_by_threads), 50);
}

static void test_names(void **state)
{
	(void)state;
	struct thread *first = thread_new(NULL, add_one, NULL), *named = thread_new("adder", add_one, NULL);
	struct thread *second = thread_new(NULL, add_one, NULL);
	int number = atoi(thread_name(first) + strlen("Thread-"));
	assert_memory_equal(thread_name(first), "Thread-", strlen("Thread-"));
	assert_int_equal(atoi(thread_name(second) + strlen("Thread-")), number + 1);
	assert_string_equal(thread_name(named), "adder");
	thread_free(first);
	thread_free(second);
	thread_free(named);
	thread_free(NULL);
}

static int joined_itself;

static void join_itself(void *argument)
{
	(void)argument;
	joined_itself = thread_join(thread_current());
}

static void test_refused(void **state)
{
	(void)state;
	struct thread *thread = thread_new(NULL, add_one, NULL);
	assert_int_equal(thread_join(thread), -EINVAL);
	assert_int_equal(thread_start(thread), 0);
	assert_int_equal(thread_start(thread), -EALREADY);
	assert_int_equal(thread_join(thread), 0);
	assert_int_equal(thread_join(thread), 0); /* as often as one likes */
	assert_int_equal(thread_start(thread), -EALREADY);
	thread_free(thread);
	run_to_end(join_itself, NULL);
	assert_int_equal(joined_itself, -EDEADLK);
}

static void join_given(void *argument)
{
	thread_join(argument);
}

static void test_join_times_out_never_early(void **state)
{
	(void)state;
	struct event *go = event_new("go");
	struct thread *thread = thread_new(NULL, wait_for, go);
	thread_start(thread);
	interrupt_often();
	double before = seconds_now();
	assert_int_equal(thread_join_timeout(thread, 0.05), 0);
	double waited = seconds_now() - before;
	assert_int_equal(thread_join_timeout(thread, 0), 0);
	interrupt_no_more();
	assert_true(waited >= 0.05);
	assert_true(thread_is_alive(thread));
	struct thread *other = thread_new(NULL, join_given, thread);
	thread_start(other);
	event_set(go);
	assert_int_equal(thread_join(thread), 0);
	assert_int_equal(thread_join_timeout(other, 10), 0);
	assert_false(thread_is_alive(other));
	assert_false(thread_is_alive(thread));
	thread_free(other);
	thread_free(thread);
	event_free(go);
}

/* sys.exit() in a thread ends the thread, not the process. */
static void leave_early(void *argument)
{
	process_exit(*(int *)argument);
}

static void thread_that_leaves(void *argument)
{
	(void)argument;
	int code = 7;
	struct thread *thread = thread_new(NULL, leave_early, &code);
	if (thread_start(thread) != 0 || thread_join(thread) != 0 || thread_is_alive(thread))
		process_exit(1);
	process_exit(3);
}

static int run_process(void (*target)(void *), void *argument)
{
	struct process *process = process_new(NULL, target, argument);
	int code = 1000;
	process_start(process);
	process_join(process);
	process_exitcode(process, &code);
	process_free(process);
	return code;
}

static void test_exit_in_a_thread(void **state)
{
	(void)state;
	assert_int_equal(run_process(thread_that_leaves, NULL), 3);
}

/* ---- threads and processes ---- */

struct work {
	struct event *go;
	struct value *done;
};

static void wait_and_work(void *argument)
{
	struct work *work = argument;
	event_wait(work->go);
	value_set(work->done, 1);
}

static void start_and_return(void *argument)
{
	struct thread *thread = thread_new(NULL, wait_and_work, argument);
	if (thread_start(thread) != 0)
		process_exit(1);
}

/* A process ends when its threads have. */
static void test_threads_are_joined_at_the_end(void **state)
{
	(void)state;
	struct work work = {event_new("go"), value_new("done", 0)};
	struct process *process = process_new(NULL, start_and_return, &work);
	process_start(process);
	process_join_timeout(process, 0.05);
	assert_true(process_is_alive(process));
	event_set(work.go);
	process_join(process);
	int code = -1;
	assert_true(process_exitcode(process, &code));
	assert_int_equal(code, 0);
	assert_int_equal(value_get(work.done), 1);
	process_free(process);
	event_free(work.go);
	value_free(work.done);
}

static void see_parents_thread(void *argument)
{
	struct thread *thread = argument;
	if (thread_is_alive(thread) || thread_current() != NULL)
		process_exit(1);
	process_exit(thread_join_timeout(thread, 10) == 0 ? 0 : 2);
}

static void test_fork_leaves_threads_behind(void **state)
{
	(void)state;
	struct event *go = event_new("go");
	struct thread *thread = thread_new(NULL, wait_for, go);
	thread_start(thread);
	assert_int_equal(run_process(see_parents_thread, thread), 0);
	assert_true(thread_is_alive(thread));
	event_set(go);
	thread_join(thread);
	thread_free(thread);
	event_free(go);
}

static atomic_int started_by_thread;

static void start_a_process(void *argument)
{
	(void)argument;
	atomic_store(&started_by_thread, run_process(thread_that_leaves, NULL));
}

static void test_a_thread_may_start_processes(void **state)
{
	(void)state;
	run_to_end(start_a_process, NULL);
	assert_int_equal(atomic_load(&started_by_thread), 3);
}

static void test_helper(void **state)
{
	(void)state;
	struct probe_intent intent = {.kind = EVENT_QUEUE_JOIN_THREAD, .wait_kind = EVENT_QUEUE_JOIN_WAIT};
	struct event *go = event_new("go");
	struct thread *helper = thread_new_helper("feeder", wait_for, go);
	assert_int_equal(thread_join_as(helper, &intent, false, 0), -EINVAL);
	assert_int_equal(thread_start(helper), 0);
	assert_int_equal(thread_join_as(helper, &intent, false, 0.01), -ETIMEDOUT);
	event_set(go);
	assert_int_equal(thread_join_as(helper, &intent, false, -1), 0);
	thread_free(helper);
	event_free(go);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_process_two_threads),
		cmocka_unit_test(test_memory_is_shared),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_join_times_out_never_early),
		cmocka_unit_test(test_exit_in_a_thread),
		cmocka_unit_test(test_threads_are_joined_at_the_end),
		cmocka_unit_test(test_fork_leaves_threads_behind),
		cmocka_unit_test(test_a_thread_may_start_processes),
		cmocka_unit_test(test_helper),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
