/* SPDX-License-Identifier: MIT */
#include "lesson/progress.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "lesson/file.h"
#include "lesson/home.h"

static const struct {
	const char *name;
	unsigned int mark;
} MARKS[] = {{"seen", PROGRESS_SEEN}, {"right", PROGRESS_RIGHT}, {"finished", PROGRESS_FINISHED}};

enum { HINTS_MAX = 1000 };

enum { MARK_COUNT = sizeof MARKS / sizeof *MARKS };

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
		if (!is_name(name))
			continue;
		json_int_t hints = json_integer_value(json_object_get(value, "hints"));
		progress_mark(progress, name, marks);
		progress_set_hints(progress, name, hints > 0 && hints < HINTS_MAX ? (unsigned int)hints : 0);
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
	*progress = (struct progress){.path = home_path("XDG_STATE_HOME", ".local/state", "progress.json")};
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

/* NULL: there are too many. */
static struct progress_entry *find_or_add(struct progress *progress, const char *lesson)
{
	struct progress_entry *entry = find(progress, lesson);

	if (entry != NULL || progress->count == PROGRESS_LESSONS_MAX)
		return entry;
	progress->entries = memory_resize(progress->entries, progress->count + 1, sizeof *progress->entries);
	entry = &progress->entries[progress->count++];
	*entry = (struct progress_entry){.name = memory_copy_string(lesson)};
	return entry;
}

unsigned int progress_hints(const struct progress *progress, const char *lesson)
{
	const struct progress_entry *entry = find(progress, lesson);

	return entry != NULL ? entry->hints : 0;
}

void progress_set_hints(struct progress *progress, const char *lesson, unsigned int hints)
{
	struct progress_entry *entry = hints > 0 ? find_or_add(progress, lesson) : NULL;

	if (entry != NULL && hints > entry->hints)
		entry->hints = hints;
}

bool progress_mark(struct progress *progress, const char *lesson, unsigned int marks)
{
	struct progress_entry *entry = find_or_add(progress, lesson);

	if (entry == NULL)
		return false;
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
		if (progress->entries[i].hints > 0)
			json_object_set_new(lesson, "hints", json_integer(progress->entries[i].hints));
		json_object_set_new(lessons, progress->entries[i].name, lesson);
	}
	json_object_set_new(root, "version", json_integer(1));
	json_object_set_new(root, "lessons", lessons);
	return root;
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
	int error = home_make_folders(progress->path);
	if (error == 0)
		error = read_file(progress); /* another lockstep may have written since */
	if (error == -EINVAL)
		error = put_aside(progress->path);
	if (error < 0)
		return error;
	json_t *root = to_json(progress);
	char *bytes = json_dumps(root, JSON_INDENT(1) | JSON_SORT_KEYS);
	error = bytes != NULL ? home_replace(progress->path, bytes, strlen(bytes)) : -ENOMEM;
	free(bytes);
	json_decref(root);
	return error;
}

int progress_reset(struct progress *progress)
{
	int error = progress->path != NULL && unlink(progress->path) < 0 && errno != ENOENT ? -errno : 0;

	for (size_t i = 0; error == 0 && i < progress->count; i++)
		progress->entries[i].marks = progress->entries[i].hints = 0;
	return error;
}

size_t progress_next(const struct progress *progress, const struct catalog *catalog)
{
	size_t next = 0;

	while (next < catalog->count && (progress_of(progress, catalog->lessons[next].name) & PROGRESS_FINISHED) != 0)
		next++;
	return next;
}
