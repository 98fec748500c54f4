/* SPDX-License-Identifier: MIT */
/* The program whose places are looked up is this one: a PIE with debug information. */
#include <errno.h>
#include <link.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lesson/places.h"
#include "places_inline.h"

static int first_object(struct dl_phdr_info *info, size_t size, void *base)
{
	(void)size;
	*(uintptr_t *)base = info->dlpi_addr;
	return 1;
}

/* Return address less load address, as the library tells it. */
__attribute__((noinline)) uint32_t place_here(void)
{
	uintptr_t base = 0;

	dl_iterate_phdr(first_object, &base);
	return (uint32_t)((uintptr_t)__builtin_return_address(0) - base);
}

struct seen {
	uint32_t place;
	uint32_t line;
};

/* The call is the last thing in its line: the return address lies behind it, perhaps in the next. */
__attribute__((noinline)) static struct seen called_directly(void)
{
	struct seen seen = {.line = __LINE__ + 1};
	seen.place = place_here();
	__asm__ volatile("" : : "r"(&seen) : "memory");
	return seen;
}

static uint32_t remembered;

__attribute__((noinline)) static void remember_place(void)
{
	uintptr_t base = 0;

	dl_iterate_phdr(first_object, &base);
	remembered = (uint32_t)((uintptr_t)__builtin_return_address(0) - base);
}

/* Nothing is left to do in the line of the call: its return address is the next line's. */
__attribute__((noinline)) static struct seen returning_into_the_next_line(void)
{
	remember_place();
	__asm__ volatile("nop" : : : "memory");
	return (struct seen){.place = remembered, .line = __LINE__ - 2};
}

__attribute__((noinline)) static struct seen called_in_header(void)
{
	struct seen seen = {.line = __LINE__ + 1};
	seen.place = place_in_header();
	__asm__ volatile("" : : "r"(&seen) : "memory");
	return seen;
}

__attribute__((noinline)) static struct seen called_deeper_in_header(void)
{
	struct seen seen = {.line = __LINE__ + 1};
	seen.place = place_deeper_in_header();
	__asm__ volatile("" : : "r"(&seen) : "memory");
	return seen;
}

/* Inlined, but written in this file: its own line counts, and its own name. */
__attribute__((always_inline)) static inline struct seen own_helper(void)
{
	struct seen seen = {.line = __LINE__ + 1};
	seen.place = place_here();
	__asm__ volatile("" : : "r"(&seen) : "memory");
	return seen;
}

__attribute__((noinline)) static struct seen called_in_own_helper(void)
{
	struct seen seen = own_helper();
	__asm__ volatile("" : : "r"(&seen) : "memory");
	return seen;
}

static void assert_found(struct places *places, struct seen seen, const char *function)
{
	struct place found = places_find(places, seen.place);

	assert_string_equal(found.file, "test_places.c");
	assert_int_equal(found.line, seen.line);
	assert_string_equal(found.function, function);
}

static void finds_the_line_of_the_call(void **state)
{
	assert_found(*state, called_directly(), "called_directly");
	assert_found(*state, returning_into_the_next_line(), "returning_into_the_next_line");
}

static void finds_the_lesson_behind_a_header(void **state)
{
	assert_found(*state, called_in_header(), "called_in_header");
	assert_found(*state, called_deeper_in_header(), "called_deeper_in_header");
}

static void finds_the_lessons_own_inlined_functions(void **state)
{
	assert_found(*state, called_in_own_helper(), "own_helper");
}

static void assert_unknown(struct places *places, uint32_t place)
{
	struct place found = places_find(places, place);

	assert_string_equal(found.file, "");
	assert_string_equal(found.function, "");
	assert_int_equal(found.line, 0);
}

static void says_unknown_for_what_is_no_place(void **state)
{
	assert_unknown(*state, 0);
	assert_unknown(*state, 1);
	assert_unknown(*state, UINT32_MAX);
	assert_unknown(*state, 0x7fffffff);
}

static void every_number_is_looked_up_without_harm(void **state)
{
	uint32_t place = called_directly().place;

	for (uint32_t i = 0; i < 20000; i++)
		places_find(*state, place - 10000 + i);
}

static void a_program_without_debug_information_has_none(void **state)
{
	struct places *places = places_open("/bin/true");

	(void)state;
	assert_non_null(places);
	for (uint32_t place = 0; place < 0x8000; place += 7)
		assert_int_equal(places_find(places, place).line, 0);
	places_close(places);
}

static void what_is_no_program_is_refused(void **state)
{
	(void)state;
	assert_null(places_open("/etc/passwd"));
	assert_int_equal(errno, ENOEXEC);
	assert_null(places_open("/nonexistent"));
	assert_int_equal(errno, ENOENT);
	assert_null(places_open("/dev/null"));
	assert_null(places_open("/tmp"));
	places_close(NULL);
}

static int set_up(void **state)
{
	*state = places_open("/proc/self/exe");
	return *state == NULL ? -1 : 0;
}

static int tear_down(void **state)
{
	places_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_the_line_of_the_call, set_up, tear_down),
		cmocka_unit_test_setup_teardown(finds_the_lesson_behind_a_header, set_up, tear_down),
		cmocka_unit_test_setup_teardown(finds_the_lessons_own_inlined_functions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(says_unknown_for_what_is_no_place, set_up, tear_down),
		cmocka_unit_test_setup_teardown(every_number_is_looked_up_without_harm, set_up, tear_down),
		cmocka_unit_test(a_program_without_debug_information_has_none),
		cmocka_unit_test(what_is_no_program_is_refused),
	};

	return cmocka_run_group_tests_name("places", tests, NULL, NULL);
}
