/* SPDX-License-Identifier: MIT */
/*
 * What a learner sees of each lesson: its opening, and one telling moment that the keys of the row
 * lead to. The lessons run in real processes under the gate; the screen is the real one, without a
 * terminal; what it would draw is compared with golden files (see support/golden.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frozen.h"
#include "lesson/supervisor.h"
#include "screen/internal.h"
#include "support/golden.h"

enum { SEED = 7, REST_SECONDS = 60 };

static const struct moment {
	const char *lesson;
	const char *name;     /* of its golden files */
	const char *settings; /* one NAME=VALUE; NULL: those the lesson is stepped with */
	const char *keys;
} moments[] = {
	{"bank-race", "opening", NULL, ""},
	{"bank-race", "lost-update", NULL, "1112323v"}, /* both read 200; 201, then 199 over it; the source beside it */
	{"bank-race", "locked", "lock=on", "111223"}, /* deposit between its read and its write; withdraw waits */
	{"thread-race", "opening", NULL, ""},
	{"thread-race", "brink", NULL, "111232v"}, /* t1 has written 1; t2, which read 0, is about to */
	{"barrier", "opening", NULL, ""},
	{"barrier", "two-wait", NULL, "11122211133311144"}, /* the third is about to come */
	{"ping-pong-pipe", "opening", NULL, ""},
	{"ping-pong-pipe", "ping", NULL, "1122"}, /* in the pipe, for the parent that waits */
	{"producer-consumer", "opening", NULL, ""},
	{"producer-consumer", "three-places", NULL, "1132222H3"}, /* buffer, pipe, and a consumer that waits; the feeder in a lane */
	{"pool-schedule", "opening", NULL, ""},
	{"pool-schedule", "anna-alone", NULL, "1f2f3f3f13f12f13f"},
	{"rng-fork", "opening", NULL, ""},
	{"rng-fork", "equal-draws", NULL, "1f223"}, /* by two workers */
	{"rng-seed", "opening", NULL, ""},
	{"rng-seed", "several-workers", NULL, "1f22334455"},
};

struct pictures {
	const struct moment *moment;
	FILE *drawn[GOLDEN_SIZES]; /* written by the front, read by the test */
};

/* ---- in the front: a child, where nothing may be asserted ---- */

/* As the screen's loop does, until nothing moves. */
static bool rest(struct screen *screen)
{
	struct session *session = &screen->session;
	uint64_t end = screen_now(screen) + REST_SECONDS * 1000 * MILLISECOND;

	while (session->run != NULL && (session->doing != DOING_NOTHING || run_state(session->run) == RUN_BUSY)) {
		session_work(screen, screen_now(screen));
		if (poll(&(struct pollfd){.fd = run_poll_fd(session->run), .events = POLLIN}, 1, 0) > 0)
			session_pump(screen);
		if (screen_now(screen) > end)
			return false;
	}
	return session->run != NULL;
}

static bool press(struct screen *screen, const char *keys)
{
	bool resting = rest(screen);

	for (; *keys != '\0' && resting; keys++) {
		uint32_t key = (unsigned char)*keys;
		text_reset(&screen->message);
		action_do(screen, keymap_find(key), key - '0');
		resting = rest(screen);
	}
	if (!resting)
		fprintf(stderr, "%s\n", screen->session.run != NULL ? "it does not come to rest" : screen->message.bytes);
	return resting;
}

/* The scene knows its size: what is selected or scrolled may depend on it. */
static void draw(struct screen *screen, struct golden_size size, FILE *out)
{
	struct frozen frozen;
	struct text drawn = TEXT_INIT;

	frozen_init(&frozen, picture_scene(screen));
	golden_draw(&drawn, &frozen.scene, size, false);
	fwrite(drawn.bytes, 1, drawn.length, out);
	fflush(out);
	text_release(&drawn);
	frozen_release(&frozen);
}

static bool open_moment(struct screen *screen, const struct catalog *catalog, const struct moment *moment)
{
	const struct catalog_lesson *lesson = catalog_find(catalog, moment->lesson);
	struct settings settings;
	struct text problem = TEXT_INIT;

	if (lesson == NULL)
		return false;
	settings_init(&settings, lesson, true);
	if (moment->settings != NULL && settings_set(&settings, moment->settings, &problem) != 0)
		fprintf(stderr, "%s\n", problem.bytes);
	session_open(screen, lesson, &settings, SEED, true);
	settings_release(&settings);
	text_release(&problem);
	return true;
}

static int front(int channel, void *context)
{
	struct pictures *pictures = context;
	struct catalog catalog;
	struct screen screen = {0};
	struct screen_options options = {.catalog = &catalog, .gated = true};

	catalog_load(&catalog);
	screen_init(&screen, &options, channel);
	canvas_init(&screen.canvas, GOLDEN_SIZE[0].width, GOLDEN_SIZE[0].height, false);
	bool there = open_moment(&screen, &catalog, pictures->moment) && press(&screen, pictures->moment->keys);
	for (int i = 0; there && i < GOLDEN_SIZES; i++)
		draw(&screen, GOLDEN_SIZE[i], pictures->drawn[i]);
	screen_release(&screen);
	catalog_release(&catalog);
	return there ? 0 : 1;
}

/* ---- in the test ---- */

static bool check_picture(const struct moment *moment, struct golden_size size, FILE *file)
{
	struct text drawn = TEXT_INIT, path = TEXT_INIT;
	char bytes[4096];
	size_t count;

	rewind(file);
	while ((count = fread(bytes, 1, sizeof bytes, file)) > 0)
		text_add_bytes(&drawn, bytes, count);
	text_printf(&path, "tests/e2e/golden/%s-%s-%dx%d.txt", moment->lesson, moment->name, size.width, size.height);
	bool equal = golden_same(path.bytes, &drawn);
	text_release(&drawn);
	text_release(&path);
	return equal;
}

static void test_moment(void **state)
{
	struct pictures pictures = {.moment = *state};
	unsigned int different = 0;

	for (int i = 0; i < GOLDEN_SIZES; i++)
		assert_non_null(pictures.drawn[i] = tmpfile());
	assert_int_equal(supervisor_run(front, &pictures, &(struct supervisor_hooks){0}), 0);
	for (int i = 0; i < GOLDEN_SIZES; i++) {
		different += !check_picture(pictures.moment, GOLDEN_SIZE[i], pictures.drawn[i]);
		fclose(pictures.drawn[i]);
	}
	assert_int_equal(different, 0);
}

int main(void)
{
	enum { COUNT = sizeof moments / sizeof moments[0] };
	struct CMUnitTest tests[COUNT];
	char names[COUNT][64];
	const char *build = getenv("LOCKSTEP_BUILD");
	char lessons[256];

	snprintf(lessons, sizeof lessons, "%s/lessons", build != NULL ? build : "build/release");
	setenv("LOCKSTEP_LESSONS", lessons, 1);
	for (size_t i = 0; i < COUNT; i++) {
		snprintf(names[i], sizeof names[i], "%s, %s", moments[i].lesson, moments[i].name);
		tests[i] = (struct CMUnitTest){
			.name = names[i], .test_func = test_moment, .initial_state = (void *)(uintptr_t)&moments[i]};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
