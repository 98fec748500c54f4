/* SPDX-License-Identifier: MIT */
/*
 * P13, P14, P15, P18: ten million events in the world: applying them, holding them, drawing them,
 * going to and fro in them. What is held stays as short as its row is measured.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/blocks.h"
#include "bench.h"
#include "ctf.h"
#include "stream.h"
#include "view/pane.h"
#include "view/scene.h"
#include "world/world.h"

enum { APPLIED = 2048000, BURST = 2048, MANY = 10000000, MILLION = 1000000, FEW = 10000, SEEKS = 200, FRAMES = 20,
       PEER_ROUNDS = 3 };

/* ---- a run that is held, with its world at the end ---- */

struct held {
	enum stream_kind kind;
	uint64_t events;
	bool gated;
	struct history *history;
	struct world *world;
	double first_pass; /* ms: the world through all of it, making its snapshots */
	size_t bytes;
	double resident;   /* MB, of the whole process, more than before */
};

/* Of this thread: what else the machine does is not ours. */
static double own_seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What malloc(3) has given away. */
static size_t allocated(void)
{
	struct mallinfo2 info = mallinfo2();
	return info.uordblks + info.hblkhd;
}

/* Blocks past the first few are not from malloc(3): they are counted here. */
struct counted {
	struct block_source source;
	struct block_source *from;
	size_t taken;
};

static void *take_counted(struct block_source *source, size_t bytes)
{
	struct counted *counted = (struct counted *)source;
	size_t before = allocated();
	void *block = counted->from->take(counted->from, bytes);
	counted->taken += allocated() == before ? bytes : 0;
	return block;
}

static void give_counted(struct block_source *source)
{
	struct counted *counted = (struct counted *)source;
	counted->from->give_all(counted->from);
	free(counted);
}

static struct counted *count_blocks(void)
{
	struct counted *counted = calloc(1, sizeof *counted);
	counted->source = (struct block_source){.take = take_counted, .give_all = give_counted};
	counted->from = spill_new(HISTORY_IN_MEMORY);
	return counted;
}

static double resident_mb(void)
{
	unsigned long pages = 0;
	FILE *file = fopen("/proc/self/statm", "r");
	if (file == NULL || fscanf(file, "%*u %lu", &pages) != 1)
		pages = 0;
	if (file != NULL)
		fclose(file);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static void let_go(struct held *held)
{
	world_free(held->world);
	history_free(held->history);
	*held = (struct held){0};
	malloc_trim(0);
}

static void hold(struct held *held, enum stream_kind kind, uint64_t events, bool gated)
{
	if (held->history != NULL && held->kind == kind && held->events == events && held->gated == gated)
		return;
	let_go(held);
	size_t before = allocated();
	double resident = resident_mb();
	*held = (struct held){.kind = kind, .events = events, .gated = gated};
	struct counted *counted = count_blocks();
	held->history = history_new_in(&counted->source);
	stream_fill(held->history, kind, events, gated);
	held->world = world_new(held->history);
	double start = own_seconds();
	world_seek(held->world, HISTORY_NONE);
	held->first_pass = (own_seconds() - start) * 1e3;
	held->bytes = allocated() - before + counted->taken;
	held->resident = resident_mb() - resident;
}

static struct held many, few;

/* ---- P13 ---- */

/* In bursts, as they come from the rings: M/s of this thread's own time. */
static double apply(enum stream_kind kind)
{
	static struct stream_event burst[BURST];
	struct stream *stream = stream_new(kind);
	struct history *history = history_new_in(spill_new(SIZE_MAX));
	struct world *world = world_new(history);
	double seconds = 0;
	for (int told = 0; told < APPLIED; told += BURST) {
		for (int i = 0; i < BURST; i++)
			stream_next(stream, &burst[i]);
		double start = own_seconds();
		for (int i = 0; i < BURST; i++)
			history_append(history, &burst[i].event, burst[i].text, burst[i].length);
		world_seek(world, HISTORY_NONE);
		seconds += own_seconds() - start;
	}
	world_free(world);
	history_free(history);
	stream_free(stream);
	return APPLIED / seconds / 1e6;
}

static double apply_race(void)
{
	return apply(STREAM_RACE);
}

static double apply_mixed(void)
{
	return apply(STREAM_MIXED);
}

/* ns an event, as the peers below. */
static double apply_race_ns(void)
{
	return 1e3 / apply_race();
}

static const struct wire_event *map_events(void)
{
	FILE *file = tmpfile();
	struct stream *stream = stream_new(STREAM_RACE);
	struct stream_event next;
	for (int i = 0; file != NULL && i < APPLIED; i++) {
		stream_next(stream, &next);
		fwrite(&next.event, sizeof next.event, 1, file);
	}
	stream_free(stream);
	if (file == NULL || fflush(file) != 0)
		return MAP_FAILED;
	void *events = mmap(NULL, APPLIED * sizeof next.event, PROT_READ, MAP_PRIVATE, fileno(file), 0);
	fclose(file);
	return events;
}

/* The floor: every event of a file that is mapped is touched, and a little of it taken. */
static double scan(const struct wire_event *events)
{
	uint64_t taken = 0;
	double start = own_seconds();
	for (int i = 0; i < APPLIED; i++)
		taken += events[i].time + (uint64_t)events[i].value + events[i].kind;
	__asm__ volatile("" : : "r"(taken));
	return (own_seconds() - start) * 1e9 / APPLIED;
}

static void note_scan(void)
{
	const struct wire_event *events = map_events();
	if (events == MAP_FAILED)
		return;
	double first = scan(events), again = scan(events);
	bench_note("a scan of the same events in a mapped file takes %.1f ns each, the first time %.1f", again, first);
	munmap((void *)(uintptr_t)events, APPLIED * sizeof *events);
}

static char folder[] = "/tmp/lockstep-bench-ctf-XXXXXX";

static double babeltrace(void)
{
	static bool tried, written;
	if (!tried)
		written = ctf_write(folder, STREAM_RACE, APPLIED);
	tried = true;
	return written ? ctf_read(folder) * 1e9 / APPLIED : -1;
}

/* The last round removes the trace, and tells of the floor. */
static double babeltrace_once_more(void)
{
	static unsigned int round;
	double ns = babeltrace();
	if (++round == PEER_ROUNDS) {
		ctf_remove(folder);
		note_scan();
	}
	return ns;
}

/* ---- P14 ---- */

static double bytes_race(void)
{
	hold(&many, STREAM_RACE, MANY, false);
	return (double)many.bytes / MANY;
}

static double resident_race(void)
{
	hold(&many, STREAM_RACE, MANY, false);
	return many.resident;
}

static double bytes_mixed(void)
{
	hold(&many, STREAM_MIXED, MANY, false);
	return (double)many.bytes / MANY;
}

static double resident_mixed(void)
{
	hold(&many, STREAM_MIXED, MANY, false);
	return many.resident;
}

/* ---- P15 ---- */

/* The zooms at which the whole is seen, the smallest part, and two between. */
static int zoom_of(const struct held *held, int level, int levels)
{
	uint64_t whole = held->gated ? held->events : history_at(held->history, held->events - 1)->time;
	int halvings = 0;
	while (whole >> halvings > 64)
		halvings++;
	if (held->gated)
		return 1 - (halvings + 2) * (levels - 1 - level) / (levels - 1);
	return halvings * level / (levels - 1);
}

static void draw(struct canvas *canvas, const struct held *held, int zoom, uint64_t position)
{
	struct scene scene = {
		.ui = {.room = ROOM_RUN, .present = position == held->events, .position = position, .zoom = zoom},
		.history = held->history, .world = held->world,
		.run = {.gated = held->gated, .steps = held->events},
	};
	struct rect area = {0, 0, canvas->width, canvas->height / 2};
	struct text note = TEXT_INIT;
	pane_timeline.draw(canvas, area, &scene);
	pane_timeline.note(&scene, area, &note);
	text_release(&note);
}

/* us a frame, over all of them. */
static double frames(struct held *held, int width, int height)
{
	enum { LEVELS = 4 };
	struct canvas canvas;
	double spent = 0;
	int count = 0;
	canvas_init(&canvas, width, height, false);
	for (int at = 0; at <= 4; at++) {
		uint64_t position = held->events * (uint64_t)at / 4;
		world_seek(held->world, position);
		for (int level = 0; level < LEVELS; level++) {
			double start = own_seconds();
			for (int i = 0; i < FRAMES; i++, count++)
				draw(&canvas, held, zoom_of(held, level, LEVELS), position);
			spent += own_seconds() - start;
		}
	}
	canvas_release(&canvas);
	return spent * 1e6 / count;
}

static double frames_of(struct held *held, uint64_t events, bool gated, int width, int height)
{
	hold(held, STREAM_MIXED, events, gated);
	return frames(held, width, height);
}

static double many_by_time(void)
{
	return frames_of(&many, MANY, false, 200, 60);
}

static double few_by_time(void)
{
	return frames_of(&few, FEW, false, 200, 60);
}

static double many_by_time_small(void)
{
	return frames_of(&many, MANY, false, 120, 40);
}

static double few_by_time_small(void)
{
	return frames_of(&few, FEW, false, 120, 40);
}

static double many_by_step(void)
{
	return frames_of(&many, MANY, true, 200, 60);
}

static double few_by_step(void)
{
	return frames_of(&few, FEW, true, 200, 60);
}

static double many_by_step_small(void)
{
	return frames_of(&many, MANY, true, 120, 40);
}

static double few_by_step_small(void)
{
	return frames_of(&few, FEW, true, 120, 40);
}

/* ---- P18 ---- */

/* The worst of SEEKS, in ms. */
static double seek(enum stream_kind kind, uint64_t events)
{
	static struct held held;
	static uint64_t random = 7;
	static unsigned int told_of[STREAM_KINDS][2];
	static const char *const names[STREAM_KINDS] = {"race", "mixture", "mixture with a backlog"};
	unsigned int told = told_of[kind][events == MANY]++;
	double worst = 0;
	hold(&held, kind, events, false);
	for (int i = 0; i < SEEKS; i++) {
		random = random * 6364136223846793005u + 1442695040888963407u;
		uint64_t position = (random >> 33) % (events + 1);
		double start = own_seconds();
		world_seek(held.world, position);
		double ms = (own_seconds() - start) * 1e3;
		worst = ms > worst ? ms : worst;
	}
	if (told == 0)
		bench_note("%.0f M events of a %s: the first pass takes %.0f ms", (double)events / 1e6,
		           names[kind], held.first_pass);
	let_go(&held);
	return worst;
}

static double seek_race(void)
{
	return seek(STREAM_RACE, MILLION);
}

static double seek_mixed(void)
{
	return seek(STREAM_MIXED, MILLION);
}

static double seek_backlog(void)
{
	return seek(STREAM_BACKLOG, MILLION);
}

static double seek_many_backlog(void)
{
	return seek(STREAM_BACKLOG, MANY);
}

static double seek_many_race(void)
{
	return seek(STREAM_RACE, MANY);
}

static double seek_many_mixed(void)
{
	return seek(STREAM_MIXED, MANY);
}

const struct bench_row bench_world[] = {
	{"P13", "events of a race into history and world, millions a second", NULL, "M/s", apply_race, NULL, 20, true, 0},
	{"P13", "events of a mixture into history and world", NULL, "M/s", apply_mixed, NULL, 20, true, 0},
	{"P13", "an event of a race into history and world", "babeltrace2 reading the same as CTF, 22 bytes each", "ns",
	 apply_race_ns, babeltrace_once_more, 5, true, PEER_ROUNDS},
	{"P14", "an event of a race, of 10 M held", NULL, "bytes", bytes_race, NULL, 40, false, 1},
	{"P14", "10 M events of a race", NULL, "MB", resident_race, NULL, 400, false, 1},
	{"P14", "an event of a mixture, of 10 M held", NULL, "bytes", bytes_mixed, NULL, 40, false, 1},
	{"P14", "10 M events of a mixture", NULL, "MB", resident_mixed, NULL, 400, false, 1},
	{"P15", "timeline by time, 200x60, 10 M events", "10 k events", "us", many_by_time, few_by_time, 1.5, false, 5},
	{"P15", "timeline by time, 120x40, 10 M events", "10 k events", "us", many_by_time_small, few_by_time_small, 1.5, false, 5},
	{"P15", "timeline by step, 200x60, 10 M events", "10 k events", "us", many_by_step, few_by_step, 1.5, false, 5},
	{"P15", "timeline by step, 120x40, 10 M events", "10 k events", "us", many_by_step_small, few_by_step_small, 1.5, false, 5},
	{"P18", "seek in 1 M events of a race: the slowest of 200", NULL, "ms", seek_race, NULL, 16, false, 3},
	{"P18", "seek in 1 M events of a mixture: the slowest of 200", NULL, "ms", seek_mixed, NULL, 16, false, 3},
	{"P18", "seek in 1 M events of a mixture with a backlog", NULL, "ms", seek_backlog, NULL, 16, false, 3},
	{"P18", "seek in 10 M events of a race: the slowest of 200", NULL, "ms", seek_many_race, NULL, 16, false, 1},
	{"P18", "seek in 10 M events of a mixture: the slowest of 200", NULL, "ms", seek_many_mixed, NULL, 16, false, 1},
	{"P18", "seek in 10 M events with a backlog of 200,000", NULL, "ms", seek_many_backlog, NULL, 16, false, 1},
};
const unsigned int bench_world_count = sizeof bench_world / sizeof *bench_world;
