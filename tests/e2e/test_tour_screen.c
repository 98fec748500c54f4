/* SPDX-License-Identifier: MIT */
/* A tour on the screen, as whoever presents it meets it: the real program on a terminal. */
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

#define FIRST "Two processes share one balance"
#define SECOND "Both have started"
#define THIRD "deposit has read 200 and holds"

static struct vt *start(int width, int height, const char *const *words)
{
	const char *path = getenv("LOCKSTEP");
	const char *arguments[16] = {path != NULL ? path : "build/release/lockstep"};

	for (size_t i = 0; words[i] != NULL; i++)
		arguments[i + 1] = words[i];
	return vt_open(&(struct vt_options){.width = width, .height = height, .arguments = arguments});
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
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(vt_wait_left(vt, 0, VT_PATIENCE));
	vt_close(vt);
}

static const char *const BY_KEY[] = {"tour", "bank-race", "--by-key", "--speed", "20", NULL};
static const char *const BY_ITSELF[] = {"tour", "bank-race", NULL};

static void test_by_key(void **state)
{
	struct vt *vt = start(80, 24, BY_KEY);

	(void)state;
	assert_true(vt_wait_text(vt, FIRST, VT_PATIENCE));
	assert_true(vt_wait_text(vt, "space ▸", VT_PATIENCE));
	expect(vt, " ", SECOND);
	assert_true(vt_wait_text(vt, "2 read balance", VT_PATIENCE));
	expect(vt, "\r", THIRD);
	assert_true(vt_shows(vt, "R200"));
	expect(vt, "x", "Esc: the lesson is yours"); /* any key that is none tells those there are */
	quit(vt);
}

/* Back is played again, at once: the real processes stand where they stood then. */
static void test_back(void **state)
{
	struct vt *vt = start(80, 24, BY_KEY);

	(void)state;
	assert_true(vt_wait_text(vt, FIRST, VT_PATIENCE));
	expect(vt, " ", SECOND);
	expect(vt, " ", THIRD);
	expect(vt, "b", SECOND);
	assert_false(vt_shows(vt, "R200"));
	assert_true(vt_shows(vt, "2 read balance"));
	expect(vt, "b", FIRST);
	quit(vt);
}

static void test_taken_over(void **state)
{
	struct vt *vt = start(80, 24, BY_KEY);

	(void)state;
	assert_true(vt_wait_text(vt, FIRST, VT_PATIENCE));
	expect(vt, " ", SECOND);
	expect(vt, "\x1b", "the lesson is yours");
	assert_true(vt_wait_gone(vt, SECOND, VT_PATIENCE));
	expect(vt, "2", "R200"); /* by the learner's hand now */
	quit(vt);
}

static void test_paused(void **state)
{
	struct vt *vt = start(80, 24, BY_ITSELF);

	(void)state;
	assert_true(vt_wait_text(vt, FIRST, VT_PATIENCE));
	expect(vt, " ", "paused");
	assert_true(vt_shows(vt, FIRST));
	expect(vt, " ", "1/11");
	expect(vt, "\r", SECOND); /* at once, not when it has been read */
	quit(vt);
}

/* By itself, to its end. Its clock is the wall's here, so it is hurried on, caption by caption. */
static void test_to_its_end(void **state)
{
	struct vt *vt = start(100, 30, BY_KEY);

	(void)state;
	assert_true(vt_wait_text(vt, "space ▸", VT_PATIENCE));
	for (int caption = 2; caption <= 11; caption++) {
		char note[16];
		snprintf(note, sizeof note, "%d/11 ▸", caption);
		expect(vt, " ", note);
	}
	assert_true(vt_shows(vt, "whatever the order"));
	expect(vt, " ", "the end");
	expect(vt, " ", "the tour is over");
	assert_true(vt_shows(vt, "balance right"));
	quit(vt);
}

static void test_fixed_size(void **state)
{
	static const char *const words[] = {"tour", "bank-race", "--by-key", "--size", "70x22", NULL};
	struct vt *vt = start(90, 26, words);
	int x, y;

	(void)state;
	assert_true(vt_wait_text(vt, FIRST, VT_PATIENCE));
	assert_true(vt_find(vt, "┌ timeline", &x, &y));
	assert_int_equal(x, 10);
	assert_int_equal(y, 3);
	vt_resize(vt, 69, 26);
	assert_true(vt_wait_text(vt, "The picture is to have 70×22; this terminal has 69×26", VT_PATIENCE));
	vt_resize(vt, 70, 22);
	assert_true(vt_wait_text(vt, FIRST, VT_PATIENCE));
	quit(vt);
}

/* From a lesson and from the menu. */
static void test_from_a_lesson(void **state)
{
	static const char *const words[] = {"run", "bank-race", "--step", "--seed", "9", NULL};
	struct vt *vt = start(80, 24, words);

	(void)state;
	assert_true(vt_wait_text(vt, "▷ 1 start", VT_PATIENCE));
	expect(vt, "d", FIRST);
	expect(vt, "\r", SECOND);
	expect(vt, "\x1b", "the lesson is yours");
	expect(vt, "\x1b", "bank-race ");
	expect(vt, "d", FIRST);
	quit(vt);
}

static bool file_holds(const char *path, const char *words)
{
	char bytes[4096] = "";
	FILE *file = fopen(path, "r");

	if (file == NULL)
		return false;
	size_t length = fread(bytes, 1, sizeof bytes - 1, file);
	fclose(file);
	bytes[length] = '\0';
	return strstr(bytes, words) != NULL;
}

/* The tour's first run has come to its end: the learner has neither finished the lesson nor seen its answer by that. */
static void test_is_not_the_learners_doing(void **state)
{
	char folder[] = "/tmp/lockstep-tour-XXXXXX", home[64], path[96];
	const char *environment[] = {home, NULL};
	const char *lockstep = getenv("LOCKSTEP");
	const char *arguments[] = {lockstep != NULL ? lockstep : "build/release/lockstep", "run", "bank-race", "--step", NULL};

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(home, sizeof home, "XDG_STATE_HOME=%s", folder);
	snprintf(path, sizeof path, "%s/lockstep/progress.json", folder);
	struct vt *vt = vt_open(&(struct vt_options){.width = 100, .height = 30, .arguments = arguments, .environment = environment});
	assert_true(vt_wait_text(vt, "▷ 1 start", VT_PATIENCE));
	expect(vt, "d", FIRST);
	for (int caption = 2; caption <= 8; caption++) {
		char note[16];
		snprintf(note, sizeof note, "%d/11", caption);
		for (int tries = 0; !vt_shows(vt, note) && tries < VT_PATIENCE / 50; tries++) {
			vt_send(vt, "\r"); /* reading and waiting are cut short */
			vt_pump(vt, 50);
		}
		assert_true(vt_shows(vt, note));
	}
	expect(vt, "\x1b", "the lesson is yours");
	expect(vt, "e", "What will the balance be at the end");
	assert_false(vt_shows(vt, "The answer"));
	vt_send(vt, "\x1b");
	quit(vt);
	assert_true(file_holds(path, "bank-race"));
	assert_false(file_holds(path, "\"finished\": true") || file_holds(path, "\"finished\":true"));
	unlink(path);
	*strrchr(path, '/') = '\0';
	rmdir(path);
	assert_int_equal(rmdir(folder), 0);
}

/* For a screencast of an ordinary run. */
static void test_keys_are_shown(void **state)
{
	static const char *const words[] = {"run", "bank-race", "--step", "--seed", "7", "--stage", "--show-keys", NULL};
	struct vt *vt = start(80, 24, words);

	(void)state;
	assert_true(vt_wait_text(vt, "▷ 1 start", VT_PATIENCE));
	assert_false(vt_shows(vt, "let that one move")); /* no line of keys on the stage */
	expect(vt, "1", "key  1");
	assert_true(vt_wait_gone(vt, "key  1", VT_PATIENCE));
	expect(vt, "\x1bOC", "key  →");
	quit(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_by_key),     cmocka_unit_test(test_back),       cmocka_unit_test(test_taken_over),
		cmocka_unit_test(test_paused),     cmocka_unit_test(test_to_its_end), cmocka_unit_test(test_fixed_size),
		cmocka_unit_test(test_from_a_lesson), cmocka_unit_test(test_is_not_the_learners_doing),
		cmocka_unit_test(test_keys_are_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
