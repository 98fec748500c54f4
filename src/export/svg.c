/* SPDX-License-Identifier: MIT */
#include "export/svg.h"

#include <string.h>

#include "base/utf8.h"

/* ---- colours ---- */

static void add_rules(struct text *out, bool light, const char *indent)
{
	int ground = light ? LOOK_LIGHT_GROUND : LOOK_DARK_GROUND, text = light ? LOOK_LIGHT_TEXT : LOOK_DARK_TEXT;

	text_printf(out, "%s.g{fill:#%06x}.f0{fill:#%06x}.s0{stroke:#%06x}\n%s", indent, ground, text, text, indent);
	for (int hue = HUE_GREY; hue < HUE_COUNT; hue++) {
		int rgb = light ? HUES[hue].on_light : HUES[hue].on_dark;

		text_printf(out, ".f%d{fill:#%06x}.s%d{stroke:#%06x}", hue, rgb, hue, rgb);
	}
	text_add_char(out, '\n');
}

void svg_style(struct text *out, enum export_theme theme)
{
	/* Not "svg text": what a <use> shows lies in no <svg>. */
	text_printf(out, "text{font:%dpx ui-monospace,SFMono-Regular,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;white-space:pre}\n"
	                 "rect{shape-rendering:crispEdges}.b{font-weight:bold}.u{text-decoration:underline}\n"
	                 ".l{fill:none;stroke-width:1.2}.w{fill:none;stroke-width:2}.q{fill-opacity:.16}\n", SVG_FONT);
	add_rules(out, theme != THEME_DARK, "");
	if (theme == THEME_AUTO) {
		text_add(out, "@media (prefers-color-scheme:dark){\n");
		add_rules(out, false, " ");
		text_add(out, "}\n");
	}
}

/* ---- the document ---- */

void svg_begin(struct text *out, double width, double height, enum export_theme theme, const char *title)
{
	text_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" role=\"img\">\n<title>",
	            width, height, width, height);
	svg_escape(out, title, strlen(title));
	text_add(out, "</title>\n<style>\n");
	svg_style(out, theme);
	text_printf(out, "</style>\n<rect class=\"g\" width=\"%.0f\" height=\"%.0f\" rx=\"8\"/>\n", width, height);
}

void svg_end(struct text *out)
{
	text_add(out, "</svg>\n");
}

/* ---- text ---- */

static const char *entity(uint32_t character)
{
	switch (character) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

void svg_escape(struct text *out, const char *string, size_t length)
{
	while (length > 0) {
		uint32_t character;
		size_t used = utf8_decode(string, length, &character);
		const char *name = entity(character);

		if (name != NULL)
			text_add(out, name);
		else
			text_add_unicode(out, character < 0x20 || (character >= 0x7f && character < 0xa0) ? 0xfffd : character);
		string += used;
		length -= used;
	}
}

void svg_text(struct text *out, double x, double y, const char *class, int columns, const char *string)
{
	text_printf(out, "<text x=\"%.1f\" y=\"%.1f\"", x, y);
	if (class[0] != '\0')
		text_printf(out, " class=\"%s\"", class);
	if (columns > 0)
		text_printf(out, " textLength=\"%.1f\" lengthAdjust=\"spacingAndGlyphs\"", columns * SVG_CHARACTER);
	text_add_char(out, '>');
	svg_escape(out, string, strlen(string));
	text_add(out, "</text>\n");
}
