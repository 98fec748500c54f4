/* SPDX-License-Identifier: MIT */
/* A printed run is recorded as it goes. A failure is told once, and changes nothing else. */
#include <string.h>

#include "base/monotonic.h"
#include "verbs/run.h"
#include "verbs/verb.h"

enum { FLUSH_MS = 1000 };

static void fail(struct run_record *record, const char *what)
{
	complain("--record %s: %s; the run goes on without it", record->path, what);
	recorder_free(record->recorder);
	record->recorder = NULL;
}

static void check(struct run_record *record, int error)
{
	if (error < 0)
		fail(record, strerror(-error));
}

void run_record_begin(struct run_record *record, const char *path, const struct run_options *options)
{
	struct text problem = TEXT_INIT;

	*record = (struct run_record){.path = path, .flushed = monotonic_ms()};
	if (path == NULL)
		return;
	record->recorder = recorder_new(path, options, &problem);
	if (record->recorder == NULL)
		fail(record, problem.bytes);
	text_release(&problem);
}

void run_record_follow(struct run_record *record, const struct history *history, const struct schedule *schedule)
{
	int64_t now = monotonic_ms();
	bool flush = now - record->flushed >= FLUSH_MS;

	if (record->recorder == NULL)
		return;
	if (flush)
		record->flushed = now;
	check(record, recorder_follow(record->recorder, history, schedule, flush));
}

void run_record_end(struct run_record *record, const struct history *history, const struct schedule *schedule,
                    const struct run_end *end)
{
	if (record->recorder == NULL)
		return;
	int error = recorder_follow(record->recorder, history, schedule, true);
	check(record, error < 0 ? error : recorder_finish(record->recorder, history, end));
	recorder_free(record->recorder);
	record->recorder = NULL;
}
