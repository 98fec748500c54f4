/* SPDX-License-Identifier: MIT */
/* P20: what exporting an event costs, beside sprintf of the same line from what is known already. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "export/export.h"
#include "recording/recorder.h"

enum { ROUNDS = 50000, A_ROUND = 4 }; /* take the lock, read, write, release it */

/* ---- a recording ---- */

static char name[] = "bench", nothing[] = "";
static struct catalog_lesson lesson = {.name = name, .chapter = name, .title = name, .summary = nothing, .outcome = nothing, .right = nothing,
                                       .step_settings = nothing};
static struct settings settings = {.lesson = &lesson};

static void tell(struct history *history, struct wire_event event, const char *text)
{
	event.time = history_count(history) * 1000;
	history_append(history, &event, text, text != NULL ? strlen(text) : 0);
}

static void tell_all(struct history *history)
{
	history_set_place(history, 1, &(struct place){.file = "lesson.c", .function = "deposit", .line = 42});
	tell(history, (struct wire_event){.kind = EVENT_PROCESS_BEGIN, .value = 4711}, "MainProcess");
	tell(history, (struct wire_event){.kind = EVENT_OBJECT_NEW, .object = 1, .aux = OBJECT_LOCK}, "lock");
	tell(history, (struct wire_event){.kind = EVENT_OBJECT_NEW, .object = 2, .aux = OBJECT_VALUE}, "balance");
	tell(history, (struct wire_event){.kind = EVENT_PROCESS_START, .aux = 1, .value = 4712}, "deposit");
	tell(history, (struct wire_event){.kind = EVENT_PROCESS_BEGIN, .actor = 1, .value = 4712}, "deposit");
	for (int i = 0; i < ROUNDS; i++) {
		uint16_t actor = i % 2;

		tell(history, (struct wire_event){.kind = EVENT_LOCK_ACQUIRE, .actor = actor, .object = 1, .place = 1}, NULL);
		tell(history, (struct wire_event){.kind = EVENT_VALUE_READ, .actor = actor, .object = 2, .place = 1, .value = i}, NULL);
		tell(history, (struct wire_event){.kind = EVENT_VALUE_WRITE, .actor = actor, .object = 2, .place = 1, .value = i + 1}, NULL);
		tell(history, (struct wire_event){.kind = EVENT_LOCK_RELEASE, .actor = actor, .object = 1, .place = 1}, NULL);
	}
}

static struct recording *make_recording(void)
{
	char path[] = "/tmp/lockstep-bench.XXXXXX";
	const struct run_options options = {.settings = &settings, .seed = 7, .speed = 1};
	struct text problem = TEXT_INIT;
	struct history *history = history_new();

	close(mkstemp(path));
	tell_all(history);
	struct recorder *recorder = recorder_new(path, &options, &problem);
	if (recorder == NULL || recorder_finish(recorder, history, NULL) < 0)
		return NULL;
	recorder_free(recorder);
	history_free(history);
	struct recording *recording = recording_open(path, &problem);
	recording_load(recording, UINT64_MAX);
	unlink(path);
	return recording;
}

/* ---- ours ---- */

static int forget(struct export *export, double done)
{
	(void)done;
	text_reset(export->out);
	return 0;
}

static double measure(const char *format)
{
	static struct recording *recording;
	struct text out = TEXT_INIT;

	if (recording == NULL)
		recording = make_recording();
	if (recording == NULL)
		return -1;
	struct export export = {.recording = recording, .out = &out, .flush = forget};
	uint64_t start = bench_ns();
	exporter_find(format)->write(&export);
	double ns = (double)(bench_ns() - start) / (ROUNDS * A_ROUND);
	text_release(&out);
	return ns;
}

static double measure_chrome(void)
{
	return measure("chrome");
}

static double measure_json(void)
{
	return measure("json");
}

static double measure_text(void)
{
	return measure("text");
}

/* ---- sprintf ---- */

static const char *const OPS[] = {"lock.acquire", "value.read", "value.write", "lock.release"};
static const char *const WORDS[] = {"takes", "reads", "writes", "releases"};
static const char *const THINGS[] = {"lock", "balance", "balance", "lock"};
static const char *const ACTORS[] = {"MainProcess", "deposit"};

typedef int line_function(char *line, size_t size, unsigned int i, unsigned int k);

static int text_line(char *line, size_t size, unsigned int i, unsigned int k)
{
	char who[32], clause[96];

	snprintf(who, sizeof who, "%d", 4711 + (int)(i % 2));
	snprintf(clause, sizeof clause, k == 1 || k == 2 ? "%s %s %s: %lld" : "%s %s %s", ACTORS[i % 2], WORDS[k], THINGS[k], (long long)i);
	return snprintf(line, size, "%6llu %4llu.%06llu  %-15s %-58s  %s:%u\n", (unsigned long long)i, (unsigned long long)i / 1000000,
	                (unsigned long long)i % 1000000, who, clause, "lesson.c", 42u);
}

static int json_line(char *line, size_t size, unsigned int i, unsigned int k)
{
	return snprintf(line, size,
	                "{\"type\":\"event\",\"seq\":%llu,\"t\":%.9g,\"actor\":\"%s\",\"pid\":%d,\"tid\":%d,\"op\":\"%s\",\"object\":\"%s\","
	                "\"value\":%lld,\"file\":\"%s\",\"line\":%u,\"function\":\"%s\"}\n",
	                (unsigned long long)i, i * 1e-6, ACTORS[i % 2], 4711, 4711, OPS[k], THINGS[k], (long long)i, "lesson.c", 42u, "deposit");
}

/* The operation; and the counter of a write, the slice of who holds the lock. */
static int chrome_line(char *line, size_t size, unsigned int i, unsigned int k)
{
	int used = snprintf(line, size,
	                    ",\n{\"ph\":\"X\",\"pid\":%d,\"tid\":%d,\"ts\":%.3f,\"dur\":%.3f,\"cat\":\"operation\",\"name\":\"%s %s\","
	                    "\"args\":{\"what\":\"%s %s %s: %lld\",\"event\":%u,\"file\":\"%s\",\"line\":%u}}",
	                    4711, 4711, i * 1.0, 1.0, OPS[k], THINGS[k], ACTORS[i % 2], WORDS[k], THINGS[k], (long long)i, i, "lesson.c", 42u);

	if (k == 1)
		return used;
	if (k == 2)
		return used + snprintf(line + used, size - (size_t)used, ",\n{\"ph\":\"C\",\"pid\":%d,\"tid\":%d,\"ts\":%.3f,\"name\":\"%s\",\"args\":{\"value\":%lld}}",
		                       1 << 22, 1 << 22, i * 1.0, "balance", (long long)i);
	return used + snprintf(line + used, size - (size_t)used, ",\n{\"ph\":\"%s\",\"pid\":%d,\"tid\":%d,\"ts\":%.3f,\"cat\":\"held\",\"name\":\"%s\"}",
	                       k == 0 ? "B" : "E", 1 << 22, 1 << 22, i * 1.0, ACTORS[i % 2]);
}

static double measure_lines(line_function *print)
{
	static char line[1024];
	struct text out = TEXT_INIT;
	uint64_t start = bench_ns();

	for (unsigned int i = 0; i < ROUNDS; i++)
		for (unsigned int k = 0; k < A_ROUND; k++) {
			text_add_bytes(&out, line, (size_t)print(line, sizeof line, i, k));
			if (out.length > 64 * 1024)
				text_reset(&out);
		}
	double ns = (double)(bench_ns() - start) / (ROUNDS * A_ROUND);
	text_release(&out);
	return ns;
}

static double print_text(void)
{
	return measure_lines(text_line);
}

static double print_json(void)
{
	return measure_lines(json_line);
}

static double print_chrome(void)
{
	return measure_lines(chrome_line);
}

/* Half as fast as sprintf: twice its time. */
const struct bench_row bench_export[] = {
	{"P20", "an event as a Chrome trace", "sprintf of the same", "ns", measure_chrome, print_chrome, 2.0, false, 0},
	{"P20", "an event as text", "sprintf of the same", "ns", measure_text, print_text, 2.0, false, 0},
	{"P20", "an event as JSON", "sprintf of the same", "ns", measure_json, print_json, 2.0, false, 0},
};
const unsigned int bench_export_count = sizeof bench_export / sizeof bench_export[0];
