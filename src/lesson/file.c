/* SPDX-License-Identifier: MIT */
#include "lesson/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* `size` is what the file had when it was opened; 0: it does not say (/proc). */
static int read_all(struct text *content, int fd, size_t size, size_t limit, bool *whole)
{
	char buffer[16 * 1024];

	for (;;) {
		ssize_t got = read(fd, buffer, sizeof buffer);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		*whole = content->length + (size_t)got <= limit;
		text_add_bytes(content, buffer, *whole ? (size_t)got : limit - content->length);
		if (got == 0 || !*whole || content->length == size)
			return 0;
	}
}

int file_read(struct text *content, const char *path, size_t limit, bool *whole)
{
	struct stat about;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return -errno;
	int error = fstat(fd, &about) < 0 ? -errno : !S_ISREG(about.st_mode) ? -EINVAL : 0;
	if (error == 0)
		error = read_all(content, fd, content->length + (size_t)about.st_size, limit, whole);
	close(fd);
	return error;
}
