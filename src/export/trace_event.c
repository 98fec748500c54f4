/* SPDX-License-Identifier: MIT */
#include "export/trace.h"

#include "export/json.h"

void trace_add_time(struct text *out, const char *key, uint64_t ns)
{
	const char thousandths[] = {'.', (char)('0' + ns / 100 % 10), (char)('0' + ns / 10 % 10), (char)('0' + ns % 10)};

	json_add_natural(out, key, ns / 1000);
	text_add_bytes(out, thousandths, sizeof thousandths);
}

void trace_begin(struct trace *trace, const char *phase, int pid, int tid)
{
	text_add(trace->out, trace->first ? "\n{\"ph\":\"" : ",\n{\"ph\":\"");
	text_add(trace->out, phase);
	text_add(trace->out, "\",\"pid\":");
	json_add_natural(trace->out, NULL, (uint64_t)pid);
	json_add_natural(trace->out, "tid", (uint64_t)tid);
	trace->first = false;
}

void trace_end(struct trace *trace)
{
	json_close(trace->out, '}');
}

/* Of what is on an actor's track, or a lock's. */
void trace_begin_timed(struct trace *trace, const char *phase, struct track *track, uint64_t time)
{
	trace_begin(trace, phase, track->pid, track->tid);
	track->time = time > track->time ? time : track->time;
	trace_add_time(trace->out, "ts", track->time);
	trace->time = track->time > trace->time ? track->time : trace->time;
}

void trace_name_track(struct trace *trace, const char *what, int pid, int tid, const char *name)
{
	trace_begin(trace, "M", pid, tid);
	json_add_string(trace->out, "name", what);
	json_add_key(trace->out, "args");
	json_open(trace->out, '{');
	json_add_string(trace->out, "name", name);
	json_close(trace->out, '}');
	trace_end(trace);
}

void trace_sort_track(struct trace *trace, const char *what, int pid, int tid, size_t place)
{
	trace_begin(trace, "M", pid, tid);
	json_add_string(trace->out, "name", what);
	json_add_key(trace->out, "args");
	json_open(trace->out, '{');
	json_add_natural(trace->out, "sort_index", place);
	json_close(trace->out, '}');
	trace_end(trace);
}

/* ---- slices ---- */

void trace_begin_slice(struct trace *trace, struct track *track, uint64_t time, const char *category, const char *name,
                        const char *thing)
{
	trace_begin_timed(trace, "B", track, time);
	json_add_string(trace->out, "cat", category);
	json_add_string(trace->out, "name", name);
	if (thing[0] != '\0') {
		json_add_key(trace->out, "args");
		json_open(trace->out, '{');
		json_add_string(trace->out, "on", thing);
		json_close(trace->out, '}');
	}
	trace_end(trace);
	track->open++;
}

void trace_end_slices(struct trace *trace, struct track *track, uint64_t time, int left)
{
	uint64_t least = track->time + TRACE_APART_NS;

	time = time > least ? time : least;
	while (track->open > left) {
		trace_begin_timed(trace, "E", track, time);
		trace_end(trace);
		track->open--;
	}
}
