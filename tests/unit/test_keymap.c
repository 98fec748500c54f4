/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "screen/internal.h"

static const struct {
	enum action action;
	const char *keys;
} ROWS[] = {
#define X(action, keys, label, group, help) {action, keys},
	KEY_TABLE(X)
#undef X
};

enum { ROW_COUNT = sizeof(ROWS) / sizeof(ROWS[0]) };

/* A key that stands in two rows would do only what the first says. */
static void test_no_key_has_two_meanings(void **state)
{
	(void)state;
	char seen[256][16];
	size_t count = 0;

	for (size_t row = 0; row < ROW_COUNT; row++) {
		for (const char *key = ROWS[row].keys; *key != '\0'; key += strspn(key, " ")) {
			size_t length = strcspn(key, " ");
			assert_in_range(length, 1, 15);
			for (size_t i = 0; i < count; i++)
				assert_false(strlen(seen[i]) == length && memcmp(seen[i], key, length) == 0);
			memcpy(seen[count], key, length);
			seen[count++][length] = '\0';
			key += length;
		}
	}
}

static void test_single_characters_find_their_row(void **state)
{
	(void)state;
	for (size_t row = 0; row < ROW_COUNT; row++)
		for (const char *key = ROWS[row].keys; *key != '\0'; key += strspn(key, " ")) {
			size_t length = strcspn(key, " ");
			if (length == 1)
				assert_int_equal(keymap_find((unsigned char)*key), ROWS[row].action);
			key += length;
		}
}

static void test_named_keys(void **state)
{
	(void)state;
	assert_int_equal(keymap_find(' '), ACTION_RUN);
	assert_int_equal(keymap_find(TERM_KEY_ENTER), ACTION_STEP);
	assert_int_equal(keymap_find(TERM_KEY_ESCAPE), ACTION_ESCAPE);
	assert_int_equal(keymap_find(TERM_KEY_BACKSPACE), ACTION_BACK);
	assert_int_equal(keymap_find(TERM_KEY_UP), ACTION_UP);
	assert_int_equal(keymap_find(TERM_KEY_PAGE_DOWN), ACTION_PAGE_DOWN);
	assert_int_equal(keymap_find(TERM_KEY_END), ACTION_LAST);
	assert_int_equal(keymap_find('L' & 0x1f), ACTION_REDRAW);
	assert_int_equal(keymap_find('Z' & 0x1f), ACTION_SUSPEND);
	assert_int_equal(keymap_find('C' & 0x1f), ACTION_QUIT);
	assert_int_equal(keymap_find('X'), ACTION_NONE);
	assert_int_equal(keymap_find(0x4e16), ACTION_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_key_has_two_meanings),
		cmocka_unit_test(test_single_characters_find_their_row),
		cmocka_unit_test(test_named_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
