/* SPDX-License-Identifier: MIT */
#include "lesson/progress.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "lesson/file.h"

static const struct {
	const char *name;
	unsigned int mark;
} MARKS[] = {{"seen", PROGRESS_SEEN}, {"right", PROGRESS_RIGHT}, {"finished", PROGRESS_FINISHED}};

enum { MARK_COUNT = sizeof MARKS / sizeof *MARKS };

/* ---- where ---- */

/* NULL: nowhere. The specification of XDG_STATE_HOME leaves relative paths out. */
static char *find_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	struct text path = TEXT_INIT;

	if (state != NULL && state[0] == '/')
		text_add(&path, state);
	else if (home != NULL && home[0] == '/')
		text_printf(&path, "%s/.local/state", home);
	else
		return NULL;
	text_add(&path, "/lockstep/progress.json");
	return text_detach(&path);
}

/* The folders above the file. */
static int make_folders(char *path)
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

/* ---- reading ---- */

static struct progress_entry *find(const struct progress *progress, const char *lesson)
{
	for (size_t i = 0; i < progress->count; i++)
		if (strcmp(progress->entries[i].name, lesson) == 0)
			return &progress->entries[i];
	return NULL;
}

/* As the catalog has them: what else the file may name is no lesson. */
static bool is_name(const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '-' && name[i] != '_')
			return false;
	return length > 0 && length <= PROGRESS_NAME_MAX;
}

static int read_lessons(struct progress *progress, json_t *root)
{
	json_t *lessons = json_object_get(root, "lessons"), *value;
	const char *name;

	if (json_integer_value(json_object_get(root, "version")) != 1 || !json_is_object(lessons))
		return -EINVAL;
	json_object_foreach(lessons, name, value) {
		unsigned int marks = 0;
		for (size_t i = 0; i < MARK_COUNT; i++)
			if (json_is_true(json_object_get(value, MARKS[i].name)))
				marks |= MARKS[i].mark;
		if (is_name(name))
			progress_mark(progress, name, marks);
	}
	return 0;
}

/* Adds what the file says. 0 when there is none. */
static int read_file(struct progress *progress)
{
	struct text content = TEXT_INIT;
	bool whole;
	int error = progress->path != NULL ? file_read(&content, progress->path, PROGRESS_BYTES_MAX, &whole) : -ENOENT;

	if (error == 0) {
		json_t *root = whole ? json_loadb(content.bytes, content.length, 0, NULL) : NULL;
		error = root != NULL ? read_lessons(progress, root) : -EINVAL;
		json_decref(root);
	}
	text_release(&content);
	return error == -ENOENT ? 0 : error;
}

int progress_load(struct progress *progress)
{
	*progress = (struct progress){.path = find_path()};
	return read_file(progress);
}

void progress_release(struct progress *progress)
{
	for (size_t i = 0; i < progress->count; i++)
		free(progress->entries[i].name);
	free(progress->entries);
	free(progress->path);
	*progress = (struct progress){0};
}

unsigned int progress_of(const struct progress *progress, const char *lesson)
{
	const struct progress_entry *entry = find(progress, lesson);

	return entry != NULL ? entry->marks : 0;
}

bool progress_mark(struct progress *progress, const char *lesson, unsigned int marks)
{
	struct progress_entry *entry = find(progress, lesson);

	if (entry == NULL && progress->count == PROGRESS_LESSONS_MAX)
		return false;
	if (entry == NULL) {
		progress->entries = memory_resize(progress->entries, progress->count + 1, sizeof *progress->entries);
		entry = &progress->entries[progress->count++];
		*entry = (struct progress_entry){.name = memory_copy_string(lesson)};
	}
	bool news = (marks & ~entry->marks) != 0;
	entry->marks |= marks;
	return news;
}

/* ---- writing ---- */

static json_t *to_json(const struct progress *progress)
{
	json_t *lessons = json_object(), *root = json_object();

	for (size_t i = 0; i < progress->count; i++) {
		json_t *lesson = json_object();
		for (size_t mark = 0; mark < MARK_COUNT; mark++)
			json_object_set_new(lesson, MARKS[mark].name,
			                    json_boolean((progress->entries[i].marks & MARKS[mark].mark) != 0));
		json_object_set_new(lessons, progress->entries[i].name, lesson);
	}
	json_object_set_new(root, "version", json_integer(1));
	json_object_set_new(root, "lessons", lessons);
	return root;
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

static int replace(const char *path, const char *bytes, size_t length)
{
	struct text temporary = TEXT_INIT;

	text_printf(&temporary, "%s.XXXXXX", path);
	int fd = mkostemp(temporary.bytes, O_CLOEXEC), error = fd < 0 ? -errno : write_all(fd, bytes, length);
	if (fd >= 0 && close(fd) < 0 && error == 0)
		error = -errno;
	if (error == 0 && rename(temporary.bytes, path) < 0)
		error = -errno;
	if (error < 0 && fd >= 0)
		unlink(temporary.bytes);
	if (error == 0)
		sync_folder(path);
	text_release(&temporary);
	return error;
}

static int put_aside(const char *path)
{
	struct text aside = TEXT_INIT;

	text_printf(&aside, "%s.not-understood", path);
	int error = rename(path, aside.bytes) < 0 ? -errno : 0;
	text_release(&aside);
	return error;
}

int progress_save(struct progress *progress)
{
	if (progress->path == NULL)
		return -ENOENT;
	int error = make_folders(progress->path);
	if (error == 0)
		error = read_file(progress); /* another lockstep may have written since */
	if (error == -EINVAL)
		error = put_aside(progress->path);
	if (error < 0)
		return error;
	json_t *root = to_json(progress);
	char *bytes = json_dumps(root, JSON_INDENT(1) | JSON_SORT_KEYS);
	error = bytes != NULL ? replace(progress->path, bytes, strlen(bytes)) : -ENOMEM;
	free(bytes);
	json_decref(root);
	return error;
}

int progress_reset(struct progress *progress)
{
	int error = progress->path != NULL && unlink(progress->path) < 0 && errno != ENOENT ? -errno : 0;

	for (size_t i = 0; error == 0 && i < progress->count; i++)
		progress->entries[i].marks = 0;
	return error;
}

size_t progress_next(const struct progress *progress, const struct catalog *catalog)
{
	size_t next = 0;

	while (next < catalog->count && (progress_of(progress, catalog->lessons[next].name) & PROGRESS_FINISHED) != 0)
		next++;
	return next;
}
