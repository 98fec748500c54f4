/* SPDX-License-Identifier: MIT */
#include "lesson/catalog.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/nearest.h"

static const struct catalog_parameter *find_parameter(const struct catalog_lesson *lesson, const char *name,
                                                      size_t length)
{
	for (size_t i = 0; i < lesson->parameter_count; i++) {
		const char *candidate = lesson->parameters[i].name;

		if (strlen(candidate) == length && memcmp(candidate, name, length) == 0)
			return &lesson->parameters[i];
	}
	return NULL;
}

/* "lock=off rounds=5": what is wrong in it is the lesson's fault, and was told when it was read. */
static void apply_list(struct settings *settings, const char *list)
{
	struct text ignored = TEXT_INIT;
	char *copy = memory_copy_string(list), *state = NULL;

	for (char *word = strtok_r(copy, " ", &state); word != NULL; word = strtok_r(NULL, " ", &state))
		settings_set(settings, word, &ignored);
	free(copy);
	text_release(&ignored);
}

void settings_init(struct settings *settings, const struct catalog_lesson *lesson, bool step)
{
	settings->lesson = lesson;
	settings->values = memory_array(lesson->parameter_count + 1, sizeof *settings->values);
	settings->chosen = memory_array(lesson->parameter_count + 1, sizeof *settings->chosen);
	for (size_t i = 0; i < lesson->parameter_count; i++)
		settings->values[i] = memory_copy_string(lesson->parameters[i].fallback);
	if (step)
		apply_list(settings, lesson->step_settings);
	memset(settings->chosen, 0, lesson->parameter_count * sizeof *settings->chosen);
}

void settings_copy(struct settings *to, const struct settings *from)
{
	size_t count = from->lesson->parameter_count;

	to->lesson = from->lesson;
	to->values = memory_array(count + 1, sizeof *to->values);
	to->chosen = memory_array(count + 1, sizeof *to->chosen);
	for (size_t i = 0; i < count; i++) {
		to->values[i] = memory_copy_string(from->values[i]);
		to->chosen[i] = from->chosen[i];
	}
}

void settings_release(struct settings *settings)
{
	if (settings->lesson == NULL)
		return;
	for (size_t i = 0; i < settings->lesson->parameter_count; i++)
		free(settings->values[i]);
	free(settings->values);
	free(settings->chosen);
	*settings = (struct settings){0};
}

/* ---- what may be set ---- */

/* What the user typed goes into messages: made safe like all that comes from outside. */
static void add_quoted(struct text *out, const char *bytes, size_t length)
{
	text_add_char(out, '\'');
	utf8_scrub(out, bytes, length, false);
	text_add_char(out, '\'');
}

static void say_no_parameter(struct text *problem, const struct catalog_lesson *lesson, const char *name, size_t length)
{
	char *word = memory_copy_bytes(name, length);
	struct nearest nearest;

	nearest_init(&nearest, word);
	text_printf(problem, "%s has no parameter ", lesson->name);
	add_quoted(problem, name, length);
	for (size_t i = 0; i < lesson->parameter_count; i++)
		nearest_offer(&nearest, lesson->parameters[i].name);
	if (nearest.best != NULL) {
		text_printf(problem, "; did you mean '%s'?", nearest.best);
	} else {
		text_add(problem, lesson->parameter_count > 0 ? "; it has: " : "; it has none");
		for (size_t i = 0; i < lesson->parameter_count; i++)
			text_printf(problem, "%s%s", i > 0 ? ", " : "", lesson->parameters[i].name);
	}
	free(word);
}

static void say_not_a_choice(struct text *problem, const struct catalog_parameter *parameter, const char *value)
{
	struct nearest nearest;

	nearest_init(&nearest, value);
	text_printf(problem, "%s cannot be ", parameter->name);
	add_quoted(problem, value, strlen(value));
	text_add(problem, "; it is one of: ");
	for (char **choice = parameter->choices; *choice != NULL; choice++) {
		text_printf(problem, "%s%s", choice > parameter->choices ? ", " : "", *choice);
		nearest_offer(&nearest, *choice);
	}
	if (nearest.best != NULL)
		text_printf(problem, " (did you mean '%s'?)", nearest.best);
}

static bool is_choice(const struct catalog_parameter *parameter, const char *value)
{
	for (char **choice = parameter->choices; *choice != NULL; choice++)
		if (strcmp(*choice, value) == 0)
			return true;
	return false;
}

static bool is_number(const struct catalog_parameter *parameter, const char *value, double *number)
{
	char *end;

	if (strlen(value) > 40 || value[strspn(value, "+-.eE0123456789")] != '\0')
		return false;
	*number = strtod(value, &end);
	return end != value && *end == '\0' && isfinite(*number) && (parameter->real || *number == floor(*number));
}

static int check_value(const struct catalog_parameter *parameter, const char *value, struct text *problem)
{
	double number;

	if (parameter->choices != NULL) {
		if (is_choice(parameter, value))
			return 0;
		say_not_a_choice(problem, parameter, value);
		return -EINVAL;
	}
	if (is_number(parameter, value, &number) && number >= parameter->low && number <= parameter->high)
		return 0;
	text_printf(problem, "%s cannot be ", parameter->name);
	add_quoted(problem, value, strlen(value));
	text_printf(problem, "; it is a %s from %.15g to %.15g", parameter->real ? "number" : "whole number",
	            parameter->low, parameter->high);
	return -EINVAL;
}

/* Numbers are kept as they are written by us: "+5", "5.0" and "5" are the same setting. */
static char *canonical_value(const struct catalog_parameter *parameter, const char *value)
{
	struct text out = TEXT_INIT;
	double number;

	if (parameter->choices != NULL || !is_number(parameter, value, &number))
		return memory_copy_string(value);
	text_printf(&out, "%.15g", number + 0.0);
	return text_detach(&out);
}

/* "lock=on": which parameter that sets, and where its value begins. NULL, said: it sets none. */
static const struct catalog_parameter *read_assignment(const struct catalog_lesson *lesson, const char *assignment,
                                                       const char **value, struct text *problem)
{
	const char *equals = strchr(assignment, '=');
	size_t length = equals != NULL ? (size_t)(equals - assignment) : strlen(assignment);
	const struct catalog_parameter *parameter = find_parameter(lesson, assignment, length);

	if (parameter == NULL) {
		say_no_parameter(problem, lesson, assignment, length);
		return NULL;
	}
	if (equals == NULL) {
		text_printf(problem, "%s needs a value: %s=%s", parameter->name, parameter->name, parameter->fallback);
		return NULL;
	}
	*value = equals + 1;
	return check_value(parameter, *value, problem) == 0 ? parameter : NULL;
}

int settings_check(const struct catalog_lesson *lesson, const char *assignment, struct text *problem)
{
	const char *value;

	return read_assignment(lesson, assignment, &value, problem) != NULL ? 0 : -EINVAL;
}

int settings_set(struct settings *settings, const char *assignment, struct text *problem)
{
	const char *value;
	const struct catalog_parameter *parameter = read_assignment(settings->lesson, assignment, &value, problem);

	if (parameter == NULL)
		return -EINVAL;
	size_t i = (size_t)(parameter - settings->lesson->parameters);
	free(settings->values[i]);
	settings->values[i] = canonical_value(parameter, value);
	settings->chosen[i] = true;
	return 0;
}

const char *settings_get(const struct settings *settings, const char *name)
{
	const struct catalog_parameter *parameter = find_parameter(settings->lesson, name, strlen(name));

	return parameter != NULL ? settings->values[parameter - settings->lesson->parameters] : NULL;
}

bool settings_may_deadlock(const struct settings *settings)
{
	const char *list = settings->lesson->may_deadlock;
	bool may = list != NULL;
	char *copy = memory_copy_string(may ? list : ""), *state = NULL;

	for (char *word = strtok_r(copy, " ", &state); word != NULL && may; word = strtok_r(NULL, " ", &state)) {
		char *equals = strchr(word, '='); /* there is one: the description was checked */

		*equals = '\0';
		const char *value = settings_get(settings, word);
		may = value != NULL && strcmp(value, equals + 1) == 0;
	}
	free(copy);
	return may;
}

/* ---- turning a knob ---- */

static char *turn_choice(const struct catalog_parameter *parameter, const char *value, int direction)
{
	int count = 0, at = 0;

	for (; parameter->choices[count] != NULL; count++)
		if (strcmp(parameter->choices[count], value) == 0)
			at = count;
	at = (at + (direction > 0 ? 1 : count - 1)) % count;
	return memory_copy_string(parameter->choices[at]);
}

/*
 * How far one turn goes: whole numbers by one below 20, then by a twentieth; reals by their leading
 * digit's unit (0.05 by 0.01), never more than a tenth of the range.
 */
static double step_of(const struct catalog_parameter *parameter, double magnitude)
{
	if (!parameter->real)
		return fmax(1, floor(magnitude / 20));
	double most = pow(10, floor(log10(fmax(parameter->high - parameter->low, 1e-9) / 10)));
	double unit = pow(10, floor(log10(fmax(magnitude, 1e-9))));
	return fmin(most, fmax(unit, most / 100));
}

static char *turn_number(const struct catalog_parameter *parameter, const char *value, int direction)
{
	double number = strtod(value, NULL);
	struct text out = TEXT_INIT;

	/* Downwards, the step of what lies below: 0.1 goes to 0.09 as 0.09 went to 0.1. */
	double step = step_of(parameter, fabs(number) * (direction > 0 ? 1 + 1e-9 : 1 - 1e-9));
	number = direction > 0 ? floor(number / step + 1e-6) + 1 : ceil(number / step - 1e-6) - 1;
	number = fmin(fmax(number * step, parameter->low), parameter->high);
	text_printf(&out, "%.10g", number + 0.0);
	return text_detach(&out);
}

void settings_turn(struct settings *settings, size_t i, int direction)
{
	const struct catalog_parameter *parameter = &settings->lesson->parameters[i];
	char *old = settings->values[i];

	settings->values[i] = parameter->choices != NULL ? turn_choice(parameter, old, direction)
	                                                 : turn_number(parameter, old, direction);
	settings->chosen[i] = true;
	free(old);
}
