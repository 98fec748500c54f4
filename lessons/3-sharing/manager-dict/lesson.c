/* SPDX-License-Identifier: MIT */
/* A dict in a server process: each access is a message there and back. */

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "lock", .choices = "off|on", .fallback = "off",
	 .help = "take a lock around the update of the count"},
	{.name = "jobs", .low = 1, .high = 20, .fallback = "5",
	 .help = "processes that each write their PID"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "lock=off", "five entries, but the count may be too low"},
	{"mended", "lock=on", "five entries, and a count of five"},
	{0}};

static const struct lesson lesson = {
	.title = "A dict in a server",
	.summary = "Five jobs write their PIDs into a dict that lives in a "
	           "server process, and count themselves there.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "tracker: the PID of each job; done: what they counted",
	.right = "an entry for each job; with the lock, as many counted",
	.step_settings = "jobs=2"};

static struct namespace_proxy *shared;
static struct lock *lock; /* NULL: none is used */

static void work(void *argument)
{
	char job[8];
	snprintf(job, sizeof job, "%d", (int)(intptr_t)argument);

	/* shared.tracker[job] = pid: first the namespace, then the dict. */
	struct dict_proxy *tracker =
		dict_proxy_from(namespace_proxy_get(shared, "tracker"));
	dict_proxy_set(tracker, job, json_integer(getpid()));

	/* shared.done += 1: two round trips, and anything in between. */
	if (lock)
		lock_acquire(lock);
	json_t *done = namespace_proxy_get(shared, "done");
	json_int_t seen = json_integer_value(done);
	namespace_proxy_set(shared, "done", json_integer(seen + 1));
	if (lock)
		lock_release(lock);

	json_decref(done);
	dict_proxy_free(tracker);
}

static void print_tracker(json_t *entries)
{
	const char *job;
	json_t *pid;

	if (json_object_size(entries) == 0)
		print("no job has been worked on");
	json_object_foreach(entries, job, pid)
		print("job %s: PID %lld", job, json_integer_value(pid));
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	int jobs = (int)lesson_integer("jobs");

	struct manager *manager = manager_new("manager");
	if (!manager)
		process_fail("no manager could be started");
	shared = manager_namespace(manager, "shared");
	struct dict_proxy *tracker = manager_dict(manager, "tracker");
	namespace_proxy_set(shared, "tracker", dict_proxy_value(tracker));
	namespace_proxy_set(shared, "done", json_integer(0));
	if (lesson_is("lock", "on"))
		lock = lock_new("lock");

	json_t *before = dict_proxy_copy(tracker);
	print_tracker(before);
	struct process *processes[20];
	for (int i = 0; i < jobs; i++) {
		char name[8];
		snprintf(name, sizeof name, "job%d", i);
		processes[i] = process_new(name, work, (void *)(intptr_t)i);
		process_start(processes[i]);
	}
	for (int i = 0; i < jobs; i++)
		process_join(processes[i]);

	json_t *entries = dict_proxy_copy(tracker);
	json_t *done = namespace_proxy_get(shared, "done");
	print_tracker(entries);
	print("counted: %lld", json_integer_value(done));

	bool right = json_object_size(before) == 0;
	for (int i = 0; i < jobs; i++) {
		char job[8];
		snprintf(job, sizeof job, "%d", i);
		right = right &&
		        json_integer_value(json_object_get(entries, job)) ==
		        process_pid(processes[i]);
	}
	json_int_t counted = json_integer_value(done);
	bool lost = counted < jobs;
	right = right && counted >= 1 && counted <= jobs &&
	        (!lost || lesson_is("lock", "off"));
	lesson_outcome(right, lost ? "lost update" : "all there",
	               json_pack("{s:o, s:o}", "tracker", entries,
	                         "done", done),
	               json_pack("{s:i}", "done", jobs));
	manager_shutdown(manager);
	return lesson_end();
}
