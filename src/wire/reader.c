/* SPDX-License-Identifier: MIT */
#include "wire/reader.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/monotonic.h"
#include "wire/ticks.h"

enum { HAND_BACK_EVERY = 8192 }; /* slots after which a busy writer is given room again */

/* As long all others wait for an event that is held: who holds it may have been stopped. */
static const double HELD_MOST_NS = 1e8;

/* What we know of one ring; `tail` is our own, the wire's copy is only for the writer. */
struct source {
	uint64_t tail;
	uint64_t head;        /* as last loaded and checked */
	uint64_t lost_seen;
	uint64_t handed_back; /* the tail that the writer knows */
	uint64_t next_stamp;  /* of the event at `tail` */
	uint32_t actor;
	bool broken;          /* its words made no sense */
};

struct wire_reader {
	struct wire *wire;
	enum wire_stamp stamp;
	double speed;
	wire_sink *sink;
	void *context;
	struct source *sources; /* by ring */
	uint32_t *heap;         /* rings with events to merge, the oldest first */
	uint32_t heap_count;
	uint64_t start_stamp;
	uint64_t start_clock;
	double ns_per_tick;
	uint64_t last_time;
	uint64_t lost;
	uint64_t unringed_seen;
};

struct wire_reader *wire_reader_new(struct wire *wire, enum wire_stamp stamp, double speed,
                                    wire_sink *sink, void *context)
{
	struct wire_reader *reader = memory_new(sizeof *reader);
	reader->wire = wire;
	reader->stamp = stamp;
	reader->speed = speed;
	reader->sink = sink;
	reader->context = context;
	reader->sources = memory_array(wire->geometry.rings, sizeof *reader->sources);
	reader->heap = memory_array(wire->geometry.rings, sizeof *reader->heap);
	reader->start_clock = monotonic_ns();
	reader->start_stamp = stamp == STAMP_TICKS ? ticks_now() : reader->start_clock;
	reader->ns_per_tick = 1.0;
	wire->header->start_clock = reader->start_clock;
	return reader;
}

void wire_reader_free(struct wire_reader *reader)
{
	if (reader == NULL)
		return;
	free(reader->sources);
	free(reader->heap);
	free(reader);
}

/* ---- time ---- */

/* The longer the run, the better we know the counter's rate. */
static void calibrate(struct wire_reader *reader)
{
	if (reader->stamp != STAMP_TICKS)
		return;
	uint64_t ticks = ticks_now() - reader->start_stamp;
	uint64_t ns = monotonic_ns() - reader->start_clock;
	if (ticks > 0 && ns > 1000)
		reader->ns_per_tick = (double)ns / (double)ticks;
}

static uint64_t lesson_ns(const struct wire_reader *reader, double real_ns)
{
	double paused = (double)atomic_load_explicit(&reader->wire->header->paused_ns, memory_order_relaxed);
	double ns = (real_ns - paused) * reader->speed;
	return ns > 0 ? (uint64_t)ns : 0;
}

static uint64_t time_of(const struct wire_reader *reader, uint64_t stamp)
{
	if (reader->stamp == STAMP_VIRTUAL)
		return stamp;
	int64_t since = (int64_t)(stamp - reader->start_stamp);
	return lesson_ns(reader, (double)since * reader->ns_per_tick);
}

uint64_t wire_reader_now(const struct wire_reader *reader)
{
	return lesson_ns(reader, (double)(monotonic_ns() - reader->start_clock));
}

static uint64_t stamp_now(const struct wire_reader *reader)
{
	return reader->stamp == STAMP_TICKS ? ticks_now() : monotonic_ns();
}

/* ---- one ring ---- */

static void tell_lost(struct wire_reader *reader, unsigned int actor, uint64_t count)
{
	reader->lost += count;
	struct wire_event event = {.time = reader->last_time, .kind = EVENT_LOST, .actor = (uint16_t)actor,
	                           .value = (int64_t)(count & INT64_MAX)};
	reader->sink(reader->context, &event, NULL, 0);
}

static void give_up(struct wire_reader *reader, struct source *source)
{
	source->broken = true;
	source->head = source->tail;
	tell_lost(reader, source->actor, 1);
}

/* Loads the ring's head; true when there is something to read. */
static bool look(struct wire_reader *reader, uint32_t ring)
{
	struct source *source = &reader->sources[ring];
	struct ring_control *control = &reader->wire->controls[ring];
	/* Pairs with the release store in ring_publish(). */
	uint64_t head = atomic_load_explicit(&control->head, memory_order_acquire);
	uint64_t lost = atomic_load_explicit(&control->lost, memory_order_relaxed);
	if (source->broken)
		return false;
	if (head - source->tail > reader->wire->geometry.ring_slots) {
		give_up(reader, source);
		return false;
	}
	source->head = head;
	if (lost > source->lost_seen)
		tell_lost(reader, source->actor, lost - source->lost_seen);
	source->lost_seen = lost;
	return head != source->tail;
}

static struct wire_event *slot_at(const struct wire_reader *reader, uint32_t ring, uint64_t position)
{
	return &wire_ring_slots(reader->wire, ring)[position & (reader->wire->geometry.ring_slots - 1)];
}

/* Lets the writer have the slots that we have copied. Pairs with the acquire in ring_make_room(). */
static void hand_back(struct wire_reader *reader, uint32_t ring)
{
	struct source *source = &reader->sources[ring];
	atomic_store_explicit(&reader->wire->controls[ring].tail, source->tail, memory_order_release);
	source->handed_back = source->tail;
}

/* Text of an event: copied out of its slots; a length that cannot be is taken for none. */
static size_t copy_text(struct wire_reader *reader, uint32_t ring, struct wire_event *event, char *text)
{
	struct source *source = &reader->sources[ring];
	const size_t size = sizeof(struct wire_event);
	uint64_t slots = (event->text + size - 1) / size;
	if (event->text == 0 || event->text > EVENT_TEXT_MAX || slots > source->head - source->tail)
		return 0;
	for (uint64_t i = 0; i < slots; i++)
		memcpy(text + i * size, slot_at(reader, ring, source->tail + i), size);
	source->tail += slots;
	return event->text;
}

/* Takes the event at the ring's tail and hands it on. */
static void take(struct wire_reader *reader, uint32_t ring)
{
	struct source *source = &reader->sources[ring];
	struct wire_event event = *slot_at(reader, ring, source->tail);
	char text[EVENT_TEXT_MAX + sizeof event];
	source->tail++;
	size_t length = copy_text(reader, ring, &event, text);
	event.text = (uint16_t)length;
	event.actor = (uint16_t)source->actor;
	event.time = time_of(reader, event.time);
	if (event.time < reader->last_time)
		event.time = reader->last_time;
	reader->last_time = event.time;
	reader->sink(reader->context, &event, text, length);
	if (source->tail - source->handed_back >= HAND_BACK_EVERY)
		hand_back(reader, ring);
}

/* ---- all rings, by time ---- */

static bool older(const struct wire_reader *reader, uint32_t a, uint32_t b)
{
	return reader->sources[a].next_stamp < reader->sources[b].next_stamp;
}

static void heap_sink(struct wire_reader *reader)
{
	uint32_t *heap = reader->heap;
	uint32_t at = 0;
	for (;;) {
		uint32_t child = 2 * at + 1;
		if (child >= reader->heap_count)
			return;
		if (child + 1 < reader->heap_count && older(reader, heap[child + 1], heap[child]))
			child++;
		if (!older(reader, heap[child], heap[at]))
			return;
		uint32_t ring = heap[at];
		heap[at] = heap[child];
		heap[child] = ring;
		at = child;
	}
}

static void heap_push(struct wire_reader *reader, uint32_t ring)
{
	uint32_t *heap = reader->heap;
	uint32_t at = reader->heap_count++;
	heap[at] = ring;
	while (at > 0 && older(reader, heap[at], heap[(at - 1) / 2])) {
		heap[at] = heap[(at - 1) / 2];
		heap[(at - 1) / 2] = ring;
		at = (at - 1) / 2;
	}
}

static void heap_drop_first(struct wire_reader *reader)
{
	reader->heap[0] = reader->heap[--reader->heap_count];
	heap_sink(reader);
}

/* Whose ring it is; false when nobody's. A changed owner starts from the ring's beginning. */
static bool owned(struct wire_reader *reader, uint32_t ring)
{
	/* Pairs with the compare-exchange in the probe, which takes the ring. */
	uint32_t owner = atomic_load_explicit(&reader->wire->controls[ring].owner, memory_order_acquire);
	if (owner == 0 || owner > reader->wire->geometry.actors)
		return false;
	reader->sources[ring].actor = owner - 1;
	return true;
}

static void gather(struct wire_reader *reader)
{
	reader->heap_count = 0;
	for (uint32_t ring = 0; ring < reader->wire->geometry.rings; ring++) {
		if (!owned(reader, ring) || !look(reader, ring))
			continue;
		reader->sources[ring].next_stamp = slot_at(reader, ring, reader->sources[ring].tail)->time;
		heap_push(reader, ring);
	}
}

/*
 * `now`, or the oldest event that is held, if that is before. Asked before any ring is looked at: what is let
 * go after this is younger than `now`, what was let go before it is seen in its ring.
 */
static uint64_t oldest_held(const struct wire_reader *reader, uint64_t now)
{
	uint64_t most = (uint64_t)(HELD_MOST_NS / reader->ns_per_tick);
	uint64_t oldest = now;
	for (uint32_t ring = 0; ring < reader->wire->geometry.rings; ring++) {
		/* Pairs with the release store in probe_hold_end(). */
		uint64_t held = atomic_load_explicit(&reader->wire->controls[ring].held, memory_order_acquire);
		if (held != 0 && held < oldest && now - held < most)
			oldest = held;
	}
	return oldest;
}

static void tell_unringed(struct wire_reader *reader)
{
	uint64_t unringed = atomic_load_explicit(&reader->wire->header->unringed, memory_order_relaxed);
	if (unringed > reader->unringed_seen)
		tell_lost(reader, 0, unringed - reader->unringed_seen);
	reader->unringed_seen = unringed;
}

uint64_t wire_reader_drain(struct wire_reader *reader, bool final, uint64_t limit)
{
	uint64_t now = final ? UINT64_MAX : stamp_now(reader);
	uint64_t count = 0;
	calibrate(reader);
	if (!final)
		now = oldest_held(reader, now);
	gather(reader);
	while (reader->heap_count > 0 && count < limit) {
		uint32_t ring = reader->heap[0];
		struct source *source = &reader->sources[ring];
		if (source->next_stamp > now)
			break;
		take(reader, ring);
		count++;
		if (source->tail == source->head) {
			hand_back(reader, ring);
			heap_drop_first(reader);
		} else {
			source->next_stamp = slot_at(reader, ring, source->tail)->time;
			heap_sink(reader);
		}
	}
	for (uint32_t i = 0; i < reader->heap_count; i++)
		hand_back(reader, reader->heap[i]);
	tell_unringed(reader);
	return count;
}

/* ---- one actor ---- */

/* The ring that an actor owns, by its slot's word checked against the ring's; ring_count: none. */
static uint32_t ring_of(struct wire_reader *reader, unsigned int actor)
{
	uint32_t none = reader->wire->geometry.rings;
	if (actor >= reader->wire->geometry.actors)
		return none;
	uint32_t ring = reader->wire->actors[actor].ring;
	return ring < none && owned(reader, ring) && reader->sources[ring].actor == actor ? ring : none;
}

static uint64_t drain_ring(struct wire_reader *reader, uint32_t ring)
{
	uint64_t count = 0;
	if (look(reader, ring))
		for (; reader->sources[ring].tail != reader->sources[ring].head; count++)
			take(reader, ring);
	hand_back(reader, ring);
	return count;
}

uint64_t wire_reader_drain_actor(struct wire_reader *reader, unsigned int actor)
{
	uint32_t ring = ring_of(reader, actor);
	return ring < reader->wire->geometry.rings ? drain_ring(reader, ring) : 0;
}

/* Gives a ring's memory back to the machine; what is read from it next is zeros. */
static void empty_ring(struct wire *wire, uint32_t ring)
{
	size_t size = (size_t)wire->geometry.ring_slots * sizeof(struct wire_event);
	off_t offset = (char *)wire_ring_slots(wire, ring) - (char *)wire->header;
	if (wire->fd >= 0 && size >= 4096)
		(void)fallocate(wire->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, (off_t)size);
}

bool wire_reader_close(struct wire_reader *reader, unsigned int actor)
{
	uint32_t ring = ring_of(reader, actor);
	if (ring == reader->wire->geometry.rings)
		return false;
	drain_ring(reader, ring);
	struct ring_control *control = &reader->wire->controls[ring];
	bool cut = atomic_load_explicit(&control->claimed, memory_order_relaxed) !=
	           atomic_load_explicit(&control->head, memory_order_relaxed);
	empty_ring(reader->wire, ring);
	atomic_store_explicit(&control->claimed, 0, memory_order_relaxed);
	atomic_store_explicit(&control->head, 0, memory_order_relaxed);
	atomic_store_explicit(&control->tail, 0, memory_order_relaxed);
	atomic_store_explicit(&control->lost, 0, memory_order_relaxed);
	atomic_store_explicit(&control->held, 0, memory_order_relaxed);
	reader->sources[ring] = (struct source){0};
	/* Pairs with the compare-exchange in the probe: the next owner finds the words at zero. */
	atomic_store_explicit(&control->owner, 0, memory_order_release);
	return cut;
}

uint64_t wire_reader_lost(const struct wire_reader *reader)
{
	return reader->lost;
}
