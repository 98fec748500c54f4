/* SPDX-License-Identifier: MIT */
/*
 * An object a line. What is printed is a promise: keys are only ever added. Every event has seq,
 * t, actor, pid, tid and op; then, where they mean something: object, value, what the table below
 * makes of `aux`, text, cut, failed, locked, and the place.
 */
#include <string.h>

#include "export/json.h"
#include "export/printer.h"
#include "world/narrative.h"

enum aux_is { AUX_NOTHING, AUX_NUMBER, AUX_ACTOR, AUX_FLAG, AUX_OBJECT };

/* How a kind's numbers are called. A kind without a row has neither value nor aux. */
struct fields {
	const char *value; /* NULL: it has none */
	const char *aux;
	enum aux_is aux_is;
	bool value_is_actor; /* an actor's id: told by its name */
};

static const struct fields FIELDS[EVENT_KIND_COUNT] = {
	[EVENT_LOST] = {.value = "value"},
	[EVENT_KILLED] = {.value = "value", .aux = "mid_event", .aux_is = AUX_FLAG},
	[EVENT_PROCESS_START] = {.value = "child_pid", .aux = "child", .aux_is = AUX_ACTOR},
	[EVENT_PROCESS_BEGIN] = {.aux = "parent_pid", .aux_is = AUX_NUMBER},
	[EVENT_PROCESS_EXIT] = {.value = "value"},
	[EVENT_PROCESS_WAIT] = {.aux = "child", .aux_is = AUX_ACTOR},
	[EVENT_PROCESS_JOIN] = {.value = "value", .aux = "child", .aux_is = AUX_ACTOR},
	[EVENT_PROCESS_REAP] = {.value = "value", .aux = "child", .aux_is = AUX_ACTOR},
	[EVENT_PROCESS_TERMINATE] = {.aux = "child", .aux_is = AUX_ACTOR},
	[EVENT_PROCESS_KILL] = {.aux = "child", .aux_is = AUX_ACTOR},
	[EVENT_THREAD_START] = {.aux = "child", .aux_is = AUX_ACTOR},
	[EVENT_THREAD_WAIT] = {.aux = "child", .aux_is = AUX_ACTOR},
	[EVENT_THREAD_JOIN] = {.aux = "child", .aux_is = AUX_ACTOR},
	[EVENT_VALUE_READ] = {.value = "value"},
	[EVENT_VALUE_WRITE] = {.value = "value"},
	[EVENT_ARRAY_READ] = {.value = "value", .aux = "index", .aux_is = AUX_NUMBER},
	[EVENT_ARRAY_WRITE] = {.value = "value", .aux = "index", .aux_is = AUX_NUMBER},
	[EVENT_RLOCK_ACQUIRE] = {.value = "depth"},
	[EVENT_RLOCK_RELEASE] = {.value = "depth"},
	[EVENT_SEMAPHORE_VALUE] = {.value = "value"},
	[EVENT_CONDITION_NOTIFY] = {.value = "value", .aux = "woken", .aux_is = AUX_NUMBER},
	[EVENT_CONDITION_NOTIFY_WAIT] = {.aux = "awaited", .aux_is = AUX_NUMBER},
	[EVENT_EVENT_IS_SET] = {.value = "value"},
	[EVENT_EVENT_PASS] = {.value = "value"},
	[EVENT_BARRIER_WAIT] = {.value = "value", .aux = "parties", .aux_is = AUX_NUMBER},
	[EVENT_BARRIER_PASS] = {.value = "value"},
	[EVENT_PIPE_SEND] = {.value = "value", .aux = "end", .aux_is = AUX_NUMBER},
	[EVENT_PIPE_SEND_WAIT] = {.value = "value", .aux = "end", .aux_is = AUX_NUMBER},
	[EVENT_PIPE_RECV] = {.value = "value", .aux = "end", .aux_is = AUX_NUMBER},
	[EVENT_PIPE_WAIT] = {.aux = "end", .aux_is = AUX_NUMBER},
	[EVENT_PIPE_POLL] = {.value = "value", .aux = "end", .aux_is = AUX_NUMBER},
	[EVENT_PIPE_CLOSE] = {.aux = "end", .aux_is = AUX_NUMBER},
	[EVENT_QUEUE_PUT] = {.aux = "item", .aux_is = AUX_NUMBER},
	[EVENT_QUEUE_PUT_WAIT] = {.aux = "item", .aux_is = AUX_NUMBER},
	[EVENT_QUEUE_FEED] = {.aux = "item", .aux_is = AUX_NUMBER},
	[EVENT_QUEUE_GET] = {.aux = "item", .aux_is = AUX_NUMBER},
	[EVENT_QUEUE_EMPTY] = {.value = "value"},
	[EVENT_QUEUE_QSIZE] = {.value = "value"},
	[EVENT_POOL_SUBMIT] = {.value = "value", .aux = "task", .aux_is = AUX_NUMBER},
	[EVENT_POOL_TASK] = {.aux = "task", .aux_is = AUX_NUMBER},
	[EVENT_POOL_DONE] = {.aux = "task", .aux_is = AUX_NUMBER},
	[EVENT_POOL_RESULT] = {.aux = "task", .aux_is = AUX_NUMBER},
	[EVENT_RANDOM_DRAW] = {.value = "value"},
	[EVENT_PRINT] = {.value = "value"},
	[EVENT_RESULT] = {.value = "value"},
	[EVENT_SIMPLE_PUT] = {.aux = "item", .aux_is = AUX_NUMBER},
	[EVENT_SIMPLE_GET] = {.aux = "item", .aux_is = AUX_NUMBER},
	[EVENT_SIMPLE_EMPTY] = {.value = "value"},
	[EVENT_MANAGER_CALL] = {.aux = "on", .aux_is = AUX_OBJECT},
	[EVENT_MANAGER_RETURN] = {.aux = "on", .aux_is = AUX_OBJECT},
	[EVENT_MANAGER_SERVE] = {.value = "client", .aux = "on", .aux_is = AUX_OBJECT, .value_is_actor = true},
};

/* How an object's numbers at its birth are called. */
static const struct fields BIRTHS[OBJECT_KIND_COUNT] = {
	[OBJECT_VALUE] = {.value = "value"},
	[OBJECT_ARRAY] = {.aux = "length", .aux_is = AUX_NUMBER},
	[OBJECT_SEMAPHORE] = {.value = "value", .aux = "bounded", .aux_is = AUX_FLAG},
	[OBJECT_BARRIER] = {.aux = "parties", .aux_is = AUX_NUMBER},
	[OBJECT_PIPE] = {.aux = "duplex", .aux_is = AUX_FLAG},
	[OBJECT_QUEUE] = {.aux = "maxsize", .aux_is = AUX_NUMBER},
	[OBJECT_POOL] = {.aux = "workers", .aux_is = AUX_NUMBER},
	[OBJECT_RANDOM] = {.value = "value"},
	[OBJECT_DICT] = {.aux = "manager", .aux_is = AUX_OBJECT},
	[OBJECT_LIST] = {.aux = "manager", .aux_is = AUX_OBJECT},
	[OBJECT_NAMESPACE] = {.aux = "manager", .aux_is = AUX_OBJECT},
};

static void add_value(struct text *out, const char *key, const struct wire_event *event)
{
	if (event->kind == EVENT_SLEEP)
		json_add_seconds(out, "value", event->value > 0 ? (uint64_t)event->value : 0);
	else if (key != NULL && event->flags & EVENT_REAL)
		json_add_real(out, key, wire_event_real(event));
	else if (key != NULL)
		json_add_integer(out, key, event->value);
}

static void add_aux(const struct printer *printer, const struct fields *fields, uint32_t aux)
{
	struct text *out = printer->out;

	switch (fields->aux_is) {
	case AUX_NOTHING:
		break;
	case AUX_NUMBER:
		json_add_natural(out, fields->aux, aux);
		break;
	case AUX_ACTOR:
		json_add_string(out, fields->aux, world_actor_name(printer->world, aux));
		break;
	case AUX_OBJECT:
		if (aux != 0)
			json_add_string(out, fields->aux, world_object_name(printer->world, aux));
		break;
	case AUX_FLAG:
		if (aux != 0)
			json_add_bool(out, fields->aux, true);
		break;
	}
}

static void add_numbers(const struct printer *printer, const struct wire_event *event)
{
	const struct fields *fields = &FIELDS[event->kind < EVENT_KIND_COUNT ? event->kind : EVENT_UNKNOWN];
	uint32_t aux = event->aux;

	if (event->kind == EVENT_OBJECT_NEW) {
		uint32_t kind = aux & 0xff;

		json_add_string(printer->out, "kind", object_kind_name(kind));
		fields = &BIRTHS[kind < OBJECT_KIND_COUNT ? kind : OBJECT_NONE];
		aux >>= 8;
	}
	if (fields->value_is_actor)
		json_add_string(printer->out, fields->value, world_actor_name(printer->world, (unsigned int)event->value));
	else
		add_value(printer->out, fields->value, event);
	add_aux(printer, fields, aux);
}

static void add_place(const struct printer *printer, uint32_t place)
{
	struct place where = history_place(printer->history, place);

	if (where.line == 0)
		return;
	json_add_string(printer->out, "file", where.file);
	json_add_natural(printer->out, "line", where.line);
	json_add_string(printer->out, "function", where.function);
}

/* What the run's processes really wrote. */
static void print_output(const struct printer *printer, const struct wire_event *event, uint64_t index)
{
	struct text *out = printer->out;
	size_t length;
	const char *text = history_text(printer->history, index, &length);

	text_add(out, "{\"type\":\"output\"");
	json_add_seconds(out, "t", event->time);
	json_add_string(out, "stream", event->aux == 2 ? "stderr" : "stdout");
	json_add_bytes(out, "text", text, length);
	text_add(out, "}\n");
}

static void print_event(struct printer *printer, uint64_t index)
{
	const struct wire_event *event = history_at(printer->history, index);
	const struct world_actor *actor = world_actor(printer->world, event->actor);
	struct text *out = printer->out;
	size_t length;
	const char *text = history_text(printer->history, index, &length);

	if (event->kind == EVENT_OUTPUT) {
		print_output(printer, event, index);
		return;
	}
	text_add(out, "{\"type\":\"event\"");
	json_add_natural(out, "seq", printer->events);
	json_add_seconds(out, "t", event->time);
	json_add_string(out, "actor", world_actor_name(printer->world, event->actor));
	json_add_integer(out, "pid", printer_pid(printer->world, event->actor));
	json_add_integer(out, "tid", actor != NULL ? actor->tid : 0);
	json_add_string(out, "op", event_kind_info(event->kind)->op);
	if (event->object != 0)
		json_add_string(out, "object", world_object_name(printer->world, event->object));
	add_numbers(printer, event);
	if (length > 0)
		json_add_bytes(out, "text", text, length);
	if (event->flags & EVENT_CUT)
		json_add_bool(out, "cut", true);
	if (event->flags & EVENT_FAILED)
		json_add_bool(out, "failed", true);
	if (event->flags & EVENT_LOCKED)
		json_add_bool(out, "locked", true);
	add_place(printer, event->place);
	text_add(out, "}\n");
}

static void print_head(struct printer *printer, const struct run_options *head)
{
	const struct settings *settings = head->settings;
	struct text *out = printer->out;

	text_add(out, "{\"type\":\"run\"");
	json_add_string(out, "lesson", settings->lesson->name);
	json_add_key(out, "set");
	json_open(out, '{');
	for (size_t i = 0; i < settings->lesson->parameter_count; i++)
		json_add_string(out, settings->lesson->parameters[i].name, settings->values[i]);
	json_close(out, '}');
	json_add_natural(out, "seed", head->seed);
	json_add_string(out, "mode", head->gated ? "gated" : "free");
	if (!head->gated)
		json_add_real(out, "speed", head->speed);
	json_add_string(out, "version", printer->version);
	text_add(out, "}\n");
}

static void print_tail(struct printer *printer, const struct run_end *tail)
{
	struct text *out = printer->out, schedule = TEXT_INIT;

	text_add(out, "{\"type\":\"result\"");
	json_add_bool(out, "ok", tail->result->ok);
	json_add_value(out, "outcome", tail->result->outcome);
	json_add_value(out, "expected", tail->result->expected);
	json_add_string(out, "verdict", tail->result->verdict);
	json_add_natural(out, "runs", 1);
	json_add_natural(out, "lost", tail->lost);
	if (tail->schedule != NULL) {
		schedule_print(tail->schedule, &schedule);
		json_add_string(out, "schedule", schedule.bytes);
	}
	text_add(out, "}\n");
	text_release(&schedule);
}

const struct printer_form PRINTER_JSON = {
	.head = print_head,
	.event = print_event,
	.tail = print_tail,
};
