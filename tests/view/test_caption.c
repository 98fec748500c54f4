/* SPDX-License-Identifier: MIT */
/* What is said to those who watch: captions, keys, the layout for the stage. A caption covers nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cast.h"
#include "lesson/tour.h"
#include "support/golden.h"
#include "view/caption.h"
#include "view/layout.h"

static const struct cast *part_named(const char *name)
{
	const struct cast *part = cast;

	while (part->name != NULL && strcmp(part->name, name) != 0)
		part++;
	assert_non_null(part->name);
	return part;
}

/* ---- golden files ---- */

static const struct look {
	const char *name;
	const char *words, *keys, *note;
	bool stage;
	int side;
} LOOKS[] = {
	{"caption", "withdraw still holds 200. If it writes 199 now, the deposit is gone. Nobody will be told.", "2 ×3", "4/11",
	 false, SIDE_SOURCE},
	{"stage", "withdraw still holds 200.", "3", "paused", true, SIDE_TEXT},
	{"stage-source", "withdraw still holds 200.", NULL, "5/11", true, SIDE_SOURCE},
	{"stage-keys", NULL, "space", NULL, true, SIDE_TEXT},
	{"keys", NULL, "f", NULL, false, SIDE_SOURCE},
};

static void set_look(struct scene *scene, const struct look *look)
{
	scene->stage = look->stage;
	scene->ui.side = look->side;
	scene->caption = (struct scene_caption){
		.shown = look->words != NULL, .words = look->words, .keys = look->keys, .note = look->note};
}

static bool check_look(const struct look *look, struct golden_size size)
{
	struct story story;
	struct text drawn = TEXT_INIT, path = TEXT_INIT;

	story_begin(&story, true);
	part_named("bank-brink")->tell(&story);
	set_look(&story.scene, look);
	golden_draw(&drawn, &story.scene, size, false);
	story_end(&story);
	text_printf(&path, "tests/view/golden/audience-%s-%dx%d.txt", look->name, size.width, size.height);
	bool equal = golden_same(path.bytes, &drawn);
	text_release(&drawn);
	text_release(&path);
	return equal;
}

static void test_golden_looks(void **state)
{
	unsigned int different = 0;

	(void)state;
	for (size_t i = 0; i < sizeof LOOKS / sizeof LOOKS[0]; i++)
		for (int size = 0; size < GOLDEN_SIZES; size++)
			different += !check_look(&LOOKS[i], GOLDEN_SIZE[size]);
	assert_int_equal(different, 0);
}

/* What a terminal without Unicode shows has a stand-in for each sign; '?' is for what nobody thought of. */
static void test_ascii_has_no_gaps(void **state)
{
	struct text drawn = TEXT_INIT;
	struct story story;

	(void)state;
	story_begin(&story, true);
	part_named("bank-brink")->tell(&story);
	set_look(&story.scene, &LOOKS[0]);
	golden_draw(&drawn, &story.scene, (struct golden_size){80, 24}, true);
	assert_non_null(strstr(drawn.bytes, "| withdraw still holds 200."));
	assert_null(strchr(drawn.bytes, '?'));
	text_release(&drawn);
	story_end(&story);
}

/* ---- what holds for every picture ---- */

static const struct golden_size SIZES[] = {{60, 20}, {80, 24}, {100, 30}, {120, 40}, {200, 60}};

enum { SIZE_COUNT = sizeof SIZES / sizeof SIZES[0] };

static bool apart(struct rect a, struct rect b)
{
	return a.height <= 0 || a.y + a.height <= b.y || b.y + b.height <= a.y || a.x + a.width <= b.x || b.x + b.width <= a.x;
}

static bool is_same_row(const struct canvas *a, const struct canvas *b, int y)
{
	for (int x = 0; x < a->width; x++)
		if (memcmp(canvas_at(a, x, y), canvas_at(b, x, y), sizeof(struct cell)) != 0)
			return false;
	return true;
}

/* With words or without: outside of its strip the picture is the same. */
static void check_covers_nothing(struct scene *scene, struct golden_size size)
{
	struct canvas without, with;
	struct layout layout;

	canvas_init(&without, size.width, size.height, false);
	canvas_init(&with, size.width, size.height, false);
	scene->caption = (struct scene_caption){.shown = true};
	scene_draw(&without, scene);
	scene->caption.words = "These are words that take more than a single line, wherever they are shown: that many.";
	scene->caption.keys = "space";
	scene->caption.note = "7/11";
	scene_draw(&with, scene);
	layout_compute(&layout, scene, size.width, size.height);
	assert_true(layout.caption.height >= 2);
	for (int id = 0; id < PANE_COUNT; id++)
		assert_true(apart(layout.pane[id], layout.caption));
	if (scene->ui.overlay != OVERLAY_NONE)
		assert_true(apart(layout_overlay(scene, size.width, size.height), layout.caption));
	for (int y = 0; y < size.height; y++)
		if (y < layout.caption.y || y >= layout.caption.y + layout.caption.height)
			assert_true(is_same_row(&without, &with, y));
	canvas_release(&without);
	canvas_release(&with);
}

static void test_caption_covers_nothing(void **state)
{
	(void)state;
	for (const struct cast *part = cast; part->name != NULL; part++)
		for (int i = 0; i < SIZE_COUNT * 2; i++) {
			struct story story;
			story_begin(&story, part->gated);
			part->tell(&story);
			story.scene.stage = i >= SIZE_COUNT;
			if (story.scene.ui.room == ROOM_RUN)
				check_covers_nothing(&story.scene, SIZES[i % SIZE_COUNT]);
			story_end(&story);
		}
}

/* The frames of the stage stay on the screen and beside each other, as few lines as there may be. */
static void test_stage_fits(void **state)
{
	(void)state;
	for (const struct cast *part = cast; part->name != NULL; part++)
		for (int i = 0; i < SIZE_COUNT * 3; i++) {
			struct story story;
			struct layout layout;
			story_begin(&story, part->gated);
			part->tell(&story);
			story.scene.stage = true;
			story.scene.ui.side = i / SIZE_COUNT;
			layout_compute(&layout, &story.scene, SIZES[i % SIZE_COUNT].width, SIZES[i % SIZE_COUNT].height);
			for (int id = 0; story.scene.ui.room == ROOM_RUN && id < PANE_COUNT; id++) {
				struct rect pane = layout.pane[id];
				assert_true(pane.height == 0 || (pane.height > 2 && pane.width > 2 && pane.x >= 0 && pane.y >= 1));
				assert_true(pane.x + pane.width <= layout.width && pane.y + pane.height <= layout.height);
			}
			if (story.scene.ui.room == ROOM_RUN && story.scene.ui.prompt == NULL)
				assert_int_equal(layout.keys.height, 0);
			story_end(&story);
		}
}

/* What a tour's script may say is seen whole, on the smallest screen that tours are made for. */
static void test_longest_caption_is_seen(void **state)
{
	struct story story;
	struct text drawn = TEXT_INIT;
	char words[TOUR_CAPTION_WIDTH * TOUR_CAPTION_LINES + TOUR_CAPTION_LINES];

	(void)state;
	memset(words, 'x', sizeof words);
	words[TOUR_CAPTION_WIDTH] = ' ';
	memcpy(words + TOUR_CAPTION_WIDTH - 4, "END1", 4);
	memcpy(words + sizeof words - 5, "END2", 5);
	story_begin(&story, true);
	part_named("bank-brink")->tell(&story);
	story.scene.caption = (struct scene_caption){.shown = true, .words = words, .keys = "space", .note = "11/11"};
	golden_draw(&drawn, &story.scene, (struct golden_size){80, 24}, false);
	assert_non_null(strstr(drawn.bytes, "END1"));
	assert_non_null(strstr(drawn.bytes, "END2"));
	assert_non_null(strstr(drawn.bytes, "key  space"));
	text_release(&drawn);
	story_end(&story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden_looks),
		cmocka_unit_test(test_ascii_has_no_gaps),
		cmocka_unit_test(test_caption_covers_nothing),
		cmocka_unit_test(test_stage_fits),
		cmocka_unit_test(test_longest_caption_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
