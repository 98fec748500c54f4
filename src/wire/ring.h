/* SPDX-License-Identifier: MIT */
/*
 * The writer's side of a ring. One writer, one reader, no locks.
 *
 * The writer fills the slots after `head`, then publishes them by storing `head` (release); the
 * reader loads `head` (acquire), copies, then hands the slots back by storing `tail` (release),
 * which the writer loads (acquire) only when its last known tail says that the ring is full. A
 * full ring never stops the writer: the event is dropped and counted. A writer killed in the
 * middle leaves `claimed` > `head`; what it had not published is never seen.
 *
 * An event with text takes 1 + ceil(text / 32) slots, published together.
 *
 * Runs in: lesson. May block: no.
 */
#ifndef LOCKSTEP_WIRE_RING_H
#define LOCKSTEP_WIRE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "wire/event.h"
#include "wire/wire.h"

struct ring_writer {
	struct ring_control *control; /* NULL: no ring; every push is lost */
	struct wire_event *slots;
	uint64_t slot_count; /* power of two; 0 without a ring */
	uint64_t head;      /* our own copy of control->head */
	uint64_t tail_seen; /* the reader's tail when we last looked */
};

static inline void ring_writer_init(struct ring_writer *writer, struct ring_control *control,
                                    struct wire_event *slots, uint32_t slot_count)
{
	*writer = (struct ring_writer){.control = control, .slots = slots};
	if (control != NULL) {
		writer->slot_count = slot_count;
		writer->head = atomic_load_explicit(&control->head, memory_order_relaxed);
		writer->tail_seen = atomic_load_explicit(&control->tail, memory_order_acquire);
	}
}

/* Looks at the reader's tail again; true when `need` slots are free now. Otherwise counts a loss. */
bool ring_make_room(struct ring_writer *writer, uint64_t need);

/* Copies text into the slots after the event's; wraps slot by slot. */
void ring_copy_text(struct ring_writer *writer, uint64_t first_slot, const char *text, uint16_t length);

/*
 * The next free slot, with room for `need` in all, to be filled in and published; NULL: lost. Filled
 * in place: a record put together elsewhere and then copied costs a stall of its own.
 */
static inline struct wire_event *ring_claim(struct ring_writer *writer, uint64_t need)
{
	if (__builtin_expect(writer->head - writer->tail_seen + need > writer->slot_count, 0) &&
	    !ring_make_room(writer, need))
		return NULL;
	atomic_store_explicit(&writer->control->claimed, writer->head + need, memory_order_relaxed);
	return &writer->slots[writer->head & (writer->slot_count - 1)];
}

static inline void ring_publish(struct ring_writer *writer, uint64_t need)
{
	writer->head += need;
	/* Pairs with the acquire load in the reader's look(). */
	atomic_store_explicit(&writer->control->head, writer->head, memory_order_release);
}

/* Publishes an event and `event->text` bytes of text. False when it was lost. */
static inline bool ring_push(struct ring_writer *writer, const struct wire_event *event, const char *text)
{
	uint64_t need = 1 + (event->text + sizeof *event - 1u) / sizeof *event;
	struct wire_event *slot = ring_claim(writer, need);
	if (slot == NULL)
		return false;
	*slot = *event;
	if (event->text != 0)
		ring_copy_text(writer, writer->head + 1, text, event->text);
	ring_publish(writer, need);
	return true;
}

#endif
