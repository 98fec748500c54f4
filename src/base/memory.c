/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_INTERNAL = 70 }; /* EX_SOFTWARE of sysexits.h */

static void (*failure_handler)(void);

void memory_on_failure(void (*handler)(void))
{
	failure_handler = handler;
}

/* Nothing here may allocate. The handler goes first: what is said after it stays on the screen. */
static void __attribute__((noreturn)) fail(void)
{
	static const char message[] = "lockstep: out of memory\n";

	if (failure_handler)
		failure_handler();
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(STATUS_INTERNAL);
	_exit(STATUS_INTERNAL);
}

void *memory_new(size_t size)
{
	return memory_array(1, size);
}

void *memory_array(size_t count, size_t size)
{
	/* calloc(0) may be NULL without having failed; one byte keeps NULL for failure. */
	void *memory = count == 0 || size == 0 ? calloc(1, 1) : calloc(count, size);

	if (!memory)
		fail();
	return memory;
}

void *memory_resize(void *memory, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		fail();
	void *resized = realloc(memory, bytes ? bytes : 1);
	if (!resized)
		fail();
	return resized;
}

char *memory_copy_string(const char *string)
{
	return string ? memory_copy_bytes(string, strlen(string)) : NULL;
}

char *memory_copy_bytes(const char *bytes, size_t length)
{
	if (length == SIZE_MAX)
		fail();
	char *copy = memory_resize(NULL, length + 1, 1);
	if (length)
		memcpy(copy, bytes, length);
	copy[length] = '\0';
	return copy;
}
