/* SPDX-License-Identifier: MIT */
/*
 * Reading a file of a lesson's folder, which may hold anything: only regular files, never more
 * than a stated size, and never waiting (a FIFO of the right name would wait for ever).
 *
 * Runs in: screen. May block: on the disk.
 */
#ifndef LOCKSTEP_LESSON_FILE_H
#define LOCKSTEP_LESSON_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* At most `limit` bytes; `whole` says whether that was all of it. 0 or -errno; -EINVAL: not a regular file. */
int file_read(struct text *content, const char *path, size_t limit, bool *whole);

#endif
