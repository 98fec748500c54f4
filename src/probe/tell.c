/* SPDX-License-Identifier: MIT */
/* Events with text, and the borders between the library and the lesson's own functions. */
#include "base/utf8.h"
#include "probe/probe.h"

void probe_event_text(enum event_kind kind, uint16_t object, int64_t value, uint32_t aux,
                      unsigned int flags, uint32_t place, const char *text, size_t length)
{
	if (length > EVENT_TEXT_MAX) {
		length = utf8_cut(text, length, EVENT_TEXT_MAX);
		flags |= EVENT_CUT;
	}
	uint64_t time = probe_self.held != 0 ? probe_self.held : probe_stamp();
	struct wire_event event = {.time = time, .value = value, .place = place, .aux = aux,
	                           .object = object, .kind = (uint8_t)kind, .flags = (uint8_t)flags,
	                           .text = (uint16_t)length};
	if (!ring_push(&probe_self.ring, &event, text))
		probe_untold();
}

void probe_untold(void)
{
	if (probe_self.slot != NULL && probe_self.ring.control == NULL)
		atomic_fetch_add_explicit(&probe.wire.header->unringed, 1, memory_order_relaxed);
}

uint32_t probe_enter_lesson(void)
{
	uint32_t saved = probe_self.place;
	probe_self.place = 0;
	return saved;
}

void probe_leave_lesson(uint32_t saved)
{
	probe_self.place = saved;
}
