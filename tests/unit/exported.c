/* SPDX-License-Identifier: MIT */
#include "exported.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/utf8.h"

/* ---- exporting into a text ---- */

static int take(struct export *export, double done)
{
	struct sink *sink = export->context;

	assert_true(done >= 0 && done <= 1.0001);
	if (++sink->calls == sink->stop_at)
		return -EINTR;
	text_add_bytes(&sink->all, export->out->bytes, export->out->length);
	text_reset(export->out);
	return 0;
}

int export_with(struct recording *recording, const char *format, const struct export_options *options, struct sink *sink)
{
	struct text out = TEXT_INIT;
	struct export export = {.recording = recording, .out = &out, .flush = take, .context = sink};

	export.options = *options;
	text_init(&sink->all);
	sink->calls = 0;
	int error = exporter_find(format)->write(&export);
	assert_true(error != 0 || out.length == 0);
	text_release(&out);
	return error;
}

struct text export_all(struct recording *recording, const char *format)
{
	struct sink sink = {0};

	assert_int_equal(export_with(recording, format, &(struct export_options){.cast_version = 2}, &sink), 0);
	return sink.all;
}

/* ---- recordings ---- */

struct recording *exported_record(struct bed *bed, const struct history *history, const struct run_end *end)
{
	struct recorder *recorder = bed_begin(bed);

	assert_int_equal(recorder_follow(recorder, history, &bed->made.schedule, true), 0);
	assert_int_equal(recorder_finish(recorder, history, end), 0);
	recorder_free(recorder);
	return bed_read_all(bed);
}

struct recording *exported_made(struct bed *bed, unsigned int steps, bool gated)
{
	static char verdict[] = "lost update";
	json_t *outcome = json_pack("{s:i}", "balance", 199);
	const struct run_result result = {.told = true, .ok = true, .verdict = verdict, .outcome = outcome};
	const struct run_end end = {.result = &result, .schedule = gated ? &bed->made.schedule : NULL};

	bed->options.gated = gated;
	made_begin(&bed->made);
	made_steps(&bed->made, steps);
	struct recording *recording = exported_record(bed, bed->made.history, &end);
	json_decref(outcome);
	return recording;
}

/* ---- what holds of every format ---- */

/* Nothing that a terminal, a browser or a spreadsheet would act on: C0 but for ends of lines, DEL, C1, bidirectional controls. */
void assert_harmless(const char *format, const struct text *out)
{
	const char *at = out->bytes, *end = at + out->length;

	while (at < end) {
		uint32_t character;
		size_t used = utf8_decode(at, (size_t)(end - at), &character);
		bool line = character == '\n' || (character == '\r' && strcmp(format, "csv") == 0);

		if ((character < 0x20 && !line) || (character >= 0x7f && character < 0xa0) || (character >= 0x202a && character <= 0x202e) ||
		    (character >= 0x2066 && character <= 0x2069) || character == 0x200b)
			fail_msg("%s holds U+%04X at %zu: %.40s", format, character, (size_t)(at - out->bytes), at);
		at += used;
	}
}

void exported_tell(struct history *history, struct wire_event event, const char *text)
{
	history_append(history, &event, text, text != NULL ? strlen(text) : 0);
}

/* ---- traces ---- */

struct track {
	long long pid, tid;
	double began, time; /* of what was told last */
	char phase;         /* its own */
	int open;
};

static struct track *track_of(struct track *tracks, size_t *count, const json_t *event)
{
	long long pid = json_integer_value(json_object_get(event, "pid")), tid = json_integer_value(json_object_get(event, "tid"));

	for (size_t i = 0; i < *count; i++)
		if (tracks[i].pid == pid && tracks[i].tid == tid)
			return &tracks[i];
	assert_true(*count < 4096);
	tracks[*count] = (struct track){.pid = pid, .tid = tid};
	return &tracks[(*count)++];
}

/* Per track times never go back; what begins ends, in order; flows go forward, into what was told last. */
void assert_trace(const struct text *out)
{
	static struct track tracks[4096];
	size_t count = 0, flows = 0, index;
	json_t *trace = json_loadb(out->bytes, out->length, 0, NULL), *event;

	assert_non_null(trace);
	json_array_foreach(json_object_get(trace, "traceEvents"), index, event) {
		const char *phase = json_string_value(json_object_get(event, "ph"));
		double time = json_number_value(json_object_get(event, "ts"));
		struct track *track = track_of(tracks, &count, event);

		if (strchr("BEXi", phase[0]) != NULL) {
			assert_true(phase[0] == 'X' ? time > track->time : time >= track->time); /* readers put an X before a B of its time */
			if (phase[0] == 'E' && track->phase == 'X') /* one that cuts times to nanoseconds must not take them for crossed */
				assert_true(time - track->time > 0.0015);
			track->phase = phase[0];
			track->began = time;
			track->time = time + json_number_value(json_object_get(event, "dur"));
			track->open += phase[0] == 'B' ? 1 : phase[0] == 'E' ? -1 : 0;
			assert_true(track->open >= 0);
		} else if (phase[0] == 's') {
			json_t *end = json_array_get(json_object_get(trace, "traceEvents"), index + 1);

			assert_string_equal(json_string_value(json_object_get(end, "ph")), "f");
			assert_true(json_equal(json_object_get(end, "id"), json_object_get(event, "id")));
			const struct track *to = track_of(tracks, &count, end);
			double arrives = json_number_value(json_object_get(end, "ts"));
			assert_true(arrives >= time && arrives >= to->began && arrives <= to->time);
			flows++;
		}
	}
	for (size_t i = 0; i < count; i++)
		assert_int_equal(tracks[i].open, 0);
	assert_true(flows > 0);
	json_decref(trace);
}
