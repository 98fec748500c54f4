/* SPDX-License-Identifier: MIT */
#include "view/caption.h"

#include "base/utf8.h"

enum {
	LINES = 2,
	ROOMY = 28,      /* from this height on there is an empty line above it */
	ASIDE = 12,      /* columns at the right: keys, how far we are */
	MARGIN = 3,
	STAGE_MARGIN = 5,
};

int caption_lines(const struct scene *scene, int height)
{
	if (!scene->caption.shown)
		return 0;
	return LINES + (height >= ROOMY) + (scene->stage && height >= ROOMY);
}

static const char *or_nothing(const char *words)
{
	return words != NULL ? words : "";
}

/* "key  space", the key as on its cap; ends before column `right`. */
static void draw_keys(struct canvas *canvas, int right, int y, const char *keys)
{
	int columns = (int)utf8_columns(keys), x = right - columns - 2;

	if (columns == 0)
		return;
	if (x - 5 > 0)
		canvas_text(canvas, x - 5, y, " key ", STYLE_DIM); /* over whatever is there */
	x = canvas_put(canvas, x, y, ' ', STYLE_KEY | STYLE_REVERSE);
	x = canvas_text(canvas, x, y, keys, STYLE_KEY | STYLE_REVERSE);
	canvas_put(canvas, x, y, ' ', STYLE_KEY | STYLE_REVERSE);
}

static void draw_words(struct canvas *canvas, struct rect area, int margin, const char *words)
{
	struct rect room = {area.x + margin, area.y, area.width - margin - 1 - ASIDE, LINES};

	if (words[0] == '\0')
		return;
	canvas_clip(canvas, room);
	int lines = canvas_text_wrapped(canvas, room, words, STYLE_STRONG);
	canvas_unclip(canvas);
	for (int line = 0; line < lines && line < LINES; line++)
		canvas_put(canvas, area.x + margin - 2, area.y + line, 0x258c /* ▌ */, STYLE_NOTICE);
}

void caption_draw(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	const struct scene_caption *caption = &scene->caption;
	const char *note = or_nothing(caption->note);
	int right = area.x + area.width - 1;

	area.y += area.height > LINES;
	draw_words(canvas, area, scene->stage ? STAGE_MARGIN : MARGIN, or_nothing(caption->words));
	draw_keys(canvas, right, area.y, or_nothing(caption->keys));
	canvas_text(canvas, right - (int)utf8_columns(note), area.y + 1, note, STYLE_DIM);
}

void caption_draw_keys(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	if (!scene->caption.shown && area.height > 0)
		draw_keys(canvas, area.x + area.width - 1, area.y + area.height - 1, or_nothing(scene->caption.keys));
}
