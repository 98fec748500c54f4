/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "mp/mp.h"
#include "pairs.h"

enum { MOST = 5 };

static void run(int count, void (*target)(void *), void *argument)
{
	struct process *children[MOST];
	for (int i = 0; i < count; i++) {
		children[i] = process_new(NULL, target, argument);
		process_start(children[i]);
	}
	for (int i = 0; i < count; i++)
		process_join(children[i]);
}

struct meeting {
	struct barrier *barrier;
	struct value *count;
	int times;
};

static void pass(void *argument)
{
	struct meeting *meeting = argument;
	for (int i = 0; i < meeting->times; i++) {
		if (barrier_wait(meeting->barrier) != 0)
			continue;
		lock_acquire(value_lock(meeting->count));
		value_set(meeting->count, value_get(meeting->count) + 1);
		lock_release(value_lock(meeting->count));
	}
}

static void passes(int parties, int times)
{
	struct meeting meeting = {barrier_new("barrier", parties, NULL, NULL), value_new("firsts", 0), times};
	run(parties, pass, &meeting);
	pair_line("%d %d %s %d", (int)value_get(meeting.count), barrier_waiting(meeting.barrier),
	          pair_bool(barrier_broken(meeting.barrier)), barrier_parties(meeting.barrier));
}

static void ten_passes_of_five(void)
{
	passes(5, 10);
}

static void a_thousand_passes(void)
{
	passes(2, 1000);
}

static void one_party_never_waits(void)
{
	struct barrier *barrier = barrier_new("barrier", 1, NULL, NULL);
	int first = barrier_wait(barrier), second = barrier_wait(barrier);
	pair_line("%d %d %d", first, second, barrier_waiting(barrier));
}

static void act(void *done)
{
	value_set(done, value_get(done) + 1);
}

static void meet(void *argument)
{
	struct meeting *meeting = argument;
	barrier_wait(meeting->barrier);
	pair_line("set: the action has run %d", (int)value_get(meeting->count));
}

static void action_runs_once_before(void)
{
	struct value *done = value_new("done", 0);
	struct meeting meeting = {barrier_new("barrier", 4, act, done), done, 1};
	run(4, meet, &meeting);
	pair_line("%d", (int)value_get(done));
}

static const char *said(int index)
{
	return index < 0 ? "broken" : "passed";
}

static void late_party_breaks_it(void)
{
	struct barrier *barrier = barrier_new("barrier", 2, NULL, NULL);
	const char *first = said(barrier_wait_timeout(barrier, 0.05));
	bool broken = barrier_broken(barrier);
	pair_line("%s %s %s", first, pair_bool(broken), said(barrier_wait(barrier)));
	barrier_reset(barrier);
	pair_line("%s %d", pair_bool(barrier_broken(barrier)), barrier_waiting(barrier));
}

static void aborted(void)
{
	struct barrier *barrier = barrier_new("barrier", 2, NULL, NULL);
	barrier_abort(barrier);
	bool broken = barrier_broken(barrier);
	pair_line("%s %s", pair_bool(broken), said(barrier_wait(barrier)));
	barrier_reset(barrier);
	pair_line("%s", pair_bool(barrier_broken(barrier)));
}

static void wait(void *barrier)
{
	pair_line("waiter %s", said(barrier_wait(barrier)));
}

static struct process *one_waiting(struct barrier *barrier)
{
	struct process *child = process_new(NULL, wait, barrier);
	process_start(child);
	while (barrier_waiting(barrier) == 0)
		;
	return child;
}

static void abort_breaks_the_waiting(void)
{
	struct barrier *barrier = barrier_new("barrier", 2, NULL, NULL);
	struct process *child = one_waiting(barrier);
	barrier_abort(barrier);
	process_join(child);
	pair_line("%s", pair_bool(barrier_broken(barrier)));
}

static void reset_frees_with_an_error(void)
{
	struct barrier *barrier = barrier_new("barrier", 2, NULL, NULL);
	struct process *child = one_waiting(barrier);
	barrier_reset(barrier);
	process_join(child);
	pair_line("%s %d", pair_bool(barrier_broken(barrier)), barrier_waiting(barrier));
}

const struct pair pairs[] = {
	{"ten_passes_of_five", ten_passes_of_five},
	{"a_thousand_passes", a_thousand_passes},
	{"one_party_never_waits", one_party_never_waits},
	{"action_runs_once_before", action_runs_once_before},
	{"late_party_breaks_it", late_party_breaks_it},
	{"aborted", aborted},
	{"abort_breaks_the_waiting", abort_breaks_the_waiting},
	{"reset_frees_with_an_error", reset_frees_with_an_error},
	{0}};
