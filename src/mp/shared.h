/* SPDX-License-Identifier: MIT */
/*
 * Memory that a process shares with the children it forks from now on: the library's own, behind
 * Value, Lock and the rest (CPython 3.11: Lib/multiprocessing/heap.py). Anonymous shared pages,
 * so nothing is left behind under any name.
 *
 * Runs in: lesson. Not installed. May block: no.
 */
#ifndef LOCKSTEP_MP_SHARED_H
#define LOCKSTEP_MP_SHARED_H

#include <stddef.h>

/* Zeroed, aligned to a cache line. Never NULL: when there is no memory the process fails as for MemoryError. */
void *shared_new(size_t size);

/* Gives back what this process allocated; copies in other processes stay valid until they unmap or end. */
void shared_free(void *memory, size_t size);

#endif
