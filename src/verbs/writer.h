/* SPDX-License-Identifier: MIT */
/*
 * Buffered output that need not wait: a front that prints a free run must go on draining the wire
 * while whoever reads its output takes his time. Lines are added to `text`; writer_drain() writes
 * what can be written now. A pipe that poll(2) calls writable takes PIPE_BUF bytes without waiting.
 *
 * Runs in: front. Owns: its text. May block: writer_finish only.
 */
#ifndef LOCKSTEP_VERBS_WRITER_H
#define LOCKSTEP_VERBS_WRITER_H

#include <signal.h>
#include <stdbool.h>

#include "base/text.h"

enum { WRITER_FULL = 64 * 1024 }; /* bytes after which nothing more should be added for now */

struct writer {
	int fd;
	bool regular;     /* a file: never waits for long */
	int error;        /* -errno of the first failure; nothing is written after it */
	size_t sent;      /* bytes of `text` that are written */
	struct text text;
};

void writer_init(struct writer *writer, int fd);
void writer_release(struct writer *writer);

/* Writes what can be written now. True when nothing is left (or all is lost: see `error`). */
bool writer_drain(struct writer *writer);

/* Writes all, waiting; a signal that sets *stop ends it. 0 or -errno (-EINTR: stopped). */
int writer_finish(struct writer *writer, const volatile sig_atomic_t *stop);

#endif
