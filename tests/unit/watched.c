/* SPDX-License-Identifier: MIT */
#include "watched.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "probe/probe.h"
#include "wire/reader.h"

static struct wire wire;
static struct wire_reader *reader;
static struct text told = TEXT_INIT;

static void note(void *context, const struct wire_event *event, const char *text, size_t length)
{
	(void)context;
	const struct event_kind_info *info = event_kind_info(event->kind);
	if (event->actor != 0 || event->kind == EVENT_OBJECT_NEW || event->kind == EVENT_PROCESS_BEGIN ||
	    info->state_after == ACTOR_WAITING)
		return;
	text_printf(&told, "%s %s", info->op, wire.objects[event->object].name);
	if (event->value != 0 && event->kind != EVENT_PROCESS_START)
		text_printf(&told, " %lld", (long long)event->value);
	if (length > 0)
		text_printf(&told, " %.*s", (int)length, text);
	text_printf(&told, "%s\n", event->flags & EVENT_FAILED ? " failed" : "");
}

/* As the director does it: actor 0 stands ready before its process does. */
void watched_begin(void)
{
	static const struct wire_geometry small = {
		.actors = 64, .objects = 256, .rings = 32, .ring_slots = 1024, .result_bytes = 4096};
	assert_int_equal(wire_create(&wire, &small), 0);
	wire.header->stamp = STAMP_CLOCK;
	wire.header->speed = 1.0;
	wire.header->actor_limit = small.actors;
	wire.header->live_actors = wire.header->actor_count = 1;
	wire.actors[0].kind = ACTOR_PROCESS;
	wire.actors[0].state = ACTOR_RUNNING;
	wire.controls[0].owner = 1;
	reader = wire_reader_new(&wire, STAMP_CLOCK, 1.0, note, NULL);
	text_reset(&told);
	probe.wire = wire;
	probe.stamp = STAMP_CLOCK;
	probe_actor_begin(0, 0);
}

const char *watched_end(void)
{
	probe.on = false;
	probe_self = (struct probe_self){0};
	wire_reader_drain(reader, true, UINT64_MAX);
	wire_reader_free(reader);
	wire_release(&wire);
	return told.bytes;
}

void twice(void (*body)(void), const char *want)
{
	body();
	watched_begin();
	body();
	assert_string_equal(watched_end(), want);
}
