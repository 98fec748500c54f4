/* SPDX-License-Identifier: MIT */
/*
 * A recording's file as a row of whole blocks. Where a block is damaged, the next that checks out
 * is looked for byte by byte, and what lies between is named. It is read, never mapped: a file that
 * is cut short meanwhile is damaged, and nothing worse.
 *
 * Runs in: front. Owns: the descriptor, the block read last. May block: reading the file.
 */
#ifndef LOCKSTEP_RECORDING_SOURCE_H
#define LOCKSTEP_RECORDING_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <zstd.h>

#include "base/text.h"
#include "recording/block.h"

struct source {
	int fd;
	uint64_t size, offset;    /* all before `offset` is done with */
	uint64_t patience;        /* bytes that may still be read in vain */
	bool any;                 /* a block has been found */
	ZSTD_DCtx *zstd;
	struct text stored;       /* of the block read last, with its head */
	struct text content;      /* the same, unpacked */
	struct text damage;       /* what was left out, a line each */
	unsigned int damages;
};

/* 0 or -errno; -EINVAL: `problem` says in words what it is instead of a recording. Released in either case. */
int source_open(struct source *source, const char *path, struct text *problem);
void source_release(struct source *source);

/* The next whole block and its content, which stays until the next call. False at the end of the file. */
bool source_next(struct source *source, struct block *block);

/* Adds a line to `damage`, unless there are too many already. */
void source_complain(struct source *source, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
