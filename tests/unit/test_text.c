/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void empty_needs_no_allocation(void **state)
{
	(void)state;
	struct text text = TEXT_INIT;

	assert_string_equal(text.bytes, "");
	assert_int_equal(text.capacity, 0);
	text_add(&text, "");
	text_add_bytes(&text, NULL, 0);
	text_printf(&text, "%s", "");
	text_reset(&text);
	assert_int_equal(text.capacity, 0);
	text_release(&text);
	assert_ptr_equal(text.bytes, text_empty);
}

static void grows_by_every_way_of_adding(void **state)
{
	(void)state;
	struct text text;

	text_init(&text);
	text_add(&text, "deposit");
	text_add_char(&text, ' ');
	text_add_bytes(&text, "wrote!!", 5);
	text_printf(&text, " %d of %s", 201, "balance");
	text_add_unicode(&text, 0x2192);
	assert_string_equal(text.bytes, "deposit wrote 201 of balance→");
	assert_int_equal(text.length, strlen(text.bytes));
	text_release(&text);
}

static void stays_terminated_at_every_length(void **state)
{
	(void)state;
	struct text text = TEXT_INIT;

	for (size_t length = 1; length <= 1000; length++) {
		text_add_char(&text, (char)('a' + length % 26));
		assert_int_equal(text.length, length);
		assert_true(text.length < text.capacity);
		assert_int_equal(strlen(text.bytes), length);
	}
	text_release(&text);
}

static void formats_more_than_fits(void **state)
{
	(void)state;
	struct text text = TEXT_INIT;

	text_add(&text, "x");
	text_printf(&text, "%5000d", 7);
	assert_int_equal(text.length, 5001);
	assert_int_equal(text.bytes[5000], '7');
	text_release(&text);
}

static void holds_nul_bytes(void **state)
{
	(void)state;
	struct text text = TEXT_INIT;

	text_add_bytes(&text, "a\0b", 3);
	text_add(&text, "c");
	assert_int_equal(text.length, 4);
	assert_memory_equal(text.bytes, "a\0bc", 5);
	text_release(&text);
}

static void reset_keeps_the_memory(void **state)
{
	(void)state;
	struct text text = TEXT_INIT;

	text_add(&text, "something");
	size_t capacity = text.capacity;
	text_reset(&text);
	assert_string_equal(text.bytes, "");
	assert_int_equal(text.length, 0);
	assert_int_equal(text.capacity, capacity);
	text_release(&text);
}

static void detached_belongs_to_the_caller(void **state)
{
	(void)state;
	struct text text = TEXT_INIT;

	char *nothing = text_detach(&text);
	text_add(&text, "kept");
	char *kept = text_detach(&text);
	assert_int_equal(text.length, 0);
	assert_ptr_equal(text.bytes, text_empty);
	text_add(&text, "new");
	assert_string_equal(nothing, "");
	assert_string_equal(kept, "kept");
	free(nothing);
	free(kept);
	text_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_needs_no_allocation),
		cmocka_unit_test(grows_by_every_way_of_adding),
		cmocka_unit_test(stays_terminated_at_every_length),
		cmocka_unit_test(formats_more_than_fits),
		cmocka_unit_test(holds_nul_bytes),
		cmocka_unit_test(reset_keeps_the_memory),
		cmocka_unit_test(detached_belongs_to_the_caller),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
