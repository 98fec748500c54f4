/* SPDX-License-Identifier: MIT */
/*
 * The terminal alone, without a screen on top: this program, called with "draw", shows a hand-made
 * canvas and names each key that it reads; called without, it is the test that watches it do so.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/vt.h"
#include "term/rescue.h"
#include "term/term.h"

/* ---- the program that is watched ---- */

/* Painted without view/, so that this test stands on term/ alone. */
static void put(struct canvas *canvas, int x, int y, const char *text, unsigned int style)
{
	for (; *text != '\0' && x < canvas->width && y < canvas->height; text++, x++)
		canvas->cells[y * canvas->width + x] =
			(struct cell){.glyph = (unsigned char)*text, .style = (uint8_t)style};
}

static void paint(struct canvas *canvas, const struct term *term, const char *last)
{
	char line[128];

	term_size(term, &canvas->width, &canvas->height);
	canvas->cells = realloc(canvas->cells, (size_t)(canvas->width * canvas->height) * sizeof(struct cell));
	for (int i = 0; i < canvas->width * canvas->height; i++)
		canvas->cells[i] = (struct cell){.glyph = ' '};
	snprintf(line, sizeof(line), "size %dx%d", canvas->width, canvas->height);
	put(canvas, 0, 0, line, STYLE_PLAIN);
	put(canvas, 0, 1, "lost", STYLE_LOST);
	put(canvas, 6, 1, "good", STYLE_GOOD);
	put(canvas, 12, 1, "back", STYLE_PLAIN | STYLE_REVERSE);
	put(canvas, 0, 2, last, STYLE_PLAIN);
	canvas->cells[3 * canvas->width] = (struct cell){.glyph = 0x4e16}; /* wide: 世 */
	canvas->cells[3 * canvas->width + 1] = (struct cell){.glyph = 0};
	canvas->cells[3 * canvas->width + 2] = (struct cell){.glyph = 'e', .mark = 0x301};
	canvas->cells[3 * canvas->width + 3] = (struct cell){.glyph = 0x1b}; /* must not reach the terminal */
	canvas->cells[3 * canvas->width + 4] = (struct cell){.glyph = '|'};
}

static void on_fault(int number)
{
	rescue_now();
	signal(number, SIG_DFL);
	raise(number);
}

static void take_sizes(int number)
{
	(void)number; /* only to interrupt poll() */
}

static bool obey(struct term *term, const struct term_input *input, char *last, size_t size)
{
	if (input->key == 'q')
		return false;
	if (input->key == 'a')
		abort();
	if (input->key == 'z') {
		term_suspend(term);
		raise(SIGSTOP);
		term_resume(term);
	}
	if (input->key == 'L')
		term_redraw(term);
	snprintf(last, size, "key %x at %d,%d ", (unsigned int)input->key, input->x, input->y);
	return true;
}

static int draw(bool ascii)
{
	struct text problem = TEXT_INIT;
	struct canvas canvas = {0};
	char last[64] = "no key ";
	bool going = true;
	sigset_t sizes, sizes_wake;

	rescue_capture();
	signal(SIGABRT, on_fault);
	sigemptyset(&sizes);
	sigaddset(&sizes, SIGWINCH);
	sigprocmask(SIG_BLOCK, &sizes, &sizes_wake);
	sigaction(SIGWINCH, &(struct sigaction){.sa_handler = take_sizes}, NULL);
	struct term *term = term_open(&(struct term_options){.ascii = ascii, .color = true}, &problem);
	if (term == NULL) {
		text_release(&problem);
		return 70;
	}
	while (going) {
		term_resize(term);
		paint(&canvas, term, last);
		term_present(term, &canvas);

		struct pollfd in = {.fd = term_input_fd(term), .events = POLLIN};
		struct term_input input;
		ppoll(&in, 1, NULL, &sizes_wake); /* a new size arrives here and nowhere else: none is missed */
		if (in.revents & (POLLHUP | POLLERR | POLLNVAL))
			break; /* the terminal is gone */
		while (going && term_read(term, &input))
			going = obey(term, &input, last, sizeof(last));
	}
	term_close(term);
	return 0;
}

/* ---- the tests ---- */

static char self[4096];

static struct vt *open_with(const char *name, const char *const *environment)
{
	const char *arguments[] = {self, "draw", NULL};
	struct vt *vt = vt_open(&(struct vt_options){
		.width = 80, .height = 24, .arguments = arguments, .environment = environment, .term = name});
	assert_true(vt_wait_text(vt, "no key", VT_PATIENCE));
	return vt;
}

static void assert_restored(struct vt *vt)
{
	struct termios settings;

	vt_settle(vt, 100);
	vt_settings(vt, &settings);
	assert_memory_equal(&settings, vt_settings_before(vt), sizeof(settings));
	assert_false(vt_alternate(vt));
	assert_true(vt_cursor_visible(vt));
	assert_false(vt_mouse(vt));
}

static void test_draws_and_quits(void **state)
{
	(void)state;
	struct vt *vt = open_with(NULL, NULL);
	int status;

	assert_true(vt_alternate(vt));
	assert_false(vt_cursor_visible(vt));
	assert_true(vt_mouse(vt));
	assert_true(vt_shows(vt, "size 80x24"));
	assert_true(vt_wait_text(vt, "世e?|", VT_PATIENCE)); /* the mark is in the cell of the e; the control became a stand-in */
	assert_int_equal(vt_cell(vt, 0, 1).foreground, 166);
	assert_true(vt_cell(vt, 0, 1).bold);
	assert_int_equal(vt_cell(vt, 6, 1).foreground, 36);
	assert_true(vt_cell(vt, 12, 1).reverse);
	vt_send(vt, "q");
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_restored(vt);
	vt_close(vt);
}

static void expect_key(struct vt *vt, const char *bytes, const char *shown)
{
	vt_send(vt, bytes);
	assert_true(vt_wait_text(vt, shown, VT_PATIENCE));
}

static void test_keys(void **state)
{
	(void)state;
	struct vt *vt = open_with(NULL, NULL);

	expect_key(vt, "x", "key 78 ");
	expect_key(vt, "é", "key e9 ");
	expect_key(vt, "\r", "key d ");
	expect_key(vt, "\033", "key 1b ");
	expect_key(vt, "\003", "key 3 ");
	expect_key(vt, "\177", "key 110008 ");
	expect_key(vt, "\033OA", "key 110000 ");
	expect_key(vt, "\033OD", "key 110002 ");
	expect_key(vt, "\033[5~", "key 110004 ");
	expect_key(vt, "\033[<0;12;7M\033[<0;12;7m", "key 11000b at 11,6");
	expect_key(vt, "\033[<0;2;3M\033[<0;2;3m", "key 11000b at 1,2");
	expect_key(vt, "\033[<64;3;4M", "key 11000c at 2,3");
	expect_key(vt, "\033[<65;3;4M", "key 11000d at 2,3");
	vt_close(vt);
}

static void test_same_canvas_sends_nothing(void **state)
{
	(void)state;
	struct vt *vt = open_with(NULL, NULL);

	expect_key(vt, "x", "key 78 ");
	vt_settle(vt, 100);
	uint64_t before = vt_bytes(vt);
	vt_send(vt, "x"); /* the same picture again */
	vt_settle(vt, 200);
	assert_int_equal(vt_bytes(vt), before);

	/* One cell: a move of the cursor and a letter, not a line. */
	expect_key(vt, "y", "key 79 ");
	vt_settle(vt, 100);
	assert_in_range(vt_bytes(vt) - before, 1, 24);
	vt_close(vt);
}

static void test_resize(void **state)
{
	(void)state;
	struct vt *vt = open_with(NULL, NULL);

	vt_resize(vt, 120, 40);
	assert_true(vt_wait_text(vt, "size 120x40", VT_PATIENCE));
	vt_resize(vt, 40, 10);
	assert_true(vt_wait_text(vt, "size 40x10", VT_PATIENCE));
	vt_close(vt);
}

static void test_suspend(void **state)
{
	(void)state;
	struct vt *vt = open_with(NULL, NULL);
	int status;

	vt_send(vt, "z");
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFSTOPPED(status));
	assert_restored(vt);
	vt_resize(vt, 100, 30);
	vt_continue(vt);
	assert_true(vt_wait_text(vt, "size 100x30", VT_PATIENCE));
	assert_true(vt_wait_text(vt, "key 7a", VT_PATIENCE));
	assert_true(vt_alternate(vt));
	assert_true(vt_mouse(vt));
	expect_key(vt, "x", "key 78 ");
	vt_send(vt, "q");
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_restored(vt);
	vt_close(vt);
}

static void test_rescue_in_a_handler(void **state)
{
	(void)state;
	struct vt *vt = open_with(NULL, NULL);
	int status;

	vt_send(vt, "a");
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	assert_restored(vt);
	vt_close(vt);
}

static void test_colors(void **state)
{
	(void)state;
	static const char *const no_color[] = {"NO_COLOR=1", NULL};

	struct vt *vt = open_with(NULL, no_color);
	assert_int_equal(vt_cell(vt, 0, 1).foreground, -1);
	assert_true(vt_cell(vt, 0, 1).bold && vt_cell(vt, 0, 1).reverse);
	vt_close(vt);

	vt = open_with("xterm", NULL);
	assert_int_equal(vt_cell(vt, 0, 1).foreground, 1);
	assert_int_equal(vt_cell(vt, 6, 1).foreground, 2);
	vt_close(vt);

	vt = open_with("vt100", NULL);
	assert_int_equal(vt_cell(vt, 0, 1).foreground, -1);
	vt_close(vt);
}

static void test_no_terminal(void **state)
{
	(void)state;
	const char *arguments[] = {self, "draw", NULL};
	struct vt *vt = vt_open(&(struct vt_options){.width = 80, .height = 24, .arguments = arguments, .term = "dumb"});
	int status;

	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 70);
	assert_int_equal(vt_bytes(vt), 0);
	vt_close(vt);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return draw(argc > 2 && strcmp(argv[2], "ascii") == 0);

	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (length < 0)
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_draws_and_quits),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_same_canvas_sends_nothing),
		cmocka_unit_test(test_resize),
		cmocka_unit_test(test_suspend),
		cmocka_unit_test(test_rescue_in_a_handler),
		cmocka_unit_test(test_colors),
		cmocka_unit_test(test_no_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
