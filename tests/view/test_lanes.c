/* SPDX-License-Identifier: MIT */
/* Which lanes have a row when not all fit: whatever has happened, in every height, for whoever is selected. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "story.h"
#include "view/keys.h"
#include "view/pane.h"
#include "view/timeline.h"

enum { MAIN, WIDTH = 78 };

static void begin(struct story *story, unsigned int children)
{
	char name[16];

	story_begin(story, true);
	story_process(story, STORY_NOBODY, MAIN, "main");
	for (unsigned int child = 1; child <= children; child++) {
		snprintf(name, sizeof name, "child %u", child);
		story_process(story, MAIN, child, name);
	}
}

static void leave(struct story *story, unsigned int child, int code, bool joined)
{
	story_step(story, child, EVENT_PROCESS_EXIT, 0, code, 0, NULL);
	if (joined)
		story_step(story, MAIN, EVENT_PROCESS_JOIN, 0, code, child, NULL);
}

static void look(struct timeline *timeline, struct story *story, int height, uint16_t selected)
{
	story->scene.ui.selected = selected;
	timeline_init(timeline, &story->scene, (struct rect){0, 0, WIDTH, height});
}

static bool has_row(const struct timeline *timeline, unsigned int actor)
{
	return timeline_row(timeline, actor) != TIMELINE_NO_ROW;
}

/* ---- the rules, one by one ---- */

static void test_no_fold_where_all_fit(void **state)
{
	struct story story;
	struct timeline timeline;

	(void)state;
	begin(&story, 6);
	for (unsigned int child = 1; child <= 5; child++)
		leave(&story, child, 0, true);
	story_present(&story);
	look(&timeline, &story, 7, MAIN);
	assert_int_equal(timeline.rows, 7);
	assert_int_equal(timeline.fold_row, -1);
	timeline_release(&timeline);
	look(&timeline, &story, 6, MAIN);
	assert_int_equal(timeline.rows, 5); /* two are folded, so that the line fits */
	assert_int_equal(timeline.fold_row, 5);
	assert_false(has_row(&timeline, 1) || has_row(&timeline, 2));
	timeline_release(&timeline);
	story_end(&story);
}

static void test_who_is_folded_first(void **state)
{
	struct story story;
	struct timeline timeline;

	(void)state;
	begin(&story, 8);
	leave(&story, 1, 0, false);
	leave(&story, 2, 3, true);
	for (unsigned int child = 3; child <= 5; child++)
		leave(&story, child, 0, true);
	story_step(&story, 7, EVENT_VALUE_READ, 1, 0, 0, NULL);
	story_present(&story);
	look(&timeline, &story, 7, MAIN);
	for (unsigned int child = 0; child <= 8; child++)
		assert_int_equal(has_row(&timeline, child), child < 3 || child > 5);
	timeline_release(&timeline);
	look(&timeline, &story, 6, MAIN); /* then who did not end well */
	assert_true(has_row(&timeline, 1) && !has_row(&timeline, 2));
	timeline_release(&timeline);
	look(&timeline, &story, 5, MAIN); /* then the zombie */
	assert_int_equal(timeline.rows, 4);
	assert_false(has_row(&timeline, 1));
	timeline_release(&timeline);
	look(&timeline, &story, 4, MAIN); /* the line would take the place of somebody who lives */
	assert_int_equal(timeline.rows, 4);
	assert_int_equal(timeline.fold_row, -1);
	timeline_release(&timeline);
	story_end(&story);
}

static void test_folded_are_unfolded_by_the_key_of_helpers(void **state)
{
	struct story story;
	struct timeline timeline;

	(void)state;
	begin(&story, 8);
	for (unsigned int child = 1; child <= 8; child++)
		leave(&story, child, 0, true);
	story_present(&story);
	story.scene.ui.unfolded = true;
	look(&timeline, &story, 4, 3);
	assert_int_equal(timeline.rows, 4);
	assert_int_equal(timeline.folded_count, 0);
	for (unsigned int child = 0; child < 4; child++)
		assert_true(has_row(&timeline, child));
	timeline_release(&timeline);
	story_end(&story);
}

static void test_line_and_note(void **state)
{
	struct story story;
	struct text drawn = TEXT_INIT, note = TEXT_INIT;
	struct canvas canvas;

	(void)state;
	begin(&story, 8);
	leave(&story, 1, 0, true);
	leave(&story, 2, 3, true);
	leave(&story, 4, 0, true);
	leave(&story, 5, 0, false);
	story_step(&story, 7, EVENT_VALUE_READ, 1, 0, 0, NULL);
	story_present(&story);
	canvas_init(&canvas, WIDTH, 6, false);
	pane_timeline.draw(&canvas, (struct rect){0, 0, WIDTH, 6}, &story.scene);
	canvas_print(&canvas, &drawn, false);
	assert_non_null(strstr(drawn.bytes, "\n   4 ended: ✓ child 1, child 4; ✗ exit 3: child 2; † child 5"));
	assert_non_null(strstr(drawn.bytes, "H shows them\n"));
	pane_timeline.note(&story.scene, (struct rect){0, 0, WIDTH, 6}, &note);
	assert_null(strstr(note.bytes, "lanes"));
	text_reset(&note);
	pane_timeline.note(&story.scene, (struct rect){0, 0, WIDTH, 4}, &note);
	assert_non_null(strstr(note.bytes, "4 of 9 lanes, 4 ended"));
	text_release(&note);
	text_release(&drawn);
	canvas_release(&canvas);
	story_end(&story);
}

static void test_line_is_a_key(void **state)
{
	struct story story;
	struct hit hit;
	int found = 0;

	(void)state;
	begin(&story, 12);
	for (unsigned int child = 1; child <= 12; child++)
		leave(&story, child, 0, true);
	story_present(&story);
	for (int y = 0; y < 24; y++) {
		hit = scene_hit(&story.scene, 80, 24, 5, y);
		found += hit.kind == HIT_KEY && hit.action == ACTION_UNFOLD;
	}
	assert_int_equal(found, 1);
	story_end(&story);
}

/* ---- what holds always ---- */

static bool folds(const struct scene *scene, unsigned int actor)
{
	return world_actor(scene->world, actor)->state == ACTOR_EXITED;
}

static void check(const struct timeline *timeline, int height, uint16_t selected, unsigned int mover)
{
	const struct scene *scene = timeline->scene;
	size_t folded = 0, kept = 0;

	assert_in_range(timeline->rows + (timeline->fold_row >= 0), 1, height);
	assert_true(timeline->fold_row < 0 || timeline->fold_row == timeline->rows);
	for (int row = 1; row < timeline->rows; row++)
		assert_true(timeline->shown[row - 1] < timeline->shown[row]);
	assert_true(has_row(timeline, selected));
	if (height > 1)
		assert_true(has_row(timeline, mover));
	for (size_t lane = 0; lane < timeline->lane_count; lane++) {
		folded += timeline->folded[lane];
		kept += !timeline->folded[lane] || !folds(scene, timeline->lanes[lane]);
		assert_false(timeline->folded[lane] && has_row(timeline, timeline->lanes[lane]));
		if (timeline->folded[lane])
			assert_true(folds(scene, timeline->lanes[lane]));
	}
	assert_int_equal(folded, timeline->folded_count);
	assert_int_equal(kept + folded, timeline->lane_count);
	if (timeline->lane_count <= (size_t)height) {
		assert_int_equal(timeline->rows, timeline->lane_count);
	} else if (kept <= (size_t)height) { /* then everybody who is not folded is seen, and no room is left over */
		assert_int_equal(timeline->rows, kept);
		assert_int_equal(timeline->rows + (timeline->fold_row >= 0), height);
	}
}

static void check_all(struct story *story, unsigned int children, unsigned int mover)
{
	struct timeline timeline;

	for (int height = 1; height <= (int)children + 2; height++)
		for (uint16_t selected = 0; selected <= children; selected++) {
			look(&timeline, story, height, selected);
			check(&timeline, height, selected, mover);
			timeline_release(&timeline);
		}
}

static void test_whatever_has_happened(void **state)
{
	enum { CHILDREN = 14, STORIES = 40 };
	unsigned int random = 11;

	(void)state;
	for (int number = 0; number < STORIES; number++) {
		struct story story;
		unsigned int mover = MAIN;
		begin(&story, CHILDREN);
		for (unsigned int child = 1; child <= CHILDREN; child++) {
			random = random * 1103515245 + 12345;
			if ((random >> 16) % 3 < 2)
				leave(&story, child, (int)(random >> 20) % 2, (random >> 24) % 4 > 0);
		}
		story_present(&story);
		for (mover = (random >> 18) % (CHILDREN + 1); folds(&story.scene, mover); mover--)
			;
		if (number % 2 == 0 && mover != MAIN)
			leave(&story, mover, 0, false);
		else
			story_step(&story, mover, EVENT_VALUE_READ, 1, 0, 0, NULL);
		story_present(&story);
		story.scene.ui.unfolded = number % 8 == 7;
		check_all(&story, CHILDREN, mover);
		story_end(&story);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_fold_where_all_fit),
		cmocka_unit_test(test_who_is_folded_first),
		cmocka_unit_test(test_folded_are_unfolded_by_the_key_of_helpers),
		cmocka_unit_test(test_line_and_note),
		cmocka_unit_test(test_line_is_a_key),
		cmocka_unit_test(test_whatever_has_happened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
