/* SPDX-License-Identifier: MIT */
#include "lesson/describe.h"

static json_t *string_of(const char *string)
{
	return json_string(string != NULL ? string : "");
}

static json_t *choices_of(const struct catalog_parameter *parameter)
{
	if (parameter->choices == NULL)
		return json_null();
	json_t *list = json_array();
	for (char **choice = parameter->choices; *choice != NULL; choice++)
		json_array_append_new(list, json_string(*choice));
	return list;
}

static json_t *parameters_of(const struct catalog_lesson *lesson)
{
	json_t *list = json_array();

	for (size_t i = 0; i < lesson->parameter_count; i++) {
		const struct catalog_parameter *parameter = &lesson->parameters[i];
		json_t *one = json_object();

		json_object_set_new(one, "name", string_of(parameter->name));
		json_object_set_new(one, "help", string_of(parameter->help));
		json_object_set_new(one, "fallback", string_of(parameter->fallback));
		json_object_set_new(one, "choices", choices_of(parameter));
		json_object_set_new(one, "low", json_real(parameter->low));
		json_object_set_new(one, "high", json_real(parameter->high));
		json_object_set_new(one, "real", json_boolean(parameter->real));
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *variants_of(const struct catalog_lesson *lesson)
{
	json_t *list = json_array();

	for (size_t i = 0; i < lesson->variant_count; i++) {
		json_t *one = json_object();

		json_object_set_new(one, "name", string_of(lesson->variants[i].name));
		json_object_set_new(one, "settings", string_of(lesson->variants[i].settings));
		json_object_set_new(one, "says", string_of(lesson->variants[i].says));
		json_array_append_new(list, one);
	}
	return list;
}

json_t *describe_json(const struct catalog_lesson *lesson)
{
	json_t *all = json_object();

	json_object_set_new(all, "title", string_of(lesson->title));
	json_object_set_new(all, "summary", string_of(lesson->summary));
	json_object_set_new(all, "outcome", string_of(lesson->outcome));
	json_object_set_new(all, "right", string_of(lesson->right));
	if (lesson->may_deadlock != NULL)
		json_object_set_new(all, "may_deadlock", string_of(lesson->may_deadlock));
	json_object_set_new(all, "step_settings", string_of(lesson->step_settings));
	json_object_set_new(all, "parameters", parameters_of(lesson));
	json_object_set_new(all, "variants", variants_of(lesson));
	return all;
}
