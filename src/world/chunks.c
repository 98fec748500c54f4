/* SPDX-License-Identifier: MIT */
#include "world/chunks.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

void chunks_init(struct chunks *chunks, struct block_source *source, size_t size, unsigned int shift, size_t first)
{
	*chunks = (struct chunks){.source = source, .size = (uint32_t)size, .shift = shift, .first = (uint32_t)first};
}

/* The first block grows in the heap, where it is not whole from the start. */
static bool is_of_source(const struct chunks *chunks, size_t block)
{
	return chunks->source != NULL && (block > 0 || chunks->first == (uint64_t)1 << chunks->shift);
}

void chunks_release(struct chunks *chunks)
{
	for (size_t i = 0; i < chunks->block_count; i++)
		if (!is_of_source(chunks, i))
			free(chunks->blocks[i]);
	free(chunks->blocks);
	chunks->blocks = NULL;
	chunks->block_count = chunks->block_capacity = 0;
	chunks->count = chunks->room = 0;
	chunks->next = chunks->end = NULL;
}

/* The room there is now is in the last block. */
static void fill_from(struct chunks *chunks, char *next, uint64_t room)
{
	chunks->next = next;
	chunks->end = next + room * chunks->size;
	chunks->room = chunks->count + room;
}

static void grow_first(struct chunks *chunks)
{
	uint64_t room = chunks->room == 0 ? chunks->first : chunks->room * 2;
	if (chunks->block_count == 0)
		chunks->blocks[chunks->block_count++] = NULL;
	chunks->blocks[0] = memory_resize(chunks->blocks[0], room, chunks->size);
	fill_from(chunks, chunks->blocks[0] + chunks->count * chunks->size, room - chunks->count);
}

void chunks_grow(struct chunks *chunks)
{
	uint64_t whole = (uint64_t)1 << chunks->shift;
	if (chunks->block_count == chunks->block_capacity) {
		chunks->block_capacity = chunks->block_capacity == 0 ? 1 : chunks->block_capacity * 2;
		chunks->blocks = memory_resize(chunks->blocks, chunks->block_capacity, sizeof *chunks->blocks);
	}
	if (chunks->room < whole && !is_of_source(chunks, 0)) {
		grow_first(chunks);
		return;
	}
	char *block = chunks->source != NULL ? chunks->source->take(chunks->source, whole * chunks->size)
	                                     : memory_resize(NULL, whole, chunks->size);
	chunks->blocks[chunks->block_count++] = block;
	fill_from(chunks, block, whole);
}

void *chunks_add_run(struct chunks *chunks, uint64_t run)
{
	assert(chunks->first == (uint64_t)1 << chunks->shift && run <= chunks->first);
	if (chunks->room - chunks->count < run) {
		chunks->count = chunks->room;
		chunks_grow(chunks);
	}
	void *added = chunks->next;
	chunks->next += run * chunks->size;
	chunks->count += run;
	return added;
}
