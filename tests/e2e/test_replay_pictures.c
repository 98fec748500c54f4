/* SPDX-License-Identifier: MIT */
/*
 * What a recording looks like: at its beginning, in the middle and at its end, stepped and at three
 * sizes. The run is recorded by the real program; the screen is the real one, without a terminal; PIDs are
 * replaced (see frozen.h), and all else is the same each time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "frozen.h"
#include "screen/internal.h"
#include "support/golden.h"

static const struct moment {
	const char *lesson, *name;
	const char *place; /* as it is typed */
} moments[] = {
	{"bank-race", "replay-beginning", "step 0"},
	{"bank-race", "replay-middle", "step 9"},
	{"bank-race", "replay-end", "100%"},
	{"producer-consumer", "replay-middle", "50%"},
};

static char folder[] = "/tmp/lockstep-replay-XXXXXX";

static const char *path_of(const struct moment *moment)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s.lockstep", folder, moment->lesson);
	return path;
}

static struct recording *record(const struct moment *moment)
{
	const char *program = getenv("LOCKSTEP");
	char command[512];
	struct text problem = TEXT_INIT;

	snprintf(command, sizeof(command), "'%s' run %s --step --seed 7 --text --record '%s' >'%s.txt'",
	         program != NULL ? program : "build/release/lockstep", moment->lesson, path_of(moment), path_of(moment));
	assert_int_equal(system(command), 0);
	struct recording *recording = recording_open(path_of(moment), &problem);
	assert_non_null(recording);
	return recording;
}

static void check_picture(struct screen *screen, const struct moment *moment, struct golden_size size)
{
	struct frozen frozen;
	struct text drawn = TEXT_INIT, path = TEXT_INIT;

	frozen_init(&frozen, picture_scene(screen));
	golden_draw(&drawn, &frozen.scene, size, false);
	text_printf(&path, "tests/e2e/golden/%s-%s-%dx%d.txt", moment->lesson, moment->name, size.width, size.height);
	assert_true(golden_same(path.bytes, &drawn));
	text_release(&drawn);
	text_release(&path);
	frozen_release(&frozen);
}

static void test_moment(void **state)
{
	const struct moment *moment = *state;
	struct recording *recording = record(moment);
	struct catalog nothing = {0};
	struct screen screen = {0};
	struct screen_options options = {.catalog = &nothing, .recording = recording, .no_quiz = true};

	screen_init(&screen, &options, -1);
	canvas_init(&screen.canvas, GOLDEN_SIZE[0].width, GOLDEN_SIZE[0].height, false);
	replay_open(&screen, recording);
	while (!screen.session.playback.loaded)
		screen_work(&screen);
	text_reset(&screen.message);
	goto_accept(&screen, moment->place);
	assert_string_equal(screen.message.bytes, "");
	for (int i = 0; i < GOLDEN_SIZES; i++)
		check_picture(&screen, moment, GOLDEN_SIZE[i]);
	screen_release(&screen);
	recording_close(recording);
}

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
	enum { COUNT = sizeof moments / sizeof moments[0] };
	struct CMUnitTest tests[COUNT];
	char names[COUNT][64];

	for (size_t i = 0; i < COUNT; i++) {
		snprintf(names[i], sizeof names[i], "%s, %s", moments[i].lesson, moments[i].name);
		tests[i] = (struct CMUnitTest){
			.name = names[i], .test_func = test_moment, .initial_state = (void *)(uintptr_t)&moments[i]};
	}
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
