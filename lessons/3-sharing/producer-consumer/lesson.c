/* SPDX-License-Identifier: MIT */
/* One process puts numbers into a queue, another takes them out. */

#include <math.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "slots", .low = 0, .high = 9, .fallback = "0",
	 .help = "how many items may be in the queue; 0: no bound"},
	{.name = "work", .low = 0, .high = 10, .real = true, .fallback = "0.1",
	 .help = "seconds that the consumer works on each number"},
	{0}};

static const struct lesson_variant variants[] = {
	{"unbounded", "slots=0", "the producer is done long before"},
	{"bounded", "slots=2", "the producer has to wait for free slots"},
	{0}};

static const struct lesson lesson = {
	.title = "Producer and consumer",
	.summary = "One process puts 0.1 to 0.9 into a queue, another takes "
	           "them out and works out the sigmoid of each.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "results: the sigmoids, in the order of the numbers",
	.right = "the nine values that numpy gives, to 1e-15"};

enum { NUMBERS = 9 };

/* numpy: 1 / (1 + np.exp(-np.arange(0.1, 1, 0.1))) */
static const double from_numpy[NUMBERS] = {
	0.52497918747894,   0.549833997312478,  0.574442516811659,
	0.5986876601124521, 0.6224593312018546, 0.6456563062257954,
	0.6681877721681662, 0.6899744811276125, 0.7109495026250039};

struct workshop {
	struct queue *queue;
	struct array *results;
};

static double sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static void produce(void *argument)
{
	struct workshop *workshop = argument;

	for (int i = 0; i < NUMBERS; i++) {
		double number = 0.1 + i * 0.1; /* as np.arange counts */
		char text[NUMBER_TEXT];
		print("putting %s into the queue", number_text(text, number));
		queue_put_real(workshop->queue, number);
	}
}

static void consume(void *argument)
{
	struct workshop *workshop = argument;
	double work = lesson_real("work");

	for (size_t i = 0; i < NUMBERS; i++) {
		double number;
		if (queue_get_real(workshop->queue, &number) < 0)
			process_fail("this was no number");
		if (work > 0)
			clock_sleep(work);
		double result = sigmoid(number);
		char from[NUMBER_TEXT], to[NUMBER_TEXT];
		print("sigmoid of %s is %s", number_text(from, number),
		      number_text(to, result));
		array_set_real(workshop->results, i, result);
	}
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);

	struct workshop workshop = {
		.queue = queue_new("queue", (int)lesson_integer("slots")),
		.results = array_new_real("results", NUMBERS)};
	struct process *producer = process_new("producer", produce, &workshop);
	struct process *consumer = process_new("consumer", consume, &workshop);
	process_start(producer);
	process_start(consumer);

	queue_close(workshop.queue);       /* main itself puts nothing */
	queue_join_thread(workshop.queue); /* so there is nothing to wait for */

	process_join(producer);
	process_join(consumer);

	bool right = true;
	json_t *results = json_array(), *expected = json_array();
	for (size_t i = 0; i < NUMBERS; i++) {
		double result = array_get_real(workshop.results, i);
		right = right && fabs(result - from_numpy[i]) <= 1e-15;
		json_array_append_new(results, json_real(result));
		json_array_append_new(expected, json_real(from_numpy[i]));
	}
	lesson_outcome(right, right ? "equal to numpy" : "not numpy's numbers",
	               json_pack("{s:o}", "results", results),
	               json_pack("{s:o}", "results", expected));
	return lesson_end();
}
