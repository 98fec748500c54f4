/* SPDX-License-Identifier: MIT */
#include "mp/mp.h"
#include "pairs.h"

static const char *said(int error)
{
	return error == 0 ? "ok" : "refused";
}

static int run(void (*target)(void *), void *argument)
{
	struct process *process = process_new(NULL, target, argument);
	int code = 1000;
	process_start(process);
	process_join(process);
	process_exitcode(process, &code);
	process_free(process);
	return code;
}

static void two_one_none_and_back(void)
{
	struct semaphore *semaphore = semaphore_new("semaphore", 2);
	pair_line("%d", semaphore_value(semaphore));
	semaphore_acquire(semaphore);
	pair_line("%d", semaphore_value(semaphore));
	semaphore_acquire(semaphore);
	int count = semaphore_value(semaphore);
	pair_line("%d %s", count, pair_bool(semaphore_try_acquire(semaphore)));
	semaphore_release(semaphore);
	pair_line("%d", semaphore_value(semaphore));
	semaphore_release(semaphore);
	pair_line("%d", semaphore_value(semaphore));
}

static void goes_above_its_start(void)
{
	struct semaphore *semaphore = semaphore_new("semaphore", 1);
	semaphore_release(semaphore);
	semaphore_release(semaphore);
	pair_line("%d", semaphore_value(semaphore));
	bool got[4];
	for (int i = 0; i < 4; i++)
		got[i] = semaphore_try_acquire(semaphore);
	pair_line("[%s, %s, %s, %s]", pair_bool(got[0]), pair_bool(got[1]), pair_bool(got[2]), pair_bool(got[3]));
}

static void bounded_refuses_to(void)
{
	struct semaphore *semaphore = bounded_semaphore_new("semaphore", 2);
	const char *first = said(semaphore_release(semaphore));
	pair_line("%s %d", first, semaphore_value(semaphore));
	semaphore_acquire(semaphore);
	first = said(semaphore_release(semaphore));
	const char *second = said(semaphore_release(semaphore));
	pair_line("%s %s %d", first, second, semaphore_value(semaphore));
}

static void bounded_by_none(void)
{
	struct semaphore *semaphore = bounded_semaphore_new("semaphore", 0);
	const char *first = said(semaphore_release(semaphore));
	pair_line("%s %s", first, pair_bool(semaphore_try_acquire(semaphore)));
}

static void release(void *semaphore)
{
	semaphore_release(semaphore);
}

static void bounded_does_not_see_an_extra_one_below(void)
{
	struct semaphore *semaphore = bounded_semaphore_new("semaphore", 2);
	semaphore_acquire(semaphore);
	semaphore_acquire(semaphore);
	int first = run(release, semaphore), second = run(release, semaphore);
	pair_line("%d %d %d", first, second, semaphore_value(semaphore));
	pair_line("%s", said(semaphore_release(semaphore)));
}

static void make_one_below_none(void *argument)
{
	(void)argument;
	semaphore_new("semaphore", -1);
}

static void starts_below_none(void)
{
	pair_line("%d", run(make_one_below_none, NULL));
}

static void of_none_is_a_sign(void)
{
	struct semaphore *semaphore = semaphore_new("semaphore", 0);
	struct process *child = process_new(NULL, release, semaphore);
	process_start(child);
	pair_line("%s", pair_bool(semaphore_acquire_timeout(semaphore, 20)));
	process_join(child);
	pair_line("%s", pair_bool(semaphore_try_acquire(semaphore)));
}

static void timeout_never_early(void)
{
	struct semaphore *semaphore = semaphore_new("semaphore", 0);
	double before = clock_seconds();
	bool got = semaphore_acquire_timeout(semaphore, 0.1);
	pair_line("%s %s", pair_bool(got), pair_bool(clock_seconds() - before >= 0.1));
	got = semaphore_acquire_timeout(semaphore, 0);
	pair_line("%s %s", pair_bool(got), pair_bool(semaphore_acquire_timeout(semaphore, -3)));
}

struct room {
	struct semaphore *places, *lock;
	struct value *inside, *most;
};

static void go_inside(void *argument)
{
	struct room *room = argument;
	semaphore_acquire(room->places);
	semaphore_acquire(room->lock);
	value_set(room->inside, value_get(room->inside) + 1);
	if (value_get(room->inside) > value_get(room->most))
		value_set(room->most, value_get(room->inside));
	semaphore_release(room->lock);
	clock_sleep(0.02);
	semaphore_acquire(room->lock);
	value_set(room->inside, value_get(room->inside) - 1);
	semaphore_release(room->lock);
	semaphore_release(room->places);
}

static void never_three_inside(void)
{
	struct room room = {bounded_semaphore_new("places", 2), semaphore_new("lock", 1), value_new("inside", 0),
	                    value_new("most", 0)};
	struct process *children[6];
	for (int i = 0; i < 6; i++) {
		children[i] = process_new(NULL, go_inside, &room);
		process_start(children[i]);
	}
	for (int i = 0; i < 6; i++)
		process_join(children[i]);
	pair_line("%d %d", (int)value_get(room.most), semaphore_value(room.places));
}

const struct pair pairs[] = {
	{"two_one_none_and_back", two_one_none_and_back},
	{"goes_above_its_start", goes_above_its_start},
	{"bounded_refuses_to", bounded_refuses_to},
	{"bounded_by_none", bounded_by_none},
	{"bounded_does_not_see_an_extra_one_below", bounded_does_not_see_an_extra_one_below},
	{"starts_below_none", starts_below_none},
	{"of_none_is_a_sign", of_none_is_a_sign},
	{"timeout_never_early", timeout_never_early},
	{"never_three_inside", never_three_inside},
	{0}};
