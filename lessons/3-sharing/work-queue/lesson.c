/* SPDX-License-Identifier: MIT */
/* Twenty numbers in a queue, four workers, and how each knows when to stop. */

#include <stdint.h>
#include <stdio.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "stop", .choices = "empty|sentinel", .fallback = "empty",
	 .help = "stop when empty() says so, or at a last item for each"},
	{.name = "numbers", .low = 1, .high = 100, .fallback = "20",
	 .help = "items in the queue"},
	{.name = "workers", .low = 1, .high = 8, .fallback = "4",
	 .help = "processes that take them"},
	{.name = "patience", .low = 0, .high = 100, .real = true,
	 .fallback = "1",
	 .help = "seconds until a worker gives up a get; 0: never"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "stop=empty", "a worker may wait for ever"},
	{"broken early", "stop=empty", "workers may leave work undone"},
	{"mended", "stop=sentinel", "each number once, and all workers end"},
	{0}};

static const struct lesson lesson = {
	.title = "A queue of work",
	.summary = "Four workers take numbers from a queue while it is not "
	           "empty. Between asking and taking, another one may come.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "taken: the numbers that were taken; left: how many were "
	           "not; stuck: workers that waited for an item in vain",
	.right = "each number once and nobody stuck; with stop=empty numbers "
	         "may be left and workers stuck",
	.may_deadlock = "stop=empty",
	.step_settings = "numbers=4 workers=2 patience=0"};

struct worker {
	struct queue *queue;
	struct array *taken; /* by number: how often it was taken */
	struct array *stuck; /* by worker */
	size_t place;
};

static json_t *take(struct queue *queue)
{
	double patience = lesson_real("patience");

	return patience > 0 ? queue_get_timeout(queue, patience)
	                    : queue_get(queue);
}

static void note(struct worker *worker, json_t *number)
{
	size_t i = (size_t)json_integer_value(number);

	print("%s received %zu", process_current_name(), i);
	array_set(worker->taken, i, array_get(worker->taken, i) + 1);
	json_decref(number);
}

static void work_while_not_empty(void *argument)
{
	struct worker *worker = argument;

	while (!queue_empty(worker->queue)) {
		json_t *number = take(worker->queue); /* is it still there? */
		if (!number) {
			array_set(worker->stuck, worker->place, 1);
			return;
		}
		note(worker, number);
	}
}

static void work_until_told(void *argument)
{
	struct worker *worker = argument;

	for (;;) {
		json_t *number = queue_get(worker->queue);
		if (!json_is_integer(number))
			return; /* null: no more for me */
		note(worker, number);
	}
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	int numbers = (int)lesson_integer("numbers");
	size_t workers = (size_t)lesson_integer("workers");
	bool sentinels = lesson_is("stop", "sentinel");

	struct queue *queue = queue_new("queue", 0);
	struct array *taken = array_new("taken", (size_t)numbers);
	struct array *stuck = array_new("stuck", workers);
	for (int i = 0; i < numbers; i++)
		queue_put(queue, json_integer(i));
	for (size_t i = 0; sentinels && i < workers; i++)
		queue_put(queue, json_null());

	struct worker work[8];
	struct process *processes[8];
	for (size_t i = 0; i < workers; i++) {
		char name[16];
		snprintf(name, sizeof name, "worker%zu", i + 1);
		work[i] = (struct worker){queue, taken, stuck, i};
		processes[i] = process_new(name,
		                           sentinels ? work_until_told
		                                     : work_while_not_empty,
		                           &work[i]);
		process_start(processes[i]);
	}
	for (size_t i = 0; i < workers; i++)
		process_join(processes[i]);

	json_t *found = json_array(), *all = json_array();
	bool once = true;
	for (int i = 0; i < numbers; i++) {
		int64_t times = array_get(taken, (size_t)i);
		once = once && times <= 1;
		if (times > 0)
			json_array_append_new(found, json_integer(i));
		json_array_append_new(all, json_integer(i));
	}
	int waiting = 0;
	for (size_t i = 0; i < workers; i++)
		waiting += (int)array_get(stuck, i);

	int left = numbers - (int)json_array_size(found);
	print("%d of %d numbers taken, %d workers waited in vain",
	      numbers - left, numbers, waiting);
	bool whole = left == 0;
	bool right = once && (!sentinels || (whole && waiting == 0));
	lesson_outcome(right,
	               !whole        ? "numbers were left"
	               : waiting > 0 ? "a worker waited in vain"
	                             : "each number once",
	               json_pack("{s:o, s:i, s:i}", "taken", found, "left",
	                         left, "stuck", waiting),
	               json_pack("{s:o, s:i, s:i}", "taken", all, "left", 0,
	                         "stuck", 0));
	return lesson_end();
}
