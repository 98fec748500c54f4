/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "director/schedule.h"
#include "director/strategy.h"

static void assert_prints(const struct schedule *schedule, const char *expected)
{
	struct text out = TEXT_INIT;
	schedule_print(schedule, &out);
	assert_string_equal(out.bytes, expected);
	text_release(&out);
}

static void test_prints_runs_short(void **state)
{
	(void)state;
	struct schedule schedule;
	schedule_init(&schedule);
	const unsigned int choices[] = {0, 0, 0, 1, 2, 2, 1};
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
		schedule_add(&schedule, choices[i]);
	assert_prints(&schedule, "0x3,1,2x2,1");
	schedule.seed = 7;
	schedule.has_seed = true;
	assert_prints(&schedule, "seed=7,0x3,1,2x2,1");
	schedule_release(&schedule);
}

static void test_reads_what_it_prints(void **state)
{
	(void)state;
	struct schedule schedule;
	struct text problem = TEXT_INIT;
	assert_int_equal(schedule_parse(&schedule, "seed=18446744073709551615,0x3,1,2x2,1", &problem), 0);
	assert_int_equal(schedule.count, 7);
	assert_true(schedule.has_seed);
	assert_prints(&schedule, "seed=18446744073709551615,0x3,1,2x2,1");
	schedule_release(&schedule);
}

static void test_white_space_and_comments(void **state)
{
	(void)state;
	struct schedule schedule;
	struct text problem = TEXT_INIT;
	assert_int_equal(schedule_parse(&schedule, "  1 2x2\t3\n# a comment, 9\n4,5#6\n", &problem), 0);
	assert_prints(&schedule, "1,2x2,3,4,5");
	assert_false(schedule.has_seed);
	schedule_release(&schedule);
	assert_int_equal(schedule_parse(&schedule, "", &problem), 0);
	assert_int_equal(schedule.count, 0);
	schedule_release(&schedule);
}

static void test_says_what_is_wrong(void **state)
{
	(void)state;
	const char *const wrong[] = {"x", "1x", "1xx2", "-1", "1;2", "70000", "seed=", "seed=x", "1.5", "3x99999999999",
	                             "1x10000000,1", "seed=99999999999999999999"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct schedule schedule;
		struct text problem = TEXT_INIT;
		assert_int_equal(schedule_parse(&schedule, wrong[i], &problem), -EINVAL);
		assert_non_null(strstr(problem.bytes, "a schedule is like"));
		assert_int_equal(schedule.count, 0);
		text_release(&problem);
	}
}

static void test_hostile_text_is_made_safe_in_the_complaint(void **state)
{
	(void)state;
	struct schedule schedule;
	struct text problem = TEXT_INIT;
	assert_int_equal(schedule_parse(&schedule, "\033]52;c;x\007", &problem), -EINVAL);
	assert_null(strchr(problem.bytes, '\033'));
	assert_null(strchr(problem.bytes, '\007'));
	text_release(&problem);
}

static void test_copies_a_beginning(void **state)
{
	(void)state;
	struct schedule whole, part;
	struct text problem = TEXT_INIT;
	schedule_parse(&whole, "seed=3,1,2,3", &problem);
	schedule_copy(&part, &whole, 2);
	assert_prints(&part, "seed=3,1,2");
	schedule_release(&part);
	schedule_copy(&part, &whole, 99);
	assert_prints(&part, "seed=3,1,2,3");
	schedule_release(&part);
	schedule_release(&whole);
}

/* ---- strategies ---- */

static void test_random_depends_on_the_seed_alone(void **state)
{
	(void)state;
	const uint16_t actors[] = {1, 4, 9};
	struct strategy a, b, c;
	strategy_init(&a, strategy_find("random"), 7);
	strategy_init(&b, strategy_find("random"), 7);
	strategy_init(&c, strategy_find("random"), 8);
	int other = 0;
	unsigned int counts[10] = {0};
	for (int i = 0; i < 3000; i++) {
		uint16_t choice = strategy_choose(&a, actors, 3);
		assert_int_equal(choice, strategy_choose(&b, actors, 3));
		other += choice != strategy_choose(&c, actors, 3);
		counts[choice]++;
	}
	assert_true(other > 1000);
	assert_in_range(counts[1], 850, 1150);
	assert_in_range(counts[4], 850, 1150);
	assert_in_range(counts[9], 850, 1150);
}

static void test_round_robin_takes_turns(void **state)
{
	(void)state;
	const uint16_t actors[] = {1, 4, 9};
	const uint16_t fewer[] = {1, 9};
	struct strategy strategy;
	strategy_init(&strategy, strategy_find("round-robin"), 0);
	assert_int_equal(strategy_choose(&strategy, actors, 3), 1);
	assert_int_equal(strategy_choose(&strategy, fewer, 2), 9);
	assert_int_equal(strategy_choose(&strategy, actors, 3), 1);
	assert_int_equal(strategy_choose(&strategy, actors, 3), 4);
	assert_null(strategy_find("alphabetical"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prints_runs_short),
		cmocka_unit_test(test_reads_what_it_prints),
		cmocka_unit_test(test_white_space_and_comments),
		cmocka_unit_test(test_says_what_is_wrong),
		cmocka_unit_test(test_hostile_text_is_made_safe_in_the_complaint),
		cmocka_unit_test(test_copies_a_beginning),
		cmocka_unit_test(test_random_depends_on_the_seed_alone),
		cmocka_unit_test(test_round_robin_takes_turns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
