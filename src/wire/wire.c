/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/*
 * A ring holds all that one thread of the busiest lesson does (100,000 times acquire, read, write,
 * release, and the waits between), so that nothing is lost even while the screen is not looking.
 * The memory is sparse: pages that nobody wrote cost nothing.
 */
const struct wire_geometry WIRE_GEOMETRY = {
	.actors = 4096,
	.objects = 8192,
	.rings = 512,
	.ring_slots = 1u << 19,
	.result_bytes = 1u << 20,
};

static uint64_t page_up(uint64_t size)
{
	return (size + 4095) & ~(uint64_t)4095;
}

static void plan(struct wire_header *header, const struct wire_geometry *geometry)
{
	header->actor_capacity = geometry->actors;
	header->object_capacity = geometry->objects;
	header->ring_count = geometry->rings;
	header->ring_slots = geometry->ring_slots;
	header->result_capacity = geometry->result_bytes;
	header->actors_offset = page_up(sizeof *header);
	header->objects_offset = header->actors_offset + page_up((uint64_t)geometry->actors * sizeof(struct wire_actor));
	header->ring_controls_offset = header->objects_offset + page_up((uint64_t)geometry->objects * sizeof(struct wire_object));
	header->result_offset = header->ring_controls_offset + page_up((uint64_t)geometry->rings * sizeof(struct ring_control));
	header->rings_offset = header->result_offset + page_up(geometry->result_bytes);
	header->size = header->rings_offset +
	               (uint64_t)geometry->rings * page_up((uint64_t)geometry->ring_slots * sizeof(struct wire_event));
}

static void point(struct wire *wire, void *base, const struct wire_header *layout, const struct wire_geometry *geometry)
{
	char *bytes = base;
	wire->size = layout->size;
	wire->geometry = *geometry;
	wire->header = base;
	wire->actors = (struct wire_actor *)(bytes + layout->actors_offset);
	wire->objects = (struct wire_object *)(bytes + layout->objects_offset);
	wire->controls = (struct ring_control *)(bytes + layout->ring_controls_offset);
	wire->result = bytes + layout->result_offset;
	wire->slots = (struct wire_event *)(bytes + layout->rings_offset);
}

int wire_create(struct wire *wire, const struct wire_geometry *geometry)
{
	struct wire_header layout = {.magic = WIRE_MAGIC, .version = WIRE_VERSION};
	plan(&layout, geometry);

	int error = 0;
	int fd = memfd_create("lockstep-wire", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	void *base = MAP_FAILED;
	if (ftruncate(fd, (off_t)layout.size) == 0)
		base = mmap(NULL, layout.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED) {
		error = -errno;
		close(fd);
		return error;
	}
	point(wire, base, &layout, geometry);
	wire->fd = fd;
	memcpy(wire->header, &layout, sizeof layout);
	return 0;
}

/* True when the header describes exactly the layout that this version of the code would plan. */
static bool is_ours(const struct wire_header *header, struct wire_geometry *geometry, uint64_t size)
{
	if (header->magic != WIRE_MAGIC || header->version != WIRE_VERSION)
		return false;
	*geometry = (struct wire_geometry){
		.actors = header->actor_capacity,
		.objects = header->object_capacity,
		.rings = header->ring_count,
		.ring_slots = header->ring_slots,
		.result_bytes = header->result_capacity,
	};
	struct wire_header layout = {0};
	plan(&layout, geometry);
	return layout.size == header->size && layout.size == size && layout.rings_offset == header->rings_offset;
}

int wire_attach(struct wire *wire, int fd)
{
	struct stat stat;
	if (fstat(fd, &stat) != 0)
		return -errno;
	if (stat.st_size < (off_t)sizeof(struct wire_header))
		return -EPROTO;
	void *base = mmap(NULL, (size_t)stat.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (base == MAP_FAILED)
		return -errno;
	struct wire_geometry geometry;
	if (!is_ours(base, &geometry, (uint64_t)stat.st_size)) {
		munmap(base, (size_t)stat.st_size);
		return -EPROTO;
	}
	point(wire, base, base, &geometry);
	wire->fd = -1;
	return 0;
}

void wire_release(struct wire *wire)
{
	if (wire->header != NULL)
		munmap(wire->header, wire->size);
	if (wire->fd >= 0)
		close(wire->fd);
	*wire = (struct wire){.fd = -1};
}

#if defined(__x86_64__)
/* The processor's promise (invariant TSC). */
int wire_ticks_invariant(void)
{
	unsigned int a, b, c, d;
	return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & (1u << 8)) != 0;
}
#else
int wire_ticks_invariant(void)
{
	return 0;
}
#endif
