/* SPDX-License-Identifier: MIT */
/* Three things that come back through a queue: words, a list, passwords. */

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "join", .choices = "before|after", .fallback = "before",
	 .help = "join the eight children before or after getting"},
	{.name = "work", .low = 0, .high = 10, .real = true, .fallback = "0.2",
	 .help = "seconds that a child may take for a password, at most"},
	{0}};

static const struct lesson_variant variants[] = {
	{"join first", "join=before", "eight short strings fit into the pipe"},
	{"get first", "join=after", "what to do when there may be many"},
	{0}};

static const struct lesson lesson = {
	.title = "Results through a queue",
	.summary = "A queue hands on words in order, a list as it is, and the "
	           "passwords of eight children as they come.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "lengths: of the passwords, in the order in which they "
	           "came; fifo: two words; list: what one child put; results: "
	           "the passwords",
	.right = "hello, world; [42, null, \"hello\"]; lengths 5 to 12, once "
	         "each",
	.step_settings = "work=0"};

enum { SHORTEST = 5, LONGEST = 12, CHILDREN = LONGEST - SHORTEST + 1 };

static struct queue *queue;
static struct random *generators[CHILDREN];

static void put_list(void *argument)
{
	(void)argument;
	queue_put(queue, json_pack("[i, n, s]", 42, "hello"));
}

static void put_password(void *argument)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	size_t length = (size_t)(intptr_t)argument;
	struct random *random = generators[length - SHORTEST];
	double work = lesson_real("work");
	char password[LONGEST + 1] = "";

	if (work > 0) /* so that they do not come in the order of their start */
		clock_sleep(work * (double)random_bits(random) / UINT32_MAX);
	for (size_t i = 0; i < length; i++)
		password[i] =
			letters[random_bits(random) % (sizeof letters - 1)];
	queue_put(queue, json_string(password));
}

static void join_all(struct process **children)
{
	for (int i = 0; i < CHILDREN; i++)
		process_join(children[i]);
}

/* Prints the passwords and notes their lengths: has each come once? */
static bool print_passwords(json_t *passwords, char *lengths, size_t size)
{
	bool seen[LONGEST + 1] = {false}, once = true;
	size_t index, used = 0;
	json_t *password;

	json_array_foreach(passwords, index, password) {
		size_t length = json_string_length(password);
		print("%2zu letters: %s", length, json_string_value(password));
		used += (size_t)snprintf(lengths + used, size - used, "%s%zu",
		                         index > 0 ? " " : "", length % 100);
		once = once && length >= SHORTEST && length <= LONGEST &&
		       !seen[length];
		if (once)
			seen[length] = true;
	}
	return once;
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	queue = queue_new("queue", 0);

	/* First in, first out. */
	queue_put(queue, json_string("hello"));
	queue_put(queue, json_string("world"));
	json_t *fifo = json_array();
	json_array_append_new(fifo, queue_get(queue));
	json_array_append_new(fifo, queue_get(queue));

	/* Whatever can be written as JSON can be put. */
	struct process *child = process_new("lister", put_list, NULL);
	process_start(child);
	json_t *list = queue_get(queue);
	process_join(child);

	/* Eight children, one password each: the order is that of arrival. */
	struct process *children[CHILDREN];
	for (int i = 0; i < CHILDREN; i++) {
		generators[i] = random_new_from_system(NULL);
		children[i] = process_new(NULL, put_password,
		                          (void *)(intptr_t)(SHORTEST + i));
		process_start(children[i]);
	}
	if (lesson_is("join", "before"))
		join_all(children);
	json_t *results = json_array();
	for (int i = 0; i < CHILDREN; i++)
		json_array_append_new(results, queue_get(queue));
	if (lesson_is("join", "after"))
		join_all(children);

	char lengths[4 * CHILDREN] = "";
	bool once = print_passwords(results, lengths, sizeof lengths);
	json_t *expected = json_pack("{s:[s, s], s:[i, n, s]}", "fifo", "hello",
	                             "world", "list", 42, "hello");
	bool right = once &&
	             json_equal(fifo, json_object_get(expected, "fifo")) &&
	             json_equal(list, json_object_get(expected, "list"));
	lesson_outcome(right, right ? "each came once" : "not what was put",
	               json_pack("{s:s, s:o, s:o, s:o}", "lengths", lengths,
	                         "fifo", fifo, "list", list, "results",
	                         results),
	               expected);
	return lesson_end();
}
