/* SPDX-License-Identifier: MIT */
/* Frames of cells as what a terminal is sent, and as a cast: a terminal that is fed with it shows the frames. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "export/ansi.h"
#include "export/cast.h"
#include "support/emulator.h"

enum { WIDTH = 37, HEIGHT = 9, FRAMES = 400 };

/* ---- frames ---- */

struct chance {
	uint64_t state;
};

static unsigned int chance(struct chance *chance, unsigned int below)
{
	chance->state = chance->state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned int)(chance->state >> 33) % below;
}

static const uint32_t GLYPHS[] = {' ', ' ', ' ', 'a', 'Z', '0', '~', 0xe9, 0x2502, 0x2500, 0x25b7, 0x2713, 0x29d7, 0x4e2d, 0xac00, 0x1f600, 0x301};

/* Runs of one style, blank stretches, wide characters also in the last column, marks. */
static void scribble(struct canvas *canvas, struct chance *dice)
{
	int x = (int)chance(dice, WIDTH), y = (int)chance(dice, HEIGHT), length = 1 + (int)chance(dice, WIDTH);
	unsigned int style = chance(dice, STYLE_COUNT) | (chance(dice, 4) == 0 ? STYLE_REVERSE : 0u) |
	                     (chance(dice, 4) == 0 ? STYLE_UNDERLINE : 0u);

	if (chance(dice, 3) == 0) {
		canvas_fill(canvas, (struct rect){x, y, length, 1}, ' ', STYLE_PLAIN);
		return;
	}
	while (length-- > 0)
		x = canvas_put(canvas, x, y, GLYPHS[chance(dice, sizeof GLYPHS / sizeof GLYPHS[0])], style);
}

static void assert_shows(struct emulator *emulator, const struct canvas *canvas)
{
	struct text why = TEXT_INIT;

	if (!emulator_shows(emulator, canvas, &why))
		fail_msg("%s", why.bytes);
	text_release(&why);
}

/* ---- what a terminal is sent ---- */

static void every_frame_arrives(void **state)
{
	struct chance dice = {20};
	struct canvas canvas;
	struct ansi ansi;
	struct text out = TEXT_INIT;
	struct emulator *emulator = emulator_new(WIDTH, HEIGHT);

	(void)state;
	canvas_init(&canvas, WIDTH, HEIGHT, false);
	ansi_init(&ansi, WIDTH, HEIGHT);
	ansi_begin(&ansi, &out);
	for (int i = 0; i < FRAMES; i++) {
		for (unsigned int n = 1 + chance(&dice, 6); n > 0; n--)
			scribble(&canvas, &dice);
		ansi_frame(&ansi, &out, &canvas);
		emulator_feed(emulator, out.bytes, out.length);
		text_reset(&out);
		assert_shows(emulator, &canvas);
		ansi_frame(&ansi, &out, &canvas);
		assert_int_equal(out.length, 0);
	}
	ansi_end(&ansi, &out);
	emulator_feed(emulator, out.bytes, out.length);
	assert_shows(emulator, &canvas);
	emulator_free(emulator);
	text_release(&out);
	ansi_release(&ansi);
	canvas_release(&canvas);
}

static const char *sent(struct ansi *ansi, struct text *out, const struct canvas *canvas)
{
	text_reset(out);
	ansi_frame(ansi, out, canvas);
	return out->bytes;
}

static void little_is_sent(void **state)
{
	struct canvas canvas;
	struct ansi ansi;
	struct text out = TEXT_INIT;

	(void)state;
	canvas_init(&canvas, 40, 4, false);
	ansi_init(&ansi, 40, 4);
	ansi_begin(&ansi, &out);
	assert_string_equal(sent(&ansi, &out, &canvas), "");

	canvas_text(&canvas, 0, 0, "plain", STYLE_PLAIN);
	assert_string_equal(sent(&ansi, &out, &canvas), "plain");
	canvas_text(&canvas, 6, 0, "dim", STYLE_DIM);
	assert_string_equal(sent(&ansi, &out, &canvas), " \033[38;5;245mdim"); /* the blank is bridged */
	canvas_text(&canvas, 9, 0, "gone", STYLE_EXITED);
	assert_string_equal(sent(&ansi, &out, &canvas), "gone"); /* looks as what stands before it */
	canvas_text(&canvas, 20, 0, "key", STYLE_KEY);
	assert_string_equal(sent(&ansi, &out, &canvas), "\033[7C\033[1;38;5;178mkey");
	canvas_text(&canvas, 0, 2, "end", STYLE_TITLE);
	assert_string_equal(sent(&ansi, &out, &canvas), "\033[3H\033[0;1mend");
	canvas_fill(&canvas, (struct rect){2, 0, 38, 1}, ' ', STYLE_PLAIN);
	assert_string_equal(sent(&ansi, &out, &canvas), "\033[m\033[1;3H\033[K");
	text_release(&out);
	ansi_release(&ansi);
	canvas_release(&canvas);
}

static void cut_at_the_edges(void **state)
{
	struct canvas canvas;
	struct ansi ansi;
	struct text out = TEXT_INIT;

	(void)state;
	canvas_init(&canvas, 20, 3, false);
	canvas_text(&canvas, 0, 0, "abc\xe4\xb8\xad" "def", STYLE_PLAIN); /* its wide character does not fit into four columns */
	canvas_text(&canvas, 0, 2, "below", STYLE_PLAIN);
	ansi_init(&ansi, 4, 2);
	ansi_begin(&ansi, &out);
	assert_string_equal(sent(&ansi, &out, &canvas), "abc");
	text_release(&out);
	ansi_release(&ansi);
	canvas_release(&canvas);
}

/* What should never have come so far does not get through either. */
static void no_control_gets_through(void **state)
{
	struct canvas canvas;
	struct ansi ansi;
	struct text out = TEXT_INIT;

	(void)state;
	canvas_init(&canvas, 4, 1, false);
	canvas.cells[0].glyph = 0x9b;
	canvas.cells[1].glyph = 0x1b;
	ansi_init(&ansi, 4, 1);
	assert_string_equal(sent(&ansi, &out, &canvas), "\033[1H\xef\xbf\xbd\033[1;2H\xef\xbf\xbd");
	text_release(&out);
	ansi_release(&ansi);
	canvas_release(&canvas);
}

/* ---- casts ---- */

static void write_sample(int version, struct text *out)
{
	struct canvas canvas;
	struct cast *cast = cast_new(&(struct cast_options){.version = version, .width = 20, .height = 2, .title = "a \"title\""}, out);

	canvas_init(&canvas, 20, 2, false);
	canvas_text(&canvas, 0, 0, "one", STYLE_PLAIN);
	cast_frame(cast, 0, &canvas);
	cast_frame(cast, 700000000, &canvas); /* nothing differs: not sent */
	cast_marker(cast, 1000000000, "lost update");
	canvas_text(&canvas, 0, 0, "two", STYLE_PLAIN);
	cast_frame(cast, 1500000000, &canvas);
	cast_frame(cast, 1400000000, &canvas);
	cast_end(cast, 4500000001);
	cast_free(cast);
	canvas_release(&canvas);
}

static void version_2(void **state)
{
	struct text out = TEXT_INIT;

	(void)state;
	write_sample(2, &out);
	assert_string_equal(out.bytes,
		"{\"version\":2,\"width\":20,\"height\":2,\"env\":{\"TERM\":\"xterm-256color\"},\"title\":\"a \\\"title\\\"\"}\n"
		"[0.0,\"o\",\"\\u001b[?25l\\u001b[m\\u001b[H\\u001b[2Jone\"]\n"
		"[1.0,\"m\",\"lost update\"]\n"
		"[1.5,\"o\",\"\\u001b[1Htwo\"]\n"
		"[4.500000001,\"o\",\"\\u001b[m\\u001b[2H\\u001b[?25h\"]\n");
	text_release(&out);
}

static void version_3(void **state)
{
	struct text out = TEXT_INIT;

	(void)state;
	write_sample(3, &out);
	assert_string_equal(out.bytes,
		"{\"version\":3,\"term\":{\"cols\":20,\"rows\":2,\"type\":\"xterm-256color\"},\"title\":\"a \\\"title\\\"\"}\n"
		"[0.0,\"o\",\"\\u001b[?25l\\u001b[m\\u001b[H\\u001b[2Jone\"]\n"
		"[1.0,\"m\",\"lost update\"]\n"
		"[0.5,\"o\",\"\\u001b[1Htwo\"]\n"
		"[3.000000001,\"o\",\"\\u001b[m\\u001b[2H\\u001b[?25h\"]\n");
	text_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_frame_arrives),
		cmocka_unit_test(little_is_sent),
		cmocka_unit_test(cut_at_the_edges),
		cmocka_unit_test(no_control_gets_through),
		cmocka_unit_test(version_2),
		cmocka_unit_test(version_3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
