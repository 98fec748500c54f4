/* SPDX-License-Identifier: MIT */
#include "wire/ring.h"

bool ring_make_room(struct ring_writer *writer, uint64_t need)
{
	struct ring_control *control = writer->control;
	if (control == NULL)
		return false; /* counted by the probe: there is no ring to count in */
	/* Pairs with the release store in the reader, after it has copied the slots. */
	writer->tail_seen = atomic_load_explicit(&control->tail, memory_order_acquire);
	if (writer->head - writer->tail_seen + need <= writer->slot_count)
		return true;
	uint64_t lost = atomic_load_explicit(&control->lost, memory_order_relaxed);
	atomic_store_explicit(&control->lost, lost + 1, memory_order_relaxed);
	return false;
}

void ring_copy_text(struct ring_writer *writer, uint64_t first_slot, const char *text, uint16_t length)
{
	const size_t slot_size = sizeof(struct wire_event);
	for (size_t done = 0; done < length; done += slot_size, first_slot++) {
		size_t piece = length - done < slot_size ? length - done : slot_size;
		memcpy(&writer->slots[first_slot & (writer->slot_count - 1)], text + done, piece);
	}
}
