/* SPDX-License-Identifier: MIT */
/*
 * Screens: each story of the cast is drawn at some sizes and compared with its golden file
 * (see support/golden.h).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cast.h"
#include "support/golden.h"
#include "view/ascii.h"
#include "view/keys.h"
#include "view/layout.h"
#include "view/pane.h"
#include "view/timeline.h"

static void picture(const struct cast *part, struct golden_size size, bool ascii, struct text *out)
{
	struct story story;

	story_begin(&story, part->gated);
	part->tell(&story);
	golden_draw(out, &story.scene, size, ascii);
	story_end(&story);
}

/* ---- golden files ---- */

static bool check_picture(const struct cast *part, struct golden_size size, bool ascii)
{
	struct text drawn = TEXT_INIT, path = TEXT_INIT;

	text_printf(&path, "tests/view/golden/%s-%dx%d%s.txt", part->name, size.width, size.height, ascii ? "-ascii" : "");
	picture(part, size, ascii, &drawn);
	bool equal = golden_same(path.bytes, &drawn);
	text_release(&drawn);
	text_release(&path);
	return equal;
}

static void test_golden_screens(void **state)
{
	unsigned int different = 0;

	(void)state;
	for (const struct cast *part = cast; part->name != NULL; part++)
		for (int i = 0; i < GOLDEN_SIZES; i++) {
			different += !check_picture(part, GOLDEN_SIZE[i], false);
			if (part->ascii && i == 0)
				different += !check_picture(part, GOLDEN_SIZE[i], true);
		}
	assert_int_equal(different, 0);
}

/* ---- what holds for every picture ---- */

static void test_ascii_is_ascii(void **state)
{
	(void)state;
	for (const struct cast *part = cast; part->name != NULL; part++) {
		struct text out = TEXT_INIT;
		picture(part, (struct golden_size){100, 30}, true, &out);
		for (size_t i = 0; i < out.length; i++)
			assert_in_range((unsigned char)out.bytes[i], '\n', '~');
		text_release(&out);
	}
}

/*
 * What is drawn, each sign of it having a twin in ASCII, must be in the font that every Debian has: these are the characters
 * of DejaVu Sans Mono 2.37 where we take ours from, as fc-query tells them.
 */
static void test_signs_are_in_common_fonts(void **state)
{
	static const struct {
		uint32_t first, last;
	} font[] = {
		{0xa0, 0x1c3}, {0x2010, 0x2023}, {0x2026, 0x2026}, {0x2190, 0x2213}, {0x2215, 0x2215}, {0x2217, 0x2220},
		{0x2241, 0x2269}, {0x2500, 0x262f}, {0x2701, 0x2704}, {0x2706, 0x2709}, {0x270c, 0x2727},
	};
	size_t at = 0;

	(void)state;
	for (uint32_t sign = 0x80; sign <= 0xffff; sign++) {
		if (ascii_twin(sign) == '?')
			continue;
		while (at < sizeof font / sizeof font[0] && font[at].last < sign)
			at++;
		if (at == sizeof font / sizeof font[0] || sign < font[at].first)
			fail_msg("U+%04X is not in the font", sign);
	}
}

static void test_same_scene_same_picture(void **state)
{
	(void)state;
	for (const struct cast *part = cast; part->name != NULL; part++) {
		struct text one = TEXT_INIT, other = TEXT_INIT;
		picture(part, (struct golden_size){97, 31}, false, &one);
		picture(part, (struct golden_size){97, 31}, false, &other);
		assert_string_equal(one.bytes, other.bytes);
		text_release(&one);
		text_release(&other);
	}
}

static void draw_at(const struct scene *scene, int width, int height)
{
	struct canvas canvas;

	canvas_init(&canvas, width, height, false);
	scene_draw(&canvas, scene);
	for (int pane = 0; pane < PANE_COUNT; pane++)
		assert_in_range(scene_scroll_limit(scene, width, height, (enum pane_id)pane), 0, 100000);
	assert_in_range(scene_overlay_limit(scene, width, height), 0, 100000);
	canvas_release(&canvas);
}

static void test_any_size(void **state)
{
	static const struct golden_size small[] = {{0, 0}, {1, 1}, {2, 2}, {59, 19}, {60, 19}, {59, 20}, {60, 20}, {61, 24}, {600, 5}, {700, 300}};
	unsigned int random = 1;

	(void)state;
	for (const struct cast *part = cast; part->name != NULL; part++) {
		struct story story;
		story_begin(&story, part->gated);
		part->tell(&story);
		for (size_t i = 0; i < sizeof small / sizeof small[0]; i++)
			draw_at(&story.scene, small[i].width, small[i].height);
		for (int i = 0; i < 40; i++) {
			random = random * 1103515245 + 12345;
			story.scene.ui.zoom = (int)(random >> 9) % 9 - 4;
			story.scene.ui.scroll[random % PANE_COUNT] = (int)(random >> 20) % 50;
			story.scene.ui.side = (int)(random >> 5) % SIDE_COUNT;
			story.scene.ui.selected = (uint16_t)((random >> 3) % 6);
			draw_at(&story.scene, 55 + (int)(random >> 12) % 200, 18 + (int)(random >> 4) % 60);
		}
		story_end(&story);
	}
}

static void test_too_small_says_what_is_needed(void **state)
{
	struct text out = TEXT_INIT;

	(void)state;
	picture(&cast[0], (struct golden_size){59, 24}, false, &out);
	assert_non_null(strstr(out.bytes, "60×20"));
	assert_non_null(strstr(out.bytes, "press q"));
	text_release(&out);
}

/* ---- the mouse hits what is drawn ---- */

static const struct cast *find(const char *name)
{
	const struct cast *part = cast;

	while (strcmp(part->name, name) != 0)
		part++;
	return part;
}

/* Where a text stands in a picture; false: nowhere. */
static bool where(const struct canvas *canvas, const char *text, int *x, int *y)
{
	for (*y = 0; *y < canvas->height; (*y)++)
		for (*x = 0; *x < canvas->width; (*x)++) {
			size_t i = 0;
			while (text[i] != '\0' && canvas_at(canvas, *x + (int)i, *y)->glyph == (unsigned char)text[i])
				i++;
			if (text[i] == '\0')
				return true;
		}
	return false;
}

static struct hit hit_text(const struct scene *scene, int width, int height, const char *text)
{
	struct canvas canvas;
	int x = 0, y = 0;

	canvas_init(&canvas, width, height, false);
	scene_draw(&canvas, scene);
	assert_true(where(&canvas, text, &x, &y));
	canvas_release(&canvas);
	return scene_hit(scene, width, height, x, y);
}

static void test_hits(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, true);
	find("bank-brink")->tell(&story);
	for (int i = 0; i < GOLDEN_SIZES; i++) {
		int width = GOLDEN_SIZE[i].width, height = GOLDEN_SIZE[i].height;
		struct hit hit = hit_text(&story.scene, width, height, "3 withdraw");
		assert_int_equal(hit.kind, HIT_LANE);
		assert_int_equal(hit.actor, 2);
		hit = hit_text(&story.scene, width, height, "W201");
		assert_int_equal(hit.kind, HIT_TIMELINE);
		assert_int_equal(hit.actor, 1);
		assert_int_equal(hit.position, history_step_position(story.history, 6));
		hit = hit_text(&story.scene, width, height, "read balance");
		assert_int_equal(hit.kind, HIT_LANE); /* the sign of a lane is the lane */
		hit = hit_text(&story.scene, width, height, "lost updates");
		assert_int_equal(hit.kind, HIT_PANE);
		assert_int_equal(hit.pane, PANE_SHARED);
		hit = hit_text(&story.scene, width, height, "quit");
		assert_int_equal(hit.kind, HIT_KEY);
		assert_int_equal(hit.action, ACTION_QUIT);
		assert_int_equal(scene_hit(&story.scene, width, height, -1, 5).kind, HIT_NOTHING);
	}
	story_end(&story);
}

static void test_hits_in_menu_and_overlays(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, true);
	find("menu")->tell(&story);
	struct hit hit = hit_text(&story.scene, 80, 24, "pool-schedule");
	assert_int_equal(hit.kind, HIT_MENU);
	assert_int_equal(hit.index, 5);
	assert_int_equal(hit_text(&story.scene, 80, 24, "Randomness").kind, HIT_NOTHING);
	story_end(&story);

	story_begin(&story, true);
	find("parameters")->tell(&story);
	hit = hit_text(&story.scene, 80, 24, "seconds between READ");
	assert_int_equal(hit.kind, HIT_OVERLAY_ROW);
	assert_int_equal(hit.index, 2);
	assert_int_equal(hit_text(&story.scene, 80, 24, "change").kind, HIT_NOTHING);
	story_end(&story);
}

/* ---- lanes ---- */

static void test_folded_helpers(void **state)
{
	enum { PRODUCER = 1, FEEDER = 3 };
	struct story story;
	uint16_t lanes[8];

	(void)state;
	story_begin(&story, true);
	find("queue")->tell(&story);
	assert_int_equal(scene_lanes(&story.scene, lanes, 8), 3);
	assert_int_equal(scene_lane_mover(&story.scene, PRODUCER), FEEDER); /* which waits itself */
	story.scene.ui.unfolded = true;
	assert_int_equal(scene_lanes(&story.scene, lanes, 8), 4);
	assert_int_equal(lanes[2], FEEDER); /* below its process */
	assert_int_equal(scene_lane_mover(&story.scene, PRODUCER), WORLD_NO_ACTOR);
	assert_int_equal(scene_lane_mover(&story.scene, FEEDER), FEEDER);
	story_end(&story);
}

/* ---- scrolling ---- */

static void test_scroll_limits(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, true);
	find("text-beside")->tell(&story);
	int limit = scene_scroll_limit(&story.scene, 80, 24, PANE_TEXT);
	assert_true(limit > 10);
	story.scene.ui.scroll[PANE_TEXT] = limit;
	hit_text(&story.scene, 80, 24, "Wide:"); /* its last line is seen */
	assert_int_equal(scene_scroll_limit(&story.scene, 80, 24, PANE_SOURCE), 0);
	assert_false(scene_pane_visible(&story.scene, 80, 24, PANE_SOURCE));
	assert_true(scene_pane_visible(&story.scene, 80, 24, PANE_SHARED));
	assert_false(scene_pane_visible(&story.scene, 80, 24, PANE_LOCKS));
	story.scene.ui.overlay = OVERLAY_HELP;
	story.scene.ui.overlay_scroll = scene_overlay_limit(&story.scene, 80, 24);
	hit_text(&story.scene, 80, 24, "lesson.result");
	story_end(&story);
}

/* What has no room is marked, and can be come by: an end may have more to tell than there are lines. */
static void test_long_end_is_marked_and_reached(void **state)
{
	enum { RIGHT = 79 };
	struct story story;
	struct canvas canvas;
	struct layout layout;

	(void)state;
	story_begin(&story, true);
	find("bank-ended")->tell(&story);
	story.scene.run.outcome = "states [\"initial\",\"started\",\"started\"], exit_code 0 (expected states "
	                          "[\"initial\",\"started\",\"stopped\"], exit_code 0), and more that is told "
	                          "when there is nothing else to do, and still more, up to the LAST";
	layout_compute(&layout, &story.scene, 80, 24);
	int last = layout.pane[PANE_MEANING].y + layout.pane[PANE_MEANING].height - 2;
	canvas_init(&canvas, 80, 24, false);
	scene_draw(&canvas, &story.scene);
	assert_int_equal(canvas_at(&canvas, RIGHT, last)->glyph, 0x2193 /* ↓ */);
	story.scene.ui.scroll[PANE_MEANING] = scene_scroll_limit(&story.scene, 80, 24, PANE_MEANING);
	scene_draw(&canvas, &story.scene);
	assert_int_equal(canvas_at(&canvas, RIGHT, last)->glyph, 0x2502 /* │ */);
	hit_text(&story.scene, 80, 24, "LAST.");
	canvas_release(&canvas);
	story_end(&story);
}

static void test_console_scrolls_from_its_end(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, true);
	story_process(&story, STORY_NOBODY, 0, "main");
	for (int i = 0; i < 100; i++) {
		char line[16];
		snprintf(line, sizeof line, "line %d.", i);
		story_event(&story, 0, EVENT_OUTPUT, 0, 0, 1, line);
	}
	story_present(&story);
	story.scene.ui.side = SIDE_CONSOLE;
	hit_text(&story.scene, 80, 24, "line 99.");
	int limit = scene_scroll_limit(&story.scene, 80, 24, PANE_CONSOLE);
	assert_in_range(limit, 80, 99);
	story.scene.ui.scroll[PANE_CONSOLE] = limit;
	hit_text(&story.scene, 80, 24, "line 0.");
	story_end(&story);
}

static void test_console_keeps_columns(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, true);
	story_process(&story, STORY_NOBODY, 0, "main");
	story_event(&story, 0, EVENT_OUTPUT, 0, 0, 1, "  one      1");
	story_event(&story, 0, EVENT_OUTPUT, 0, 0, 1, "a line that has no room in the console and is broken at its words");
	story_present(&story);
	story.scene.ui.side = SIDE_CONSOLE;
	hit_text(&story.scene, 80, 24, "  one      1");
	hit_text(&story.scene, 80, 24, "a line that has");
	story_end(&story);
}

/* What was cut says so itself. */
static void test_no_stop_after_a_cut_outcome(void **state)
{
	static const char *const stories[] = {"bank-ended", "quiz-answer"};

	(void)state;
	for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
		struct story story;
		struct text drawn = TEXT_INIT;
		story_begin(&story, true);
		find(stories[i])->tell(&story);
		story.scene.run.outcome = "seen [200,199,…";
		golden_draw(&drawn, &story.scene, GOLDEN_SIZE[2], false);
		assert_non_null(strstr(drawn.bytes, "seen [200,199,… "));
		text_release(&drawn);
		story_end(&story);
	}
}

/* Pieces are seen as they are printed, though a line's end has yet to come; standard error does not come between them. */
static void test_console_shows_a_line_as_it_grows(void **state)
{
	struct story story;

	(void)state;
	story_begin(&story, true);
	story_process(&story, STORY_NOBODY, 0, "main");
	story_process(&story, 0, 1, "other");
	story_step(&story, 0, EVENT_PRINT, 0, 6, 0, "hello ");
	story_event(&story, 0, EVENT_OUTPUT, 0, 0, 2, "a warning");
	story_step(&story, 1, EVENT_PRINT, 0, 6, 0, "HELLO ");
	story_present(&story);
	story.scene.ui.side = SIDE_CONSOLE;
	hit_text(&story.scene, 80, 24, "a warning");
	hit_text(&story.scene, 80, 24, "hello HELLO");
	story_event(&story, 0, EVENT_OUTPUT, 0, 0, 1, "hello HELLO 1");
	story_step(&story, 0, EVENT_PRINT, 0, 2, 0, "1␊"); /* who is out of sight tells late what can be seen already */
	story_step(&story, 1, EVENT_PRINT, 0, 5, 0, "WORLD");
	story_present(&story);
	hit_text(&story.scene, 80, 24, "hello HELLO 1");
	hit_text(&story.scene, 80, 24, "WORLD  ");
	story_end(&story);
}

/* ---- the timeline of a free run asks for few events and must show what all of them say ---- */

static void test_buckets_of_time(void **state)
{
	enum { ACTORS = 4, EVENTS = 20000 };
	struct story story;
	struct canvas canvas;
	struct timeline timeline;
	unsigned int random = 7;

	(void)state;
	story_begin(&story, false);
	story_process(&story, STORY_NOBODY, 0, "main");
	for (unsigned int actor = 1; actor < ACTORS; actor++)
		story_process(&story, 0, actor, "worker");
	for (int i = 0; i < EVENTS; i++) {
		random = random * 1103515245 + 12345;
		unsigned int actor = (random >> 16) % ACTORS;
		/* bursts, and long times with nothing */
		story.now += (random >> 8) % 1000 == 0 ? 0.5 : 0.0001;
		if (actor != 0)
			story_event(&story, actor, EVENT_VALUE_READ, 1, i, 0, NULL);
	}
	story_present(&story);
	canvas_init(&canvas, 200, ACTORS, false);
	for (story.scene.ui.zoom = 0; story.scene.ui.zoom < 8; story.scene.ui.zoom++) {
		timeline_init(&timeline, &story.scene, (struct rect){0, 0, 200, ACTORS});
		canvas_clear(&canvas);
		timeline_draw_times(&timeline, &canvas);
		for (unsigned int actor = 1; actor < ACTORS; actor++)
			for (int i = 0; i < timeline.column_count; i++) {
				const struct timeline_column *column = &timeline.columns[i];
				uint64_t last = history_actor_at(story.history, actor, column->to);
				bool within = last != HISTORY_NONE && history_at(story.history, last)->time >= column->from;
				uint32_t glyph = canvas_at(&canvas, timeline.history_x + column->x, (int)actor)->glyph;
				bool quiet = glyph == 0x2501 || (glyph >= '0' && glyph <= '9'); /* what was read stands behind its R */
				if (last != HISTORY_NONE && column->from <= (uint64_t)(story.now * 1e9))
					assert_int_equal(within, !quiet);
			}
		timeline_release(&timeline);
	}
	canvas_release(&canvas);
	story_end(&story);
}

/* ---- the canvas ---- */

/* From the whole to a nanosecond or a step with all it carried, and no press of a key that does nothing. */
static void assert_zooms(struct story *story, int farthest, int closest)
{
	struct timeline timeline;
	struct scene *scene = &story->scene;

	assert_int_equal(scene_zoom(scene, 120, 40, -100), farthest);
	assert_int_equal(scene_zoom(scene, 120, 40, 100), closest);
	for (int zoom = farthest; zoom <= closest; zoom++) {
		assert_int_equal(scene_zoom(scene, 120, 40, zoom), zoom);
		scene->ui.zoom = zoom;
		timeline_init(&timeline, scene, (struct rect){0, 0, 120, 20});
		assert_true(timeline.column_count > 0);
		if (scene->ui.present)
			assert_int_equal(timeline.cursor, -1);
		else if (scene->ui.position > 0)
			assert_in_range(timeline.cursor, 0, timeline.column_count - 1);
		timeline_release(&timeline);
	}
}

static void test_zoom_by_time(void **state)
{
	enum { EVENTS = 3000 };
	struct story story;
	struct timeline timeline;
	struct text note = TEXT_INIT;

	(void)state;
	story_begin(&story, false);
	story_process(&story, STORY_NOBODY, 0, "main");
	for (int i = 0; i < EVENTS; i++) {
		story.now += 0.001;
		story_event(&story, 0, EVENT_VALUE_READ, 1, i, 0, NULL);
	}
	story_present(&story);
	timeline_init(&timeline, &story.scene, (struct rect){0, 0, 120, 20});
	int closest = 0;
	while ((3000000000ull >> closest) / (uint64_t)timeline.history_width > 0)
		closest++;
	timeline_release(&timeline);
	assert_zooms(&story, 0, closest);
	for (uint64_t position = 0; position <= EVENTS; position += EVENTS / 7) {
		story.scene.ui.present = position == history_count(story.history);
		story.scene.ui.position = position;
		world_seek(story.world, position);
		assert_zooms(&story, 0, closest);
	}
	pane_timeline.note(&story.scene, (struct rect){0, 0, 120, 20}, &note);
	assert_non_null(strstr(note.bytes, "1 column = 1 ns"));
	text_release(&note);
	story_end(&story);
}

static void test_zoom_by_step(void **state)
{
	enum { STEPS = 3000 };
	struct story story;
	struct timeline timeline;

	(void)state;
	story_begin(&story, true);
	story_process(&story, STORY_NOBODY, 0, "main");
	for (int i = 0; i < STEPS; i++)
		story_step(&story, 0, EVENT_VALUE_READ, 1, i, 0, NULL);
	story_present(&story);
	story.scene.ui.zoom = -100;
	timeline_init(&timeline, &story.scene, (struct rect){0, 0, 120, 20});
	int farthest = timeline.zoom;
	assert_int_equal(timeline.first_step, 1);
	assert_true(timeline.last_step >= STEPS);
	assert_true(timeline.group / 2 * (uint64_t)timeline.history_width < STEPS);
	timeline_release(&timeline);
	assert_zooms(&story, farthest, 3);
	for (uint64_t step = 1; step <= STEPS; step += STEPS / 7) {
		story_past(&story, step);
		assert_zooms(&story, farthest, 3);
	}
	story_end(&story);
}

static void test_canvas_wide_and_clipped(void **state)
{
	struct canvas canvas;

	(void)state;
	canvas_init(&canvas, 6, 2, false);
	assert_int_equal(canvas_text(&canvas, 0, 0, "漢a", STYLE_PLAIN), 3);
	assert_int_equal(canvas_at(&canvas, 0, 0)->glyph, 0x6f22);
	assert_int_equal(canvas_at(&canvas, 1, 0)->glyph, 0);
	canvas_put(&canvas, 1, 0, 'x', STYLE_PLAIN); /* half of it goes: so does the other */
	assert_int_equal(canvas_at(&canvas, 0, 0)->glyph, ' ');
	canvas_text(&canvas, 5, 1, "漢", STYLE_PLAIN); /* no room for its right half */
	assert_int_equal(canvas_at(&canvas, 5, 1)->glyph, ' ');
	canvas_text(&canvas, 2, 1, "e\xcc\x81", STYLE_PLAIN);
	assert_int_equal(canvas_at(&canvas, 2, 1)->mark, 0x301);
	canvas_clip(&canvas, (struct rect){2, 0, 2, 1});
	canvas_fill(&canvas, (struct rect){-5, -5, 50, 50}, '#', STYLE_DIM);
	assert_int_equal(canvas_at(&canvas, 1, 0)->glyph, 'x');
	assert_int_equal(canvas_at(&canvas, 3, 0)->glyph, '#');
	assert_int_equal(canvas_at(&canvas, 4, 0)->glyph, ' ');
	canvas_release(&canvas);
}

static void test_wrapping(void **state)
{
	struct canvas canvas;
	struct text out = TEXT_INIT;

	(void)state;
	canvas_init(&canvas, 8, 5, false);
	assert_int_equal(canvas_text_wrapped(&canvas, (struct rect){0, 0, 8, 5}, "the  quick foxes, unbreakable", STYLE_PLAIN), 5);
	canvas_print(&canvas, &out, false);
	assert_string_equal(out.bytes, "the\nquick\nfoxes,\nunbreaka\nble\n");
	text_release(&out);
	canvas_release(&canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden_screens),
		cmocka_unit_test(test_ascii_is_ascii),
		cmocka_unit_test(test_signs_are_in_common_fonts),
		cmocka_unit_test(test_same_scene_same_picture),
		cmocka_unit_test(test_any_size),
		cmocka_unit_test(test_too_small_says_what_is_needed),
		cmocka_unit_test(test_hits),
		cmocka_unit_test(test_hits_in_menu_and_overlays),
		cmocka_unit_test(test_folded_helpers),
		cmocka_unit_test(test_scroll_limits),
		cmocka_unit_test(test_long_end_is_marked_and_reached),
		cmocka_unit_test(test_console_scrolls_from_its_end),
		cmocka_unit_test(test_console_keeps_columns),
		cmocka_unit_test(test_no_stop_after_a_cut_outcome),
		cmocka_unit_test(test_console_shows_a_line_as_it_grows),
		cmocka_unit_test(test_buckets_of_time),
		cmocka_unit_test(test_zoom_by_time),
		cmocka_unit_test(test_zoom_by_step),
		cmocka_unit_test(test_canvas_wide_and_clipped),
		cmocka_unit_test(test_wrapping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
