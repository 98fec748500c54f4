/* SPDX-License-Identifier: MIT */
/* A peer for reading events: babeltrace2, on the same events as a trace in the Common Trace Format 1.8. */
#ifndef LOCKSTEP_TESTS_BENCH_CTF_H
#define LOCKSTEP_TESTS_BENCH_CTF_H

#include "stream.h"

enum { CTF_EVENT_BYTES = 22 };

/* Writes a trace of so many events into a new folder, whose name goes to `folder` ("/tmp/…XXXXXX"). */
bool ctf_write(char *folder, enum stream_kind kind, unsigned int events);
void ctf_remove(const char *folder);

/* What babeltrace2 takes of processors to read it and throw it away, in seconds; negative: it is not here. */
double ctf_read(const char *folder);

#endif
