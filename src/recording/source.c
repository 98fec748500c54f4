/* SPDX-License-Identifier: MIT */
#include "recording/source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

enum {
	DAMAGES_MAX = 100,
	SEARCH_BYTES = 1 << 16,
	FIRST_WITHIN = 16 << 20,    /* a file that has no block so far is no recording, however long it is */
	PATIENCE_TIMES = 8,         /* the file's size, and … */
	PATIENCE_LEAST = 64 << 20,
};

/* ---- damage ---- */

void source_complain(struct source *source, const char *format, ...)
{
	va_list arguments;

	if (source->damages++ == DAMAGES_MAX)
		text_add(&source->damage, "more is damaged than is told here\n");
	if (source->damages > DAMAGES_MAX)
		return;
	va_start(arguments, format);
	text_vprintf(&source->damage, format, arguments);
	va_end(arguments);
	text_add_char(&source->damage, '\n');
}

static void complain_skipped(struct source *source, uint64_t from, uint64_t to)
{
	if (to > from)
		source_complain(source, "bytes %" PRIu64 " to %" PRIu64 " are no whole block: left out", from, to - 1);
}

/* ---- reading ---- */

/* All of it, or false. */
static bool read_at(const struct source *source, uint64_t offset, void *into, size_t length)
{
	char *at = into;

	if (offset > source->size || length > source->size - offset)
		return false;
	while (length > 0) {
		ssize_t got = pread(source->fd, at, length, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		offset += (uint64_t)got;
		length -= (size_t)got;
	}
	return true;
}

/* The block at `offset`, if there is a whole one; then it lies in `stored`. */
static bool read_block(struct source *source, uint64_t offset, struct block *block)
{
	uint8_t head[BLOCK_HEAD_BYTES];

	if (!read_at(source, offset, head, sizeof head) || !block_read_head(block, head))
		return false;
	if (block->stored > source->size - offset - sizeof head || block->stored > source->patience)
		return false;
	text_reset(&source->stored);
	char *stored = text_reserve(&source->stored, block->stored);
	if (read_at(source, offset + sizeof head, stored, block->stored) && block_is_whole(head, stored, block)) {
		text_set_length(&source->stored, block->stored);
		return true;
	}
	source->patience -= block->stored;
	return false;
}

/* From `offset` on, the next place where a block's magic stands; the file's size when there is none. */
static uint64_t find_magic(const struct source *source, uint64_t offset)
{
	char bytes[SEARCH_BYTES];

	while (offset < source->size && (source->any || offset <= FIRST_WITHIN)) {
		uint64_t left = source->size - offset;
		size_t length = left < sizeof bytes ? (size_t)left : sizeof bytes;

		if (length < BLOCK_HEAD_BYTES || !read_at(source, offset, bytes, length))
			break;
		const char *found = memmem(bytes, length, BLOCK_MAGIC, 4);
		if (found != NULL)
			return offset + (uint64_t)(found - bytes);
		offset += length - 3; /* a magic may lie across the border */
	}
	return source->size;
}

/* The next whole block at or behind `offset`; where it begins, or the file's size. */
static uint64_t find_block(struct source *source, uint64_t offset, struct block *block)
{
	while (offset < source->size && !read_block(source, offset, block)) {
		if (source->patience < BLOCK_HEAD_BYTES) {
			source_complain(source, "too much is damaged: the rest of the file is left out");
			return source->size;
		}
		source->patience -= BLOCK_HEAD_BYTES;
		offset = find_magic(source, offset + 1);
	}
	source->any |= offset < source->size;
	return offset;
}

bool source_next(struct source *source, struct block *block)
{
	while (source->offset < source->size) {
		uint64_t at = find_block(source, source->offset, block);

		complain_skipped(source, source->offset, at);
		source->offset = at;
		if (at == source->size)
			return false;
		source->offset += BLOCK_HEAD_BYTES + block->stored;
		if (block_unpack(source->zstd, block, source->stored.bytes, &source->content))
			return true;
		source_complain(source, "block %" PRIu32 " cannot be unpacked: left out", block->number);
	}
	return false;
}

/* ---- opening ---- */

static int check_file(struct source *source, struct text *problem)
{
	struct stat about;

	if (fstat(source->fd, &about) < 0)
		return -errno;
	if (!S_ISREG(about.st_mode)) {
		text_add(problem, "it is no regular file");
		return -EINVAL;
	}
	source->size = (uint64_t)about.st_size;
	source->patience = source->size * PATIENCE_TIMES + PATIENCE_LEAST;
	return 0;
}

/* A damaged head is no reason not to look for blocks. */
static int check_version(struct source *source, struct text *problem)
{
	uint8_t head[RECORDING_HEAD_BYTES];

	if (!read_at(source, 0, head, sizeof head))
		return 0;
	uint32_t version = recording_read_head(head);
	if (version == 0)
		return 0;
	if (version != RECORDING_VERSION) {
		text_printf(problem, "%s Lockstep wrote it, in version %" PRIu32 " of the format; this one reads version %d",
		            version > RECORDING_VERSION ? "a newer" : "an older", version, RECORDING_VERSION);
		return -EINVAL;
	}
	source->offset = sizeof head;
	return 0;
}

int source_open(struct source *source, const char *path, struct text *problem)
{
	*source = (struct source){.fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)};
	text_init(&source->stored);
	text_init(&source->content);
	text_init(&source->damage);
	if (source->fd < 0)
		return -errno;
	int error = check_file(source, problem);
	if (error == 0)
		error = check_version(source, problem);
	source->zstd = ZSTD_createDCtx();
	return error == 0 && source->zstd == NULL ? -ENOMEM : error;
}

void source_release(struct source *source)
{
	if (source->fd >= 0)
		close(source->fd);
	ZSTD_freeDCtx(source->zstd);
	text_release(&source->stored);
	text_release(&source->content);
	text_release(&source->damage);
	source->fd = -1;
}
