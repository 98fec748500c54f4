/* SPDX-License-Identifier: MIT */
#include "wire/event.h"

#include <string.h>

static const struct event_kind_info kinds[EVENT_KIND_COUNT] = {
#define X(kind, op_name, after, letter, phrase) \
	[kind] = {.op = op_name, .state_after = after, .mark = letter, .words = phrase},
	EVENT_KINDS(X)
#undef X
};

static const char *const object_names[OBJECT_KIND_COUNT] = {
#define X(kind, name) [kind] = name,
	OBJECT_KINDS(X)
#undef X
};

const struct event_kind_info *event_kind_info(unsigned int kind)
{
	return &kinds[kind < EVENT_KIND_COUNT ? kind : EVENT_UNKNOWN];
}

enum event_kind event_kind_find(const char *op)
{
	for (unsigned int kind = 0; kind < EVENT_KIND_COUNT; kind++)
		if (strcmp(kinds[kind].op, op) == 0)
			return (enum event_kind)kind;
	return EVENT_UNKNOWN;
}

const char *object_kind_name(unsigned int kind)
{
	return object_names[kind < OBJECT_KIND_COUNT ? kind : OBJECT_NONE];
}

double wire_event_real(const struct wire_event *event)
{
	if ((event->flags & EVENT_REAL) == 0)
		return (double)event->value;
	double real;
	memcpy(&real, &event->value, sizeof real);
	return real;
}

int64_t wire_event_bits(double real)
{
	int64_t bits;
	memcpy(&bits, &real, sizeof bits);
	return bits;
}
