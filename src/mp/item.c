/* SPDX-License-Identifier: MIT */
#include "mp/item.h"

#include <errno.h>
#include <poll.h>

#include "probe/probe.h"

void item_describe(const struct buffer *item, struct message_text *text)
{
	if (item->length > ITEM_NUMBER_SIZE)
		message_describe(text, item->bytes + ITEM_NUMBER_SIZE, item->bytes + item->length);
}

int item_attempt_get(void *context)
{
	struct item_get *get = context;
	size_t before = get->frame.body.length;
	int error = frame_receive(&get->frame, get->reader);
	if (error == -EAGAIN && get->frame.body.length > before)
		probe_wake(get->room); /* who writes a large item may go on */
	if (error == 0 && get->frame.body.length < ITEM_NUMBER_SIZE)
		error = -EINVAL;
	return error;
}

int item_block_get(void *context, const struct timespec *deadline)
{
	const struct item_get *get = context;
	return frame_wait_and_try(get->reader, POLLIN, deadline, item_attempt_get, context);
}

void item_tell_get(const struct item_get *get, enum event_kind kind, uint16_t object, int error)
{
	const struct buffer *item = &get->frame.body;
	struct message_text text = {0};
	uint32_t number = 0;
	if (error == 0) {
		memcpy(&number, item->bytes, sizeof number);
		item_describe(item, &text);
	}
	probe_event_text(kind, object, 0, number, error != 0 ? EVENT_FAILED : 0, probe_self.place, text.bytes, text.length);
}
