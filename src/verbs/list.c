/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "lesson/notebooks.h"
#include "export/json.h"
#include "verbs/verb.h"

enum { OPTION_JSON, OPTION_NOTEBOOK, OPTION_COUNT };

static void print_text(const struct catalog *catalog)
{
	const char *chapter = "";
	int width = verb_name_width(catalog);

	for (size_t i = 0; i < catalog->count; i++) {
		const struct catalog_lesson *lesson = &catalog->lessons[i];

		if (strcmp(chapter, lesson->chapter) != 0)
			printf("%s%s\n", i > 0 ? "\n" : "", lesson->chapter);
		chapter = lesson->chapter;
		printf("  %-*s %s%s\n", width, lesson->name, lesson->problem != NULL ? "cannot be built" : lesson->title,
		       lesson->own && lesson->exercise != NULL ? " (your own)" : "");
	}
}

static void add_parameter(struct text *out, const struct catalog_parameter *parameter)
{
	json_open(out, '{');
	json_add_string(out, "name", parameter->name);
	json_add_string(out, "help", parameter->help);
	json_add_string(out, "fallback", parameter->fallback);
	json_add_key(out, "choices");
	if (parameter->choices == NULL) {
		text_add(out, "null");
		json_add_real(out, "low", parameter->low);
		json_add_real(out, "high", parameter->high);
	} else {
		json_open(out, '[');
		for (char **choice = parameter->choices; *choice != NULL; choice++)
			json_add_string(out, NULL, *choice);
		json_close(out, ']');
	}
	json_add_bool(out, "real", parameter->real);
	json_close(out, '}');
}

static void add_lesson(struct text *out, const struct catalog_lesson *lesson)
{
	json_open(out, '{');
	json_add_string(out, "type", "lesson");
	json_add_string(out, "name", lesson->name);
	json_add_string(out, "chapter", lesson->chapter);
	json_add_string(out, "title", lesson->title);
	json_add_string(out, "summary", lesson->summary);
	json_add_string(out, "outcome", lesson->outcome);
	json_add_string(out, "right", lesson->right);
	json_add_string(out, "step_settings", lesson->step_settings);
	if (lesson->may_deadlock != NULL)
		json_add_string(out, "may_deadlock", lesson->may_deadlock);
	if (lesson->own || lesson->exercise != NULL) {
		json_add_bool(out, "own", lesson->own);
		json_add_bool(out, "exercise", lesson->exercise != NULL);
	}
	if (lesson->problem != NULL)
		json_add_string(out, "problem", lesson->problem);
	json_add_key(out, "parameters");
	json_open(out, '[');
	for (size_t i = 0; i < lesson->parameter_count; i++) {
		json_comma(out);
		add_parameter(out, &lesson->parameters[i]);
	}
	json_close(out, ']');
	json_add_key(out, "variants");
	json_open(out, '[');
	for (size_t i = 0; i < lesson->variant_count; i++) {
		json_comma(out);
		json_open(out, '{');
		json_add_string(out, "name", lesson->variants[i].name);
		json_add_string(out, "settings", lesson->variants[i].settings);
		json_add_string(out, "says", lesson->variants[i].says);
		json_close(out, '}');
	}
	json_close(out, ']');
	json_close(out, '}');
}

static void print_json(const struct catalog *catalog)
{
	struct text out = TEXT_INIT;

	for (size_t i = 0; i < catalog->count; i++) {
		add_lesson(&out, &catalog->lessons[i]);
		text_add_char(&out, '\n');
	}
	fwrite(out.bytes, 1, out.length, stdout);
	text_release(&out);
}

/* ---- the map: a notebook's sections, and the lesson for each ---- */

/* The next of the names, into `name`; false: that was all. */
static bool next_name(const char **names, struct text *name)
{
	size_t length = strcspn(*names, " ");

	text_reset(name);
	text_add_bytes(name, *names, length);
	*names += length;
	*names += strspn(*names, " ");
	return length > 0;
}

static void print_section(const struct catalog *catalog, const struct notebook_section *section)
{
	const char *names = section->lessons;
	struct text name = TEXT_INIT;

	printf("\n%s\n", section->title);
	while (next_name(&names, &name)) {
		const struct catalog_lesson *lesson = catalog_find(catalog, name.bytes);
		printf("  %-*s %s\n", verb_name_width(catalog), name.bytes, lesson != NULL ? lesson->title : "(not here)");
	}
	text_release(&name);
}

static void add_section(struct text *out, const struct catalog *catalog, const struct notebook *notebook,
                        const struct notebook_section *section)
{
	const char *names = section->lessons, letter[] = {notebook->letter, '\0'};
	struct text name = TEXT_INIT;

	json_open(out, '{');
	json_add_string(out, "type", "section");
	json_add_string(out, "notebook", letter);
	json_add_string(out, "name", notebook->name);
	json_add_string(out, "section", section->title);
	json_add_key(out, "lessons");
	json_open(out, '[');
	while (next_name(&names, &name)) {
		json_comma(out);
		json_open(out, '{');
		json_add_string(out, "name", name.bytes);
		json_add_bool(out, "here", catalog_find(catalog, name.bytes) != NULL);
		json_close(out, '}');
	}
	json_close(out, ']');
	json_close(out, '}');
	text_add_char(out, '\n');
	text_release(&name);
}

static void print_map(const struct catalog *catalog, const struct notebook *notebook, bool json)
{
	struct text out = TEXT_INIT;

	if (!json)
		printf("Notebook %c: %s (%s)\n", notebook->letter, notebook->title, notebook->name);
	for (const struct notebook_section *section = notebook->sections; section->title != NULL; section++) {
		if (json)
			add_section(&out, catalog, notebook, section);
		else
			print_section(catalog, section);
	}
	fwrite(out.bytes, 1, out.length, stdout);
	text_release(&out);
}

static int run_list(const struct verb *self, int argc, char **argv)
{
	const char *given[OPTION_COUNT] = {NULL};
	struct catalog catalog;
	int status = options_read(self, argc, argv, NULL, given);

	if (status != STATUS_OK)
		return status;
	const char *letter = given[OPTION_NOTEBOOK];
	const struct notebook *notebook = letter != NULL ? notebook_find(letter) : NULL;
	if (letter != NULL && notebook == NULL)
		return complain_usage(self, "there is no notebook '%s'; there are A, B, C, D and E", letter);
	status = verb_load_catalog(&catalog);
	if (status != STATUS_OK)
		return status;
	fputs(catalog.problems.bytes, stderr);
	if (notebook != NULL)
		print_map(&catalog, notebook, given[OPTION_JSON] != NULL);
	else if (given[OPTION_JSON])
		print_json(&catalog);
	else
		print_text(&catalog);
	catalog_release(&catalog);
	return STATUS_OK;
}

static const struct option OPTIONS[] = {
	{.name = "--json", .help = "an object a line, with parameters and variants", .id = OPTION_JSON},
	{.name = "--notebook", .value = "LETTER", .help = "the sections of notebook A, B, C, D or E, and the lesson for each", .id = OPTION_NOTEBOOK},
	{0},
};

const struct verb verb_list = {
	.name = "list",
	.words = "",
	.summary = "the lessons, by chapter",
	.details = "",
	.options = OPTIONS,
	.run = run_list,
};
