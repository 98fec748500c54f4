/* SPDX-License-Identifier: MIT */
/*
 * Recordings that somebody made to do harm: every block is whole and its hash right, but what it
 * holds is a lie. Nothing is believed, nothing is shown as it came, nothing is opened or run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <xxhash.h>

#include "recording/block.h"
#include "recording/columns.h"
#include "recording/events.h"
#include "recording/head.h"
#include "recording/steps.h"
#include "support/recorded.h"

/* A file that is put together block by block. */
struct forged {
	struct bed *bed;
	struct text bytes;
	uint32_t number;
	ZSTD_CCtx *zstd;
};

static struct forged forge(struct bed *bed)
{
	struct forged forged = {.bed = bed, .bytes = TEXT_INIT, .zstd = ZSTD_createCCtx()};
	uint8_t head[RECORDING_HEAD_BYTES];

	recording_write_head(head);
	text_add_bytes(&forged.bytes, (const char *)head, sizeof head);
	return forged;
}

static void add(struct forged *forged, unsigned int type, uint32_t count, uint64_t first, const struct text *content)
{
	struct block block = {.type = type, .number = forged->number++, .count = count, .first = first};
	struct text packed = TEXT_INIT;

	assert_int_equal(block_pack(forged->zstd, &block, content, &packed), 0);
	text_add_bytes(&forged->bytes, packed.bytes, packed.length);
	text_release(&packed);
}

static void add_string(struct forged *forged, unsigned int type, const char *string)
{
	struct text content = TEXT_INIT;

	text_add(&content, string);
	add(forged, type, 1, 0, &content);
	text_release(&content);
}

static void add_head(struct forged *forged)
{
	struct text content = TEXT_INIT;

	head_pack(&content, &forged->bed->options);
	add(forged, BLOCK_HEAD, 1, 0, &content);
	text_release(&content);
}

/* Reads what was forged; it is a recording. */
static struct recording *finish(struct forged *forged)
{
	bed_put_file(forged->bed->file, forged->bytes.bytes, forged->bytes.length);
	text_release(&forged->bytes);
	ZSTD_freeCCtx(forged->zstd);
	struct recording *recording = bed_open(forged->bed);
	assert_true(recording_load(recording, UINT64_MAX));
	return recording;
}

static void assert_damage(struct recording *recording, const char *words)
{
	if (strstr(recording_damage(recording), words) == NULL)
		fail_msg("not said: '%s', but: %s", words, recording_damage(recording));
	recording_close(recording);
}

static void assert_safe(const char *string)
{
	for (; *string != '\0'; string++)
		if ((unsigned char)*string < 0x20 || *string == 0x7f)
			fail_msg("a control byte: %02x", (unsigned char)*string);
}

/* ---- what is no recording ---- */

static void assert_refused(struct bed *bed, const char *path, const char *words)
{
	text_reset(&bed->problem);
	assert_null(recording_open(path, &bed->problem));
	if (strstr(bed->problem.bytes, words) == NULL)
		fail_msg("not said: '%s', but: %s", words, bed->problem.bytes);
}

static void what_is_no_recording_is_refused(void **state)
{
	struct bed *bed = *state;
	uint8_t head[RECORDING_HEAD_BYTES];

	assert_refused(bed, bed->source, "no recording");
	assert_refused(bed, "/dev/null", "no regular file");
	assert_refused(bed, "/dev/zero", "no regular file");
	assert_refused(bed, bed->folder, "no regular file");
	assert_refused(bed, "/proc/self/no-such-file", "No such file");
	bed_put_file(bed->file, "", 0);
	assert_refused(bed, bed->file, "no recording");
	recording_write_head(head);
	bed_put_file(bed->file, (const char *)head, sizeof head);
	assert_refused(bed, bed->file, "no recording");
}

/* One that would take minutes to look through. */
static void a_large_file_is_refused_soon(void **state)
{
	struct bed *bed = *state;

	bed_put_file(bed->file, "", 0);
	assert_int_equal(truncate(bed->file, (off_t)1 << 38), 0);
	assert_refused(bed, bed->file, "no recording");
}

static void other_versions_are_refused(void **state)
{
	static const struct {
		uint32_t version;
		const char *words;
	} others[] = {{1, "an older Lockstep wrote it, in version 1"},
	              {RECORDING_VERSION + 1, "a newer Lockstep wrote it, in version 3"},
	              {UINT32_MAX, "a newer Lockstep wrote it, in version 4294967295"}};
	struct bed *bed = *state;
	struct text bytes = TEXT_INIT;

	bed_record(bed, 3, 3);
	bed_take_file(&bytes, bed->file);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		memcpy(bytes.bytes + 8, &others[i].version, 4);
		const uint32_t check = XXH32(bytes.bytes, 12, 0);
		memcpy(bytes.bytes + 12, &check, sizeof check);
		bed_put_file(bed->file, bytes.bytes, bytes.length);
		assert_refused(bed, bed->file, others[i].words);
	}
	text_release(&bytes);
}

static void hash_again(uint8_t *block, size_t stored, uint32_t version)
{
	const uint64_t hash = XXH64(block + BLOCK_HEAD_BYTES, stored, XXH64(block, 32, version));

	memcpy(block + 32, &hash, sizeof hash);
}

/* Where the file's head is damaged, blocks are looked for; those of another version are not taken for ours. */
static void blocks_of_another_version_are_none(void **state)
{
	struct bed *bed = *state;

	for (uint32_t version = RECORDING_VERSION - 1; version <= RECORDING_VERSION; version++) {
		struct forged forged = forge(bed);
		add_head(&forged);
		uint8_t *head = (uint8_t *)forged.bytes.bytes;
		head[12] ^= 1;
		hash_again(head + RECORDING_HEAD_BYTES, forged.bytes.length - RECORDING_HEAD_BYTES - BLOCK_HEAD_BYTES, version);
		if (version == RECORDING_VERSION) {
			recording_close(finish(&forged));
			continue;
		}
		bed_put_file(bed->file, forged.bytes.bytes, forged.bytes.length);
		assert_refused(bed, bed->file, "no recording");
		text_reset(&bed->problem);
		text_release(&forged.bytes);
		ZSTD_freeCCtx(forged.zstd);
	}
}

/* ---- the head ---- */

static void try_head(struct bed *bed, const char *json, const char *words)
{
	struct forged forged = forge(bed);

	add_string(&forged, BLOCK_HEAD, json);
	add_string(&forged, BLOCK_PLACES, "");
	add_string(&forged, BLOCK_HEAD, json);
	struct recording *recording = finish(&forged);
	assert_string_equal(recording_options(recording)->settings->lesson->name, "unknown");
	assert_damage(recording, words);
}

static void heads_that_say_nothing(void **state)
{
	struct bed *bed = *state;
	struct text deep = TEXT_INIT;

	try_head(bed, "", "the head: it names no lesson");
	try_head(bed, "[]", "the head: it names no lesson");
	try_head(bed, "{\"lesson\":{\"name\":7}}", "the head: it names no lesson");
	try_head(bed, "{\"lesson\":{\"name\":\"../../bin/sh\",\"description\":{}}}", "the head: it names no lesson");
	try_head(bed, "{\"lesson\":{\"name\":\"a/b\",\"description\":{}}}", "the head: it names no lesson");
	try_head(bed, "{\"lesson\":{\"name\":\"bank-race\"}}", "the head: title is not a string");
	try_head(bed, "{\"lesson\":{\"name\":\"bank-race\",\"description\":{\"title\":[]}}}", "the head: title is not a string");
	for (unsigned int i = 0; i < 100000; i++)
		text_add_char(&deep, '[');
	try_head(bed, deep.bytes, "the head: it names no lesson");
	text_release(&deep);
}

/* Control bytes in every string of a head, in JSON as it allows them. */
static void heads_full_of_control_bytes(void **state)
{
	struct bed *bed = *state;
	struct forged forged = forge(bed);

	add_string(&forged, BLOCK_HEAD,
	           "{\"version\":\"\\u001b[2J\",\"lesson\":{\"name\":\"evil\",\"chapter\":\"\\u001b]52;c;AAAA\\u0007\",\"description\":{"
	           "\"title\":\"\\u009b31m\\u202e\",\"summary\":\"a\\nb\",\"outcome\":\"\\u0000\",\"right\":\"\\u007f\","
	           "\"step_settings\":null,\"parameters\":[{\"name\":\"lock\",\"help\":\"\\u001b\",\"fallback\":\"off\","
	           "\"choices\":[\"off\",\"on\"]}],\"variants\":[]}},"
	           "\"set\":{\"lock\":\"\\u001b[31m\"},\"chosen\":[\"lock\",\"\\u001b\",7],\"seed\":\"x\",\"speed\":1e300}");
	struct recording *recording = finish(&forged);
	const struct run_options *options = recording_options(recording);
	const struct catalog_lesson *lesson = options->settings->lesson;
	if (strcmp(lesson->name, "evil") == 0) {
		assert_safe(recording_version(recording));
		assert_safe(lesson->chapter);
		assert_safe(lesson->title);
		assert_safe(lesson->summary);
		assert_safe(lesson->parameters[0].help);
		assert_string_equal(settings_get(options->settings, "lock"), "off");
		assert_true(options->speed == 1.0);
	}
	for (const char *line = recording_damage(recording); *line != '\0'; line++)
		assert_true(*line == '\n' || (unsigned char)*line >= 0x20);
	assert_damage(recording, "the head");
}

/* ---- events ---- */

/* Two events of actor 1 on object 1, with one number in one column other than it should be. */
enum lie { NO_LIE, ACTOR, OBJECT, AUX, PLACE, PLACE_COUNT, TEXT_LENGTH, SHORT, TIMES_BACK, KIND, LIES };

static void forge_events(struct text *content, enum lie lie)
{
	const uint64_t two[] = {5, 6}, none[2] = {0};
	uint64_t numbers[2] = {0, 0};

	text_reset(content);
	column_add_numbers(content, (const uint64_t[]){100, lie == TIMES_BACK ? UINT64_MAX - 49 : 10}, 2);
	column_add_numbers(content, (const uint64_t[]){1, lie == ACTOR ? ACTORS_MAX : 0}, 2);
	column_add_numbers(content, (const uint64_t[]){EVENT_VALUE_READ, lie == KIND ? 255 : EVENT_VALUE_WRITE}, 2);
	column_add_numbers(content, none, 2);
	column_add_numbers(content, (const uint64_t[]){1, lie == OBJECT ? UINT16_MAX + 1 : 2}, 2);
	column_add_numbers(content, (const uint64_t[]){1, lie == AUX ? UINT64_MAX : 2}, 2);
	column_add_varint(content, lie == PLACE_COUNT ? UINT64_MAX : 2);
	column_add_numbers(content, two, 2);
	column_add_numbers(content, (const uint64_t[]){0, lie == PLACE ? 2 : 1}, 2);
	if (lie == SHORT)
		return;
	column_add_numbers(content, two, 2);
	column_add_varint(content, 0); /* reals: their bits; none */
	column_add_bytes(content, NULL, 0);
	numbers[1] = lie == TEXT_LENGTH ? 1000 : 3;
	column_add_numbers(content, numbers, 2);
	column_add_bytes(content, (const uint8_t *)"a\x1b\x9b", 3);
}

static void numbers_out_of_range(void **state)
{
	struct bed *bed = *state;
	struct text content = TEXT_INIT;

	for (enum lie lie = NO_LIE; lie < LIES; lie++) {
		struct forged forged = forge(bed);
		bool harmless = lie == NO_LIE || lie == TIMES_BACK || lie == KIND;

		add_head(&forged);
		forge_events(&content, lie);
		add(&forged, BLOCK_EVENTS, 2, 0, &content);
		struct recording *recording = finish(&forged);
		struct history *history = recording_history(recording);
		assert_int_equal(history_count(history), harmless ? 2 : 0);
		assert_int_equal(*recording_damage(recording) == '\0', harmless);
		if (harmless) {
			assert_safe(history_text(history, 0, NULL));
			assert_safe(history_text(history, 1, NULL));
			assert_true(history_at(history, 1)->time >= history_at(history, 0)->time);
			assert_true(history_at(history, 0)->kind < EVENT_KIND_COUNT);
			assert_true(history_at(history, 1)->kind < EVENT_KIND_COUNT);
		}
		recording_close(recording);
	}
	text_release(&content);
}

static void try_events(struct bed *bed, uint32_t count, uint64_t first, const char *words)
{
	struct forged forged = forge(bed);
	struct text content = TEXT_INIT;

	add_head(&forged);
	forge_events(&content, NO_LIE);
	add(&forged, BLOCK_EVENTS, count, first, &content);
	text_release(&content);
	assert_damage(finish(&forged), words);
}

static void counts_that_lie(void **state)
{
	struct bed *bed = *state;

	try_events(bed, 3, 0, "does not hold the events");
	try_events(bed, BLOCK_EVENTS_MAX, 0, "does not hold the events");
	try_events(bed, UINT32_MAX, 0, "does not hold the events");
	try_events(bed, 2, UINT64_MAX, "does not go on");
	try_events(bed, 2, EVENTS_MAX + 1ull, "does not go on");
	try_events(bed, 2, EVENTS_MAX, "events 1 to 134217728 are missing");
}

/* One event, a real, stored in `form` as `number`; what it is then, when it is anything. */
static void try_real(struct bed *bed, uint64_t form, uint64_t number, const double *real)
{
	struct forged forged = forge(bed);
	struct text content = TEXT_INIT;
	const uint64_t zero[1] = {0}, flags[1] = {EVENT_REAL};

	for (unsigned int i = 0; i < 6; i++)
		column_add_numbers(&content, i == 3 ? flags : zero, 1);
	column_add_varint(&content, 1); /* a place */
	column_add_numbers(&content, zero, 1);
	column_add_numbers(&content, zero, 1);
	column_add_bytes(&content, NULL, 0); /* no value that is no real */
	column_add_varint(&content, form);
	column_add_numbers(&content, &number, 1);
	column_add_numbers(&content, zero, 1);
	column_add_bytes(&content, NULL, 0);
	add_head(&forged);
	add(&forged, BLOCK_EVENTS, 1, 0, &content);
	text_release(&content);
	struct recording *recording = finish(&forged);
	if (real == NULL) {
		assert_damage(recording, "does not hold the events");
		return;
	}
	assert_string_equal(recording_damage(recording), "");
	assert_true(wire_event_real(history_at(recording_history(recording), 0)) == *real);
	recording_close(recording);
}

static void reals_that_cannot_be(void **state)
{
	struct bed *bed = *state;
	const uint64_t most = (UINT64_C(1) << 53) - 1;

	try_real(bed, 0, (uint64_t)wire_event_bits(-1e300), &(double){-1e300});
	try_real(bed, 1, 1, &(double){0x1p-53});
	try_real(bed, 1, most, &(double){1 - 0x1p-53});
	try_real(bed, 1, most + 1, NULL);
	try_real(bed, 1, UINT64_MAX, NULL);
	try_real(bed, 2, 1, NULL);
	try_real(bed, UINT64_MAX, 1, NULL);
}

static void events_that_come_twice(void **state)
{
	struct bed *bed = *state;
	struct forged forged = forge(bed);
	struct text content = TEXT_INIT;

	add_head(&forged);
	forge_events(&content, NO_LIE);
	for (uint64_t first = 0; first < 2; first++)
		add(&forged, BLOCK_EVENTS, 2, first, &content);
	text_release(&content);
	struct recording *recording = finish(&forged);
	assert_int_equal(history_count(recording_history(recording)), 2);
	assert_damage(recording, "block 2 does not go on");
}

/* A recording of next to no bytes that becomes gigabytes: it stops at a limit. */
static void events_without_end(void **state)
{
	struct bed *bed = *state;
	struct forged forged = forge(bed);
	struct text content = TEXT_INIT;

	add_head(&forged);
	forge_events(&content, NO_LIE);
	add(&forged, BLOCK_EVENTS, 2, EVENTS_MAX - 1ull, &content);
	add(&forged, BLOCK_EVENTS, 2, EVENTS_MAX + 1ull, &content);
	text_release(&content);
	struct recording *recording = finish(&forged);
	assert_true(history_count(recording_history(recording)) <= 3);
	assert_damage(recording, "does not go on");
}

/* ---- texts, places ---- */

static void a_line_of_a_megabyte(void **state)
{
	struct bed *bed = *state;
	struct forged forged = forge(bed);
	struct text content = TEXT_INIT, line = TEXT_INIT;
	const uint64_t zero[1] = {0}, length[1] = {TEXT_BYTES_MAX};

	while (line.length < TEXT_BYTES_MAX)
		text_add(&line, "\x1b\x07\x9b\xff");
	for (unsigned int i = 0; i < 6; i++)
		column_add_numbers(&content, zero, 1);
	column_add_varint(&content, 1);
	column_add_numbers(&content, zero, 1); /* places: the list, the index */
	column_add_numbers(&content, zero, 1);
	column_add_numbers(&content, zero, 1);
	column_add_varint(&content, 0);
	column_add_bytes(&content, NULL, 0);
	column_add_numbers(&content, length, 1);
	column_add_bytes(&content, (const uint8_t *)line.bytes, line.length);
	add_head(&forged);
	add(&forged, BLOCK_EVENTS, 1, 0, &content);
	struct recording *recording = finish(&forged);
	assert_string_equal(recording_damage(recording), "");
	assert_int_equal(history_count(recording_history(recording)), 1);
	assert_safe(history_text(recording_history(recording), 0, NULL));
	recording_close(recording);
	text_release(&content);
	text_release(&line);
}

static void add_place(struct text *content, uint64_t number, const char *file, const char *function)
{
	column_add_varint(content, number);
	column_add_varint(content, 12);
	column_add_varint(content, strlen(file));
	column_add_varint(content, strlen(function));
	text_add(content, file);
	text_add(content, function);
}

static void places_are_no_paths(void **state)
{
	struct bed *bed = *state;
	struct forged forged = forge(bed);
	struct text content = TEXT_INIT;

	add_head(&forged);
	add_place(&content, 1, "../../../etc/passwd", "\x1b[31m");
	add_place(&content, 2, "/", "main");
	add_place(&content, 0, "zero.c", "main");
	add(&forged, BLOCK_PLACES, 3, 0, &content);
	text_reset(&content);
	add_place(&content, UINT64_MAX, "lesson.c", "main");
	add(&forged, BLOCK_PLACES, 1, 0, &content);
	text_reset(&content);
	add_place(&content, 3, "lesson.c", "main");
	text_set_length(&content, content.length - 1);
	add(&forged, BLOCK_PLACES, 1, 0, &content);
	struct recording *recording = finish(&forged);
	struct history *history = recording_history(recording);
	assert_string_equal(history_place(history, 1).file, "passwd");
	assert_string_equal(history_place(history, 1).function, "␛[31m");
	assert_string_equal(history_place(history, 2).file, "");
	assert_string_equal(history_place(history, 0).file, "");
	assert_false(history_has_place(history, 3));
	assert_damage(recording, "holds other than places");
	text_release(&content);
}

static void places_have_a_limit(void **state)
{
	struct bed *bed = *state;
	struct forged forged = forge(bed);
	struct text content = TEXT_INIT;

	add_head(&forged);
	for (unsigned int i = 1; i < PLACES_MAX + 10; i++)
		add_place(&content, i, "a", "b");
	add(&forged, BLOCK_PLACES, PLACES_MAX + 9, 0, &content);
	text_release(&content);
	assert_damage(finish(&forged), "holds other than places");
}

/* ---- steps ---- */

static void try_steps(struct bed *bed, const uint64_t numbers[5], const uint64_t *positions, const uint64_t *choices,
                      const char *words)
{
	struct forged forged = forge(bed);
	struct text content = TEXT_INIT;

	add_head(&forged);
	for (unsigned int i = 0; i < 5; i++)
		column_add_varint(&content, numbers[i]);
	column_add_numbers(&content, positions, 2);
	column_add_numbers(&content, choices, 2);
	add(&forged, BLOCK_STEPS, 2, 0, &content);
	text_release(&content);
	assert_damage(finish(&forged), words);
}

static void steps_that_cannot_be(void **state)
{
	struct bed *bed = *state;
	const uint64_t positions[] = {3, 1}, choices[] = {0, 1}, beyond[] = {0, ACTORS_MAX}, far[] = {1, UINT64_MAX};

	try_steps(bed, (const uint64_t[]){0, 2, 0, 2, 1}, positions, choices, "the events of the last 2 steps are missing");
	try_steps(bed, (const uint64_t[]){UINT64_MAX, 2, 0, 2, 1}, positions, choices, "no steps");
	try_steps(bed, (const uint64_t[]){0, UINT64_MAX, 0, 2, 1}, positions, choices, "no steps");
	try_steps(bed, (const uint64_t[]){0, 3, 0, 2, 1}, positions, choices, "no steps");
	try_steps(bed, (const uint64_t[]){0, 2, 0, 200, 1}, positions, choices, "no steps");
	try_steps(bed, (const uint64_t[]){0, 2, 0, 2, UINT64_MAX}, positions, choices, "no steps");
	try_steps(bed, (const uint64_t[]){0, 2, 0, 2, 1}, positions, beyond, "no steps");
	try_steps(bed, (const uint64_t[]){0, 2, 0, 2, 1}, far, choices, "no steps");
	try_steps(bed, (const uint64_t[]){10, 2, 0, 2, 1}, positions, choices, "steps 1 to 10 are missing");
	try_steps(bed, (const uint64_t[]){0, 2, 5, 2, 1}, positions, choices, "choices are missing");
}

/* ---- blocks ---- */

static void unknown_types_are_named(void **state)
{
	struct bed *bed = *state;
	struct forged forged = forge(bed);

	add_head(&forged);
	add_string(&forged, BLOCK_TYPE_COUNT, "from the future");
	add_string(&forged, UINT16_MAX, "from further away");
	add_string(&forged, BLOCK_END, "{\"verdict\":\"ok\"}");
	struct recording *recording = finish(&forged);
	assert_string_equal(recording_end(recording)->result->verdict, "ok");
	assert_non_null(strstr(recording_damage(recording), "does not know (65535)"));
	assert_damage(recording, "does not know (7)");
}

/* What says that it becomes more than it does, or is larger than blocks may be. */
static void blocks_that_do_not_unpack(void **state)
{
	struct bed *bed = *state;
	struct forged forged = forge(bed);
	struct text content = TEXT_INIT;

	add_head(&forged);
	size_t at = forged.bytes.length;
	add_string(&forged, BLOCK_TEXT, "four");
	uint8_t *head = (uint8_t *)forged.bytes.bytes + at;
	head[16] = 5;
	hash_again(head, forged.bytes.length - at - BLOCK_HEAD_BYTES, RECORDING_VERSION);
	struct recording *recording = finish(&forged);
	assert_string_equal(recording_text(recording), "");
	assert_damage(recording, "cannot be unpacked");

	text_set_length(&content, 0);
	memset(text_reserve(&content, BLOCK_BYTES_MAX + 1), 'a', BLOCK_BYTES_MAX + 1);
	text_set_length(&content, BLOCK_BYTES_MAX + 1);
	struct text packed = TEXT_INIT;
	struct block block = {.type = BLOCK_TEXT};
	ZSTD_CCtx *zstd = ZSTD_createCCtx();
	assert_true(block_pack(zstd, &block, &content, &packed) < 0);
	ZSTD_freeCCtx(zstd);
	text_release(&packed);
	text_release(&content);
}

/* A file of nothing but the beginnings of blocks, each of which says that it reaches to the end. */
static void a_file_of_beginnings_is_given_up(void **state)
{
	struct bed *bed = *state;
	struct text bytes = TEXT_INIT;
	enum { BEGINNINGS = 100000 };

	for (unsigned int i = 0; i < BEGINNINGS; i++) {
		uint8_t head[BLOCK_HEAD_BYTES] = BLOCK_MAGIC;
		uint32_t stored = (BEGINNINGS - i - 1) * (uint32_t)sizeof head;

		memcpy(head + 20, &stored, sizeof stored);
		text_add_bytes(&bytes, (const char *)head, sizeof head);
	}
	bed_put_file(bed->file, bytes.bytes, bytes.length);
	assert_refused(bed, bed->file, "no recording");
	text_release(&bytes);
}

/* ---- the end ---- */

static void ends_that_are_none(void **state)
{
	struct bed *bed = *state;
	static const char *const ends[] = {"", "{}", "[]", "{\"verdict\":7}", "\"\"", "{\"verdict\":\"x\""};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct forged forged = forge(bed);
		add_head(&forged);
		add_string(&forged, BLOCK_END, ends[i]);
		struct recording *recording = finish(&forged);
		assert_null(recording_end(recording));
		recording_close(recording);
	}
}

static size_t depth_of(const json_t *value)
{
	size_t depth = 0;

	for (; json_is_array(value); value = json_array_get(value, 0))
		depth++;
	return depth;
}

static void outcomes_too_deep(void **state)
{
	struct bed *bed = *state;
	struct forged forged = forge(bed);
	struct text json = TEXT_INIT;

	text_add(&json, "{\"verdict\":\"\\u001b[31m\",\"outcome\":{\"\\u001b\":");
	for (unsigned int i = 0; i < 1500; i++)
		text_add_char(&json, '[');
	for (unsigned int i = 0; i < 1500; i++)
		text_add_char(&json, ']');
	text_add(&json, "},\"expected\":[],\"lost\":\"-1\",\"exit_status\":99999999999}");
	add_head(&forged);
	add_string(&forged, BLOCK_END, json.bytes);
	struct recording *recording = finish(&forged);
	const struct run_result *result = recording_end(recording)->result;
	assert_safe(result->verdict);
	assert_null(result->expected);
	assert_in_range(depth_of(json_object_get(result->outcome, "␛")), 1, JSON_DEPTH_READ);
	recording_close(recording);
	text_release(&json);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BED(what_is_no_recording_is_refused),
		WITH_BED(a_large_file_is_refused_soon),
		WITH_BED(other_versions_are_refused),
		WITH_BED(blocks_of_another_version_are_none),
		WITH_BED(heads_that_say_nothing),
		WITH_BED(heads_full_of_control_bytes),
		WITH_BED(numbers_out_of_range),
		WITH_BED(counts_that_lie),
		WITH_BED(reals_that_cannot_be),
		WITH_BED(events_that_come_twice),
		WITH_BED(events_without_end),
		WITH_BED(a_line_of_a_megabyte),
		WITH_BED(places_are_no_paths),
		WITH_BED(places_have_a_limit),
		WITH_BED(steps_that_cannot_be),
		WITH_BED(unknown_types_are_named),
		WITH_BED(blocks_that_do_not_unpack),
		WITH_BED(a_file_of_beginnings_is_given_up),
		WITH_BED(ends_that_are_none),
		WITH_BED(outcomes_too_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
