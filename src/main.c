/* SPDX-License-Identifier: MIT */
/* The command line to one verb. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verbs/verb.h"

static bool asks_for_help(const char *argument)
{
	return strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0;
}

/* `lockstep bank-race`: a lesson where a verb should be is the likeliest mistake. */
static int unknown_verb(const char *word)
{
	const char *nearest = verb_nearest(word);
	struct catalog catalog;

	if (nearest != NULL)
		return complain_usage(NULL, "there is no verb '%s'; did you mean `lockstep %s`?", word, nearest);
	const char *lesson = catalog_load(&catalog) == 0 ? catalog_nearest(&catalog, word) : NULL;
	int status = lesson != NULL ? complain_usage(NULL, "there is no verb '%s'; did you mean `lockstep run %s`?", word, lesson)
	                            : complain_usage(NULL, "there is no verb '%s'", word);
	catalog_release(&catalog);
	return status;
}

static int run_verb(const struct verb *verb, int argc, char **argv)
{
	for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (asks_for_help(argv[i])) {
			help_print(verb);
			return STATUS_OK;
		}
	}
	return verb->run(verb, argc, argv);
}

/* Started with 0, 1 or 2 closed, the next thing opened would take its place and be read or written as it. */
static void fill_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		exit(STATUS_INTERNAL);
	close(fd);
}

/* What was printed has been written, or that is said. */
static int finish_output(int status)
{
	errno = 0;
	bool whole = fflush(stdout) == 0 && !ferror(stdout);

	if (whole || status != STATUS_OK)
		return status;
	if (errno == EPIPE)
		return STATUS_SIGNAL + SIGPIPE; /* who read it has had enough */
	complain("cannot write the output: %s", errno != 0 ? strerror(errno) : "only a part could be written");
	return STATUS_FAILED;
}

static int run_words(int argc, char **argv)
{
	const char *first = argc > 1 ? argv[1] : "";

	if (asks_for_help(first)) {
		help_overview();
		return STATUS_OK;
	}
	if (strcmp(first, "--version") == 0)
		return run_verb(&verb_version, argc - 2, argv + 2);
	if (argc < 2 || first[0] == '-')
		return run_verb(VERBS[0], argc - 1, argv + 1);
	const struct verb *verb = verb_find(first);
	return verb != NULL ? run_verb(verb, argc - 2, argv + 2) : unknown_verb(first);
}

int main(int argc, char **argv)
{
	fill_standard_descriptors();
	return finish_output(run_words(argc, argv));
}
