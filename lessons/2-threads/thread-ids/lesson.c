/* SPDX-License-Identifier: MIT */
/* Two threads, then two processes: who has which PID, who has which TID? */

#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "who", .choices = "both|threads|processes",
	 .fallback = "both", .help = "which of the two to start"},
	{.name = "work", .low = 0, .high = 10000, .fallback = "50",
	 .help = "million steps that each of them computes"},
	{0}};

static const struct lesson_variant variants[] = {
	{"both", "who=both", "one PID and two TIDs, then two PIDs"},
	{"threads", "who=threads", "the threads alone: do they share a core?"},
	{"processes", "who=processes", "the processes alone"},
	{0}};

static const struct lesson lesson = {
	.title = "Whose PID, whose TID?",
	.summary = "Two threads and two processes say which numbers the "
	           "system knows them by. And do threads run on one core?",
	.parameters = parameters,
	.variants = variants,
	.outcome = "threads, processes: the pid and tid of each; at_once: "
	           "whether the two threads were seen to run at the same time",
	.right = "threads: one PID, two TIDs; processes: two PIDs, TID = PID",
	.step_settings = "work=0"};

struct task {
	const char *name;
	pid_t pid, tid;
};

/* Each step needs the one before: no compiler can leave any out. */
static uint64_t compute(long steps)
{
	uint64_t x = 1;

	for (long i = 0; i < steps; i++)
		x = x * 6364136223846793005u + 1442695040888963407u;
	return x;
}

static void task(void *argument)
{
	struct task *me = argument;

	me->pid = getpid();
	me->tid = gettid();
	print("%s: PID %d TID %d", me->name, (int)me->pid, (int)me->tid);
	if (compute(lesson_integer("work") * 1000000) == 0)
		print("%s has computed 0", me->name);
}

static double seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static json_t *ids(pid_t pid, pid_t tid)
{
	return json_pack("{s:i, s:i}", "pid", (int)pid, "tid", (int)tid);
}

/* Whether they used more than one core: one gives a second in a second. */
static bool were_at_once(double wall, double used)
{
	if (lesson_integer("work") == 0 || used <= 1.2 * wall)
		return false;
	print("the threads used %.2f s of cores in %.2f s", used, wall);
	return true;
}

static bool two_threads(json_t *who, bool *at_once)
{
	struct task one = {"t1", 0, 0}, two = {"t2", 0, 0};
	double wall = seconds_of(CLOCK_MONOTONIC);
	double used = seconds_of(CLOCK_PROCESS_CPUTIME_ID);

	struct thread *t1 = thread_new("t1", task, &one);
	struct thread *t2 = thread_new("t2", task, &two);
	thread_start(t1);
	thread_start(t2);
	thread_join(t1);
	thread_join(t2);
	*at_once = were_at_once(seconds_of(CLOCK_MONOTONIC) - wall,
	                        seconds_of(CLOCK_PROCESS_CPUTIME_ID) - used);

	/* Memory is shared: what they noted is there to be read. */
	json_array_append_new(who, ids(one.pid, one.tid));
	json_array_append_new(who, ids(two.pid, two.tid));
	return one.pid == getpid() && two.pid == getpid() &&
	       one.tid != two.tid && one.tid != getpid();
}

static bool two_processes(json_t *who)
{
	struct task one = {"p1", 0, 0}, two = {"p2", 0, 0};

	struct process *p1 = process_new("p1", task, &one);
	struct process *p2 = process_new("p2", task, &two);
	process_start(p1);
	process_start(p2);
	process_join(p1);
	process_join(p2);

	/* What they noted is in their own memory and went with them.
	 * A process's first thread has the process's number. */
	pid_t a = process_pid(p1), b = process_pid(p2);
	json_array_append_new(who, ids(a, a));
	json_array_append_new(who, ids(b, b));
	return one.pid == 0 && two.pid == 0 && a != b && a != getpid() &&
	       b != getpid();
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	bool ok = true, at_once = false;
	json_t *threads = json_array(), *processes = json_array();
	print("main: PID %d TID %d", (int)getpid(), (int)gettid());

	if (!lesson_is("who", "processes"))
		ok = two_threads(threads, &at_once) && ok;
	if (!lesson_is("who", "threads"))
		ok = two_processes(processes) && ok;

	bool none = json_array_size(threads) == 0;
	lesson_outcome(ok, !ok       ? "ids are not as they should be"
	               : none    ? "two PIDs"
	               : at_once ? "threads at once on two cores"
	                         : "threads in turn",
	               json_pack("{s:o, s:o, s:b}", "threads", threads,
	                         "processes", processes, "at_once", at_once),
	               NULL);
	return lesson_end();
}
