/* SPDX-License-Identifier: MIT */
/*
 * The format of a recording, version 2. All numbers are little-endian.
 *
 *     file  = head of 16 bytes, then blocks
 *     head  = magic (8 bytes), version (4), XXH32 of these 12 bytes (4)
 *     block = head of 40 bytes, then its content, compressed by zstd
 *
 *      0  magic (4)      to be found again behind damage
 *      4  type (2)       enum block_type
 *      6  zero (2)
 *      8  number (4)     of the block in the file, from 0
 *     12  count (4)      of what is in it: events, steps, …
 *     16  size (4)       of the content as it was before it was compressed
 *     20  stored (4)     bytes that follow
 *     24  first (8)      how many events the blocks before this one hold
 *     32  hash (8)       XXH64 of the content as it is stored, its seed the XXH64 of the 32 bytes above, and
 *                        that one's the version: a block of another version is none
 *
 * What always holds: a block is written in one piece and stands by itself; no block needs another
 * to be read. A reader leaves out blocks of types that it does not know, and bytes behind what it knows
 * in a block: a new type goes to the end of the table, a new column behind the columns.
 *
 *     HEAD    JSON: what was run and how. First, and once more before END, for when it is damaged.
 *             {"version": Lockstep's, "lesson": {"name", "chapter", "description": see lesson/describe.h},
 *              "set": {name: value}, "chosen": [names], "seed": "digits", "gated", "speed"}
 *     SOURCE  lesson.c as it was, byte for byte
 *     TEXT    lesson.md as it was
 *     PLACES  places that the events after it name for the first time. Each: place, line, length of the
 *             file's name, length of the function's, as varints; then the two names
 *     STEPS   of a gated run, before the events that they end with: varints and columns, see steps.h
 *     EVENTS  columns, see events.h
 *     END     JSON: what came of the run. Without it the run was cut off.
 *             {"told", "ok", "verdict", "outcome", "expected", "timed_out" if so, "exit_status", "lost": "digits"}; {} when nobody knows
 *
 * A varint is LEB128: seven bits a byte, the lowest first, bit 7 says that more follow. A signed
 * number is first zigzagged (0, -1, 1, -2, … become 0, 1, 2, 3, …). A column is its length in bytes,
 * as a varint, and then its bytes. A column of numbers has the lowest byte of each, then the second
 * of each, and so on, as far as there are any but 0; each of these planes begins with a byte: 1, a
 * byte for each number follows; 0, they are all the same, and it follows once.
 */
#ifndef LOCKSTEP_RECORDING_FORMAT_H
#define LOCKSTEP_RECORDING_FORMAT_H

#define RECORDING_MAGIC "\x89LST\r\n\x1a\n" /* as PNG's: shows what cut bit 7 or changed the ends of lines */
#define BLOCK_MAGIC "\x8b" "BLK"

/* X(type, name): the name is for messages. New ones at the END. */
#define BLOCK_TYPES(X)                         \
	X(BLOCK_HEAD, "what was run")          \
	X(BLOCK_SOURCE, "the lesson's source") \
	X(BLOCK_TEXT, "the lesson's text")     \
	X(BLOCK_PLACES, "places")              \
	X(BLOCK_STEPS, "steps")                \
	X(BLOCK_EVENTS, "events")              \
	X(BLOCK_END, "what came of the run")

enum block_type {
#define X(type, name) type,
	BLOCK_TYPES(X)
#undef X
	BLOCK_TYPE_COUNT
};

enum {
	RECORDING_VERSION = 2, /* 1 had reals as their bits, in the order of the run */
	RECORDING_HEAD_BYTES = 16,
	BLOCK_HEAD_BYTES = 40,

	/* What a recorder keeps to and a reader insists on. */
	BLOCK_EVENTS_MAX = 1 << 14,     /* events in a block: they and what is made of them stay in the cache */
	BLOCK_STEPS_MAX = 1 << 18,      /* steps or choices in a block */
	BLOCK_BYTES_MAX = 16 << 20,     /* of a block, stored or not */
	TEXT_BYTES_MAX = 1 << 20,       /* of one event's text, and of all in a block but the last */
	FILE_TEXT_BYTES_MAX = 1 << 20,  /* of the lesson's source, and of its text */
	PLACES_MAX = 1 << 14,           /* in a recording */
	PLACE_NAME_MAX = 1 << 12,
	ACTORS_MAX = 1 << 12,           /* as the wire's geometry */
	EVENTS_MAX = 1 << 27,           /* in a recording: 5 GB of history, as few bytes as it may be on disk */
	STEPS_MAX = 1 << 24,
	JSON_DEPTH_READ = 64,
};

#endif
