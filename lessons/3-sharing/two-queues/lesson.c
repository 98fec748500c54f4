/* SPDX-License-Identifier: MIT */
/* Two processes put squares, each into a queue of its own. */

#include <stdio.h>
#include <stdlib.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "drain", .choices = "before|after", .fallback = "before",
	 .help = "empty the queues before or after joining the children"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "drain=before", "empty() may say True too early"},
	{"mended", "drain=after", "what was put is in the pipes by then"},
	{0}};

static const struct lesson lesson = {
	.title = "Squares on two queues",
	.summary = "Two children put the squares of 2, 3, 5 and of 5, 6, 7. "
	           "Main takes them out until the queues are empty. Are they?",
	.parameters = parameters,
	.variants = variants,
	.outcome = "first, second: the squares that main got from each queue; "
	           "empty: what empty() says of them in the end",
	.right = "4, 9, 25 and 25, 36, 49, both empty; drained before the "
	         "joins some may be missing"};

enum { NUMBERS = 3 };

struct job {
	int numbers[NUMBERS];
	struct queue *queue;
};

static void put_squares(void *argument)
{
	struct job *job = argument;

	for (int i = 0; i < NUMBERS; i++) {
		char square[16];
		snprintf(square, sizeof square, "%d",
		         job->numbers[i] * job->numbers[i]);
		queue_put(job->queue, json_pack("{s:i, s:s}", "idx", i,
		                                "n_sq", square));
	}
}

static json_t *drain(struct queue *queue)
{
	json_t *squares = json_array();

	while (!queue_empty(queue)) {
		json_t *item = queue_get(queue);
		const char *square =
			json_string_value(json_object_get(item, "n_sq"));
		print("within main: {idx: %lld, n_sq: %s}",
		      json_integer_value(json_object_get(item, "idx")), square);
		json_array_append_new(squares, json_integer(atol(square)));
		json_decref(item);
	}
	return squares;
}

/* All that was got is what was put, in order: nothing else, perhaps less. */
static bool is_beginning_of(json_t *squares, json_t *all)
{
	size_t index;
	json_t *square;

	json_array_foreach(squares, index, square)
		if (!json_equal(square, json_array_get(all, index)))
			return false;
	return true;
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	struct job first = {{2, 3, 5}, queue_new("q1", 0)};
	struct job second = {{5, 6, 7}, queue_new("q2", 0)};
	bool early = lesson_is("drain", "before");
	json_t *firsts = NULL, *seconds = NULL;

	struct process *p1 = process_new("p1", put_squares, &first);
	struct process *p2 = process_new("p2", put_squares, &second);
	process_start(p1);
	process_start(p2);

	if (early) {
		firsts = drain(first.queue);
		seconds = drain(second.queue);
	}
	process_join(p1);
	process_join(p2);
	if (!early) {
		firsts = drain(first.queue);
		seconds = drain(second.queue);
	}
	bool empty[2] = {queue_empty(first.queue), queue_empty(second.queue)};
	print("is q1 empty: %s", empty[0] ? "True" : "False");
	print("is q2 empty: %s", empty[1] ? "True" : "False");

	json_t *expected = json_pack("{s:[i, i, i], s:[i, i, i]}", "first", 4,
	                             9, 25, "second", 25, 36, 49);
	json_t *outcome = json_pack("{s:o, s:o, s:[b, b]}", "first", firsts,
	                            "second", seconds, "empty", empty[0],
	                            empty[1]);
	bool all = json_equal(firsts, json_object_get(expected, "first")) &&
	           json_equal(seconds, json_object_get(expected, "second")) &&
	           empty[0] && empty[1];
	bool may_miss =
		early &&
		is_beginning_of(firsts, json_object_get(expected, "first")) &&
		is_beginning_of(seconds, json_object_get(expected, "second"));
	lesson_outcome(all || may_miss,
	               all ? "all six squares" : "main went on too early",
	               outcome, expected);
	return lesson_end();
}
