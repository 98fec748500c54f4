/* SPDX-License-Identifier: MIT */
/*
 * A recording, opened: the lesson as it was, the history, what came of it. Opening runs nothing
 * and needs nothing but the file; the lesson need not be installed.
 *
 * The file is not trusted: every count is checked before it is used, sizes and depths have limits,
 * text is made safe again as it is read. A block that is damaged is left out, those around it are
 * kept (a hole in the events is told as one EVENT_LOST), and what was dropped is named.
 *
 * Runs in: front. Owns: the history and all that it points to. May block: reading the file.
 */
#ifndef LOCKSTEP_RECORDING_RECORDING_H
#define LOCKSTEP_RECORDING_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "director/run.h"
#include "lesson/catalog.h"
#include "world/history.h"

struct recording;

/* Reads the head and where the blocks are, but no events. NULL: `problem` says what is wrong with the file. */
struct recording *recording_open(const char *path, struct text *problem);
void recording_close(struct recording *recording);

/*
 * Reads on: blocks into the history until about `events` more have come (UINT64_MAX: all). True when
 * nothing is left to read.
 */
bool recording_load(struct recording *recording, uint64_t events);
double recording_loaded(const struct recording *recording); /* 0 … 1, of the file's bytes */

/* The settings name the lesson as it was; its paths (program, source, text) are NULL. Seed, mode, speed. */
const struct run_options *recording_options(const struct recording *recording);
const struct lines *recording_source(const struct recording *recording); /* of lesson.c */
const char *recording_text(const struct recording *recording);           /* of lesson.md */
const char *recording_version(const struct recording *recording);        /* of Lockstep that wrote it */

struct history *recording_history(struct recording *recording);

/* The choices so far read; NULL: a free run. */
const struct schedule *recording_schedule(const struct recording *recording);

/* NULL: not read yet, or the run was cut off before it had ended. */
const struct run_end *recording_end(const struct recording *recording);

/* What was dropped, a line each; "" when nothing was. It may grow while loading. */
const char *recording_damage(const struct recording *recording);

#endif
