/* SPDX-License-Identifier: MIT */
/*
 * Blocks are cut from extents. The first few come from the heap: most runs are short. Those of
 * memory are big and in huge pages, where touching one for the first time costs a tenth. The file
 * grows by whole extents, which are reserved on the disk before they are mapped: a disk that is full
 * is met here, not later as a SIGBUS.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/blocks.h"
#include "base/memory.h"

enum { EXTENT = 64 << 20, HUGE_PAGE = 2 << 20, HEAP = 1 << 20, ALIGNMENT = 16 };

struct extent {
	struct extent *next;
	void *mapped;  /* NULL: a block of the heap, in `heap` */
	size_t length;
	char heap[] __attribute__((aligned(ALIGNMENT)));
};

struct spill {
	struct block_source source;
	struct extent *extents;
	char *free;           /* the rest of the one that blocks are cut from */
	size_t room;
	size_t taken, limit;
	int fd;               /* -1: none yet, or none can be had */
	off_t length;
};

static struct extent *remember(struct spill *spill, struct extent *extent)
{
	extent->next = spill->extents;
	return spill->extents = extent;
}

static void *take_heap(struct spill *spill, size_t bytes)
{
	struct extent *extent = remember(spill, memory_resize(NULL, 1, sizeof *extent + bytes));
	extent->mapped = NULL;
	return extent->heap;
}

/* An extent of memory (fd -1) or of the file; a huge page begins where blocks do. */
static bool map_extent(struct spill *spill, int fd)
{
	size_t length = EXTENT + (fd < 0 ? HUGE_PAGE : 0);
	void *bytes = mmap(NULL, length, PROT_READ | PROT_WRITE,
	                   fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE : MAP_SHARED, fd, fd < 0 ? 0 : spill->length);
	if (bytes == MAP_FAILED)
		return false;
	struct extent *extent = remember(spill, memory_new(sizeof *extent));
	extent->mapped = spill->free = bytes;
	extent->length = length;
	spill->room = EXTENT;
	if (fd < 0) {
		spill->free += (HUGE_PAGE - (uintptr_t)bytes % HUGE_PAGE) % HUGE_PAGE;
		madvise(spill->free, EXTENT, MADV_HUGEPAGE);
	} else {
		spill->length += EXTENT;
	}
	return true;
}

static bool map_file(struct spill *spill)
{
	const char *folder = getenv("TMPDIR");
	if (spill->fd < 0)
		spill->fd = open(folder != NULL && folder[0] == '/' ? folder : "/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	int error = spill->fd < 0 ? EBADF : EINTR;
	while (error == EINTR)
		error = posix_fallocate(spill->fd, spill->length, EXTENT);
	return error == 0 && map_extent(spill, spill->fd);
}

static void *take(struct block_source *source, size_t bytes)
{
	struct spill *spill = (struct spill *)source;
	bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	spill->taken += bytes;
	if (spill->taken <= HEAP || bytes > EXTENT)
		return take_heap(spill, bytes);
	if (spill->room < bytes && spill->taken > spill->limit && !map_file(spill))
		spill->limit = SIZE_MAX; /* no more tries */
	if (spill->room < bytes && !map_extent(spill, -1))
		return take_heap(spill, bytes);
	void *block = spill->free;
	spill->free += bytes;
	spill->room -= bytes;
	return block;
}

static void give_all(struct block_source *source)
{
	struct spill *spill = (struct spill *)source;
	while (spill->extents != NULL) {
		struct extent *extent = spill->extents;
		spill->extents = extent->next;
		if (extent->mapped != NULL)
			munmap(extent->mapped, extent->length);
		free(extent);
	}
	if (spill->fd >= 0)
		close(spill->fd);
	free(spill);
}

struct block_source *spill_new(size_t limit)
{
	struct spill *spill = memory_new(sizeof *spill);
	spill->source = (struct block_source){.take = take, .give_all = give_all};
	spill->limit = limit;
	spill->fd = -1;
	return &spill->source;
}
