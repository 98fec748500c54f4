/* SPDX-License-Identifier: MIT */
/* Names, texts and outcomes that would be acted upon, were they let through: no format lets them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "exported.h"

static const char *const HOSTILE[] = {
	"<script>alert(1)</script>",
	"</title></svg></pre><img src=x onerror=alert(1)>",
	"=HYPERLINK(\"http://example.invalid\",\"x\")",
	"+1+cmd|' /C calc'!A0",
	"-2+3, \"quoted\"\r\nnext line",
	"@SUM(1)",
	"\x1b[2J\x1b]52;c;aGk=\x07 \x9b" "31m \xc2\x9b" "31m",
	"\xe2\x80\xae evil \xe2\x81\xa6 \xe2\x80\x8b",
	"\xff\xfe\xc0\xaf broken \xed\xa0\x80",
	"]]> & &amp; <!-- --> \\u003c \\",
	"tab\there\x7f nul",
	"",
};

enum { HOSTILE_COUNT = sizeof HOSTILE / sizeof HOSTILE[0] };

static void tell_hostile(struct history *history)
{
	exported_tell(history, (struct wire_event){.kind = EVENT_PROCESS_BEGIN, .value = 1 << 22}, HOSTILE[0]);
	for (uint16_t i = 0; i < HOSTILE_COUNT; i++) {
		const char *words = HOSTILE[i];
		uint16_t queue = (uint16_t)(i * 3 + 1), value = queue + 1, lock = queue + 2, actor = i + 1;

		history_set_place(history, i + 1u, &(struct place){.file = words, .function = words, .line = i + 1u});
		exported_tell(history, (struct wire_event){.kind = EVENT_OBJECT_NEW, .object = queue, .aux = OBJECT_QUEUE, .place = i + 1u}, words);
		exported_tell(history, (struct wire_event){.kind = EVENT_OBJECT_NEW, .object = value, .aux = OBJECT_VALUE, .value = -1}, words);
		exported_tell(history, (struct wire_event){.kind = EVENT_OBJECT_NEW, .object = lock, .aux = OBJECT_LOCK}, words);
		exported_tell(history, (struct wire_event){.kind = EVENT_PROCESS_START, .aux = actor, .value = -5 + i}, words);
		exported_tell(history, (struct wire_event){.kind = EVENT_PROCESS_BEGIN, .actor = actor, .value = -5 + i}, words);
		exported_tell(history, (struct wire_event){.kind = EVENT_QUEUE_PUT, .object = queue, .aux = 1}, words);
		exported_tell(history, (struct wire_event){.kind = EVENT_QUEUE_FEED, .object = queue, .aux = 1}, words);
		exported_tell(history, (struct wire_event){.kind = EVENT_QUEUE_GET, .actor = actor, .object = queue, .aux = 1}, words);
		exported_tell(history, (struct wire_event){.kind = EVENT_LOCK_ACQUIRE, .actor = actor, .object = lock}, NULL);
		exported_tell(history, (struct wire_event){.kind = EVENT_VALUE_WRITE, .actor = actor, .object = value, .value = INT64_MIN}, NULL);
		exported_tell(history, (struct wire_event){.kind = EVENT_PRINT, .actor = actor}, words);
		exported_tell(history, (struct wire_event){.kind = EVENT_OUTPUT, .actor = actor, .aux = 1}, words);
		history_end_step(history);
	}
}

static struct recording *record_hostile(struct bed *bed)
{
	static char title[] = "<script>alert(2)</script>\x1b[31m", verdict[] = "<b>\x1b]0;x\x07 =1+1";
	const struct run_result result = {.verdict = verdict};

	bed->lesson.title = bed->lesson.summary = title;
	tell_hostile(bed->made.history);
	return exported_record(bed, bed->made.history, &(struct run_end){.result = &result});
}

static size_t count_of(const struct text *out, const char *what)
{
	size_t count = 0;

	for (const char *at = out->bytes; (at = strstr(at, what)) != NULL; at++)
		count++;
	return count;
}

static void nothing_hostile_gets_through(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = record_hostile(bed);

	for (const struct exporter *const *exporter = EXPORTERS; *exporter != NULL; exporter++) {
		struct text out = export_all(recording, (*exporter)->name);

		assert_harmless((*exporter)->name, &out);
		if (strcmp((*exporter)->name, "html") == 0) {
			assert_int_equal(count_of(&out, "<script"), 2);
			assert_int_equal(count_of(&out, "</script"), 2);
			assert_int_equal(count_of(&out, "<img"), 0);
			assert_int_equal(count_of(&out, "</title>"), 2);
		} else if (strcmp((*exporter)->name, "svg") == 0) {
			assert_int_equal(count_of(&out, "<script"), 0);
			assert_int_equal(count_of(&out, "<img"), 0);
			assert_int_equal(count_of(&out, "</svg>"), 1);
		}
		text_release(&out);
	}
	recording_close(recording);
}

/* A cast's own escapes are few; every other control in what a terminal would be sent is foreign. */
static void assert_own_escapes(const char *data)
{
	for (const char *at = data; *at != '\0'; at++) {
		if ((unsigned char)*at >= 0x20 && *at != 0x7f)
			continue;
		assert_true(at[0] == '\033' && at[1] == '[');
		at += 2 + strspn(at + 2, "0123456789;?");
		assert_non_null(strchr("mHCKJhl", *at));
	}
}

static void a_cast_sends_only_its_own_escapes(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = record_hostile(bed);
	struct text out = export_all(recording, "cast");
	unsigned int events = 0;

	for (char *line = strtok(out.bytes, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		json_t *event = json_loads(line, 0, NULL);

		assert_non_null(event);
		if (json_is_array(event)) {
			assert_own_escapes(json_string_value(json_array_get(event, 2)));
			events++;
		}
		json_decref(event);
	}
	assert_true(events > 5);
	text_release(&out);
	recording_close(recording);
}

/* Every cell of a table that a spreadsheet would take for a formula is a number. */
static void no_cell_is_a_formula(void **state)
{
	struct bed *bed = *state;
	struct recording *recording = record_hostile(bed);
	struct text out = export_all(recording, "csv");
	bool quoted = false, begins = true;
	size_t quoted_formulas = 0;

	for (const char *at = out.bytes; *at != '\0'; at++) {
		if (begins && (*at == '"' ? strchr("=+-@", at[1]) : strchr("=+-@", *at)) != NULL)
			assert_true(at[0] == '-' && at[1] >= '0' && at[1] <= '9' && at[strspn(at + 1, "0123456789") + 1] == ',');
		quoted_formulas += begins && (strncmp(at, "'@SUM", 5) == 0 || strncmp(at, "\"'=HYP", 6) == 0);
		quoted ^= *at == '"';
		begins = !quoted && (*at == ',' || *at == '\n');
	}
	assert_false(quoted);
	assert_true(quoted_formulas >= 4);
	text_release(&out);
	recording_close(recording);
}

static void traces_of_free_and_hostile_runs_too(void **state)
{
	struct bed *bed = *state;

	bed->options.gated = false;
	bed->options.speed = 1;
	struct recording *recording = record_hostile(bed);
	struct text out = export_all(recording, "chrome");

	assert_trace(&out);
	text_release(&out);
	recording_close(recording);
}

/* By its stamps a thread may do something after its process has left: its track ends there, not before. */
static void a_thread_may_outlive_its_process(void **state)
{
	struct bed *bed = *state;
	struct history *history = bed->made.history;

	bed->options.gated = false;
	bed->options.speed = 1;
	exported_tell(history, (struct wire_event){.kind = EVENT_PROCESS_BEGIN, .value = 100, .time = 1000}, "main");
	exported_tell(history, (struct wire_event){.kind = EVENT_THREAD_START, .aux = 1, .time = 2000}, "late");
	exported_tell(history, (struct wire_event){.kind = EVENT_THREAD_BEGIN, .actor = 1, .value = 101, .time = 900000}, "late");
	exported_tell(history, (struct wire_event){.kind = EVENT_PROCESS_EXIT, .time = 5000}, NULL);
	struct recording *recording = exported_record(bed, history, NULL);
	struct text out = export_all(recording, "chrome");

	assert_trace(&out);
	text_release(&out);
	recording_close(recording);
}

/* ---- damage ---- */

/* What is left of a file in which something is wrong. */
static void export_what_is_left(struct bed *bed)
{
	struct recording *recording = recording_open(bed->file, &bed->problem);

	text_reset(&bed->problem);
	if (recording == NULL)
		return;
	assert_true(recording_load(recording, UINT64_MAX));
	for (const struct exporter *const *exporter = EXPORTERS; *exporter != NULL; exporter++) {
		struct text out = export_all(recording, (*exporter)->name);

		assert_harmless((*exporter)->name, &out);
		if (strcmp((*exporter)->name, "chrome") == 0)
			json_decref(json_loadb(out.bytes, out.length, 0, NULL));
		text_release(&out);
	}
	recording_close(recording);
}

static void damaged_recordings_are_exported(void **state)
{
	struct bed *bed = *state;
	struct text bytes = TEXT_INIT;

	recording_close(exported_made(bed, 40, true));
	bed_take_file(&bytes, bed->file);
	for (size_t at = 0; at < bytes.length; at += 29) {
		bytes.bytes[at] ^= (char)(1 + at % 255);
		bed_put_file(bed->file, bytes.bytes, bytes.length);
		export_what_is_left(bed);
		bytes.bytes[at] ^= (char)(1 + at % 255);
		bed_put_file(bed->file, bytes.bytes, at);
		export_what_is_left(bed);
	}
	text_release(&bytes);
}

#define with_bed(test) cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bed(nothing_hostile_gets_through),
		with_bed(a_cast_sends_only_its_own_escapes),
		with_bed(no_cell_is_a_formula),
		with_bed(traces_of_free_and_hostile_runs_too),
		with_bed(a_thread_may_outlive_its_process),
		with_bed(damaged_recordings_are_exported),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
