/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lesson/catalog.h"

static char word_off[] = "off", word_on[] = "on", no_help[] = "";
static char *lock_choices[] = {word_off, word_on, NULL};
static char lock[] = "lock", rounds[] = "rounds", hundred[] = "100", window[] = "window", pause_of[] = "0.05";

static struct catalog_parameter parameters[] = {
	{.name = lock, .help = no_help, .fallback = word_off, .choices = lock_choices},
	{.name = rounds, .help = no_help, .fallback = hundred, .low = 1, .high = 1000},
	{.name = window, .help = no_help, .fallback = pause_of, .low = 0, .high = 1, .real = true},
};

static char name[] = "bank-race", step_settings[] = "rounds=5 window=0";

static const struct catalog_lesson lesson = {
	.name = name, .step_settings = step_settings, .parameters = parameters, .parameter_count = 3,
};

static int set_up(void **state)
{
	struct settings *settings = calloc(1, sizeof *settings);

	settings_init(settings, &lesson, false);
	*state = settings;
	return 0;
}

static int tear_down(void **state)
{
	settings_release(*state);
	free(*state);
	return 0;
}

static void begin_with_the_defaults(void **state)
{
	const struct settings *settings = *state;

	assert_string_equal(settings_get(settings, "lock"), "off");
	assert_string_equal(settings_get(settings, "rounds"), "100");
	assert_string_equal(settings_get(settings, "window"), "0.05");
	assert_null(settings_get(settings, "Lock"));
	assert_false(settings->chosen[0]);
}

static void stepping_begins_with_the_lessons_own(void **state)
{
	struct settings settings;

	(void)state;
	settings_init(&settings, &lesson, true);
	assert_string_equal(settings_get(&settings, "rounds"), "5");
	assert_string_equal(settings_get(&settings, "window"), "0");
	assert_string_equal(settings_get(&settings, "lock"), "off");
	assert_false(settings.chosen[1]);
	settings_release(&settings);
}

/* Refused with all of these words in the message, and nothing changed. */
static void assert_refused(struct settings *settings, const char *assignment, const char *first, const char *second)
{
	struct text problem = TEXT_INIT;

	assert_int_equal(settings_set(settings, assignment, &problem), -EINVAL);
	if (strstr(problem.bytes, first) == NULL || strstr(problem.bytes, second) == NULL)
		fail_msg("%s: %s", assignment, problem.bytes);
	text_release(&problem);
	assert_string_equal(settings_get(settings, "lock"), "off");
	assert_string_equal(settings_get(settings, "rounds"), "100");
}

static void wrong_ones_say_what_would_be_right(void **state)
{
	assert_refused(*state, "lok=on", "no parameter 'lok'", "did you mean 'lock'?");
	assert_refused(*state, "zzzz=on", "no parameter 'zzzz'", "it has: lock, rounds, window");
	assert_refused(*state, "=on", "no parameter ''", "it has");
	assert_refused(*state, "", "no parameter ''", "it has");
	assert_refused(*state, "lock", "needs a value", "lock=off");
	assert_refused(*state, "lock=", "one of: off, on", "cannot be ''");
	assert_refused(*state, "lock=onn", "one of: off, on", "did you mean 'on'?");
	assert_refused(*state, "rounds=0", "whole number from 1 to 1000", "'0'");
	assert_refused(*state, "rounds=1001", "whole number from 1 to 1000", "");
	assert_refused(*state, "rounds=2.5", "whole number from 1 to 1000", "");
	assert_refused(*state, "rounds=", "whole number", "");
	assert_refused(*state, "rounds=ten", "whole number", "'ten'");
	assert_refused(*state, "rounds=0x10", "whole number", "");
	assert_refused(*state, "rounds= 5", "whole number", "");
	assert_refused(*state, "rounds=5 ", "whole number", "");
	assert_refused(*state, "window=nan", "number from 0 to 1", "");
	assert_refused(*state, "window=inf", "number from 0 to 1", "");
	assert_refused(*state, "window=1e999", "number from 0 to 1", "");
}

static void messages_are_safe_to_show(void **state)
{
	struct text problem = TEXT_INIT;

	settings_set(*state, "\033[2Jrounds\a=1", &problem);
	settings_set(*state, "lock=\033]52;c;x\a\x9b", &problem);
	for (size_t i = 0; i < problem.length; i++)
		assert_in_range((unsigned char)problem.bytes[i], 0x20, 0xff);
	assert_null(strchr(problem.bytes, 0x7f));
	text_release(&problem);
}

static void assert_set(struct settings *settings, const char *assignment, const char *key, const char *value)
{
	struct text problem = TEXT_INIT;

	if (settings_set(settings, assignment, &problem) != 0)
		fail_msg("%s: %s", assignment, problem.bytes);
	assert_string_equal(settings_get(settings, key), value);
}

static void right_ones_are_kept_in_one_spelling(void **state)
{
	struct settings *settings = *state;

	assert_set(settings, "lock=on", "lock", "on");
	assert_true(settings->chosen[0]);
	assert_false(settings->chosen[1]);
	assert_set(settings, "rounds=+5", "rounds", "5");
	assert_set(settings, "rounds=1e2", "rounds", "100");
	assert_set(settings, "rounds=1000", "rounds", "1000");
	assert_set(settings, "window=0.10", "window", "0.1");
	assert_set(settings, "window=-0", "window", "0");
	assert_set(settings, "window=.5", "window", "0.5");
}

static void copies_are_apart(void **state)
{
	struct settings copy, *settings = *state;

	settings_copy(&copy, settings);
	assert_set(&copy, "rounds=7", "rounds", "7");
	assert_string_equal(settings_get(settings, "rounds"), "100");
	assert_true(copy.chosen[1]);
	settings_release(&copy);
	settings_release(&copy); /* once more does nothing */
}

static void assert_turns(struct settings *settings, size_t parameter, int direction, const char *value)
{
	settings_turn(settings, parameter, direction);
	assert_string_equal(settings->values[parameter], value);
}

static void choices_turn_round(void **state)
{
	assert_turns(*state, 0, 1, "on");
	assert_turns(*state, 0, 1, "off");
	assert_turns(*state, 0, -1, "on");
}

static void numbers_turn_within_their_range(void **state)
{
	struct settings *settings = *state;

	assert_turns(settings, 1, 1, "105");
	assert_turns(settings, 1, -1, "100");
	assert_set(settings, "rounds=2", "rounds", "2");
	assert_turns(settings, 1, -1, "1");
	assert_turns(settings, 1, -1, "1");
	assert_turns(settings, 1, 1, "2");
	assert_set(settings, "rounds=999", "rounds", "999");
	assert_turns(settings, 1, 1, "1000");
	assert_turns(settings, 1, 1, "1000");

	assert_turns(settings, 2, 1, "0.06");
	assert_set(settings, "window=0.09", "window", "0.09");
	assert_turns(settings, 2, 1, "0.1");
	assert_turns(settings, 2, -1, "0.09");
	assert_set(settings, "window=0", "window", "0");
	assert_turns(settings, 2, -1, "0");
	assert_turns(settings, 2, 1, "0.001");
	assert_set(settings, "window=1", "window", "1");
	assert_turns(settings, 2, 1, "1");
	assert_turns(settings, 2, -1, "0.9");
}

/* From anywhere, turning up reaches the top and turning down the bottom, in a bearable number of turns. */
static void every_value_can_be_turned_to_both_ends(void **state)
{
	static const char *const ends[2][2] = {{"1", "1000"}, {"0", "1"}};
	struct settings *settings = *state;

	for (size_t parameter = 1; parameter <= 2; parameter++) {
		for (int up = 1; up >= 0; up--) {
			int turns = 0;

			for (; strcmp(settings->values[parameter], ends[parameter - 1][up]) != 0; turns++) {
				assert_in_range(turns, 0, 150);
				settings_turn(settings, parameter, up ? 1 : -1);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(begin_with_the_defaults, set_up, tear_down),
		cmocka_unit_test(stepping_begins_with_the_lessons_own),
		cmocka_unit_test_setup_teardown(wrong_ones_say_what_would_be_right, set_up, tear_down),
		cmocka_unit_test_setup_teardown(messages_are_safe_to_show, set_up, tear_down),
		cmocka_unit_test_setup_teardown(right_ones_are_kept_in_one_spelling, set_up, tear_down),
		cmocka_unit_test_setup_teardown(copies_are_apart, set_up, tear_down),
		cmocka_unit_test_setup_teardown(choices_turn_round, set_up, tear_down),
		cmocka_unit_test_setup_teardown(numbers_turn_within_their_range, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_value_can_be_turned_to_both_ends, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
