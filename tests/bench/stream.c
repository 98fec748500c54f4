/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

enum { THREADS = 10, WORKERS = 8, PENDING = 64, ITEMS_WAITING = 200, TASKS_WAITING = 40, BACKLOG = 100000 };
enum { COUNTER = 1, LOCK = 2, QUEUE = 3, POOL = 4, ARRAY = 5 };
enum { FEEDER = WORKERS + 1, HANDLER = WORKERS + 2 };

struct stream {
	enum stream_kind kind;
	uint64_t random;
	uint64_t time; /* ns */
	/* What belongs together is told together, a few events ahead. */
	struct stream_event pending[PENDING];
	unsigned int first, count;
	int64_t counter;
	struct {
		uint16_t actor;
		unsigned int left;
		int64_t seen;
		bool writes;
	} cores[2];
	uint32_t put, got;              /* queue */
	uint32_t submitted, taken;      /* pool */
	uint32_t items_waiting, tasks_waiting; /* no more than these */
	uint32_t takes, task_takes;     /* one of so many times something is taken; else, if there is room, given */
};

static uint32_t draw(struct stream *stream, uint32_t below)
{
	uint64_t x = stream->random += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return (uint32_t)(((x ^ (x >> 31)) >> 32) * below >> 32);
}

/* ---- telling ---- */

__attribute__((format(printf, 3, 4))) static void tell(struct stream *stream, struct wire_event event, const char *format, ...)
{
	struct stream_event *told = &stream->pending[stream->count++];
	va_list arguments;
	stream->time += 20 + draw(stream, 40);
	told->event = event;
	told->event.time = stream->time;
	told->event.place = 0x1000 + event.kind * 16u;
	va_start(arguments, format);
	told->length = (uint8_t)vsnprintf(told->text, sizeof told->text, format, arguments);
	va_end(arguments);
}

#define TELL(stream, who, what, thing, ...) \
	tell(stream, (struct wire_event){.actor = (uint16_t)(who), .kind = (what), .object = (thing), __VA_ARGS__}, "%s", "")
#define TELL_TEXT(stream, who, what, thing, format, number, ...) \
	tell(stream, (struct wire_event){.actor = (uint16_t)(who), .kind = (what), .object = (thing), __VA_ARGS__}, format, number)

static void make(struct stream *stream, uint16_t object, enum object_kind kind, uint32_t parameter, const char *name)
{
	TELL_TEXT(stream, 0, EVENT_OBJECT_NEW, object, "%s", name, .aux = (uint32_t)kind | parameter << 8);
}

static void begin(struct stream *stream)
{
	unsigned int actors = stream->kind == STREAM_RACE ? THREADS : WORKERS;
	TELL_TEXT(stream, 0, EVENT_PROCESS_BEGIN, 0, "%s", "MainProcess", .value = 4711);
	make(stream, COUNTER, OBJECT_VALUE, 0, "counter");
	if (stream->kind != STREAM_RACE) {
		make(stream, LOCK, OBJECT_LOCK, 0, "lock");
		make(stream, QUEUE, OBJECT_QUEUE, 0, "queue");
		make(stream, POOL, OBJECT_POOL, 4, "pool");
		make(stream, ARRAY, OBJECT_ARRAY, 16, "squares");
	}
	for (unsigned int i = 1; i <= actors; i++) {
		TELL_TEXT(stream, 0, EVENT_THREAD_START, 0, "t%u", i, .aux = i);
		TELL_TEXT(stream, i, EVENT_THREAD_BEGIN, 0, "t%u", i, .value = 4711 + i);
	}
	for (unsigned int i = FEEDER; i <= HANDLER && stream->kind != STREAM_RACE; i++) {
		TELL_TEXT(stream, 0, EVENT_THREAD_START, 0, "helper %u", i, .aux = i);
		TELL_TEXT(stream, i, EVENT_THREAD_BEGIN, 0, "helper %u", i, .value = 4711 + i, .aux = 1);
	}
}

/* ---- a race: two threads at a time have a core, for a burst ---- */

static void tell_race(struct stream *stream)
{
	unsigned int which = draw(stream, 2);
	if (stream->cores[which].left == 0) {
		stream->cores[which].actor = (uint16_t)(1 + which + 2 * draw(stream, THREADS / 2));
		stream->cores[which].left = 1 + draw(stream, 4000);
	}
	stream->cores[which].left--;
	uint16_t actor = stream->cores[which].actor;
	if (stream->cores[which].writes)
		TELL(stream, actor, EVENT_VALUE_WRITE, COUNTER, .value = stream->counter = stream->cores[which].seen + 1);
	else
		TELL(stream, actor, EVENT_VALUE_READ, COUNTER, .value = stream->cores[which].seen = stream->counter);
	stream->cores[which].writes = !stream->cores[which].writes;
}

/* ---- a mixture ---- */

static void tell_lock(struct stream *stream, unsigned int who)
{
	if (draw(stream, 5) == 0)
		TELL(stream, who, EVENT_LOCK_WAIT, LOCK, .value = 0);
	TELL(stream, who, EVENT_LOCK_ACQUIRE, LOCK, .value = 0);
	TELL(stream, who, EVENT_VALUE_READ, COUNTER, .value = stream->counter);
	TELL(stream, who, EVENT_VALUE_WRITE, COUNTER, .value = ++stream->counter);
	TELL(stream, who, EVENT_LOCK_RELEASE, LOCK, .value = 0);
}

static void tell_queue(struct stream *stream, unsigned int who)
{
	if (stream->put - stream->got < stream->items_waiting && draw(stream, stream->takes) != 0) {
		uint32_t number = ++stream->put;
		TELL_TEXT(stream, who, EVENT_QUEUE_PUT, QUEUE, "[%u, 0.25]", number, .aux = number);
		TELL_TEXT(stream, FEEDER, EVENT_QUEUE_FEED, QUEUE, "[%u, 0.25]", number, .aux = number);
	} else if (stream->got < stream->put) {
		uint32_t number = ++stream->got;
		TELL_TEXT(stream, who, EVENT_QUEUE_GET, QUEUE, "[%u, 0.25]", number, .aux = number);
	} else {
		TELL(stream, who, EVENT_QUEUE_WAIT, QUEUE, .value = 0);
	}
}

static void tell_pool(struct stream *stream, unsigned int who)
{
	if (stream->submitted - stream->taken < stream->tasks_waiting && draw(stream, stream->task_takes) != 0) {
		uint32_t number = ++stream->submitted;
		TELL_TEXT(stream, 0, EVENT_POOL_SUBMIT, POOL, "%u", number, .aux = number, .value = 1);
	} else if (stream->taken < stream->submitted) {
		uint32_t number = ++stream->taken;
		TELL(stream, who, EVENT_POOL_TASK, POOL, .aux = number);
		TELL_TEXT(stream, who, EVENT_POOL_DONE, POOL, "%u", number * 3, .aux = number);
		TELL(stream, HANDLER, EVENT_POOL_RESULT, POOL, .aux = number);
	}
}

static void tell_mixed(struct stream *stream)
{
	unsigned int who = 1 + draw(stream, WORKERS), what = draw(stream, 100);
	if (what < 40)
		tell_lock(stream, who);
	else if (what < 70)
		tell_queue(stream, who);
	else if (what < 85)
		tell_pool(stream, who);
	else if (what < 95)
		TELL(stream, who, EVENT_ARRAY_WRITE, ARRAY, .aux = draw(stream, 16), .value = what);
	else if (what < 98)
		TELL(stream, who, EVENT_SLEEP, 0, .value = 1000000);
	else
		TELL_TEXT(stream, who, EVENT_PRINT, 0, "t%u has come so far", who, .value = 18);
}

/* ---- from outside ---- */

struct stream *stream_new(enum stream_kind kind)
{
	struct stream *stream = memory_new(sizeof *stream);
	bool backlog = kind == STREAM_BACKLOG;
	stream->kind = kind;
	stream->items_waiting = backlog ? BACKLOG : ITEMS_WAITING;
	stream->tasks_waiting = backlog ? BACKLOG : TASKS_WAITING;
	stream->takes = backlog ? 8 : 2;
	stream->task_takes = backlog ? 8 : 3;
	begin(stream);
	return stream;
}

void stream_free(struct stream *stream)
{
	free(stream);
}

void stream_next(struct stream *stream, struct stream_event *out)
{
	while (stream->first == stream->count) {
		stream->first = stream->count = 0;
		if (stream->kind == STREAM_RACE)
			tell_race(stream);
		else
			tell_mixed(stream);
	}
	*out = stream->pending[stream->first++];
}

void stream_fill(struct history *history, enum stream_kind kind, uint64_t events, bool gated)
{
	struct stream *stream = stream_new(kind);
	struct stream_event next;
	for (uint64_t i = 0; i < events; i++) {
		stream_next(stream, &next);
		history_append(history, &next.event, next.text, next.length);
		if (gated)
			history_end_step(history);
	}
	stream_free(stream);
}
