/* SPDX-License-Identifier: MIT */
/* The places that can be typed: steps, events, times, shares; and what is none of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>

#include "screen/internal.h"

static const struct {
	const char *words;
	enum target_kind kind;
	double number;
} PLACES[] = {
	{"step 12", TARGET_STEP, 12},   {"Step12", TARGET_STEP, 12},     {"  step  0 ", TARGET_STEP, 0},
	{"event 1000", TARGET_EVENT, 1000}, {"7", TARGET_STEP, 7},       {"50%", TARGET_SHARE, 0.5},
	{"100 %", TARGET_SHARE, 1},     {"1.5s", TARGET_TIME, 1.5e9},    {"340ms", TARGET_TIME, 340e6},
	{"340 MS", TARGET_TIME, 340e6}, {"20us", TARGET_TIME, 20e3},     {"20µs", TARGET_TIME, 20e3},
	{"3 ns", TARGET_TIME, 3},       {"2min", TARGET_TIME, 120e9},    {".5s", TARGET_TIME, 0.5e9},
};

static const char *const NONE[] = {
	"", " ", "step", "soon", "-1", "+1", "step -1", "12 steps", "1.5 hours", "nan", "inf", "1e999", "12 34", "%", "step 12 ms x",
	"1.5", "step 2.5", "event .5",
};

static void test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
		struct target target;
		if (!goto_parse(PLACES[i].words, TARGET_STEP, &target))
			fail_msg("'%s' is no place", PLACES[i].words);
		if (target.kind != PLACES[i].kind || fabs(target.number - PLACES[i].number) > 1e-6)
			fail_msg("'%s' is %d, %.17g", PLACES[i].words, target.kind, target.number);
	}
}

static void test_a_number_alone(void **state)
{
	(void)state;
	struct target target;

	assert_true(goto_parse("42", TARGET_EVENT, &target));
	assert_int_equal(target.kind, TARGET_EVENT);
}

static void test_no_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof NONE / sizeof NONE[0]; i++) {
		struct target target;
		if (goto_parse(NONE[i], TARGET_STEP, &target))
			fail_msg("'%s' is taken for a place: %d, %.17g", NONE[i], target.kind, target.number);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_a_number_alone),
		cmocka_unit_test(test_no_places),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
