/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "children.h"
#include "mp/print.h"
#include "mp/process.h"

enum { WRITERS = 4, LINES = 200, LINE = 3000, HUGE_LINE = 1 << 20 };

/* All that `target` prints, in a process of its own; NUL-terminated. */
static char *output_of(void (*target)(void *), void *argument, size_t *length)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	struct process *process = process_new(NULL, target, argument);
	int saved = dup(STDOUT_FILENO);
	fflush(stdout);
	dup2(ends[1], STDOUT_FILENO);
	close(ends[1]);
	process_start(process);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	size_t size = 4 << 20;
	char *output = calloc(1, size);
	ssize_t got;
	*length = 0;
	while ((got = read(ends[0], output + *length, size - 1 - *length)) > 0)
		*length += (size_t)got;
	close(ends[0]);
	int code = 1000;
	process_join(process);
	process_exitcode(process, &code);
	assert_int_equal(code, 0);
	process_free(process);
	return output;
}

static void print_and_printf(void *argument)
{
	(void)argument;
	printf("first ");
	print("%s %d", "second", 2);
	print("%s", "");
	printf("third\n");
}

static void test_in_order_with_printf(void **state)
{
	(void)state;
	size_t length;
	char *output = output_of(print_and_printf, NULL, &length);
	assert_string_equal(output, "first second 2\n\nthird\n");
	free(output);
}

static void print_pieces(void *argument)
{
	(void)argument;
	print_part("%s", "");
	printf("a");
	print_part("%d ", 1);
	print_part("two\n");
	print("%s", "three");
	for (int length = 505; length < 520; length++)
		print_part("%0*d", length, 7);
}

static void test_pieces(void **state)
{
	(void)state;
	size_t length;
	char *output = output_of(print_pieces, NULL, &length);
	assert_memory_equal(output, "a1 two\nthree\n00", 15);
	assert_null(strchr(output + 13, '\n'));
	assert_int_equal(length, 13 + (505 + 519) * 15 / 2);
	free(output);
}

/* Around the size of the line on the stack, and far beyond what a pipe takes at once. */
static void print_lengths(void *argument)
{
	(void)argument;
	for (int length = 505; length < 520; length++)
		print("%0*d", length, 7);
	print("%0*d", HUGE_LINE, 7);
}

static void test_any_length(void **state)
{
	(void)state;
	size_t length;
	char *output = output_of(print_lengths, NULL, &length);
	char *line = output;
	for (size_t expected = 505; expected < 520; expected++) {
		assert_int_equal(strcspn(line, "\n"), expected);
		assert_int_equal(line[expected - 1], '7');
		line += expected + 1;
	}
	assert_int_equal(strcspn(line, "\n"), HUGE_LINE);
	assert_string_equal(line + HUGE_LINE, "\n");
	free(output);
}

static void print_same_letter(void *argument)
{
	char line[LINE + 1] = "";
	memset(line, *(const char *)argument, LINE);
	interrupt_often();
	for (int i = 0; i < LINES; i++)
		print("%s", line);
}

static void print_many(void *argument)
{
	static char letters[WRITERS] = {'a', 'b', 'c', 'd'};
	struct process *writers[WRITERS];
	(void)argument;
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = process_new(NULL, print_same_letter, &letters[i]);
		process_start(writers[i]);
	}
}

/* write(2) of at most PIPE_BUF bytes to a pipe is whole: pipe(7). */
static void test_lines_are_never_torn(void **state)
{
	(void)state;
	size_t length;
	char *output = output_of(print_many, NULL, &length);
	assert_int_equal(length, (size_t)WRITERS * LINES * (LINE + 1));
	for (char *line = output; *line != '\0'; line += LINE + 1) {
		char expected[LINE + 2] = "";
		memset(expected, *line, LINE);
		expected[LINE] = '\n';
		assert_memory_equal(line, expected, LINE + 1);
	}
	free(output);
}

static void print_non_blocking(void *argument)
{
	fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
	print_lengths(argument);
}

static void test_non_blocking_output_is_whole(void **state)
{
	(void)state;
	size_t blocking, other;
	char *one = output_of(print_lengths, NULL, &blocking);
	char *two = output_of(print_non_blocking, NULL, &other);
	assert_int_equal(blocking, other);
	assert_memory_equal(one, two, blocking);
	free(one);
	free(two);
}

static void print_to_nobody(void *argument)
{
	int ends[2];
	(void)argument;
	signal(SIGPIPE, SIG_IGN);
	if (pipe(ends) != 0)
		process_exit(1);
	dup2(ends[1], STDOUT_FILENO);
	close(ends[0]);
	close(ends[1]);
	print("nobody reads this");
	close(STDOUT_FILENO);
	print("nor this");
}

static void test_without_reader_the_run_goes_on(void **state)
{
	(void)state;
	size_t length;
	char *output = output_of(print_to_nobody, NULL, &length);
	assert_int_equal(length, 0);
	free(output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order_with_printf),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_any_length),
		cmocka_unit_test(test_lines_are_never_torn),
		cmocka_unit_test(test_non_blocking_output_is_whole),
		cmocka_unit_test(test_without_reader_the_run_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
