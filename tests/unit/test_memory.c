/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"

static void is_zeroed(void **state)
{
	(void)state;
	unsigned char *memory = memory_array(1000, 7);
	for (size_t i = 0; i < 7000; i++)
		assert_int_equal(memory[i], 0);
	free(memory);
}

static void nothing_is_not_null(void **state)
{
	(void)state;
	void *none = memory_new(0), *no_array = memory_array(0, 8), *shrunk = memory_resize(NULL, 0, 8);
	assert_non_null(none);
	assert_non_null(no_array);
	assert_non_null(shrunk);
	free(none);
	free(no_array);
	free(shrunk);
}

static void resizing_keeps_what_was_there(void **state)
{
	(void)state;
	char *memory = memory_copy_string("lock");
	memory = memory_resize(memory, 1000, 100);
	assert_string_equal(memory, "lock");
	free(memory);
}

static void copies(void **state)
{
	(void)state;
	char *string = memory_copy_string("a barrier"), *bytes = memory_copy_bytes("a\0b!", 3);
	assert_null(memory_copy_string(NULL));
	assert_string_equal(string, "a barrier");
	assert_memory_equal(bytes, "a\0b", 4); /* with the NUL added */
	free(string);
	free(bytes);
}

static int told_pipe[2];

static void tell(void)
{
	if (write(told_pipe[1], "!", 1) != 1)
		_exit(1);
}

/* Runs `ask` in a child, which is to end with status 70 after the handler was called. */
static void assert_fails(void (*ask)(void))
{
	char told = 0;
	int status;

	assert_int_equal(pipe(told_pipe), 0);
	pid_t pid = fork();
	if (pid == 0) {
		close(STDERR_FILENO);
		memory_on_failure(tell);
		ask();
		_exit(0);
	}
	close(told_pipe[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 70);
	assert_int_equal(read(told_pipe[0], &told, 1), 1);
	close(told_pipe[0]);
}

/* The compiler may not know the number, or it would warn. */
static volatile size_t half = SIZE_MAX / 2;

static void ask_too_much(void)
{
	free(memory_new(half));
}

static void ask_overflowing_array(void)
{
	free(memory_array(half, 4));
}

static void ask_overflowing_resize(void)
{
	free(memory_resize(NULL, half, 3)); /* as a product: almost half */
}

static void failure_calls_the_handler_and_ends_with_70(void **state)
{
	(void)state;
	assert_fails(ask_too_much);
	assert_fails(ask_overflowing_array);
	assert_fails(ask_overflowing_resize);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_zeroed),
		cmocka_unit_test(nothing_is_not_null),
		cmocka_unit_test(resizing_keeps_what_was_there),
		cmocka_unit_test(copies),
		cmocka_unit_test(failure_calls_the_handler_and_ends_with_70),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
