/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "verbs/verb.h"

enum { HELP_COLUMN = 26 };

static void print_row(const char *left, const char *right)
{
	if (strlen(left) < HELP_COLUMN)
		printf("  %-*s %s\n", HELP_COLUMN, left, right);
	else
		printf("  %s\n  %-*s %s\n", left, HELP_COLUMN, "", right);
}

void help_overview(void)
{
	puts("lockstep: a laboratory for concurrency in the terminal.\n"
	     "Programs of several processes run for real; you see, slow, and choose what each does next.\n\n"
	     "  lockstep                   the menu of lessons; without a terminal, their list");
	for (const struct verb *const *verb = VERBS + 1; *verb != NULL; verb++) {
		char left[128];

		snprintf(left, sizeof left, "lockstep %s%s%s", (*verb)->name, (*verb)->words[0] != '\0' ? " " : "", (*verb)->words);
		print_row(left, (*verb)->summary);
	}
	puts("\n`lockstep help VERB` tells its options.\n\n"
	     "Exit status: 0 ok; 1 a run or check that failed; 2 usage; 70 internal fault;\n"
	     "128+N killed by signal N.");
}

void help_print(const struct verb *verb)
{
	printf("lockstep %s%s%s%s\n\n%s.\n", verb->name, verb->words[0] != '\0' ? " " : "", verb->words,
	       verb->options->name != NULL ? " [OPTION]…" : "", verb->summary);
	if (verb->options->name != NULL)
		putchar('\n');
	for (const struct option *option = verb->options; option->name != NULL; option++) {
		char left[128];

		snprintf(left, sizeof left, "%s%s%s", option->name, option->value != NULL ? " " : "",
		         option->value != NULL ? option->value : "");
		print_row(left, option->help);
	}
	if (verb->details[0] != '\0')
		printf("\n%s\n", verb->details);
}

static int run_help(const struct verb *self, int argc, char **argv)
{
	const char *name = NULL;
	int status = options_read(self, argc, argv, &name, NULL);

	if (status != STATUS_OK)
		return status;
	if (name == NULL) {
		help_overview();
		return STATUS_OK;
	}
	const struct verb *verb = verb_find(name);
	if (verb != NULL) {
		help_print(verb);
		return STATUS_OK;
	}
	const char *nearest = verb_nearest(name);
	if (nearest != NULL)
		return complain_usage(NULL, "there is no verb '%s'; did you mean `lockstep help %s`?", name, nearest);
	return complain_usage(NULL, "there is no verb '%s'", name);
}

static const struct option OPTIONS[] = {{0}};

const struct verb verb_help = {
	.name = "help",
	.words = "[VERB]",
	.takes = {.one = "verb"},
	.summary = "what there is, or what a verb takes",
	.details = "",
	.options = OPTIONS,
	.run = run_help,
};
