/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "lesson/nearest.h"
#include "verbs/verb.h"

void options_init(struct options *options, const struct verb *verb, int argc, char **argv)
{
	*options = (struct options){.verb = verb, .argc = argc, .argv = argv};
}

/* "--set" of "--set" and of "--set=lock=on". */
static const struct option *find_option(const struct verb *verb, const char *argument)
{
	for (const struct option *option = verb->options; option->name != NULL; option++) {
		size_t length = strlen(option->name);

		if (strncmp(argument, option->name, length) == 0 && (argument[length] == '\0' || argument[length] == '='))
			return option;
	}
	return NULL;
}

static int unknown_option(const struct verb *verb, const char *argument)
{
	struct nearest nearest;

	nearest_init(&nearest, argument);
	for (const struct option *option = verb->options; option->name != NULL; option++)
		nearest_offer(&nearest, option->name);
	if (nearest.best != NULL)
		complain_usage(verb, "unknown option '%s'; did you mean %s?", argument, nearest.best);
	else
		complain_usage(verb, "unknown option '%s'", argument);
	return OPTION_WRONG;
}

static int take_value(struct options *options, const struct option *option, const char *argument)
{
	const char *equals = argument[strlen(option->name)] == '=' ? argument + strlen(option->name) + 1 : NULL;

	options->value = equals;
	if (option->value == NULL && equals != NULL) {
		complain_usage(options->verb, "%s takes no value", option->name);
		return OPTION_WRONG;
	}
	if (option->value != NULL && equals == NULL) {
		if (options->next == options->argc) {
			complain_usage(options->verb, "%s needs a value: %s %s", option->name, option->name, option->value);
			return OPTION_WRONG;
		}
		options->value = options->argv[options->next++];
	}
	return option->id;
}

int options_next(struct options *options)
{
	if (options->next == options->argc)
		return OPTION_END;
	const char *argument = options->argv[options->next++];
	if (!options->only_words && strcmp(argument, "--") == 0) {
		options->only_words = true;
		return options_next(options);
	}
	if (options->only_words || argument[0] != '-' || argument[1] == '\0') {
		options->value = argument;
		return OPTION_WORD;
	}
	const struct option *option = find_option(options->verb, argument);
	return option != NULL ? take_value(options, option, argument) : unknown_option(options->verb, argument);
}
