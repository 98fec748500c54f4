/* SPDX-License-Identifier: MIT */
/* How a program finds out that it is watched, and how actors come into being and leave. */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "probe/gate.h"
#include "probe/probe.h"

struct probe_process probe;
_Thread_local struct probe_self probe_self;

/* ---- attaching ---- */

static int find_image(struct dl_phdr_info *info, size_t size, void *context)
{
	(void)size;
	(void)context;
	probe.image_base = info->dlpi_addr;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *header = &info->dlpi_phdr[i];
		uintptr_t end = info->dlpi_addr + header->p_vaddr + header->p_memsz;
		if (header->p_type == PT_LOAD && end > probe.image_end)
			probe.image_end = end;
	}
	return 1; /* the first entry is the program itself: dl_iterate_phdr(3) */
}

/* A child that the library did not fork must not write into its parent's ring. */
static void forget_in_child(void)
{
	probe.on = false;
	probe_self = (struct probe_self){0};
}

static void take_up(const struct wire_header *header)
{
	dl_iterate_phdr(find_image, NULL);
	probe.gated = header->gated != 0;
	probe.stamp = header->stamp;
	pthread_atfork(NULL, NULL, forget_in_child);
	probe.on = true;
	probe_actor_begin(0, 0);
}

/* Before main: a program started with a wire in its environment becomes actor 0. */
__attribute__((constructor)) static void probe_attach(void)
{
	const char *number = getenv(WIRE_ENVIRONMENT);
	if (number == NULL)
		return;
	int fd = atoi(number);
	int error = wire_attach(&probe.wire, fd);
	close(fd);
	unsetenv(WIRE_ENVIRONMENT); /* programs that the lesson starts are not the lesson */
	if (error != 0) {
		fprintf(stderr, "lesson: cannot be watched: descriptor %d is no wire of version %d\n", fd, WIRE_VERSION);
		return;
	}
	take_up(probe.wire.header);
}

/* ---- actors ---- */

static uint16_t take_ring(uint16_t id)
{
	uint32_t count = probe.wire.geometry.rings;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t ring = (id + i) % count;
		uint32_t nobody = 0;
		/* Pairs with the release store by which the reader gives a drained ring back. */
		if (atomic_compare_exchange_strong_explicit(&probe.wire.controls[ring].owner, &nobody, id + 1u,
		                                            memory_order_acquire, memory_order_relaxed))
			return (uint16_t)ring;
	}
	return WIRE_NO_RING;
}

int probe_actor_new(enum actor_kind kind, const char *name, uint16_t object, uint16_t *id)
{
	*id = 0;
	if (!probe_on())
		return 0;
	struct wire_header *header = probe.wire.header;
	if (atomic_fetch_add(&header->live_actors, 1) >= header->actor_limit) {
		atomic_fetch_sub(&header->live_actors, 1);
		return -EAGAIN;
	}
	uint32_t next = atomic_fetch_add(&header->actor_count, 1);
	if (next >= probe.wire.geometry.actors) {
		atomic_fetch_sub(&header->live_actors, 1);
		return -EAGAIN;
	}
	struct wire_actor *slot = &probe.wire.actors[next];
	snprintf(slot->name, sizeof slot->name, "%s", name);
	slot->kind = (uint8_t)kind;
	slot->object = object;
	slot->parent = probe_self.actor;
	slot->ring = take_ring((uint16_t)next);
	/* Pairs with the director's acquire: from here on it waits for the newcomer to park. */
	atomic_store_explicit(&slot->state, ACTOR_RUNNING, memory_order_release);
	*id = (uint16_t)next;
	return 0;
}

void probe_actor_cancel(uint16_t id)
{
	if (!probe_on() || id == 0)
		return;
	struct wire_actor *slot = &probe.wire.actors[id];
	if (slot->ring != WIRE_NO_RING)
		atomic_store_explicit(&probe.wire.controls[slot->ring].owner, 0, memory_order_release);
	atomic_store_explicit(&slot->state, ACTOR_NONE, memory_order_release);
	atomic_fetch_sub(&probe.wire.header->live_actors, 1);
}

static void become(uint16_t id)
{
	struct wire_actor *slot = &probe.wire.actors[id];
	struct ring_control *control = NULL;
	struct wire_event *slots = NULL;
	if (slot->ring < probe.wire.geometry.rings) {
		control = &probe.wire.controls[slot->ring];
		slots = wire_ring_slots(&probe.wire, slot->ring);
	}
	probe_self = (struct probe_self){.slot = slot, .actor = id};
	ring_writer_init(&probe_self.ring, control, slots, probe.wire.geometry.ring_slots);
	atomic_store_explicit(&slot->tid, gettid(), memory_order_relaxed);
	atomic_store_explicit(&slot->pid, getpid(), memory_order_release);
}

void probe_actor_begin(uint16_t id, uint32_t place)
{
	if (probe.wire.header == NULL)
		return;
	if (!probe.on) /* in a thread it is, and others read it */
		probe.on = true;
	become(id);
	bool process = probe_self.slot->kind == ACTOR_PROCESS;
	enum event_kind kind = process ? EVENT_PROCESS_BEGIN : EVENT_THREAD_BEGIN;
	if (probe.gated) {
		gate_publish(&(struct probe_intent){.kind = kind, .place = place});
		gate_park(ACTOR_BEGINNING);
	}
	const char *name = probe_self.slot->name;
	uint32_t aux = process ? (uint32_t)getppid() : probe_self.slot->kind == ACTOR_HELPER;
	probe_event_text(kind, 0, process ? getpid() : gettid(), aux, 0, place,
	                 name, strnlen(name, WIRE_NAME_MAX));
}

/* Who may have waited for this: those who join the actor, and, as its descriptors close, readers and writers. */
static void wake_at_exit(const struct wire_actor *slot)
{
	probe_wake(slot->object);
	if (slot->kind != ACTOR_PROCESS || !probe.gated)
		return;
	uint32_t count = atomic_load_explicit(&probe.wire.header->object_count, memory_order_relaxed);
	for (uint32_t id = 1; id <= count && id < probe.wire.geometry.objects; id++)
		if (probe.wire.objects[id].kind == OBJECT_PIPE)
			probe_wake((uint16_t)id);
}

void probe_actor_exit(int code, uint32_t place)
{
	struct wire_actor *slot = probe_self.slot;
	if (!probe_on() || slot == NULL)
		return;
	enum event_kind kind = slot->kind == ACTOR_PROCESS ? EVENT_PROCESS_EXIT : EVENT_THREAD_EXIT;
	struct probe_intent intent = {.kind = kind, .value = code, .place = place};
	probe_gate(&intent);
	probe_event(kind, 0, code, 0, 0, place);
	probe_self = (struct probe_self){0};
	atomic_fetch_sub(&probe.wire.header->live_actors, 1);
	wake_at_exit(slot);
	/* Pairs with the acquire loads in probe_actor_exited() and in the director. */
	atomic_store_explicit(&slot->state, ACTOR_EXITED, memory_order_release);
	if (probe.gated)
		gate_arrive();
}

void probe_actor_reaped(uint16_t id, int code)
{
	if (probe_on() && id != 0)
		atomic_store_explicit(&probe.wire.actors[id].reaped, WIRE_REAPED | (uint16_t)code, memory_order_release);
}

bool probe_actor_exited(uint16_t id)
{
	return probe_on() && id < probe.wire.geometry.actors &&
	       atomic_load_explicit(&probe.wire.actors[id].state, memory_order_acquire) == ACTOR_EXITED;
}

/* ---- objects ---- */

static void name_object(struct wire_object *slot, enum object_kind kind, const char *name, uint32_t id)
{
	if (name != NULL)
		snprintf(slot->name, sizeof slot->name, "%s", name);
	else
		snprintf(slot->name, sizeof slot->name, "%s-%u", object_kind_name(kind), id);
}

uint16_t probe_object_new(enum object_kind kind, const char *name, int64_t value, uint32_t aux,
                          unsigned int flags, uint32_t place)
{
	if (!probe_on() || probe_self.slot == NULL)
		return 0;
	uint32_t id = atomic_fetch_add(&probe.wire.header->object_count, 1) + 1;
	if (id >= probe.wire.geometry.objects)
		return 0;
	struct wire_object *slot = &probe.wire.objects[id];
	slot->kind = (uint8_t)kind;
	slot->creator = probe_self.actor;
	name_object(slot, kind, name, id);
	probe_event_text(EVENT_OBJECT_NEW, (uint16_t)id, value, (uint32_t)kind | aux << 8, flags, place,
	                 slot->name, strnlen(slot->name, WIRE_NAME_MAX));
	return (uint16_t)id;
}

uint16_t probe_channel_new(uint16_t object)
{
	if (object == 0)
		return 0;
	uint32_t id = atomic_fetch_add(&probe.wire.header->object_count, 1) + 1;
	return id < probe.wire.geometry.objects ? (uint16_t)id : object;
}

void probe_channel_of_deaths(uint16_t channel)
{
	if (channel != 0)
		probe.wire.objects[channel].deaths = 1;
}

/* ---- what else goes through the wire ---- */

/* splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

uint64_t probe_entropy(uint64_t stream)
{
	if (probe_gated())
		return mix(probe.wire.header->seed ^ mix(stream));
	uint64_t bits = 0;
	while (getrandom(&bits, sizeof bits, 0) < 0 && errno == EINTR)
		;
	return bits;
}

int probe_result(const char *json, size_t length)
{
	if (!probe_on())
		return 0;
	if (length > probe.wire.geometry.result_bytes)
		return -ENOSPC;
	memcpy(probe.wire.result, json, length);
	/* Pairs with the acquire load in the director. */
	atomic_store_explicit(&probe.wire.header->result_length, (uint32_t)length, memory_order_release);
	return 0;
}
