/* SPDX-License-Identifier: MIT */
#include "mp/shared.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "mp/process.h"

void *shared_new(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		process_fail("MemoryError: no %zu bytes of shared memory: %s", size, strerror(errno));
	return memory;
}

void shared_free(void *memory, size_t size)
{
	if (memory != NULL)
		munmap(memory, size);
}
