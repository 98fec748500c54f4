/* SPDX-License-Identifier: MIT */
/*
 * The recorder: writes a run into one file while it goes on. It follows a history: it may begin
 * late, then it catches up, so a run can be kept after it has been seen. The format is told in
 * recording/format.h.
 *
 * What always holds: the file consists of whole blocks, each checked by itself, so a run that is
 * killed, or a disk that fills up, leaves a file that opens up to its last whole block.
 *
 * Runs in: front. Owns: the file. May block: as writing a file does; recorder_finish() until the disk has it.
 */
#ifndef LOCKSTEP_RECORDING_RECORDER_H
#define LOCKSTEP_RECORDING_RECORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "director/run.h"
#include "world/history.h"

struct recorder;

/*
 * Makes the file (what was under that name is replaced) and writes its head: the lesson with its
 * source and its text as they are now, parameters, seed, mode. NULL: `problem` says why.
 */
struct recorder *recorder_new(const char *path, const struct run_options *options, struct text *problem);

/*
 * Takes over what the history has since; whole blocks are written. With `flush` the rest too, as a
 * smaller block: a live run does so about once a second. `schedule`: of a gated run so far, else
 * NULL. 0, or the -errno of the first failure (-ENOSPC, …): nothing is written after it, and what
 * was written stays readable.
 */
int recorder_follow(struct recorder *recorder, const struct history *history, const struct schedule *schedule, bool flush);

/*
 * Takes over the rest and what came of the run: the recording is complete, and on the disk. `end` NULL: nothing is
 * known of it. 0, or the -errno of the first failure, as above.
 */
int recorder_finish(struct recorder *recorder, const struct history *history, const struct run_end *end);

const char *recorder_path(const struct recorder *recorder);
void recorder_free(struct recorder *recorder); /* closes; what was not finished stays as it is */

#endif
