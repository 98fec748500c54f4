/* SPDX-License-Identifier: MIT */
/*
 * The two futex calls that the wire needs; see futex(2). Shared (not FUTEX_PRIVATE): the words
 * lie in memory that several processes map.
 *
 * Runs in: both. May block: futex_wait only.
 */
#ifndef LOCKSTEP_WIRE_FUTEX_H
#define LOCKSTEP_WIRE_FUTEX_H

#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * Sleeps while *word == expected, at most `limit` long (NULL: for ever). Returns on a wake-up, a
 * signal, the limit or a changed word alike: callers look at the word again.
 */
static inline void futex_wait(_Atomic uint32_t *word, uint32_t expected, const struct timespec *limit)
{
	syscall(SYS_futex, word, FUTEX_WAIT, expected, limit, NULL, 0);
}

static inline void futex_wake(_Atomic uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

#endif
