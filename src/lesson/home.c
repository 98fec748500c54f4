/* SPDX-License-Identifier: MIT */
#include "lesson/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

char *home_path(const char *variable, const char *fallback, const char *name)
{
	const char *folder = getenv(variable), *home = getenv("HOME");
	struct text path = TEXT_INIT;

	if (folder != NULL && folder[0] == '/')
		text_add(&path, folder);
	else if (home != NULL && home[0] == '/')
		text_printf(&path, "%s/%s", home, fallback);
	else
		return NULL;
	text_printf(&path, "/lockstep/%s", name);
	return text_detach(&path);
}

int home_make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		int error = mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
		*slash = '/';
		if (error < 0)
			return error;
	}
	return 0;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes += written;
		length -= (size_t)written;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

/* The name is on the disk as well only when its folder is; a folder that cannot do that is no failure. */
static void sync_folder(const char *path)
{
	char *folder = memory_copy_bytes(path, (size_t)(strrchr(path, '/') - path));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(folder);
}

static int write_file(const char *path, const char *bytes, size_t length, unsigned int how)
{
	struct text temporary = TEXT_INIT;

	text_printf(&temporary, "%s.XXXXXX", path);
	int fd = mkostemp(temporary.bytes, O_CLOEXEC), error = fd < 0 ? -errno : write_all(fd, bytes, length);
	if (fd >= 0 && close(fd) < 0 && error == 0)
		error = -errno;
	if (error == 0 && renameat2(AT_FDCWD, temporary.bytes, AT_FDCWD, path, how) < 0)
		error = -errno;
	if (error < 0 && fd >= 0)
		unlink(temporary.bytes);
	if (error == 0)
		sync_folder(path);
	text_release(&temporary);
	return error;
}

int home_replace(const char *path, const char *bytes, size_t length)
{
	return write_file(path, bytes, length, 0);
}

int home_create(const char *path, const char *bytes, size_t length)
{
	return write_file(path, bytes, length, RENAME_NOREPLACE);
}
