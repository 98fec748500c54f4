/* SPDX-License-Identifier: MIT */
/*
 * Blocks are made whole in memory and written by one write(2), most often; when that fails, what
 * was torn is cut off again.
 */
#include "recording/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "lesson/file.h"
#include "recording/block.h"
#include "recording/ending.h"
#include "recording/events.h"
#include "recording/head.h"
#include "recording/numbers.h"
#include "recording/places.h"
#include "recording/steps.h"

struct recorder {
	char *path;
	int fd;
	int error;              /* the first; nothing is written after it */
	bool regular;
	uint64_t size;          /* of the whole blocks */
	ZSTD_CCtx *zstd;
	struct text head;       /* content of the head, which is written twice */
	struct text content;    /* of the block that is made, and … */
	struct text block;      /* … the block */
	uint32_t blocks;

	/* How far the file has the history. */
	uint64_t events, steps, choices;
	bool begun;             /* the position of the steps' beginning is told */
	struct numbers places;
	struct events *scratch;
};

/* ---- writing ---- */

static int write_all(const struct recorder *recorder, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t wrote = write(recorder->fd, bytes, length);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			return wrote < 0 ? -errno : -EIO;
		bytes += wrote;
		length -= (size_t)wrote;
	}
	return 0;
}

static void write_bytes(struct recorder *recorder, const char *bytes, size_t length)
{
	if (recorder->error < 0)
		return;
	recorder->error = write_all(recorder, bytes, length);
	if (recorder->error == 0)
		recorder->size += length;
	else if (recorder->regular && ftruncate(recorder->fd, (off_t)recorder->size) < 0)
		return; /* the reader copes */
}

static void write_block(struct recorder *recorder, enum block_type type, uint32_t count, const struct text *content)
{
	struct block block = {.type = type, .number = recorder->blocks++, .count = count, .first = recorder->events};

	if (recorder->error < 0)
		return;
	recorder->error = block_pack(recorder->zstd, &block, content, &recorder->block);
	write_bytes(recorder, recorder->block.bytes, recorder->block.length);
}

/* ---- the head ---- */

static void write_file(struct recorder *recorder, enum block_type type, const char *path)
{
	bool whole;

	text_reset(&recorder->content);
	if (path != NULL && file_read(&recorder->content, path, FILE_TEXT_BYTES_MAX, &whole) == 0)
		write_block(recorder, type, 1, &recorder->content);
}

static void write_head(struct recorder *recorder, const struct run_options *options)
{
	uint8_t head[RECORDING_HEAD_BYTES];

	recording_write_head(head);
	write_bytes(recorder, (const char *)head, sizeof head);
	head_pack(&recorder->head, options);
	write_block(recorder, BLOCK_HEAD, 1, &recorder->head);
	write_file(recorder, BLOCK_SOURCE, options->settings->lesson->source);
	write_file(recorder, BLOCK_TEXT, options->settings->lesson->text);
}

/* ---- opening ---- */

/* Nothing but an older recording, or an empty file, is replaced: a slip of the hand must not cost anybody his work. */
static bool may_be_replaced(const struct recorder *recorder, const struct stat *about)
{
	const size_t length = strlen(RECORDING_MAGIC);
	struct text begin = TEXT_INIT;
	bool whole;
	bool may = about->st_size == 0 || (file_read(&begin, recorder->path, length, &whole) == 0 &&
	                                   begin.length == length && memcmp(begin.bytes, RECORDING_MAGIC, length) == 0);

	text_release(&begin);
	return may;
}

static int check_target(struct recorder *recorder, struct text *problem)
{
	struct stat about;

	if (fstat(recorder->fd, &about) < 0)
		return -errno;
	recorder->regular = S_ISREG(about.st_mode);
	if (!recorder->regular)
		return fcntl(recorder->fd, F_SETFL, 0) < 0 ? -errno : 0;
	if (flock(recorder->fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK) {
		text_add(problem, "another run is being recorded into it");
		return -EBUSY;
	}
	if (!may_be_replaced(recorder, &about)) {
		text_add(problem, "the file exists and is no recording; choose another name, or remove it first");
		return -EEXIST;
	}
	return ftruncate(recorder->fd, 0) < 0 ? -errno : 0;
}

static int open_target(struct recorder *recorder, struct text *problem)
{
	recorder->fd = open(recorder->path, O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0666);
	return recorder->fd < 0 ? -errno : check_target(recorder, problem);
}

struct recorder *recorder_new(const char *path, const struct run_options *options, struct text *problem)
{
	struct recorder *recorder = memory_new(sizeof *recorder);

	recorder->path = memory_copy_string(path);
	recorder->fd = -1;
	text_init(&recorder->head);
	text_init(&recorder->content);
	text_init(&recorder->block);
	recorder->zstd = ZSTD_createCCtx();
	recorder->scratch = events_new();
	recorder->error = recorder->zstd == NULL ? -ENOMEM : open_target(recorder, problem);
	if (recorder->error == 0)
		write_head(recorder, options);
	if (recorder->error == 0)
		return recorder;
	if (problem->length == 0)
		text_add(problem, strerror(-recorder->error));
	recorder_free(recorder);
	return NULL;
}

void recorder_free(struct recorder *recorder)
{
	if (recorder == NULL)
		return;
	if (recorder->fd >= 0)
		close(recorder->fd);
	ZSTD_freeCCtx(recorder->zstd);
	text_release(&recorder->head);
	text_release(&recorder->content);
	text_release(&recorder->block);
	numbers_release(&recorder->places);
	events_free(recorder->scratch);
	free(recorder->path);
	free(recorder);
}

const char *recorder_path(const struct recorder *recorder)
{
	return recorder->path;
}

/* ---- following ---- */

static void write_steps(struct recorder *recorder, const struct history *history, const struct schedule *schedule)
{
	uint64_t steps = history_steps(history), choices = schedule != NULL ? schedule->count : 0;
	bool begun = steps > 0 || history_step_position(history, 0) > 0;

	while (recorder->error == 0 && (recorder->steps < steps || recorder->choices < choices || recorder->begun != begun)) {
		uint32_t count = steps_pack(&recorder->content, history, recorder->steps, schedule, recorder->choices);

		write_block(recorder, BLOCK_STEPS, count, &recorder->content);
		recorder->steps += count;
		uint64_t left = choices - recorder->choices;
		recorder->choices += left < BLOCK_STEPS_MAX ? left : BLOCK_STEPS_MAX;
		recorder->begun = begun;
	}
}

static void write_events(struct recorder *recorder, const struct history *history)
{
	struct text places = TEXT_INIT;

	events_pack(recorder->scratch, history, recorder->events, &recorder->content);
	uint32_t count = places_pack(&places, history, &recorder->scratch->places, &recorder->places);
	if (count > 0)
		write_block(recorder, BLOCK_PLACES, count, &places);
	write_block(recorder, BLOCK_EVENTS, recorder->scratch->count, &recorder->content);
	recorder->events += recorder->scratch->count;
	text_release(&places);
}

int recorder_follow(struct recorder *recorder, const struct history *history, const struct schedule *schedule, bool flush)
{
	uint64_t count = history_count(history);

	if (recorder->error == 0 && (count > EVENTS_MAX || history_steps(history) > STEPS_MAX))
		recorder->error = -EFBIG; /* no reader would take it */
	if (flush || count - recorder->events >= BLOCK_EVENTS_MAX)
		write_steps(recorder, history, schedule);
	while (recorder->error == 0 && count > recorder->events && (flush || count - recorder->events >= BLOCK_EVENTS_MAX))
		write_events(recorder, history);
	return recorder->error;
}

/* Onto the disk: whoever has read that the run is recorded may switch the machine off. */
static int settle(const struct recorder *recorder)
{
	while (fdatasync(recorder->fd) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

int recorder_finish(struct recorder *recorder, const struct history *history, const struct run_end *end)
{
	recorder_follow(recorder, history, end != NULL ? end->schedule : NULL, true);
	write_block(recorder, BLOCK_HEAD, 1, &recorder->head);
	ending_pack(&recorder->content, end);
	write_block(recorder, BLOCK_END, 1, &recorder->content);
	if (recorder->error == 0 && recorder->regular)
		recorder->error = settle(recorder);
	return recorder->error;
}
