/* SPDX-License-Identifier: MIT */
/* The screen as a person meets it: the real program on a terminal, keys in, what is shown out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/vt.h"

static const char *program(void)
{
	const char *path = getenv("LOCKSTEP");
	return path != NULL ? path : "build/release/lockstep";
}

static struct vt *start(int width, int height, const char *const *words)
{
	const char *arguments[16] = {program()};

	for (size_t i = 0; words[i] != NULL; i++)
		arguments[i + 1] = words[i];
	return vt_open(&(struct vt_options){.width = width, .height = height, .arguments = arguments});
}

static struct vt *start_menu(void)
{
	static const char *const nothing[] = {NULL};
	struct vt *vt = start(80, 24, nothing);

	assert_true(vt_wait_text(vt, "lessons", VT_PATIENCE));
	return vt;
}

static struct vt *start_bank(void)
{
	static const char *const words[] = {"run", "bank-race", "--step", "--seed", "7", NULL};
	struct vt *vt = start(80, 24, words);

	assert_true(vt_wait_text(vt, "▷ 1 start", VT_PATIENCE));
	return vt;
}

static void expect(struct vt *vt, const char *keys, const char *shown)
{
	vt_send(vt, keys);
	assert_true(vt_wait_text(vt, shown, VT_PATIENCE));
}

/* The number that stands before a name on the screen; a frame may arrive in pieces. */
static char key_of(struct vt *vt, const char *name)
{
	char label[64];

	for (int i = 0; i < VT_PATIENCE / 10; i++) {
		for (char key = '1'; key <= '9'; key++) {
			snprintf(label, sizeof(label), "%c %s ", key, name);
			if (vt_shows(vt, label))
				return key;
		}
		vt_pump(vt, 10);
	}
	fail_msg("no number stands before %s:\n%s", name, vt_text(vt));
	return 0;
}

/* Presses that number, and waits until it says the step. */
static void let_move(struct vt *vt, const char *name, unsigned int step)
{
	char shown[32];

	snprintf(shown, sizeof(shown), "step %u ", step);
	expect(vt, (char[]){key_of(vt, name), '\0'}, shown);
}

static void into_a_lost_update(struct vt *vt)
{
	let_move(vt, "MainProcess", 1);
	let_move(vt, "MainProcess", 2);
	let_move(vt, "deposit", 3);
	let_move(vt, "withdraw", 4);
	let_move(vt, "deposit", 5);
	let_move(vt, "withdraw", 6);
	assert_true(vt_wait_text(vt, "lost updates 1", VT_PATIENCE));
}

static void assert_terminal_restored(struct vt *vt)
{
	struct termios settings;

	vt_settle(vt, 50);
	vt_settings(vt, &settings);
	assert_memory_equal(&settings, vt_settings_before(vt), sizeof(settings));
	assert_false(vt_alternate(vt));
	assert_true(vt_cursor_visible(vt));
	assert_false(vt_mouse(vt));
}

static void quit(struct vt *vt)
{
	int status;

	vt_send(vt, "q");
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(vt_wait_left(vt, 0, 1000));
	assert_terminal_restored(vt);
	vt_close(vt);
}

/* ---- the heart ---- */

static void test_lost_update_by_hand(void **state)
{
	(void)state;
	struct vt *vt = start_menu();

	expect(vt, "/bank", "/bank");
	expect(vt, "\r", "before you run it");
	expect(vt, "\x1b", "▷ 1 start");
	into_a_lost_update(vt);
	assert_true(vt_wait_text(vt, "200→201→199", VT_PATIENCE));
	quit(vt);
}

static void test_back_and_another_future(void **state)
{
	(void)state;
	struct vt *vt = start_bank();

	into_a_lost_update(vt);
	expect(vt, "b", "lost updates 0");
	assert_true(vt_wait_text(vt, "step 5 ", VT_PATIENCE));

	/* Looking does not run anything; the present is one key away. */
	expect(vt, "\033OD\033OD", "step 3 of 5");
	expect(vt, "G", "step 5 ");
	assert_true(vt_wait_gone(vt, "step 3 of 5", VT_PATIENCE));

	/* In the past, the other one first: another future, the old one kept. */
	expect(vt, "\033OD\033OD", "step 3 of 5");
	let_move(vt, "deposit", 4);
	assert_true(vt_wait_text(vt, "200→201", VT_PATIENCE));
	expect(vt, "B", "parted after step 3");
	expect(vt, "\r", "lost updates 1");
	assert_true(vt_wait_text(vt, "step 6 ", VT_PATIENCE));
	quit(vt);
}

static void test_says_why_it_does_not_move(void **state)
{
	(void)state;
	struct vt *vt = start_bank();

	let_move(vt, "MainProcess", 1);
	let_move(vt, "MainProcess", 2);
	expect(vt, "s", "joins deposit");
	expect(vt, "s", "MainProcess: wait");
	assert_true(vt_wait_text(vt, "press 2 or 3", VT_PATIENCE));
	expect(vt, "9", "there are only 1 to 3 so far");
	quit(vt);
}

/* From the tenth on the number is typed. */
static void test_numbers_of_two_digits(void **state)
{
	static const char *const words[] = {"run", "console-lock", "--step", "--seed", "7", "--set", "processes=11", NULL};
	struct vt *vt = start(120, 40, words);

	(void)state;
	for (unsigned int step = 1; step <= 11; step++)
		let_move(vt, "MainProcess", step);
	expect(vt, "0", "let that one move: ");
	expect(vt, "12\r", "▸12 voice 10");
	assert_true(vt_wait_text(vt, "voice 10 prints: hello.", VT_PATIENCE));
	expect(vt, "0", "let that one move: ");
	expect(vt, "77\r", "there are only 1 to 12 so far");
	for (char lane = '2'; lane <= '9'; lane++) {
		char ended[32];
		snprintf(ended, sizeof(ended), "step %d ", 12 + 4 * (lane - '1'));
		expect(vt, (char[]){lane, 'f', '\0'}, ended);
	}
	expect(vt, "1f", "joins voice 8");
	expect(vt, "s", "press 0, then 10, 11 or 12");
	quit(vt);
}

static void test_runs_by_itself(void **state)
{
	(void)state;
	struct vt *vt = start_bank();

	expect(vt, "++++++++++", "as fast as it goes");
	expect(vt, " ", "■ ended");
	expect(vt, "s", "the run has ended");
	expect(vt, "b", "you choose");
	expect(vt, "r", "step 0 ");
	expect(vt, "f", "joins deposit"); /* main goes on until it waits */
	quit(vt);
}

static void test_same_seed_same_run(void **state)
{
	(void)state;
	char *first = NULL;

	for (int round = 0; round < 2; round++) {
		struct vt *vt = start_bank();
		int x, y;
		expect(vt, "++++++++++", "as fast as it goes");
		expect(vt, " ", "■ ended");
		vt_settle(vt, 100);
		assert_true(vt_find(vt, "balance ", &x, &y));
		const char *line = strstr(vt_text(vt), "balance ");
		char *values = strndup(line, strcspn(line, "│\n"));
		if (first == NULL)
			first = values;
		else
			assert_string_equal(values, first);
		if (values != first)
			free(values);
		quit(vt);
	}
	free(first);
}

/* ---- parameters, many runs, search, mouse ---- */

static void test_parameters(void **state)
{
	(void)state;
	struct vt *vt = start_bank();

	let_move(vt, "MainProcess", 1);
	expect(vt, "p", "hold a lock");
	expect(vt, "l", "on");
	expect(vt, "\r", "lock=on");
	assert_true(vt_wait_text(vt, "step 0 ", VT_PATIENCE));
	expect(vt, "L", "lock=off");
	expect(vt, "pj12", "12");
	expect(vt, "\r", "rounds=12");
	quit(vt);
}

static void test_twenty_runs(void **state)
{
	(void)state;
	struct vt *vt = start_bank();

	expect(vt, "L", "lock=on");
	expect(vt, "T", " of 20 runs");
	assert_true(vt_wait_text(vt, "20 of 20 runs", 60000));
	assert_true(vt_wait_text(vt, "balance 200", VT_PATIENCE));
	expect(vt, "\033", "you choose");
	quit(vt);
}

static void test_search(void **state)
{
	(void)state;
	struct vt *vt = start_bank();

	into_a_lost_update(vt);
	expect(vt, "g/value.WRITE", "match 1 of 2");
	expect(vt, "\rn", "match 2 of 2");
	expect(vt, "N", "match 1 of 2");
	expect(vt, "/nowhere", "no match for");
	vt_send(vt, "\033");
	quit(vt);
}

static void test_mouse(void **state)
{
	(void)state;
	struct vt *vt = start_bank();
	int x, y;

	let_move(vt, "MainProcess", 1);
	let_move(vt, "MainProcess", 2);
	assert_int_equal(key_of(vt, "withdraw"), '3');
	assert_true(vt_find(vt, "3 withdraw", &x, &y));
	vt_click(vt, x, y);
	assert_true(vt_wait_text(vt, "▸3 withdraw", VT_PATIENCE));
	vt_click(vt, x, y);
	assert_true(vt_wait_text(vt, "step 3 ", VT_PATIENCE));
	quit(vt);
}

static void test_free_run(void **state)
{
	(void)state;
	static const char *const words[] = {"run", "bank-race", "--speed", "1", "--set", "rounds=1000", NULL};
	struct vt *vt = start(80, 24, words);

	assert_true(vt_wait_text(vt, "free", VT_PATIENCE));
	expect(vt, " ", "paused");
	vt_settle(vt, 500);
	uint64_t bytes = vt_bytes(vt);
	vt_settle(vt, 300);
	assert_int_equal(vt_bytes(vt), bytes);
	expect(vt, "F", "you choose");
	quit(vt);
}

/* ---- the terminal ---- */

static void test_sizes(void **state)
{
	(void)state;
	struct vt *vt = start_bank();

	let_move(vt, "MainProcess", 1);
	vt_resize(vt, 120, 40);
	assert_true(vt_wait_text(vt, "seed 7", VT_PATIENCE));
	vt_resize(vt, 50, 12);
	assert_true(vt_wait_gone(vt, "deposit", VT_PATIENCE));
	assert_true(vt_wait_text(vt, "60", VT_PATIENCE));
	vt_settle(vt, 50);
	uint64_t bytes = vt_bytes(vt);
	vt_send(vt, "2\014"); /* who cannot be seen is not moved; drawn anew, we know that it was read */
	while (vt_bytes(vt) == bytes)
		assert_true(vt_pump(vt, VT_PATIENCE));
	vt_resize(vt, 80, 24);
	assert_true(vt_wait_text(vt, "step 1 ", VT_PATIENCE));
	let_move(vt, "deposit", 2);
	vt_resize(vt, 40, 8);
	assert_true(vt_wait_gone(vt, "deposit", VT_PATIENCE));
	quit(vt);
}

static void test_idle_is_silent(void **state)
{
	(void)state;
	struct vt *vt = start_bank();

	into_a_lost_update(vt);
	vt_settle(vt, 300);
	uint64_t bytes = vt_bytes(vt);
	vt_settle(vt, 1000);
	assert_int_equal(vt_bytes(vt), bytes);
	quit(vt);
}

static void test_suspend_and_continue(void **state)
{
	(void)state;
	struct vt *vt = start_bank();
	int status;

	let_move(vt, "MainProcess", 1);
	let_move(vt, "deposit", 2);
	vt_send(vt, "\032");
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFSTOPPED(status));
	assert_terminal_restored(vt);
	vt_resize(vt, 100, 30);
	vt_continue(vt);
	assert_true(vt_wait_text(vt, "step 2 ", VT_PATIENCE));
	assert_true(vt_alternate(vt));
	vt_settle(vt, 200);
	assert_true(vt_shows(vt, "step 2 ")); /* nobody has moved meanwhile */
	let_move(vt, "deposit", 3);
	quit(vt);
}

static char state_of(pid_t pid)
{
	char path[64], line[512] = "";
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "r");
	if (file == NULL)
		return '?';
	const char *got = fgets(line, sizeof(line), file);
	fclose(file);
	const char *end = got != NULL ? strrchr(line, ')') : NULL;
	return end != NULL ? end[2] : '?';
}

static void wait_for_state(struct vt *vt, pid_t pid, bool stopped)
{
	for (int i = 0; i < VT_PATIENCE / 10 && (state_of(pid) == 'T') != stopped; i++)
		vt_pump(vt, 10);
	assert_true((state_of(pid) == 'T') == stopped);
}

static void test_free_run_stands_still_while_suspended(void **state)
{
	(void)state;
	static const char *const words[] = {"run", "bank-race", "--speed", "1", "--set", "rounds=1000", NULL};
	struct vt *vt = start(80, 24, words);
	int status;

	assert_true(vt_wait_text(vt, "2 deposit", VT_PATIENCE));
	pid_t lesson = vt_child(vt_program(vt), 1);
	pid_t worker = vt_child(lesson, 0);
	assert_true(lesson > 0 && worker > 0);
	vt_send(vt, "\032");
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFSTOPPED(status));
	wait_for_state(vt, lesson, true);
	wait_for_state(vt, worker, true);
	vt_continue(vt);
	wait_for_state(vt, lesson, false);
	wait_for_state(vt, worker, false);
	assert_true(vt_wait_text(vt, "free, speed", VT_PATIENCE));
	quit(vt);
}

/* ---- signals ---- */

static void end_by_signal(int number, int target)
{
	struct vt *vt = start_bank();
	int status;

	let_move(vt, "MainProcess", 1);
	let_move(vt, "MainProcess", 2);
	pid_t screen = vt_child(vt_program(vt), 0);
	assert_true(screen > 0);
	assert_int_equal(kill(target == 0 ? screen : vt_program(vt), number), 0);
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	if (target == 0) {
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 128 + number);
	}
	assert_true(vt_wait_left(vt, 0, 1000));
	assert_terminal_restored(vt);
	vt_close(vt);
}

static void test_signals_to_the_screen(void **state)
{
	(void)state;
	static const int numbers[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGKILL};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		end_by_signal(numbers[i], 0);
}

static void test_signals_to_the_supervisor(void **state)
{
	(void)state;
	end_by_signal(SIGKILL, 1);
	end_by_signal(SIGTERM, 1);
}

/* Told to go when the shell has the terminal again, the screen is not stopped, and leaves the shell's settings alone. */
static void test_a_shell_is_not_disturbed(void **state)
{
	(void)state;
	struct vt *vt = start_bank();
	struct termios shells_own = *vt_settings_before(vt), settings;
	int status;

	shells_own.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	shells_own.c_cc[VMIN] = 7;
	pid_t screen = vt_child(vt_program(vt), 0);
	vt_take_terminal(vt, &shells_own);
	assert_int_equal(kill(screen, SIGTERM), 0);
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(vt_wait_left(vt, 0, 1000));
	vt_settle(vt, 50);
	vt_settings(vt, &settings);
	assert_memory_equal(&settings, &shells_own, sizeof(settings));
	assert_false(vt_alternate(vt));
	assert_true(vt_cursor_visible(vt));
	vt_close(vt);
}

static void test_control_c_quits(void **state)
{
	(void)state;
	struct vt *vt = start_bank();
	int status;

	vt_send(vt, "/some\003"); /* even while something is being typed */
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFEXITED(status));
	assert_true(vt_wait_left(vt, 0, 1000));
	assert_terminal_restored(vt);
	vt_close(vt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lost_update_by_hand),
		cmocka_unit_test(test_back_and_another_future),
		cmocka_unit_test(test_says_why_it_does_not_move),
		cmocka_unit_test(test_numbers_of_two_digits),
		cmocka_unit_test(test_runs_by_itself),
		cmocka_unit_test(test_same_seed_same_run),
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_twenty_runs),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_mouse),
		cmocka_unit_test(test_free_run),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_idle_is_silent),
		cmocka_unit_test(test_suspend_and_continue),
		cmocka_unit_test(test_free_run_stands_still_while_suspended),
		cmocka_unit_test(test_signals_to_the_screen),
		cmocka_unit_test(test_signals_to_the_supervisor),
		cmocka_unit_test(test_a_shell_is_not_disturbed),
		cmocka_unit_test(test_control_c_quits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
