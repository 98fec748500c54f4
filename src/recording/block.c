/* SPDX-License-Identifier: MIT */
#include "recording/block.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <xxhash.h>

enum { HASHED_BYTES = 32, LEVEL = 1, PLANE_LEAST = 2048, PLANE_HASH_LOG = 11 };

static void put_16(uint8_t *at, uint16_t number)
{
	number = htole16(number);
	memcpy(at, &number, sizeof number);
}

static void put_32(uint8_t *at, uint32_t number)
{
	number = htole32(number);
	memcpy(at, &number, sizeof number);
}

static void put_64(uint8_t *at, uint64_t number)
{
	number = htole64(number);
	memcpy(at, &number, sizeof number);
}

static uint16_t get_16(const uint8_t *at)
{
	uint16_t number;
	memcpy(&number, at, sizeof number);
	return le16toh(number);
}

static uint32_t get_32(const uint8_t *at)
{
	uint32_t number;
	memcpy(&number, at, sizeof number);
	return le32toh(number);
}

static uint64_t get_64(const uint8_t *at)
{
	uint64_t number;
	memcpy(&number, at, sizeof number);
	return le64toh(number);
}

/* ---- a block ---- */

static uint64_t hash_of(const uint8_t *head, const void *stored, size_t length)
{
	return XXH64(stored, length, XXH64(head, HASHED_BYTES, RECORDING_VERSION));
}

static void write_head(uint8_t *head, const struct block *block)
{
	memset(head, 0, BLOCK_HEAD_BYTES);
	memcpy(head, BLOCK_MAGIC, 4);
	put_16(head + 4, (uint16_t)block->type);
	put_32(head + 8, block->number);
	put_32(head + 12, block->count);
	put_32(head + 16, block->size);
	put_32(head + 20, block->stored);
	put_64(head + 24, block->first);
}

/*
 * Within zstd's frame a block of its own has one code for all bytes, good when they are alike: where there are many
 * numbers, it is ended about where a plane of them ends. That also leaves planes that are noise as they are.
 */
static size_t compress(ZSTD_CCtx *zstd, const struct block *block, const struct text *content, char *stored, size_t room)
{
	const bool planes = block->count >= PLANE_LEAST;
	const size_t piece = planes ? (size_t)block->count + 1 : content->length;
	ZSTD_outBuffer out = {.dst = stored, .size = room};
	ZSTD_inBuffer in = {.src = content->bytes};
	size_t left;

	ZSTD_CCtx_reset(zstd, ZSTD_reset_session_only);
	ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, LEVEL);
	/* What is alike in planes is near or long: a small table finds it, and fits beside them into the cache. */
	ZSTD_CCtx_setParameter(zstd, ZSTD_c_hashLog, planes ? PLANE_HASH_LOG : 0);
	ZSTD_CCtx_setPledgedSrcSize(zstd, content->length);
	do {
		in.size = content->length - in.pos > piece ? in.pos + piece : content->length;
		left = ZSTD_compressStream2(zstd, &out, &in, in.size < content->length ? ZSTD_e_flush : ZSTD_e_end);
	} while (left == 0 && in.size < content->length);
	return left == 0 ? out.pos : 0;
}

int block_pack(ZSTD_CCtx *zstd, struct block *block, const struct text *content, struct text *out)
{
	uint8_t head[BLOCK_HEAD_BYTES] = {0};
	size_t room = ZSTD_compressBound(content->length);

	if (content->length > BLOCK_BYTES_MAX)
		return -E2BIG;
	text_reset(out);
	text_add_bytes(out, (const char *)head, sizeof head);
	char *stored = text_reserve(out, room);
	size_t length = compress(zstd, block, content, stored, room);
	if (length == 0)
		return -ENOMEM; /* with room enough nothing else goes wrong */
	text_set_length(out, sizeof head + length);
	block->size = (uint32_t)content->length;
	block->stored = (uint32_t)length;
	write_head(head, block);
	put_64(head + HASHED_BYTES, hash_of(head, stored, length));
	memcpy(out->bytes, head, sizeof head);
	return 0;
}

bool block_read_head(struct block *block, const uint8_t head[BLOCK_HEAD_BYTES])
{
	*block = (struct block){
		.type = get_16(head + 4),
		.number = get_32(head + 8),
		.count = get_32(head + 12),
		.size = get_32(head + 16),
		.stored = get_32(head + 20),
		.first = get_64(head + 24),
	};
	return memcmp(head, BLOCK_MAGIC, 4) == 0 && block->size <= BLOCK_BYTES_MAX &&
	       block->stored <= ZSTD_COMPRESSBOUND(BLOCK_BYTES_MAX);
}

bool block_is_whole(const uint8_t head[BLOCK_HEAD_BYTES], const void *stored, const struct block *block)
{
	return hash_of(head, stored, block->stored) == get_64(head + HASHED_BYTES);
}

bool block_unpack(ZSTD_DCtx *zstd, const struct block *block, const void *stored, struct text *content)
{
	text_reset(content);
	char *room = text_reserve(content, block->size);
	size_t length = ZSTD_decompressDCtx(zstd, room, block->size, stored, block->stored);

	if (ZSTD_isError(length) || length != block->size)
		return false;
	text_set_length(content, length);
	return true;
}

/* ---- the file's head ---- */

void recording_write_head(uint8_t head[RECORDING_HEAD_BYTES])
{
	memcpy(head, RECORDING_MAGIC, 8);
	put_32(head + 8, RECORDING_VERSION);
	put_32(head + 12, XXH32(head, 12, 0));
}

uint32_t recording_read_head(const uint8_t head[RECORDING_HEAD_BYTES])
{
	bool good = memcmp(head, RECORDING_MAGIC, 8) == 0 && get_32(head + 12) == XXH32(head, 12, 0);

	return good ? get_32(head + 8) : 0;
}

const char *block_type_name(unsigned int type)
{
	static const char *const names[] = {
#define X(type, name) [type] = name,
		BLOCK_TYPES(X)
#undef X
	};

	return type < BLOCK_TYPE_COUNT ? names[type] : NULL;
}
