/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lesson/progress.h"
#include "export/json.h"
#include "verbs/verb.h"

enum { OPTION_JSON, OPTION_RESET, OPTION_YES, OPTION_COUNT };

static const char *mark_of(unsigned int marks)
{
	return (marks & PROGRESS_FINISHED) != 0 ? "finished" : (marks & PROGRESS_SEEN) != 0 ? "seen" : "-";
}

static void print_text(const struct progress *progress, const struct catalog *catalog)
{
	size_t next = progress_next(progress, catalog);
	const char *chapter = "";
	int width = verb_name_width(catalog);

	for (size_t i = 0; i < catalog->count; i++) {
		const struct catalog_lesson *lesson = &catalog->lessons[i];
		unsigned int marks = progress_of(progress, lesson->name);

		if (strcmp(chapter, lesson->chapter) != 0)
			printf("%s%s\n", i > 0 ? "\n" : "", lesson->chapter);
		chapter = lesson->chapter;
		printf("  %-*s %s%s\n", width, lesson->name, mark_of(marks), (marks & PROGRESS_RIGHT) != 0 ? ", predicted right" : "");
	}
	if (next < catalog->count)
		printf("\nGo on with %s.\n", catalog->lessons[next].name);
	else
		printf("\nAll lessons are finished.\n");
}

static void print_json(const struct progress *progress, const struct catalog *catalog)
{
	struct text out = TEXT_INIT;
	size_t next = progress_next(progress, catalog);

	for (size_t i = 0; i < catalog->count; i++) {
		unsigned int marks = progress_of(progress, catalog->lessons[i].name);

		json_open(&out, '{');
		json_add_string(&out, "type", "progress");
		json_add_string(&out, "lesson", catalog->lessons[i].name);
		json_add_bool(&out, "seen", (marks & PROGRESS_SEEN) != 0);
		json_add_bool(&out, "right", (marks & PROGRESS_RIGHT) != 0);
		json_add_bool(&out, "finished", (marks & PROGRESS_FINISHED) != 0);
		json_add_bool(&out, "next", i == next);
		json_close(&out, '}');
		text_add_char(&out, '\n');
	}
	fwrite(out.bytes, 1, out.length, stdout);
	text_release(&out);
}

/* Only "yes" is yes. */
static bool confirmed(const struct progress *progress)
{
	char answer[16] = "";

	fprintf(stderr, "Forget all progress (%s)? Type yes: ", progress->path);
	return fgets(answer, sizeof answer, stdin) != NULL && strcmp(answer, "yes\n") == 0;
}

static int reset(const struct verb *self, struct progress *progress, bool yes)
{
	if (!yes && (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)))
		return complain_usage(self, "--reset forgets all progress; without a terminal to ask on, say --reset --yes");
	if (progress->path == NULL)
		return STATUS_FAILED; /* and why has been said */
	if (!yes && !confirmed(progress)) {
		fprintf(stderr, "Nothing was changed.\n");
		return STATUS_OK;
	}
	int error = progress_reset(progress);
	if (error < 0) {
		complain("%s: %s", progress->path, strerror(-error));
		return STATUS_FAILED;
	}
	return STATUS_OK;
}

static int show(const struct progress *progress, bool json)
{
	struct catalog catalog;
	int status = verb_load_catalog(&catalog);

	if (status != STATUS_OK)
		return status;
	(json ? print_json : print_text)(progress, &catalog);
	catalog_release(&catalog);
	return STATUS_OK;
}

static int run_progress(const struct verb *self, int argc, char **argv)
{
	struct progress progress;
	const char *given[OPTION_COUNT] = {NULL};
	int status = options_read(self, argc, argv, NULL, given);

	if (status != STATUS_OK)
		return status;
	if (given[OPTION_YES] && !given[OPTION_RESET])
		return complain_usage(self, "--yes goes with --reset");
	int error = progress_load(&progress);
	if (progress.path == NULL)
		complain("neither XDG_STATE_HOME nor HOME says where progress is kept: nothing is known of it");
	if (error < 0 && !given[OPTION_RESET])
		complain("%s: %s", progress.path, error == -EINVAL ? "not understood, so nothing of it is used" : strerror(-error));
	status = given[OPTION_RESET] ? reset(self, &progress, given[OPTION_YES] != NULL) : show(&progress, given[OPTION_JSON] != NULL);
	progress_release(&progress);
	return status;
}

static const struct option OPTIONS[] = {
	{.name = "--json", .help = "an object a line", .id = OPTION_JSON},
	{.name = "--reset", .help = "forget all progress; asks first", .id = OPTION_RESET},
	{.name = "--yes", .help = "with --reset: do not ask", .id = OPTION_YES},
	{0},
};

const struct verb verb_progress = {
	.name = "progress",
	.words = "",
	.summary = "which lessons were seen, predicted right and finished, and where to go on",
	.details = "Kept in $XDG_STATE_HOME/lockstep/progress.json, without that in ~/.local/state.",
	.options = OPTIONS,
	.run = run_progress,
};
