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

/* An empty value is a shell variable that was not set: no option means anything by it. */
static int take_value(struct options *options, const struct option *option, const char *argument)
{
	const char *value = argument[strlen(option->name)] == '=' ? argument + strlen(option->name) + 1 : NULL;

	if (option->value == NULL && value != NULL) {
		complain_usage(options->verb, "%s takes no value", option->name);
		return OPTION_WRONG;
	}
	if (option->value != NULL && value == NULL && options->next < options->argc)
		value = options->argv[options->next++];
	if (option->value != NULL && (value == NULL || value[0] == '\0')) {
		complain_usage(options->verb, "%s needs a value: %s %s", option->name, option->name, option->value);
		return OPTION_WRONG;
	}
	options->value = value;
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

static int too_many_words(const struct options *options, const char *first)
{
	const struct verb *verb = options->verb;

	if (first == NULL)
		return complain_usage(verb, "%s takes no words, not '%s'", verb->name, options->value);
	return complain_usage(verb, "%s takes one %s, not '%s' and '%s'%s", verb->name, verb->takes.one, first, options->value,
	                      verb->takes.beyond != NULL ? verb->takes.beyond : "");
}

int options_read(const struct verb *verb, int argc, char **argv, const char **word, const char **values)
{
	struct options options;
	int id;

	options_init(&options, verb, argc, argv);
	while ((id = options_next(&options)) != OPTION_END) {
		if (id == OPTION_WRONG)
			return STATUS_USAGE;
		if (id >= 0)
			values[id] = options.value != NULL ? options.value : "";
		else if (word == NULL || *word != NULL)
			return too_many_words(&options, word != NULL ? *word : NULL);
		else
			*word = options.value;
	}
	if (verb->takes.needed != NULL && (*word == NULL || **word == '\0'))
		return complain_usage(verb, "%s needs %s", verb->name, verb->takes.needed);
	return STATUS_OK;
}
