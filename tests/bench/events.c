/* SPDX-License-Identifier: MIT */
/* P2, P3: what telling one event costs the lesson, alone and while somebody looks. */
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "watched.h"
#include "mp/value.h"
#include "view/scene.h"
#include "wire/reader.h"
#include "wire/ticks.h"
#include "world/world.h"

enum { BURST = 400000 };

/* ---- the floor: 32 bytes and a time stamp into a ring of the same size, nothing else ---- */

struct bare_ring {
	_Alignas(64) _Atomic uint64_t head;
	_Alignas(64) struct wire_event slots[1u << 19];
};

static struct bare_ring *bare;

__attribute__((noinline)) static void bare_emit(uint32_t kind, uint32_t object, uint64_t value)
{
	uint64_t head = atomic_load_explicit(&bare->head, memory_order_relaxed);
	struct wire_event *slot = &bare->slots[head & ((1u << 19) - 1)];
	slot->time = ticks_now();
	slot->kind = (uint8_t)kind;
	slot->object = (uint16_t)object;
	slot->value = (int64_t)value;
	slot->place = 0;
	slot->aux = 0;
	atomic_store_explicit(&bare->head, head + 1, memory_order_release);
}

static double measure_bare(void)
{
	if (bare == NULL) {
		bare = mmap(NULL, sizeof *bare, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		memset(bare, 0, sizeof *bare);
	}
	atomic_store(&bare->head, 0);
	uint64_t start = bench_ns();
	for (uint32_t i = 0; i < BURST; i++)
		bare_emit(i & 15, 1, i);
	return (double)(bench_ns() - start) / BURST;
}

/* ---- ours ---- */

static double burst(void)
{
	static struct value *value;
	if (value == NULL)
		value = value_new("balance", 0);
	uint64_t start = bench_ns();
	for (int64_t i = 0; i < BURST; i++)
		value_set(value, i);
	return (double)(bench_ns() - start) / BURST;
}

static double measure_event(void)
{
	watched_begin();
	double ns = burst();
	watched_end();
	return ns;
}

/* ---- with a viewer: another process drains, keeps the history, follows the world and draws ---- */

static void keep(void *history, const struct wire_event *event, const char *text, size_t length)
{
	history_append(history, event, text, length);
}

static void draw(struct canvas *canvas, const struct history *history, struct world *world)
{
	static char name[] = "bench";
	static const struct catalog_lesson lesson = {.name = name, .title = name};
	static const struct lines no_source;
	static const struct settings settings = {.lesson = &lesson};
	world_seek(world, history_count(history));
	struct scene scene = {
		.ui = {.room = ROOM_RUN, .present = true, .position = world->position, .menu_filter = "", .search = "", .message = ""},
		.lesson = &lesson, .settings = &settings, .source = &no_source, .text = "",
		.history = history, .world = world,
		.run = {.running = true, .verdict = "", .outcome = "", .strategy = "", .settings = "", .speed = 1.0},
	};
	scene_draw(canvas, &scene);
}

_Noreturn static void view_for_ever(struct wire *wire, const _Atomic int *rest)
{
	struct history *history = history_new();
	struct world *world = world_new(history);
	struct wire_reader *reader = wire_reader_new(wire, (enum wire_stamp)wire->header->stamp, 1.0, keep, history);
	struct canvas canvas;
	canvas_init(&canvas, 120, 40, false);
	while (atomic_load(rest) == 0) {
		wire_reader_drain(reader, false, 200000);
		draw(&canvas, history, world);
		usleep(16000);
	}
	_exit(0);
}

/* The viewer runs on the other core, as it does when a free run leaves it one. */
static double measure_watched_event(void)
{
	void *page = mmap(NULL, sizeof(_Atomic int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	_Atomic int *rest = page;
	struct wire *wire = watched_begin();
	pid_t viewer = fork();
	if (viewer == 0)
		view_for_ever(wire, rest);
	double ns = burst();
	watched_end();
	atomic_store(rest, 1);
	waitpid(viewer, NULL, 0);
	munmap(page, sizeof *rest);
	return ns;
}

const struct bench_row bench_events[] = {
	{"P2", "one event, free run (value_set, watched)", "bare ring of 32-byte slots + time stamp", "ns",
	 measure_event, measure_bare, 2.0, false, 21},
	{"P3", "the same while a viewer drains and draws", "the same without a viewer", "ns",
	 measure_watched_event, measure_event, 1.2, false, 21},
};
const unsigned int bench_events_count = sizeof bench_events / sizeof *bench_events;
