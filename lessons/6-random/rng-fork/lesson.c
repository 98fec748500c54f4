/* SPDX-License-Identifier: MIT */
/* A random generator is memory, and a fork copies memory. */

#include <stdio.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "reseed", .choices = "off|on", .fallback = "off",
	 .help = "seed the generator anew in each task, with its number"},
	{.name = "workers", .low = 1, .high = 8, .fallback = "4",
	 .help = "processes in the pool"},
	{.name = "tasks", .low = 1, .high = 100, .fallback = "20",
	 .help = "numbers to draw"},
	{.name = "work", .low = 0, .high = 10, .real = true, .fallback = "0.1",
	 .help = "seconds that a task takes besides"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "reseed=off", "the workers all draw the same numbers"},
	{"mended", "reseed=on", "20 different numbers"},
	{0}};

static const struct lesson lesson = {
	.title = "Four workers, one stream",
	.summary = "Four forked workers draw twenty random numbers with the "
	           "generator that they inherited. Are there twenty different?",
	.parameters = parameters,
	.variants = variants,
	.outcome = "draws: the process and the number of each draw; different: "
	           "how many different numbers there were",
	.right = "all different; without reseeding every worker draws the same",
	.step_settings = "tasks=6 work=0"};

enum { MOST_TASKS = 100 };

/* Seeded before the fork: each worker gets a copy of it as it was then. */
static struct random *generator;

static json_t *draw(json_t *task)
{
	double work = lesson_real("work");

	if (work > 0)
		clock_sleep(work);
	if (lesson_is("reseed", "on"))
		random_seed(generator, (uint32_t)json_integer_value(task));
	double value = random_uniform(generator, 0, 1);
	return json_pack("{s:i, s:f}", "pid", (int)getpid(), "value", value);
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	size_t tasks = (size_t)lesson_integer("tasks");

	generator = random_new_from_system("generator");
	struct pool *pool = pool_new("pool", (int)lesson_integer("workers"));
	json_t *items = json_array();
	for (size_t i = 0; i < tasks; i++)
		json_array_append_new(items, json_integer((json_int_t)i));
	json_t *draws = pool_map(pool, draw, items, 1);
	pool_close(pool);
	pool_join(pool);

	/* The parent's copy has not moved: these are the numbers that each
	 * worker draws first, second, third … if it goes on with its own. */
	double stream[MOST_TASKS];
	random_fill(generator, stream, tasks);

	int pids[MOST_TASKS];
	double values[MOST_TASKS];
	size_t repeated = 0;  /* draws of a number that was drawn before */
	size_t in_stream = 0; /* draws of the number next in that stream */
	for (size_t i = 0; i < json_array_size(draws); i++) {
		size_t before = 0; /* draws by the same process */
		bool again = false;
		json_unpack(json_array_get(draws, i), "{s:i, s:F}",
		            "pid", &pids[i], "value", &values[i]);
		for (size_t j = 0; j < i; j++) {
			before += pids[j] == pids[i];
			again = again || values[j] == values[i];
		}
		repeated += again;
		in_stream += values[i] == stream[before];
		char text[NUMBER_TEXT];
		print("PID %d drew %s%s", pids[i],
		      number_text(text, values[i]), again ? "  again" : "");
	}

	bool reseed = lesson_is("reseed", "on");
	char verdict[64] = "no number drawn twice";
	if (repeated > 0)
		snprintf(verdict, sizeof(verdict),
		         "same numbers drawn %zu times", repeated);
	bool complete = json_array_size(draws) == tasks;
	bool right = reseed ? repeated == 0 : in_stream == tasks;
	lesson_outcome(complete && right, verdict,
	               json_pack("{s:i, s:o}", "different",
	                         (int)(tasks - repeated), "draws", draws),
	               json_pack("{s:i}", "different", (int)tasks));
	return lesson_end();
}
