/* SPDX-License-Identifier: MIT */
#include "verbs/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/file.h"
#include "lesson/own.h"
#include "lesson/progress.h"
#include "lesson/supervisor.h"
#include "verbs/verb.h"

enum { OPTION_HINT, OPTION_SOLUTION, OPTION_COUNT };

enum { FILE_BYTES_MAX = 256 * 1024, SAID_LINES = 14 };

/* ---- hints ---- */

/* A file of the exercise's folder. */
static int read_of(const struct catalog_lesson *lesson, const char *name, struct text *content)
{
	struct text path = TEXT_INIT;
	bool whole;

	text_printf(&path, "%s/%s", lesson->exercise, name);
	int error = file_read(content, path.bytes, FILE_BYTES_MAX, &whole);
	if (error < 0)
		complain("%s: %s", path.bytes, strerror(-error));
	text_release(&path);
	return error;
}

/* The text of hint `number` (from 1); its length, 0: there is none of that number. */
static size_t find_hint(const char *hints, unsigned int number, const char **found)
{
	const char *at = hints;

	for (unsigned int i = 0; at != NULL && i < number; i++)
		if ((at = strstr(at, "\n## ")) != NULL)
			at += strlen("\n## ");
	if (at == NULL)
		return 0;
	const char *end = strstr(at, "\n## ");
	*found = at;
	return end != NULL ? (size_t)(end - at) : strlen(at);
}

static unsigned int count_hints(const char *hints)
{
	const char *hint;
	unsigned int count = 0;

	while (find_hint(hints, count + 1, &hint) > 0)
		count++;
	return count;
}

static void keep(struct progress *progress)
{
	int error = progress_save(progress);

	if (error < 0)
		complain("%s: %s; it will not be remembered", progress->path != NULL ? progress->path : "no place for progress",
		         strerror(-error));
}

/* The next one; the last one again when all were shown. */
static int show_hint(const struct catalog_lesson *lesson, struct progress *progress)
{
	struct text hints = TEXT_INIT;
	const char *hint;

	if (read_of(lesson, "hints.md", &hints) < 0)
		return STATUS_FAILED;
	unsigned int count = count_hints(hints.bytes), number = progress_hints(progress, lesson->name) + 1;
	if (number > count)
		number = count;
	size_t length = find_hint(hints.bytes, number, &hint);
	while (length > 0 && hint[length - 1] == '\n')
		length--;
	printf("Hint %u of %u: %.*s\n", number, count, (int)length, hint);
	if (number == count)
		printf("\nThat is the last one. `lockstep check %s --solution` shows one way to do it.\n", lesson->name);
	progress_set_hints(progress, lesson->name, number);
	keep(progress);
	text_release(&hints);
	return STATUS_OK;
}

static int show_solution(const struct catalog_lesson *lesson, const struct progress *progress)
{
	struct text hints = TEXT_INIT, solution = TEXT_INIT;
	int status = STATUS_FAILED;

	if (read_of(lesson, "hints.md", &hints) == 0) {
		unsigned int count = count_hints(hints.bytes), shown = progress_hints(progress, lesson->name);
		if (shown < count && (progress_of(progress, lesson->name) & PROGRESS_FINISHED) == 0) {
			complain("the solution comes after the hints: %u of %u were shown; --hint shows the next", shown, count);
		} else if (read_of(lesson, "solution.c", &solution) == 0) {
			fputs(solution.bytes, stdout);
			status = STATUS_OK;
		}
	}
	text_release(&hints);
	text_release(&solution);
	return status;
}

/* ---- checking ---- */

/* The first lines of what the compiler says, so that they stand on one screen with what comes after. */
static void print_said(const char *said)
{
	const char *end = said;
	size_t more = 0;

	for (int i = 0; i < SAID_LINES && *end != '\0'; i++)
		end = strchrnul(end, '\n') + (strchr(end, '\n') != NULL);
	for (const char *at = end; *at != '\0'; at++)
		more += *at == '\n';
	printf("%.*s%s", (int)(end - said), said, end > said && end[-1] != '\n' ? "\n" : "");
	if (more > 0)
		printf("… and %zu lines more\n", more);
	if (end > said)
		putchar('\n');
}

/* Builds it, whatever has been built: its warnings are to be told. */
static int build(struct catalog *catalog, const struct catalog_lesson *lesson)
{
	char *folder = own_folder(lesson->name);
	struct text said = TEXT_INIT;
	int error = own_build(folder, OWN_ANEW, &said);

	printf("%s: %s\n\n", lesson->name, lesson->source);
	print_said(said.bytes);
	catalog_refresh(catalog, (size_t)(lesson - catalog->lessons));
	if (error < 0 || lesson->problem != NULL)
		puts("  NO    it can be built\n        What was said of it is above. The first message matters most.");
	else
		puts("  done  it can be built");
	fflush(stdout);
	text_release(&said);
	free(folder);
	return error < 0 || lesson->problem != NULL ? STATUS_FAILED : STATUS_OK;
}

static int check(struct catalog *catalog, const struct catalog_lesson *lesson, struct progress *progress)
{
	struct check_request request = {.lesson = lesson, .exercise = lesson->exercise != NULL ? exercise_find(lesson->name) : NULL};
	int status = build(catalog, lesson);

	if (status == STATUS_OK)
		status = supervisor_run(check_runs, &request, NULL);
	if (status == STATUS_OK) {
		puts(lesson->exercise != NULL ? "\nDone. Nothing is missing." : "\nNothing is wrong with it that was looked for.");
		progress_mark(progress, lesson->name, PROGRESS_SEEN | PROGRESS_FINISHED);
		keep(progress);
	} else if (status == STATUS_FAILED && lesson->exercise != NULL) {
		printf("\nNot done yet. `lockstep check %s --hint` gives a hint.\n", lesson->name);
	}
	return status;
}

static int act(const struct verb *self, struct catalog *catalog, const struct catalog_lesson *lesson, const char *const *given)
{
	struct progress progress;
	int status;

	if (lesson->exercise == NULL && (given[OPTION_HINT] != NULL || given[OPTION_SOLUTION] != NULL))
		return complain_usage(self, "%s is no exercise: it has no hints and no solution", lesson->name);
	if (!lesson->own && given[OPTION_HINT] == NULL && given[OPTION_SOLUTION] == NULL) {
		complain("there is no %s of your own yet; `lockstep edit %s` gives you one", lesson->name, lesson->name);
		return STATUS_FAILED;
	}
	int error = progress_load(&progress);
	if (error < 0)
		complain("%s: %s", progress.path, error == -EINVAL ? "not understood, so nothing of it is used" : strerror(-error));
	if (given[OPTION_HINT] != NULL)
		status = show_hint(lesson, &progress);
	else if (given[OPTION_SOLUTION] != NULL)
		status = show_solution(lesson, &progress);
	else
		status = check(catalog, lesson, &progress);
	progress_release(&progress);
	return status;
}

static int run_check(const struct verb *self, int argc, char **argv)
{
	struct catalog catalog;
	const char *name = NULL, *given[OPTION_COUNT] = {NULL};
	int status = options_read(self, argc, argv, &name, given);

	if (status == STATUS_OK)
		status = verb_load_catalog(&catalog);
	if (status != STATUS_OK)
		return status;
	const struct catalog_lesson *lesson = verb_find_lesson(self, &catalog, name);
	status = lesson == NULL ? STATUS_USAGE : act(self, &catalog, lesson, given);
	catalog_release(&catalog);
	return status;
}

static const struct option OPTIONS[] = {
	{.name = "--hint", .help = "the next hint of an exercise", .id = OPTION_HINT},
	{.name = "--solution", .help = "one way to do it, when all hints were shown", .id = OPTION_SOLUTION},
	{0},
};

const struct verb verb_check = {
	.name = "check",
	.words = "LESSON",
	.takes = {.one = "lesson", .needed = "the name of an exercise or of a lesson of your own, as pool-exercise"},
	.summary = "look at your own work: what it does, what is missing and why",
	.details =
		"Builds the file that `lockstep edit` has put into your own folder, runs it step by step in several\n"
		"orders, and freely. What is missing is told from what the runs did.\n\n"
		"Exit status: 0 when nothing is missing, else 1.",
	.options = OPTIONS,
	.run = run_check,
};
