/* SPDX-License-Identifier: MIT */
/* Arguments and results as events show them. */
#include <string.h>

#include "mp/pool_internal.h"

/* As message_describe() says it of the same number. */
static const char *add_number(struct message_text *text, const char *at, bool real)
{
	int64_t integer;
	double number;
	memcpy(&integer, at, sizeof integer);
	memcpy(&number, at, sizeof number);
	if (real)
		message_text_add_real(text, number);
	else
		message_text_add_integer(text, integer);
	return at + sizeof integer;
}

void pool_describe(struct message_text *text, const struct buffer *message, size_t skip, uint32_t count, uint32_t form)
{
	const char *at = message->bytes + skip, *end = message->bytes + message->length;
	bool plain = form == FORM_INTEGERS || form == FORM_REALS;
	if (count > 1)
		message_text_add(text, "[", 1);
	for (uint32_t i = 0; i < count && at != NULL && !message_text_full(text); i++) {
		if (i > 0)
			message_text_add(text, ", ", 2);
		at = plain ? add_number(text, at, form == FORM_REALS) : message_describe(text, at, end);
	}
	if (count > 1)
		message_text_add(text, "]", 1);
}
