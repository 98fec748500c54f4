/* SPDX-License-Identifier: MIT */
/* Many runs in a row: how often each outcome came. */
#include "base/utf8.h"
#include "view/pane.h"

static unsigned int most_often(const struct scene_histogram *histogram)
{
	unsigned int most = 1;

	for (size_t i = 0; i < histogram->count; i++)
		most = histogram->bars[i].count > most ? histogram->bars[i].count : most;
	return most;
}

static int label_width(const struct scene_histogram *histogram, int room)
{
	size_t widest = 0;

	for (size_t i = 0; i < histogram->count; i++) {
		size_t columns = utf8_columns(histogram->bars[i].label);
		widest = columns > widest ? columns : widest;
	}
	return (int)widest < room / 2 ? (int)widest : room / 2;
}

static void write_bar(struct sheet *sheet, const struct histogram_bar *bar, int label, unsigned int most)
{
	unsigned int style = bar->right ? STYLE_GOOD : bar->ok ? STYLE_WRITE : STYLE_LOST;
	struct sheet name = *sheet;
	int room = sheet->area.width - label - 26;

	name.area.width = label;
	sheet_text(&name, style, bar->label);
	sheet_to_column(sheet, label + 2);
	sheet_printf(sheet, STYLE_STRONG, "%4u ", bar->count);
	int length = (int)((unsigned long long)bar->count * (unsigned long long)(room > 1 ? room : 1) / most);
	for (int i = 0; i < length || i == 0; i++)
		sheet_glyph(sheet, style, 0x2588 /* █ */);
	if (bar->right)
		sheet_text(sheet, STYLE_GOOD, " ✓ right");
	else if (!bar->ok)
		sheet_text(sheet, STYLE_LOST, " ✗ must not be");
	sheet_newline(sheet);
}

static void write_histogram(struct sheet *sheet, const struct scene *scene)
{
	const struct scene_histogram *histogram = &scene->histogram;
	int label = label_width(histogram, sheet->area.width);
	unsigned int most = most_often(histogram);

	sheet_printf(sheet, STYLE_STRONG, "%u of %u runs", histogram->done, histogram->wanted);
	if (histogram->settings != NULL && histogram->settings[0] != '\0')
		sheet_printf(sheet, STYLE_DIM, "  %s", histogram->settings);
	sheet_newline(sheet);
	sheet_newline(sheet);
	for (size_t i = 0; i < histogram->count; i++)
		write_bar(sheet, &histogram->bars[i], label, most);
	if (histogram->count == 0)
		sheet_flow(sheet, STYLE_DIM, "the first run is on its way …");
}

const struct overlay_pane overlay_histogram = {.name = "outcomes of many free runs", .width = 76, .write = write_histogram};
