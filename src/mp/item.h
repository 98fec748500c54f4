/* SPDX-License-Identifier: MIT */
/*
 * Items on their way through the pipe of a Queue or a SimpleQueue. An item is one value (see message.h), and
 * before it its number, by which the screen knows it again.
 *
 * Runs in: lesson. Not installed. Owns: a get owns its frame. May block: item_block_get.
 */
#ifndef LOCKSTEP_MP_ITEM_H
#define LOCKSTEP_MP_ITEM_H

#include "mp/frame.h"
#include "mp/message.h"
#include "wire/event.h"

enum { ITEM_NUMBER_SIZE = sizeof(uint32_t) };

/* An empty buffer becomes an item without its number yet; the value is added behind that. */
static inline void item_begin(struct buffer *item)
{
	item->length = ITEM_NUMBER_SIZE;
	buffer_grow(item, 16);
}

static inline void item_set_number(struct buffer *item, uint32_t number)
{
	memcpy(item->bytes, &number, ITEM_NUMBER_SIZE);
}

/* What an event says of its value. */
void item_describe(const struct buffer *item, struct message_text *text);

/* One item on its way in. With the read lock held, as another reader would take a part of it. */
struct item_get {
	int reader;
	uint16_t room; /* who waits for room in the pipe listens to this channel */
	struct frame_in frame;
};

/* The attempt and the block of a probe_waiting, see probe.h. -EINVAL too: what came is no item. */
int item_attempt_get(void *get);
int item_block_get(void *get, const struct timespec *deadline);

/* Tells of a get that is done. */
void item_tell_get(const struct item_get *get, enum event_kind kind, uint16_t object, int error);

/* Its value: 0 and a new reference, or -EINVAL and NULL. */
static inline int item_value(const struct item_get *get, json_t **value)
{
	const struct buffer *item = &get->frame.body;
	return message_only(item->bytes + ITEM_NUMBER_SIZE, item->length - ITEM_NUMBER_SIZE, value);
}

#endif
