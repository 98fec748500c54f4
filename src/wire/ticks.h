/* SPDX-License-Identifier: MIT */
/* The processor's time stamp counter; 0 where there is none (then stamps come from the clock). */
#ifndef LOCKSTEP_WIRE_TICKS_H
#define LOCKSTEP_WIRE_TICKS_H

#include <stdint.h>

#if defined(__x86_64__)
#include <x86intrin.h>
static inline uint64_t ticks_now(void) { return __rdtsc(); }
static inline void ticks_pause(void) { __builtin_ia32_pause(); } /* between two looks at the same word */
#else
static inline uint64_t ticks_now(void) { return 0; }
static inline void ticks_pause(void) {}
#endif

#endif
