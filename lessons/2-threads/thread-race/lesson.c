/* SPDX-License-Identifier: MIT */
/* Two threads count up one variable as fast as they can. */

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "lock", .choices = "off|on", .fallback = "off",
	 .help = "hold a lock around each increment"},
	{.name = "increments", .low = 1, .high = 1000000, .fallback = "100000",
	 .help = "increments by each thread in a round"},
	{.name = "rounds", .low = 1, .high = 100, .fallback = "10",
	 .help = "how often all of it is done"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "lock=off", "some rounds end below 200000"},
	{"mended", "lock=on", "200000 in every round"},
	{0}};

static const struct lesson lesson = {
	.title = "Two threads, one counter",
	.summary = "Two threads of one process each add 1 to x 100,000 times, "
	           "in ten rounds. Each round should end at 200000.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "rounds: what x was at the end of each round",
	.right = "200000 each; with the lock off a round may end lower",
	.step_settings = "increments=3 rounds=1"};

struct counter {
	struct value *x;
	struct lock *lock; /* NULL: none is used */
};

static void count(void *argument)
{
	struct counter *counter = argument;
	long increments = lesson_integer("increments");

	for (long i = 0; i < increments; i++) {
		if (counter->lock)
			lock_acquire(counter->lock);
		int64_t seen = value_get(counter->x); /* a real load */
		value_set(counter->x, seen + 1);      /* a real store */
		if (counter->lock)
			lock_release(counter->lock);
	}
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	long increments = lesson_integer("increments");
	long rounds = lesson_integer("rounds");

	struct counter counter = {.x = value_new("x", 0)};
	if (lesson_is("lock", "on"))
		counter.lock = lock_new("lock");

	bool ok = true;
	long short_rounds = 0;
	json_t *totals = json_array(), *expected = json_array();
	for (long round = 0; round < rounds; round++) {
		value_set(counter.x, 0);

		struct thread *t1 = thread_new("t1", count, &counter);
		struct thread *t2 = thread_new("t2", count, &counter);
		thread_start(t1);
		thread_start(t2);
		thread_join(t1);
		thread_join(t2);
		thread_free(t1);
		thread_free(t2);

		long x = (long)value_get(counter.x);
		print("round %ld: x = %ld", round, x);

		/* With no lock it may be as low as 2 (1 if that is all there
		 * is to count): see the text. More than all is not possible. */
		long least = counter.lock ? 2 * increments
		                          : increments > 1 ? 2 : 1;
		ok = ok && x >= least && x <= 2 * increments;
		short_rounds += x < 2 * increments;
		json_array_append_new(totals, json_integer(x));
		json_array_append_new(expected, json_integer(2 * increments));
	}

	lesson_outcome(ok, short_rounds ? "lost update" : "all updates kept",
	               json_pack("{s:o}", "rounds", totals),
	               json_pack("{s:o}", "rounds", expected));
	return lesson_end();
}
