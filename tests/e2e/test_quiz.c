/* SPDX-License-Identifier: MIT */
/* Predict, run, explain: the question before the run, on the real screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/vt.h"

static struct vt *start(const char *const *words, int width, int height)
{
	const char *path = getenv("LOCKSTEP");
	const char *arguments[16] = {path != NULL ? path : "build/release/lockstep"};

	for (size_t i = 0; words[i] != NULL; i++)
		arguments[i + 1] = words[i];
	return vt_open(&(struct vt_options){.width = width, .height = height, .arguments = arguments});
}

#define START(...) start((const char *const[]){__VA_ARGS__, NULL}, 80, 24)

static void wait_for(struct vt *vt, const char *shown)
{
	if (!vt_wait_text(vt, shown, VT_PATIENCE))
		fail_msg("\"%s\" is not shown:\n%s", shown, vt_text(vt));
}

static void expect(struct vt *vt, const char *keys, const char *shown)
{
	vt_send(vt, keys);
	wait_for(vt, shown);
}

/* What was shown goes away; `instead` is waited for. */
static void expect_instead(struct vt *vt, const char *keys, const char *gone, const char *instead)
{
	expect(vt, keys, instead);
	assert_false(vt_shows(vt, gone));
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

static void test_predict_run_explain(void **state)
{
	(void)state;
	struct vt *vt = START("run", "bank-race", "--seed", "7");

	wait_for(vt, "before you run it");
	wait_for(vt, "Often not 200");
	expect_instead(vt, "a", "before you run it", "you say A");
	expect(vt, "++++++++ ", "You said A; right is C.");
	expect(vt, "e", "A would be so if");
	wait_for(vt, "This run: balance");
	/* Kept: the same lesson, opened again, does not ask again. */
	expect_instead(vt, "\x1b", "the answer ", "e says why");
	expect(vt, "\x1b", "watch it run freely");
	expect(vt, "\r", "▷ 1 start");
	assert_false(vt_shows(vt, "before you run it"));
	quit(vt);
}

static void test_from_the_menu_by_number(void **state)
{
	(void)state;
	struct vt *vt = START("menu");

	expect(vt, "/rng-seed", "/rng-seed");
	expect(vt, "\r", "before you run it");
	expect_instead(vt, "2", "before you run it", "you say B");
	expect(vt, "++++++++ ", "You said B: right.");
	quit(vt);
}

/* Esc is not an answer: it can be asked again, and gives the step keys free. */
static void test_skip_and_ask_again(void **state)
{
	(void)state;
	struct vt *vt = START("run", "bank-race", "--seed", "7");

	wait_for(vt, "before you run it");
	expect_instead(vt, "\x1b", "before you run it", "not answered");
	expect(vt, "1", "step 1 ");
	expect(vt, "e", "before you run it");
	expect(vt, "jj\r", "you say C");
	expect(vt, "2", "step 2 ");
	quit(vt);
}

static void test_free_run_waits_for_the_answer(void **state)
{
	(void)state;
	struct vt *vt = START("menu");

	wait_for(vt, "alive-and-join");
	expect(vt, "F", "before you run it"); /* the first lesson of the menu */
	vt_settle(vt, 200);
	assert_int_equal(vt_left(vt), 2); /* supervisor and screen: no lesson yet */
	expect(vt, "a", "free, speed");
	quit(vt);
}

/* The text shows its answer when the run has ended, not before. */
static void test_answer_is_hidden_until_the_end(void **state)
{
	(void)state;
	struct vt *vt = START("run", "bank-race", "--seed", "7", "--step");

	wait_for(vt, "▷ 1 start");
	assert_false(vt_shows(vt, "before you run it"));
	expect(vt, "t", "What this shows");
	expect(vt, "G", "stands here when the run has ended");
	assert_false(vt_shows(vt, "Where it comes from"));
	vt_send(vt, "\x1b");
	expect(vt, "++++++++ ", "The answer to the question is C.");
	expect(vt, "t", "What this shows");
	expect(vt, "G", "Where it comes from");
	quit(vt);
}

static void test_no_quiz(void **state)
{
	(void)state;
	struct vt *vt = START("run", "bank-race", "--no-quiz");

	wait_for(vt, "▷ 1 start");
	assert_false(vt_shows(vt, "before you run it"));
	expect(vt, "t", "What this shows");
	expect(vt, "G", "Where it comes from");
	expect(vt, "\x1b" "e", "Right is C.");
	quit(vt);

	vt = START("menu", "--no-quiz");
	expect(vt, "/bank", "/bank");
	expect(vt, "\r", "▷ 1 start");
	assert_false(vt_shows(vt, "before you run it"));
	quit(vt);
}

static void test_progress_in_the_menu(void **state)
{
	(void)state;
	char state_home[] = "/tmp/lockstep-quiz-XXXXXX", setting[64], command[64];

	assert_non_null(mkdtemp(state_home));
	snprintf(setting, sizeof setting, "XDG_STATE_HOME=%s", state_home);
	const char *const environment[] = {setting, NULL};
	const char *path = getenv("LOCKSTEP");
	const char *arguments[] = {path != NULL ? path : "build/release/lockstep", "run", "rng-seed", NULL};
	struct vt_options options = {.width = 80, .height = 24, .arguments = arguments, .environment = environment};
	struct vt *vt = vt_open(&options);

	wait_for(vt, "before you run it");
	expect(vt, "b", "you say B");
	expect(vt, "\x1b", "◐▸rng-seed");
	wait_for(vt, "seen, not run to its end, predicted right");
	expect(vt, "\r", "▷ 1 ");
	expect(vt, "++++++++ ", "You said B: right.");
	expect(vt, "\x1b", "✓▸rng-seed");
	quit(vt);
	arguments[1] = "menu"; /* another screen, another day */
	arguments[2] = NULL;
	vt = vt_open(&options);
	wait_for(vt, "next: ");
	expect(vt, "G", "✓ rng-seed");
	/* What was finished another day tells its answer; what was not does not, nor what its variants come to. */
	expect(vt, "kk", "workers=4 numpy's numbers, to the last bit");
	expect(vt, "e", "A is right for a generator that goes on");
	expect(vt, "\x1b", "✓▸rng-seed");
	expect_instead(vt, "k", "the workers all draw", "reseed=off broken");
	expect(vt, "e", "the answer is for those who have run it");
	quit(vt);
	snprintf(command, sizeof command, "rm -r %s", state_home);
	assert_int_equal(system(command), 0);
}

static void test_progress_that_cannot_be_kept(void **state)
{
	(void)state;
	static const char *const environment[] = {"XDG_STATE_HOME=/proc/nowhere", NULL};
	const char *path = getenv("LOCKSTEP");
	const char *const arguments[] = {path != NULL ? path : "build/release/lockstep", "run", "rng-seed", "--step", NULL};
	struct vt *vt = vt_open(&(struct vt_options){
		.width = 80, .height = 24, .arguments = arguments, .environment = environment});

	wait_for(vt, "progress cannot be kept");
	expect(vt, "1", "step 1 ");
	expect(vt, "++++++++ ", "The answer to the question is B.");
	assert_false(vt_shows(vt, "progress cannot be kept")); /* said once */
	quit(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_predict_run_explain),
		cmocka_unit_test(test_from_the_menu_by_number),
		cmocka_unit_test(test_skip_and_ask_again),
		cmocka_unit_test(test_free_run_waits_for_the_answer),
		cmocka_unit_test(test_answer_is_hidden_until_the_end),
		cmocka_unit_test(test_no_quiz),
		cmocka_unit_test(test_progress_in_the_menu),
		cmocka_unit_test(test_progress_that_cannot_be_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
