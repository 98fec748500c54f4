/* SPDX-License-Identifier: MIT */
/* The drawing put together: heading, bands, what the letters mean. The one long line is written once and used by each band. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "export/svg_drawing.h"

static const double TEXT_MOST = 720, BAND_GAP = 20, ABOVE = 6;

/* As wide as the widest band, and as the longest words if they are not too long for a line. */
static double page_width(const struct drawing *drawing, const struct text *words)
{
	const struct svg_plan *plan = drawing->plan;
	double widest = plan->bands[plan->band_count] + svg_plan_sign_room(plan) - plan->bands[plan->band_count - 1];
	double text = (double)utf8_columns(words->bytes) * SVG_CHARACTER + 2 * SVG_MARGIN;

	for (size_t i = 0; i < plan->band_count; i++)
		widest = fmax(widest, plan->bands[i + 1] - plan->bands[i]);
	text = fmin(text, plan->room > 0 ? fmin(TEXT_MOST, plan->left + plan->room + SVG_MARGIN) : TEXT_MOST);
	return fmax(plan->left + widest + SVG_MARGIN, text);
}

static void add_time(const struct drawing *drawing, struct text *out)
{
	text_add_bytes(out, drawing->bars.bytes, drawing->bars.length);
	text_add_bytes(out, drawing->lines.bytes, drawing->lines.length);
	text_add_bytes(out, drawing->marks.bytes, drawing->marks.length);
	text_add_bytes(out, drawing->objects.bytes, drawing->objects.length);
	svg_add_axis(drawing->plan, out);
	svg_add_signs(drawing, out);
}

static double add_whole(const struct drawing *drawing, struct text *out, double y, const char *cursor)
{
	const struct svg_plan *plan = drawing->plan;

	text_printf(out, "<g transform=\"translate(0 %.1f)\">\n", y);
	if (cursor != NULL)
		text_printf(out, "<path id=\"%s\" class=\"w s2\" d=\"M%.1f %.1fV%.1f\"/>\n", cursor, plan->left, -ABOVE, plan->height);
	svg_add_names(drawing, out);
	add_time(drawing, out);
	text_add(out, "</g>\n");
	return y + plan->height;
}

static void add_line(const struct drawing *drawing, struct text *out)
{
	const struct svg_plan *plan = drawing->plan;

	text_add(out, "<defs>\n<g id=\"names\">\n");
	svg_add_names(drawing, out);
	text_add(out, "</g>\n<g id=\"time\">\n");
	add_time(drawing, out);
	text_add(out, "</g>\n");
	for (size_t i = 0; i < plan->band_count; i++) {
		double behind = i + 1 == plan->band_count ? svg_plan_sign_room(plan) + SVG_MARGIN : 0;

		text_printf(out, "<clipPath id=\"band%zu\"><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/></clipPath>\n", i, plan->bands[i],
		            -ABOVE, plan->bands[i + 1] - plan->bands[i] + behind, plan->height + 2 * ABOVE);
	}
	text_add(out, "</defs>\n");
}

static double add_folded(const struct drawing *drawing, struct text *out, double y)
{
	const struct svg_plan *plan = drawing->plan;

	add_line(drawing, out);
	for (size_t i = 0; i < plan->band_count; i++, y += plan->height + BAND_GAP) {
		text_printf(out, "<use href=\"#names\" y=\"%.1f\"/>\n", y);
		text_printf(out, "<g transform=\"translate(%.1f %.1f)\" clip-path=\"url(#band%zu)\"><use href=\"#time\"/></g>\n",
		            plan->left - plan->bands[i], y, i);
	}
	return y - BAND_GAP;
}

void svg_add_page(const struct drawing *drawing, struct text *out, const char *cursor)
{
	struct text body = TEXT_INIT, words = TEXT_INIT;

	svg_say_longest(drawing, &words);
	double width = page_width(drawing, &words), y = svg_add_head(drawing, &body, width);

	y = drawing->plan->band_count > 1 ? add_folded(drawing, &body, y) : add_whole(drawing, &body, y, cursor);
	y = svg_add_letters(drawing, &body, y, width);
	text_reset(&words);
	svg_say_run(drawing, &words);
	svg_begin(out, width, y, drawing->export->options.theme, words.bytes);
	text_add_bytes(out, body.bytes, body.length);
	svg_end(out);
	text_release(&body);
	text_release(&words);
}
