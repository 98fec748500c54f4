/* SPDX-License-Identifier: MIT */
/*
 * Allocation that does not fail: out of memory calls the handler (the screen restores the terminal
 * there), says so and ends the program with status 70.
 *
 * Runs in: both.
 */
#ifndef LOCKSTEP_BASE_MEMORY_H
#define LOCKSTEP_BASE_MEMORY_H

#include <stddef.h>

void memory_on_failure(void (*handler)(void));

void *memory_new(size_t size);                       /* zeroed */
void *memory_array(size_t count, size_t size);       /* zeroed; overflow counts as out of memory */
void *memory_resize(void *memory, size_t count, size_t size);
char *memory_copy_string(const char *string);        /* NULL stays NULL */
char *memory_copy_bytes(const char *bytes, size_t length); /* with a NUL added */

#endif
