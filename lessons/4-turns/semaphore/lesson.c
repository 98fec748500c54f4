/* SPDX-License-Identifier: MIT */
/* Five workers, two places: a semaphore counts who may still go in. */

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "bound", .choices = "off|on", .fallback = "on",
	 .help = "use a BoundedSemaphore, which refuses one release too many"},
	{.name = "extra", .choices = "none|main|worker", .fallback = "main",
	 .help = "who gives one back without having taken it"},
	{.name = "workers", .low = 1, .high = 8, .fallback = "5",
	 .help = "how many want to go in"},
	{.name = "work", .low = 0, .high = 60, .real = true, .fallback = "1",
	 .help = "seconds that each stays inside"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "bound=off extra=main",
	 "the extra release makes room for a third"},
	{"mended", "bound=on extra=main", "it is refused: never three inside"},
	{"unnoticed", "bound=on extra=worker",
	 "given back while others are inside, it can slip through"},
	{0}};

static const struct lesson lesson = {
	.title = "Five workers, two places",
	.summary = "A semaphore of 2 lets two workers in at once. Then it is "
	           "released once more often than it was acquired.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "most_inside: the most workers that were inside at once; "
	           "refused: releases that were refused",
	.right = "never more than 2; 3 when the extra release was not refused "
	         "at once"};

enum { PLACES = 2 };

struct room {
	struct semaphore *places;
	struct lock *lock; /* guards the two counts */
	struct value *inside;
	struct value *most;
	struct value *refused;
};

static void go_in(struct room *room)
{
	lock_acquire(room->lock);
	int64_t inside = value_get(room->inside) + 1;
	value_set(room->inside, inside);
	int64_t most = value_get(room->most);
	value_set(room->most, inside > most ? inside : most);
	lock_release(room->lock);
}

static void go_out(struct room *room)
{
	lock_acquire(room->lock);
	value_set(room->inside, value_get(room->inside) - 1);
	lock_release(room->lock);
}

/* Refused is what would be one too many: in Python it is a ValueError. */
static void give_back(struct room *room)
{
	if (semaphore_release(room->places) != 0) {
		print("%s: released too many times", process_current_name());
		value_set(room->refused, value_get(room->refused) + 1);
	}
}

static void work(void *argument)
{
	struct room *room = argument;

	semaphore_acquire(room->places);
	go_in(room);
	clock_sleep(lesson_real("work"));
	go_out(room);
	give_back(room);
}

static void work_and_give_back_twice(void *argument)
{
	work(argument);
	give_back(argument);
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);

	bool bounded = lesson_is("bound", "on");
	struct room room = {
		.places = bounded ? bounded_semaphore_new("places", PLACES)
		                  : semaphore_new("places", PLACES),
		.lock = lock_new("counting"),
		.inside = value_new("inside", 0),
		.most = value_new("most_inside", 0),
		.refused = value_new("refused", 0)};

	if (lesson_is("extra", "main"))
		give_back(&room);

	struct process *workers[8];
	long count = lesson_integer("workers");
	for (long i = 0; i < count; i++) {
		bool twice = i == 0 && lesson_is("extra", "worker");
		workers[i] = process_new(
			NULL, twice ? work_and_give_back_twice : work, &room);
		process_start(workers[i]);
	}
	for (long i = 0; i < count; i++)
		process_join(workers[i]);

	int most = (int)value_get(room.most);
	int refused = (int)value_get(room.refused);
	print("at most %d inside at once", most);

	/* Bounded, one is refused: main's at once, a worker's perhaps later. */
	bool extra = !lesson_is("extra", "none");
	bool at_once = bounded && lesson_is("extra", "main");
	int allowed = PLACES + (extra && !at_once);
	lesson_outcome(most <= allowed && refused == (bounded && extra),
	               most > PLACES ? "one too many inside"
	               : refused     ? "one release too many was refused"
	                             : "never more than two inside",
	               json_pack("{s:i, s:i}", "most_inside", most, "refused",
	                         refused),
	               json_pack("{s:i}", "most_inside", PLACES));
	return lesson_end();
}
