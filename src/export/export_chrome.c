/* SPDX-License-Identifier: MIT */
/*
 * Trace Event Format, as Perfetto and chrome://tracing read it: a track a process or thread, under
 * its PID and TID. On it lies its life (B, E), in that its waits and sleeps (B, E) and its operations
 * (X). Who holds which lock is told by tracks of their own, under a process "shared" whose number
 * no process can have; beside them the numbers in values and queues, as counters (C). Messages and
 * wake-ups are flows (s, f).
 *
 * A free run has its own clock: an operation is stamped when it is done, so its slice ends there. In
 * a stepped one time stands still while much happens; there a step is a millisecond.
 *
 * Times of one track never go back, and what begins ends.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "export/exporters.h"
#include "export/json.h"
#include "export/links.h"
#include "export/printer.h"
#include "view/mark.h"
#include "world/narrative.h"

enum {
	SHARED_PID = 1 << 22,  /* PID_MAX_LIMIT: the first number that no process has */
	STEP_NS = 1000000,
	OPERATION_NS = 1000,   /* the longest that an operation of a free run is drawn */
	ELEMENTS_MAX = 8,      /* of an array that have a counter */
};

struct span {
	uint64_t from, to; /* ns */
};

struct track {
	bool known;
	int pid, tid;
	uint64_t time; /* of what was told on it last */
	int open;      /* slices: its life, and a wait in it */
};

struct holding {
	bool named;
	uint16_t holder;
};

struct chrome {
	struct export *export;
	struct text *out;
	const struct history *history;
	struct world *world;
	struct links links;
	struct track *tracks;
	size_t track_count;
	struct holding *holdings;
	size_t holding_count;
	uint64_t *begun;  /* by event: when its span begins; flows come out of the past */
	uint64_t time;    /* the latest of all so far */
	uint64_t step, step_first;
	uint64_t flows;
	struct text name, words;
	bool gated, first;
};

/* ---- time ---- */

/* The events of a step share its millisecond. */
static struct span span_in_step(struct chrome *chrome, uint64_t index)
{
	const struct history *history = chrome->history;

	while (chrome->step <= history_steps(history) && history_step_position(history, chrome->step) <= index) {
		chrome->step_first = history_step_position(history, chrome->step);
		chrome->step++;
	}
	uint64_t events = history_step_position(history, chrome->step) - chrome->step_first;
	uint64_t slot = STEP_NS / (events + 1), from = chrome->step * STEP_NS + (index - chrome->step_first) * slot;
	return (struct span){from, from + slot};
}

static struct span span_of(struct chrome *chrome, const struct track *track, uint64_t index)
{
	uint64_t stamp = history_at(chrome->history, index)->time;

	if (chrome->gated)
		return span_in_step(chrome, index);
	stamp = stamp > track->time ? stamp : track->time;
	return (struct span){stamp - track->time > OPERATION_NS ? stamp - OPERATION_NS : track->time, stamp};
}

/* ---- an event of the trace ---- */

static void add_time(struct text *out, const char *key, uint64_t ns)
{
	const char thousandths[] = {'.', (char)('0' + ns / 100 % 10), (char)('0' + ns / 10 % 10), (char)('0' + ns % 10)};

	json_add_natural(out, key, ns / 1000);
	text_add_bytes(out, thousandths, sizeof thousandths);
}

static void begin_event(struct chrome *chrome, const char *phase, int pid, int tid)
{
	text_add(chrome->out, chrome->first ? "\n{\"ph\":\"" : ",\n{\"ph\":\"");
	text_add(chrome->out, phase);
	text_add(chrome->out, "\",\"pid\":");
	json_add_natural(chrome->out, NULL, (uint64_t)pid);
	json_add_natural(chrome->out, "tid", (uint64_t)tid);
	chrome->first = false;
}

static void end_event(struct chrome *chrome)
{
	json_close(chrome->out, '}');
}

/* Of what is on an actor's track, or a lock's. */
static void begin_timed(struct chrome *chrome, const char *phase, struct track *track, uint64_t time)
{
	begin_event(chrome, phase, track->pid, track->tid);
	track->time = time > track->time ? time : track->time;
	add_time(chrome->out, "ts", track->time);
	chrome->time = track->time > chrome->time ? track->time : chrome->time;
}

static void name_track(struct chrome *chrome, const char *what, int pid, int tid, const char *name)
{
	begin_event(chrome, "M", pid, tid);
	json_add_string(chrome->out, "name", what);
	json_add_key(chrome->out, "args");
	json_open(chrome->out, '{');
	json_add_string(chrome->out, "name", name);
	json_close(chrome->out, '}');
	end_event(chrome);
}

static void sort_track(struct chrome *chrome, int pid, size_t place)
{
	begin_event(chrome, "M", pid, 0);
	json_add_string(chrome->out, "name", "process_sort_index");
	json_add_key(chrome->out, "args");
	json_open(chrome->out, '{');
	json_add_natural(chrome->out, "sort_index", place);
	json_close(chrome->out, '}');
	end_event(chrome);
}

/* ---- slices ---- */

static void begin_slice(struct chrome *chrome, struct track *track, uint64_t time, const char *category, const char *name,
                        const char *thing)
{
	begin_timed(chrome, "B", track, time);
	json_add_string(chrome->out, "cat", category);
	json_add_string(chrome->out, "name", name);
	if (thing[0] != '\0') {
		json_add_key(chrome->out, "args");
		json_open(chrome->out, '{');
		json_add_string(chrome->out, "on", thing);
		json_close(chrome->out, '}');
	}
	end_event(chrome);
	track->open++;
}

static void end_slices(struct chrome *chrome, struct track *track, uint64_t time, int left)
{
	while (track->open > left) {
		begin_timed(chrome, "E", track, time);
		end_event(chrome);
		track->open--;
	}
}

/* ---- who ---- */

static bool is_taken(const struct chrome *chrome, size_t before, int pid, int tid)
{
	for (size_t i = 0; i < before; i++)
		if (chrome->tracks[i].known && chrome->tracks[i].pid == pid && chrome->tracks[i].tid == tid)
			return true;
	return false;
}

/* Numbers that nobody told, or that the system has given a second time, become some that no process has. */
static void know_track(struct chrome *chrome, uint16_t id, uint64_t time)
{
	struct track *track = &chrome->tracks[id];
	const struct world_actor *actor = world_actor(chrome->world, id);
	bool process = actor->kind == ACTOR_PROCESS;
	int pid = printer_pid(chrome->world, id), tid = process ? pid : actor->tid;

	if (pid <= 0 || tid <= 0 || is_taken(chrome, chrome->track_count, pid, tid)) {
		pid = pid > 0 && !process ? pid : SHARED_PID + 1 + id;
		tid = SHARED_PID + 1 + id;
	}
	*track = (struct track){.known = true, .pid = pid, .tid = tid, .time = time};
	if (process) {
		name_track(chrome, "process_name", pid, tid, actor->name);
		sort_track(chrome, pid, id);
	}
	name_track(chrome, "thread_name", pid, tid, actor->name);
	begin_slice(chrome, track, time, "life", actor->name, "");
}

static struct track *track_of(struct chrome *chrome, uint16_t id)
{
	if (id >= chrome->track_count) {
		size_t count = (size_t)id * 2 + 16;

		chrome->tracks = memory_resize(chrome->tracks, count, sizeof *chrome->tracks);
		for (size_t i = chrome->track_count; i < count; i++)
			chrome->tracks[i] = (struct track){0};
		chrome->track_count = count;
	}
	return &chrome->tracks[id];
}

/* With a process go its threads. */
static void end_life(struct chrome *chrome, struct track *track, uint64_t time, bool process)
{
	end_slices(chrome, track, time, 0);
	for (size_t i = 0; process && i < chrome->track_count; i++)
		if (chrome->tracks[i].known && chrome->tracks[i].pid == track->pid)
			end_slices(chrome, &chrome->tracks[i], time, 0);
}

/* ---- what happened ---- */

static const char *name_of(struct chrome *chrome, const struct wire_event *event)
{
	text_reset(&chrome->name);
	text_add(&chrome->name, event_kind_info(event->kind)->op);
	if (event->object != 0) {
		text_add_char(&chrome->name, ' ');
		text_add(&chrome->name, world_object_name(chrome->world, event->object));
	}
	return chrome->name.bytes;
}

static void add_details(struct chrome *chrome, uint64_t index)
{
	const struct wire_event *event = history_at(chrome->history, index);
	struct place where = history_place(chrome->history, event->place);
	struct text *out = chrome->out;

	json_add_key(out, "args");
	json_open(out, '{');
	text_reset(&chrome->words);
	narrative_event(&chrome->words, chrome->world, index);
	json_add_bytes(out, "what", chrome->words.bytes, chrome->words.length);
	json_add_natural(out, "event", index);
	if (chrome->gated)
		json_add_seconds(out, "t", event->time);
	if (where.line != 0) {
		json_add_string(out, "file", where.file);
		json_add_natural(out, "line", where.line);
	}
	json_close(out, '}');
}

/* What the reader tells of somebody, who did nothing then. */
static void add_told(struct chrome *chrome, struct track *track, uint64_t index, struct span span)
{
	const struct wire_event *event = history_at(chrome->history, index);

	begin_timed(chrome, "i", track, span.to);
	json_add_string(chrome->out, "s", "t");
	json_add_string(chrome->out, "cat", "told");
	json_add_string(chrome->out, "name", event_kind_info(event->kind)->op);
	add_details(chrome, index);
	end_event(chrome);
}

static void add_operation(struct chrome *chrome, struct track *track, uint64_t index, struct span span)
{
	begin_timed(chrome, "X", track, span.from);
	add_time(chrome->out, "dur", span.to > track->time ? span.to - track->time : 0);
	json_add_string(chrome->out, "cat", "operation");
	json_add_string(chrome->out, "name", name_of(chrome, history_at(chrome->history, index)));
	add_details(chrome, index);
	end_event(chrome);
	track->time = span.to > track->time ? span.to : track->time;
}

static void add_on_track(struct chrome *chrome, struct track *track, uint64_t index, struct span span)
{
	const struct wire_event *event = history_at(chrome->history, index);
	enum actor_state after = event_kind_info(event->kind)->state_after;

	if (mark_is_told(event->kind)) {
		add_told(chrome, track, index, span);
		return;
	}
	end_slices(chrome, track, span.from, 1);
	if (after == ACTOR_WAITING || after == ACTOR_SLEEPING) {
		const char *thing = event->object != 0 ? world_object_name(chrome->world, event->object) : "";
		begin_slice(chrome, track, span.from, "wait", name_of(chrome, event), thing);
		return;
	}
	add_operation(chrome, track, index, span);
	if (after == ACTOR_EXITED)
		end_life(chrome, track, span.to, world_actor(chrome->world, event->actor)->kind == ACTOR_PROCESS);
}

/* ---- flows ---- */

static void add_flow_end(struct chrome *chrome, const char *phase, const struct track *track, uint64_t time, const char *category)
{
	begin_event(chrome, phase, track->pid, track->tid);
	add_time(chrome->out, "ts", time);
	json_add_string(chrome->out, "cat", category);
	json_add_string(chrome->out, "name", category);
	json_add_natural(chrome->out, "id", chrome->flows);
	if (phase[0] == 'f')
		json_add_string(chrome->out, "bp", "e"); /* it ends in the slice that is there, not in the next */
	end_event(chrome);
}

/* An effect may be stamped before its cause; its arrow does not go back. */
static void add_flow(struct chrome *chrome, struct link link, const struct track *to, uint64_t index)
{
	static const char *const categories[] = {
		[LINK_MESSAGE] = "message", [LINK_WAKE] = "wake-up", [LINK_START] = "start", [LINK_JOIN] = "join",
	};
	const struct track *from = track_of(chrome, history_at(chrome->history, link.cause)->actor);
	uint64_t end = chrome->begun[index], begin = chrome->begun[link.cause] < end ? chrome->begun[link.cause] : end;

	if (link.kind == LINK_NONE || !from->known)
		return;
	chrome->flows++;
	add_flow_end(chrome, "s", from, begin, categories[link.kind]);
	add_flow_end(chrome, "f", to, end, categories[link.kind]);
}

/* ---- what is shared ---- */

static void begin_counter(struct chrome *chrome, const char *name)
{
	begin_event(chrome, "C", SHARED_PID, SHARED_PID);
	add_time(chrome->out, "ts", chrome->time);
	json_add_string(chrome->out, "name", name);
	json_add_key(chrome->out, "args");
	json_open(chrome->out, '{');
}

static void end_counter(struct chrome *chrome)
{
	json_close(chrome->out, '}');
	end_event(chrome);
}

static void count_value(struct chrome *chrome, const char *name, const struct world_value *value)
{
	const struct wire_event number = {.value = value->value, .flags = value->real ? EVENT_REAL : 0};

	begin_counter(chrome, name);
	if (value->real)
		json_add_real(chrome->out, "value", wire_event_real(&number));
	else
		json_add_integer(chrome->out, "value", value->value);
	end_counter(chrome);
}

static void count_element(struct chrome *chrome, const struct world_object *array, const struct wire_event *event)
{
	if (event->kind != EVENT_ARRAY_WRITE || event->aux >= ELEMENTS_MAX || event->aux >= array->element_count)
		return;
	text_reset(&chrome->words);
	text_printf(&chrome->words, "%s[%u]", array->name, event->aux);
	count_value(chrome, chrome->words.bytes, &array->elements[event->aux]);
}

static void count_number(struct chrome *chrome, const char *name, const char *key, int64_t number)
{
	begin_counter(chrome, name);
	json_add_integer(chrome->out, key, number);
	end_counter(chrome);
}

static void count_object(struct chrome *chrome, const struct world_object *object, const struct wire_event *event)
{
	bool made = event->kind == EVENT_OBJECT_NEW;

	if (object->kind == OBJECT_VALUE && (made || event->kind == EVENT_VALUE_WRITE))
		count_value(chrome, object->name, &object->value);
	else if (object->kind == OBJECT_ARRAY)
		count_element(chrome, object, event);
	else if (object->kind == OBJECT_SEMAPHORE)
		count_number(chrome, object->name, "count", object->count);
	else if (object->kind == OBJECT_QUEUE || object->kind == OBJECT_SIMPLE_QUEUE)
		count_number(chrome, object->name, "items", (int64_t)(object->buffer.count + object->in_pipe.count));
}

/* A lock's track: a slice as long as somebody has it. */
static void hold_object(struct chrome *chrome, const struct world_object *object)
{
	struct holding *holding = &chrome->holdings[object->id];
	struct track track = {.pid = SHARED_PID, .tid = SHARED_PID + object->id, .time = chrome->time};
	bool lock = object->kind == OBJECT_LOCK || object->kind == OBJECT_RLOCK ||
	            (object->kind == OBJECT_SEMAPHORE && object->start == 1);

	if (!lock || (holding->named && holding->holder == object->holder))
		return;
	if (!holding->named)
		name_track(chrome, "thread_name", track.pid, track.tid, object->name);
	else if (holding->holder != WORLD_NO_ACTOR)
		track.open = 1;
	end_slices(chrome, &track, chrome->time, 0);
	if (object->holder != WORLD_NO_ACTOR)
		begin_slice(chrome, &track, chrome->time, "held", world_actor_name(chrome->world, object->holder), object->name);
	*holding = (struct holding){.named = true, .holder = object->holder};
}

static void look_at_object(struct chrome *chrome, const struct wire_event *event)
{
	const struct world_object *object = world_object(chrome->world, event->object);

	if (object == NULL)
		return;
	if (object->id >= chrome->holding_count) {
		size_t count = (size_t)object->id * 2 + 16;

		chrome->holdings = memory_resize(chrome->holdings, count, sizeof *chrome->holdings);
		for (size_t i = chrome->holding_count; i < count; i++)
			chrome->holdings[i] = (struct holding){0};
		chrome->holding_count = count;
	}
	count_object(chrome, object, event);
	hold_object(chrome, object);
}

/* ---- from beginning to end ---- */

static void add_event(struct chrome *chrome, uint64_t index)
{
	const struct wire_event *event = history_at(chrome->history, index);
	struct link link = links_next(&chrome->links, chrome->world);

	world_forward(chrome->world);
	struct track *track = track_of(chrome, event->actor);
	struct span span = span_of(chrome, track, index);

	chrome->begun[index] = span.from > track->time ? span.from : track->time;
	if (!track->known)
		know_track(chrome, event->actor, span.from);
	add_on_track(chrome, track, index, span);
	if (link.kind != LINK_NONE)
		add_flow(chrome, link, track, index);
	if (event->object != 0)
		look_at_object(chrome, event);
}

static void end_all(struct chrome *chrome)
{
	for (size_t i = 0; i < chrome->track_count; i++)
		if (chrome->tracks[i].known)
			end_slices(chrome, &chrome->tracks[i], chrome->time, 0);
	for (size_t i = 0; i < chrome->holding_count; i++) {
		struct track track = {.pid = SHARED_PID, .tid = SHARED_PID + (int)i, .time = chrome->time, .open = 1};

		if (chrome->holdings[i].named && chrome->holdings[i].holder != WORLD_NO_ACTOR)
			end_slices(chrome, &track, chrome->time, 0);
	}
}

static void add_about_run(const struct chrome *chrome)
{
	const struct run_options *options = recording_options(chrome->export->recording);
	const struct run_end *end = recording_end(chrome->export->recording);
	struct text *out = chrome->out;

	text_add(out, "\n],\"displayTimeUnit\":\"ms\",\"otherData\":{");
	json_add_string(out, "lesson", options->settings->lesson->name);
	for (size_t i = 0; i < options->settings->lesson->parameter_count; i++)
		json_add_string(out, options->settings->lesson->parameters[i].name, options->settings->values[i]);
	json_add_natural(out, "seed", options->seed);
	json_add_string(out, "time", chrome->gated ? "a step is a millisecond" : "the lesson's clock");
	if (end != NULL && end->result != NULL)
		json_add_string(out, "verdict", end->result->verdict);
	json_add_string(out, "version", recording_version(chrome->export->recording));
	text_add(out, "}}\n");
}

static int write_events(struct chrome *chrome)
{
	uint64_t count = history_count(chrome->history);
	int error = 0;

	text_add(chrome->out, "{\"traceEvents\":[");
	name_track(chrome, "process_name", SHARED_PID, SHARED_PID, "shared");
	sort_track(chrome, SHARED_PID, SHARED_PID);
	for (uint64_t index = 0; index < count && error == 0; index++) {
		add_event(chrome, index);
		error = export_grown(chrome->export, export_done(chrome->export, index));
	}
	end_all(chrome);
	add_about_run(chrome);
	return error != 0 ? error : export_flush(chrome->export, 1);
}

static int write_chrome(struct export *export)
{
	struct history *history = export_history(export);
	struct chrome chrome = {
		.export = export,
		.out = export->out,
		.history = history,
		.world = world_new(history),
		.begun = memory_array(history_count(history) + 1, sizeof *chrome.begun),
		.name = TEXT_INIT,
		.words = TEXT_INIT,
		.gated = recording_options(export->recording)->gated,
		.first = true,
	};

	links_init(&chrome.links);
	int error = write_events(&chrome);
	links_release(&chrome.links);
	world_free(chrome.world);
	free(chrome.begun);
	free(chrome.tracks);
	free(chrome.holdings);
	text_release(&chrome.name);
	text_release(&chrome.words);
	return error;
}

const struct exporter exporter_chrome = {
	.name = "chrome",
	.extension = ".trace.json",
	.help = "Trace Event Format: opens in Perfetto (ui.perfetto.dev) and chrome://tracing",
	.write = write_chrome,
};
