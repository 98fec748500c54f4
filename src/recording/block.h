/* SPDX-License-Identifier: MIT */
/*
 * One block of a recording (see format.h), in memory: packed with its head, told good from
 * damaged, unpacked.
 *
 * Runs in: front. Owns: the buffers of zstd. May block: no.
 */
#ifndef LOCKSTEP_RECORDING_BLOCK_H
#define LOCKSTEP_RECORDING_BLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <zstd.h>

#include "base/text.h"
#include "recording/format.h"

struct block {
	unsigned int type; /* enum block_type, or what a newer Lockstep wrote */
	uint32_t number;
	uint32_t count;
	uint64_t first;
	uint32_t size;     /* unpacked; filled in by block_pack() */
	uint32_t stored;   /* likewise */
};

/* Makes `out` the whole block. -E2BIG when the content is longer than BLOCK_BYTES_MAX. */
int block_pack(ZSTD_CCtx *zstd, struct block *block, const struct text *content, struct text *out);

/* Reads a head; false when it can be none. It is to be believed only once block_is_whole() says so. */
bool block_read_head(struct block *block, const uint8_t head[BLOCK_HEAD_BYTES]);
bool block_is_whole(const uint8_t head[BLOCK_HEAD_BYTES], const void *stored, const struct block *block);

/* Makes `content` what was packed. False when that cannot be. */
bool block_unpack(ZSTD_DCtx *zstd, const struct block *block, const void *stored, struct text *content);

void recording_write_head(uint8_t head[RECORDING_HEAD_BYTES]);
/* The version; 0 when the head is damaged. */
uint32_t recording_read_head(const uint8_t head[RECORDING_HEAD_BYTES]);

const char *block_type_name(unsigned int type); /* NULL: a type that is not known */

#endif
