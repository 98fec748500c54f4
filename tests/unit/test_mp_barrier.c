/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "children.h"
#include "mp/barrier.h"
#include "mp/lock.h"
#include "mp/process.h"
#include "mp/value.h"

enum { PARTIES = 5, PASSES = 10, MANY_PASSES = 1000 };

/* What the parties of one test share. */
struct match {
	struct barrier *barrier;
	struct array *arrived;  /* by pass: how many came before they waited */
	struct array *indexes;  /* by index: how often it was given */
	struct value *actions;
	struct lock *lock;
	int passes;
};

static void add_locked(struct match *match, struct array *array, size_t at)
{
	lock_acquire(match->lock);
	array_set(array, at, array_get(array, at) + 1);
	lock_release(match->lock);
}

static void match_init(struct match *match, int parties, int passes, void (*action)(void *))
{
	match->barrier = barrier_new("barrier", parties, action, match);
	match->arrived = array_new("arrived", (size_t)passes);
	match->indexes = array_new("indexes", (size_t)parties);
	match->actions = value_new("actions", 0);
	match->lock = lock_new("lock");
	match->passes = passes;
}

static void match_release(struct match *match)
{
	barrier_free(match->barrier);
	array_free(match->arrived);
	array_free(match->indexes);
	value_free(match->actions);
	lock_free(match->lock);
}

static void start_all(struct process **processes, int count, void (*target)(void *), struct match *match)
{
	for (int i = 0; i < count; i++) {
		processes[i] = process_new(NULL, target, match);
		assert_int_equal(process_start(processes[i]), 0);
	}
}

static int end(struct process *process)
{
	int code = 1000;
	process_join_timeout(process, 20);
	if (!process_exitcode(process, &code))
		process_kill(process);
	process_join(process);
	process_free(process);
	return code;
}

static void end_all(struct process **processes, int count)
{
	for (int i = 0; i < count; i++)
		assert_int_equal(end(processes[i]), 0);
}

static bool all_wait(void *argument)
{
	struct barrier *barrier = argument;
	return barrier_waiting(barrier) == barrier_parties(barrier) - 1;
}

static void let_one_short_wait(struct match *match)
{
	assert_true(eventually(all_wait, match->barrier, 20));
}

/* ---- passing ---- */

static void pass_in_lockstep(void *argument)
{
	struct match *match = argument;
	for (int pass = 0; pass < match->passes; pass++) {
		add_locked(match, match->arrived, (size_t)pass);
		int index = barrier_wait(match->barrier);
		if (index < 0)
			process_exit(1);
		if (array_get(match->arrived, (size_t)pass) != barrier_parties(match->barrier))
			process_exit(2); /* went on before all had come */
		add_locked(match, match->indexes, (size_t)index);
	}
}

static void test_ten_passes_in_lockstep(void **state)
{
	(void)state;
	struct match match;
	struct process *processes[PARTIES];
	match_init(&match, PARTIES, PASSES, NULL);
	start_all(processes, PARTIES, pass_in_lockstep, &match);
	end_all(processes, PARTIES);
	for (size_t i = 0; i < PARTIES; i++)
		assert_int_equal(array_get(match.indexes, i), PASSES); /* each index once a pass */
	assert_int_equal(barrier_waiting(match.barrier), 0);
	assert_false(barrier_broken(match.barrier));
	match_release(&match);
}

static void pass_often(void *argument)
{
	struct match *match = argument;
	for (int pass = 0; pass < MANY_PASSES; pass++)
		if (barrier_wait(match->barrier) < 0)
			process_exit(1);
}

static void test_thousand_passes(void **state)
{
	(void)state;
	struct match match;
	struct process *processes[PARTIES];
	match_init(&match, PARTIES, 1, NULL);
	start_all(processes, PARTIES, pass_often, &match);
	end_all(processes, PARTIES);
	assert_int_equal(barrier_waiting(match.barrier), 0);
	match_release(&match);
}

static void test_one_party_never_waits(void **state)
{
	(void)state;
	struct barrier *barrier = barrier_new("barrier", 1, NULL, NULL);
	assert_int_equal(barrier_parties(barrier), 1);
	for (int i = 0; i < 3; i++)
		assert_int_equal(barrier_wait(barrier), 0);
	assert_int_equal(barrier_wait_timeout(barrier, 0), 0);
	barrier_free(barrier);
}

static void act(void *argument)
{
	struct match *match = argument;
	value_set(match->actions, value_get(match->actions) + 1);
}

static void pass_and_look(void *argument)
{
	struct match *match = argument;
	if (value_get(match->actions) != 0 || barrier_wait(match->barrier) < 0 || value_get(match->actions) != 1)
		process_exit(1);
}

static void test_action_runs_once_before_release(void **state)
{
	(void)state;
	struct match match;
	struct process *processes[PARTIES];
	match_init(&match, PARTIES, 1, act);
	start_all(processes, PARTIES - 1, pass_and_look, &match);
	let_one_short_wait(&match);
	assert_int_equal(value_get(match.actions), 0);
	start_all(&processes[PARTIES - 1], 1, pass_and_look, &match);
	end_all(processes, PARTIES);
	assert_int_equal(value_get(match.actions), 1);
	match_release(&match);
}

/* ---- breaking ---- */

static void expect_broken(void *argument)
{
	struct match *match = argument;
	process_exit(barrier_wait(match->barrier) == -ECANCELED ? 0 : 1);
}

static void test_abort_frees_those_who_wait(void **state)
{
	(void)state;
	struct match match;
	struct process *processes[PARTIES];
	match_init(&match, PARTIES, 1, NULL);
	start_all(processes, PARTIES - 1, expect_broken, &match);
	let_one_short_wait(&match);
	barrier_abort(match.barrier);
	end_all(processes, PARTIES - 1);
	assert_true(barrier_broken(match.barrier));
	assert_int_equal(barrier_wait(match.barrier), -ECANCELED); /* and stays broken */
	barrier_reset(match.barrier);
	assert_false(barrier_broken(match.barrier));
	start_all(processes, PARTIES, pass_in_lockstep, &match);
	end_all(processes, PARTIES);
	match_release(&match);
}

static void test_reset_frees_and_is_usable(void **state)
{
	(void)state;
	struct match match;
	struct process *processes[PARTIES];
	match_init(&match, PARTIES, 1, NULL);
	start_all(processes, PARTIES - 1, expect_broken, &match);
	let_one_short_wait(&match);
	barrier_reset(match.barrier);
	end_all(processes, PARTIES - 1);
	assert_false(barrier_broken(match.barrier));
	assert_int_equal(barrier_waiting(match.barrier), 0);
	start_all(processes, PARTIES, pass_in_lockstep, &match);
	end_all(processes, PARTIES);
	match_release(&match);
}

static void test_timeout_breaks_it_for_all(void **state)
{
	(void)state;
	struct match match;
	struct process *processes[PARTIES];
	match_init(&match, PARTIES, 1, NULL);
	start_all(processes, PARTIES - 2, expect_broken, &match);
	interrupt_often();
	double before = seconds_now();
	int result = barrier_wait_timeout(match.barrier, 0.05);
	double waited = seconds_now() - before;
	interrupt_no_more();
	assert_int_equal(result, -ECANCELED);
	assert_true(waited >= 0.05);
	end_all(processes, PARTIES - 2);
	assert_true(barrier_broken(match.barrier));
	assert_int_equal(barrier_waiting(match.barrier), 0);
	assert_int_equal(barrier_wait_timeout(match.barrier, 10), -ECANCELED); /* the late party */
	match_release(&match);
}

/* ---- dying ---- */

static void wait_there(void *argument)
{
	struct match *match = argument;
	barrier_wait(match->barrier);
}

/* As in Python: the dead one is counted, and the last party waits for it to wake. */
static void test_killed_waiter_is_still_counted(void **state)
{
	(void)state;
	struct match match;
	struct process *dead, *last;
	match_init(&match, 2, 1, NULL);
	start_all(&dead, 1, wait_there, &match);
	let_one_short_wait(&match);
	process_kill(dead);
	process_join(dead);
	assert_int_equal(barrier_waiting(match.barrier), 1);
	start_all(&last, 1, wait_there, &match);
	process_join_timeout(last, 0.1);
	assert_true(process_is_alive(last));
	process_kill(last);
	process_join(last);
	process_free(dead);
	process_free(last);
	match_release(&match);
}

static void no_parties(void *argument)
{
	(void)argument;
	close(STDERR_FILENO);
	barrier_new("barrier", 0, NULL, NULL);
}

static void test_no_parties(void **state)
{
	(void)state;
	struct process *process = process_new(NULL, no_parties, NULL);
	process_start(process);
	assert_int_equal(end(process), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ten_passes_in_lockstep),
		cmocka_unit_test(test_thousand_passes),
		cmocka_unit_test(test_one_party_never_waits),
		cmocka_unit_test(test_action_runs_once_before_release),
		cmocka_unit_test(test_abort_frees_those_who_wait),
		cmocka_unit_test(test_reset_frees_and_is_usable),
		cmocka_unit_test(test_timeout_breaks_it_for_all),
		cmocka_unit_test(test_killed_waiter_is_still_counted),
		cmocka_unit_test(test_no_parties),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
