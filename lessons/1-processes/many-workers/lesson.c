/* SPDX-License-Identifier: MIT */
/* A loop starts many workers. In which order do they speak? */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "join", .choices = "inside|after", .fallback = "after",
	 .help = "join each inside the loop that starts it, or all after it"},
	{.name = "who", .choices = "numbers|names", .fallback = "numbers",
	 .help = "five workers with numbers, or six with names"},
	{.name = "work", .low = 0, .high = 10, .real = true, .fallback = "0.2",
	 .help = "seconds that each takes before it speaks"},
	{0}};

static const struct lesson_variant variants[] = {
	{"five", "join=after", "all at once, in any order"},
	{"six names", "join=after who=names", "the names, in any order"},
	{"joined inside", "join=inside", "in order, but one at a time"},
	{0}};

static const struct lesson lesson = {
	.title = "Many workers",
	.summary = "A loop starts five processes, each with its number, and "
	           "joins them. They end in an order that nobody chose.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "spoke: the workers by number, as they reported; order: by "
	           "name; ran: how often each one did; seconds: how long all "
	           "took, to a tenth",
	.right = "each ran once; the order is another matter",
	.step_settings = "work=0"};

enum { NUMBERS = 5, MOST = 6 };

static const char *const numbers[NUMBERS] = {"worker 0", "worker 1",
                                              "worker 2", "worker 3",
                                              "worker 4"};
static const char *const names[MOST] = {"Ibrahim", "Juan",    "Andrew",
                                        "Jennifer", "Mary", "Elizabeth"};

struct worker {
	const char *name;
	int number;
	struct connection *report; /* to main */
};

static void work(void *argument)
{
	struct worker *me = argument;
	double seconds = lesson_real("work");

	if (seconds > 0)
		clock_sleep(seconds);
	print("My name is %s", me->name);
	connection_send(me->report, json_integer(me->number));
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	bool named = lesson_is("who", "names");
	bool inside = lesson_is("join", "inside");
	int workers = named ? MOST : NUMBERS;

	struct connection *ends[2]; /* ends[0] receives what ends[1] sends */
	if (pipe_new("report", false, ends) < 0)
		process_fail("no pipe could be made");

	struct worker jobs[MOST];
	struct process *processes[MOST];
	double began = clock_seconds();
	for (int i = 0; i < workers; i++) {
		jobs[i] = (struct worker){named ? names[i] : numbers[i], i,
		                          ends[1]};
		processes[i] = process_new(jobs[i].name, work, &jobs[i]);
		process_start(processes[i]);
		if (inside)
			process_join(processes[i]);
	}
	for (int i = 0; i < workers; i++)
		process_join(processes[i]);
	double seconds = round((clock_seconds() - began) * 10) / 10;

	/* All have ended: what they reported lies in the pipe. */
	int ran[MOST] = {0}, heard = 0, last = -1;
	bool in_order = true;
	char spoke[2 * MOST + 1] = "";
	json_t *order = json_array(), *times = json_array();
	while (heard < workers && connection_poll(ends[0], 0)) {
		json_t *report = connection_recv(ends[0]);
		int number = (int)json_integer_value(report);
		json_decref(report);
		heard++;
		ran[number]++;
		in_order = in_order && number > last;
		last = number;
		json_array_append_new(order, json_string(jobs[number].name));
		size_t end = strlen(spoke);
		snprintf(spoke + end, sizeof(spoke) - end,
		         end > 0 ? " %d" : "%d", number);
	}
	bool once = heard == workers;
	for (int i = 0; i < workers; i++) {
		once = once && ran[i] == 1;
		json_array_append_new(times, json_integer(ran[i]));
	}

	lesson_outcome(once && (in_order || !inside),
	               in_order ? "in the order of their start"
	                        : "in another order",
	               json_pack("{s:s, s:o, s:o, s:f}", "spoke", spoke,
	                         "order", order, "ran", times, "seconds",
	                         seconds), NULL);
	return lesson_end();
}
