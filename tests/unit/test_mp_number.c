/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "mp/number.h"

/* As Python's repr() writes them. */
static void test_shortest(void **state)
{
	static const struct {
		double number;
		const char *text;
	} rows[] = {
		{0.1, "0.1"},
		{0.1 + 2 * 0.1, "0.30000000000000004"},
		{0.010374153885699955, "0.010374153885699955"}, /* 17 digits */
		{0.417022004702574, "0.417022004702574"},
		{1, "1.0"},
		{-2.5, "-2.5"},
		{0, "0.0"},
		{1e300, "1e+300"},
		{INFINITY, "inf"},
		{NAN, "nan"},
		{-2.2250738585072014e-308, "-2.2250738585072014e-308"},
	};
	char text[NUMBER_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(number_text(text, rows[i].number), rows[i].text);
}

static void test_reads_back(void **state)
{
	char text[NUMBER_TEXT];

	(void)state;
	srand48(7);
	for (int i = 0; i < 10000; i++) {
		double number = ldexp(drand48() - 0.5, (int)(mrand48() % 1000));
		assert_true(strtod(number_text(text, number), NULL) == number);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shortest),
		cmocka_unit_test(test_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
