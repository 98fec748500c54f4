/* SPDX-License-Identifier: MIT */
/*
 * What front and supervisor say to each other: one message each, over a SOCK_SEQPACKET pair.
 *
 *     front → supervisor   request, for START with its strings behind it (program, then arguments,
 *                          each with its NUL) and its descriptors beside it (SCM_RIGHTS)
 *     supervisor → front   one STARTED for every START; one EXITED for every lesson that was started,
 *                          once nothing of it is left
 *
 * Runs in: both sides of the pair. Private to src/lesson.
 */
#ifndef LOCKSTEP_LESSON_PROTOCOL_H
#define LOCKSTEP_LESSON_PROTOCOL_H

#include <stdint.h>

enum {
	REQUEST_STRINGS_MAX = 64 * 1024, /* bytes of program and arguments, NULs included */
	REQUEST_ARGUMENTS_MAX = 256,     /* the program counts */
	REQUEST_DESCRIPTORS = 3,         /* wire, output, error output; any may be missing */
	LESSONS_AT_ONCE = 8,             /* main processes that one supervisor looks after */
};

enum request_kind { REQUEST_START, REQUEST_STOP, REQUEST_PAUSE, REQUEST_CONTINUE, REQUEST_KIND_COUNT };

struct request {
	uint32_t kind;
	int32_t pid;              /* all but START */
	int32_t grace_ms;         /* STOP */
	int32_t cpu;              /* START; -1 any */
	uint32_t descriptors;     /* START: bit i says that descriptor i is beside it */
	uint32_t strings;         /* START: how many are behind it */
};

enum reply_kind { REPLY_STARTED, REPLY_EXITED };

struct reply {
	uint32_t kind;
	int32_t pid;    /* STARTED: or -errno */
	int32_t status; /* EXITED: as waitpid(2) */
};

#endif
