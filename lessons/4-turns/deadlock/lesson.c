/* SPDX-License-Identifier: MIT */
/* Philosophers, and as many forks: who takes them in which order? */

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "order", .choices = "opposite|same", .fallback = "opposite",
	 .help = "take the left fork first, or the one with the lower number"},
	{.name = "philosophers", .low = 2, .high = 5, .fallback = "2",
	 .help = "how many sit at the table, each with a fork at the left"},
	{.name = "meals", .low = 1, .high = 100, .fallback = "1",
	 .help = "how often each eats"},
	{.name = "pause", .low = 0, .high = 10, .real = true, .fallback = "0.1",
	 .help = "seconds between the first fork and the second"},
	{.name = "patience", .low = 0, .high = 600, .real = true,
	 .fallback = "3", .help = "seconds main waits; 0: for ever"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "order=opposite philosophers=2",
	 "each can hold one fork and wait for the other's"},
	{"mended", "order=same philosophers=2", "everybody eats, every time"},
	{"five", "order=opposite philosophers=5", "a circle of five"},
	{"five mended", "order=same philosophers=5", "no circle can close"},
	{0}};

static const struct lesson lesson = {
	.title = "Dining philosophers",
	.summary = "To eat one needs both forks beside one's plate, and each "
	           "fork is shared with a neighbour. Two suffice for a "
	           "deadlock.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "cycle: the philosophers who wait for each other in a "
	           "circle; meals: how many were eaten",
	.right = "no cycle; with order=opposite a deadlock is a right end too",
	.may_deadlock = "order=opposite patience=0",
	.step_settings = "pause=0 patience=0"};

static const char *const names[] = {"Plato", "Hypatia", "Kant", "Laozi",
                                    "Hume"};

struct seat {
	struct lock *first; /* the fork that is taken first */
	struct lock *second;
	struct array *meals;
	size_t number;
};

static void dine(void *argument)
{
	struct seat *seat = argument;

	for (long i = 0; i < lesson_integer("meals"); i++) {
		lock_acquire(seat->first);
		if (lesson_real("pause") > 0)
			clock_sleep(lesson_real("pause"));
		lock_acquire(seat->second);
		array_set(seat->meals, seat->number, i + 1); /* eats */
		lock_release(seat->second);
		lock_release(seat->first);
	}
}

/* Waits for one of them; false: it still sits there and the time is up. */
static bool has_left(struct process *philosopher, double end)
{
	if (lesson_real("patience") > 0) {
		double left = end - clock_seconds();
		process_join_timeout(philosopher, left > 0 ? left : 0);
	} else {
		process_join(philosopher);
	}
	return !process_is_alive(philosopher);
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);

	size_t count = (size_t)lesson_integer("philosophers");
	static const char *const forks[] = {"fork 0", "fork 1", "fork 2",
	                                    "fork 3", "fork 4"};
	struct lock *fork[5];
	struct seat seats[5];
	struct process *philosophers[5];
	struct array *meals = array_new("meals", count);

	for (size_t i = 0; i < count; i++)
		fork[i] = lock_new(forks[i]);
	for (size_t i = 0; i < count; i++) {
		size_t left = i, right = (i + 1) % count;
		bool turn = lesson_is("order", "same") && right < left;
		seats[i] = (struct seat){.first = fork[turn ? right : left],
		                         .second = fork[turn ? left : right],
		                         .meals = meals, .number = i};
		philosophers[i] = process_new(names[i], dine, &seats[i]);
		process_start(philosophers[i]);
	}

	/* Nobody who is in the circle will ever leave by himself. */
	double end = clock_seconds() + lesson_real("patience");
	json_t *cycle = json_array();
	for (size_t i = 0; i < count; i++)
		if (!has_left(philosophers[i], end))
			json_array_append_new(cycle, json_string(names[i]));
	for (size_t i = 0; i < count; i++)
		if (process_is_alive(philosophers[i])) {
			print("%s waits for ever", names[i]);
			process_terminate(philosophers[i]);
			process_join(philosophers[i]);
		}

	long eaten = 0;
	for (size_t i = 0; i < count; i++)
		eaten += (long)array_get(meals, i);
	bool stuck = json_array_size(cycle) > 0;
	print("%ld meals eaten", eaten);
	lesson_outcome(!stuck || lesson_is("order", "opposite"),
	               stuck ? "deadlock" : "everybody has eaten",
	               json_pack("{s:o, s:I}", "cycle", cycle, "meals",
	                         (json_int_t)eaten),
	               json_pack("{s:[]}", "cycle"));
	return lesson_end();
}
