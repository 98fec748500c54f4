/* SPDX-License-Identifier: MIT */
/* The clock that never goes back: CLOCK_MONOTONIC. See clock_gettime(2). */
#ifndef LOCKSTEP_BASE_MONOTONIC_H
#define LOCKSTEP_BASE_MONOTONIC_H

#include <stdint.h>
#include <time.h>

static inline uint64_t monotonic_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline int64_t monotonic_ms(void)
{
	return (int64_t)(monotonic_ns() / 1000000u);
}

#endif
