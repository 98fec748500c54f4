/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "children.h"
#include "mp/event.h"
#include "mp/process.h"
#include "mp/value.h"

enum { WAITERS = 5 };

static struct process *start(void (*target)(void *), void *argument)
{
	struct process *process = process_new(NULL, target, argument);
	assert_int_equal(process_start(process), 0);
	return process;
}

static int end(struct process *process)
{
	int code = 1000;
	process_join_timeout(process, 10);
	if (!process_exitcode(process, &code))
		process_kill(process);
	process_join(process);
	process_free(process);
	return code;
}

static void test_flag(void **state)
{
	(void)state;
	struct event *event = event_new("event");
	assert_false(event_is_set(event));
	assert_false(event_wait_timeout(event, 0));
	assert_false(event_wait_timeout(event, -1));
	event_set(event);
	assert_true(event_is_set(event));
	assert_true(event_wait_timeout(event, 0));
	event_set(event);
	event_wait(event); /* set stays */
	assert_true(event_is_set(event));
	event_clear(event);
	assert_false(event_is_set(event));
	event_clear(event);
	assert_false(event_wait_timeout(event, 0));
	event_free(event);
}

struct meeting {
	struct event *go;
	struct value *state; /* 1 once the event is about to be set */
};

static void wait_and_look(void *argument)
{
	struct meeting *meeting = argument;
	event_wait(meeting->go);
	process_exit(value_get(meeting->state) == 1 ? 0 : 1);
}

static void test_set_wakes_all(void **state)
{
	(void)state;
	struct meeting meeting = {event_new("go"), value_new("state", 0)};
	struct process *waiters[WAITERS];
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < WAITERS; i++)
			waiters[i] = start(wait_and_look, &meeting);
		value_set(meeting.state, 1);
		event_set(meeting.go);
		for (int i = 0; i < WAITERS; i++)
			assert_int_equal(end(waiters[i]), 0);
		event_clear(meeting.go);
		value_set(meeting.state, 0);
	}
	event_free(meeting.go);
	value_free(meeting.state);
}

static void test_timeout_never_early(void **state)
{
	(void)state;
	struct event *event = event_new("event");
	interrupt_often();
	double before = seconds_now();
	bool set = event_wait_timeout(event, 0.05);
	double waited = seconds_now() - before;
	interrupt_no_more();
	assert_false(set);
	assert_true(waited >= 0.05);
	event_set(event); /* the one who gave up is not waited for */
	assert_true(event_wait_timeout(event, 0));
	event_free(event);
}

struct pair {
	struct event *here;
	struct event *there;
};

static void answer(void *argument)
{
	struct pair *pair = argument;
	for (int i = 0; i < 1000; i++) {
		if (!event_wait_timeout(pair->here, 10))
			process_exit(1);
		event_clear(pair->here);
		event_set(pair->there);
	}
}

static void test_back_and_forth(void **state)
{
	(void)state;
	struct pair pair = {event_new("here"), event_new("there")};
	struct process *process = start(answer, &pair);
	for (int i = 0; i < 1000; i++) {
		event_set(pair.here);
		assert_true(event_wait_timeout(pair.there, 10));
		event_clear(pair.there);
	}
	assert_int_equal(end(process), 0);
	event_free(pair.here);
	event_free(pair.there);
}

static void wait_for(void *argument)
{
	event_wait(argument);
}

static void set(void *argument)
{
	event_set(argument);
}

/* What Python's does: set() waits for a sleeper that is dead. */
static void test_dead_sleeper_hangs_set(void **state)
{
	(void)state;
	struct event *event = event_new("event");
	struct process *sleeper = start(wait_for, event);
	process_join_timeout(sleeper, 0.1); /* no marker says that it sleeps: give it time */
	process_kill(sleeper);
	process_join(sleeper);
	struct process *setter = start(set, event);
	process_join_timeout(setter, 0.1);
	assert_true(process_is_alive(setter));
	process_kill(setter);
	process_join(setter);
	process_free(sleeper);
	process_free(setter);
	event_free(event);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flag),
		cmocka_unit_test(test_set_wakes_all),
		cmocka_unit_test(test_timeout_never_early),
		cmocka_unit_test(test_back_and_forth),
		cmocka_unit_test(test_dead_sleeper_hangs_set),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
