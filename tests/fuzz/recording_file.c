/* SPDX-License-Identifier: MIT */
/* Fuzzes a recording's file as it is: heads of blocks, hashes, what stands between blocks. */
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "recording/recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text problem = TEXT_INIT;
	char path[64];
	int fd = memfd_create("recording", MFD_CLOEXEC);

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (write(fd, data, size) == (ssize_t)size) {
		struct recording *recording = recording_open(path, &problem);
		if (recording != NULL)
			recording_load(recording, UINT64_MAX);
		recording_close(recording);
	}
	close(fd);
	text_release(&problem);
	return 0;
}
