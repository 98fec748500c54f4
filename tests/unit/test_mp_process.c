/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "children.h"
#include "mp/clock.h"
#include "mp/event.h"
#include "mp/finalize.h"
#include "mp/print.h"
#include "mp/process.h"
#include "mp/process_internal.h"
#include "mp/thread.h"
#include "mp/value.h"

enum { MANY = 100 };

static void do_nothing(void *argument)
{
	(void)argument;
}

static void sleep_for_ever(void *argument)
{
	(void)argument;
	for (;;)
		pause();
}

static int run_to_end(void (*target)(void *), void *argument)
{
	struct process *process = process_new(NULL, target, argument);
	int code = 1000;
	if (process_start(process) == 0 && process_join(process) == 0)
		process_exitcode(process, &code);
	process_free(process);
	return code;
}

/* ---- ends ---- */

static void test_hundred_children_all_end(void **state)
{
	(void)state;
	struct process *processes[MANY];
	for (int i = 0; i < MANY; i++) {
		processes[i] = process_new(NULL, do_nothing, NULL);
		assert_int_equal(process_start(processes[i]), 0);
	}
	for (int i = 0; i < MANY; i++) {
		int code = -1;
		assert_int_equal(process_join(processes[i]), 0);
		assert_true(process_exitcode(processes[i], &code));
		assert_int_equal(code, 0);
		process_free(processes[i]);
	}
}

static void end_hundred_sleepers(int (*end)(struct process *), int expected)
{
	struct process *processes[MANY];
	for (int i = 0; i < MANY; i++) {
		processes[i] = process_new(NULL, sleep_for_ever, NULL);
		assert_int_equal(process_start(processes[i]), 0);
	}
	for (int i = 0; i < MANY; i++) {
		assert_true(process_is_alive(processes[i]));
		assert_int_equal(end(processes[i]), 0);
	}
	for (int i = 0; i < MANY; i++) {
		int code = 0;
		process_join(processes[i]);
		assert_true(process_exitcode(processes[i], &code));
		assert_int_equal(code, expected);
		assert_int_equal(end(processes[i]), 0); /* ended already */
		process_free(processes[i]);
	}
}

static void test_hundred_sleepers_terminated(void **state)
{
	(void)state;
	end_hundred_sleepers(process_terminate, -SIGTERM);
}

static void test_hundred_sleepers_killed(void **state)
{
	(void)state;
	end_hundred_sleepers(process_kill, -SIGKILL);
}

static void exit_eight(void *argument)
{
	(void)argument;
	process_exit(8);
}

static void libc_exit_nine(void *argument)
{
	(void)argument;
	exit(9);
}

static void be_silent(void)
{
	if (freopen("/dev/null", "w", stderr) == NULL)
		_exit(99);
}

static void fail_silently(void *argument)
{
	(void)argument;
	be_silent();
	process_fail("ValueError: %d", 5);
}

static void crash(void *argument)
{
	(void)argument;
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

static void test_exit_codes(void **state)
{
	(void)state;
	assert_int_equal(run_to_end(do_nothing, NULL), 0);
	assert_int_equal(run_to_end(exit_eight, NULL), 8);
	assert_int_equal(run_to_end(libc_exit_nine, NULL), 9);
	assert_int_equal(run_to_end(fail_silently, NULL), 1);
	assert_int_equal(run_to_end(crash, NULL), -SIGSEGV);
}

/* What process_fail() says: the process, then the message, in Python's form. */
static void fail_into(void *argument)
{
	dup2(*(int *)argument, STDERR_FILENO);
	process_fail("ValueError: %d", 5);
}

static void test_failure_is_said(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	struct process *process = process_new("worker", fail_into, &ends[1]);
	process_start(process);
	process_join(process);
	char said[100] = "";
	assert_true(read(ends[0], said, sizeof said - 1) > 0);
	assert_string_equal(said, "Process worker:\nValueError: 5\n");
	process_free(process);
	close(ends[0]);
	close(ends[1]);
}

/* ---- recursion and names ---- */

struct branch {
	struct array *log;
	struct value *count;
	int64_t id; /* decimal digits, 1 more than each index; 0 is [] */
};

static void branch(void *argument)
{
	struct branch *mine = argument;
	int64_t at = value_get(mine->count);
	array_set(mine->log, (size_t)at, mine->id);
	value_set(mine->count, at + 1);
	for (int i = 0; i < 2 && mine->id < 10; i++) {
		struct branch next = *mine;
		next.id = mine->id * 10 + i + 1;
		if (run_to_end(branch, &next) != 0)
			process_exit(1);
	}
}

static void test_recursion_order(void **state)
{
	(void)state;
	static const int64_t expected[] = {0, 1, 11, 12, 2, 21, 22};
	struct branch root = {.log = array_new("log", 10), .count = value_new("count", 0)};
	assert_int_equal(run_to_end(branch, &root), 0);
	assert_int_equal(value_get(root.count), 7);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(array_get(root.log, i), expected[i]);
	array_free(root.log);
	value_free(root.count);
}

static void check_nested_names(void *argument)
{
	char expected[64];
	struct process *child = process_new(NULL, do_nothing, NULL);
	snprintf(expected, sizeof expected, "%s:1", (const char *)argument);
	if (strcmp(process_current_name(), argument) != 0 || strcmp(process_name(child), expected) != 0)
		process_exit(1);
	struct process *worker = process_new_worker("ForkPoolWorker", do_nothing, NULL);
	snprintf(expected, sizeof expected, "ForkPoolWorker-%s:2", strchr((const char *)argument, '-') + 1);
	if (strcmp(process_name(worker), expected) != 0)
		process_exit(2);
}

/* One counter numbers all of a process's children, whatever they are called. */
static void test_names(void **state)
{
	(void)state;
	assert_string_equal(process_current_name(), "MainProcess");
	struct process *first = process_new(NULL, do_nothing, NULL);
	int count = atoi(process_name(first) + strlen("Process-"));
	assert_true(count > 0);
	struct process *named = process_new("withdraw", do_nothing, NULL);
	assert_string_equal(process_name(named), "withdraw");
	char expected[32];
	snprintf(expected, sizeof expected, "Process-%d", count + 2);
	struct process *third = process_new(NULL, check_nested_names, expected);
	assert_string_equal(process_name(third), expected);
	assert_int_equal(process_start(third), 0);
	int code = -1;
	process_join(third);
	assert_true(process_exitcode(third, &code));
	assert_int_equal(code, 0);
	process_free(first);
	process_free(named);
	process_free(third);
}

/* ---- what is refused ---- */

static void join_brother(void *argument)
{
	struct process *brother = argument;
	int code;
	if (process_join(brother) != -ECHILD || process_start(brother) != -EALREADY)
		process_exit(1);
	if (process_is_alive(brother) || process_exitcode(brother, &code))
		process_exit(2);
	struct process *mine = process_new(NULL, do_nothing, NULL);
	process_exit(process_join(mine) == -EINVAL ? 0 : 3);
}

static void start_of_another(void *argument)
{
	process_exit(process_start(argument) == -ECHILD ? 0 : 1);
}

static void start_child_as_daemon(void *argument)
{
	(void)argument;
	struct process *child = process_new(NULL, do_nothing, NULL);
	process_exit(process_start(child) == -EPERM ? 0 : 1);
}

static void test_refused(void **state)
{
	(void)state;
	int code;
	struct process *process = process_new(NULL, sleep_for_ever, NULL);
	assert_int_equal(process_join(process), -EINVAL);
	assert_int_equal(process_terminate(process), -EINVAL);
	assert_false(process_exitcode(process, &code));
	assert_int_equal(process_pid(process), 0);
	assert_int_equal(run_to_end(start_of_another, process), 0);
	assert_int_equal(process_start(process), 0);
	assert_int_equal(process_start(process), -EALREADY);
	assert_int_equal(process_set_daemon(process, true), -EBUSY);
	assert_int_equal(process_close(process), -EBUSY);
	assert_false(process_exitcode(process, &code));
	assert_int_equal(run_to_end(join_brother, process), 0);
	process_kill(process);
	process_join(process);
	assert_int_equal(process_start(process), -EALREADY);
	assert_int_equal(process_close(process), 0);
	assert_int_equal(process_join(process), -EINVAL);
	process_free(process);

	struct process *daemon = process_new(NULL, start_child_as_daemon, NULL);
	process_set_daemon(daemon, true);
	process_start(daemon);
	process_join(daemon);
	assert_true(process_exitcode(daemon, &code));
	assert_int_equal(code, 0);
	process_free(daemon);
}

/* RLIMIT_NPROC does not bind root, so the child first becomes somebody else. */
static void start_at_limit(void *argument)
{
	(void)argument;
	if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(64999) != 0 || setuid(64999) != 0))
		process_exit(10);
	struct rlimit none = {0, 0};
	setrlimit(RLIMIT_NPROC, &none);
	struct process *child = process_new(NULL, do_nothing, NULL);
	if (process_start(child) != -EAGAIN || process_pid(child) != 0 || process_active_children() != 0)
		process_exit(1);
	struct thread *thread = thread_new(NULL, do_nothing, NULL);
	process_exit(thread_start(thread) == -EAGAIN && !thread_is_alive(thread) ? 0 : 2);
}

static void test_no_more_processes(void **state)
{
	(void)state;
	assert_int_equal(run_to_end(start_at_limit, NULL), 0);
}

/* ---- joining ---- */

static void test_join_times_out_never_early(void **state)
{
	(void)state;
	struct process *process = process_new(NULL, sleep_for_ever, NULL);
	process_start(process);
	interrupt_often();
	double before = seconds_now();
	assert_int_equal(process_join_timeout(process, 0.05), 0);
	double waited = seconds_now() - before;
	assert_int_equal(process_join_timeout(process, 0), 0);
	interrupt_no_more();
	assert_true(waited >= 0.05);
	assert_true(process_is_alive(process));
	process_terminate(process);
	assert_int_equal(process_join_timeout(process, 10), 0);
	assert_false(process_is_alive(process));
	process_free(process);
}

static void wait_then_exit_three(void *argument)
{
	event_wait(argument);
	process_exit(3);
}

static void join_in_thread(void *argument)
{
	process_join(argument);
}

/* Interrupted all the time, and from two threads at once. */
static void test_join_by_two_threads_among_signals(void **state)
{
	(void)state;
	struct event *go = event_new("go");
	struct process *process = process_new(NULL, wait_then_exit_three, go);
	process_start(process);
	struct thread *other = thread_new(NULL, join_in_thread, process);
	thread_start(other);
	interrupt_often();
	event_set(go);
	process_join(process);
	thread_join(other);
	interrupt_no_more();
	int code = 0;
	assert_true(process_exitcode(process, &code));
	assert_int_equal(code, 3);
	thread_free(other);
	process_free(process);
	event_free(go);
}

/* ---- the end of a parent ---- */

struct family {
	struct value *daemon_pid;
	struct value *done;
	struct event *leaving;
};

static void say_leaving(void *argument)
{
	event_set(argument);
}

static void work_after_parent(void *argument)
{
	struct family *family = argument;
	event_wait(family->leaving);
	value_set(family->done, 1);
}

static void leave_children_behind(void *argument)
{
	struct family *family = argument;
	struct process *daemon = process_new(NULL, sleep_for_ever, NULL);
	process_set_daemon(daemon, true);
	process_start(daemon);
	value_set(family->daemon_pid, process_pid(daemon));
	struct process *worker = process_new(NULL, work_after_parent, family);
	process_start(worker);
	process_free(worker); /* forgetting it does not leave it behind */
	finalize_register(say_leaving, family->leaving, 0);
}

static void test_children_at_their_parents_end(void **state)
{
	(void)state;
	struct family family = {value_new("daemon", 0), value_new("done", 0), event_new("leaving")};
	assert_int_equal(run_to_end(leave_children_behind, &family), 0);
	assert_int_equal(value_get(family.done), 1);
	pid_t daemon = (pid_t)value_get(family.daemon_pid);
	assert_true(daemon > 0);
	assert_int_equal(kill(daemon, 0), -1); /* terminated and reaped by its parent */
	assert_int_equal(errno, ESRCH);
	value_free(family.daemon_pid);
	value_free(family.done);
	event_free(family.leaving);
}

struct steps {
	struct value *count;
	struct array *order;
	int number;
};

static void note_step(void *argument)
{
	struct steps *step = argument;
	int64_t at = value_get(step->count);
	array_set(step->order, (size_t)at, step->number);
	value_set(step->count, at + 1);
}

static void with_finalizers(void *argument)
{
	static struct steps steps[5];
	static const int priorities[] = {10, 0, 10, -5, 15};
	for (int i = 0; i < 5; i++) {
		steps[i] = *(struct steps *)argument;
		steps[i].number = i + 1;
		finalize_register(note_step, &steps[i], priorities[i]);
	}
	finalize_cancel(note_step, &steps[4]);
	if (run_to_end(do_nothing, NULL) != 0 || value_get(steps[0].count) != 0)
		process_exit(1); /* the child ran its parent's finalizers */
}

static void test_finalizers_by_priority(void **state)
{
	(void)state;
	static const int64_t expected[] = {3, 1, 2, 4};
	struct steps steps = {.count = value_new("count", 0), .order = array_new("order", 5)};
	assert_int_equal(run_to_end(with_finalizers, &steps), 0);
	assert_int_equal(value_get(steps.count), 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(array_get(steps.order, i), expected[i]);
	value_free(steps.count);
	array_free(steps.order);
}

static int forks_seen;

static void see_fork(void *argument)
{
	forks_seen += *(int *)argument;
}

static void exit_forks_seen(void *argument)
{
	(void)argument;
	process_exit(forks_seen);
}

static void test_after_fork(void **state)
{
	(void)state;
	int one = 1, two = 2;
	after_fork_register(see_fork, &one);
	after_fork_register(see_fork, &two);
	assert_int_equal(run_to_end(exit_forks_seen, NULL), 3);
	after_fork_cancel(see_fork, &one);
	assert_int_equal(run_to_end(exit_forks_seen, NULL), 2);
	after_fork_cancel(see_fork, &two);
	assert_int_equal(run_to_end(exit_forks_seen, NULL), 0);
	assert_int_equal(forks_seen, 0);
}

/* ---- standard streams ---- */

static void print_and_return(void *argument)
{
	(void)argument;
	print("nobody reads this");
	printf("nor this\n");
}

static void run_with_stdout_closed(void *argument)
{
	(void)argument;
	close(STDOUT_FILENO);
	process_exit(run_to_end(print_and_return, NULL));
}

static void test_stdout_closed(void **state)
{
	(void)state;
	assert_int_equal(run_to_end(run_with_stdout_closed, NULL), 0);
}

static void read_stdin(void *argument)
{
	(void)argument;
	char byte;
	process_exit(read(STDIN_FILENO, &byte, 1) == 0 ? 0 : 1);
}

static void test_stdin_is_empty(void **state)
{
	(void)state;
	assert_int_equal(run_to_end(read_stdin, NULL), 0);
}

static void buffer_then_fork(void *argument)
{
	stdout = fdopen(*(int *)argument, "w"); /* cmocka has left the other without a buffer */
	printf("once");
	run_to_end(do_nothing, NULL);
}

static void test_buffered_output_is_written_once(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(run_to_end(buffer_then_fork, &ends[1]), 0);
	close(ends[1]);
	char said[100] = "";
	assert_int_equal(read(ends[0], said, sizeof said - 1), 4);
	assert_string_equal(said, "once");
	close(ends[0]);
}

/* ---- describing ---- */

static void describe_parents(void *argument)
{
	char text[200];
	process_describe(argument, text, sizeof text);
	process_exit(strstr(text, " unknown>") != NULL ? 0 : 1);
}

static void expect_description(struct process *process, const char *rest)
{
	char text[200], expected[200];
	process_describe(process, text, sizeof text);
	if (process_pid(process) != 0 && strcmp(rest, "closed>") != 0)
		snprintf(expected, sizeof expected, "<Process name='worker' pid=%d parent=%d %s", (int)process_pid(process),
		         (int)getpid(), rest);
	else
		snprintf(expected, sizeof expected, "<Process name='worker' parent=%d %s", (int)getpid(), rest);
	assert_string_equal(text, expected);
}

static void test_describe(void **state)
{
	(void)state;
	struct process *process = process_new("worker", sleep_for_ever, NULL);
	expect_description(process, "initial>");
	process_start(process);
	expect_description(process, "started>");
	assert_int_equal(run_to_end(describe_parents, process), 0);
	process_terminate(process);
	process_join(process);
	expect_description(process, "stopped exitcode=-SIGTERM>");
	process_close(process);
	expect_description(process, "closed>");
	process_free(process);

	process = process_new("worker", exit_eight, NULL);
	process_set_daemon(process, true);
	process_start(process);
	process_join(process);
	expect_description(process, "stopped exitcode=8 daemon>");
	process_free(process);
}

/* ---- cleaning up ---- */

static int open_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;
	while (readdir(directory) != NULL)
		count++;
	closedir(directory);
	return count;
}

static bool none_is_left(void *argument)
{
	(void)argument;
	return process_active_children() == 0;
}

static void test_nothing_is_left(void **state)
{
	(void)state;
	int before = open_descriptors();
	for (int i = 0; i < 200; i++) {
		struct process *process = process_new(NULL, do_nothing, NULL);
		process_start(process);
		if (i % 2 == 0)
			process_join_timeout(process, 5);
		process_free(process);
	}
	assert_true(eventually(none_is_left, NULL, 10));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_int_equal(open_descriptors(), before);
}

/* ---- forks by others ---- */

/* A fork that the library knows nothing of neither runs our finalizers nor joins our children. */
static int foreign_child(void *argument)
{
	(void)argument;
	exit(4);
}

static void test_foreign_fork_leaves_alone(void **state)
{
	(void)state;
	struct process *process = process_new(NULL, sleep_for_ever, NULL);
	process_start(process);
	struct value *count = value_new("count", 0);
	struct steps steps = {.count = count, .order = array_new("order", 5)};
	finalize_register(note_step, &steps, 0);
	assert_int_equal(child_wait(child_start(foreign_child, NULL), 10), 4);
	finalize_cancel(note_step, &steps);
	assert_int_equal(value_get(count), 0);
	assert_true(process_is_alive(process));
	process_kill(process);
	process_join(process);
	process_free(process);
	value_free(count);
	array_free(steps.order);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hundred_children_all_end),
		cmocka_unit_test(test_hundred_sleepers_terminated),
		cmocka_unit_test(test_hundred_sleepers_killed),
		cmocka_unit_test(test_exit_codes),
		cmocka_unit_test(test_failure_is_said),
		cmocka_unit_test(test_recursion_order),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_more_processes),
		cmocka_unit_test(test_join_times_out_never_early),
		cmocka_unit_test(test_join_by_two_threads_among_signals),
		cmocka_unit_test(test_children_at_their_parents_end),
		cmocka_unit_test(test_finalizers_by_priority),
		cmocka_unit_test(test_after_fork),
		cmocka_unit_test(test_stdout_closed),
		cmocka_unit_test(test_stdin_is_empty),
		cmocka_unit_test(test_buffered_output_is_written_once),
		cmocka_unit_test(test_describe),
		cmocka_unit_test(test_nothing_is_left),
		cmocka_unit_test(test_foreign_fork_leaves_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
