/* SPDX-License-Identifier: MIT */
/* The lesson's parameters: what each is set to, what it could be, and what it does. */
#include "view/pane.h"

static void write_choices(struct sheet *sheet, const struct catalog_parameter *parameter)
{
	if (parameter->choices == NULL) {
		sheet_flow_printf(sheet, STYLE_DIM, parameter->real ? "%g to %g" : "%.0f to %.0f", parameter->low, parameter->high);
		return;
	}
	for (char **choice = parameter->choices; *choice != NULL; choice++)
		sheet_flow_printf(sheet, STYLE_DIM, "%s%s", choice == parameter->choices ? "" : " or ", *choice);
}

static void write_parameter(struct sheet *sheet, const struct scene *scene, size_t index)
{
	const struct catalog_parameter *parameter = &scene->settings->lesson->parameters[index];
	bool selected = index == scene->ui.overlay_selected;
	unsigned int style = selected ? (unsigned int)STYLE_STRONG | STYLE_REVERSE : STYLE_STRONG;

	if (selected)
		sheet_glyph(sheet, STYLE_KEY, 0x25b8 /* ▸ */);
	sheet_to_column(sheet, 2);
	sheet_text(sheet, STYLE_TITLE, parameter->name);
	sheet_to_column(sheet, 14);
	sheet_printf(sheet, style, selected ? " ◂ %s ▸ " : "   %s", scene->settings->values[index]);
	sheet_to_column(sheet, 30);
	sheet->indent = 30;
	write_choices(sheet, parameter);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	sheet->indent = 4;
	sheet_to_column(sheet, 4);
	sheet_flow(sheet, STYLE_PLAIN, parameter->help);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	sheet->indent = 0;
}

static size_t count_parameters(const struct scene *scene)
{
	return scene->settings != NULL && scene->settings->lesson != NULL ? scene->settings->lesson->parameter_count : 0;
}

static void write_first(struct sheet *sheet, const struct scene *scene, size_t count)
{
	for (size_t i = 0; i < count; i++)
		write_parameter(sheet, scene, i);
}

static void write_parameters(struct sheet *sheet, const struct scene *scene)
{
	write_first(sheet, scene, count_parameters(scene));
	if (count_parameters(scene) == 0)
		sheet_flow(sheet, STYLE_DIM, "This lesson has no parameters.\n");
	sheet_newline(sheet);
	sheet_flow(sheet, STYLE_PLAIN, "←/→ change it, or type a number · Enter starts again with these · Esc keeps the old");
}

static int parameter_line(const struct scene *scene, size_t row, int width)
{
	struct sheet sheet;

	sheet_begin(&sheet, NULL, (struct rect){0, 0, width, 0}, 0);
	write_first(&sheet, scene, row < count_parameters(scene) ? row : count_parameters(scene));
	return sheet_end(&sheet);
}

const struct overlay_pane overlay_parameters = {
	.name = "parameters",
	.width = 72,
	.write = write_parameters,
	.rows = count_parameters,
	.line_of = parameter_line,
};
