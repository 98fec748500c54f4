/* SPDX-License-Identifier: MIT */
/* Two sorters of different size: who is alive before, between, after joins? */

#include <stdlib.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "first", .choices = "p1|p2", .fallback = "p1",
	 .help = "which one main joins first"},
	{.name = "scale", .low = 0.00001, .high = 1, .real = true,
	 .fallback = "0.05",
	 .help = "part of the 40 and 60 million numbers to sort"},
	{0}};

static const struct lesson_variant variants[] = {
	{"shorter first", "first=p1", "mostly p2 is alive between the joins"},
	{"longer first", "first=p2", "mostly p1 is gone when p2 is joined"},
	{0}};

static const struct lesson lesson = {
	.title = "Alive, until it ends",
	.summary = "Two processes sort numbers, one 40 million, the other 60. "
	           "Main asks who is alive before it joins, between and after.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "alive: [p1, p2] before the joins, between, and after",
	.right = "the joined one is not alive; after both joins neither is",
	.step_settings = "scale=0.00001"};

struct sorter {
	int number;
	double millions;
};

static int smaller_first(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

static void sort(void *argument)
{
	struct sorter *me = argument;
	size_t n = (size_t)(me->millions * 1e6 * lesson_real("scale"));
	double *numbers = malloc(n * sizeof(*numbers));

	if (!numbers)
		process_fail("no memory for %zu numbers", n);
	print("p%d, PID %d, sorts %zu", me->number, (int)getpid(), n);
	for (size_t i = 0; i < n; i++)
		numbers[i] = (double)random() / RAND_MAX;
	qsort(numbers, n, sizeof(*numbers), smaller_first);
	print("p%d is done: %.3g to %.3g", me->number, numbers[0],
	      numbers[n - 1]);
	free(numbers);
}

/* Asks both, and notes what they are. */
static void ask(struct process *p1, struct process *p2, const char *when,
                json_t *alive)
{
	bool one = process_is_alive(p1), two = process_is_alive(p2);

	print("%s: p1 %s, p2 %s", when, one ? "alive" : "ended",
	      two ? "alive" : "ended");
	json_array_append_new(alive, json_pack("[b, b]", one, two));
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	bool p1_first = lesson_is("first", "p1");
	json_t *alive = json_array();

	struct sorter sorters[2] = {{1, 40}, {2, 60}};
	struct process *p1 = process_new("p1", sort, &sorters[0]);
	struct process *p2 = process_new("p2", sort, &sorters[1]);
	process_start(p1);
	process_start(p2);
	ask(p1, p2, "before", alive);

	process_join(p1_first ? p1 : p2); /* waits for its end: no more */
	ask(p1, p2, "between", alive);

	process_join(p1_first ? p2 : p1);
	ask(p1, p2, "after", alive);

	/* Who was joined is not alive. The other one may be, or may not. */
	int codes[2] = {-1, -1};
	process_exitcode(p1, &codes[0]);
	process_exitcode(p2, &codes[1]);
	json_t *between = json_array_get(alive, 1);
	json_t *after = json_array_get(alive, 2);
	bool joined_is_gone =
		json_is_false(json_array_get(between, p1_first ? 0 : 1));
	bool other = json_is_true(json_array_get(between, p1_first ? 1 : 0));
	bool none = json_is_false(json_array_get(after, 0)) &&
	            json_is_false(json_array_get(after, 1));
	lesson_outcome(joined_is_gone && none && codes[0] == 0 && codes[1] == 0,
	               other ? "one was alive between the joins"
	                     : "none was alive between the joins",
	               json_pack("{s:o}", "alive", alive),
	               json_pack("{s:[[b, b], [b, b], [b, b]]}", "alive", true,
	                         true, false, p1_first, false, false));
	return lesson_end();
}
