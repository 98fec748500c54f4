/* SPDX-License-Identifier: MIT */
/* Three workers count up to five numbers; the block is left after 2.5 s. */

#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "leave",
	 .choices = "terminate|close",
	 .fallback = "terminate",
	 .help = "leave the block, or close and join first"},
	{.name = "wait",
	 .low = 0,
	 .high = 20,
	 .real = true,
	 .fallback = "2.5",
	 .help = "seconds until the block is left"},
	{.name = "workers",
	 .low = 1,
	 .high = 5,
	 .fallback = "3",
	 .help = "processes in the pool"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "leave=terminate", "two are done, three are lost"},
	{"mended", "leave=close", "all five are done"},
	{"at once", "wait=0", "nothing is done, hardly a word is said"},
	{0}};

static const struct lesson lesson = {
	.title = "Leaving the with block",
	.summary =
		"Five items, of one to five seconds, are given to a pool and "
		"not waited for. Leaving a with block terminates the pool.",
	.parameters = parameters,
	.variants = variants,
	.outcome =
		"done: items that were counted to their ends; lost: the rest",
	.right = "with close and join: 5 and 0. Terminated: what was not done "
		 "is lost"};

enum { ITEMS = 5 };

static struct value *done;

/* A second for each number. */
static json_t *count_up(json_t *item)
{
	int last = (int)json_integer_value(item);

	for (int n = 1; n <= last; n++) {
		print("PID %d count %d of %d", (int)getpid(), n, last);
		clock_sleep(1);
	}
	lock_acquire(value_lock(done));
	value_set(done, value_get(done) + 1);
	lock_release(value_lock(done));
	return json_incref(item);
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	bool patient = lesson_is("leave", "close");
	json_t *items = json_array();
	for (int n = 1; n <= ITEMS; n++)
		json_array_append_new(items, json_integer(n));

	done = value_new("done", 0);
	struct pool *pool = pool_new("pool", (int)lesson_integer("workers"));
	struct pool_iterator *results = pool_imap(pool, count_up, items, 1);
	if (lesson_real("wait") > 0)
		clock_sleep(lesson_real("wait"));
	if (patient)
		pool_close(pool);
	else
		pool_terminate(pool); /* what leaving the block does */
	pool_join(pool);

	long counted = (long)value_get(done);
	print("%ld done, %ld lost", counted, ITEMS - counted);
	pool_iterator_free(results);
	pool_free(pool);
	lesson_outcome(patient ? counted == ITEMS : counted <= ITEMS,
	               counted == ITEMS ? "all done" : "work was lost",
	               json_pack("{s:I, s:I}", "done", (json_int_t)counted,
	                         "lost", (json_int_t)(ITEMS - counted)),
	               json_pack("{s:i, s:i}", "done", ITEMS, "lost", 0));
	return lesson_end();
}
