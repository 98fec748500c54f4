/* SPDX-License-Identifier: MIT */
/* The history: order, texts, the index of each actor, times, steps, places; small and large. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "world/history.h"

enum { MANY = 300000 }; /* many blocks of every kind */

static uint64_t append(struct history *history, unsigned int actor, uint64_t time, const char *text)
{
	struct wire_event event = {.actor = (uint16_t)actor, .time = time, .kind = EVENT_PRINT, .value = (int64_t)time};
	return history_append(history, &event, text, text != NULL ? strlen(text) : 0);
}

static void empty_answers_nothing(void **state)
{
	(void)state;
	struct history *history = history_new();
	size_t length = 7;
	assert_int_equal(history_count(history), 0);
	assert_null(history_at(history, 0));
	assert_string_equal(history_text(history, 0, &length), "");
	assert_int_equal(length, 0);
	assert_true(history_actor_next(history, 0, 0) == HISTORY_NONE);
	assert_true(history_actor_last(history, 9, 5) == HISTORY_NONE);
	assert_true(history_actor_at(history, 0, 5) == HISTORY_NONE);
	assert_int_equal(history_position_at(history, 5), 0);
	assert_int_equal(history_steps(history), 0);
	assert_int_equal(history_step_of(history, 0), 0);
	assert_int_equal(history_step_position(history, 3), 0);
	history_free(history);
	history_free(NULL);
}

static void events_keep_order_and_place(void **state)
{
	(void)state;
	struct history *history = history_new();
	append(history, 0, 0, NULL);
	const struct wire_event *first = history_at(history, 0);
	for (uint64_t i = 1; i < MANY; i++)
		assert_int_equal(append(history, (unsigned int)(i % 7), i * 10, NULL), i);
	assert_ptr_equal(history_at(history, 0), first);
	for (uint64_t i = 0; i < MANY; i++)
		assert_int_equal(history_at(history, i)->value, i * 10);
	assert_int_equal(history_count(history), MANY);
	assert_null(history_at(history, MANY));
	history_free(history);
}

/* Lengths about the end of a block and the longest that lies among the others, at random, with many that have none. */
static void texts_of_any_length_are_found(void **state)
{
	(void)state;
	enum { EVENTS = 4000, LONGEST = 70000 };
	static char text[LONGEST + 1];
	static size_t lengths[EVENTS];
	static const size_t special[] = {0, 1, 65533, 65534, 65535, 65536, LONGEST, 32767, 100};
	struct history *history = history_new();
	unsigned int random = 1;
	for (unsigned int i = 0; i < EVENTS; i++) {
		random = random * 1103515245 + 12345;
		size_t length = (random >> 16) % 20 == 0 ? special[(random >> 8) % 9] : (random >> 16) % 3 == 0 ? (random >> 20) % 300 : 0;
		lengths[i] = length;
		memset(text, 'a' + (int)(i % 26), length);
		struct wire_event event = {.actor = (uint16_t)(i % 3), .time = i, .kind = EVENT_PRINT};
		history_append(history, &event, text, length);
	}
	for (unsigned int i = 0; i < EVENTS; i++) {
		size_t length;
		const char *found = history_text(history, i, &length);
		assert_int_equal(length, lengths[i]);
		assert_int_equal(strspn(found, (char[]){(char)('a' + (int)(i % 26)), '\0'}), lengths[i]);
		assert_int_equal(found[length], '\0');
		assert_int_equal(history_at(history, i)->text, length < UINT16_MAX ? length : UINT16_MAX);
	}
	history_free(history);
}

static void texts_are_kept_where_they_are(void **state)
{
	(void)state;
	struct history *history = history_new();
	static char large[200000];
	char text[32];
	memset(large, 'x', sizeof large - 1);
	for (unsigned int i = 0; i < 20000; i++) {
		snprintf(text, sizeof text, "line %u", i);
		append(history, 0, i, i % 3 == 0 ? text : NULL);
		if (i == 10000)
			append(history, 1, i, large);
	}
	const char *kept = history_text(history, 0, NULL);
	append(history, 0, 1, "more");
	assert_ptr_equal(history_text(history, 0, NULL), kept);
	for (unsigned int i = 0; i < 20000; i++) {
		size_t length;
		uint64_t index = i <= 10000 ? i : i + 1;
		snprintf(text, sizeof text, "line %u", i);
		assert_string_equal(history_text(history, index, &length), i % 3 == 0 ? text : "");
		assert_int_equal(length, i % 3 == 0 ? strlen(text) : 0);
	}
	size_t length;
	assert_string_equal(history_text(history, 10001, &length), large);
	assert_int_equal(length, sizeof large - 1);
	assert_int_equal(history_at(history, 10001)->text, UINT16_MAX);
	history_free(history);
}

/* A length that came over the wire must not stand for a text that is not there. */
static void text_length_of_the_wire_is_forgotten(void **state)
{
	(void)state;
	struct history *history = history_new();
	struct wire_event event = {.kind = EVENT_PRINT, .text = 55};
	history_append(history, &event, NULL, 0);
	assert_int_equal(history_at(history, 0)->text, 0);
	assert_string_equal(history_text(history, 0, NULL), "");
	history_free(history);
}

static void each_actor_has_its_events(void **state)
{
	(void)state;
	struct history *history = history_new();
	for (uint64_t i = 0; i < MANY; i++)
		append(history, i % 3 == 0 ? 5 : 2, i, NULL);
	for (uint64_t from = 0; from < MANY - 3; from += 997) {
		assert_int_equal(history_actor_next(history, 5, from), (from + 2) / 3 * 3);
		assert_int_equal(history_actor_last(history, 5, from + 1), from / 3 * 3);
		assert_int_equal(history_actor_at(history, 5, from), from / 3 * 3);
	}
	assert_true(history_actor_last(history, 5, 0) == HISTORY_NONE);
	assert_true(history_actor_next(history, 5, MANY) == HISTORY_NONE);
	assert_true(history_actor_next(history, 3, 0) == HISTORY_NONE);
	assert_true(history_actor_next(history, 65535, 0) == HISTORY_NONE);
	assert_true(history_actor_at(history, 2, 0) == HISTORY_NONE);
	assert_int_equal(history_actor_at(history, 2, UINT64_MAX), MANY - 1);
	append(history, 65535, MANY, NULL);
	assert_int_equal(history_actor_next(history, 65535, 0), MANY);
	history_free(history);
}

/* The walks against plain counting, from any number that is not behind the answer. */
static void walks_find_what_counting_finds(void **state)
{
	(void)state;
	enum { EVENTS = 3000, TRIES = 20000 };
	static uint64_t times[EVENTS], indices[EVENTS];
	struct history *history = history_new();
	unsigned int random = 7, own = 0;
	uint64_t time = 0, index = 0;
	while (own < EVENTS) {
		random = random * 1103515245 + 12345;
		time += (random >> 16) % 7 == 0 ? (random >> 20) % 900 : 0; /* many at the same time */
		if ((random >> 10) % 3 == 0) {
			indices[own] = index;
			times[own++] = time;
		}
		append(history, (random >> 10) % 3, time, NULL);
		index++;
	}
	for (int i = 0; i < TRIES; i++) {
		random = random * 1103515245 + 12345;
		uint64_t wanted = (random >> 4) % (time + 10), after = 0, below = 0, position = (random >> 3) % (index + 5);
		while (after < EVENTS && times[after] <= wanted)
			after++;
		while (below < EVENTS && indices[below] < position)
			below++;
		uint64_t from = after > 0 ? (random >> 9) % (after + 1) : 0;
		uint64_t near = history_actor_near(history, 0, from, wanted);
		assert_int_equal(history_actor_after(history, 0, from, wanted), after);
		assert_true(near <= after && near >= from && after - near <= (near == from ? after : HISTORY_NEAR));
		assert_int_equal(history_actor_below(history, 0, position), below);
		from = (random >> 7) % (below + 1);
		assert_int_equal(history_actor_below_from(history, 0, position, from, (random >> 2) % (EVENTS + 9)), below);
		assert_int_equal(history_actor_below_from(history, 0, position, from, below), below);
	}
	assert_int_equal(history_actor_after(history, 9, 0, 5), 0);
	assert_int_equal(history_actor_below_from(history, 9, 5, 0, 3), 0);
	history_free(history);
}

/* The same run from blocks of a file reads the same. */
static void a_history_may_lie_in_a_file(void **state)
{
	(void)state;
	struct history *memory = history_new(), *file = history_new_in(spill_new(0));
	char text[32];
	for (unsigned int i = 0; i < MANY; i++) {
		snprintf(text, sizeof text, "line %u", i);
		append(memory, i % 5, i, i % 3 == 0 ? text : NULL);
		append(file, i % 5, i, i % 3 == 0 ? text : NULL);
		history_end_step(file);
	}
	for (unsigned int i = 0; i < MANY; i++) {
		assert_memory_equal(history_at(file, i), history_at(memory, i), sizeof(struct wire_event));
		assert_string_equal(history_text(file, i, NULL), history_text(memory, i, NULL));
		assert_int_equal(history_step_position(file, i + 1), i + 1);
	}
	assert_int_equal(history_actor_nth(file, 3, 5000), history_actor_nth(memory, 3, 5000));
	history_free(memory);
	history_free(file);
}

static void positions_follow_time(void **state)
{
	(void)state;
	struct history *history = history_new();
	static const uint64_t times[] = {0, 10, 10, 10, 25};
	for (size_t i = 0; i < 5; i++)
		append(history, 0, times[i], NULL);
	assert_int_equal(history_position_at(history, 0), 0);
	assert_int_equal(history_position_at(history, 1), 1);
	assert_int_equal(history_position_at(history, 10), 1);
	assert_int_equal(history_position_at(history, 11), 4);
	assert_int_equal(history_position_at(history, 26), 5);
	assert_int_equal(history_actor_at(history, 0, 10), 3);
	history_free(history);
}

static void steps_hold_one_or_more_events(void **state)
{
	(void)state;
	struct history *history = history_new();
	append(history, 0, 0, NULL);
	history_end_step(history); /* 1: one event */
	append(history, 0, 1, NULL);
	append(history, 1, 1, NULL);
	history_end_step(history); /* 2: two */
	history_end_step(history); /* 3: none */
	append(history, 1, 2, NULL);
	assert_int_equal(history_steps(history), 3);
	assert_int_equal(history_step_position(history, 0), 0);
	assert_int_equal(history_step_position(history, 1), 1);
	assert_int_equal(history_step_position(history, 2), 3);
	assert_int_equal(history_step_position(history, 3), 3);
	assert_int_equal(history_step_position(history, 4), 4);
	assert_int_equal(history_step_of(history, 0), 0);
	assert_int_equal(history_step_of(history, 1), 1);
	assert_int_equal(history_step_of(history, 2), 1);
	assert_int_equal(history_step_of(history, 3), 3);
	assert_int_equal(history_step_of(history, HISTORY_NONE), 3);
	history_free(history);
}

static void places_are_copied(void **state)
{
	(void)state;
	struct history *history = history_new();
	char file[16] = "lesson.c";
	for (uint32_t i = 1; i <= 5000; i++) {
		struct place what = {.file = file, .function = i % 2 != 0 ? "deposit" : "withdraw", .line = i};
		history_set_place(history, i * 4096, &what);
	}
	strcpy(file, "changed");
	for (uint32_t i = 1; i <= 5000; i++) {
		struct place place = history_place(history, i * 4096);
		assert_string_equal(place.file, "lesson.c");
		assert_string_equal(place.function, i % 2 != 0 ? "deposit" : "withdraw");
		assert_int_equal(place.line, i);
	}
	assert_true(history_has_place(history, 4096));
	assert_false(history_has_place(history, 4097));
	assert_string_equal(history_place(history, 4097).file, "");
	assert_string_equal(history_place(history, 0).function, "");
	assert_true(history_has_place(history, 0)); /* "unknown" needs no looking up */
	history_set_place(history, 4096, &(struct place){.file = "other.c", .line = 7});
	assert_string_equal(history_place(history, 4096).file, "other.c");
	assert_string_equal(history_place(history, 4096).function, "");
	history_free(history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_answers_nothing),
		cmocka_unit_test(events_keep_order_and_place),
		cmocka_unit_test(texts_of_any_length_are_found),
		cmocka_unit_test(texts_are_kept_where_they_are),
		cmocka_unit_test(text_length_of_the_wire_is_forgotten),
		cmocka_unit_test(each_actor_has_its_events),
		cmocka_unit_test(walks_find_what_counting_finds),
		cmocka_unit_test(a_history_may_lie_in_a_file),
		cmocka_unit_test(positions_follow_time),
		cmocka_unit_test(steps_hold_one_or_more_events),
		cmocka_unit_test(places_are_copied),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
