/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <inttypes.h>
#include <sched.h>
#include <stdint.h>

#include "mp/mp.h"

enum { UPDATES = 2000 };

static void run(void (*target)(void *), void *argument)
{
	struct process *process = process_new(NULL, target, argument);
	int code = -1;
	process_start(process);
	process_join(process);
	process_exitcode(process, &code);
	pair_line("exit code %d", code);
}

/* ---- types ---- */

static void line_stored(char typecode, int64_t number)
{
	struct value *value = value_new_typed("value", typecode, 0);
	value_set(value, number);
	pair_line("%c %" PRId64, typecode, value_get(value));
	value_free(value);
}

static void integers(void)
{
	for (const char *typecode = "bBhHiIlq"; *typecode != '\0'; typecode++) {
		line_stored(*typecode, 0);
		line_stored(*typecode, 42);
		line_stored(*typecode, 127);
	}
	line_stored('q', INT64_MIN);
	line_stored('q', INT64_MAX);
}

static void integers_are_cut(void)
{
	for (const char *typecode = "bBhHiIlq"; *typecode != '\0'; typecode++) {
		line_stored(*typecode, -1);
		line_stored(*typecode, 200);
		line_stored(*typecode, 40000);
		line_stored(*typecode, 3000000000);
		line_stored(*typecode, INT64_MIN + 5);
	}
}

static void initial_is_cut(void)
{
	pair_line("%" PRId64, value_get(value_new_typed("value", 'i', 4294967297)));
	pair_line("%" PRId64, value_get(value_new_typed("value", 'B', -2)));
}

static void bytes(void)
{
	struct value *value = value_new_typed("value", 'c', 'x');
	pair_line("%c", (char)value_get(value));
	value_set(value, 255);
	pair_line("%d", (int)value_get(value));
}

static void reals(void)
{
	struct value *value = value_new_real("value", 0.1);
	pair_line("%.17g", value_get_real(value));
	value_set_real(value, 1e300 * 1e10);
	pair_line("%g", value_get_real(value));
	value_set_real(value, -2.5);
	pair_line("%g", value_get_real(value));
}

static void unknown_type(void)
{
	pair_line("%s", value_new_typed("value", 'x', 0) == NULL ? "refused" : "ok");
	pair_line("%s", array_new_typed("array", 'x', 1) == NULL ? "refused" : "ok");
}

/* ---- sharing ---- */

static void add_one(void *value)
{
	value_set(value, value_get(value) + 1);
}

static void child_and_parent_see_it(void)
{
	struct value *value = value_new("value", 7);
	run(add_one, value);
	pair_line("%" PRId64, value_get(value));
	value_set(value, 100);
	run(add_one, value);
	pair_line("%" PRId64, value_get(value));
}

static void add_locked(void *value)
{
	for (int i = 0; i < UPDATES; i++) {
		lock_acquire(value_lock(value));
		int64_t seen = value_get(value);
		sched_yield();
		value_set(value, seen + 1);
		lock_release(value_lock(value));
	}
}

static void exact_with_its_lock(void)
{
	struct value *value = value_new("value", 0);
	struct process *processes[4];
	for (int i = 0; i < 4; i++)
		process_start(processes[i] = process_new(NULL, add_locked, value));
	for (int i = 0; i < 4; i++)
		process_join(processes[i]);
	pair_line("%" PRId64, value_get(value));
}

/* Two that meet between read and write: the update of one is lost, by order and not by luck. */
struct meeting {
	struct value *value;
	struct barrier *barrier;
};

static void read_meet_write(void *argument)
{
	struct meeting *meeting = argument;
	int64_t number = value_get(meeting->value);
	barrier_wait(meeting->barrier);
	value_set(meeting->value, number + 1);
}

static void update_is_not_atomic(void)
{
	struct meeting meeting = {value_new("value", 0), barrier_new("barrier", 2, NULL, NULL)};
	struct process *processes[2];
	for (int i = 0; i < 2; i++)
		process_start(processes[i] = process_new(NULL, read_meet_write, &meeting));
	for (int i = 0; i < 2; i++)
		process_join(processes[i]);
	pair_line("%" PRId64, value_get(meeting.value));
}

static void take_and_end(void *value)
{
	lock_acquire(value_lock(value));
}

static void lock_of_an_ended_holder(void)
{
	struct value *value = value_new("value", 3);
	run(take_and_end, value);
	pair_line("free %s", pair_bool(lock_try_acquire(value_lock(value))));
}

static void two_locks(void)
{
	struct value *one = value_new("one", 0), *other = value_new("other", 0);
	lock_acquire(value_lock(one));
	pair_line("%s", pair_bool(lock_try_acquire(value_lock(other))));
}

static void lock_twice(void)
{
	struct value *value = value_new("value", 0);
	lock_acquire(value_lock(value));
	pair_line("%s", pair_bool(lock_try_acquire(value_lock(value))));
}

static void get_with_timeout(void *argument)
{
	struct meeting *meeting = argument;
	pair_line("%" PRId64, value_get(meeting->value));
	barrier_wait_timeout(meeting->barrier, 0.2);
}

static void get_while_locked(void)
{
	struct meeting meeting = {value_new("value", 0), barrier_new("barrier", 2, NULL, NULL)};
	lock_acquire(value_lock(meeting.value));
	struct process *process = process_new(NULL, get_with_timeout, &meeting);
	process_start(process);
	pair_line("%s", barrier_wait_timeout(meeting.barrier, 0.2) < 0 ? "waits" : "does not wait");
	lock_release(value_lock(meeting.value));
	process_join(process);
}

/* ---- arrays ---- */

static void array_is_zeroed(void)
{
	struct array *integers_of_it = array_new("integers", 1000), *real = array_new_real("reals", 3);
	int64_t sum = 0;
	for (size_t i = 0; i < array_length(integers_of_it); i++)
		sum |= array_get(integers_of_it, i);
	pair_line("%zu %" PRId64, array_length(integers_of_it), sum);
	pair_line("%zu %.1f", array_length(real), array_get_real(real, 2));
	pair_line("%zu", array_length(array_new("none", 0)));
}

static void square_all(void *array)
{
	for (size_t i = 0; i < array_length(array); i++)
		array_set(array, i, array_get(array, i) * array_get(array, i));
}

static void array_is_shared(void)
{
	struct array *array = array_new_typed("array", 'i', 10);
	for (size_t i = 0; i < 10; i++)
		array_set(array, i, (int64_t)i);
	run(square_all, array);
	for (size_t i = 0; i < 10; i++)
		pair_line("%" PRId64, array_get(array, i));
}

static void array_is_cut(void)
{
	struct array *array = array_new_typed("array", 'h', 2);
	array_set(array, 0, 40000);
	array_set(array, 1, -1);
	pair_line("%" PRId64 " %" PRId64, array_get(array, 0), array_get(array, 1));
}

static void array_of_reals(void)
{
	struct array *array = array_new_real("array", 3);
	array_set_real(array, 1, 0.1);
	pair_line("%.17g", array_get_real(array, 1) + array_get_real(array, 0));
}

static void read_behind(void *array)
{
	array_get(array, array_length(array));
}

static void write_behind(void *array)
{
	array_set(array, array_length(array), 1);
}

static void array_bounds(void)
{
	struct array *array = array_new("array", 4);
	run(read_behind, array);
	run(write_behind, array);
	pair_line("%" PRId64, array_get(array, 3));
}

static void lock_of_array(void)
{
	struct array *array = array_new("array", 1);
	pair_line("%s", pair_bool(lock_try_acquire(array_lock(array))));
	pair_line("%s", lock_release(array_lock(array)) == 0 ? "ok" : "refused");
	pair_line("%s", lock_release(array_lock(array)) == 0 ? "ok" : "refused");
}

const struct pair pairs[] = {
	{"integers", integers},
	{"integers_are_cut", integers_are_cut},
	{"initial_is_cut", initial_is_cut},
	{"bytes", bytes},
	{"reals", reals},
	{"unknown_type", unknown_type},
	{"child_and_parent_see_it", child_and_parent_see_it},
	{"exact_with_its_lock", exact_with_its_lock},
	{"update_is_not_atomic", update_is_not_atomic},
	{"lock_of_an_ended_holder", lock_of_an_ended_holder},
	{"two_locks", two_locks},
	{"lock_twice", lock_twice},
	{"get_while_locked", get_while_locked},
	{"array_is_zeroed", array_is_zeroed},
	{"array_is_shared", array_is_shared},
	{"array_is_cut", array_is_cut},
	{"array_of_reals", array_of_reals},
	{"array_bounds", array_bounds},
	{"lock_of_array", lock_of_array},
	{0},
};
