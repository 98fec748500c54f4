/* SPDX-License-Identifier: MIT */
#include "mp/mp.h"
#include "pairs.h"

static const char *said(int error)
{
	return error == 0 ? "ok" : "refused";
}

static void run(void (*target)(void *), void *argument)
{
	struct process *process = process_new(NULL, target, argument);
	process_start(process);
	process_join(process);
	process_free(process);
}

static void try(void *rlock)
{
	pair_line("in the child %s", pair_bool(rlock_try_acquire(rlock)));
}

static void try_release(void *rlock)
{
	pair_line("release in the child %s", said(rlock_release(rlock)));
}

static void taken_twice_by_its_owner(void)
{
	struct rlock *rlock = rlock_new("rlock");
	rlock_acquire(rlock);
	bool again = rlock_try_acquire(rlock);
	pair_line("True %s %s", pair_bool(again), pair_bool(rlock_acquire_timeout(rlock, 0.01)));
	run(try, rlock);
}

static void free_when_released_as_often(void)
{
	struct rlock *rlock = rlock_new("rlock");
	rlock_acquire(rlock);
	rlock_acquire(rlock);
	pair_line("%s", said(rlock_release(rlock)));
	run(try, rlock);
	pair_line("%s", said(rlock_release(rlock)));
	run(try, rlock);
}

static void released_once_more(void)
{
	struct rlock *rlock = rlock_new("rlock");
	pair_line("%s", said(rlock_release(rlock)));
	rlock_acquire(rlock);
	const char *first = said(rlock_release(rlock));
	pair_line("%s %s", first, said(rlock_release(rlock)));
}

static void released_by_another_process(void)
{
	struct rlock *rlock = rlock_new("rlock");
	rlock_acquire(rlock);
	run(try_release, rlock);
	pair_line("%s", said(rlock_release(rlock)));
}

static void in_thread(void *rlock)
{
	bool got = rlock_try_acquire(rlock);
	pair_line("thread %s %s", pair_bool(got), said(rlock_release(rlock)));
}

static void released_by_another_thread(void)
{
	struct rlock *rlock = rlock_new("rlock");
	rlock_acquire(rlock);
	struct thread *thread = thread_new(NULL, in_thread, rlock);
	thread_start(thread);
	thread_join(thread);
	pair_line("%s", said(rlock_release(rlock)));
}

static void child_does_not_own_what_it_inherits(void)
{
	struct rlock *rlock = rlock_new("rlock");
	rlock_acquire(rlock);
	run(try, rlock);
	pair_line("%s", pair_bool(rlock_try_acquire(rlock)));
}

static void hold(void *rlock)
{
	rlock_acquire(rlock);
}

static void kept_by_an_owner_that_ended(void)
{
	struct rlock *rlock = rlock_new("rlock");
	run(hold, rlock);
	bool got = rlock_acquire_timeout(rlock, 0.05);
	pair_line("%s %s", pair_bool(got), said(rlock_release(rlock)));
}

static void a_thousand_deep(void)
{
	struct rlock *rlock = rlock_new("rlock");
	for (int i = 0; i < 1000; i++)
		rlock_acquire(rlock);
	for (int i = 0; i < 999; i++)
		rlock_release(rlock);
	run(try, rlock);
	rlock_release(rlock);
	run(try, rlock);
}

const struct pair pairs[] = {
	{"taken_twice_by_its_owner", taken_twice_by_its_owner},
	{"free_when_released_as_often", free_when_released_as_often},
	{"released_once_more", released_once_more},
	{"released_by_another_process", released_by_another_process},
	{"released_by_another_thread", released_by_another_thread},
	{"child_does_not_own_what_it_inherits", child_does_not_own_what_it_inherits},
	{"kept_by_an_owner_that_ended", kept_by_an_owner_that_ended},
	{"a_thousand_deep", a_thousand_deep},
	{0}};
