/* SPDX-License-Identifier: MIT */
#include "screen/render.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/monotonic.h"
#include "export/cast.h"
#include "export/printer.h"
#include "export/svg_cells.h"
#include "screen/internal.h"

enum { REST_MS = 30000, STATUS_FAILED = 1 };

#define LAST_FRAME_NS (3000 * MILLISECOND) /* it stays for a moment */

struct render {
	const struct render_options *options;
	struct screen screen;
	uint64_t clock;
	size_t captions;         /* told so far */
	struct text out;
	struct cast *cast;       /* RENDER_CAST */
	struct printer printer;  /* RENDER_TEXT: of the run number `runs` */
	uint64_t runs;
	bool ended;              /* and that was told of it */
};

static void do_nothing(struct render *render)
{
	(void)render;
}

/* ---- a cast ---- */

static void cast_begin(struct render *render)
{
	const struct screen_options *screen = &render->options->screen;
	struct cast_options options = {
		.version = render->options->cast_version, .width = screen->width, .height = screen->height, .title = screen->lesson->title};

	render->cast = cast_new(&options, &render->out);
}

static void cast_add_frame(struct render *render)
{
	cast_frame(render->cast, render->clock, &render->screen.canvas);
}

static void cast_add_caption(struct render *render, const char *words)
{
	cast_marker(render->cast, render->clock, words);
}

static void cast_finish(struct render *render)
{
	cast_end(render->cast, render->clock + LAST_FRAME_NS);
	cast_free(render->cast);
}

const struct render_form RENDER_CAST = {cast_begin, cast_add_frame, cast_add_caption, cast_finish};

/* ---- text ---- */

/* A run that was led back up to a step: what it did again is not told again. */
static void skip_what_was_told(struct render *render)
{
	struct printer *printer = &render->printer;
	uint64_t steps = history_steps(printer->history);

	if (steps == 0) {
		printer->form->head(printer, run_options(render->screen.session.run));
		return;
	}
	world_seek(printer->world, history_count(printer->history));
	printer->events = 0;
	for (uint64_t i = 0; i < printer->world->position; i++)
		printer->events += history_at(printer->history, i)->kind != EVENT_OUTPUT;
	text_printf(&render->out, "     (back to step %llu)\n", (unsigned long long)steps);
}

static void text_add_events(struct render *render)
{
	struct screen *screen = &render->screen;

	if (screen->session.run == NULL)
		return;
	if (render->runs != screen->runs) {
		if (render->runs > 0)
			printer_release(&render->printer);
		render->runs = screen->runs;
		render->ended = false;
		printer_init(&render->printer, &PRINTER_TEXT, session_history(screen), &render->out);
		skip_what_was_told(render);
	}
	printer_events(&render->printer, SIZE_MAX);
	enum run_state state = run_state(screen->session.run);
	if (render->ended || (state != RUN_ENDED && state != RUN_DEADLOCK))
		return;
	const struct run_end end = run_end(screen->session.run);
	render->printer.form->tail(&render->printer, &end);
	render->ended = true;
}

static void text_add_caption(struct render *render, const char *words)
{
	text_printf(&render->out, "\n» %s\n\n", words);
}

static void text_finish(struct render *render)
{
	const struct screen *screen = &render->screen;

	if (render->runs == screen->runs && render->runs > 0)
		printer_release(&render->printer);
}

const struct render_form RENDER_TEXT = {do_nothing, text_add_events, text_add_caption, text_finish};

/* ---- a picture ---- */

static void svg_draw(struct render *render)
{
	const struct screen_options *screen = &render->options->screen;

	text_reset(&render->out);
	svg_cells(&render->out, &render->screen.canvas, THEME_AUTO, screen->lesson->title);
}

static void svg_add_caption(struct render *render, const char *words)
{
	(void)words;
	if (render->captions == render->options->at)
		svg_draw(render);
}

static void svg_finish(struct render *render)
{
	if (render->options->at == 0)
		svg_draw(render);
}

const struct render_form RENDER_SVG = {do_nothing, do_nothing, svg_add_caption, svg_finish};

/* ---- playing ---- */

static void hear_of_ends(struct screen *screen)
{
	struct run *run = screen->session.run;

	if (run != NULL && poll(&(struct pollfd){.fd = run_poll_fd(run), .events = POLLIN}, 1, 0) > 0)
		session_pump(screen);
}

/* Lets what was done come to rest, which takes no time on our clock. False: it does not. */
static bool rest(struct render *render)
{
	struct screen *screen = &render->screen;
	int64_t limit = monotonic_ms() + REST_MS;

	hear_of_ends(screen);
	while (tour_unsettled(screen) && !*render->options->stop) {
		session_work(screen, render->clock);
		hear_of_ends(screen);
		if (monotonic_ms() > limit)
			return false;
	}
	return true;
}

static void add_frame(struct render *render)
{
	const struct tour_player *player = &render->screen.tour;

	if (!render->screen.dirty)
		return;
	picture_draw(&render->screen);
	render->options->form->frame(render);
	if (player->captions == render->captions)
		return;
	render->captions = player->captions;
	render->options->form->caption(render, player->caption);
}

/* From one moment at which something is due to the next. 0 or -errno; -EINTR: it was to stop. */
static int play(struct render *render)
{
	struct screen *screen = &render->screen;
	int error = 0;

	while (error == 0 && !screen->tour.over && !*render->options->stop) {
		uint64_t next = screen_work(screen);
		bool was_settled = !tour_unsettled(screen);

		if (!rest(render))
			tour_fail(screen, "it does not come to rest");
		/* What is due can be said of one that had come to rest: how long that took must not be seen. */
		if (!was_settled || next <= render->clock || screen->tour.over)
			continue;
		add_frame(render);
		if (next == NEVER)
			tour_fail(screen, "nothing would happen any more");
		else
			render->clock = next;
		error = render->options->write(&render->out, false, render->options->context);
	}
	return error == 0 && *render->options->stop ? -EINTR : error;
}

static int finish(struct render *render, int error)
{
	const struct text *problem = &render->screen.tour.problem;

	if (problem->length > 0) {
		fprintf(stderr, "lockstep: the tour of %s cannot go on: %s\n", render->options->screen.lesson->name, problem->bytes);
		return STATUS_FAILED;
	}
	add_frame(render);
	render->options->form->end(render);
	if (error == 0)
		error = render->options->write(&render->out, true, render->options->context);
	return error == 0 ? 0 : STATUS_FAILED;
}

int render_main(const struct render_options *options, int channel)
{
	struct render *render = memory_new(sizeof *render);

	signal(SIGPIPE, SIG_IGN);
	render->options = options;
	text_init(&render->out);
	screen_init(&render->screen, &options->screen, channel);
	render->screen.clock = &render->clock;
	audience_size(&render->screen, options->screen.width, options->screen.height);
	tour_start(&render->screen, options->screen.lesson, options->screen.tour, false);
	options->form->begin(render);
	int status = finish(render, play(render));
	screen_release(&render->screen);
	text_release(&render->out);
	free(render);
	return status;
}
