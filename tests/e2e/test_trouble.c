/* SPDX-License-Identifier: MIT */
/*
 * Lessons that do not behave, on the screen: one that deadlocks, one that crashes, one that computes
 * for long, one that does not want to go. This program is the lesson too, under the name "lesson".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "mp/mp.h"
#include "support/vt.h"

/* ---- the lesson ---- */

struct locks {
	struct lock *first, *second;
};

static void take_both(void *argument)
{
	const struct locks *locks = argument;

	lock_acquire(locks->first);
	lock_acquire(locks->second);
	lock_release(locks->second);
	lock_release(locks->first);
}

static void deadlock(void)
{
	struct locks one = {lock_new("fork A"), lock_new("fork B")};
	struct locks other = {one.second, one.first};
	struct process *left = process_new("left", take_both, &one);
	struct process *right = process_new("right", take_both, &other);

	process_start(left);
	process_start(right);
	process_join(left);
	process_join(right);
}

static void compute(double seconds)
{
	struct timespec begin, now;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((double)(now.tv_sec - begin.tv_sec) + (double)(now.tv_nsec - begin.tv_nsec) / 1e9 < seconds);
}

static int lesson_main(int argc, char **argv)
{
	static const struct lesson_parameter parameters[] = {
		{.name = "what", .choices = "deadlock|crash|busy|stubborn", .fallback = "deadlock", .help = "the trouble"},
		{0}};
	static const struct lesson lesson = {
		.title = "Trouble", .summary = "It does not behave.", .parameters = parameters, .outcome = "none", .right = "none"};

	lesson_begin(&lesson, argc, argv);
	struct value *value = value_new("value", 0);
	value_set(value, 1);
	if (lesson_is("what", "crash")) {
		signal(SIGSEGV, SIG_DFL); /* a sanitizer has its own */
		raise(SIGSEGV);
	}
	if (lesson_is("what", "deadlock"))
		deadlock();
	if (lesson_is("what", "busy"))
		compute(1.0);
	if (lesson_is("what", "stubborn")) {
		signal(SIGTERM, SIG_IGN);
		for (;;)
			pause();
	}
	value_set(value, 2);
	lesson_outcome(true, "done", json_pack("{s:i}", "value", 2), NULL);
	return lesson_end();
}

/* ---- the tests ---- */

static char root[] = "/tmp/lockstep-trouble-XXXXXX";
static char setting[PATH_MAX];

static int make_lesson(void **state)
{
	char self[PATH_MAX] = "", path[PATH_MAX];

	(void)state;
	if (mkdtemp(root) == NULL || readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/chapter", root);
	if (mkdir(path, 0700) != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/chapter/trouble", root);
	if (mkdir(path, 0700) != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/chapter/trouble/lesson", root);
	snprintf(setting, sizeof(setting), "LOCKSTEP_LESSONS=%s", root);
	return symlink(self, path);
}

static int remove_lesson(void **state)
{
	static const char *const names[] = {"chapter/trouble/lesson", "chapter/trouble", "chapter", ""};
	char path[PATH_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, names[i]);
		if (remove(path) != 0)
			return -1;
	}
	return 0;
}

static struct vt *start(const char *what)
{
	const char *program = getenv("LOCKSTEP") != NULL ? getenv("LOCKSTEP") : "build/release/lockstep";
	char set[64];
	snprintf(set, sizeof(set), "what=%s", what);
	const char *const arguments[] = {program, "run", "trouble", "--step", "--set", set, NULL};
	const char *const environment[] = {setting, NULL};
	struct vt *vt = vt_open(&(struct vt_options){
		.width = 100, .height = 30, .arguments = arguments, .environment = environment});

	assert_true(vt_wait_text(vt, "you choose", VT_PATIENCE));
	return vt;
}

static void expect(struct vt *vt, const char *keys, const char *shown)
{
	vt_send(vt, keys);
	assert_true(vt_wait_text(vt, shown, VT_PATIENCE));
}

static void quit(struct vt *vt)
{
	int status;

	vt_send(vt, "q");
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_true(vt_wait_left(vt, 0, 1000));
	vt_close(vt);
}

static void test_deadlock(void **state)
{
	(void)state;
	struct vt *vt = start("deadlock");

	expect(vt, "sss", "left");
	assert_true(vt_wait_text(vt, "step 3 ", VT_PATIENCE));
	expect(vt, "2", "step 4 ");
	expect(vt, "3", "step 5 ");
	expect(vt, "f", "step 6 "); /* right waits for fork A */
	expect(vt, "2", "step 7 ");
	expect(vt, "1", "deadlock");
	expect(vt, "s", "nobody can ever move again");

	/* Back to where it can still be avoided. */
	expect(vt, "bbbb", "step 4 ");
	expect(vt, "2f", "zombie, exit 0");
	expect(vt, "B", "deadlock");
	expect(vt, "\r", "step 8 ");
	quit(vt);
}

static void test_crash(void **state)
{
	(void)state;
	struct vt *vt = start("crash");

	expect(vt, "s", "killed by signal 11");
	expect(vt, "b", "step 0 ");
	assert_true(vt_wait_gone(vt, "killed by signal 11", VT_PATIENCE));
	quit(vt);
}

static void test_computing_is_not_waited_for(void **state)
{
	(void)state;
	struct vt *vt = start("busy");

	expect(vt, "s", "computing");
	expect(vt, "?", "run faster"); /* the help, while it computes */
	expect(vt, "\033", "computing");
	expect(vt, "s", "outside our sight");
	assert_true(vt_wait_text(vt, "you choose", VT_PATIENCE)); /* by itself */
	assert_true(vt_wait_gone(vt, "outside our sight", VT_PATIENCE));
	expect(vt, "s", "step 2 ");
	quit(vt);
}

static void test_stubborn_is_left_behind(void **state)
{
	(void)state;
	struct vt *vt = start("stubborn");

	expect(vt, "s", "computing");
	expect(vt, "b", "you choose");
	assert_true(vt_wait_text(vt, "step 0 ", VT_PATIENCE));
	expect(vt, "s", "computing");
	quit(vt);
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	if (strcmp(name != NULL ? name + 1 : argv[0], "lesson") == 0)
		return lesson_main(argc, argv);

	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deadlock),
		cmocka_unit_test(test_crash),
		cmocka_unit_test(test_computing_is_not_waited_for),
		cmocka_unit_test(test_stubborn_is_left_behind),
	};
	return cmocka_run_group_tests(tests, make_lesson, remove_lesson);
}
