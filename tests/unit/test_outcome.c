/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "director/outcome.h"

static char verdict[] = "lost update";

static struct run_result result_of(const char *outcome, const char *expected)
{
	struct run_result result = {.told = outcome != NULL, .verdict = verdict};

	result.outcome = outcome != NULL ? json_loads(outcome, 0, NULL) : NULL;
	result.expected = expected != NULL ? json_loads(expected, 0, NULL) : NULL;
	return result;
}

static void check(const char *outcome, const char *expected, bool right, const char *words, const char *label)
{
	struct run_result result = result_of(outcome, expected);
	struct text text = TEXT_INIT;

	assert_int_equal(outcome_is_expected(&result), right);
	outcome_with_expected(&text, &result);
	assert_string_equal(text.bytes, words);
	text_reset(&text);
	outcome_label(&text, &result);
	assert_string_equal(text.bytes, label);
	text_release(&text);
	json_decref(result.outcome);
	json_decref(result.expected);
}

static void test_words(void **state)
{
	(void)state;
	check("{\"balance\":199}", "{\"balance\":200}", false, "balance 199 (expected 200)", "balance 199");
	check("{\"balance\":200}", "{\"balance\":200}", true, "balance 200", "balance 200");
	check("{\"a\":1,\"b\":2}", "{\"b\":3}", false, "a 1, b 2 (expected b 3)", "a 1, b 2");
	check("{\"a\":1,\"b\":2}", "{\"a\":1}", true, "a 1, b 2", "a 1, b 2");
}

static void test_lists_are_no_labels(void **state)
{
	(void)state;
	check("{\"list\":[1,2]}", NULL, false, "list [1,2]", "lost update");
	check("{\"list\":[1,2],\"n\":3}", NULL, false, "list [1,2], n 3", "n 3");
	check("{\"seconds\":0.25,\"n\":3}", NULL, false, "seconds 0.25, n 3", "n 3"); /* nor is a time, beside another */
	check("{\"seconds\":0.25,\"list\":[1]}", NULL, false, "seconds 0.25, list [1]", "seconds 0.25");
}

/* What was summed in another order differs in its last bits, and is what was expected. */
static void test_last_bits(void **state)
{
	(void)state;
	check("{\"x\":[0.30000000000000004,2]}", "{\"x\":[0.3,2.0]}", true, "x [0.3,2]", "lost update");
	check("{\"x\":0.31}", "{\"x\":0.3}", false, "x 0.31 (expected 0.3)", "x 0.31");
}

static void test_foreign_text_is_made_safe(void **state)
{
	(void)state;
	check("{\"name\":\"a\\u001b[2Jb\"}", NULL, false, "name a␛[2Jb", "name a␛[2Jb");
}

/* A long value is cut after a whole number, not in the middle of one. */
static void test_long_values_are_cut_between_numbers(void **state)
{
	(void)state;
	check("{\"draws\":[0.548814,0.417022,0.435995,0.550798,0.966930,0.221993]}", NULL, false,
	      "draws [0.548814,0.417022,0.435995,0.550798,0.96693,…", "lost update");
	check("{\"name\":\"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\"}", NULL, false,
	      "name abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv…",
	      "name abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv…");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_lists_are_no_labels),
		cmocka_unit_test(test_last_bits),
		cmocka_unit_test(test_foreign_text_is_made_safe),
		cmocka_unit_test(test_long_values_are_cut_between_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
