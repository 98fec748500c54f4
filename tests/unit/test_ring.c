/* SPDX-License-Identifier: MIT */
/* A ring of four slots finds what one of half a million hides. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "wire/ring.h"

enum { SLOTS = 4 };

struct fixture {
	struct ring_control control;
	struct wire_event slots[SLOTS];
	struct ring_writer writer;
};

static void open_ring(struct fixture *f)
{
	memset(f, 0, sizeof *f);
	ring_writer_init(&f->writer, &f->control, f->slots, SLOTS);
}

static bool push(struct fixture *f, int64_t value)
{
	return ring_push(&f->writer, &(struct wire_event){.kind = EVENT_VALUE_READ, .value = value}, NULL);
}

static void test_publishes_in_order(void **state)
{
	(void)state;
	struct fixture f;
	open_ring(&f);
	assert_true(push(&f, 10));
	assert_true(push(&f, 11));
	assert_int_equal(atomic_load(&f.control.head), 2);
	assert_int_equal(f.slots[0].value, 10);
	assert_int_equal(f.slots[1].value, 11);
	assert_int_equal(atomic_load(&f.control.claimed), 2);
}

static void test_full_ring_counts_and_keeps_what_it_has(void **state)
{
	(void)state;
	struct fixture f;
	open_ring(&f);
	for (int i = 0; i < SLOTS; i++)
		assert_true(push(&f, i));
	assert_false(push(&f, 99));
	assert_false(push(&f, 98));
	assert_int_equal(atomic_load(&f.control.lost), 2);
	assert_int_equal(atomic_load(&f.control.head), SLOTS);
	for (int i = 0; i < SLOTS; i++)
		assert_int_equal(f.slots[i].value, i);
}

static void test_goes_on_when_the_reader_has_caught_up(void **state)
{
	(void)state;
	struct fixture f;
	open_ring(&f);
	for (int i = 0; i < SLOTS; i++)
		push(&f, i);
	atomic_store(&f.control.tail, 1);
	assert_true(push(&f, 4));
	assert_false(push(&f, 5));
	assert_int_equal(f.slots[0].value, 4);
	assert_int_equal(f.slots[1].value, 1);
}

static void test_text_wraps_and_is_published_whole(void **state)
{
	(void)state;
	struct fixture f;
	open_ring(&f);
	push(&f, 0);
	push(&f, 1);
	push(&f, 2);
	atomic_store(&f.control.tail, 3);
	const char text[] = "forty bytes of text, in two slots after.";
	struct wire_event event = {.kind = EVENT_PRINT, .text = sizeof text - 1};
	assert_true(ring_push(&f.writer, &event, text));
	assert_int_equal(atomic_load(&f.control.head), 6);
	assert_int_equal(f.slots[3].kind, EVENT_PRINT);
	assert_memory_equal(&f.slots[0], text, sizeof(struct wire_event));
	assert_memory_equal(&f.slots[1], text + sizeof(struct wire_event), sizeof text - 1 - sizeof(struct wire_event));
}

static void test_text_that_does_not_fit_is_lost_whole(void **state)
{
	(void)state;
	struct fixture f;
	open_ring(&f);
	push(&f, 0);
	push(&f, 1);
	char text[96] = "three slots of text and one for the event are more than two";
	assert_false(ring_push(&f.writer, &(struct wire_event){.text = sizeof text}, text));
	assert_int_equal(atomic_load(&f.control.head), 2);
	assert_int_equal(atomic_load(&f.control.lost), 1);
}

static void test_without_a_ring_every_push_is_lost(void **state)
{
	(void)state;
	struct ring_writer writer;
	ring_writer_init(&writer, NULL, NULL, SLOTS);
	assert_false(ring_push(&writer, &(struct wire_event){.value = 1}, NULL));
}

/* ---- one writer, one reader, at the same time (threads, so that ThreadSanitizer can look) ---- */

enum { MANY = 200000 };

static void *write_many(void *context)
{
	struct fixture *f = context;
	for (int64_t i = 0; i < MANY;)
		if (push(f, i))
			i++;
	return NULL;
}

static void test_reader_sees_every_event_once_in_order(void **state)
{
	(void)state;
	struct fixture *f = aligned_alloc(64, (sizeof *f + 63) / 64 * 64);
	open_ring(f);
	pthread_t writer;
	assert_int_equal(pthread_create(&writer, NULL, write_many, f), 0);
	int64_t wrong = 0;
	for (uint64_t tail = 0; tail < MANY;) {
		uint64_t head = atomic_load_explicit(&f->control.head, memory_order_acquire);
		for (; tail < head; tail++)
			wrong += f->slots[tail % SLOTS].value != (int64_t)tail;
		atomic_store_explicit(&f->control.tail, tail, memory_order_release);
	}
	pthread_join(writer, NULL);
	assert_int_equal(wrong, 0);
	free(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_publishes_in_order),
		cmocka_unit_test(test_full_ring_counts_and_keeps_what_it_has),
		cmocka_unit_test(test_goes_on_when_the_reader_has_caught_up),
		cmocka_unit_test(test_text_wraps_and_is_published_whole),
		cmocka_unit_test(test_text_that_does_not_fit_is_lost_whole),
		cmocka_unit_test(test_without_a_ring_every_push_is_lost),
		cmocka_unit_test(test_reader_sees_every_event_once_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
