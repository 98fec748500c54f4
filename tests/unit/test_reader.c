/* SPDX-License-Identifier: MIT */
/* The reader over a real wire: order, loss, deaths in mid-event, and a wire full of garbage. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/monotonic.h"
#include "wire/reader.h"
#include "wire/ring.h"

enum { SEEN_MAX = 4096 };

struct seen {
	struct wire_event events[SEEN_MAX];
	char texts[SEEN_MAX][32];
	size_t count;
};

struct fixture {
	struct wire wire;
	struct wire_reader *reader;
	struct seen seen;
};

static void note(void *context, const struct wire_event *event, const char *text, size_t length)
{
	struct seen *seen = context;
	if (seen->count == SEEN_MAX)
		return;
	seen->events[seen->count] = *event;
	snprintf(seen->texts[seen->count], sizeof seen->texts[0], "%.*s", (int)length, length > 0 ? text : "");
	seen->count++;
}

static const struct wire_geometry small = {.actors = 8, .objects = 8, .rings = 4, .ring_slots = 64, .result_bytes = 4096};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);
	if (f == NULL || wire_create(&f->wire, &small) != 0)
		return -1;
	f->wire.header->stamp = STAMP_VIRTUAL;
	f->reader = wire_reader_new(&f->wire, STAMP_VIRTUAL, 1.0, note, &f->seen);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	wire_reader_free(f->reader);
	wire_release(&f->wire);
	free(f);
	return 0;
}

/* Actor `id` owns ring `ring`; the writer for it. */
static struct ring_writer own(struct fixture *f, unsigned int id, unsigned int ring)
{
	struct ring_writer writer;
	f->wire.actors[id].ring = (uint16_t)ring;
	atomic_store(&f->wire.controls[ring].owner, id + 1);
	ring_writer_init(&writer, &f->wire.controls[ring], wire_ring_slots(&f->wire, ring), small.ring_slots);
	return writer;
}

static void tell(struct ring_writer *writer, uint64_t time, int64_t value)
{
	ring_push(writer, &(struct wire_event){.kind = EVENT_VALUE_READ, .time = time, .value = value}, NULL);
}

static void test_merges_by_stamp(void **state)
{
	struct fixture *f = *state;
	struct ring_writer a = own(f, 0, 0);
	struct ring_writer b = own(f, 1, 3);
	tell(&a, 10, 1);
	tell(&a, 30, 3);
	tell(&b, 20, 2);
	tell(&b, 40, 4);
	assert_int_equal(wire_reader_drain(f->reader, true, 100), 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(f->seen.events[i].value, i + 1);
		assert_int_equal(f->seen.events[i].actor, i % 2);
		assert_int_equal(f->seen.events[i].time, 10 * (i + 1));
	}
	assert_int_equal(wire_reader_drain(f->reader, true, 100), 0);
}

static void test_keeps_to_the_limit_and_goes_on(void **state)
{
	struct fixture *f = *state;
	struct ring_writer a = own(f, 0, 0);
	for (int i = 0; i < 10; i++)
		tell(&a, (uint64_t)i, i);
	assert_int_equal(wire_reader_drain(f->reader, true, 7), 7);
	assert_int_equal(wire_reader_drain(f->reader, true, 7), 3);
	assert_int_equal(f->seen.events[9].value, 9);
}

static void test_times_never_go_back(void **state)
{
	struct fixture *f = *state;
	struct ring_writer a = own(f, 0, 0);
	struct ring_writer b = own(f, 1, 1);
	tell(&a, 100, 1);
	wire_reader_drain(f->reader, true, 100);
	tell(&b, 50, 2);
	wire_reader_drain(f->reader, true, 100);
	assert_int_equal(f->seen.events[1].time, 100);
}

static void test_tells_losses_once(void **state)
{
	struct fixture *f = *state;
	struct ring_writer a = own(f, 2, 1);
	for (unsigned int i = 0; i < small.ring_slots + 5; i++)
		tell(&a, i, i);
	wire_reader_drain(f->reader, true, 1000);
	wire_reader_drain(f->reader, true, 1000);
	assert_int_equal(wire_reader_lost(f->reader), 5);
	assert_int_equal(f->seen.count, small.ring_slots + 1);
	assert_int_equal(f->seen.events[0].kind, EVENT_LOST);
	assert_int_equal(f->seen.events[0].value, 5);
	assert_int_equal(f->seen.events[0].actor, 2);
}

static void test_text_comes_through(void **state)
{
	struct fixture *f = *state;
	struct ring_writer a = own(f, 0, 0);
	const char text[] = "hello from another process";
	ring_push(&a, &(struct wire_event){.kind = EVENT_PRINT, .text = sizeof text - 1}, text);
	tell(&a, 1, 7);
	wire_reader_drain(f->reader, true, 10);
	assert_string_equal(f->seen.texts[0], text);
	assert_int_equal(f->seen.events[1].value, 7);
}

static void test_a_closed_ring_serves_the_next_actor_from_zero(void **state)
{
	struct fixture *f = *state;
	struct ring_writer a = own(f, 0, 0);
	tell(&a, 1, 1);
	assert_false(wire_reader_close(f->reader, 0));
	assert_int_equal(f->seen.count, 1);
	assert_int_equal(atomic_load(&f->wire.controls[0].owner), 0);
	struct ring_writer b = own(f, 5, 0);
	tell(&b, 2, 2);
	wire_reader_drain_actor(f->reader, 5);
	assert_int_equal(f->seen.count, 2);
	assert_int_equal(f->seen.events[1].actor, 5);
	assert_int_equal(f->seen.events[1].value, 2);
}

/* b tells of what it noticed of a's before a has told of doing it. */
static void test_what_is_held_goes_first(void **state)
{
	struct fixture *f = *state;
	struct ring_writer a = own(f, 0, 0);
	struct ring_writer b = own(f, 1, 1);
	_Atomic uint64_t *held = &f->wire.controls[0].held;
	uint64_t start;
	do { /* until the machine has not paused meanwhile */
		wire_reader_drain(f->reader, true, 100);
		f->seen.count = 0;
		start = monotonic_ns();
		atomic_store(held, start);
		tell(&b, start + 1, 2);
		wire_reader_drain(f->reader, false, 100);
	} while (monotonic_ns() - start > 50000000);
	assert_int_equal(f->seen.count, 0);
	tell(&a, start, 1);
	atomic_store(held, 0);
	assert_int_equal(wire_reader_drain(f->reader, false, 100), 2);
	assert_int_equal(f->seen.events[0].value, 1);
	assert_int_equal(f->seen.events[1].value, 2);
}

static void test_nobody_waits_long_for_what_is_held(void **state)
{
	struct fixture *f = *state;
	own(f, 0, 0);
	struct ring_writer b = own(f, 1, 1);
	uint64_t now = monotonic_ns();
	atomic_store(&f->wire.controls[0].held, now - 1000000000);
	tell(&b, now, 2);
	assert_int_equal(wire_reader_drain(f->reader, false, 100), 1);
	wire_reader_close(f->reader, 0);
	assert_int_equal(atomic_load(&f->wire.controls[0].held), 0);
}

/* A real process, killed for real between claiming a slot and publishing it. */
static void test_a_writer_killed_in_mid_event(void **state)
{
	struct fixture *f = *state;
	struct ring_writer a = own(f, 0, 0);
	pid_t pid = fork();
	if (pid == 0) {
		tell(&a, 1, 1);
		atomic_store(&f->wire.controls[0].claimed, 2);
		f->wire.slots[1].value = 999;
		raise(SIGKILL);
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_true(wire_reader_close(f->reader, 0));
	assert_int_equal(f->seen.count, 1);
	assert_int_equal(f->seen.events[0].value, 1);
}

/* ---- a hostile wire ---- */

static void test_a_head_that_cannot_be_closes_the_ring(void **state)
{
	struct fixture *f = *state;
	own(f, 0, 0);
	atomic_store(&f->wire.controls[0].head, small.ring_slots + 1);
	assert_int_equal(wire_reader_drain(f->reader, true, 1000), 0);
	assert_int_equal(f->seen.count, 1);
	assert_int_equal(f->seen.events[0].kind, EVENT_LOST);
	wire_reader_drain(f->reader, true, 1000);
	assert_int_equal(f->seen.count, 1);
}

static void test_any_bytes_whatsoever(void **state)
{
	struct fixture *f = *state;
	uint32_t random = 12345;
	for (int round = 0; round < 2000; round++) {
		unsigned char *bytes = (unsigned char *)f->wire.header;
		size_t start = (size_t)((char *)f->wire.actors - (char *)f->wire.header);
		for (int i = 0; i < 400; i++) {
			random = random * 1664525u + 1013904223u;
			size_t at = start + random % (f->wire.size - start);
			bytes[at] = (unsigned char)(random >> 24);
		}
		for (unsigned int ring = 0; ring < small.rings; ring++)
			if ((random >> ring & 1) != 0)
				atomic_store(&f->wire.controls[ring].owner, random % 12);
		f->seen.count = 0;
		wire_reader_drain(f->reader, (random & 64) != 0, 500);
		for (unsigned int actor = 0; actor < 12; actor++) {
			wire_reader_drain_actor(f->reader, actor);
			wire_reader_close(f->reader, actor);
		}
		for (size_t i = 0; i < f->seen.count; i++)
			assert_in_range(f->seen.events[i].text, 0, EVENT_TEXT_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_merges_by_stamp, setup, teardown),
		cmocka_unit_test_setup_teardown(test_keeps_to_the_limit_and_goes_on, setup, teardown),
		cmocka_unit_test_setup_teardown(test_times_never_go_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_tells_losses_once, setup, teardown),
		cmocka_unit_test_setup_teardown(test_text_comes_through, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_closed_ring_serves_the_next_actor_from_zero, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_held_goes_first, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nobody_waits_long_for_what_is_held, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_writer_killed_in_mid_event, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_head_that_cannot_be_closes_the_ring, setup, teardown),
		cmocka_unit_test_setup_teardown(test_any_bytes_whatsoever, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
