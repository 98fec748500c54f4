/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "mp/event.h"
#include "mp/lesson.h"
#include "mp/pool.h"
#include "mp/print.h"
#include "mp/process.h"
#include "mp/value.h"

enum { STATUS_USAGE = 2, OUTPUT_MAX = 16384 };

static const struct lesson_parameter parameters[] = {
	{.name = "lock", .choices = "off|on", .fallback = "off", .help = "take the lock around the update"},
	{.name = "rounds", .low = 1, .high = 1000000, .fallback = "100", .help = "updates by each process"},
	{.name = "window", .low = 0, .high = 2.5, .real = true, .fallback = "0.1", .help = "seconds"},
	{0},
};

static const struct lesson_variant variants[] = {
	{.name = "mended", .settings = "lock=on", .says = "200 always"},
	{0},
};

static const struct lesson bank = {
	.title = "Two processes, one balance",
	.summary = "Both read before either writes.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "balance: what is left",
	.right = "200",
};

static const struct lesson plain = {.title = "Nothing to set", .step_settings = "rounds=5"};

/* One run of a lesson's main in a process of its own. */
struct run {
	const struct lesson *lesson;
	bool unbegun; /* it forgets lesson_begin() */
	const char *arguments[4]; /* without the program's name; NULL ends them */
	int (*body)(void);
	int status;
	char output[OUTPUT_MAX]; /* standard output and error */
};

static void be_the_lesson(void *argument)
{
	struct run *run = argument;
	char program[] = "lesson";
	char *argv[6] = {program};
	int argc = 1;
	for (; run->arguments[argc - 1] != NULL; argc++)
		argv[argc] = strdup(run->arguments[argc - 1]);
	if (!run->unbegun)
		lesson_begin(run->lesson, argc, argv);
	process_exit(run->body != NULL ? run->body() : lesson_end());
}

struct redirected {
	struct run *run;
	int output;
};

static void redirect(void *argument)
{
	struct redirected *redirected = argument;
	dup2(redirected->output, STDOUT_FILENO);
	dup2(redirected->output, STDERR_FILENO);
	close(redirected->output);
	signal(SIGSEGV, SIG_DFL); /* cmocka has its own */
	be_the_lesson(redirected->run);
}

static void run_lesson(struct run *run)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	struct redirected redirected = {run, ends[1]};
	struct process *process = process_new(NULL, redirect, &redirected);
	assert_int_equal(process_start(process), 0);
	close(ends[1]);
	size_t length = 0;
	ssize_t got;
	while ((got = read(ends[0], run->output + length, sizeof run->output - 1 - length)) > 0)
		length += (size_t)got;
	run->output[length] = '\0';
	close(ends[0]);
	process_join(process);
	run->status = 1000;
	process_exitcode(process, &run->status);
	process_free(process);
}

static void expect_refused(const struct lesson *lesson, const char *argument, const char *says)
{
	struct run run = {.lesson = lesson, .arguments = {argument}};
	run_lesson(&run);
	assert_int_equal(run.status, STATUS_USAGE);
	if (strstr(run.output, says) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", run.output, says);
}

static void test_wrong_arguments(void **state)
{
	(void)state;
	expect_refused(&bank, "lock", "an argument is NAME=VALUE; the parameters are lock, rounds, window");
	expect_refused(&bank, "luck=on", "luck=on: the parameters are lock, rounds, window");
	expect_refused(&bank, "loc=on", "the parameters are");
	expect_refused(&bank, "lock=o", "lock takes one of off on");
	expect_refused(&bank, "lock=", "lock takes one of off on");
	expect_refused(&bank, "lock=off|on", "lock takes one of off on");
	expect_refused(&bank, "rounds=0", "rounds takes a whole number from 1 to 1000000");
	expect_refused(&bank, "rounds=1000001", "rounds takes a whole number");
	expect_refused(&bank, "rounds=2.5", "rounds takes a whole number");
	expect_refused(&bank, "rounds=", "rounds takes a whole number");
	expect_refused(&bank, "rounds=99999999999999999999", "rounds takes a whole number");
	expect_refused(&bank, "window=2.6", "window takes a number from 0 to 2.5");
	expect_refused(&bank, "window=nan", "window takes a number");
	expect_refused(&plain, "rounds=1", "this lesson has no parameters");
}

static int show_settings(void)
{
	print("%s %d %ld %.3f", lesson_choice("lock"), lesson_is("lock", "on"), lesson_integer("rounds"), lesson_real("window"));
	return 0;
}

static void test_settings(void **state)
{
	(void)state;
	struct run defaults = {.lesson = &bank, .body = show_settings};
	run_lesson(&defaults);
	assert_int_equal(defaults.status, 0);
	assert_string_equal(defaults.output, "off 0 100 0.100\n");
	struct run set = {.lesson = &bank, .body = show_settings, .arguments = {"window=1.5", "lock=on", "rounds=7"}};
	run_lesson(&set);
	assert_string_equal(set.output, "on 1 7 1.500\n");
}

static int ask_for_nothing(void)
{
	return (int)lesson_integer("nothing");
}

static void test_unknown_parameter_is_a_failure(void **state)
{
	(void)state;
	struct run run = {.lesson = &bank, .body = ask_for_nothing};
	run_lesson(&run);
	assert_int_equal(run.status, 1);
	assert_non_null(strstr(run.output, "no parameter named nothing"));
}

static void test_begin_is_missed(void **state)
{
	(void)state;
	struct run run = {.lesson = &bank, .body = show_settings, .unbegun = true};
	run_lesson(&run);
	assert_int_equal(run.status, 1);
	if (strstr(run.output, "lesson_begin() must come before all else") == NULL)
		fail_msg("\"%s\" does not say what is missing", run.output);
}

static void test_wrong_default_is_found(void **state)
{
	(void)state;
	static const struct lesson_parameter wrong[] = {{.name = "n", .low = 1, .high = 5, .fallback = "6"}, {0}};
	static const struct lesson lesson = {.title = "Wrong", .parameters = wrong};
	expect_refused(&lesson, "--describe", "the lesson's own default does not fit: n takes a whole number from 1 to 5");
}

/* ---- describing ---- */

static void test_describe(void **state)
{
	(void)state;
	struct run run = {.lesson = &bank, .arguments = {"--describe"}};
	run_lesson(&run);
	assert_int_equal(run.status, 0);
	json_t *all = json_loads(run.output, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(all);
	assert_string_equal(json_string_value(json_object_get(all, "title")), bank.title);
	assert_string_equal(json_string_value(json_object_get(all, "summary")), bank.summary);
	assert_string_equal(json_string_value(json_object_get(all, "outcome")), bank.outcome);
	assert_string_equal(json_string_value(json_object_get(all, "right")), bank.right);
	assert_true(json_is_null(json_object_get(all, "step_settings")));
	json_t *list = json_object_get(all, "parameters");
	assert_int_equal(json_array_size(list), 3);
	json_t *lock = json_array_get(list, 0), *window = json_array_get(list, 2);
	assert_string_equal(json_string_value(json_object_get(lock, "name")), "lock");
	assert_string_equal(json_string_value(json_object_get(lock, "fallback")), "off");
	json_t *choices = json_object_get(lock, "choices");
	assert_int_equal(json_array_size(choices), 2);
	assert_string_equal(json_string_value(json_array_get(choices, 0)), "off");
	assert_string_equal(json_string_value(json_array_get(choices, 1)), "on");
	assert_true(json_is_null(json_object_get(window, "choices")));
	assert_true(json_is_true(json_object_get(window, "real")));
	assert_true(json_number_value(json_object_get(window, "high")) == 2.5);
	json_t *mended = json_array_get(json_object_get(all, "variants"), 0);
	assert_string_equal(json_string_value(json_object_get(mended, "settings")), "lock=on");
	json_decref(all);
}

static void test_describe_little(void **state)
{
	(void)state;
	struct run run = {.lesson = &plain, .arguments = {"--describe"}};
	run_lesson(&run);
	json_t *all = json_loads(run.output, 0, NULL);
	assert_non_null(all);
	assert_int_equal(json_array_size(json_object_get(all, "parameters")), 0);
	assert_int_equal(json_array_size(json_object_get(all, "variants")), 0);
	assert_true(json_is_array(json_object_get(all, "variants")));
	assert_string_equal(json_string_value(json_object_get(all, "step_settings")), "rounds=5");
	json_decref(all);
}

static void test_help(void **state)
{
	(void)state;
	static const char *const says[] = {"Two processes, one balance", "lock", "off|on", "1 to 1000000, whole; default 100",
	                                   "0 to 2.5; default 0.1", "lock=on", "200 always"};
	struct run run = {.lesson = &bank, .arguments = {"--help"}};
	run_lesson(&run);
	assert_int_equal(run.status, 0);
	for (size_t i = 0; i < sizeof says / sizeof *says; i++)
		assert_non_null(strstr(run.output, says[i]));
}

/* ---- the end ---- */

static int end_well(void)
{
	lesson_outcome(true, "as it should be", json_pack("{s:i}", "balance", 200), json_pack("{s:i}", "balance", 200));
	return lesson_end();
}

static int end_badly(void)
{
	lesson_outcome(false, "lost update", json_pack("{s:i}", "balance", 199), NULL);
	return lesson_end();
}

static void test_exit_status(void **state)
{
	(void)state;
	struct run well = {.lesson = &bank, .body = end_well}, badly = {.lesson = &bank, .body = end_badly};
	struct run untold = {.lesson = &bank, .body = lesson_end};
	run_lesson(&well);
	run_lesson(&badly);
	run_lesson(&untold);
	assert_int_equal(well.status, 0);
	assert_int_equal(badly.status, 1);
	assert_int_equal(untold.status, 1);
	assert_string_equal(well.output, ""); /* alone, a lesson prints what it prints, and no more */
}

static struct event *go;
static struct value *done;

static void work(void *argument)
{
	(void)argument;
	event_wait(go);
	value_set(done, 1);
}

static int end_with_a_child_at_work(void)
{
	go = event_new("go");
	done = value_new("done", 0);
	struct process *worker = process_new(NULL, work, NULL);
	process_start(worker);
	event_set(go);
	lesson_outcome(true, "well", json_object(), NULL);
	int status = lesson_end();
	return value_get(done) == 1 ? status : 5;
}

static void test_end_joins_what_is_left(void **state)
{
	(void)state;
	struct run run = {.lesson = &plain, .body = end_with_a_child_at_work};
	run_lesson(&run);
	assert_int_equal(run.status, 0);
}

static struct pool_result *volatile never_given;

static int get_of_none(void)
{
	pool_result_get(never_given, -1);
	return 0;
}

static int sent_a_signal(void)
{
	raise(SIGSEGV);
	return 0;
}

/* It ends as without us, but not without a word; a signal that was only sent ends it all the same. */
static void test_none_is_told(void **state)
{
	(void)state;
	struct run used = {.lesson = &plain, .body = get_of_none};
	run_lesson(&used);
	assert_int_equal(used.status, -SIGSEGV);
	if (strstr(used.output, "AttributeError: NULL (None) was used as an object") == NULL)
		fail_msg("\"%s\" does not say that it was NULL", used.output);
	struct run sent = {.lesson = &plain, .body = sent_a_signal};
	run_lesson(&sent);
	assert_int_equal(sent.status, -SIGSEGV);
	assert_string_equal(sent.output, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_arguments),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_unknown_parameter_is_a_failure),
		cmocka_unit_test(test_begin_is_missed),
		cmocka_unit_test(test_wrong_default_is_found),
		cmocka_unit_test(test_describe),
		cmocka_unit_test(test_describe_little),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_exit_status),
		cmocka_unit_test(test_end_joins_what_is_left),
		cmocka_unit_test(test_none_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
