/* SPDX-License-Identifier: MIT */
/* Recordings as a person meets them: keeping a run by a key, playing it, going about in it, taking over from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/vt.h"

static char folder[] = "/tmp/lockstep-screen-XXXXXX";

static const char *program(void)
{
	const char *path = getenv("LOCKSTEP");
	return path != NULL ? path : "build/release/lockstep";
}

static const char *in_folder(const char *name)
{
	static char path[2][256];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof(path[turn]), "%s/%s", folder, name);
	return path[turn];
}

static struct vt *start(int width, int height, const char *const *words)
{
	const char *arguments[16] = {program()};

	for (size_t i = 0; words[i] != NULL; i++)
		arguments[i + 1] = words[i];
	return vt_open(&(struct vt_options){.width = width, .height = height, .arguments = arguments});
}

/* A run that is printed and recorded; returns its path. */
static const char *record(const char *name, const char *arguments)
{
	char command[1024];
	const char *path = in_folder(name);

	snprintf(command, sizeof(command), "'%s' run %s --text --record '%s' >'%s.txt' </dev/null", program(), arguments, path, path);
	assert_int_equal(system(command), 0);
	return path;
}

static struct vt *replay(int width, int height, const char *path, const char *option)
{
	const char *const words[] = {"replay", path, option, NULL};

	return start(width, height, words);
}

static struct vt *replay_bank(void)
{
	struct vt *vt = replay(80, 24, record("bank.lockstep", "bank-race --step --seed 7"), NULL);

	assert_true(vt_wait_text(vt, "step 0 of 18", VT_PATIENCE));
	return vt;
}

static void expect(struct vt *vt, const char *keys, const char *shown)
{
	vt_send(vt, keys);
	assert_true(vt_wait_text(vt, shown, VT_PATIENCE));
}

static void quit_with(struct vt *vt, int wanted)
{
	int status;

	vt_send(vt, "q");
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), wanted);
	assert_true(vt_wait_left(vt, 0, 1000));
	vt_close(vt);
}

static void quit(struct vt *vt)
{
	quit_with(vt, 0);
}

/* ---- looking ---- */

static void test_walk_and_play(void **state)
{
	(void)state;
	struct vt *vt = replay_bank();

	assert_true(vt_shows(vt, " replay   bank-race  lock=off"));
	assert_int_equal(vt_child(vt_child(vt_program(vt), 0), 0), 0); /* the screen has no children: nothing runs */
	expect(vt, "\033OC", "step 1 of 18");
	expect(vt, "lll", "step 4 of 18");
	expect(vt, "b", "step 3 of 18");
	expect(vt, "G", "■ ended: lost update");
	assert_true(vt_wait_text(vt, "step 18 of 18", VT_PATIENCE));
	expect(vt, "h", "step 17 of 18");
	expect(vt, "g", "step 0 of 18");
	expect(vt, "++++++++++", "as fast as it goes when it plays");
	expect(vt, " ", "■ ended: lost update");
	expect(vt, "-------------", "0.5 steps a second");
	expect(vt, " ", "▶ 0.5 steps a second"); /* from its beginning again */
	expect(vt, " ", "▮▮ paused");
	expect(vt, "r", "step 0 of 18");
	quit(vt);
}

static void test_go_to(void **state)
{
	(void)state;
	struct vt *vt = replay_bank();

	expect(vt, ":", "go to: ");
	expect(vt, "step 12\r", "step 12 of 18");
	expect(vt, ":50%\r", "step 9 of 18");
	expect(vt, ":7\r", "step 7 of 18");
	expect(vt, ":99\r", "there are 18 steps");
	expect(vt, ":event 999\r", "there are 25 events");
	expect(vt, ":soon\r", "'soon' is no place: step 12");
	expect(vt, ":\x1b", "step 7 of 18");
	expect(vt, ":event 25\r", "step 18 of 18");
	quit(vt);
}

static void test_search_for_numbers(void **state)
{
	(void)state;
	struct vt *vt = replay_bank();

	expect(vt, "/value.write =199", "match 1 of 1");
	expect(vt, "\r", "step 5 of 18");
	expect(vt, "/withdraw write", "match 1 of 2");
	expect(vt, "\rn", "match 2 of 2");
	expect(vt, "g/=199", "match 1 of 3");
	expect(vt, "\rg/balance=199", "match 1 of 3 for \"balance=199\"");
	expect(vt, "\r", "play/pause"); /* the line is typed, and how many there are still stands there */
	assert_true(vt_shows(vt, "match 1 of 3 for"));
	expect(vt, "/=77", "no match for \"=77\"");
	expect(vt, "\r", "play/pause");
	assert_true(vt_shows(vt, "no match for"));
	expect(vt, "d", "this is a recording");
	quit(vt);
}

static void test_what_needs_processes(void **state)
{
	(void)state;
	static const char *const keys[] = {"s", "1", "f", "F", "p", "L", "T", "R", "w", "B"};
	struct vt *vt = replay_bank();

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		expect(vt, keys[i], "this is a recording: no process runs; O goes on live from here");
		expect(vt, "K", "this is a recording already");
	}
	expect(vt, "e", "Right is C.");
	expect(vt, "\x1b", "▮▮ paused");
	expect(vt, "?", "play it, or pause");
	assert_false(vt_shows(vt, "let the selected process"));
	quit(vt);
}

static void test_shrinking(void **state)
{
	(void)state;
	struct vt *vt = replay_bank();

	expect(vt, "++++++++++", "as fast as");
	vt_send(vt, " ");
	for (int width = 120; width > 10; width -= 10) {
		vt_resize(vt, width, width / 4 + 1);
		vt_pump(vt, 20);
	}
	vt_resize(vt, 80, 24);
	assert_true(vt_wait_text(vt, "■ ended: lost update", VT_PATIENCE));
	quit(vt);
}

static void test_free_run(void **state)
{
	(void)state;
	struct vt *vt = replay(80, 24, record("free.lockstep", "bank-race --speed 100 --set rounds=20"), NULL);

	assert_true(vt_wait_text(vt, "begins (pid", VT_PATIENCE));
	expect(vt, "l", "MainProcess makes balance");
	expect(vt, "s", "recording of a free run: it can be looked at, not moved");
	expect(vt, "O", "a free run cannot be repeated: only one that was made with --step can ");
	expect(vt, ":step 3\r", "a free run has no steps");
	expect(vt, ":event 1\r", "begins (pid");
	expect(vt, "++++++++++++++++++++++++", "the whole in a second when it plays");
	expect(vt, " ", "■ ended: ");
	expect(vt, "--------------------------------", "1 µs a second when it plays");
	expect(vt, " ", "▶ 1 µs a second");
	quit(vt);
}

static void test_damage_is_told(void **state)
{
	(void)state;
	const char *path = record("damaged.lockstep", "bank-race --step --seed 7");
	FILE *file = fopen(path, "r+");

	assert_non_null(file);
	fseek(file, -4, SEEK_END);
	fputs("gone", file);
	fclose(file);
	struct vt *vt = replay(80, 24, path, NULL);
	assert_true(vt_wait_text(vt, "The recording is damaged. What could be read is shown.", VT_PATIENCE));
	expect(vt, "\x1b", "step 0 of 18");
	expect(vt, "G", "■ end of the recording");
	quit(vt);
}

/* ---- going on live ---- */

static void test_take_over(void **state)
{
	(void)state;
	struct vt *vt = replay_bank();

	expect(vt, ":step 4\r", "step 4 of 18");
	expect(vt, "O", "live from step 4 on");
	assert_true(vt_wait_text(vt, "▮▮ you choose  step 4 ", VT_PATIENCE));
	assert_true(vt_child(vt_program(vt), 1) > 0);
	expect(vt, "2", "step 5 ");
	expect(vt, "b", "step 4 ");
	expect(vt, "B", "recorded: balance 201  parted after step 4, 18 steps");
	expect(vt, "\r", "■ ended: lost update");
	quit(vt);
}

static void test_live_is_the_same(void **state)
{
	(void)state;
	struct vt *vt = replay(80, 24, record("same.lockstep", "bank-race --step --seed 7"), "--live");

	assert_true(vt_wait_text(vt, "equal to the recording: 18 steps, 26 events", VT_PATIENCE));
	assert_true(vt_shows(vt, "■ ended: lost update"));
	quit(vt);
}

/* Another program under the name of the recorded lesson, with what was said of that. */
static void test_live_differs(void **state)
{
	(void)state;
	char command[1024], lessons[128];
	const char *build = getenv("LOCKSTEP_BUILD"), *path = record("other.lockstep", "bank-race --step --seed 7");
	const char *const arguments[] = {program(), "replay", path, "--live", NULL};
	const char *const environment[] = {lessons, NULL};

	snprintf(command, sizeof(command),
	         "set -e; mkdir -p '%s/l/a'; cp -r '%s'/lessons/*/bank-race '%s/l/a'; cd '%s'/lessons/*/thread-race; cp lesson lesson.c '%s/l/a/bank-race'; touch '%s/l/a/bank-race/lesson.json'",
	         folder, build != NULL ? build : "build/release", folder, build != NULL ? build : "build/release", folder, folder);
	snprintf(lessons, sizeof(lessons), "LOCKSTEP_LESSONS=%s/l", folder);
	assert_int_equal(system(command), 0);
	struct vt *vt = vt_open(&(struct vt_options){.width = 80, .height = 24, .arguments = arguments, .environment = environment});
	assert_true(vt_wait_text(vt, "The run differs from the recording at step ", VT_PATIENCE));
	assert_true(vt_wait_text(vt, "recorded: MainProcess makes balance", VT_PATIENCE));
	assert_true(vt_wait_text(vt, "now: ", VT_PATIENCE));
	assert_true(vt_shows(vt, "◀ the past")); /* there, and not where the run has got to */
	vt_send(vt, "\x1b");
	quit_with(vt, 1);
}

/* ---- keeping ---- */

static struct vt *start_bank(const char *option, const char *value)
{
	const char *const words[] = {"run", "bank-race", "--step", "--seed", "7", option, value, NULL};
	struct vt *vt = start(80, 24, words);

	assert_true(vt_wait_text(vt, "▷ 1 start", VT_PATIENCE));
	return vt;
}

/* What `lockstep replay --text` prints of a file has these words (or not). */
static bool tells(const char *path, const char *words)
{
	char command[1024];

	snprintf(command, sizeof(command), "'%s' replay '%s' --text 2>&1 </dev/null | grep -q '%s'", program(), path, words);
	return system(command) == 0;
}

static void test_keep_by_key(void **state)
{
	(void)state;
	const char *path = in_folder("kept.lockstep");
	struct vt *vt = start_bank(NULL, NULL);

	expect(vt, "11", "step 2 ");
	expect(vt, "K", "keep the run in: bank-race-7.lockstep");
	vt_send(vt, "\x15"); /* ^U */
	vt_send(vt, path);
	expect(vt, "\r", "kept in ");
	assert_true(vt_shows(vt, "● rec"));
	assert_true(tells(path, "withdraw begins"));
	expect(vt, "2", "step 3 ");
	expect(vt, "K", "this run is kept in");
	expect(vt, "++++++++++", "as fast as it goes");
	expect(vt, " ", "■ ended");
	assert_true(vt_wait_gone(vt, "● rec", VT_PATIENCE));
	assert_true(tells(path, "^verdict: "));
	expect(vt, "b", "you choose"); /* the same recording, one step shorter */
	for (int i = 0; i < VT_PATIENCE / 10 && tells(path, "^verdict: "); i++)
		vt_pump(vt, 10);
	assert_false(tells(path, "^verdict: "));
	assert_true(tells(path, "withdraw begins"));
	expect(vt, "r", "step 0 ");
	quit(vt);
	assert_true(tells(path, "ends before the run did"));
	assert_true(tells(path, "withdraw begins"));
	vt = replay(80, 24, path, NULL);
	assert_true(vt_wait_text(vt, "step 0 of ", VT_PATIENCE));
	quit(vt);
}

static void test_record_every_run(void **state)
{
	(void)state;
	const char *path = in_folder("every.lockstep");
	struct vt *vt = start_bank("--record", path);

	expect(vt, "1", "step 1 ");
	expect(vt, "r", "step 0 ");
	expect(vt, "11b", "step 1 ");
	quit(vt);
	assert_true(tells(path, "MainProcess starts deposit"));
	assert_true(tells(in_folder("every-2.lockstep"), "MainProcess starts deposit"));
	assert_false(tells(in_folder("every-2.lockstep"), "MainProcess starts withdraw"));
	assert_int_not_equal(access(in_folder("every-3.lockstep"), F_OK), 0);
}

static void test_cannot_be_kept(void **state)
{
	(void)state;
	struct vt *vt = start_bank("--record", "/dev/full");

	assert_true(vt_wait_text(vt, "/dev/full is not recorded", VT_PATIENCE));
	assert_true(vt_shows(vt, "No space left on device; the run goes on"));
	expect(vt, "1", "step 1 ");
	assert_false(vt_shows(vt, "● rec"));
	quit(vt);
}

/* ---- */

/* Under the address sanitizer a lesson would print what it has not freed when it ends: addresses, another way each time. */
static int make_folder(void **state)
{
	(void)state;
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r '%s'", folder);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walk_and_play),
		cmocka_unit_test(test_go_to),
		cmocka_unit_test(test_search_for_numbers),
		cmocka_unit_test(test_what_needs_processes),
		cmocka_unit_test(test_shrinking),
		cmocka_unit_test(test_free_run),
		cmocka_unit_test(test_damage_is_told),
		cmocka_unit_test(test_take_over),
		cmocka_unit_test(test_live_is_the_same),
		cmocka_unit_test(test_live_differs),
		cmocka_unit_test(test_keep_by_key),
		cmocka_unit_test(test_record_every_run),
		cmocka_unit_test(test_cannot_be_kept),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
