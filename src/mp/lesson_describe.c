/* SPDX-License-Identifier: MIT */
#include "mp/lesson_describe.h"

#include <errno.h>
#include <string.h>

/* ---- as JSON ---- */

static json_t *string_or_null(const char *string)
{
	return string != NULL ? json_string(string) : json_null();
}

static json_t *describe_choices(const char *choices)
{
	if (choices == NULL)
		return json_null();
	json_t *list = json_array();
	for (const char *at = choices; at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		json_array_append_new(list, json_stringn(at, strcspn(at, "|")));
	}
	return list;
}

static json_t *describe_parameters(const struct lesson_parameter *parameter)
{
	json_t *list = json_array();
	for (; parameter != NULL && parameter->name != NULL; parameter++) {
		json_t *one = json_object();
		json_object_set_new(one, "name", json_string(parameter->name));
		json_object_set_new(one, "help", string_or_null(parameter->help));
		json_object_set_new(one, "fallback", string_or_null(parameter->fallback));
		json_object_set_new(one, "choices", describe_choices(parameter->choices));
		json_object_set_new(one, "low", json_real(parameter->low));
		json_object_set_new(one, "high", json_real(parameter->high));
		json_object_set_new(one, "real", json_boolean(parameter->real));
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *describe_variants(const struct lesson_variant *variant)
{
	json_t *list = json_array();
	for (; variant != NULL && variant->name != NULL; variant++) {
		json_t *one = json_object();
		json_object_set_new(one, "name", json_string(variant->name));
		json_object_set_new(one, "settings", string_or_null(variant->settings));
		json_object_set_new(one, "says", string_or_null(variant->says));
		json_array_append_new(list, one);
	}
	return list;
}

void lesson_describe(const struct lesson *lesson, FILE *out)
{
	json_t *all = json_object();
	json_object_set_new(all, "title", string_or_null(lesson->title));
	json_object_set_new(all, "summary", string_or_null(lesson->summary));
	json_object_set_new(all, "outcome", string_or_null(lesson->outcome));
	json_object_set_new(all, "right", string_or_null(lesson->right));
	json_object_set_new(all, "may_deadlock", string_or_null(lesson->may_deadlock));
	json_object_set_new(all, "step_settings", string_or_null(lesson->step_settings));
	json_object_set_new(all, "parameters", describe_parameters(lesson->parameters));
	json_object_set_new(all, "variants", describe_variants(lesson->variants));
	json_dumpf(all, out, JSON_COMPACT); /* `lockstep` reads that of every lesson before its first picture */
	fputc('\n', out);
	json_decref(all);
}

/* ---- as text ---- */

static void help_parameter(const struct lesson_parameter *parameter, FILE *out)
{
	fprintf(out, "  %-10s %s\n             ", parameter->name, parameter->help != NULL ? parameter->help : "");
	if (parameter->choices != NULL)
		fprintf(out, "%s", parameter->choices);
	else
		fprintf(out, "%.15g to %.15g%s", parameter->low, parameter->high, parameter->real ? "" : ", whole");
	fprintf(out, "; default %s\n", parameter->fallback);
}

void lesson_help(const struct lesson *lesson, FILE *out)
{
	const struct lesson_parameter *parameter = lesson->parameters;
	const struct lesson_variant *variant = lesson->variants;
	fprintf(out, "%s\n", lesson->title);
	if (lesson->summary != NULL)
		fprintf(out, "%s\n", lesson->summary);
	fprintf(out, "\nusage: %s [NAME=VALUE]... | --help | --describe\n", program_invocation_short_name);
	if (parameter != NULL && parameter->name != NULL)
		fprintf(out, "\nParameters:\n");
	for (; parameter != NULL && parameter->name != NULL; parameter++)
		help_parameter(parameter, out);
	if (variant != NULL && variant->name != NULL)
		fprintf(out, "\nTry:\n");
	for (; variant != NULL && variant->name != NULL; variant++)
		fprintf(out, "  %-10s %s\n             %s\n", variant->name, variant->settings, variant->says);
	if (lesson->outcome != NULL)
		fprintf(out, "\nOutcome: %s\n", lesson->outcome);
	if (lesson->right != NULL)
		fprintf(out, "Right: %s\n", lesson->right);
}
