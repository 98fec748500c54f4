/* SPDX-License-Identifier: MIT */
/* Twenty tasks for an executor of processes: as completed, or in order. */

#include <signal.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "order",
	 .choices = "completed|map",
	 .fallback = "completed",
	 .help = "take results as they are completed, or as given"},
	{.name = "fault",
	 .choices = "none|kill",
	 .fallback = "none",
	 .help = "the process that has task 2 is killed at it"},
	{.name = "workers",
	 .low = 1,
	 .high = 8,
	 .fallback = "4",
	 .help = "processes in the executor"},
	{.name = "tasks",
	 .low = 1,
	 .high = 20,
	 .fallback = "20",
	 .help = "tasks, of 0.1 to 2 seconds"},
	{0}};

static const struct lesson_variant variants[] = {
	{"as completed", "order=completed", "the shortest come first"},
	{"map", "order=map tasks=15", "in the order of the input"},
	{"a worker dies", "fault=kill", "all that is not done fails at once"},
	{0}};

static const struct lesson lesson = {
	.title = "Twenty tasks, four processes",
	.summary = "submit gives a future for each task. as_completed hands "
		   "them on when they are done. And when a worker dies?",
	.parameters = parameters,
	.variants = variants,
	.outcome = "order: the tasks as their results were taken; failed: how "
		   "many have none",
	.right = "each task once; by map in the order of the input. A worker "
		 "that dies takes along all that is not done",
	.step_settings = "tasks=4 workers=2"};

enum { MOST_TASKS = 20 };

/* Tasks of 20 different lengths, in no order: 0.7 s, 1.4 s, 0.1 s, … */
static json_t *work(json_t *task)
{
	json_int_t n = json_integer_value(task);
	clock_sleep((double)((n * 7 + 6) % 20 + 1) / 10);
	if (lesson_is("fault", "kill") && n == 2)
		raise(SIGKILL);
	return json_incref(task);
}

static json_t *as_completed(struct executor *executor, long tasks)
{
	struct future *futures[MOST_TASKS], *future;
	json_t *order = json_array();

	for (long n = 0; n < tasks; n++)
		futures[n] = executor_submit(executor, work, json_integer(n));
	for (size_t at = 0;
	     (future = future_as_completed(futures, (size_t)tasks, &at, -1)) !=
	     NULL;) {
		json_t *result = future_result(future, -1);
		if (result != NULL) /* BrokenProcessPool, if it is */
			json_array_append_new(order, result);
	}
	for (long n = 0; n < tasks; n++)
		future_free(futures[n]);
	return order;
}

static json_t *by_map(struct executor *executor, long tasks)
{
	json_t *items = json_array(), *order = json_array(), *result;

	for (long n = 0; n < tasks; n++)
		json_array_append_new(items, json_integer(n));
	struct pool_iterator *results = executor_map(executor, work, items, 1);
	while ((result = pool_next(results)) != NULL)
		json_array_append_new(order, result);
	pool_iterator_free(results);
	return order;
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	long tasks = lesson_integer("tasks");
	bool map = lesson_is("order", "map");

	struct executor *executor = process_executor_new(
		"executor", (int)lesson_integer("workers"));
	json_t *order =
		map ? by_map(executor, tasks) : as_completed(executor, tasks);
	executor_shutdown(executor, true, false);
	executor_free(executor);

	bool seen[MOST_TASKS] = {false}, sorted = true;
	long different = 0;
	for (size_t i = 0; i < json_array_size(order); i++) {
		size_t task =
			(size_t)json_integer_value(json_array_get(order, i));
		different += !seen[task];
		seen[task] = true;
		sorted = sorted && task == i;
	}
	long failed = tasks - different;
	if (failed > 0)
		print("broken: %ld done, %ld failed", different, failed);
	else
		print("%ld tasks done, %s", different,
		      sorted ? "in the order of the input"
		             : "in the order of completion");

	bool kill = lesson_is("fault", "kill") && tasks > 2;
	bool no_task_twice = (long)json_array_size(order) == different;
	bool right = no_task_twice && (kill ? failed > 0 : failed == 0);
	lesson_outcome(right && (!map || sorted),
	               failed > 0 ? "broken"
	               : sorted   ? "in order"
	                          : "as completed",
	               json_pack("{s:o, s:I}", "order", order, "failed",
	                         (json_int_t)failed),
	               json_pack("{s:i}", "failed", 0));
	return lesson_end();
}
