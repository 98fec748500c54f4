/* SPDX-License-Identifier: MIT */
/* Five tasks for a pool of two workers: who takes which, and how long is it? */

#include <math.h>
#include <stdlib.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "order", .choices = "given|longest", .fallback = "given",
	 .help = "tasks in the order given, or the longest first"},
	{.name = "workers", .low = 1, .high = 5, .fallback = "2",
	 .help = "processes in the pool"},
	{0}};

static const struct lesson_variant variants[] = {
	{"two workers", "workers=2", "12 seconds"},
	{"one worker", "workers=1", "18 seconds: one after the other"},
	{"longest first", "workers=2 order=longest", "9 seconds"},
	{0}};

static const struct lesson lesson = {
	.title = "Five tasks, two workers",
	.summary = "A pool maps a function over five tasks of 5, 2, 1, 3 and 7 "
	           "seconds. A task goes to the worker that is free first.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "makespan: seconds until the last task was done, to a "
	           "tenth; order: the names as they finished",
	.right = "never sooner than planned: 12 with two, 18 with one"};

enum { TASKS = 5, MOST_WORKERS = 5 };

struct task {
	const char *name;
	double seconds;
	double ended;
};

/* What a worker does with one task. */
static json_t *process_data(json_t *task)
{
	const char *name;
	double seconds;

	if (json_unpack(task, "[s, F]", &name, &seconds) < 0)
		return pool_raise("a task is a name and seconds");
	print("%s begins: %g s", name, seconds);
	clock_sleep(seconds);
	print("%s is done", name);
	return json_real(clock_seconds());
}

/* The next task goes to the worker that is free first: the time of the end. */
static double predict(struct task *tasks, long workers)
{
	double free_at[MOST_WORKERS] = {0}, end = 0;

	for (size_t i = 0; i < TASKS; i++) {
		long next = 0;
		for (long worker = 1; worker < workers; worker++)
			if (free_at[worker] < free_at[next])
				next = worker;
		tasks[i].ended = free_at[next] += tasks[i].seconds;
		end = fmax(end, tasks[i].ended);
	}
	return end;
}

static int longer_first(const void *a, const void *b)
{
	double one = ((const struct task *)a)->seconds;
	double other = ((const struct task *)b)->seconds;

	return (one < other) - (one > other);
}

static int sooner_first(const void *a, const void *b)
{
	double one = ((const struct task *)a)->ended;
	double other = ((const struct task *)b)->ended;

	return (one > other) - (one < other);
}

/* The names, sorted by when they ended. */
static json_t *finished(struct task *tasks)
{
	json_t *names = json_array();

	qsort(tasks, TASKS, sizeof(*tasks), sooner_first);
	for (size_t i = 0; i < TASKS; i++)
		json_array_append_new(names, json_string(tasks[i].name));
	return names;
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	long workers = lesson_integer("workers");

	struct task tasks[TASKS] = {
		{"Ibrahim", 5, 0}, {"Jennifer", 2, 0}, {"Juan", 1, 0},
		{"Andrew", 3, 0},  {"Anna", 7, 0}};
	if (lesson_is("order", "longest"))
		qsort(tasks, TASKS, sizeof(*tasks), longer_first);
	json_t *items = json_array();
	for (size_t i = 0; i < TASKS; i++)
		json_array_append_new(items,
			json_pack("[s, f]", tasks[i].name, tasks[i].seconds));

	struct pool *pool = pool_new("pool", (int)workers);
	double began = clock_seconds();
	json_t *ends = pool_map(pool, process_data, items, 0);
	double makespan = round((clock_seconds() - began) * 10) / 10;
	pool_close(pool);
	pool_join(pool);

	/* What had to come out, and what did. */
	struct task plan[TASKS];
	for (size_t i = 0; i < TASKS; i++) {
		plan[i] = tasks[i];
		tasks[i].ended = json_real_value(json_array_get(ends, i));
	}
	double planned = predict(plan, workers);
	print("%g s in a pool of %ld; %g s were planned",
	      makespan, workers, planned);

	/* A busy machine may make it late; nothing can make it early. */
	bool complete = json_array_size(ends) == TASKS;
	json_decref(ends);
	lesson_outcome(complete && makespan >= planned,
	               makespan == planned ? "as planned"
	               : makespan > planned ? "later than planned"
	                                    : "sooner than possible",
	               json_pack("{s:f, s:o}", "makespan", makespan, "order",
	                         finished(tasks)),
	               json_pack("{s:f, s:o}", "makespan", planned, "order",
	                         finished(plan)));
	return lesson_end();
}
