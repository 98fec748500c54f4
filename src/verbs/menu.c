/* SPDX-License-Identifier: MIT */
#include "lesson/catalog.h"
#include "screen/screen.h"
#include "verbs/verb.h"

enum { OPTION_ASCII, OPTION_NO_QUIZ, OPTION_COUNT };

static int show_menu(int channel, void *context)
{
	return screen_main(context, channel);
}

static int run_menu(const struct verb *self, int argc, char **argv)
{
	const char *given[OPTION_COUNT] = {NULL};
	struct catalog catalog;
	int status = options_read(self, argc, argv, NULL, given);

	if (status == STATUS_OK && !verb_on_terminal())
		return verb_list.run(&verb_list, 0, argv);
	if (status == STATUS_OK)
		status = verb_open_catalog(&catalog);
	if (status != STATUS_OK)
		return status;
	struct screen_options screen = {
		.catalog = &catalog, .speed = 1.0, .ascii = given[OPTION_ASCII] != NULL, .no_quiz = given[OPTION_NO_QUIZ] != NULL,
	};
	status = verb_show(show_menu, &screen);
	catalog_release(&catalog);
	return status;
}

static const struct option OPTIONS[] = {
	{.name = "--no-quiz", .help = "ask no question before a run, and show all of a lesson's text at once", .id = OPTION_NO_QUIZ},
	{.name = "--ascii", .help = "draw with ASCII only", .id = OPTION_ASCII},
	{0},
};

const struct verb verb_menu = {
	.name = "menu",
	.words = "",
	.summary = "choose a lesson on the screen; without a terminal, the list",
	.details = "",
	.options = OPTIONS,
	.run = run_menu,
};
