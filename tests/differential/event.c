/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "mp/mp.h"
#include "pairs.h"

static void unset_then_set(void)
{
	struct event *event = event_new("event");
	bool set = event_is_set(event);
	pair_line("%s %s", pair_bool(set), pair_bool(event_wait_timeout(event, 0)));
	event_set(event);
	set = event_is_set(event);
	bool passed = event_wait_timeout(event, 0);
	event_wait(event);
	pair_line("%s %s True", pair_bool(set), pair_bool(passed));
	event_set(event);
	pair_line("%s", pair_bool(event_is_set(event)));
	event_clear(event);
	event_clear(event);
	set = event_is_set(event);
	pair_line("%s %s", pair_bool(set), pair_bool(event_wait_timeout(event, 0.02)));
}

static void timeout_never_early(void)
{
	struct event *event = event_new("event");
	double before = clock_seconds();
	bool set = event_wait_timeout(event, 0.1);
	pair_line("%s %s", pair_bool(set), pair_bool(clock_seconds() - before >= 0.1));
}

static void wait(void *event)
{
	event_wait(event);
	pair_line("set: passed True");
}

static void set_wakes_all(void)
{
	struct event *event = event_new("event");
	struct process *children[4];
	for (int i = 0; i < 4; i++) {
		children[i] = process_new(NULL, wait, event);
		process_start(children[i]);
	}
	event_set(event);
	for (int i = 0; i < 4; i++)
		process_join(children[i]);
	pair_line("%s", pair_bool(event_is_set(event)));
}

static void set_it(void *event)
{
	event_set(event);
}

static void set_by_a_child(void)
{
	struct event *event = event_new("event");
	struct process *child = process_new(NULL, set_it, event);
	process_start(child);
	pair_line("%s", pair_bool(event_wait_timeout(event, 20)));
	process_join(child);
}

const struct pair pairs[] = {
	{"unset_then_set", unset_then_set},
	{"timeout_never_early", timeout_never_early},
	{"set_wakes_all", set_wakes_all},
	{"set_by_a_child", set_by_a_child},
	{0}};
