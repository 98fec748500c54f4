/* SPDX-License-Identifier: MIT */
#include "lesson/describe.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum {
	STRING_MAX = 2000,    /* bytes of a title, a help, … */
	WORD_MAX = 48,        /* bytes of a parameter's name or of a choice */
	PARAMETERS_MAX = 24,
	CHOICES_MAX = 24,
	VARIANTS_MAX = 24,
};

/* Where we are, for messages: "parameters[2].choices". */
struct reading {
	struct text *problem;
	const char *list; /* NULL: at the top */
	size_t index;
};

__attribute__((format(printf, 3, 4)))
static int wrong(const struct reading *at, const char *key, const char *format, ...)
{
	va_list arguments;

	if (at->list != NULL)
		text_printf(at->problem, "%s[%zu].", at->list, at->index);
	text_printf(at->problem, "%s ", key);
	va_start(arguments, format);
	text_vprintf(at->problem, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static char *safe_copy(const json_t *string)
{
	struct text safe = TEXT_INIT;

	utf8_scrub(&safe, json_string_value(string), json_string_length(string), false);
	return text_detach(&safe);
}

static int read_string(const struct reading *at, const json_t *from, const char *key, size_t limit, char **into)
{
	const json_t *string = json_object_get(from, key);

	if (!json_is_string(string))
		return wrong(at, key, "is not a string");
	if (json_string_length(string) > limit)
		return wrong(at, key, "is longer than %zu bytes", limit);
	*into = safe_copy(string);
	return 0;
}

/* Names and choices are typed on a command line and stand in "name=value name=value". */
static bool is_word(const char *word)
{
	if (*word == '\0')
		return false;
	for (; *word != '\0'; word++)
		if (!isalnum((unsigned char)*word) && strchr("_-.+", *word) == NULL)
			return false;
	return true;
}

static int read_word(const struct reading *at, const json_t *from, const char *key, char **into)
{
	int error = read_string(at, from, key, WORD_MAX, into);

	if (error == 0 && !is_word(*into))
		return wrong(at, key, "has other characters than letters, digits, '_', '-', '.' and '+'");
	return error;
}

static int read_choices(const struct reading *at, const json_t *from, struct catalog_parameter *parameter)
{
	const json_t *choices = json_object_get(from, "choices");
	size_t count = json_array_size(choices);

	if (json_is_null(choices))
		return 0;
	if (!json_is_array(choices) || count == 0 || count > CHOICES_MAX)
		return wrong(at, "choices", "is not a list of 1 to %d words", CHOICES_MAX);
	parameter->choices = memory_array(count + 1, sizeof *parameter->choices);
	for (size_t i = 0; i < count; i++) {
		const json_t *choice = json_array_get(choices, i);

		if (!json_is_string(choice) || json_string_length(choice) > WORD_MAX || !is_word(json_string_value(choice)))
			return wrong(at, "choices", "has an entry that is no word");
		parameter->choices[i] = safe_copy(choice);
	}
	return 0;
}

static int read_range(const struct reading *at, const json_t *from, struct catalog_parameter *parameter)
{
	const json_t *low = json_object_get(from, "low"), *high = json_object_get(from, "high");

	parameter->real = json_is_true(json_object_get(from, "real"));
	parameter->low = json_number_value(low);
	parameter->high = json_number_value(high);
	if (parameter->choices != NULL)
		return 0;
	if (!json_is_number(low) || !json_is_number(high) || parameter->low > parameter->high)
		return wrong(at, "low", "and high are no range");
	return 0;
}

static int read_parameter(const struct reading *at, const json_t *from, struct catalog_parameter *parameter)
{
	int error = read_word(at, from, "name", &parameter->name);

	if (error == 0)
		error = read_string(at, from, "help", STRING_MAX, &parameter->help);
	if (error == 0)
		error = read_word(at, from, "fallback", &parameter->fallback);
	if (error == 0)
		error = read_choices(at, from, parameter);
	return error == 0 ? read_range(at, from, parameter) : error;
}

static int read_parameters(struct catalog_lesson *lesson, const json_t *root, struct text *problem)
{
	const json_t *list = json_object_get(root, "parameters");
	struct reading at = {.problem = problem};

	if (!json_is_array(list) || json_array_size(list) > PARAMETERS_MAX)
		return wrong(&at, "parameters", "is not a list of at most %d", PARAMETERS_MAX);
	lesson->parameters = memory_array(json_array_size(list) + 1, sizeof *lesson->parameters);
	at.list = "parameters";
	for (at.index = 0; at.index < json_array_size(list); at.index++) {
		int error = read_parameter(&at, json_array_get(list, at.index), &lesson->parameters[at.index]);

		lesson->parameter_count++; /* also what was half read is released */
		if (error < 0)
			return error;
	}
	return 0;
}

static int read_variants(struct catalog_lesson *lesson, const json_t *root, struct text *problem)
{
	const json_t *list = json_object_get(root, "variants");
	struct reading at = {.problem = problem};

	if (!json_is_array(list) || json_array_size(list) > VARIANTS_MAX)
		return wrong(&at, "variants", "is not a list of at most %d", VARIANTS_MAX);
	lesson->variants = memory_array(json_array_size(list) + 1, sizeof *lesson->variants);
	at.list = "variants";
	for (at.index = 0; at.index < json_array_size(list); at.index++) {
		const json_t *from = json_array_get(list, at.index);
		struct catalog_variant *variant = &lesson->variants[at.index];
		int error = read_string(&at, from, "name", WORD_MAX, &variant->name);

		lesson->variant_count++;
		if (error == 0)
			error = read_string(&at, from, "settings", STRING_MAX, &variant->settings);
		if (error == 0)
			error = read_string(&at, from, "says", STRING_MAX, &variant->says);
		if (error < 0)
			return error;
	}
	return 0;
}

/* ---- do the parameters allow what the lesson itself sets? ---- */

static int check_assignment(const struct catalog_lesson *lesson, const char *assignment, const char *where, struct text *problem)
{
	struct text why = TEXT_INIT;
	int error = settings_check(lesson, assignment, &why);

	if (error < 0)
		text_printf(problem, "%s: %s", where, why.bytes);
	text_release(&why);
	return error;
}

static int check_list(const struct catalog_lesson *lesson, const char *list, const char *where, struct text *problem)
{
	char *copy = memory_copy_string(list), *state = NULL;
	int error = 0;

	for (char *word = strtok_r(copy, " ", &state); word != NULL && error == 0; word = strtok_r(NULL, " ", &state))
		error = check_assignment(lesson, word, where, problem);
	free(copy);
	return error;
}

static int check_fallbacks(const struct catalog_lesson *lesson, struct text *problem)
{
	struct text assignment = TEXT_INIT;
	int error = 0;

	for (size_t i = 0; i < lesson->parameter_count && error == 0; i++) {
		text_reset(&assignment);
		text_add(&assignment, lesson->parameters[i].name);
		text_add_char(&assignment, '=');
		text_add(&assignment, lesson->parameters[i].fallback);
		error = check_assignment(lesson, assignment.bytes, "fallback", problem);
	}
	text_release(&assignment);
	return error;
}

static int check_settings(const struct catalog_lesson *lesson, struct text *problem)
{
	int error = check_fallbacks(lesson, problem);

	for (size_t i = 0; i < lesson->variant_count && error == 0; i++)
		error = check_list(lesson, lesson->variants[i].settings, "variants", problem);
	if (error == 0 && lesson->may_deadlock != NULL)
		error = check_list(lesson, lesson->may_deadlock, "may_deadlock", problem);
	return error == 0 ? check_list(lesson, lesson->step_settings, "step_settings", problem) : error;
}

int describe_read_json(struct catalog_lesson *lesson, const json_t *root, struct text *problem)
{
	const struct reading at = {.problem = problem};
	int error = read_string(&at, root, "title", STRING_MAX, &lesson->title);

	if (error == 0)
		error = read_string(&at, root, "summary", STRING_MAX, &lesson->summary);
	if (error == 0)
		error = read_string(&at, root, "outcome", STRING_MAX, &lesson->outcome);
	if (error == 0)
		error = read_string(&at, root, "right", STRING_MAX, &lesson->right);
	if (error == 0 && json_is_null(json_object_get(root, "step_settings")))
		lesson->step_settings = memory_copy_string("");
	else if (error == 0)
		error = read_string(&at, root, "step_settings", STRING_MAX, &lesson->step_settings);
	if (error == 0 && json_is_string(json_object_get(root, "may_deadlock")))
		error = read_string(&at, root, "may_deadlock", STRING_MAX, &lesson->may_deadlock);
	if (error == 0)
		error = read_parameters(lesson, root, problem);
	if (error == 0)
		error = read_variants(lesson, root, problem);
	return error == 0 ? check_settings(lesson, problem) : error;
}

/* The string that `json` begins with, behind `before`, which must stand there; NULL: it does not. Moves behind it. */
static char *next_string(const char **json, size_t *length, const char *before)
{
	size_t skipped = strlen(before);
	json_error_t where;
	char *read = NULL;

	if (*length < skipped || memcmp(*json, before, skipped) != 0)
		return NULL;
	json_t *string = json_loadb(*json + skipped, *length - skipped, JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, &where);
	if (json_is_string(string) && json_string_length(string) <= STRING_MAX) {
		read = safe_copy(string);
		skipped += (size_t)where.position;
		*json += skipped;
		*length -= skipped;
	}
	json_decref(string);
	return read;
}

int describe_begin(struct catalog_lesson *lesson, const char *json, size_t length)
{
	lesson->title = next_string(&json, &length, "{\"title\":");
	lesson->summary = lesson->title != NULL ? next_string(&json, &length, ",\"summary\":") : NULL;
	if (lesson->summary != NULL)
		return 0;
	free(lesson->title);
	lesson->title = NULL;
	return -EINVAL;
}

int describe_read(struct catalog_lesson *lesson, const char *json, size_t length, struct text *problem)
{
	json_error_t where;
	json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &where);

	if (root == NULL) {
		text_printf(problem, "line %d of the description: ", where.line);
		utf8_scrub(problem, where.text, strlen(where.text), false);
		return -EINVAL;
	}
	int error = describe_read_json(lesson, root, problem);
	json_decref(root);
	return error;
}
