/* SPDX-License-Identifier: MIT */
/*
 * What the files of the Chrome trace share: the trace as far as it is written, and its events.
 *
 *     export_chrome.c   the exporter: tracks, times, flows
 *     trace_event.c     an event of the trace
 *     trace_shared.c    who holds what, the numbers in values and queues, the output
 *
 * Runs in: front.
 */
#ifndef LOCKSTEP_EXPORT_TRACE_H
#define LOCKSTEP_EXPORT_TRACE_H

#include "export/export.h"
#include "export/links.h"

enum {
	SHARED_PID = 1 << 22,                 /* PID_MAX_LIMIT: the first number that no process has */
	UNKNOWN_PID = SHARED_PID + (1 << 16), /* behind the locks' */
	TRACE_APART_NS = 2,                   /* so far at least: a reader may cut a number to the nanosecond below */
};

/* An actor's, or a lock's. */
struct track {
	bool known;
	int pid, tid;
	uint64_t time; /* of what was told on it last */
	int open;      /* slices: its life, and a wait in it */
};

/* Who has a lock, and its track. */
struct holding {
	struct track track;
	uint16_t holder;
};

struct trace {
	struct export *export;
	struct text *out;
	const struct history *history;
	struct world *world, *end;
	struct links links;
	struct track *tracks;
	size_t track_count;
	struct holding *holdings;
	size_t holding_count;
	struct track output;
	uint64_t *middle; /* by event: of its span; flows come out of the past */
	uint64_t time;    /* the latest of all so far */
	uint64_t step, step_first;
	uint64_t flows;
	struct text name, words;
	bool gated, first, shared; /* shared: there is something that is */
};

/* ---- trace_event.c ---- */

/* An event, from "{" on; fields are added to trace->out; trace_end() closes it. */
void trace_begin(struct trace *trace, const char *phase, int pid, int tid);
void trace_end(struct trace *trace);

/* The same at a time, on a track whose times never go back. */
void trace_begin_timed(struct trace *trace, const char *phase, struct track *track, uint64_t time);
void trace_add_time(struct text *out, const char *key, uint64_t ns);

void trace_name_track(struct trace *trace, const char *what, int pid, int tid, const char *name);
void trace_sort_track(struct trace *trace, const char *what, int pid, int tid, size_t place);

/* `thing` may be "". */
void trace_begin_slice(struct trace *trace, struct track *track, uint64_t time, const char *category, const char *name,
                       const char *thing);
void trace_end_slices(struct trace *trace, struct track *track, uint64_t time, int left);

/* ---- trace_shared.c ---- */

/* After an event that names an object. */
void trace_look_at_object(struct trace *trace, const struct wire_event *event);
void trace_end_shared(struct trace *trace);

/* What was printed. */
void trace_add_output(struct trace *trace, uint64_t index, uint64_t time);

#endif
