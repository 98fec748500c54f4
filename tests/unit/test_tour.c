/* SPDX-License-Identifier: MIT */
/* A tour's script: read, and its mistakes named by line, with what would be right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lesson/tour.h"
#include "wire/event.h"

static char lock[] = "lock", off[] = "off", on[] = "on", rounds[] = "rounds", ten[] = "10", nothing[] = "";
static char *switches[] = {off, on, NULL};
static struct catalog_parameter parameters[] = {
	{.name = lock, .fallback = off, .choices = switches},
	{.name = rounds, .fallback = ten, .low = 1, .high = 100},
};
static struct catalog_lesson lesson = {
	.name = lock, .step_settings = nothing, .parameters = parameters, .parameter_count = 2,
};

static const char WHOLE[] =
	"# A comment\n"
	"set lock=on rounds=3\n"
	"seed 12\n"
	"\n"
	"say The first line\n"
	"  and the second.\n"
	"pace 0.5\n"
	"step main\n"
	"step deposit 3\n"
	"step 2 until value.write balance\n"
	"step a/b before lock.acquire\n"
	"step x until blocked\n"
	"step x until exit\n"
	"run\n"
	"run 5\n"
	"run until queue.get\n"
	"run until consumer queue.get queue\n"
	"run until blocked\n"
	"follow 0x3,1\n"
	"back\n"
	"back 2\n"
	"again\n"
	"press v tab\n"
	"answer C\n"
	"focus source\n"
	"wait 1.5\n"
	"say The end.";

static void test_whole(void **state)
{
	struct text problem = TEXT_INIT;
	struct tour tour;

	(void)state;
	assert_int_equal(tour_parse(&tour, WHOLE, &lesson, &problem), 0);
	assert_string_equal(problem.bytes, "");
	const struct tour_command *at = tour.commands;
	assert_int_equal(tour.count, 24);
	assert_int_equal(tour.captions, 2);
	assert_int_equal(at[0].verb, TOUR_SET);
	assert_int_equal(at[0].line, 2);
	assert_string_equal(at[0].words, "lock=on rounds=3");
	assert_int_equal(at[1].seed, 12);
	assert_int_equal(at[2].line, 5);
	assert_string_equal(at[2].words, "The first line and the second.");
	assert_float_equal(at[3].number, 0.5, 0);
	assert_string_equal(at[4].who, "main");
	assert_int_equal(at[4].until, UNTIL_COUNT);
	assert_int_equal(at[4].count, 1);
	assert_int_equal(at[5].count, 3);
	assert_int_equal(at[6].until, UNTIL_DONE);
	assert_int_equal(at[6].kind, EVENT_VALUE_WRITE);
	assert_string_equal(at[6].object, "balance");
	assert_int_equal(at[7].until, UNTIL_BEFORE);
	assert_null(at[7].object);
	assert_int_equal(at[8].until, UNTIL_BLOCKED);
	assert_int_equal(at[9].until, UNTIL_EXIT);
	assert_int_equal(at[10].count, 0); /* to the end */
	assert_int_equal(at[11].count, 5);
	assert_null(at[12].who);
	assert_int_equal(at[12].kind, EVENT_QUEUE_GET);
	assert_string_equal(at[13].who, "consumer");
	assert_string_equal(at[13].object, "queue");
	assert_int_equal(at[14].until, UNTIL_COUNT);
	assert_int_equal(at[16].count, 1);
	assert_int_equal(at[17].count, 2);
	assert_float_equal(at[22].number, 1.5, 0);
	tour_release(&tour);
	text_release(&problem);
}

static const struct {
	const char *script, *problem;
} WRONG[] = {
	{"say x\nstep", "line 2: step needs who moves"},
	{"set lock=maybe", "line 1: lock cannot be 'maybe'; it is one of: off, on"},
	{"set key=1", "line 1: "},
	{"\n\nstepp main", "line 3: a tour has no command 'stepp'; did you mean step?"},
	{"frobnicate", "line 1: a tour has no command 'frobnicate'; lessons/README.md names"},
	{"seed -1", "line 1: seed needs a whole number"},
	{"wait", "line 1: wait needs seconds"},
	{"wait 1000", "line 1: wait needs seconds, from 0 to 60"},
	{"wait nan", "line 1: wait needs seconds"},
	{"pace 3", "line 1: pace needs one of the paces"},
	{"step a until value.rite", "line 1: there is no operation 'value.rite'; did you mean value.write?"},
	{"step a until", "line 1: which operation?"},
	{"step a until value.write b c", "line 1: 'c' is one word too many"},
	{"step a nought", "line 1: 'nought' is not how far somebody steps"},
	{"step a 0", "line 1: '0' is not how far"},
	{"run fast", "line 1: 'fast' is not how far it runs"},
	{"run until", "line 1: 'until' is not how far it runs"},
	{"run until a b.c", "line 1: there is no operation 'b.c'"},
	{"again please", "line 1: nothing stands behind again, not 'please'"},
	{"press", "line 1: press needs keys"},
	{"answer yes", "line 1: answer needs the letter"},
	{"say", "line 1: say needs words"},
	{"say one two three four five six seven eight nine ten eleven twelve thirteen\n"
	 "  fourteen fifteen sixteen seventeen eighteen nineteen twenty twentyone",
	 "line 1: this caption takes more than 2 lines of 64 columns"},
	{"step main", "it says nothing"},
	{"", "it says nothing"},
};

static void test_mistakes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
		struct text problem = TEXT_INIT;
		struct tour tour;

		assert_int_not_equal(tour_parse(&tour, WRONG[i].script, &lesson, &problem), 0);
		if (strncmp(problem.bytes, WRONG[i].problem, strlen(WRONG[i].problem)) != 0)
			fail_msg("'%s': '%s', not '%s…'", WRONG[i].script, problem.bytes, WRONG[i].problem);
		text_release(&problem);
	}
}

/* Foreign text: what is not fit to be shown is made so, and nothing is believed of its shape. */
static void test_hostile(void **state)
{
	struct text problem = TEXT_INIT;
	struct tour tour;

	(void)state;
	assert_int_equal(tour_parse(&tour, "say a\x1b[2Jb\xff" "c\r\n\t \n  # d\n", &lesson, &problem), 0);
	assert_null(strchr(tour.commands[0].words, '\x1b'));
	assert_non_null(strstr(tour.commands[0].words, "c # d"));
	tour_release(&tour);
	assert_int_not_equal(tour_parse(&tour, "\x1b[31m", &lesson, &problem), 0);
	assert_null(strchr(problem.bytes, '\x1b'));
	text_release(&problem);
}

static void test_reading_takes_time(void **state)
{
	(void)state;
	assert_true(tour_reading_seconds("Look.") >= 1);
	assert_true(tour_reading_seconds("Look.") < 2);
	assert_true(tour_reading_seconds("Two processes share one balance: 200. One adds 1, the other takes 1 away.") > 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_reading_takes_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
