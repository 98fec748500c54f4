/* SPDX-License-Identifier: MIT */
/* The order in which a process cleans up: util.Finalize. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mp/finalize.h"

static char called[16];

static void call(void *name)
{
	strcat(called, name);
}

static char a[] = "a", b[] = "b", c[] = "c", d[] = "d", e[] = "e";

static void highest_first_then_last_registered(void **state)
{
	(void)state;
	finalize_register(call, a, 10);
	finalize_register(call, b, -5);
	finalize_register(call, c, 15);
	finalize_register(call, d, 10);
	finalize_register(call, e, 10);
	finalize_cancel(call, e);
	finalize_cancel(call, e); /* not there any more: nothing */
	finalize_run(0);
	assert_string_equal(called, "cda");
	finalize_run(-10);
	assert_string_equal(called, "cdab");
	finalize_run(-10);
	assert_string_equal(called, "cdab");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(highest_first_then_last_registered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
