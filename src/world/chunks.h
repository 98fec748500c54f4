/* SPDX-License-Identifier: MIT */
/*
 * An array that grows at its end in blocks, so that growing never copies what is in it and never
 * needs twice the memory. Only a first block smaller than the others moves, while it grows to
 * their size; with `first` equal to a whole block, elements never move.
 *
 * Whole blocks come from a source, if it was given one, and stay the source's.
 *
 * Runs in: front. Owns: its blocks, but for those of a source. May block: no.
 */
#ifndef LOCKSTEP_WORLD_CHUNKS_H
#define LOCKSTEP_WORLD_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/blocks.h"

struct chunks {
	struct block_source *source; /* NULL: the heap */
	char **blocks;
	size_t block_count;
	size_t block_capacity;
	uint64_t count; /* elements */
	uint64_t room;  /* elements that fit into the blocks there are */
	char *next;     /* where the next one goes, */
	char *end;      /* unless the last block ends here */
	uint32_t size;  /* bytes an element */
	uint32_t shift; /* a block holds 1 << shift elements */
	uint32_t first; /* elements in the first block when it is made; a power of two */
};

void chunks_init(struct chunks *chunks, struct block_source *source, size_t size, unsigned int shift, size_t first);
void chunks_release(struct chunks *chunks);
void chunks_grow(struct chunks *chunks); /* all room is taken: makes some for at least one more */

static inline void *chunks_at(const struct chunks *chunks, uint64_t index)
{
	uint64_t mask = ((uint64_t)1 << chunks->shift) - 1;
	return chunks->blocks[index >> chunks->shift] + (index & mask) * chunks->size;
}

/* A new element at the end; what it holds is undefined. */
static inline void *chunks_add(struct chunks *chunks)
{
	if (__builtin_expect(chunks->next == chunks->end, 0))
		chunks_grow(chunks);
	void *added = chunks->next;
	chunks->next += chunks->size;
	chunks->count++;
	return added;
}

/*
 * So many elements side by side, at most a block of them; `first` is a whole block. Where the rest of
 * the last block is too short for them it is left out, but counted.
 */
void *chunks_add_run(struct chunks *chunks, uint64_t run);

#endif
