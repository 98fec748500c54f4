/* SPDX-License-Identifier: MIT */
#include "lesson/catalog.h"

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
#include "lesson/folders.h"
#include "lesson/installed.h"
#include "lesson/nearest.h"
#include "lesson/own.h"

enum { LESSONS_MAX = 2000 };

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
	                   lesson->step_settings, lesson->may_deadlock, lesson->program, lesson->source, lesson->text,
	                   lesson->exercise, lesson->unread, lesson->problem};

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
	char *file = folders_join(path, "lesson.json");
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

static int read_lesson(struct catalog_lesson *lesson, const struct folder *folder, bool brief, struct text *problem)
{
	struct text json = TEXT_INIT;

	lesson->name = memory_copy_string(folder->name);
	lesson->chapter = memory_copy_string(folder->chapter);
	lesson->program = folders_join(folder->path, "lesson");
	lesson->source = folders_join(folder->path, "lesson.c");
	lesson->text = folders_join(folder->path, "lesson.md");
	int error = get_description(&json, folder->path, lesson->program, problem);
	if (error == 0 && brief && describe_begin(lesson, json.bytes, json.length) == 0)
		lesson->unread = text_detach(&json);
	else if (error == 0)
		error = describe_read(lesson, json.bytes, json.length, problem);
	text_release(&json);
	return error;
}

/* ---- the learner's own ---- */

static bool has_file(const char *path, const char *name)
{
	char *file = folders_join(path, name);
	bool is = access(file, R_OK) == 0;

	free(file);
	return is;
}

/* What the menu can show of a lesson that says nothing of itself. */
static void fill_in(struct catalog_lesson *lesson)
{
	char **strings[] = {&lesson->title, &lesson->summary, &lesson->outcome, &lesson->right, &lesson->step_settings};

	if (lesson->title == NULL)
		lesson->title = memory_copy_string(lesson->name);
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		if (*strings[i] == NULL)
			*strings[i] = memory_copy_string("");
}

/* Builds it and reads it. With a problem it is in the catalog all the same, for there it is told. */
static void read_own(struct catalog_lesson *lesson, const struct folder *folder, enum own_when when)
{
	struct text problem = TEXT_INIT;

	lesson->own = true;
	if (own_build(folder->path, when, &problem) == 0) {
		text_reset(&problem); /* warnings */
		if (read_lesson(lesson, folder, false, &problem) == 0) {
			text_release(&problem);
			return;
		}
		catalog_lesson_release(lesson);
		*lesson = (struct catalog_lesson){.own = true};
	}
	lesson->name = memory_copy_string(folder->name);
	lesson->chapter = memory_copy_string(folder->chapter);
	lesson->program = folders_join(folder->path, "lesson");
	lesson->source = folders_join(folder->path, "lesson.c");
	lesson->text = folders_join(folder->path, "lesson.md");
	lesson->problem = text_detach(&problem);
	fill_in(lesson);
}

/* An exercise is the learner's own file, once there is one; its text stays the one that came with it. */
static int read_exercise(struct catalog_lesson *lesson, const struct folder *folder, bool brief, enum own_when when,
                         struct text *problem)
{
	char *own = own_folder(folder->name);
	int error = 0;

	if (own != NULL && own_exists(own)) {
		const struct folder instead = {.path = own, .name = folder->name, .chapter = folder->chapter};

		read_own(lesson, &instead, when);
		free(lesson->text);
		lesson->text = folders_join(folder->path, "lesson.md");
	} else {
		error = read_lesson(lesson, folder, brief, problem);
	}
	lesson->exercise = memory_copy_string(folder->path);
	free(own);
	return error;
}

static bool has_program(const char *path)
{
	char *program = folders_join(path, "lesson");
	struct stat about;
	bool is = stat(program, &about) == 0 && S_ISREG(about.st_mode) && access(program, X_OK) == 0;

	free(program);
	return is;
}

static void append(struct catalog *catalog, const struct catalog_lesson *lesson)
{
	catalog->lessons = memory_resize(catalog->lessons, catalog->count + 1, sizeof *catalog->lessons);
	catalog->lessons[catalog->count++] = *lesson;
}

static void add_lesson(struct catalog *catalog, const struct folder *folder)
{
	struct catalog_lesson lesson = {0};
	struct text problem = TEXT_INIT;

	if (catalog_find(catalog, folder->name) != NULL) {
		report(catalog, folder->path, "left out: there is a lesson of this name already");
	} else if (catalog->count == LESSONS_MAX) {
		report(catalog, folder->path, "left out: there are more than %d lessons", LESSONS_MAX);
	} else if ((has_file(folder->path, "solution.c")
	                    ? read_exercise(&lesson, folder, catalog->brief, OWN_SOURCE_CHANGED, &problem)
	                    : read_lesson(&lesson, folder, catalog->brief, &problem)) < 0) {
		report(catalog, folder->path, "left out: %s", problem.bytes);
		catalog_lesson_release(&lesson);
	} else {
		append(catalog, &lesson);
	}
	text_release(&problem);
}

/* ---- chapters and roots ---- */

static void add_chapter(struct catalog *catalog, const char *path, const char *name)
{
	char **names = folders_list(path);
	struct chapter chapter;

	if (names == NULL) {
		report(catalog, path, "left out: %s", strerror(errno));
		return;
	}
	chapter_read(&chapter, path, name);
	chapter_sort(&chapter, names);
	for (size_t i = 0; names[i] != NULL; i++) {
		char *inner = folders_join(path, names[i]);
		const struct folder folder = {.path = inner, .name = names[i], .chapter = chapter.title};

		if (!folders_may_be_called(names[i]))
			report(catalog, inner, "left out: a lesson's name has only letters, digits, '-' and '_', at most %d", FOLDERS_NAME_MAX);
		else if (!has_program(inner))
			report(catalog, inner, "left out: no program 'lesson' in it");
		else
			add_lesson(catalog, &folder);
		free(inner);
	}
	folders_free(names);
	chapter_release(&chapter);
}

static bool add_root(struct catalog *catalog, const char *path)
{
	char **names = folders_list(path);

	if (names == NULL)
		return false;
	for (size_t i = 0; names[i] != NULL; i++) {
		char *inner = folders_join(path, names[i]);

		if (folders_may_be_called(names[i]))
			add_chapter(catalog, inner, names[i]);
		free(inner);
	}
	folders_free(names);
	return true;
}

static bool add_named_roots(struct catalog *catalog, const char *list)
{
	char *copy = memory_copy_string(list), *state = NULL;
	bool any = false;

	for (char *root = strtok_r(copy, ":", &state); root != NULL; root = strtok_r(NULL, ":", &state)) {
		size_t lessons = catalog->count, told = catalog->problems.length;

		bool is = add_root(catalog, root);
		if (!is)
			report(catalog, root, "no folder of lessons (from LOCKSTEP_LESSONS)");
		else if (catalog->count == lessons && catalog->problems.length == told)
			report(catalog, root, "no lesson in it (from LOCKSTEP_LESSONS)");
		any |= is;
	}
	free(copy);
	return any;
}

static bool add_usual_root(struct catalog *catalog)
{
	static const char *const places[] = {"lessons", "../lib/lockstep/lessons"};
	char *folder = installed_folder();
	bool any = false;

	for (size_t i = 0; i < sizeof places / sizeof *places && !any; i++) {
		char *path = folders_join(folder, places[i]);

		any = add_root(catalog, path);
		free(path);
	}
	for (size_t i = 0; i < sizeof places / sizeof *places && !any; i++) {
		char *path = folders_join(folder, places[i]);

		report(catalog, path, "no folder of lessons");
		free(path);
	}
	free(folder);
	return any;
}

static void add_own(struct catalog *catalog, const struct folder *folder)
{
	const struct catalog_lesson *same = catalog_find(catalog, folder->name);
	struct catalog_lesson lesson = {0};

	if (!folders_may_be_called(folder->name)) {
		report(catalog, folder->path, "left out: a lesson's name has only letters, digits, '-' and '_', at most %d", FOLDERS_NAME_MAX);
	} else if (same != NULL && same->exercise == NULL) {
		report(catalog, folder->path, "left out: there is a lesson of this name already; give the folder another");
	} else if (!own_exists(folder->path)) {
		report(catalog, folder->path, "left out: no file lesson.c in it");
	} else if (catalog->count == LESSONS_MAX) {
		report(catalog, folder->path, "left out: there are more than %d lessons", LESSONS_MAX);
	} else if (same == NULL) {
		read_own(&lesson, folder, OWN_SOURCE_CHANGED);
		append(catalog, &lesson);
	}
}

static const char OWN_CHAPTER[] = "Your own";

static void add_own_root(struct catalog *catalog)
{
	char *root = own_folder(NULL), **names = root != NULL ? folders_list(root) : NULL;

	if (root != NULL && names == NULL && errno != ENOENT)
		report(catalog, root, "left out: %s", strerror(errno));
	for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
		char *path = folders_join(root, names[i]);
		const struct folder folder = {.path = path, .name = names[i], .chapter = OWN_CHAPTER};

		add_own(catalog, &folder);
		free(path);
	}
	if (names != NULL)
		folders_free(names);
	free(root);
}

void catalog_refresh(struct catalog *catalog, size_t index)
{
	struct catalog_lesson *old = &catalog->lessons[index], lesson = {0};
	char *path = own_folder(old->name);
	struct folder folder = {.path = path, .name = old->name, .chapter = old->chapter};
	struct text problem = TEXT_INIT;

	if (old->exercise != NULL) {
		folder.path = old->exercise;
		if (read_exercise(&lesson, &folder, false, OWN_RUN, &problem) < 0)
			lesson.problem = text_detach(&problem);
	} else if (old->own && path != NULL) {
		read_own(&lesson, &folder, OWN_RUN);
	}
	if (lesson.name != NULL) {
		fill_in(&lesson);
		catalog_lesson_release(old);
		*old = lesson;
	}
	text_release(&problem);
	free(path);
}

static int load(struct catalog *catalog, bool brief)
{
	const char *named = getenv("LOCKSTEP_LESSONS");

	*catalog = (struct catalog){.problems = TEXT_INIT, .brief = brief};
	bool any = named != NULL && *named != '\0' ? add_named_roots(catalog, named) : add_usual_root(catalog);
	if (any)
		add_own_root(catalog);
	return any ? 0 : -ENOENT;
}

int catalog_load(struct catalog *catalog)
{
	return load(catalog, false);
}

int catalog_open(struct catalog *catalog)
{
	return load(catalog, true);
}

/* What is wrong is told when all is loaded anew. */
static int read_rest(struct catalog_lesson *lesson)
{
	struct text ignored = TEXT_INIT;
	char *json = lesson->unread;

	if (json == NULL)
		return 0;
	free(lesson->title);
	free(lesson->summary);
	lesson->title = lesson->summary = lesson->unread = NULL;
	int error = describe_read(lesson, json, strlen(json), &ignored);
	free(json);
	text_release(&ignored);
	return error;
}

bool catalog_complete(struct catalog *catalog, long index)
{
	int error = 0;

	for (size_t i = 0; i < catalog->count && error == 0; i++)
		if (index == CATALOG_ALL || i == (size_t)index)
			error = read_rest(&catalog->lessons[i]);
	if (error < 0) {
		catalog_release(catalog);
		catalog_load(catalog);
	}
	return error < 0;
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
