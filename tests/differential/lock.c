/* SPDX-License-Identifier: MIT */
#include <sched.h>
#include <signal.h>
#include <unistd.h>

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

static void taken_once(void)
{
	struct lock *lock = lock_new("lock");
	pair_line("taken %s", pair_bool(lock_try_acquire(lock)));
	pair_line("again %s", pair_bool(lock_try_acquire(lock)));
	pair_line("with no time %s", pair_bool(lock_acquire_timeout(lock, 0)));
	pair_line("with less than none %s", pair_bool(lock_acquire_timeout(lock, -1)));
	lock_release(lock);
	pair_line("free again %s", pair_bool(lock_try_acquire(lock)));
}

static void released_too_often(void)
{
	struct lock *lock = lock_new("lock");
	pair_line("free one %s", said(lock_release(lock)));
	lock_acquire(lock);
	pair_line("held one %s", said(lock_release(lock)));
	pair_line("once more %s", said(lock_release(lock)));
	bool first = lock_try_acquire(lock);
	pair_line("still a lock of one %s %s", pair_bool(first), pair_bool(lock_try_acquire(lock)));
}

static void release(void *lock)
{
	lock_release(lock);
}

static void released_by_another(void)
{
	struct lock *lock = lock_new("lock");
	lock_acquire(lock);
	pair_line("child %d", run(release, lock));
	pair_line("free %s", pair_bool(lock_try_acquire(lock)));
}

static void timeout_never_early(void)
{
	struct lock *lock = lock_new("lock");
	lock_acquire(lock);
	double before = clock_seconds();
	pair_line("got %s", pair_bool(lock_acquire_timeout(lock, 0.1)));
	pair_line("waited %s", pair_bool(clock_seconds() - before >= 0.1));
}

static void release_later(void *lock)
{
	clock_sleep(0.05);
	lock_release(lock);
}

static void timeout_in_time(void)
{
	struct lock *lock = lock_new("lock");
	lock_acquire(lock);
	struct process *child = process_new(NULL, release_later, lock);
	process_start(child);
	pair_line("got %s", pair_bool(lock_acquire_timeout(lock, 20)));
	process_join(child);
}

struct holding {
	struct lock *lock;
	struct event *held;
};

static void hold(void *argument)
{
	struct holding *holding = argument;
	lock_acquire(holding->lock);
	event_set(holding->held);
	pause();
}

static void killed_holder_keeps_it(void)
{
	struct holding holding = {lock_new("lock"), event_new("held")};
	struct process *child = process_new(NULL, hold, &holding);
	int code = 0;
	process_start(child);
	event_wait(holding.held);
	kill(process_pid(child), SIGKILL);
	process_join(child);
	process_exitcode(child, &code);
	pair_line("exit code %d", code);
	pair_line("got %s", pair_bool(lock_acquire_timeout(holding.lock, 0.05)));
	pair_line("released for it %s", said(lock_release(holding.lock)));
	pair_line("got %s", pair_bool(lock_acquire_timeout(holding.lock, 0.05)));
}

struct counting {
	struct lock *lock;
	struct value *value;
	struct barrier *start;
};

static void count(void *argument)
{
	struct counting *counting = argument;
	barrier_wait(counting->start);
	for (int i = 0; i < 500; i++) {
		lock_acquire(counting->lock);
		int64_t seen = value_get(counting->value);
		sched_yield();
		value_set(counting->value, seen + 1);
		lock_release(counting->lock);
	}
}

static void one_at_a_time(void)
{
	struct counting counting = {lock_new("lock"), value_new("value", 0), barrier_new("start", 4, NULL, NULL)};
	struct process *children[4];
	for (int i = 0; i < 4; i++) {
		children[i] = process_new(NULL, count, &counting);
		process_start(children[i]);
	}
	for (int i = 0; i < 4; i++)
		process_join(children[i]);
	pair_line("counted %ld", (long)value_get(counting.value));
}

static void try(void *lock)
{
	pair_line("in the child %s", pair_bool(lock_try_acquire(lock)));
}

static void held_across_a_fork(void)
{
	struct lock *lock = lock_new("lock");
	lock_acquire(lock);
	run(try, lock);
	lock_release(lock);
	run(try, lock);
	pair_line("kept by the child that ended %s", pair_bool(lock_try_acquire(lock)));
}

const struct pair pairs[] = {
	{"taken_once", taken_once},
	{"released_too_often", released_too_often},
	{"released_by_another", released_by_another},
	{"timeout_never_early", timeout_never_early},
	{"timeout_in_time", timeout_in_time},
	{"killed_holder_keeps_it", killed_holder_keeps_it},
	{"one_at_a_time", one_at_a_time},
	{"held_across_a_fork", held_across_a_fork},
	{0}};
