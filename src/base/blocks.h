/* SPDX-License-Identifier: MIT */
/*
 * Where big blocks of memory come from, for code that may not ask the system itself.
 *
 * Runs in: both. May block: spill_new's blocks, as memory that is read back from a disk.
 */
#ifndef LOCKSTEP_BASE_BLOCKS_H
#define LOCKSTEP_BASE_BLOCKS_H

#include <stddef.h>

struct block_source {
	void *(*take)(struct block_source *source, size_t bytes); /* never NULL; aligned for anything */
	void (*give_all)(struct block_source *source);            /* ends it, with all its blocks */
};

/*
 * Blocks of memory until `limit` bytes have been taken, then of a file without a name (in $TMPDIR, else
 * /var/tmp), so that the kernel can write back what is not looked at. Where no such file can be made, or
 * its disk is full, it goes on in memory.
 */
struct block_source *spill_new(size_t limit);

#endif
