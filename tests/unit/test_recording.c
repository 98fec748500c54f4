/* SPDX-License-Identifier: MIT */
/* A recording holds what was recorded: every event, text, place, step and choice, the lesson, the end. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "recording/block.h"
#include "recording/columns.h"
#include "recording/format.h"
#include "support/recorded.h"
#include "wire/wire.h"

/* ---- numbers ---- */

static void assert_column_keeps(const uint64_t *numbers, size_t count)
{
	uint64_t found[64];
	struct text bytes = TEXT_INIT;

	column_add_numbers(&bytes, numbers, count);
	struct column from = {.at = (const uint8_t *)bytes.bytes, .end = (const uint8_t *)bytes.bytes + bytes.length};
	assert_true(column_take_numbers(&from, found, count, UINT64_MAX));
	assert_memory_equal(numbers, found, count * sizeof *numbers);
	assert_ptr_equal(from.at, from.end);
	text_release(&bytes);
}

static void numbers_of_every_size_come_back(void **state)
{
	(void)state;
	uint64_t numbers[64];

	for (unsigned int i = 0; i < 64; i++)
		numbers[i] = UINT64_MAX >> i;
	for (size_t count = 0; count <= 64; count++) {
		assert_column_keeps(numbers, count);
		assert_column_keeps(numbers + 64 - count, count);
	}
	for (unsigned int i = 0; i < 64; i++)
		numbers[i] = i == 40 ? 128 : i;
	for (size_t count = 0; count <= 64; count++)
		assert_column_keeps(numbers, count);
}

static void a_column_of_one_number_is_short(void **state)
{
	(void)state;
	uint64_t numbers[40] = {0};
	struct text bytes = TEXT_INIT;

	column_add_numbers(&bytes, numbers, 40);
	assert_int_equal(bytes.length, 1);
	assert_column_keeps(numbers, 40);
	for (size_t i = 0; i < 40; i++)
		numbers[i] = 0x0700;
	text_reset(&bytes);
	column_add_numbers(&bytes, numbers, 40);
	assert_int_equal(bytes.length, 1 + 2 + 2);
	assert_column_keeps(numbers, 40);
	text_release(&bytes);
}

static void signed_numbers_come_back(void **state)
{
	(void)state;
	const int64_t numbers[] = {0, -1, 1, INT64_MIN, INT64_MAX, 63, -64};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		assert_true(unzigzag(zigzag(numbers[i])) == numbers[i]);
	assert_int_equal(zigzag(-64), 127);
}

static bool can_take(const char *bytes, size_t length, size_t count, uint64_t limit)
{
	uint64_t found[8];
	struct column from = {.at = (const uint8_t *)bytes, .end = (const uint8_t *)bytes + length};

	return column_take_numbers(&from, found, count, limit);
}

static void numbers_are_never_read_behind_the_end(void **state)
{
	(void)state;
	assert_true(can_take("\0", 1, 8, 0));                     /* no planes: all are 0 */
	assert_true(can_take("\5\1\1\2\3\4", 6, 4, 4));
	assert_false(can_take("\5\1\1\2\3\4", 6, 4, 3));         /* greater than they may be */
	assert_false(can_take("\5\1\1\2\3\4", 6, 5, 255));       /* fewer than there should be */
	assert_false(can_take("\5\1\1\2\3", 5, 4, 255));          /* the column is longer than what is there */
	assert_false(can_take("\1\1", 2, 4, 255));
	assert_false(can_take("\1\0", 2, 4, 255));
	assert_false(can_take("\2\2\1", 3, 4, 255));               /* neither alike nor each */
	assert_false(can_take("", 0, 4, 255));
	assert_false(can_take("\x80\x80", 2, 0, 255));
	assert_false(can_take("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 10, 0, 255));
	assert_true(can_take("\4\0\1\0\1", 5, 8, 0x101));
}

/* ---- histories ---- */

static void a_run_comes_back(void **state)
{
	struct bed *bed = *state;

	bed_record(bed, 1000, 1000);
	struct recording *recording = bed_read_all(bed);
	assert_same_history(bed->made.history, recording_history(recording));
	assert_same_schedule(&bed->made.schedule, recording_schedule(recording));
	recording_close(recording);
}

/* Of a run that is followed closely, blocks are small, and a step often ends after its events were told. */
static void it_may_be_told_bit_by_bit(void **state)
{
	struct bed *bed = *state;

	for (unsigned int a_block = 1; a_block <= 5; a_block++) {
		made_release(&bed->made);
		made_init(&bed->made, a_block);
		bed_record(bed, 60, a_block);
		struct recording *recording = bed_read_all(bed);
		assert_same_history(bed->made.history, recording_history(recording));
		assert_same_schedule(&bed->made.schedule, recording_schedule(recording));
		recording_close(recording);
	}
}

static void a_step_may_end_after_its_events_were_told(void **state)
{
	struct bed *bed = *state;
	struct recorder *recorder = bed_begin(bed);
	const struct wire_event event = {.kind = EVENT_VALUE_READ, .object = 1};

	history_append(bed->made.history, &event, NULL, 0);
	recorder_follow(recorder, bed->made.history, &bed->made.schedule, true);
	history_begin_steps(bed->made.history);
	for (unsigned int i = 0; i < 4; i++) {
		schedule_add(&bed->made.schedule, i);
		history_append(bed->made.history, &event, NULL, 0);
		recorder_follow(recorder, bed->made.history, &bed->made.schedule, true);
		history_end_step(bed->made.history);
		if (i == 2)
			history_end_step(bed->made.history); /* one of which nothing was told */
		recorder_follow(recorder, bed->made.history, &bed->made.schedule, i % 2 == 0);
	}
	schedule_add(&bed->made.schedule, 5); /* a choice whose step is not over */
	assert_int_equal(recorder_follow(recorder, bed->made.history, &bed->made.schedule, true), 0);
	recorder_free(recorder);

	struct recording *recording = bed_read_all(bed);
	assert_same_history(bed->made.history, recording_history(recording));
	assert_same_schedule(&bed->made.schedule, recording_schedule(recording));
	assert_null(recording_end(recording));
	recording_close(recording);
}

/* Without `flush` only whole blocks are written; a recording is read in portions. */
static void a_long_run_is_many_blocks(void **state)
{
	struct bed *bed = *state;
	struct recorder *recorder = bed_begin(bed);

	made_begin(&bed->made);
	while (history_count(bed->made.history) < 3 * BLOCK_EVENTS_MAX) {
		made_steps(&bed->made, 5000);
		assert_int_equal(recorder_follow(recorder, bed->made.history, &bed->made.schedule, false), 0);
	}
	uint64_t whole = history_count(bed->made.history) / BLOCK_EVENTS_MAX * BLOCK_EVENTS_MAX;

	struct recording *recording = bed_open(bed);
	assert_int_equal(history_count(recording_history(recording)), 0);
	assert_false(recording_load(recording, 1));
	assert_int_equal(history_count(recording_history(recording)), BLOCK_EVENTS_MAX);
	assert_true(recording_loaded(recording) > 0.1 && recording_loaded(recording) < 0.9);
	assert_false(recording_load(recording, 1));
	assert_true(recording_load(recording, UINT64_MAX));
	assert_int_equal(history_count(recording_history(recording)), whole);
	recording_close(recording);

	assert_int_equal(recorder_finish(recorder, bed->made.history, NULL), 0);
	recorder_free(recorder);
	recording = bed_read_all(bed);
	assert_same_history(bed->made.history, recording_history(recording));
	recording_close(recording);
}

static void values_of_all_kinds_come_back(void **state)
{
	struct bed *bed = *state;
	static const int64_t values[] = {0, INT64_MIN, INT64_MAX, -1, 4711};

	for (uint32_t i = 0; i < 400; i++) {
		struct wire_event event = {
			.time = (uint64_t)i * i * 1000003,
			.kind = (uint8_t)(i % EVENT_KIND_COUNT),
			.actor = (uint16_t)(i * 37 % ACTORS_MAX),
			.object = (uint16_t)(i * 977),
			.aux = i * UINT32_C(2654435769),
			.value = values[i % 5],
			.place = i % 3 * 0x7fffffffu,
		};

		if (i % 4 == 0) {
			event.flags = EVENT_REAL | EVENT_LOCKED;
			event.value = wire_event_bits(1.0 / (i + 1));
		}
		history_append(bed->made.history, &event, NULL, 0);
	}
	struct recorder *recorder = bed_begin(bed);
	assert_int_equal(recorder_finish(recorder, bed->made.history, NULL), 0);
	recorder_free(recorder);
	struct recording *recording = bed_read_all(bed);
	assert_same_history(bed->made.history, recording_history(recording));
	recording_close(recording);
}

/* ---- reals, and how many bytes an event takes ---- */

/* A draw of `object`, at a time of its own. */
static void add_real(struct bed *bed, uint16_t object, double real)
{
	const struct wire_event event = {.time = history_count(bed->made.history), .kind = EVENT_RANDOM_DRAW, .object = object,
	                                 .flags = EVENT_REAL, .value = wire_event_bits(real)};

	history_append(bed->made.history, &event, NULL, 0);
}

/* Recorded, read back and compared; returns the recording's bytes. */
static size_t record_and_measure(struct bed *bed)
{
	struct text bytes = TEXT_INIT;
	struct recorder *recorder = bed_begin(bed);

	assert_int_equal(recorder_finish(recorder, bed->made.history, NULL), 0);
	recorder_free(recorder);
	struct recording *recording = bed_read_all(bed);
	assert_same_history(bed->made.history, recording_history(recording));
	recording_close(recording);
	bed_take_file(&bytes, bed->file);
	size_t length = bytes.length;
	text_release(&bytes);
	return length;
}

static void start_again(struct bed *bed)
{
	made_release(&bed->made);
	made_init(&bed->made, 1);
}

/* Among draws, which are k / 2^53, each of those that are none: to the last bit. */
static void reals_come_back_to_the_last_bit(void **state)
{
	static const double odd[] = {0.0, 0x1p-53, 1 - 0x1p-53, 0.5, /* draws after all */
	                             -0.0, 1.0, -0x1p-53, 0x1p-54, 0x1p-1074, 0x1.8p-53, 1.0 / 3, 0.1, 2.5, -0.25,
	                             9007199254740993.0, 1e300, INFINITY, -INFINITY, NAN, -NAN};
	struct bed *bed = *state;

	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		start_again(bed);
		for (uint16_t k = 0; k < 10; k++)
			add_real(bed, k % 3, 1.0 / (1 << k) - 0x1p-53);
		add_real(bed, UINT16_MAX, odd[i]);
		history_append(bed->made.history, &(struct wire_event){.time = 20, .object = 1, .value = INT64_MIN}, NULL, 0);
		record_and_measure(bed);
	}
}

/* As a generator draws: 53 bits. */
static double draw(uint64_t *chance)
{
	*chance ^= *chance << 13;
	*chance ^= *chance >> 7;
	*chance ^= *chance << 17;
	return (double)((*chance * UINT64_C(0x2545f4914f6cdd1d)) >> 11) * 0x1p-53;
}

/* 53 bits are 6.63 bytes; what else there is to say of an event is told in next to none. */
static void a_draw_takes_its_bits_and_no_more(void **state)
{
	struct bed *bed = *state;
	uint64_t chance = 7;

	start_again(bed);
	size_t nothing = record_and_measure(bed);
	for (unsigned int i = 0; i < BLOCK_EVENTS_MAX; i++)
		add_real(bed, 1 + i % 2, draw(&chance));
	assert_in_range((record_and_measure(bed) - nothing) * 100 / BLOCK_EVENTS_MAX, 660, 675);
}

/* Noise of ten bits, 1.25 bytes, in the times: a byte that is nothing else, and two bits in the one above it. */
static void a_time_takes_its_bits_and_no_more(void **state)
{
	struct bed *bed = *state;
	struct wire_event event = {.kind = EVENT_VALUE_READ, .object = 1};
	uint64_t chance = 7;

	start_again(bed);
	size_t nothing = record_and_measure(bed);
	for (unsigned int i = 0; i < BLOCK_EVENTS_MAX; i++) {
		event.time += (uint64_t)(draw(&chance) * 1024);
		history_append(bed->made.history, &event, NULL, 0);
	}
	assert_in_range((record_and_measure(bed) - nothing) * 100 / BLOCK_EVENTS_MAX, 120, 140);
}

/* Of generators with the same seed, as lessons have them, however their draws are told in between each other. */
static void what_two_draw_alike_is_stored_once(void **state)
{
	struct bed *bed = *state;
	uint64_t chances[2] = {7, 7}, other = 11;

	start_again(bed);
	size_t nothing = record_and_measure(bed);
	for (unsigned int i = 0; i < BLOCK_EVENTS_MAX; i++) {
		unsigned int which = draw(&other) < 0.5;

		add_real(bed, (uint16_t)(1 + which), draw(&chances[which]));
	}
	assert_in_range((record_and_measure(bed) - nothing) * 100 / BLOCK_EVENTS_MAX, 330, 450);
}

/* In the worst case a block is longer than its content, and there is room for that. */
static void noise_of_any_length_goes_into_a_block(void **state)
{
	(void)state;
	static const size_t lengths[] = {0, 1, 2048, 2049, 2050, 131072, 131073, 1 << 20};
	ZSTD_CCtx *packing = ZSTD_createCCtx();
	ZSTD_DCtx *unpacking = ZSTD_createDCtx();
	struct text noise = TEXT_INIT, packed = TEXT_INIT, found = TEXT_INIT;
	struct block block = {.type = BLOCK_EVENTS, .count = 2048}; /* the fewest whose planes are kept apart */
	uint64_t chance = 7;

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		while (noise.length < lengths[i])
			text_add_char(&noise, (char)(draw(&chance) * 256));
		assert_int_equal(block_pack(packing, &block, &noise, &packed), 0);
		assert_true(block_unpack(unpacking, &block, packed.bytes + BLOCK_HEAD_BYTES, &found));
		assert_int_equal(found.length, noise.length);
		assert_memory_equal(found.bytes, noise.bytes, noise.length);
	}
	ZSTD_freeCCtx(packing);
	ZSTD_freeDCtx(unpacking);
	text_release(&noise);
	text_release(&packed);
	text_release(&found);
}

static void an_empty_run_comes_back(void **state)
{
	struct bed *bed = *state;
	struct recorder *recorder = bed_begin(bed);

	assert_int_equal(recorder_finish(recorder, bed->made.history, NULL), 0);
	recorder_free(recorder);
	struct recording *recording = bed_read_all(bed);
	assert_int_equal(history_count(recording_history(recording)), 0);
	assert_null(recording_end(recording));
	recording_close(recording);
}

/* Lines of output are longer than any block's share of text. */
static void long_texts_come_back(void **state)
{
	struct bed *bed = *state;
	struct recorder *recorder = bed_begin(bed);
	struct text line = TEXT_INIT;

	for (unsigned int i = 0; i < 40; i++) {
		while (line.length < i * 4000)
			text_add(&line, "Ärger → überall ");
		history_append(bed->made.history, &(struct wire_event){.kind = EVENT_OUTPUT, .aux = 1}, line.bytes, line.length);
	}
	assert_int_equal(recorder_finish(recorder, bed->made.history, NULL), 0);
	recorder_free(recorder);
	text_release(&line);
	struct recording *recording = bed_read_all(bed);
	assert_same_history(bed->made.history, recording_history(recording));
	recording_close(recording);
}

/* Longer than a recording holds: it is cut, and marked so. */
static void a_text_too_long_is_cut(void **state)
{
	struct bed *bed = *state;
	struct recorder *recorder = bed_begin(bed);
	struct text line = TEXT_INIT;
	size_t length;

	while (line.length < TEXT_BYTES_MAX + 10)
		text_add(&line, "ten bytes ");
	history_append(bed->made.history, &(struct wire_event){.kind = EVENT_OUTPUT}, line.bytes, line.length);
	assert_int_equal(recorder_finish(recorder, bed->made.history, NULL), 0);
	recorder_free(recorder);
	struct recording *recording = bed_read_all(bed);
	const char *found = history_text(recording_history(recording), 0, &length);
	assert_int_equal(length, TEXT_BYTES_MAX);
	assert_memory_equal(found, line.bytes, length);
	assert_int_equal(history_at(recording_history(recording), 0)->flags, EVENT_CUT);
	recording_close(recording);
	text_release(&line);
}

/* ---- the head and the end ---- */

static void assert_same_parameter(const struct catalog_parameter *expected, const struct catalog_parameter *found)
{
	assert_string_equal(expected->name, found->name);
	assert_string_equal(expected->help, found->help);
	assert_string_equal(expected->fallback, found->fallback);
	assert_int_equal(expected->choices != NULL, found->choices != NULL);
	for (size_t i = 0; expected->choices != NULL && expected->choices[i] != NULL; i++)
		assert_string_equal(expected->choices[i], found->choices[i]);
	assert_true(expected->low == found->low && expected->high == found->high && expected->real == found->real);
}

static void the_lesson_comes_back(void **state)
{
	struct bed *bed = *state;
	const struct catalog_lesson *expected = &bed->lesson;

	bed_record(bed, 2, 1);
	struct recording *recording = bed_open(bed);
	const struct catalog_lesson *found = recording_options(recording)->settings->lesson;
	assert_string_equal(found->name, expected->name);
	assert_string_equal(found->chapter, expected->chapter);
	assert_string_equal(found->title, expected->title);
	assert_string_equal(found->summary, expected->summary);
	assert_string_equal(found->outcome, expected->outcome);
	assert_string_equal(found->right, expected->right);
	assert_string_equal(found->step_settings, expected->step_settings);
	assert_string_equal(found->may_deadlock, expected->may_deadlock);
	assert_int_equal(found->parameter_count, expected->parameter_count);
	for (size_t i = 0; i < expected->parameter_count; i++)
		assert_same_parameter(&expected->parameters[i], &found->parameters[i]);
	assert_int_equal(found->variant_count, 1);
	assert_string_equal(found->variants[0].says, expected->variants[0].says);
	assert_null(found->program);
	assert_null(found->source);
	assert_null(found->text);
	assert_string_equal(recording_version(recording), LOCKSTEP_VERSION);
	recording_close(recording);
}

static void what_was_chosen_comes_back(void **state)
{
	struct bed *bed = *state;

	bed->options.seed = UINT64_MAX;
	bed_record(bed, 2, 1);
	struct recording *recording = bed_open(bed);
	const struct run_options *options = recording_options(recording);
	assert_true(options->seed == UINT64_MAX);
	assert_true(options->gated);
	assert_true(options->speed == 1.0);
	assert_string_equal(settings_get(options->settings, "lock"), "on");
	assert_string_equal(settings_get(options->settings, "rounds"), "5");
	assert_string_equal(settings_get(options->settings, "window"), "0");
	assert_true(options->settings->chosen[0]);
	assert_false(options->settings->chosen[1]);
	assert_false(options->settings->chosen[2]);
	recording_close(recording);
}

static void a_free_run_has_no_schedule(void **state)
{
	struct bed *bed = *state;

	bed->options.gated = false;
	bed->options.speed = 0.25;
	struct recorder *recorder = bed_begin(bed);
	recorder_finish(recorder, bed->made.history, NULL);
	recorder_free(recorder);
	struct recording *recording = bed_read_all(bed);
	assert_false(recording_options(recording)->gated);
	assert_true(recording_options(recording)->speed == 0.25);
	assert_null(recording_schedule(recording));
	recording_close(recording);
}

/* As the screen shows them: made safe, tabs as blanks. */
static void source_and_text_come_back_safe_to_show(void **state)
{
	struct bed *bed = *state;

	bed_record(bed, 2, 1);
	unlink(bed->source);
	struct recording *recording = bed_open(bed);
	const struct lines *source = recording_source(recording);
	assert_int_equal(source->count, 4);
	assert_string_equal(source->line[0], "int main(void)");
	assert_string_equal(source->line[2], "    return 0; /* ␛[31m */");
	assert_string_equal(recording_text(recording), "int main(void)\n{\n    return 0; /* ␛[31m */\n}\n");
	recording_close(recording);
	bed_put_file(bed->source, "", 0);
}

static void what_came_of_the_run_comes_back(void **state)
{
	struct bed *bed = *state;
	char verdict[] = "lost update";
	struct run_result result = {
		.told = true, .ok = true, .verdict = verdict, .exit_status = 256,
		.outcome = json_pack("{s:i, s:[f, n, {s:s}]}", "balance", 199, "list", 0.1, "who", "Prozeß\x1b"),
		.expected = json_pack("{s:i}", "balance", 200)};
	struct run_end end = {.result = &result, .lost = UINT64_MAX - 1, .schedule = &bed->made.schedule};
	struct recorder *recorder = bed_begin(bed);

	made_begin(&bed->made);
	made_steps(&bed->made, 10);
	assert_int_equal(recorder_finish(recorder, bed->made.history, &end), 0);
	recorder_free(recorder);
	struct recording *recording = bed_read_all(bed);
	const struct run_end *found = recording_end(recording);
	assert_true(found->result->told && found->result->ok);
	assert_string_equal(found->result->verdict, verdict);
	assert_int_equal(found->result->exit_status, 256);
	assert_true(json_equal(found->result->expected, result.expected));
	json_t *list = json_object_get(found->result->outcome, "list");
	assert_true(json_real_value(json_array_get(list, 0)) == 0.1);
	assert_string_equal(json_string_value(json_object_get(json_array_get(list, 2), "who")), "Prozeß␛");
	assert_true(found->lost == UINT64_MAX - 1);
	assert_same_schedule(&bed->made.schedule, found->schedule);
	recording_close(recording);
	json_decref(result.outcome);
	json_decref(result.expected);
}

static void limits_are_the_wires(void **state)
{
	(void)state;
	assert_int_equal(ACTORS_MAX, WIRE_GEOMETRY.actors);
	assert_true(WIRE_GEOMETRY.result_bytes < BLOCK_BYTES_MAX);
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_every_size_come_back),
		cmocka_unit_test(a_column_of_one_number_is_short),
		cmocka_unit_test(signed_numbers_come_back),
		cmocka_unit_test(numbers_are_never_read_behind_the_end),
		WITH_BED(a_run_comes_back),
		WITH_BED(it_may_be_told_bit_by_bit),
		WITH_BED(a_step_may_end_after_its_events_were_told),
		WITH_BED(a_long_run_is_many_blocks),
		WITH_BED(values_of_all_kinds_come_back),
		WITH_BED(reals_come_back_to_the_last_bit),
		WITH_BED(a_draw_takes_its_bits_and_no_more),
		WITH_BED(a_time_takes_its_bits_and_no_more),
		WITH_BED(what_two_draw_alike_is_stored_once),
		cmocka_unit_test(noise_of_any_length_goes_into_a_block),
		WITH_BED(an_empty_run_comes_back),
		WITH_BED(long_texts_come_back),
		WITH_BED(a_text_too_long_is_cut),
		WITH_BED(the_lesson_comes_back),
		WITH_BED(what_was_chosen_comes_back),
		WITH_BED(a_free_run_has_no_schedule),
		WITH_BED(source_and_text_come_back_safe_to_show),
		WITH_BED(what_came_of_the_run_comes_back),
		cmocka_unit_test(limits_are_the_wires),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
