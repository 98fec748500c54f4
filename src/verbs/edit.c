/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "lesson/own.h"
#include "verbs/verb.h"

static const char *const FILES[] = {"lesson.md", "libraries", "tour", "lesson.c"}; /* the last makes it a lesson */
enum { FILE_COUNT = sizeof FILES / sizeof *FILES };

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return memory_copy_bytes(path, slash != NULL ? (size_t)(slash - path) : 0);
}

/* What is there stays as it is. */
static int copy_files(const char *from, const char *to)
{
	for (size_t i = 0; i < FILE_COUNT; i++) {
		int error = own_copy(from, to, FILES[i]);

		if (error < 0 && error != -EEXIST && (error != -ENOENT || i + 1 == FILE_COUNT)) {
			complain("%s/%s: %s", to, FILES[i], strerror(-error));
			return STATUS_FAILED;
		}
	}
	return STATUS_OK;
}

/* Becomes the editor. $VISUAL may hold options: a shell takes it apart, as everybody does. */
static int open_editor(const char *file)
{
	const char *editor = getenv("VISUAL");

	if (editor == NULL || *editor == '\0')
		editor = getenv("EDITOR");
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return STATUS_OK;
	if (editor == NULL || *editor == '\0') {
		puts("Open it with any editor; with $EDITOR set, that one is opened here.");
		return STATUS_OK;
	}
	struct text command = TEXT_INIT;
	text_printf(&command, "exec %s \"$1\"", editor);
	fflush(stdout);
	execl("/bin/sh", "sh", "-c", command.bytes, "lockstep-edit", file, (char *)NULL);
	complain("/bin/sh: %s", strerror(errno));
	text_release(&command);
	return STATUS_FAILED;
}

/* An exercise keeps its name, and takes the place of the one that came with us; another lesson is a copy to play with. */
static char *name_of_copy(const struct catalog_lesson *lesson)
{
	struct text name = TEXT_INIT;

	text_printf(&name, "%s%s", lesson->own || lesson->exercise != NULL ? "" : "my-", lesson->name);
	return text_detach(&name);
}

static int edit(const struct catalog_lesson *lesson)
{
	char *name = name_of_copy(lesson), *to = own_folder(name), *from = folder_of(lesson->source);
	struct text file = TEXT_INIT;
	int status = STATUS_FAILED;

	if (to == NULL) {
		complain("neither XDG_DATA_HOME nor HOME says where your own lessons are");
	} else {
		bool there = own_exists(to);

		text_printf(&file, "%s/lesson.c", to);
		status = there ? STATUS_OK : copy_files(from, to);
		if (status == STATUS_OK)
			printf("%s%s\n", file.bytes, there ? " (as you left it)" : "");
		if (status == STATUS_OK && !there)
			printf("It runs as %s; `lockstep check %s` looks at what it does.\n", name, name);
		if (status == STATUS_OK)
			status = open_editor(file.bytes);
	}
	text_release(&file);
	free(from);
	free(to);
	free(name);
	return status;
}

static int run_edit(const struct verb *self, int argc, char **argv)
{
	struct catalog catalog;
	const char *name = NULL;
	int status = options_read(self, argc, argv, &name, NULL);

	if (status == STATUS_OK)
		status = verb_load_catalog(&catalog);
	if (status != STATUS_OK)
		return status;
	const struct catalog_lesson *lesson = verb_find_lesson(self, &catalog, name);
	status = lesson == NULL ? STATUS_USAGE : edit(lesson);
	catalog_release(&catalog);
	return status;
}

static const struct option OPTIONS[] = {{0}};

const struct verb verb_edit = {
	.name = "edit",
	.words = "LESSON",
	.takes = {.one = "lesson", .needed = "the name of a lesson; `lockstep list` names them"},
	.summary = "a lesson's file of your own: the start of an exercise, a copy of any other",
	.details =
		"Puts it into $XDG_DATA_HOME/lockstep/lessons (~/.local/share without that), where nothing of yours is ever\n"
		"overwritten, says where, and on a terminal opens $VISUAL or $EDITOR. A copy of bank-race is my-bank-race; your\n"
		"own lessons are the last chapter of the menu, and are built when they have changed.",
	.options = OPTIONS,
	.run = run_edit,
};
