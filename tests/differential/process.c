/* SPDX-License-Identifier: MIT */
#include "pairs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "mp/mp.h"

enum { MANY = 100 };

static struct process *start(void (*target)(void *), void *argument)
{
	struct process *process = process_new(NULL, target, argument);
	if (process_start(process) != 0)
		abort();
	return process;
}

static const char *said(int error)
{
	return error == 0 ? "ok" : "refused";
}

static void line_exitcode(struct process *process)
{
	int code;
	if (process_exitcode(process, &code))
		pair_line("exit code %d", code);
	else
		pair_line("exit code None");
}

static void run(void (*target)(void *), void *argument)
{
	struct process *process = start(target, argument);
	process_join(process);
	line_exitcode(process);
}

static void nothing(void *unused)
{
	(void)unused;
}

static void without_target(void)
{
	run(NULL, NULL);
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

static void names(void)
{
	pair_line("%s", process_name(process_new(NULL, nothing, NULL)));
	pair_line("%s", process_name(process_new("worker", nothing, NULL)));
	pair_line("%s", process_name(process_new(NULL, nothing, NULL)));
}

static void tell_names(void *depth)
{
	const char *parent = process_parent_name();
	pair_line("%s of %s", process_current_name(), parent != NULL ? parent : "None");
	if (*(int *)depth == 0)
		return;
	for (int i = 0; i < 2; i++)
		process_join(start(tell_names, &(int){*(int *)depth - 1}));
}

static void nested_names(void)
{
	tell_names(&(int){2});
}

static void custom_name_of_child(void)
{
	struct process *process = process_new("smith", tell_names, &(int){1});
	process_start(process);
	process_join(process);
}

struct order {
	struct connection *out;
	int depth, path[2];
};

static void tell_order(void *argument)
{
	struct order *order = argument;
	json_t *path = json_array();
	for (int i = 0; i < order->depth; i++)
		json_array_append_new(path, json_integer(order->path[i]));
	connection_send(order->out, path);
	for (int i = 0; i < 2 && order->depth < 2; i++) {
		struct order inner = *order;
		inner.path[inner.depth++] = i;
		process_join(start(tell_order, &inner));
	}
}

static void recursion_order(void)
{
	struct connection *ends[2];
	pipe_new("order", false, ends);
	struct order order = {.out = ends[1]};
	process_join(start(tell_order, &order));
	while (connection_poll(ends[0], 0)) {
		json_t *path = connection_recv(ends[0]);
		char *text = json_dumps(path, 0);
		pair_line("%s", text);
		free(text);
		json_decref(path);
	}
}

/* ---- how they end ---- */

static void hundred_children(void)
{
	struct process *processes[MANY];
	int sum = 0;
	for (int i = 0; i < MANY; i++)
		processes[i] = start(nothing, NULL);
	for (int i = 0; i < MANY; i++) {
		int code = -1;
		process_join(processes[i]);
		sum += process_exitcode(processes[i], &code) && code == 0;
	}
	pair_line("%d ended with 0, last name %s", sum, process_name(processes[MANY - 1]));
}

static void hundred_terminated(void)
{
	struct process *processes[MANY];
	int sum = 0;
	for (int i = 0; i < MANY; i++)
		processes[i] = start(stay, NULL);
	for (int i = 0; i < MANY; i++)
		process_terminate(processes[i]);
	for (int i = 0; i < MANY; i++) {
		int code = 0;
		process_join(processes[i]);
		sum += process_exitcode(processes[i], &code) && code == -15;
	}
	pair_line("%d ended with -15", sum);
}

static void killed(void)
{
	struct process *process = start(stay, NULL);
	process_kill(process);
	pair_line("join %s", said(process_join(process)));
	line_exitcode(process);
}

static void raise_signal(void *number)
{
	raise(*(int *)number);
}

static void ended_by_signals(void)
{
	run(raise_signal, &(int){SIGUSR2});
	run(raise_signal, &(int){SIGKILL});
	run(raise_signal, &(int){SIGALRM});
}

static void leave(void *code)
{
	process_exit(*(int *)code);
}

static void fail(void *unused)
{
	(void)unused;
	process_fail("ValueError: it is wrong");
}

static void exit_statuses(void)
{
	run(nothing, NULL);
	run(leave, &(int){0});
	run(leave, &(int){8});
	run(leave, &(int){255});
	run(leave, &(int){256});
	run(leave, &(int){-1});
	run(fail, NULL);
}

static void uncaught_says_who(void)
{
	int errors = memfd_create("errors", 0), before = dup(STDERR_FILENO);
	dup2(errors, STDERR_FILENO);
	process_join(start(fail, NULL));
	dup2(before, STDERR_FILENO);
	char text[4096] = "";
	ssize_t length = pread(errors, text, sizeof text - 1, 0);
	text[length > 0 ? length - 1 : 0] = '\0';
	pair_line("%.*s", (int)strcspn(text, "\n"), text);
	pair_line("%s", strrchr(text, '\n') + 1);
}

static void main_exits_with_status(void)
{
	process_exit(7);
}

static void main_fails(void)
{
	process_fail("ValueError: it is wrong");
}

struct later {
	const char *text;
	struct event *go;
	pid_t parent;
};

/* A parent that does not join has a moment to be gone. */
static void tell_later(void *argument)
{
	struct later *later = argument;
	event_wait(later->go);
	clock_sleep(0.1);
	pair_line("%s, its parent is there %s", later->text, pair_bool(getppid() == later->parent));
}

static void main_joins_at_exit(void)
{
	struct later later = {"child", event_new(NULL), getpid()};
	start(tell_later, &later);
	pair_line("main");
	event_set(later.go);
	process_exit(3);
}

static void main_fails_but_joins(void)
{
	struct later later = {"child", event_new(NULL), getpid()};
	start(tell_later, &later);
	event_set(later.go);
	process_fail("ValueError: it is wrong");
}

static void start_and_return(void *argument)
{
	struct later *later = argument;
	later->parent = getpid();
	start(tell_later, later);
	pair_line("child");
	event_set(later->go);
}

static void child_joins_at_exit(void)
{
	struct later later = {"grandchild", event_new(NULL), 0};
	run(start_and_return, &later);
}

/* ---- daemons ---- */

static struct process *daemon_of(void (*target)(void *), void *argument)
{
	struct process *process = process_new(NULL, target, argument);
	process_set_daemon(process, true);
	return process;
}

static void start_daemon(void *pid)
{
	struct process *process = daemon_of(stay, NULL);
	process_start(process);
	value_set(pid, process_pid(process));
}

static void daemon_dies_with_parent(void)
{
	struct value *pid = value_new("pid", 0);
	run(start_daemon, pid);
	pair_line("told %s", pair_bool(value_get(pid) > 0));
	pair_line("lives %s", pair_bool(kill((pid_t)value_get(pid), 0) == 0));
}

static void daemon_ends_with_main(void)
{
	pair_line("start %s", said(process_start(daemon_of(stay, NULL))));
}

static void try_child(void *unused)
{
	(void)unused;
	pair_line("daemon %s", pair_bool(process_current_is_daemon()));
	pair_line("start %s", said(process_start(process_new(NULL, nothing, NULL))));
}

static void daemon_has_no_children(void)
{
	struct process *process = daemon_of(try_child, NULL);
	process_start(process);
	process_join(process);
	line_exitcode(process);
}

static void daemon_flag(void)
{
	struct process *process = process_new(NULL, nothing, NULL);
	pair_line("%s", pair_bool(process_is_daemon(process)));
	pair_line("set %s", said(process_set_daemon(process, true)));
	pair_line("%s", pair_bool(process_is_daemon(process)));
	process_start(process);
	pair_line("set %s", said(process_set_daemon(process, false)));
	process_join(process);
	pair_line("%s", pair_bool(process_current_is_daemon()));
}

/* ---- what is refused ---- */

static void start_twice(void)
{
	struct process *process = start(nothing, NULL);
	pair_line("again %s", said(process_start(process)));
	process_join(process);
	pair_line("after the end %s", said(process_start(process)));
}

static void join_before_start(void)
{
	struct process *process = process_new(NULL, nothing, NULL);
	pair_line("join %s", said(process_join(process)));
	pair_line("with a timeout %s", said(process_join_timeout(process, 0)));
}

static void terminate_before_start(void)
{
	struct process *process = process_new(NULL, nothing, NULL);
	pair_line("terminate %s", said(process_terminate(process)));
	pair_line("kill %s", said(process_kill(process)));
}

static void try_join(void *sibling)
{
	pair_line("join %s", said(process_join(sibling)));
}

static void join_by_sibling(void)
{
	struct event *event = event_new("event");
	struct process *process = start(wait_for, event);
	run(try_join, process);
	event_set(event);
	process_join(process);
	line_exitcode(process);
}

static void try_start(void *process)
{
	pair_line("start %s", said(process_start(process)));
}

static void start_by_another(void)
{
	struct process *process = process_new(NULL, nothing, NULL);
	run(try_start, process);
	pair_line("here %s", said(process_start(process)));
	process_join(process);
}

static void close_while_running(void)
{
	struct event *event = event_new("event");
	struct process *process = start(wait_for, event);
	pair_line("close %s", said(process_close(process)));
	event_set(event);
	process_join(process);
	pair_line("close %s", said(process_close(process)));
	pair_line("close %s", said(process_close(process)));
	pair_line("join %s", said(process_join(process)));
	pair_line("terminate %s", said(process_terminate(process)));
	pair_line("start %s", said(process_start(process)));
}

static void close_before_start(void)
{
	struct process *process = process_new(NULL, nothing, NULL);
	pair_line("close %s", said(process_close(process)));
	pair_line("start %s", said(process_start(process)));
}

static void asking_a_closed_one(void)
{
	struct process *process = start(nothing, NULL);
	process_join(process);
	process_close(process);
	pair_line("alive %s", pair_bool(process_is_alive(process)));
	line_exitcode(process);
}

static void terminate_ended(void)
{
	struct process *process = start(nothing, NULL);
	process_join(process);
	pair_line("terminate %s", said(process_terminate(process)));
	pair_line("kill %s", said(process_kill(process)));
	line_exitcode(process);
}

/* ---- states ---- */

/* Takes out the digits after each "pid=" and "parent=". */
static void line_described(struct process *process)
{
	char text[256];
	process_describe(process, text, sizeof text);
	const char *words[] = {"pid=", "parent="};
	for (int i = 0; i < 2; i++) {
		char *at = strstr(text, words[i]);
		if (at == NULL)
			continue;
		at += strlen(words[i]);
		size_t digits = strspn(at, "0123456789");
		memmove(at, at + digits, strlen(at + digits) + 1);
	}
	pair_line("%s", text);
}

static void describe(void *process)
{
	line_described(process);
}

static void described(void)
{
	struct event *event = event_new("event");
	struct process *process = process_new(NULL, wait_for, event);
	line_described(process);
	process_start(process);
	line_described(process);
	process_join(start(describe, process));
	event_set(event);
	process_join(process);
	line_described(process);
	process_close(process);
	line_described(process);
}

static void described_after_failure(void)
{
	struct process *process = start(fail, NULL);
	process_join(process);
	line_described(process);
	process = daemon_of(stay, NULL);
	process_start(process);
	process_terminate(process);
	process_join(process);
	line_described(process);
	line_described(process_new("it's", nothing, NULL));
}

static void exitcode_and_pid(void)
{
	struct event *event = event_new("event");
	struct process *process = process_new(NULL, wait_for, event);
	line_exitcode(process);
	pair_line("pid %s, alive %s", process_pid(process) == 0 ? "None" : "a number", pair_bool(process_is_alive(process)));
	process_start(process);
	line_exitcode(process);
	pair_line("pid %s, alive %s", process_pid(process) == 0 ? "None" : "a number", pair_bool(process_is_alive(process)));
	event_set(event);
	process_join(process);
	line_exitcode(process);
	pair_line("pid %s, alive %s", process_pid(process) == 0 ? "None" : "a number", pair_bool(process_is_alive(process)));
}

static void tell_pids(void *pids)
{
	array_set(pids, 0, getpid());
	array_set(pids, 1, process_parent_pid());
}

static void pids_agree(void)
{
	struct array *pids = array_new("pids", 2);
	struct process *process = start(tell_pids, pids);
	process_join(process);
	pair_line("child %s, parent %s", pair_bool(array_get(pids, 0) == process_pid(process)),
	          pair_bool(array_get(pids, 1) == getpid()));
}

/* ---- waiting and reaping ---- */

static void line_joined(struct process *process, double seconds)
{
	const char *joined = said(process_join_timeout(process, seconds));
	pair_line("join(%g) %s, alive %s", seconds, joined, pair_bool(process_is_alive(process)));
}

static void join_with_timeouts(void)
{
	struct event *event = event_new("event");
	struct process *process = start(wait_for, event);
	double began = clock_seconds();
	line_joined(process, 0);
	pair_line("at once %s", pair_bool(clock_seconds() - began < 1));
	began = clock_seconds();
	line_joined(process, 0.1);
	pair_line("early %s", pair_bool(clock_seconds() - began < 0.1));
	event_set(event);
	line_joined(process, 30);
	pair_line("join() %s", said(process_join(process)));
}

static char state_of(pid_t pid)
{
	char path[32], line[512] = "";
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return '-';
	if (fgets(line, sizeof line, file) == NULL)
		line[0] = '\0';
	fclose(file);
	const char *name_end = strrchr(line, ')');
	return name_end != NULL ? name_end[2] : '?';
}

static void await_zombie(pid_t pid)
{
	while (state_of(pid) != 'Z')
		usleep(1000);
}

static void zombie_until_joined(void)
{
	struct process *process = start(nothing, NULL);
	await_zombie(process_pid(process));
	pair_line("%c", state_of(process_pid(process)));
	process_join(process);
	pair_line("%c", state_of(process_pid(process)));
}

static void active_children_reaps(void)
{
	struct event *event = event_new("event");
	pair_line("%zu", process_active_children());
	struct process *goes_on = start(wait_for, event);
	struct process *ended = start(nothing, NULL); /* the last: a start would reap what has ended */
	await_zombie(process_pid(ended));
	pair_line("%zu", process_active_children());
	pair_line("%c", state_of(process_pid(ended)));
	line_exitcode(ended);
	event_set(event);
	process_join(goes_on);
	pair_line("%zu", process_active_children());
}

static void is_alive_reaps(void)
{
	struct process *process = start(nothing, NULL);
	await_zombie(process_pid(process));
	pair_line("alive %s", pair_bool(process_is_alive(process)));
	pair_line("%c", state_of(process_pid(process)));
}

static void start_reaps(void)
{
	struct process *process = start(nothing, NULL);
	await_zombie(process_pid(process));
	struct process *next = start(nothing, NULL);
	pair_line("%c", state_of(process_pid(process)));
	process_join(next);
}

static void join_any_order(void)
{
	struct process *processes[5];
	for (int i = 0; i < 5; i++)
		processes[i] = start(leave, &(int){i});
	for (int i = 4; i >= 0; i--) {
		process_join(processes[i]);
		line_exitcode(processes[i]);
	}
}

/* ---- what a child has ---- */

static int number = 1;

static void change(void *unused)
{
	(void)unused;
	pair_line("child found %d", number);
	number = 5;
}

static void memory_is_copied(void)
{
	number = 2;
	process_join(start(change, NULL));
	pair_line("parent has %d", number);
}

static void print_twice(void *unused)
{
	(void)unused;
	print("hello");
	print("again");
}

static void without_stdout(void)
{
	close(STDOUT_FILENO);
	run(print_twice, NULL);
}

static void close_and_print(void *unused)
{
	close(STDOUT_FILENO);
	print_twice(unused);
}

static void child_closes_stdout(void)
{
	run(close_and_print, NULL);
	print("main");
}

static void buffered_once(void)
{
	printf("once\n");
	process_join(start(nothing, NULL));
	fflush(stdout);
	process_join(start(nothing, NULL));
}

static void read_stdin(void *unused)
{
	(void)unused;
	pair_line("end of file %s", pair_bool(getchar() == EOF));
}

static void stdin_is_empty(void)
{
	int ends[2];
	if (pipe(ends) < 0 || write(ends[1], "x", 1) != 1)
		abort();
	dup2(ends[0], STDIN_FILENO);
	process_join(start(read_stdin, NULL));
}

static void cpu_count(void)
{
	pair_line("%d", process_cpu_count());
}

const struct pair pairs[] = {
	{"names", names},
	{"nested_names", nested_names},
	{"custom_name_of_child", custom_name_of_child},
	{"recursion_order", recursion_order},
	{"hundred_children", hundred_children},
	{"hundred_terminated", hundred_terminated},
	{"killed", killed},
	{"ended_by_signals", ended_by_signals},
	{"exit_statuses", exit_statuses},
	{"uncaught_says_who", uncaught_says_who},
	{"main_exits_with_status", main_exits_with_status},
	{"main_fails", main_fails},
	{"main_joins_at_exit", main_joins_at_exit},
	{"main_fails_but_joins", main_fails_but_joins},
	{"child_joins_at_exit", child_joins_at_exit},
	{"daemon_dies_with_parent", daemon_dies_with_parent},
	{"daemon_ends_with_main", daemon_ends_with_main},
	{"daemon_has_no_children", daemon_has_no_children},
	{"daemon_flag", daemon_flag},
	{"start_twice", start_twice},
	{"join_before_start", join_before_start},
	{"terminate_before_start", terminate_before_start},
	{"join_by_sibling", join_by_sibling},
	{"start_by_another", start_by_another},
	{"close_while_running", close_while_running},
	{"close_before_start", close_before_start},
	{"asking_a_closed_one", asking_a_closed_one},
	{"terminate_ended", terminate_ended},
	{"described", described},
	{"described_after_failure", described_after_failure},
	{"exitcode_and_pid", exitcode_and_pid},
	{"pids_agree", pids_agree},
	{"join_with_timeouts", join_with_timeouts},
	{"zombie_until_joined", zombie_until_joined},
	{"active_children_reaps", active_children_reaps},
	{"is_alive_reaps", is_alive_reaps},
	{"start_reaps", start_reaps},
	{"join_any_order", join_any_order},
	{"memory_is_copied", memory_is_copied},
	{"without_stdout", without_stdout},
	{"child_closes_stdout", child_closes_stdout},
	{"buffered_once", buffered_once},
	{"stdin_is_empty", stdin_is_empty},
	{"cpu_count", cpu_count},
	{"without_target", without_target},
	{0},
};
