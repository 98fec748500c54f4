/* SPDX-License-Identifier: MIT */
#include "lesson/catalog.h"
#include "lesson/supervisor.h"
#include "screen/screen.h"
#include "term/rescue.h"
#include "verbs/verb.h"

enum { OPTION_ASCII, OPTION_NO_QUIZ };

static int show_menu(int channel, void *context)
{
	return screen_main(context, channel);
}

static int run_menu(const struct verb *self, int argc, char **argv)
{
	static const struct supervisor_hooks hooks = {.rescue = rescue_now};
	struct screen_options screen = {.speed = 1.0};
	struct options options;
	struct catalog catalog;
	int id;

	options_init(&options, self, argc, argv);
	while ((id = options_next(&options)) != OPTION_END) {
		if (id == OPTION_WRONG)
			return STATUS_USAGE;
		if (id == OPTION_WORD)
			return complain_usage(self, "menu takes no words, not '%s'", options.value);
		screen.ascii |= id == OPTION_ASCII;
		screen.no_quiz |= id == OPTION_NO_QUIZ;
	}
	if (!verb_on_terminal())
		return verb_list.run(&verb_list, 0, argv);
	int status = verb_load_catalog(&catalog);
	if (status != STATUS_OK)
		return status;
	screen.catalog = &catalog;
	rescue_capture();
	status = supervisor_run(show_menu, &screen, &hooks);
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
