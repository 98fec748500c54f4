/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <string.h>

#include "view/keyline.h"

#define KEYS_SHOWN_NS (1500 * MILLISECOND)

/* ---- keys ---- */

static bool shows_keys(const struct screen *screen)
{
	return screen->options->show_keys || tour_plays(screen);
}

/* The same key again is told as "2 ×3". */
void audience_key(struct screen *screen, const char *name)
{
	struct audience *audience = &screen->audience;
	uint64_t now = screen_now(screen);
	bool again = now < audience->keys_until && strcmp(name, audience->key) == 0;

	if (!shows_keys(screen) || strlen(name) >= sizeof audience->key)
		return;
	audience->times = again ? audience->times + 1 : 1;
	strcpy(audience->key, name);
	text_reset(&audience->keys);
	keyline_name(&audience->keys, name, false);
	if (audience->times > 1)
		text_printf(&audience->keys, " ×%u", audience->times);
	audience->keys_until = now + KEYS_SHOWN_NS;
	screen->dirty = true;
}

uint64_t audience_work(struct screen *screen, uint64_t now)
{
	struct audience *audience = &screen->audience;

	if (audience->keys_until == 0)
		return NEVER;
	if (now < audience->keys_until)
		return audience->keys_until;
	audience->keys_until = 0;
	text_reset(&audience->keys);
	screen->dirty = true;
	return NEVER;
}

/* ---- captions ---- */

static void say_note(const struct tour_player *player, struct text *out)
{
	text_reset(out);
	if (player->over)
		text_add(out, "the end");
	else if (player->paused != 0)
		text_add(out, "paused");
	else if (player->waits && player->captions == 1)
		text_add(out, "space ▸"); /* once known it need not be said each time */
	else
		text_printf(out, "%zu/%zu%s", player->captions, player->tour->captions, player->waits ? " ▸" : "");
}

void audience_fill(struct screen *screen)
{
	struct scene *scene = &screen->scene;

	scene->stage = screen->options->stage;
	scene->caption = (struct scene_caption){.keys = screen->audience.keys.bytes};
	if (!tour_plays(screen))
		return;
	say_note(&screen->tour, &screen->audience.note);
	scene->caption.shown = true;
	scene->caption.words = screen->tour.caption;
	scene->caption.note = screen->audience.note.bytes;
}

/* ---- a picture of a fixed size, in the middle of the terminal ---- */

static bool is_fixed(const struct screen *screen)
{
	return screen->options->width > 0;
}

static void resize(struct canvas *canvas, int width, int height, bool ascii)
{
	if (canvas->width == width && canvas->height == height)
		return;
	canvas_release(canvas);
	canvas_init(canvas, width, height, ascii);
}

void audience_size(struct screen *screen, int width, int height)
{
	bool ascii = screen->term != NULL ? term_ascii(screen->term) : screen->options->ascii;

	if (!is_fixed(screen)) {
		resize(&screen->canvas, width, height, ascii);
		return;
	}
	resize(&screen->audience.whole, width, height, ascii);
	resize(&screen->canvas, screen->options->width, screen->options->height, ascii);
}

/* Where the picture begins; negative: the terminal is too small for it. */
static void origin(const struct screen *screen, int *x, int *y)
{
	const struct canvas *whole = &screen->audience.whole;
	bool fits = whole->width >= screen->canvas.width && whole->height >= screen->canvas.height;

	*x = fits ? (whole->width - screen->canvas.width) / 2 : -1;
	*y = fits ? (whole->height - screen->canvas.height) / 2 : -1;
}

static void say_too_small(struct canvas *whole, const struct canvas *picture)
{
	struct text words = TEXT_INIT;

	text_printf(&words, "The picture is to have %d×%d; this terminal has %d×%d. Make it larger, or press q to quit.",
	            picture->width, picture->height, whole->width, whole->height);
	canvas_text_wrapped(whole, (struct rect){0, 0, whole->width, whole->height}, words.bytes, STYLE_NOTICE);
	text_release(&words);
}

void audience_present(struct screen *screen)
{
	struct canvas *whole = &screen->audience.whole, *picture = &screen->canvas;
	int x, y;

	if (!is_fixed(screen)) {
		term_present(screen->term, picture);
		return;
	}
	canvas_clear(whole);
	origin(screen, &x, &y);
	for (int row = 0; x >= 0 && row < picture->height; row++)
		memcpy(whole->cells + (size_t)(y + row) * (size_t)whole->width + x,
		       picture->cells + (size_t)row * (size_t)picture->width, (size_t)picture->width * sizeof *picture->cells);
	if (x < 0)
		say_too_small(whole, picture);
	term_present(screen->term, whole);
}

void audience_point(const struct screen *screen, int *x, int *y)
{
	int left, top;

	if (!is_fixed(screen))
		return;
	origin(screen, &left, &top);
	*x -= left;
	*y -= top;
}

void audience_release(struct audience *audience)
{
	canvas_release(&audience->whole);
	text_release(&audience->keys);
	text_release(&audience->note);
}
