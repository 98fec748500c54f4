/* SPDX-License-Identifier: MIT */
/* The bench's own process, watched as a lesson is: a wire of its own, actor 0. */
#ifndef LOCKSTEP_TESTS_BENCH_WATCHED_H
#define LOCKSTEP_TESTS_BENCH_WATCHED_H

#include "wire/wire.h"

/* From here to watched_end() the library tells of what it does. The rings start empty. */
struct wire *watched_begin(void);
void watched_end(void);

#endif
