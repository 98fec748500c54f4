/* SPDX-License-Identifier: MIT */
/* One line that says what the lesson is about: a child counts, main reads. */

#include "mp/mp.h"

/*
 * What can be changed, each with its default: a choice between words or a
 * number from `low` to `high`. Put the switch between broken and mended first.
 */
static const struct lesson_parameter parameters[] = {
	{.name = "join", .choices = "off|on", .fallback = "off",
	 .help = "wait for the child before reading what it counted"},
	{.name = "steps", .low = 1, .high = 1000, .fallback = "3",
	 .help = "how far the child counts"},
	{0}};

/* Named settings to try: the broken one, the mended one. */
static const struct lesson_variant variants[] = {
	{"broken", "join=off", "main reads too early"},
	{"mended", "join=on", "main reads what the child counted"},
	{0}};

/* What the menu, `lockstep list` and the first line of the screen show. */
static const struct lesson lesson = {
	.title = "Template: reading too early",
	.summary = "A child counts in a shared value and its parent reads it.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "count: what main read",
	.right = "all steps with join; without it any number up to there",
	.step_settings = "steps=2"}; /* stepping starts small */

/* What the child does. What it needs comes as its argument. */
static void count(void *argument)
{
	struct value *counter = argument;
	long steps = lesson_integer("steps");

	for (long i = 0; i < steps; i++) {
		int64_t seen = value_get(counter);
		value_set(counter, seen + 1);
	}
}

int main(int argc, char **argv)
{
	/* Always first: reads the parameters. */
	lesson_begin(&lesson, argc, argv);

	/* Shared things are made before the processes that share them. */
	struct value *counter = value_new("counter", 0);

	struct process *child = process_new("child", count, counter);
	process_start(child);
	if (lesson_is("join", "on"))
		process_join(child);

	int count_read = (int)value_get(counter);
	print("main read %d", count_read);
	process_join(child);

	/*
	 * Always last: the outcome. `ok` is whether the run ended as it may,
	 * which a broken variant does even when the result is wrong.
	 */
	int steps = (int)lesson_integer("steps");
	bool right = count_read == steps;
	bool possible = count_read >= 0 && count_read <= steps;
	lesson_outcome(lesson_is("join", "on") ? right : possible,
	               right ? "all counted" : "read too early",
	               json_pack("{s:i}", "count", count_read),
	               json_pack("{s:i}", "count", steps));
	return lesson_end();
}
