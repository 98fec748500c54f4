/* SPDX-License-Identifier: MIT */
/*
 * A recording that is damaged: cut at any byte, any byte other than it was, blocks gone, a disk that
 * filled up at any byte. What is whole comes back, what is not is named, and nothing crashes.
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "recording/block.h"
#include "support/recorded.h"

enum { BLOCKS_MAX = 200, SAMPLES = 150 };

/* A recording, and where its blocks lie. */
struct file {
	struct text bytes;
	struct block blocks[BLOCKS_MAX];
	size_t begin[BLOCKS_MAX + 1];
	size_t count;
};

static void take_file(struct file *file, const struct bed *bed)
{
	*file = (struct file){.bytes = TEXT_INIT};
	bed_take_file(&file->bytes, bed->file);
	file->begin[0] = RECORDING_HEAD_BYTES;
	while (file->begin[file->count] < file->bytes.length) {
		struct block *block = &file->blocks[file->count];

		assert_true(block_read_head(block, (const uint8_t *)file->bytes.bytes + file->begin[file->count]));
		file->begin[file->count + 1] = file->begin[file->count] + BLOCK_HEAD_BYTES + block->stored;
		assert_true(++file->count < BLOCKS_MAX);
	}
	assert_int_equal(file->begin[file->count], file->bytes.length);
}

/* The block that a byte is in; -1: the file's head. */
static int block_of(const struct file *file, size_t byte)
{
	int block = -1;

	while (block + 1 < (int)file->count && byte >= file->begin[block + 1])
		block++;
	return block;
}

/* Events of a history that are those of another one, from its beginning; texts too. */
static void assert_begins_like(const struct history *expected, const struct history *found, uint64_t count)
{
	assert_int_equal(history_count(found), count);
	for (uint64_t i = 0; i < count; i++) {
		assert_memory_equal(history_at(expected, i), history_at(found, i), sizeof(struct wire_event));
		assert_string_equal(history_text(expected, i, NULL), history_text(found, i, NULL));
	}
}

/* ---- cut ---- */

static uint64_t events_before(const struct file *file, size_t cut)
{
	uint64_t events = 0;

	for (size_t i = 0; i < file->count && file->begin[i + 1] <= cut; i++)
		if (file->blocks[i].type == BLOCK_EVENTS)
			events = file->blocks[i].first + file->blocks[i].count;
	return events;
}

static void check_cut(struct bed *bed, const struct file *file, size_t cut)
{
	struct recording *recording = recording_open(bed->file, &bed->problem);
	int block = block_of(file, cut);

	if (block < 1) { /* not even the head is whole */
		assert_true(recording == NULL || (block == 0 && cut == file->begin[1]));
		assert_string_not_equal(bed->problem.bytes, "");
		text_reset(&bed->problem);
		return;
	}
	assert_non_null(recording);
	assert_true(recording_load(recording, UINT64_MAX));
	assert_begins_like(bed->made.history, recording_history(recording), events_before(file, cut));
	assert_string_equal(recording_options(recording)->settings->lesson->name, "bank-race");
	assert_int_equal(recording_end(recording) != NULL, cut == file->bytes.length);
	bool clean = cut == file->begin[block] || cut == file->bytes.length;
	bool named = strstr(recording_damage(recording), "no whole block") != NULL;
	assert_true(named == !clean);
	recording_close(recording);
}

static void cut_at_every_byte(void **state)
{
	struct bed *bed = *state;
	struct file file;

	bed_record(bed, 40, 5);
	take_file(&file, bed);
	for (size_t cut = 0; cut <= file.bytes.length; cut++) {
		bed_put_file(bed->file, file.bytes.bytes, cut);
		check_cut(bed, &file, cut);
	}
	print_message("%zu cuts\n", file.bytes.length + 1);
	text_release(&file.bytes);
}

/* ---- flipped ---- */

/* Without block `lost`, what a reader can know. */
static void assert_all_but(struct bed *bed, const struct file *file, int lost, const struct recording *recording,
                           const struct history *found)
{
	uint64_t first = UINT64_MAX, count = 0, shift = 0;
	const struct history *made = bed->made.history;

	if (lost >= 0 && file->blocks[lost].type == BLOCK_EVENTS) {
		first = file->blocks[lost].first;
		count = file->blocks[lost].count;
		shift = count - 1;
		assert_int_equal(history_at(found, first)->kind, EVENT_LOST);
		assert_int_equal(history_at(found, first)->value, count);
		assert_non_null(strstr(recording_damage(recording), "are missing"));
	}
	assert_int_equal(history_count(found), history_count(made) - shift);
	for (uint64_t i = 0; i < history_count(made); i++) {
		const struct wire_event *event = history_at(found, i < first ? i : i - shift);

		if (i < first || i >= first + count)
			assert_memory_equal(history_at(made, i), event, sizeof *event);
	}
	if (lost < 0 || file->blocks[lost].type != BLOCK_STEPS)
		assert_int_equal(history_steps(found), history_steps(made));
	else
		assert_true(recording_schedule(recording)->count < bed->made.schedule.count);
}

static void check_flipped(struct bed *bed, const struct file *file, size_t byte)
{
	struct recording *recording = recording_open(bed->file, &bed->problem);
	int lost = block_of(file, byte);

	assert_non_null(recording);
	assert_true(recording_load(recording, UINT64_MAX));
	assert_string_equal(recording_options(recording)->settings->lesson->name, "bank-race");
	assert_string_not_equal(recording_damage(recording), "");
	assert_all_but(bed, file, lost, recording, recording_history(recording));
	assert_int_equal(recording_source(recording)->count > 0, lost < 0 || file->blocks[lost].type != BLOCK_SOURCE);
	assert_int_equal(*recording_text(recording) != '\0', lost < 0 || file->blocks[lost].type != BLOCK_TEXT);
	assert_int_equal(recording_end(recording) != NULL, lost < 0 || file->blocks[lost].type != BLOCK_END);
	recording_close(recording);
}

static void flip(struct bed *bed, struct file *file, size_t byte, char bits)
{
	file->bytes.bytes[byte] ^= bits;
	bed_put_file(bed->file, file->bytes.bytes, file->bytes.length);
	check_flipped(bed, file, byte);
	file->bytes.bytes[byte] ^= bits;
}

static void every_byte_flipped(void **state)
{
	struct bed *bed = *state;
	struct file file;

	bed_record(bed, 40, 5);
	take_file(&file, bed);
	for (size_t byte = 0; byte < file.bytes.length; byte++) {
		flip(bed, &file, byte, (char)0xff);
		flip(bed, &file, byte, (char)(1 << (byte % 8)));
	}
	print_message("%zu bytes flipped twice\n", file.bytes.length);
	text_release(&file.bytes);
}

static void a_larger_one_sampled(void **state)
{
	struct bed *bed = *state;
	struct file file;

	bed_record(bed, 10000, 5000);
	take_file(&file, bed);
	for (size_t i = 0; i < SAMPLES; i++)
		flip(bed, &file, (i * 7919 * 104729) % file.bytes.length, (char)(1 << (i % 8)));
	text_release(&file.bytes);
}

/* ---- blocks gone ---- */

/* The file without the blocks from `from` to before `to`, cleanly. */
static struct recording *open_without(struct bed *bed, const struct file *file, size_t from, size_t to)
{
	struct text bytes = TEXT_INIT;

	text_add_bytes(&bytes, file->bytes.bytes, file->begin[from]);
	text_add_bytes(&bytes, file->bytes.bytes + file->begin[to], file->bytes.length - file->begin[to]);
	bed_put_file(bed->file, bytes.bytes, bytes.length);
	text_release(&bytes);
	struct recording *recording = bed_open(bed);
	assert_true(recording_load(recording, UINT64_MAX));
	return recording;
}

static void a_block_that_is_gone_is_missed(void **state)
{
	struct bed *bed = *state;
	struct file file;

	bed_record(bed, 40, 5);
	take_file(&file, bed);
	for (size_t i = 0; i + 1 < file.count; i++) {
		struct recording *recording = open_without(bed, &file, i, i + 1);
		assert_non_null(strstr(recording_damage(recording), "is missing"));
		assert_all_but(bed, &file, (int)i, recording, recording_history(recording));
		recording_close(recording);
	}
	text_release(&file.bytes);
}

/* Steps keep their place in the run, choices are told only as far as all are known. */
static void a_hole_of_many_blocks(void **state)
{
	struct bed *bed = *state;
	struct file file;

	bed_record(bed, 40, 5);
	take_file(&file, bed);
	size_t from = 6, to = file.count - 4;
	struct recording *recording = open_without(bed, &file, from, to);
	struct history *found = recording_history(recording);
	uint64_t left = history_count(bed->made.history) - history_count(found);
	assert_true(left > 10);
	const struct wire_event *last = history_at(bed->made.history, history_count(bed->made.history) - 1);
	assert_memory_equal(history_at(found, history_count(found) - 1), last, sizeof *last);
	assert_true(recording_schedule(recording)->count < 40);
	assert_memory_equal(recording_schedule(recording)->choices, bed->made.schedule.choices,
	                    recording_schedule(recording)->count * sizeof(uint16_t));
	assert_non_null(strstr(recording_damage(recording), "choices are missing"));
	assert_non_null(strstr(recording_damage(recording), "blocks 6 to"));
	recording_close(recording);
	text_release(&file.bytes);
}

static void blocks_twice_or_in_another_order(void **state)
{
	struct bed *bed = *state;
	struct file file;
	struct text bytes = TEXT_INIT;

	bed_record(bed, 40, 5);
	take_file(&file, bed);
	text_add_bytes(&bytes, file.bytes.bytes, file.bytes.length); /* a second recording behind the first */
	text_add_bytes(&bytes, file.bytes.bytes, file.bytes.length);
	bed_put_file(bed->file, bytes.bytes, bytes.length);
	struct recording *recording = bed_open(bed);
	assert_true(recording_load(recording, UINT64_MAX));
	assert_same_history(bed->made.history, recording_history(recording));
	assert_non_null(strstr(recording_damage(recording), "block 0 stands where block"));
	recording_close(recording);

	text_reset(&bytes);
	text_add_bytes(&bytes, file.bytes.bytes, file.begin[1]);
	for (size_t i = file.count; i-- > 1;) /* backwards */
		text_add_bytes(&bytes, file.bytes.bytes + file.begin[i], file.begin[i + 1] - file.begin[i]);
	bed_put_file(bed->file, bytes.bytes, bytes.length);
	recording = bed_open(bed);
	assert_true(recording_load(recording, UINT64_MAX));
	assert_string_not_equal(recording_damage(recording), "");
	recording_close(recording);
	text_release(&bytes);
	text_release(&file.bytes);
}

static void both_heads_gone(void **state)
{
	struct bed *bed = *state;
	struct file file;

	bed_record(bed, 40, 5);
	take_file(&file, bed);
	for (size_t i = 0; i < file.count; i++)
		if (file.blocks[i].type == BLOCK_HEAD)
			file.bytes.bytes[file.begin[i] + BLOCK_HEAD_BYTES] ^= 1;
	bed_put_file(bed->file, file.bytes.bytes, file.bytes.length);
	struct recording *recording = bed_open(bed);
	assert_true(recording_load(recording, UINT64_MAX));
	assert_begins_like(bed->made.history, recording_history(recording), history_count(bed->made.history));
	assert_string_equal(recording_options(recording)->settings->lesson->name, "unknown");
	assert_non_null(strstr(recording_damage(recording), "the head is missing"));
	recording_close(recording);
	text_release(&file.bytes);
}

/* ---- a file that is being written ---- */

/* What a run that was killed leaves: everything up to the last flush, the choices too. */
static void a_run_that_was_killed(void **state)
{
	struct bed *bed = *state;
	struct recorder *recorder = bed_begin(bed);

	made_begin(&bed->made);
	for (unsigned int i = 1; i <= 20; i++) {
		made_steps(&bed->made, 3);
		recorder_follow(recorder, bed->made.history, &bed->made.schedule, true);
		struct recording *recording = bed_read_all(bed);
		assert_same_history(bed->made.history, recording_history(recording));
		assert_same_schedule(&bed->made.schedule, recording_schedule(recording));
		assert_null(recording_end(recording));
		recording_close(recording);
	}
	recorder_free(recorder);
}

/* ---- disks ---- */

/* The disk is full after so many bytes: a limit on the size of files does the same. */
static int record_within(struct bed *bed, rlim_t bytes)
{
	struct rlimit before, limit;

	getrlimit(RLIMIT_FSIZE, &before);
	limit = (struct rlimit){.rlim_cur = bytes, .rlim_max = before.rlim_max};
	setrlimit(RLIMIT_FSIZE, &limit);
	struct recorder *recorder = recorder_new(bed->file, &bed->options, &bed->problem);
	int error = recorder == NULL ? -EFBIG : 0;
	for (unsigned int i = 0; i < 8 && recorder != NULL; i++) {
		made_steps(&bed->made, 5);
		int now = recorder_follow(recorder, bed->made.history, &bed->made.schedule, true);
		assert_true(error == 0 || now == error); /* the first is kept */
		error = now;
	}
	if (recorder != NULL) {
		assert_string_equal(recorder_path(recorder), bed->file);
		error = recorder_finish(recorder, bed->made.history, NULL);
	}
	recorder_free(recorder);
	setrlimit(RLIMIT_FSIZE, &before);
	return error;
}

static void a_disk_that_fills_up_at_any_byte(void **state)
{
	struct bed *bed = *state;
	unsigned int refused = 0, short_of = 0;
	int error = -EFBIG;

	signal(SIGXFSZ, SIG_IGN);
	for (rlim_t bytes = 0; error != 0; bytes += 7) {
		made_release(&bed->made);
		made_init(&bed->made, 1);
		made_begin(&bed->made);
		error = record_within(bed, bytes);
		assert_true(error == 0 || error == -EFBIG);
		if (bed->problem.length > 0) {
			refused++;
			text_reset(&bed->problem);
			continue;
		}
		short_of++;
		struct recording *recording = bed_open(bed);
		assert_true(recording_load(recording, UINT64_MAX));
		assert_null(strstr(recording_damage(recording), "no whole block")); /* what was torn is cut off again */
		assert_begins_like(bed->made.history, recording_history(recording), history_count(recording_history(recording)));
		recording_close(recording);
	}
	assert_true(refused > 20);
	assert_true(short_of > 100);
}

static void devices_that_take_nothing(void **state)
{
	struct bed *bed = *state;
	struct recorder *recorder = recorder_new("/dev/full", &bed->options, &bed->problem);

	assert_null(recorder);
	assert_string_equal(bed->problem.bytes, strerror(ENOSPC));
	text_reset(&bed->problem);
	assert_null(recorder_new("/proc/no/such/folder", &bed->options, &bed->problem));
	assert_string_equal(bed->problem.bytes, strerror(ENOENT));
	text_reset(&bed->problem);
	assert_null(recorder_new(bed->folder, &bed->options, &bed->problem));
	assert_string_equal(bed->problem.bytes, strerror(EISDIR));
}

/* Stands before the one of the C library: when it was called, and what it is to answer. */
static struct {
	unsigned int calls, interrupted; /* `interrupted`: calls yet to be */
	int error;                       /* 0: none */
	off_t size;                      /* of the file, the last time */
} syncing;

int fdatasync(int fd)
{
	struct stat about;

	assert_int_equal(fstat(fd, &about), 0);
	syncing.calls++;
	syncing.size = about.st_size;
	errno = syncing.interrupted > 0 ? EINTR : syncing.error;
	if (syncing.interrupted > 0)
		syncing.interrupted--;
	return errno != 0 ? -1 : 0;
}

/* Told as recorded is told once the disk has all of it; one that does not take it is no better than a full one. */
static void the_end_is_on_the_disk(void **state)
{
	static const int errors[] = {0, EIO, ENOSPC};
	struct bed *bed = *state;

	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
		made_release(&bed->made);
		made_init(&bed->made, 1);
		made_begin(&bed->made);
		memset(&syncing, 0, sizeof syncing);
		syncing.error = errors[i];
		syncing.interrupted = 2;
		struct recorder *recorder = bed_begin(bed);
		assert_int_equal(recorder_follow(recorder, bed->made.history, NULL, true), 0);
		assert_int_equal(syncing.calls, 0); /* a run must not wait for the disk */
		assert_int_equal(recorder_finish(recorder, bed->made.history, NULL), -errors[i]);
		assert_int_equal(syncing.calls, 3);
		recorder_free(recorder);
		struct recording *recording = bed_read_all(bed);
		assert_same_history(bed->made.history, recording_history(recording));
		recording_close(recording);
		struct text bytes = TEXT_INIT;
		bed_take_file(&bytes, bed->file);
		assert_int_equal(syncing.size, bytes.length); /* nothing was written after it */
		text_release(&bytes);
	}
	memset(&syncing, 0, sizeof syncing);
}

/* A pipe whose reader goes away. */
static void a_reader_that_goes_away(void **state)
{
	struct bed *bed = *state;
	char path[64];
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(ends), 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", ends[1]);
	struct recorder *recorder = recorder_new(path, &bed->options, &bed->problem);
	assert_non_null(recorder);
	made_begin(&bed->made);
	assert_int_equal(recorder_follow(recorder, bed->made.history, NULL, true), 0);
	close(ends[0]);
	made_steps(&bed->made, 5);
	assert_int_equal(recorder_follow(recorder, bed->made.history, NULL, true), -EPIPE);
	assert_int_equal(recorder_finish(recorder, bed->made.history, NULL), -EPIPE);
	recorder_free(recorder);
	close(ends[1]);
}

/* A reader that takes it all: there is nothing to be put on a disk, and that is no failure. */
static void into_a_pipe(void **state)
{
	struct bed *bed = *state;
	char path[64];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", ends[1]);
	struct recorder *recorder = recorder_new(path, &bed->options, &bed->problem);
	assert_non_null(recorder);
	made_begin(&bed->made);
	syncing.error = EINVAL;
	assert_int_equal(recorder_finish(recorder, bed->made.history, NULL), 0);
	memset(&syncing, 0, sizeof syncing);
	recorder_free(recorder);
	close(ends[0]);
	close(ends[1]);
}

/* ---- what may be written over ---- */

static void only_recordings_are_replaced(void **state)
{
	struct bed *bed = *state;
	struct text bytes = TEXT_INIT;

	assert_null(recorder_new(bed->source, &bed->options, &bed->problem));
	assert_non_null(strstr(bed->problem.bytes, "is no recording"));
	text_reset(&bed->problem);
	bed_take_file(&bytes, bed->source);
	assert_string_equal(bytes.bytes, BED_SOURCE);
	text_release(&bytes);

	bed_record(bed, 40, 40);
	made_release(&bed->made);
	made_init(&bed->made, 2);
	bed_record(bed, 3, 3); /* over the first */
	struct recording *recording = bed_read_all(bed);
	assert_same_history(bed->made.history, recording_history(recording));
	recording_close(recording);
	bed_put_file(bed->file, "", 0);
	recorder_free(bed_begin(bed));
}

static void two_runs_do_not_share_a_file(void **state)
{
	struct bed *bed = *state;
	struct recorder *recorder = bed_begin(bed);

	assert_null(recorder_new(bed->file, &bed->options, &bed->problem));
	assert_non_null(strstr(bed->problem.bytes, "another run"));
	text_reset(&bed->problem);
	recorder_free(recorder);
	recorder_free(bed_begin(bed));
}

#define WITH_BED(test) cmocka_unit_test_setup_teardown(test, bed_set_up, bed_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_BED(cut_at_every_byte),
		WITH_BED(every_byte_flipped),
		WITH_BED(a_larger_one_sampled),
		WITH_BED(a_block_that_is_gone_is_missed),
		WITH_BED(a_hole_of_many_blocks),
		WITH_BED(blocks_twice_or_in_another_order),
		WITH_BED(both_heads_gone),
		WITH_BED(a_run_that_was_killed),
		WITH_BED(a_disk_that_fills_up_at_any_byte),
		WITH_BED(devices_that_take_nothing),
		WITH_BED(the_end_is_on_the_disk),
		WITH_BED(a_reader_that_goes_away),
		WITH_BED(into_a_pipe),
		WITH_BED(only_recordings_are_replaced),
		WITH_BED(two_runs_do_not_share_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
