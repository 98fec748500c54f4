/* SPDX-License-Identifier: MIT */
/* The futures that were left by moving somebody else in the past. */
#include "view/pane.h"

static void write_branches(struct sheet *sheet, const struct scene *scene)
{
	for (size_t i = 0; i < scene->branch_count; i++) {
		const struct scene_branch *branch = &scene->branches[i];
		bool selected = i == scene->ui.overlay_selected;
		if (selected)
			sheet_glyph(sheet, STYLE_KEY, 0x25b8 /* ▸ */);
		sheet_to_column(sheet, 2);
		sheet_printf(sheet, selected ? (unsigned int)STYLE_STRONG | STYLE_REVERSE : STYLE_STRONG, "%s", branch->name);
		sheet_printf(sheet, STYLE_DIM, "  parted after step %llu, %llu steps", (unsigned long long)branch->fork_step,
		             (unsigned long long)branch->steps);
		sheet_newline(sheet);
	}
	if (scene->branch_count == 0)
		sheet_flow(sheet, STYLE_DIM,
		           "None yet. Look into the past with ←, then let another process move: the future that was is kept here.");
}

static size_t count_branches(const struct scene *scene)
{
	return scene->branch_count;
}

static int branch_line(const struct scene *scene, size_t row, int width)
{
	(void)scene;
	(void)width;
	return (int)row;
}

const struct overlay_pane overlay_branches = {
	.name = "other futures",
	.width = 72,
	.write = write_branches,
	.rows = count_branches,
	.line_of = branch_line,
};
