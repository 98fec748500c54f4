/* SPDX-License-Identifier: MIT */
#include "lesson/catalog.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/chapter.h"
#include "lesson/describe.h"
#include "lesson/file.h"
#include "lesson/nearest.h"

enum {
	NAME_BYTES_MAX = 64,   /* a folder's name */
	FOLDERS_MAX = 1000,    /* in one folder */
	LESSONS_MAX = 2000,
};

/* A root, a chapter or a lesson's folder, while it is looked into. */
struct folder {
	const char *path;
	const char *name;
	const char *chapter;
};

/* A line about a folder: "/path: what". Its path is foreign text. */
__attribute__((format(printf, 3, 4)))
static void report(struct catalog *catalog, const char *path, const char *format, ...)
{
	va_list arguments;

	utf8_scrub(&catalog->problems, path, strlen(path), false);
	text_add(&catalog->problems, ": ");
	va_start(arguments, format);
	text_vprintf(&catalog->problems, format, arguments);
	va_end(arguments);
	text_add_char(&catalog->problems, '\n');
}

static char *join_path(const char *folder, const char *name)
{
	struct text path = TEXT_INIT;

	text_printf(&path, "%s/%s", folder, name);
	return text_detach(&path);
}

/* ---- folders ---- */

/* Lessons are named on command lines and in recordings. */
static bool is_folder_name(const char *name)
{
	size_t length = strlen(name);

	if (length == 0 || length > NAME_BYTES_MAX || !isalnum((unsigned char)name[0]))
		return false;
	for (; *name != '\0'; name++)
		if (!isalnum((unsigned char)*name) && *name != '-' && *name != '_')
			return false;
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool is_directory(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

/* The sorted names of what lies in a folder; NULL-terminated, the caller frees. NULL and errno. */
static char **list_folder(const char *path)
{
	DIR *directory = opendir(path);
	char **names;
	size_t count = 0;

	if (directory == NULL)
		return NULL;
	names = memory_array(FOLDERS_MAX + 1, sizeof *names);
	for (struct dirent *entry; count < FOLDERS_MAX && (entry = readdir(directory)) != NULL;)
		if (entry->d_name[0] != '.')
			names[count++] = memory_copy_string(entry->d_name);
	closedir(directory);
	qsort(names, count, sizeof *names, by_name);
	return names;
}

static void free_names(char **names)
{
	for (size_t i = 0; names[i] != NULL; i++)
		free(names[i]);
	free(names);
}

/* ---- one lesson ---- */

static void release_parameter(struct catalog_parameter *parameter)
{
	for (char **choice = parameter->choices; choice != NULL && *choice != NULL; choice++)
		free(*choice);
	free(parameter->choices);
	free(parameter->name);
	free(parameter->help);
	free(parameter->fallback);
}

void catalog_lesson_release(struct catalog_lesson *lesson)
{
	char *strings[] = {lesson->name, lesson->chapter, lesson->title, lesson->summary, lesson->outcome, lesson->right,
	                   lesson->step_settings, lesson->may_deadlock, lesson->program, lesson->source, lesson->text};

	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		free(strings[i]);
	for (size_t i = 0; i < lesson->parameter_count; i++)
		release_parameter(&lesson->parameters[i]);
	for (size_t i = 0; i < lesson->variant_count; i++) {
		free(lesson->variants[i].name);
		free(lesson->variants[i].settings);
		free(lesson->variants[i].says);
	}
	free(lesson->parameters);
	free(lesson->variants);
}

static bool newer(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* lesson.json if it is there and not older than the program, else what the program says now. */
static int get_description(struct text *json, const char *path, const char *program, struct text *problem)
{
	char *file = join_path(path, "lesson.json");
	struct stat of_program, of_file;
	bool whole = false;
	int error = -ENOENT;

	if (stat(program, &of_program) == 0 && stat(file, &of_file) == 0 &&
	    !newer(&of_program.st_mtim, &of_file.st_mtim))
		error = file_read(json, file, DESCRIBE_BYTES_MAX, &whole);
	free(file);
	if (error == 0 && whole)
		return 0;
	text_reset(json);
	return describe_run(json, program, problem);
}

static int read_lesson(struct catalog_lesson *lesson, const struct folder *folder, struct text *problem)
{
	struct text json = TEXT_INIT;

	lesson->name = memory_copy_string(folder->name);
	lesson->chapter = memory_copy_string(folder->chapter);
	lesson->program = join_path(folder->path, "lesson");
	lesson->source = join_path(folder->path, "lesson.c");
	lesson->text = join_path(folder->path, "lesson.md");
	int error = get_description(&json, folder->path, lesson->program, problem);
	if (error == 0)
		error = describe_read(lesson, json.bytes, json.length, problem);
	text_release(&json);
	return error;
}

static bool has_program(const char *path)
{
	char *program = join_path(path, "lesson");
	struct stat about;
	bool is = stat(program, &about) == 0 && S_ISREG(about.st_mode) && access(program, X_OK) == 0;

	free(program);
	return is;
}

static void add_lesson(struct catalog *catalog, const struct folder *folder)
{
	struct catalog_lesson lesson = {0};
	struct text problem = TEXT_INIT;

	if (catalog_find(catalog, folder->name) != NULL) {
		report(catalog, folder->path, "left out: there is a lesson of this name already");
	} else if (catalog->count == LESSONS_MAX) {
		report(catalog, folder->path, "left out: there are more than %d lessons", LESSONS_MAX);
	} else if (read_lesson(&lesson, folder, &problem) < 0) {
		report(catalog, folder->path, "left out: %s", problem.bytes);
		catalog_lesson_release(&lesson);
	} else {
		catalog->lessons = memory_resize(catalog->lessons, catalog->count + 1, sizeof *catalog->lessons);
		catalog->lessons[catalog->count++] = lesson;
	}
	text_release(&problem);
}

/* ---- chapters and roots ---- */

static void add_chapter(struct catalog *catalog, const char *path, const char *name)
{
	char **names = list_folder(path);
	struct chapter chapter;

	chapter_read(&chapter, path, name);
	if (names != NULL)
		chapter_sort(&chapter, names);
	for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
		char *inner = join_path(path, names[i]);
		const struct folder folder = {.path = inner, .name = names[i], .chapter = chapter.title};

		if (is_directory(inner) && !is_folder_name(names[i]))
			report(catalog, inner, "left out: a lesson's name has only letters, digits, '-' and '_', at most %d", NAME_BYTES_MAX);
		else if (is_directory(inner) && !has_program(inner))
			report(catalog, inner, "left out: no program 'lesson' in it");
		else if (is_directory(inner))
			add_lesson(catalog, &folder);
		free(inner);
	}
	if (names != NULL)
		free_names(names);
	chapter_release(&chapter);
}

static bool add_root(struct catalog *catalog, const char *path)
{
	char **names = list_folder(path);

	if (names == NULL)
		return false;
	for (size_t i = 0; names[i] != NULL; i++) {
		char *inner = join_path(path, names[i]);

		if (is_directory(inner) && is_folder_name(names[i]))
			add_chapter(catalog, inner, names[i]);
		free(inner);
	}
	free_names(names);
	return true;
}

/* Folder of the running program, without a link's name: ./lockstep at the top is a link into build/. */
static char *program_folder(void)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

	if (length <= 0)
		return memory_copy_string(".");
	path[length] = '\0';
	char *slash = strrchr(path, '/');
	if (slash != NULL)
		*slash = '\0';
	return memory_copy_string(path);
}

static bool add_named_roots(struct catalog *catalog, const char *list)
{
	char *copy = memory_copy_string(list), *state = NULL;
	bool any = false;

	for (char *root = strtok_r(copy, ":", &state); root != NULL; root = strtok_r(NULL, ":", &state)) {
		if (add_root(catalog, root))
			any = true;
		else
			report(catalog, root, "no folder of lessons (from LOCKSTEP_LESSONS)");
	}
	free(copy);
	return any;
}

static bool add_usual_root(struct catalog *catalog)
{
	static const char *const places[] = {"lessons", "../lib/lockstep/lessons"};
	char *folder = program_folder();
	bool any = false;

	for (size_t i = 0; i < sizeof places / sizeof *places && !any; i++) {
		char *path = join_path(folder, places[i]);

		any = add_root(catalog, path);
		free(path);
	}
	for (size_t i = 0; i < sizeof places / sizeof *places && !any; i++) {
		char *path = join_path(folder, places[i]);

		report(catalog, path, "no folder of lessons");
		free(path);
	}
	free(folder);
	return any;
}

int catalog_load(struct catalog *catalog)
{
	const char *named = getenv("LOCKSTEP_LESSONS");

	*catalog = (struct catalog){.problems = TEXT_INIT};
	bool any = named != NULL && *named != '\0' ? add_named_roots(catalog, named) : add_usual_root(catalog);
	return any ? 0 : -ENOENT;
}

void catalog_release(struct catalog *catalog)
{
	for (size_t i = 0; i < catalog->count; i++)
		catalog_lesson_release(&catalog->lessons[i]);
	free(catalog->lessons);
	text_release(&catalog->problems);
	*catalog = (struct catalog){.problems = TEXT_INIT};
}

const struct catalog_lesson *catalog_find(const struct catalog *catalog, const char *name)
{
	for (size_t i = 0; i < catalog->count; i++)
		if (strcmp(catalog->lessons[i].name, name) == 0)
			return &catalog->lessons[i];
	return NULL;
}

const char *catalog_nearest(const struct catalog *catalog, const char *name)
{
	struct nearest nearest;

	nearest_init(&nearest, name);
	for (size_t i = 0; i < catalog->count; i++)
		nearest_offer(&nearest, catalog->lessons[i].name);
	return nearest.best;
}
