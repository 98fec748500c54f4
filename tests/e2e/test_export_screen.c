/* SPDX-License-Identifier: MIT */
/*
 * A cast ends as the screen does: the replay of a recording at its end, with whoever moved last
 * selected, and what a terminal shows that was fed with its cast are the same, cell by cell.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/emulator.h"
#include "support/recorded.h"
#include "support/vt.h"

enum { WIDTH = 110, HEIGHT = 32 };

static const char *program(void)
{
	const char *path = getenv("LOCKSTEP");
	return path != NULL ? path : "build/release/lockstep";
}

static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void run(const char *format, ...)
{
	struct text command = TEXT_INIT;
	va_list arguments;

	text_printf(&command, "'%s' ", program());
	va_start(arguments, format);
	text_vprintf(&command, format, arguments);
	va_end(arguments);
	assert_int_equal(system(command.bytes), 0);
	text_release(&command);
}

static void feed(struct emulator *emulator, const char *path)
{
	struct text cast = TEXT_INIT;

	bed_take_file(&cast, path);
	for (char *line = strtok(cast.bytes, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		json_t *event = json_loads(line, 0, NULL);
		const char *code = json_string_value(json_array_get(event, 1)), *data = json_string_value(json_array_get(event, 2));

		if (json_is_array(event) && strcmp(code, "o") == 0)
			emulator_feed(emulator, data, strlen(data));
		json_decref(event);
	}
	text_release(&cast);
}

static void assert_same(struct emulator *emulator, struct vt *vt)
{
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < WIDTH; x++) {
			struct vt_cell got = emulator_cell(emulator, x, y), want = vt_cell(vt, x, y);
			want.glyph = want.glyph == 0 ? ' ' : want.glyph;
			bool bare = want.glyph == ' ' && !want.reverse && !want.underline;
			if (got.glyph != want.glyph || got.reverse != want.reverse || got.underline != want.underline ||
			    (!bare && (got.bold != want.bold || got.foreground != want.foreground))) {
				struct text text = TEXT_INIT;

				emulator_text(emulator, &text);
				fail_msg("column %d, row %d: the cast has U+%04X, colour %d; the screen U+%04X, colour %d\n%s---- the screen\n%s", x, y,
				         got.glyph, got.foreground, want.glyph, want.foreground, text.bytes, vt_text(vt));
			}
		}
}

static void compare(const char *words, const char *keys, const char *told)
{
	char folder[] = "/tmp/lockstep.XXXXXX", recording[64], cast[64];
	struct emulator *emulator = emulator_new(WIDTH, HEIGHT);

	assert_non_null(mkdtemp(folder));
	snprintf(recording, sizeof recording, "%s/run.lockstep", folder);
	snprintf(cast, sizeof cast, "%s/run.cast", folder);
	run("run %s --json --record %s >%s/out", words, recording, folder);
	run("export %s --format cast --size %dx%d", recording, WIDTH, HEIGHT);
	feed(emulator, cast);

	const char *arguments[] = {program(), "replay", recording, NULL};
	struct vt *vt = vt_open(&(struct vt_options){.width = WIDTH, .height = HEIGHT, .arguments = arguments});
	assert_true(vt_wait_text(vt, "left and right step", VT_PATIENCE));
	vt_send(vt, keys);
	assert_true(vt_wait_text(vt, told, VT_PATIENCE));
	vt_settle(vt, 100);
	assert_same(emulator, vt);
	vt_send(vt, "q");
	vt_close(vt);
	emulator_free(emulator);
	unlink(recording);
	unlink(cast);
	snprintf(cast, sizeof cast, "%s/out", folder);
	unlink(cast);
	assert_int_equal(rmdir(folder), 0);
}

static void stepped(void **state)
{
	(void)state;
	compare("bank-race --step --seed 3", "G", "ended: lost update");
}

static void deadlocked(void **state)
{
	(void)state;
	compare("deadlock --step --seed 3", "Gj", "deadlock");
}

static void free_run(void **state)
{
	(void)state;
	compare("bank-race --set lock=on --set rounds=3 --speed 100", "G", "ended: balance right");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stepped),
		cmocka_unit_test(deadlocked),
		cmocka_unit_test(free_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
