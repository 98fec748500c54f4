/* SPDX-License-Identifier: MIT */
#include "verbs/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

/* A link is followed: it is the file behind it that is written anew. */
static char *real_path(const char *path)
{
	char *real = realpath(path, NULL);

	return real != NULL ? real : memory_copy_string(path);
}

static char *temporary_beside(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct text name = TEXT_INIT;

	if (slash != NULL)
		text_add_bytes(&name, path, (size_t)(slash - path) + 1);
	text_printf(&name, ".lockstep-%ld", (long)getpid());
	return text_detach(&name);
}

static int open_straight(struct target *target)
{
	int fd = open(target->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return -errno;
	writer_init(&target->writer, fd);
	return 0;
}

/* Without a name while it is written: whoever is killed leaves nothing. Not every file system can do that. */
static int open_nameless(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct text folder = TEXT_INIT;

	text_add_bytes(&folder, slash != NULL ? path : ".", slash != NULL ? (size_t)(slash - path) + 1 : 1);
	int fd = open(folder.bytes, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0666);
	text_release(&folder);
	return fd;
}

static int open_temporary(struct target *target)
{
	target->temporary = temporary_beside(target->path);
	unlink(target->temporary); /* of a process of our number that was killed */
	int fd = open_nameless(target->path);

	target->nameless = fd >= 0;
	if (fd < 0)
		fd = open(target->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0) {
		int error = -errno;

		free(target->temporary);
		target->temporary = NULL;
		return error;
	}
	writer_init(&target->writer, fd);
	return 0;
}

int target_open(struct target *target, const char *path)
{
	struct stat about;

	*target = (struct target){0};
	writer_init(&target->writer, -1);
	if (path == NULL) {
		writer_init(&target->writer, STDOUT_FILENO);
		return 0;
	}
	target->path = real_path(path);
	bool there = stat(target->path, &about) == 0;
	int error = there && S_ISDIR(about.st_mode)    ? -EISDIR
	            : there && !S_ISREG(about.st_mode) ? open_straight(target)
	                                               : open_temporary(target);
	if (error < 0) {
		free(target->path);
		target->path = NULL;
	}
	return error;
}

/* Only a name that is there can take the place of another one. */
static int give_name(const struct target *target)
{
	char at[sizeof "/proc/self/fd/" + 11];

	snprintf(at, sizeof at, "/proc/self/fd/%d", target->writer.fd);
	return linkat(AT_FDCWD, at, AT_FDCWD, target->temporary, AT_SYMLINK_FOLLOW) < 0 ? -errno : 0;
}

static int settle(struct target *target, bool complete)
{
	int error = 0;

	if (complete && target->temporary != NULL && fsync(target->writer.fd) < 0)
		error = -errno;
	if (complete && error == 0 && target->nameless)
		error = give_name(target);
	if (target->path != NULL && close(target->writer.fd) < 0 && error == 0)
		error = -errno;
	if (complete && error == 0 && target->temporary != NULL && rename(target->temporary, target->path) < 0)
		error = -errno;
	return error;
}

int target_close(struct target *target, bool complete)
{
	int error = settle(target, complete);

	if (target->temporary != NULL && (!complete || error < 0))
		unlink(target->temporary);
	writer_release(&target->writer);
	free(target->temporary);
	free(target->path);
	return error;
}
