/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "children.h"
#include "mp/clock.h"

static void test_sleep_is_never_shorter(void **state)
{
	(void)state;
	static const double times[] = {0.0, 0.0001, 0.02};
	interrupt_often();
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		double before = seconds_now();
		clock_sleep(times[i]);
		double slept = seconds_now() - before;
		if (slept < times[i]) {
			interrupt_no_more();
			fail_msg("slept %.9f of %.9f seconds", slept, times[i]);
		}
	}
	interrupt_no_more();
	clock_sleep(-1); /* no time at all */
}

static void test_seconds_go_on(void **state)
{
	(void)state;
	double before = clock_seconds(), real = seconds_now();
	clock_sleep(0.02);
	double passed = clock_seconds() - before;
	assert_true(passed >= 0.02);
	assert_true(passed <= seconds_now() - real + 0.001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sleep_is_never_shorter),
		cmocka_unit_test(test_seconds_go_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
