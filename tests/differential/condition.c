/* SPDX-License-Identifier: MIT */
#include <signal.h>
#include <stddef.h>

#include "mp/mp.h"
#include "pairs.h"

static const char *said(int error)
{
	return error == 0 ? "ok" : "refused";
}

/* ---- sleepers on one condition ---- */

enum { MOST = 4 };

struct bed {
	struct condition *condition;
	struct semaphore *asleep, *awake;
	struct process *sleepers[MOST];
	int count;
};

static void sleep_on(void *argument)
{
	struct bed *bed = argument;
	condition_acquire(bed->condition);
	semaphore_release(bed->asleep);
	condition_wait(bed->condition);
	semaphore_release(bed->awake);
	condition_release(bed->condition);
}

/* When it returns all of them sleep. */
static void make(struct bed *bed, int count)
{
	*bed = (struct bed){condition_new("condition"), semaphore_new("asleep", 0), semaphore_new("awake", 0), {NULL}, count};
	for (int i = 0; i < count; i++) {
		bed->sleepers[i] = process_new(NULL, sleep_on, bed);
		process_set_daemon(bed->sleepers[i], true);
		process_start(bed->sleepers[i]);
	}
	for (int i = 0; i < count; i++)
		semaphore_acquire(bed->asleep);
	condition_acquire(bed->condition); /* the last of them has given it up, so it sleeps */
	condition_release(bed->condition);
}

/* How many woke up, of `most`. */
static void line_woken(struct bed *bed, const char *words, int most)
{
	int count = 0;
	while (count < most && semaphore_acquire_timeout(bed->awake, 20))
		count++;
	pair_line("%s %d %s", words, count, pair_bool(semaphore_acquire_timeout(bed->awake, 0.1)));
}

static void notify_all_of(struct bed *bed)
{
	condition_acquire(bed->condition);
	condition_notify_all(bed->condition);
	condition_release(bed->condition);
}

static void notify(int count, int number)
{
	struct bed bed;
	make(&bed, count);
	condition_acquire(bed.condition);
	condition_notify(bed.condition, (unsigned int)number);
	condition_release(bed.condition);
	line_woken(&bed, "woken", count < number ? count : number);
	notify_all_of(&bed);
	line_woken(&bed, "the rest", count > number ? count - number : 0);
	for (int i = 0; i < count; i++) {
		int code = 1000;
		process_join(bed.sleepers[i]);
		process_exitcode(bed.sleepers[i], &code);
		pair_line("%d", code);
	}
}

static void notify_one(void)
{
	notify(3, 1);
}

static void notify_two(void)
{
	notify(3, 2);
}

static void notify_more_than_there_are(void)
{
	notify(2, 5);
}

static void notify_none(void)
{
	notify(1, 0);
}

static void notify_all(void)
{
	struct bed bed;
	make(&bed, 4);
	notify_all_of(&bed);
	line_woken(&bed, "woken", 4);
}

/* ---- one process ---- */

static const char *in_time(int error)
{
	return pair_bool(error == 0);
}

static void notification_that_nobody_hears_is_lost(void)
{
	struct condition *condition = condition_new("condition");
	condition_acquire(condition);
	condition_notify(condition, 1);
	pair_line("%s", in_time(condition_wait_timeout(condition, 0.05)));
	condition_release(condition);
}

static void without_the_lock(void)
{
	struct condition *condition = condition_new("condition");
	pair_line("%s %s %s %s", said(condition_wait(condition)), said(condition_wait_timeout(condition, 0)),
	          said(condition_notify(condition, 1)), said(condition_notify_all(condition)));
	pair_line("%s", said(condition_release(condition)));
}

static void wait_times_out(void)
{
	struct condition *condition = condition_new("condition");
	condition_acquire(condition);
	double before = clock_seconds();
	int error = condition_wait_timeout(condition, 0.1);
	pair_line("%s %s", in_time(error), pair_bool(clock_seconds() - before >= 0.1));
	error = condition_wait_timeout(condition, 0);
	pair_line("%s %s", in_time(error), in_time(condition_wait_timeout(condition, -1)));
	condition_release(condition);
	pair_line("%s", said(condition_release(condition)));
}

static void depth_is_given_up_and_taken_back(void)
{
	struct condition *condition = condition_new("condition");
	condition_acquire(condition);
	condition_acquire(condition);
	pair_line("%s", in_time(condition_wait_timeout(condition, 0.02)));
	const char *first = said(condition_release(condition)), *second = said(condition_release(condition));
	pair_line("%s %s %s", first, second, said(condition_release(condition)));
}

static void with_a_lock(void)
{
	struct lock *lock = lock_new("lock");
	struct condition *condition = condition_new_with_lock("condition", lock);
	condition_acquire(condition);
	bool before = lock_try_acquire(lock);
	int error = condition_wait_timeout(condition, 0.02);
	pair_line("%s %s %s", pair_bool(before), in_time(error), pair_bool(lock_try_acquire(lock)));
	const char *first = said(condition_release(condition));
	pair_line("%s %s", first, said(lock_release(lock)));
}

/* ---- predicates ---- */

struct becoming {
	struct condition *condition;
	struct value *value;
	int number;
};

static void become(void *argument)
{
	struct becoming *becoming = argument;
	condition_acquire(becoming->condition);
	value_set(becoming->value, becoming->number);
	condition_notify_all(becoming->condition);
	condition_release(becoming->condition);
}

static bool is_four(void *value)
{
	return value_get(value) == 4;
}

static bool is_never(void *unused)
{
	(void)unused;
	return false;
}

static void wait_for_a_predicate(void)
{
	struct becoming becoming = {condition_new("condition"), value_new("value", 0), 4};
	struct process *child = process_new(NULL, become, &becoming);
	condition_acquire(becoming.condition);
	process_start(child);
	pair_line("%s", in_time(condition_wait_for(becoming.condition, is_four, becoming.value)));
	pair_line("%s", in_time(condition_wait_for_timeout(becoming.condition, is_four, becoming.value, 0)));
	condition_release(becoming.condition);
	process_join(child);
}

static void wait_for_times_out(void)
{
	struct condition *condition = condition_new("condition");
	condition_acquire(condition);
	double before = clock_seconds();
	int error = condition_wait_for_timeout(condition, is_never, NULL, 0.1);
	pair_line("%s %s", in_time(error), pair_bool(clock_seconds() - before >= 0.1));
	pair_line("%s", in_time(condition_wait_for_timeout(condition, is_never, NULL, 0)));
	condition_release(condition);
}

static void wait_for_is_not_content_with_a_wrong_wake(void)
{
	struct becoming becoming = {condition_new("condition"), value_new("value", 0), 3};
	struct process *child = process_new(NULL, become, &becoming);
	condition_acquire(becoming.condition);
	process_start(child);
	int error = condition_wait_for_timeout(becoming.condition, is_four, becoming.value, 0.3);
	pair_line("%s %d", in_time(error), (int)value_get(becoming.value));
	condition_release(becoming.condition);
	process_join(child);
}

/* ---- those who never say that they woke ---- */

static void notify_all_in_child(void *bed)
{
	notify_all_of(bed);
}

static void dead_sleeper_hangs_notify_all(void)
{
	struct bed bed;
	make(&bed, 2);
	process_kill(bed.sleepers[0]);
	process_join(bed.sleepers[0]);
	struct process *child = process_new(NULL, notify_all_in_child, &bed);
	process_start(child);
	line_woken(&bed, "woken", 0);
	process_join_timeout(child, 0.3);
	pair_line("%s", pair_bool(process_is_alive(child)));
	process_kill(child);
	process_join(child);
	int code = 0;
	process_exitcode(child, &code);
	pair_line("%s", pair_bool(code == -SIGKILL));
}

static void one_that_gave_up_is_not_waited_for(void)
{
	struct bed bed;
	make(&bed, 1);
	condition_acquire(bed.condition);
	pair_line("%s", in_time(condition_wait_timeout(bed.condition, 0.02)));
	condition_notify_all(bed.condition);
	condition_release(bed.condition);
	line_woken(&bed, "woken", 1);
}

const struct pair pairs[] = {
	{"notify_one", notify_one},
	{"notify_two", notify_two},
	{"notify_more_than_there_are", notify_more_than_there_are},
	{"notify_none", notify_none},
	{"notify_all", notify_all},
	{"notification_that_nobody_hears_is_lost", notification_that_nobody_hears_is_lost},
	{"without_the_lock", without_the_lock},
	{"wait_times_out", wait_times_out},
	{"depth_is_given_up_and_taken_back", depth_is_given_up_and_taken_back},
	{"with_a_lock", with_a_lock},
	{"wait_for_a_predicate", wait_for_a_predicate},
	{"wait_for_times_out", wait_for_times_out},
	{"wait_for_is_not_content_with_a_wrong_wake", wait_for_is_not_content_with_a_wrong_wake},
	{"dead_sleeper_hangs_notify_all", dead_sleeper_hangs_notify_all},
	{"one_that_gave_up_is_not_waited_for", one_that_gave_up_is_not_waited_for},
	{0}};
