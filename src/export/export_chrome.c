/* SPDX-License-Identifier: MIT */
/*
 * Trace Event Format, as Perfetto and chrome://tracing read it: a track a process or thread, under
 * its PID and TID. On it lies its life (B, E), in that its waits and sleeps (B, E) and its operations
 * (X). Who holds which lock is told by tracks of their own, under a process "shared" whose number
 * no process can have; beside them the numbers in values and queues, as counters (C), and what was
 * printed (i), of which nobody knows by whom. Messages and wake-ups are flows (s, f).
 *
 * A free run has its own clock: an operation is stamped when it is done, so its slice ends there. In
 * a stepped one time stands still while much happens; there a step is a millisecond.
 *
 * Times of one track never go back, and what begins ends. No two things of a track begin at one time,
 * nor where another one ends: Perfetto sorts by time, X before B, and drops what then overlaps; it
 * binds the end of a flow to the slice that was begun last, chrome://tracing to any that reaches there.
 *
 * In a free run somebody may be heard of before whoever started him is: names and numbers are those that
 * are known at the end.
 */
#include <stdlib.h>

#include "base/memory.h"
#include "export/exporters.h"
#include "export/json.h"
#include "export/printer.h"
#include "export/trace.h"
#include "view/mark.h"
#include "world/narrative.h"

enum {
	STEP_NS = 1000000,
	OPERATION_NS = 1000, /* the longest that an operation of a free run is drawn */
};

struct span {
	uint64_t from, to; /* ns */
};

/* ---- time ---- */

/* The events of a step share its millisecond. */
static struct span span_in_step(struct trace *trace, uint64_t index)
{
	const struct history *history = trace->history;

	while (trace->step <= history_steps(history) && history_step_position(history, trace->step) <= index) {
		trace->step_first = history_step_position(history, trace->step);
		trace->step++;
	}
	uint64_t events = history_step_position(history, trace->step) - trace->step_first;
	uint64_t slot = STEP_NS / (events + 1), from = trace->step * STEP_NS + (index - trace->step_first) * slot;
	return (struct span){from, from + slot};
}

static struct span span_of(struct trace *trace, uint64_t index)
{
	uint64_t stamp = history_at(trace->history, index)->time;

	if (trace->gated)
		return span_in_step(trace, index);
	return (struct span){stamp > OPERATION_NS ? stamp - OPERATION_NS : 0, stamp};
}

static struct span span_behind(const struct track *track, struct span span)
{
	uint64_t from = span.from >= track->time + TRACE_APART_NS ? span.from : track->time + TRACE_APART_NS;

	return (struct span){from, span.to >= from + TRACE_APART_NS ? span.to : from + TRACE_APART_NS};
}

/* ---- who ---- */

static bool may_be(int number)
{
	return number > 0 && number < SHARED_PID;
}

/* By any process: Perfetto goes by TIDs alone. */
static bool is_taken(const struct trace *trace, int tid)
{
	for (size_t i = 0; i < trace->track_count; i++)
		if (trace->tracks[i].known && trace->tracks[i].tid == tid)
			return true;
	return false;
}

/* Numbers that nobody told, that no process has, or that the system has given a second time, become some that no process has. */
static void know_track(struct trace *trace, uint16_t id, uint64_t time)
{
	struct track *track = &trace->tracks[id];
	const struct world_actor *actor = world_actor(trace->end, id);
	bool process = actor->kind == ACTOR_PROCESS;
	int pid = printer_pid(trace->end, id), tid = process ? pid : actor->tid;

	if (!may_be(pid) || !may_be(tid) || is_taken(trace, tid)) {
		pid = may_be(pid) && !process ? pid : UNKNOWN_PID + id;
		tid = UNKNOWN_PID + id;
	}
	*track = (struct track){.known = true, .pid = pid, .tid = tid, .time = time};
	if (process) {
		trace_name_track(trace, "process_name", pid, tid, actor->name);
		trace_sort_track(trace, "process_sort_index", pid, pid, id);
	}
	trace_name_track(trace, "thread_name", pid, tid, actor->name);
	trace_sort_track(trace, "thread_sort_index", pid, tid, id);
	trace_begin_slice(trace, track, time, "life", actor->name, "");
}

static struct track *track_of(struct trace *trace, uint16_t id)
{
	if (id >= trace->track_count) {
		size_t count = (size_t)id * 2 + 16;

		trace->tracks = memory_resize(trace->tracks, count, sizeof *trace->tracks);
		for (size_t i = trace->track_count; i < count; i++)
			trace->tracks[i] = (struct track){0};
		trace->track_count = count;
	}
	return &trace->tracks[id];
}

/* With a process go its threads. */
static void end_life(struct trace *trace, struct track *track, uint64_t time, bool process)
{
	trace_end_slices(trace, track, time, 0);
	for (size_t i = 0; process && i < trace->track_count; i++)
		if (trace->tracks[i].known && trace->tracks[i].pid == track->pid)
			trace_end_slices(trace, &trace->tracks[i], time, 0);
}

/* ---- what happened ---- */

static const char *name_of(struct trace *trace, const struct wire_event *event)
{
	text_reset(&trace->name);
	text_add(&trace->name, event_kind_info(event->kind)->op);
	if (event->object != 0) {
		text_add_char(&trace->name, ' ');
		text_add(&trace->name, world_object_name(trace->world, event->object));
	}
	return trace->name.bytes;
}

static void add_details(struct trace *trace, uint64_t index)
{
	const struct wire_event *event = history_at(trace->history, index);
	struct place where = history_place(trace->history, event->place);
	struct text *out = trace->out;

	json_add_key(out, "args");
	json_open(out, '{');
	text_reset(&trace->words);
	narrative_event(&trace->words, trace->world, index);
	json_add_bytes(out, "what", trace->words.bytes, trace->words.length);
	json_add_natural(out, "event", index);
	if (trace->gated)
		json_add_seconds(out, "t", event->time);
	if (where.line != 0) {
		json_add_string(out, "file", where.file);
		json_add_natural(out, "line", where.line);
	}
	json_close(out, '}');
}

/* What the reader tells of somebody, who did nothing then. */
static void add_told(struct trace *trace, struct track *track, uint64_t index, struct span span)
{
	const struct wire_event *event = history_at(trace->history, index);

	trace_begin_timed(trace, "i", track, span.to);
	json_add_string(trace->out, "s", "t");
	json_add_string(trace->out, "cat", "told");
	json_add_string(trace->out, "name", event_kind_info(event->kind)->op);
	add_details(trace, index);
	trace_end(trace);
}

static void add_operation(struct trace *trace, struct track *track, uint64_t index, struct span span)
{
	trace_begin_timed(trace, "X", track, span.from);
	trace_add_time(trace->out, "dur", span.to - span.from);
	json_add_string(trace->out, "cat", "operation");
	json_add_string(trace->out, "name", name_of(trace, history_at(trace->history, index)));
	add_details(trace, index);
	trace_end(trace);
}

static void add_on_track(struct trace *trace, struct track *track, uint64_t index, struct span span)
{
	const struct wire_event *event = history_at(trace->history, index);
	enum actor_state after = event_kind_info(event->kind)->state_after;

	if (mark_is_told(event->kind)) {
		add_told(trace, track, index, span);
		return;
	}
	trace_end_slices(trace, track, span.from, 1);
	if (after == ACTOR_WAITING || after == ACTOR_SLEEPING) {
		const char *thing = event->object != 0 ? world_object_name(trace->world, event->object) : "";
		trace_begin_slice(trace, track, span.from, "wait", name_of(trace, event), thing);
	} else {
		add_operation(trace, track, index, span);
	}
	track->time = span.to;
	if (after == ACTOR_EXITED)
		end_life(trace, track, span.to, world_actor(trace->world, event->actor)->kind == ACTOR_PROCESS);
}

/* ---- flows ---- */

static void add_flow_end(struct trace *trace, const char *phase, const struct track *track, uint64_t time, const char *category)
{
	trace_begin(trace, phase, track->pid, track->tid);
	trace_add_time(trace->out, "ts", time);
	json_add_string(trace->out, "cat", category);
	json_add_string(trace->out, "name", category);
	json_add_natural(trace->out, "id", trace->flows);
	if (phase[0] == 'f')
		json_add_string(trace->out, "bp", "e"); /* it ends in the slice that is there, not in the next */
	trace_end(trace);
}

/* From within a slice to the middle of another. */
static void add_flow(struct trace *trace, struct link link)
{
	static const char *const categories[] = {
		[LINK_MESSAGE] = "message", [LINK_WAKE] = "wake-up", [LINK_START] = "start", [LINK_JOIN] = "join",
	};
	const struct track *from = track_of(trace, history_at(trace->history, link.cause)->actor);
	const struct track *to = track_of(trace, history_at(trace->history, link.effect)->actor);
	uint64_t leaves = trace->middle[link.cause], arrives = trace->middle[link.effect];

	if (!from->known || !to->known || leaves > arrives)
		return;
	trace->flows++;
	add_flow_end(trace, "s", from, leaves, categories[link.kind]);
	add_flow_end(trace, "f", to, arrives, categories[link.kind]);
}

/* What came close together is drawn a little later than it was; a start that is told late as begun before its effect. */
static uint64_t begin_with_link(const struct trace *trace, struct link link, uint64_t index, uint64_t from)
{
	uint64_t other = trace->middle[link.effect == index ? link.cause : link.effect];

	if (link.effect == index)
		return from > other ? from : other;
	return from < other - OPERATION_NS ? from : other - OPERATION_NS;
}

/* Where its flow leaves or arrives: half way through it, or through what was over when its effect began. */
static uint64_t middle_with_link(const struct trace *trace, struct link link, uint64_t index, struct span span)
{
	uint64_t to = span.to;

	if (link.kind != LINK_NONE && link.cause == index && trace->middle[link.effect] > span.from)
		to = trace->middle[link.effect] < to ? trace->middle[link.effect] : to;
	return span.from + (to - span.from) / 2;
}

/* ---- from beginning to end ---- */

static void add_event(struct trace *trace, uint64_t index)
{
	const struct wire_event *event = history_at(trace->history, index);
	struct link link = links_next(&trace->links, trace->world);

	world_forward(trace->world);
	struct span span = span_of(trace, index);
	if (event->kind == EVENT_OUTPUT) {
		trace_add_output(trace, index, span.to);
		return;
	}
	struct track *track = track_of(trace, event->actor);
	if (!track->known)
		know_track(trace, event->actor, span.from);
	if (link.kind != LINK_NONE)
		span.from = begin_with_link(trace, link, index, span.from);
	span = span_behind(track, span);
	trace->middle[index] = middle_with_link(trace, link, index, span);
	add_on_track(trace, track, index, span);
	trace->time = track->time > trace->time ? track->time : trace->time;
	if (link.kind != LINK_NONE)
		add_flow(trace, link);
	if (event->object != 0)
		trace_look_at_object(trace, event);
}

static void end_all(struct trace *trace)
{
	for (size_t i = 0; i < trace->track_count; i++)
		if (trace->tracks[i].known)
			trace_end_slices(trace, &trace->tracks[i], trace->time, 0);
	trace_end_shared(trace);
}

static void add_about_run(const struct trace *trace)
{
	const struct run_options *options = recording_options(trace->export->recording);
	const struct run_end *end = recording_end(trace->export->recording);
	struct text *out = trace->out;

	text_add(out, "\n],\"otherData\":{");
	json_add_string(out, "lesson", options->settings->lesson->name);
	for (size_t i = 0; i < options->settings->lesson->parameter_count; i++)
		json_add_string(out, options->settings->lesson->parameters[i].name, options->settings->values[i]);
	json_add_natural(out, "seed", options->seed);
	json_add_string(out, "time", trace->gated ? "a step is a millisecond" : "the lesson's clock");
	if (end != NULL && end->result != NULL)
		json_add_string(out, "verdict", end->result->verdict);
	json_add_string(out, "version", recording_version(trace->export->recording));
	text_add(out, "}}\n");
}

static int write_events(struct trace *trace)
{
	uint64_t count = history_count(trace->history);
	int error = 0;

	text_add(trace->out, "{\"traceEvents\":[");
	for (uint64_t index = 0; index < count && error == 0; index++) {
		add_event(trace, index);
		error = export_grown(trace->export, export_done(trace->export, index));
	}
	end_all(trace);
	add_about_run(trace);
	return error != 0 ? error : export_flush(trace->export, 1);
}

static int write_chrome(struct export *export)
{
	struct history *history = export_history(export);
	struct trace trace = {
		.export = export,
		.out = export->out,
		.history = history,
		.world = world_new(history),
		.end = world_new(history),
		.middle = memory_array(history_count(history) + 1, sizeof *trace.middle),
		.name = TEXT_INIT,
		.words = TEXT_INIT,
		.gated = recording_options(export->recording)->gated,
		.first = true,
	};

	world_seek(trace.end, HISTORY_NONE);
	links_init(&trace.links);
	int error = write_events(&trace);
	links_release(&trace.links);
	world_free(trace.world);
	world_free(trace.end);
	free(trace.middle);
	free(trace.tracks);
	free(trace.holdings);
	text_release(&trace.name);
	text_release(&trace.words);
	return error;
}

const struct exporter exporter_chrome = {
	.name = "chrome",
	.extension = ".trace.json",
	.help = "Trace Event Format: opens in Perfetto (ui.perfetto.dev) and chrome://tracing",
	.write = write_chrome,
};
