/* SPDX-License-Identifier: MIT */
/* Each process has a number from the system and a name from the program. */

#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "cores", .choices = "all|one", .fallback = "all",
	 .help = "let the processes use every core, or keep all on one"},
	{.name = "service", .low = 0, .high = 60, .real = true,
	 .fallback = "3", .help = "seconds that the service runs"},
	{.name = "worker", .low = 0, .high = 60, .real = true,
	 .fallback = "2", .help = "seconds that each worker runs"},
	{0}};

static const struct lesson_variant variants[] = {
	{"all cores", "cores=all", "four processes, four PIDs"},
	{"one core", "cores=one", "one core for all, and still four PIDs"},
	{0}};

static const struct lesson lesson = {
	.title = "Names and PIDs",
	.summary = "A service and two workers say who they are. One worker was "
	           "given no name. Has each of them a core of its own?",
	.parameters = parameters,
	.variants = variants,
	.outcome = "names: the children's; pids: how many different ones, with "
	           "main's; cores: how many they could use; alive: after join",
	.right = "the default name is Process-3; four PIDs; nobody is alive",
	.step_settings = "service=0 worker=0"};

enum { CHILDREN = 3 };

static int usable_cores(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	sched_getaffinity(0, sizeof(set), &set);
	return CPU_COUNT(&set);
}

/* From here on this process and its children use one core only. */
static void keep_to_one_core(void)
{
	cpu_set_t set, one;

	CPU_ZERO(&set);
	CPU_ZERO(&one);
	sched_getaffinity(0, sizeof(set), &set);
	for (int core = 0; core < CPU_SETSIZE && CPU_COUNT(&one) == 0; core++)
		if (CPU_ISSET(core, &set))
			CPU_SET(core, &one);
	sched_setaffinity(0, sizeof(one), &one);
}

static void run(double seconds)
{
	print("%s starting: PID %d, parent PID %d, cores: %d",
	      process_current_name(), (int)getpid(),
	      (int)process_parent_pid(), usable_cores());
	if (seconds > 0)
		clock_sleep(seconds);
	print("%s exiting", process_current_name());
}

static void my_service(void *argument)
{
	(void)argument;
	run(lesson_real("service"));
}

static void worker(void *argument)
{
	(void)argument;
	run(lesson_real("worker"));
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	if (lesson_is("cores", "one"))
		keep_to_one_core();
	print("%s: PID %d, cores: %d", process_current_name(),
	      (int)getpid(), usable_cores());

	struct process *children[CHILDREN] = {
		process_new("my_service", my_service, NULL),
		process_new("worker 1", worker, NULL),
		process_new(NULL, worker, NULL)}; /* uses the default name */
	process_start(children[1]);
	process_start(children[2]);
	process_start(children[0]);

	json_t *names = json_array();
	int different = 1; /* main's own */
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = process_pid(children[i]);
		bool seen = pid == getpid();
		for (int j = 0; j < i; j++)
			seen = seen || process_pid(children[j]) == pid;
		different += !seen;
		json_array_append_new(names,
		                      json_string(process_name(children[i])));
	}

	int alive = 0;
	for (int i = 0; i < CHILDREN; i++) {
		process_join(children[i]);
		alive += process_is_alive(children[i]);
	}
	print("%d PIDs; alive after join: %d", different, alive);

	/* The third that was made, so it is the third by default. */
	bool named = strcmp(process_name(children[2]), "Process-3") == 0;
	lesson_outcome(named && alive == 0 && different == CHILDREN + 1,
	               usable_cores() == 1 ? "four PIDs on one core"
	                                   : "four PIDs",
	               json_pack("{s:o, s:i, s:i, s:i}", "names", names, "pids",
	                         different, "cores", usable_cores(), "alive",
	                         alive),
	               json_pack("{s:[s, s, s], s:i, s:i}", "names",
	                         "my_service", "worker 1", "Process-3", "pids",
	                         CHILDREN + 1, "alive", 0));
	return lesson_end();
}
