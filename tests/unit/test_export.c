/* SPDX-License-Identifier: MIT */
/* Recordings of made-up runs in every format: whole, in order, the same twice; what they are made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "export/links.h"
#include "export/printer.h"
#include "export/still.h"
#include "exported.h"
#include "support/emulator.h"

static void every_format_is_written(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = exported_made(bed, 300, true);

	for (const struct exporter *const *exporter = EXPORTERS; *exporter != NULL; exporter++) {
		struct text out = export_all(recording, (*exporter)->name);

		assert_true(out.length > 500);
		assert_harmless((*exporter)->name, &out);
		text_release(&out);
	}
	assert_null(exporter_find("casts"));
	recording_close(recording);
}

static void free_runs_too(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = exported_made(bed, 2000, false);

	for (const struct exporter *const *exporter = EXPORTERS; *exporter != NULL; exporter++) {
		struct text out = export_all(recording, (*exporter)->name);

		assert_true(out.length > 500);
		assert_harmless((*exporter)->name, &out);
		text_release(&out);
	}
	recording_close(recording);
}

/* A run of which nothing is known but that it was begun. */
static void empty_runs_too(void **state)
{
	struct bed *bed = *state;

	for (int gated = 0; gated < 2; gated++) {
		bed->options.gated = gated;
		struct recording *recording = exported_record(bed, bed->made.history, NULL);

		for (const struct exporter *const *exporter = EXPORTERS; *exporter != NULL; exporter++) {
			struct text out = export_all(recording, (*exporter)->name);

			assert_harmless((*exporter)->name, &out);
			text_release(&out);
		}
		recording_close(recording);
	}
}

static void the_same_twice(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = exported_made(bed, 60, true);

	for (const struct exporter *const *exporter = EXPORTERS; *exporter != NULL; exporter++) {
		struct text first = export_all(recording, (*exporter)->name), second = export_all(recording, (*exporter)->name);

		assert_int_equal(first.length, second.length);
		assert_memory_equal(first.bytes, second.bytes, first.length);
		text_release(&first);
		text_release(&second);
	}
	recording_close(recording);
}

/* Whoever says stop is obeyed, whichever call it is. */
static void stopping_stops(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = exported_made(bed, 3000, true);

	for (const struct exporter *const *exporter = EXPORTERS; *exporter != NULL; exporter++)
		for (int at = 1; at <= 3; at++) {
			struct sink sink = {.stop_at = at};
			int error = export_with(recording, (*exporter)->name, &(struct export_options){.cast_version = 3}, &sink);

			assert_int_equal(error, sink.calls >= at ? -EINTR : 0);
			assert_true(sink.calls <= at);
			assert_true(at > 1 || sink.calls == 1);
			text_release(&sink.all);
		}
	recording_close(recording);
}

/* ---- tables ---- */

/* RFC 4180: every line has as many fields as the first. */
static void assert_rectangular(const char *table)
{
	size_t fields = 1, first = 0, lines = 0;
	bool quoted = false;

	for (const char *at = table; *at != '\0'; at++) {
		quoted ^= *at == '"';
		fields += !quoted && *at == ',';
		if (quoted || *at != '\n')
			continue;
		assert_true(at > table && at[-1] == '\r');
		first = lines++ == 0 ? fields : first;
		assert_int_equal(fields, first);
		fields = 1;
	}
	assert_true(lines > 2);
}

/* Events of all kinds, objects of all kinds: every key that the JSON can have has a column. */
static void every_key_has_a_column(void **state)
{
	struct bed *bed = *state;

	exported_tell(bed->made.history, (struct wire_event){.kind = EVENT_PROCESS_BEGIN, .value = 100}, "main");
	for (uint16_t kind = 0; kind < OBJECT_KIND_COUNT; kind++)
		exported_tell(bed->made.history, (struct wire_event){.kind = EVENT_OBJECT_NEW, .object = kind + 1, .aux = kind | 1u << 8}, "thing, \"it\"");
	for (uint16_t kind = 0; kind < EVENT_KIND_COUNT; kind++)
		for (int flags = 0; flags < 16; flags += 15)
			if (kind != EVENT_OBJECT_NEW)
				exported_tell(bed->made.history, (struct wire_event){.kind = (uint8_t)kind, .flags = (uint8_t)flags, .object = 1, .aux = 1}, "a, b");
	struct recording *recording = exported_record(bed, bed->made.history, NULL);
	for (const struct exporter *const *exporter = EXPORTERS; *exporter != NULL; exporter++) {
		struct text out = export_all(recording, (*exporter)->name);

		if (strcmp((*exporter)->name, "csv") == 0)
			assert_rectangular(out.bytes);
		text_release(&out);
	}
	recording_close(recording);
}

/* ---- lines ---- */

static void print(struct bed *bed, const struct printer_form *form, const struct run_end *end, struct text *out)
{
	struct printer printer;

	printer_init(&printer, form, bed->made.history, out);
	form->head(&printer, &bed->options);
	while (!printer_events(&printer, SIZE_MAX))
		;
	form->tail(&printer, end);
	printer_release(&printer);
}

static void lines_are_those_of_the_run(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = exported_made(bed, 400, true);
	struct text json = export_all(recording, "json"), text = export_all(recording, "text"), expected = TEXT_INIT;
	struct run_end end = *recording_end(recording);

	end.schedule = &bed->made.schedule;
	print(bed, &PRINTER_JSON, &end, &expected);
	assert_string_equal(json.bytes, expected.bytes);
	text_reset(&expected);
	print(bed, &PRINTER_TEXT, &end, &expected);
	assert_string_equal(text.bytes, expected.bytes);
	text_release(&json);
	text_release(&text);
	text_release(&expected);
	recording_close(recording);
}

/* ---- traces ---- */

static void traces_are_in_order(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = exported_made(bed, 2000, true);
	struct text out = export_all(recording, "chrome");

	assert_trace(&out);
	text_release(&out);
	recording_close(recording);
}

/* On a busy machine somebody's word may come so late that the order is not that of the times. */
static void arrows_of_what_is_told_late_go_forward(void **state)
{
	struct bed *bed = *state;
	struct history *history = history_new();

	exported_tell(history, (struct wire_event){.time = 1000, .kind = EVENT_PROCESS_BEGIN, .value = 100}, "MainProcess");
	exported_tell(history, (struct wire_event){.time = 2000, .kind = EVENT_OBJECT_NEW, .object = 1, .aux = OBJECT_QUEUE}, "queue");
	exported_tell(history, (struct wire_event){.time = 3000, .kind = EVENT_PROCESS_START, .aux = 1, .value = 101}, "reader");
	exported_tell(history, (struct wire_event){.time = 4000, .kind = EVENT_PROCESS_BEGIN, .actor = 1, .value = 101}, "reader");
	exported_tell(history, (struct wire_event){.time = 90000, .kind = EVENT_QUEUE_PUT, .object = 1, .aux = 1}, "1");
	exported_tell(history, (struct wire_event){.time = 8000, .kind = EVENT_QUEUE_GET, .actor = 1, .object = 1, .aux = 1}, "1");
	exported_tell(history, (struct wire_event){.time = 9000, .kind = EVENT_PROCESS_EXIT, .actor = 1}, NULL);

	bed->options.gated = false;
	struct recording *recording = exported_record(bed, history, NULL);
	struct text out = export_all(recording, "chrome");
	assert_non_null(strstr(out.bytes, "\"message\""));
	assert_trace(&out);
	text_release(&out);
	recording_close(recording);
	history_free(history);
}

/* Its first word may come before its parent's, and then a second one; the start is drawn from before the first. */
static void who_begins_before_it_is_said_has_an_arrow(void **state)
{
	struct bed *bed = *state;
	struct history *history = history_new();

	exported_tell(history, (struct wire_event){.time = 100000, .kind = EVENT_PROCESS_BEGIN, .value = 100}, "MainProcess");
	exported_tell(history, (struct wire_event){.time = 170000, .kind = EVENT_PROCESS_BEGIN, .actor = 1, .value = 101}, "child");
	exported_tell(history, (struct wire_event){.time = 170000, .kind = EVENT_OUTPUT, .aux = 1}, "hello from the child");
	exported_tell(history, (struct wire_event){.time = 200000, .kind = EVENT_PROCESS_START, .aux = 1, .value = 101}, "child");

	bed->options.gated = false;
	struct recording *recording = exported_record(bed, history, NULL);
	struct text out = export_all(recording, "chrome");
	assert_trace(&out);
	assert_non_null(strstr(out.bytes, "\"stdout\",\"args\":{\"what\":\"hello from the child\"}"));
	text_release(&out);
	out = export_all(recording, "svg");
	assert_non_null(strstr(out.bytes, "m-3 -5.0l3 5.0l3 -5.0")); /* the head of an arrow downwards */
	text_release(&out);
	recording_close(recording);
	history_free(history);
}

/* ---- stills ---- */

/* Back and forth one comes to the same picture as straight. */
static void stills_do_not_depend_on_the_way(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = exported_made(bed, 80, true);
	struct still wandering, straight;
	struct scene scene;
	struct canvas a, b;

	still_init(&wandering, recording);
	canvas_init(&a, 100, 30, false);
	canvas_init(&b, 100, 30, false);
	for (uint64_t step = 0; step < 80; step += 7) {
		uint64_t position = history_step_position(recording_history(recording), step % 3 == 0 ? 80 - step : step);

		still_init(&straight, recording);
		still_scene(&scene);
		still_fill(&wandering, position, &scene);
		canvas_clear(&a);
		scene_draw(&a, &scene);
		still_fill(&straight, position, &scene);
		canvas_clear(&b);
		scene_draw(&b, &scene);
		assert_memory_equal(a.cells, b.cells, 3000 * sizeof *a.cells);
		still_release(&straight);
	}
	still_release(&wandering);
	canvas_release(&a);
	canvas_release(&b);
	recording_close(recording);
}

/* What a font may not have is alone in a cell, so that it moves nothing behind it. */
static void strange_glyphs_stay_in_their_cells(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = exported_made(bed, 40, true);
	struct export_options options = {.moment = true, .position = HISTORY_NONE};
	struct sink sink = {0};
	struct text page = export_all(recording, "html");

	assert_int_equal(export_with(recording, "svg", &options, &sink), 0);
	assert_non_null(strstr(page.bytes, " n1\",\"▸\""));
	assert_non_null(strstr(sink.all.bytes, "textLength=\"8.4\" lengthAdjust=\"spacingAndGlyphs\">▸</text>"));
	text_release(&page);
	text_release(&sink.all);
	recording_close(recording);
}

static void feed_cast(struct emulator *emulator, char *cast)
{
	for (char *line = strtok(cast, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		json_t *event = json_loads(line, 0, NULL);
		const char *code = json_string_value(json_array_get(event, 1)), *data = json_string_value(json_array_get(event, 2));

		if (json_is_array(event) && strcmp(code, "o") == 0)
			emulator_feed(emulator, data, strlen(data));
		json_decref(event);
	}
}

static void the_last_frame_is_the_end(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = exported_made(bed, 200, true);

	for (int version = 2; version <= 3; version++) {
		struct sink sink = {0};
		struct emulator *emulator = emulator_new(90, 28);
		struct text why = TEXT_INIT;
		struct still still;
		struct scene scene;
		struct canvas canvas;

		assert_int_equal(export_with(recording, "cast", &(struct export_options){.cast_version = version, .width = 90, .height = 28}, &sink), 0);
		feed_cast(emulator, sink.all.bytes);
		still_init(&still, recording);
		still_scene(&scene);
		scene.ui.side = SIDE_SOURCE;
		still_fill(&still, HISTORY_NONE, &scene);
		scene.ui.selected = still_mover(&still);
		canvas_init(&canvas, 90, 28, false);
		scene_draw(&canvas, &scene);
		if (!emulator_shows(emulator, &canvas, &why))
			fail_msg("%s", why.bytes);
		canvas_release(&canvas);
		still_release(&still);
		emulator_free(emulator);
		text_release(&why);
		text_release(&sink.all);
	}
	recording_close(recording);
}

/* ---- links ---- */

static struct link link_after(struct links *links, struct world *world, struct wire_event event)
{
	struct history *history = (struct history *)(uintptr_t)world->history;

	exported_tell(history, event, NULL);
	struct link link = links_next(links, world);
	world_forward(world);
	return link;
}

static void assert_link(struct link link, enum link_kind kind, uint64_t cause)
{
	assert_int_equal(link.kind, kind);
	assert_true(link.cause == cause);
	assert_true(kind == LINK_NONE || link.effect > cause);
}

static void causes_are_found(void **state)
{
	struct bed *bed = *state;
	struct world *world = world_new(bed->made.history);
	struct links links;

	links_init(&links);
#define AFTER(...) link_after(&links, world, (struct wire_event){__VA_ARGS__})
	assert_link(AFTER(.kind = EVENT_PROCESS_BEGIN, .value = 100), LINK_NONE, HISTORY_NONE);
	assert_link(AFTER(.kind = EVENT_PROCESS_START, .aux = 1, .value = 101), LINK_NONE, HISTORY_NONE);
	assert_link(AFTER(.kind = EVENT_PROCESS_BEGIN, .actor = 1, .value = 101), LINK_START, 1);
	AFTER(.kind = EVENT_OBJECT_NEW, .object = 1, .aux = OBJECT_LOCK);
	AFTER(.kind = EVENT_OBJECT_NEW, .object = 2, .aux = OBJECT_PIPE | 1 << 8);
	AFTER(.kind = EVENT_OBJECT_NEW, .object = 3, .aux = OBJECT_QUEUE);
	assert_link(AFTER(.kind = EVENT_LOCK_ACQUIRE, .object = 1), LINK_NONE, HISTORY_NONE);
	AFTER(.kind = EVENT_LOCK_WAIT, .actor = 1, .object = 1);
	AFTER(.kind = EVENT_LOCK_RELEASE, .object = 1);                                         /* 8 */
	assert_link(AFTER(.kind = EVENT_LOCK_ACQUIRE, .actor = 1, .object = 1), LINK_WAKE, 8);
	AFTER(.kind = EVENT_LOCK_RELEASE, .actor = 1, .object = 1);
	assert_link(AFTER(.kind = EVENT_LOCK_ACQUIRE, .object = 1), LINK_NONE, HISTORY_NONE);   /* it did not wait */
	AFTER(.kind = EVENT_PIPE_SEND, .object = 2, .aux = 0);                                  /* 12 */
	AFTER(.kind = EVENT_PIPE_SEND, .object = 2, .aux = 0);
	assert_link(AFTER(.kind = EVENT_PIPE_RECV, .actor = 1, .object = 2, .aux = 1), LINK_MESSAGE, 12);
	assert_link(AFTER(.kind = EVENT_PIPE_RECV, .actor = 1, .object = 2, .aux = 1), LINK_MESSAGE, 13);
	AFTER(.kind = EVENT_QUEUE_PUT, .object = 3, .aux = 1);                                  /* 16 */
	AFTER(.kind = EVENT_QUEUE_FEED, .object = 3, .aux = 1);
	assert_link(AFTER(.kind = EVENT_QUEUE_GET, .actor = 1, .object = 3, .aux = 1), LINK_MESSAGE, 16);
	assert_link(AFTER(.kind = EVENT_QUEUE_GET, .actor = 1, .object = 3, .aux = 2, .flags = EVENT_FAILED), LINK_NONE, HISTORY_NONE);
	AFTER(.kind = EVENT_PROCESS_WAIT, .aux = 1);
	AFTER(.kind = EVENT_PROCESS_EXIT, .actor = 1);                                          /* 21 */
	assert_link(AFTER(.kind = EVENT_PROCESS_JOIN, .aux = 1), LINK_JOIN, 21);
	AFTER(.kind = EVENT_PROCESS_BEGIN, .actor = 2, .value = 102);                           /* 23 */
	AFTER(.kind = EVENT_PROCESS_EXIT, .actor = 2);
	struct link late = AFTER(.kind = EVENT_PROCESS_START, .aux = 2, .value = 102);
	assert_true(late.kind == LINK_START && late.cause == 25 && late.effect == 23);
#undef AFTER
	links_release(&links);
	world_free(world);
}

#define with_bed(test) cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bed(every_format_is_written),
		with_bed(free_runs_too),
		with_bed(empty_runs_too),
		with_bed(the_same_twice),
		with_bed(stopping_stops),
		with_bed(every_key_has_a_column),
		with_bed(lines_are_those_of_the_run),
		with_bed(traces_are_in_order),
		with_bed(arrows_of_what_is_told_late_go_forward),
		with_bed(who_begins_before_it_is_said_has_an_arrow),
		with_bed(stills_do_not_depend_on_the_way),
		with_bed(strange_glyphs_stay_in_their_cells),
		with_bed(the_last_frame_is_the_end),
		with_bed(causes_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
