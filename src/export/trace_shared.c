/* SPDX-License-Identifier: MIT */
#include "export/trace.h"

#include <stdlib.h>

#include "base/memory.h"
#include "export/json.h"

enum { ELEMENTS_MAX = 8 }; /* of an array that have a counter */

/* A process without anything in it would be shown too. */
static void know_shared(struct trace *trace)
{
	if (trace->shared)
		return;
	trace->shared = true;
	trace_name_track(trace, "process_name", SHARED_PID, SHARED_PID, "shared");
	trace_sort_track(trace, "process_sort_index", SHARED_PID, SHARED_PID, SHARED_PID);
}

/* ---- counters ---- */

static void begin_counter(struct trace *trace, const char *name)
{
	know_shared(trace);
	trace_begin(trace, "C", SHARED_PID, SHARED_PID);
	trace_add_time(trace->out, "ts", trace->time);
	json_add_string(trace->out, "name", name);
	json_add_key(trace->out, "args");
	json_open(trace->out, '{');
}

static void end_counter(struct trace *trace)
{
	json_close(trace->out, '}');
	trace_end(trace);
}

static void count_value(struct trace *trace, const char *name, const struct world_value *value)
{
	const struct wire_event number = {.value = value->value, .flags = value->real ? EVENT_REAL : 0};

	begin_counter(trace, name);
	if (value->real)
		json_add_real(trace->out, "value", wire_event_real(&number));
	else
		json_add_integer(trace->out, "value", value->value);
	end_counter(trace);
}

static void count_element(struct trace *trace, const struct world_object *array, size_t index)
{
	if (index >= ELEMENTS_MAX || index >= array->element_count)
		return;
	text_reset(&trace->words);
	text_printf(&trace->words, "%s[%zu]", array->name, index);
	count_value(trace, trace->words.bytes, &array->elements[index]);
}

static void count_number(struct trace *trace, const char *name, const char *key, int64_t number)
{
	begin_counter(trace, name);
	json_add_integer(trace->out, key, number);
	end_counter(trace);
}

static void count_object(struct trace *trace, const struct world_object *object)
{
	if (object->kind == OBJECT_VALUE)
		count_value(trace, object->name, &object->value);
	else if (object->kind == OBJECT_SEMAPHORE)
		count_number(trace, object->name, "count", object->count);
	else if (object->kind == OBJECT_QUEUE || object->kind == OBJECT_SIMPLE_QUEUE)
		count_number(trace, object->name, "items", (int64_t)(object->buffer.count + object->in_pipe.count));
}

static void count_change(struct trace *trace, const struct world_object *object, const struct wire_event *event)
{
	bool same = object->kind == OBJECT_VALUE && event->kind != EVENT_OBJECT_NEW && event->kind != EVENT_VALUE_WRITE;

	if (event->kind == EVENT_ARRAY_WRITE && object->kind == OBJECT_ARRAY)
		count_element(trace, object, event->aux);
	else if (!same)
		count_object(trace, object);
}

/* chrome://tracing draws a number up to the next one, and the last one not at all. */
static void count_last(struct trace *trace, const struct world_object *object)
{
	count_object(trace, object);
	for (size_t i = 0; object->kind == OBJECT_ARRAY && i < object->element_count; i++)
		if (object->elements[i].writes > 0)
			count_element(trace, object, i);
}

/* ---- locks ---- */

/* A lock's track: a slice as long as somebody has it. */
static void hold_object(struct trace *trace, const struct world_object *object)
{
	struct holding *holding = &trace->holdings[object->id];
	struct track *track = &holding->track;
	bool lock = object->kind == OBJECT_LOCK || object->kind == OBJECT_RLOCK ||
	            (object->kind == OBJECT_SEMAPHORE && object->start == 1);

	if (!lock || (track->known && holding->holder == object->holder))
		return;
	if (!track->known) {
		know_shared(trace);
		*track = (struct track){.known = true, .pid = SHARED_PID, .tid = SHARED_PID + object->id};
		trace_name_track(trace, "thread_name", track->pid, track->tid, object->name);
	}
	trace_end_slices(trace, track, trace->time, 0);
	if (object->holder != WORLD_NO_ACTOR)
		trace_begin_slice(trace, track, trace->time, "held", world_actor_name(trace->world, object->holder), object->name);
	holding->holder = object->holder;
}

void trace_look_at_object(struct trace *trace, const struct wire_event *event)
{
	const struct world_object *object = world_object(trace->world, event->object);

	if (object == NULL)
		return;
	if (object->id >= trace->holding_count) {
		size_t count = (size_t)object->id * 2 + 16;

		trace->holdings = memory_resize(trace->holdings, count, sizeof *trace->holdings);
		for (size_t i = trace->holding_count; i < count; i++)
			trace->holdings[i] = (struct holding){0};
		trace->holding_count = count;
	}
	count_change(trace, object, event);
	hold_object(trace, object);
}

/* ---- output ---- */

void trace_add_output(struct trace *trace, uint64_t index, uint64_t time)
{
	struct track *track = &trace->output;
	size_t length;
	const char *line = history_text(trace->history, index, &length);

	know_shared(trace);
	if (!track->known) {
		*track = (struct track){.known = true, .pid = SHARED_PID, .tid = SHARED_PID};
		trace_name_track(trace, "thread_name", track->pid, track->tid, "output");
	}
	trace_begin_timed(trace, "i", track, time);
	json_add_string(trace->out, "s", "t");
	json_add_string(trace->out, "cat", "told");
	json_add_string(trace->out, "name", history_at(trace->history, index)->aux == 2 ? "stderr" : "stdout");
	json_add_key(trace->out, "args");
	json_open(trace->out, '{');
	json_add_bytes(trace->out, "what", line, length);
	json_close(trace->out, '}');
	trace_end(trace);
}

/* ---- the end ---- */

void trace_end_shared(struct trace *trace)
{
	for (unsigned int id = 0; id < trace->world->object_count; id++)
		if (world_object(trace->world, id) != NULL)
			count_last(trace, world_object(trace->world, id));
	for (size_t i = 0; i < trace->holding_count; i++)
		trace_end_slices(trace, &trace->holdings[i].track, trace->time, 0);
}
