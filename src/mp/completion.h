/* SPDX-License-Identifier: MIT */
/*
 * Completions: the jobs of all pools and executors of this process, counted as they get done, so that futures of
 * several executors can be put in order and waited for together. Who waits looks at what it waits for, and
 * sleeps until the count has moved on from where it was before that.
 *
 * Runs in: lesson. Not installed. May block: completion_await.
 */
#ifndef LOCKSTEP_MP_COMPLETION_H
#define LOCKSTEP_MP_COMPLETION_H

#include <stdint.h>
#include <time.h>

uint64_t completion_tell(void); /* one more: its place in the order, from 1 */
uint64_t completion_count(void);
int completion_await(uint64_t seen, const struct timespec *deadline); /* 0 or -ETIMEDOUT */

/* Whose wakes to wait for under the gate. `object`: on whose behalf it is made, the first time. */
uint16_t completion_channel(uint16_t object);

#endif
