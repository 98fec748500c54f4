/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <stdlib.h>
#include <unistd.h>

#include "mp/mp.h"

static struct thread *start(void (*target)(void *), void *argument)
{
	struct thread *thread = thread_new(NULL, target, argument);
	if (thread_start(thread) != 0)
		abort();
	return thread;
}

static const char *said(int error)
{
	return error == 0 ? "ok" : "refused";
}

static void nothing(void *unused)
{
	(void)unused;
}

static void without_target(void)
{
	struct thread *thread = start(NULL, NULL);
	pair_line("join %s", said(thread_join(thread)));
}

static void wait_for(void *event)
{
	event_wait(event);
}

static void stay(void *unused)
{
	(void)unused;
	for (;;)
		pause();
}

/* ---- names ---- */

static void default_name(void)
{
	pair_line("%s", thread_name(thread_new(NULL, nothing, NULL)));
}

static void tell_name(void *unused)
{
	(void)unused;
	pair_line("%s", thread_current_name());
}

static void names(void)
{
	struct thread *thread = thread_new("reader", tell_name, NULL);
	pair_line("%s", thread_name(thread));
	tell_name(NULL);
	thread_start(thread);
	thread_join(thread);
}

static void number_in_name(void)
{
	thread_new(NULL, nothing, NULL);
	thread_new("named", nothing, NULL);
	pair_line("%.8s", thread_name(thread_new(NULL, nothing, NULL)));
}

static void name_in_child(void *unused)
{
	(void)unused;
	number_in_name();
}

static void number_goes_on_in_child(void)
{
	thread_new(NULL, nothing, NULL);
	struct process *process = process_new(NULL, name_in_child, NULL);
	process_start(process);
	process_join(process);
	number_in_name();
}

/* ---- states ---- */

static void line_joined(struct thread *thread, double seconds)
{
	const char *joined = said(seconds < 0 ? thread_join(thread) : thread_join_timeout(thread, seconds));
	pair_line("join %s, alive %s", joined, pair_bool(thread_is_alive(thread)));
}

static void life(void)
{
	struct event *event = event_new("event");
	struct thread *thread = thread_new(NULL, wait_for, event);
	pair_line("alive %s, count %zu", pair_bool(thread_is_alive(thread)), thread_active_count());
	thread_start(thread);
	pair_line("alive %s, count %zu", pair_bool(thread_is_alive(thread)), thread_active_count());
	double began = clock_seconds();
	line_joined(thread, 0);
	line_joined(thread, 0.1);
	pair_line("early %s", pair_bool(clock_seconds() - began < 0.1));
	event_set(event);
	line_joined(thread, -1);
	line_joined(thread, -1);
	pair_line("count %zu", thread_active_count());
}

static void join_itself(void *at)
{
	pair_line("join %s", said(thread_join(*(struct thread **)at)));
}

static void refused(void)
{
	struct thread *thread = thread_new(NULL, nothing, NULL);
	pair_line("join %s", said(thread_join(thread)));
	pair_line("start %s", said(thread_start(thread)));
	pair_line("start %s", said(thread_start(thread)));
	thread_join(thread);
	pair_line("start %s", said(thread_start(thread)));
	pair_line("daemon %s", said(thread_set_daemon(thread, true)));
	thread = thread_new(NULL, join_itself, &thread);
	thread_start(thread);
	thread_join(thread);
}

static void tell_ids(void *unused)
{
	(void)unused;
	pair_line("pid of its process %s", pair_bool(gettid() == getpid()));
}

static void native_ids(void)
{
	tell_ids(NULL);
	struct thread *thread = thread_new(NULL, tell_ids, NULL);
	pair_line("id %s", thread_id(thread) == 0 ? "None" : "a number");
	thread_start(thread);
	thread_join(thread);
	pair_line("id %s", thread_id(thread) == 0 ? "None" : "a number");
}

/* ---- how they end ---- */

static void leave(void *unused)
{
	(void)unused;
	process_exit(5);
}

static void fail(void *unused)
{
	(void)unused;
	process_fail("ValueError: it is wrong");
}

static void exit_ends_only_the_thread(void)
{
	thread_join(start(leave, NULL));
	pair_line("main goes on");
}

static void failure_ends_only_the_thread(void)
{
	thread_join(start(fail, NULL));
	pair_line("main goes on");
}

static struct event *go;

/* A process that does not wait for it has a moment to be gone. */
static void tell_later(void *text)
{
	event_wait(go);
	clock_sleep(0.1);
	pair_line("%s", (const char *)text);
}

static void main_waits_at_exit(void)
{
	static char text[] = "thread";
	go = event_new(NULL);
	start(tell_later, text);
	pair_line("main");
	event_set(go);
	process_exit(3);
}

static void daemon_is_not_waited_for(void)
{
	struct thread *thread = thread_new(NULL, stay, NULL);
	thread_set_daemon(thread, true);
	thread_start(thread);
	pair_line("daemon %s, count %zu", pair_bool(thread_is_daemon(thread)), thread_active_count());
}

static void tell_inherited(void *unused)
{
	(void)unused;
	pair_line("%s", pair_bool(thread_is_daemon(thread_new(NULL, nothing, NULL))));
}

static void daemon_is_inherited(void)
{
	for (int daemon = 0; daemon < 2; daemon++) {
		struct thread *thread = thread_new(NULL, tell_inherited, NULL);
		thread_set_daemon(thread, daemon);
		thread_start(thread);
		thread_join(thread);
	}
}

/* ---- memory and processes ---- */

static int number = 1;

static void change(void *unused)
{
	(void)unused;
	number = 5;
}

static void memory_is_one(void)
{
	thread_join(start(change, NULL));
	pair_line("%d", number);
}

static void in_child_with_thread(void *unused)
{
	(void)unused;
	static char text[] = "thread of the child";
	go = event_new(NULL);
	start(tell_later, text);
	pair_line("child, count %zu", thread_active_count());
	event_set(go);
}

static void child_waits_for_its_threads(void)
{
	struct process *process = process_new(NULL, in_child_with_thread, NULL);
	process_start(process);
	process_join(process);
	pair_line("main");
}

static void ask_in_child(void *thread)
{
	pair_line("alive %s, count %zu", pair_bool(thread_is_alive(thread)), thread_active_count());
	line_joined(thread, -1);
}

static void fork_takes_one_thread(void)
{
	struct event *event = event_new("event");
	struct thread *thread = start(wait_for, event);
	struct process *process = process_new(NULL, ask_in_child, thread);
	process_start(process);
	process_join(process);
	pair_line("alive %s, count %zu", pair_bool(thread_is_alive(thread)), thread_active_count());
	event_set(event);
	thread_join(thread);
}

static void start_process(void *unused)
{
	(void)unused;
	struct process *process = process_new(NULL, tell_later, (char[]){"process"});
	go = event_new(NULL);
	process_start(process);
	event_set(go);
	process_join(process);
	int code = -1;
	process_exitcode(process, &code);
	pair_line("%s %d", process_name(process), code);
}

static void process_from_a_thread(void)
{
	thread_join(start(start_process, NULL));
}

const struct pair pairs[] = {
	{"without_target", without_target},
	{"default_name", default_name},
	{"names", names},
	{"number_in_name", number_in_name},
	{"number_goes_on_in_child", number_goes_on_in_child},
	{"life", life},
	{"refused", refused},
	{"native_ids", native_ids},
	{"exit_ends_only_the_thread", exit_ends_only_the_thread},
	{"failure_ends_only_the_thread", failure_ends_only_the_thread},
	{"main_waits_at_exit", main_waits_at_exit},
	{"daemon_is_not_waited_for", daemon_is_not_waited_for},
	{"daemon_is_inherited", daemon_is_inherited},
	{"memory_is_one", memory_is_one},
	{"child_waits_for_its_threads", child_waits_for_its_threads},
	{"fork_takes_one_thread", fork_takes_one_thread},
	{"process_from_a_thread", process_from_a_thread},
	{0},
};
