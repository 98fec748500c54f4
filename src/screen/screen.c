/* SPDX-License-Identifier: MIT */
#include "screen/screen.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/monotonic.h"
#include "screen/internal.h"
#include "term/rescue.h"

enum { UNREAD_MS = 20 };

uint64_t screen_now(const struct screen *screen)
{
	return screen->clock != NULL ? *screen->clock : monotonic_ns();
}

void screen_message(struct screen *screen, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	text_reset(&screen->message);
	text_vprintf(&screen->message, format, arguments);
	va_end(arguments);
	screen->message_while_busy = false;
	screen->dirty = true;
}

void screen_message_while_busy(struct screen *screen, const char *words)
{
	screen_message(screen, "%s", words);
	screen->message_while_busy = true;
}

void screen_busy_no_more(struct screen *screen)
{
	if (screen->message_while_busy)
		screen_message(screen, "%s", "");
}

/* ---- opening and closing ---- */

void screen_init(struct screen *screen, const struct screen_options *options, int channel)
{
	screen->options = options;
	launcher_init(&screen->launcher, channel);
	text_init(&screen->message);
	text_init(&screen->prompt);
	text_init(&screen->filter);
	text_init(&screen->menu_text);
	text_init(&screen->search.pattern);
	text_init(&screen->notice);
	text_init(&screen->keeping.path);
	text_init(&screen->keeping.aside);
	text_init(&screen->keeping.wanted);
	text_init(&screen->trial.words);
	text_init(&screen->tour.problem);
	text_init(&screen->audience.keys);
	text_init(&screen->audience.note);
	screen->signal_fd = -1;
	screen->session.origin = &ORIGIN_NOTHING;
	screen->scene.catalog = options->catalog;
	screen->quizzes = memory_array(options->catalog->count + 1, sizeof(*screen->quizzes));
	screen->scene.ui.present = true;
	screen->dirty = true;
}

static int open_terminal(struct screen *screen)
{
	struct text problem = TEXT_INIT;
	struct term_options wishes = {.ascii = screen->options->ascii, .color = !screen->options->no_color};
	int width, height;

	screen->term = term_open(&wishes, &problem);
	if (screen->term == NULL) {
		fprintf(stderr, "lockstep: %s\n", problem.bytes);
		text_release(&problem);
		return -ENOTTY;
	}
	memory_on_failure(rescue_now);
	term_size(screen->term, &width, &height);
	audience_size(screen, width, height);
	return 0;
}

void screen_release(struct screen *screen)
{
	trial_release(screen);
	session_close(screen);
	search_release(&screen->search);
	canvas_release(&screen->canvas);
	text_release(&screen->message);
	text_release(&screen->prompt);
	text_release(&screen->filter);
	text_release(&screen->menu_text);
	text_release(&screen->notice);
	keep_release(screen);
	tour_leave(screen);
	tour_release(&screen->own_tour);
	audience_release(&screen->audience);
	free(screen->quizzes);
	progress_close(screen);
}

static void open_wanted_lesson(struct screen *screen)
{
	const struct screen_options *options = screen->options;
	bool ask = options->schedule == NULL && !options->quiz_later;

	if (options->recording != NULL)
		(options->live ? live_compare : replay_open)(screen, options->recording);
	if (options->lesson == NULL)
		return;
	screen->scene.ui.menu_selected = (size_t)(options->lesson - options->catalog->lessons);
	if (options->tour != NULL) {
		tour_start(screen, options->lesson, options->tour, options->by_key);
		return;
	}
	(ask ? session_open_asking : session_open)(screen, options->lesson, options->settings,
	                                           options->seed_given ? options->seed : session_new_seed(),
	                                           options->gated || options->schedule != NULL);
	if (options->schedule != NULL && screen->session.run != NULL)
		rerun_start(screen, options->schedule, options->schedule->count, NO_ACTOR);
}

/* The catalog is another one: an index may mean another lesson. */
static void take_catalog_anew(struct screen *screen)
{
	progress_close(screen);
	screen->scene.ui.menu_selected = 0;
	progress_open(screen);
	screen->dirty = true;
}

/* The first frame, before anything that takes time: of the lessons' descriptions it needs one. */
static void draw_menu_first(struct screen *screen)
{
	struct catalog *catalog = screen->options->catalog;

	if (catalog_complete(catalog, (long)screen->scene.ui.menu_selected))
		take_catalog_anew(screen);
	picture_draw(screen);
	screen->unread_due = screen_now(screen) + UNREAD_MS * MILLISECOND;
}

/* When the frame has been taken from us: on one processor, reading on would hold it up. */
static uint64_t read_rest(struct screen *screen, bool now)
{
	if (screen->unread_due == 0)
		return NEVER;
	if (!now && screen_now(screen) < screen->unread_due)
		return screen->unread_due;
	screen->unread_due = 0;
	if (catalog_complete(screen->options->catalog, CATALOG_ALL))
		take_catalog_anew(screen);
	return NEVER;
}

/* ---- the loop ---- */

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t screen_work(struct screen *screen)
{
	uint64_t next = session_work(screen, screen_now(screen));

	live_work(screen);
	next = earlier(next, trial_work(screen, screen_now(screen)));
	next = earlier(next, keep_work(screen, screen_now(screen)));
	next = earlier(next, search_work(screen));
	next = earlier(next, tour_work(screen, screen_now(screen)));
	next = earlier(next, audience_work(screen, screen_now(screen)));
	if (!past_follow(screen))
		next = 0;
	return next;
}

/*
 * Keys are drained before we draw, and a frame is not drawn sooner than FRAME_MS after the last. Running
 * again is not drawn at all unless it takes long: the picture changes to where the learner wanted to be.
 */
static uint64_t draw_if_due(struct screen *screen)
{
	uint64_t due = screen->drawn + FRAME_MS * MILLISECOND;

	if (!screen->dirty || screen->tour.goal > 0)
		return NEVER;
	if (screen->session.doing == DOING_RERUN)
		due = screen->session.rerun_since + RERUN_HIDDEN_MS * MILLISECOND;
	if (screen_now(screen) < due)
		return due;
	picture_draw(screen);
	return NEVER;
}

enum { WAIT_INPUT, WAIT_SIGNAL, WAIT_SUPERVISOR, WAIT_RUN, WAIT_COUNT };

static void wait_until(struct screen *screen, uint64_t when, struct pollfd *fds)
{
	struct run *run = screen->session.run;
	uint64_t now = screen_now(screen);
	uint64_t left = when > now ? when - now : 0;
	struct timespec timeout = {.tv_sec = (time_t)(left / 1000000000u), .tv_nsec = (long)(left % 1000000000u)};

	fds[WAIT_INPUT] = (struct pollfd){.fd = term_input_fd(screen->term), .events = POLLIN};
	fds[WAIT_SIGNAL] = (struct pollfd){.fd = screen->signal_fd, .events = POLLIN};
	fds[WAIT_SUPERVISOR] = (struct pollfd){.fd = screen->launcher.channel}; /* only whether it is gone */
	fds[WAIT_RUN] = (struct pollfd){.fd = -1, .events = POLLIN};
	if (run != NULL && run_state(run) != RUN_ENDED)
		fds[WAIT_RUN].fd = run_poll_fd(run);
	if (ppoll(fds, WAIT_COUNT, when == NEVER ? NULL : &timeout, NULL) < 0)
		for (int i = 0; i < WAIT_COUNT; i++)
			fds[i].revents = 0;
}

static void leave_if_alone(struct screen *screen, const struct pollfd *fds)
{
	if (fds[WAIT_INPUT].revents & (POLLHUP | POLLERR | POLLNVAL)) {
		screen->quit = true;
		screen->exit_status = 128 + 1; /* as SIGHUP, which is on its way */
	} else if (fds[WAIT_SUPERVISOR].revents & (POLLHUP | POLLERR | POLLNVAL)) {
		screen->quit = true;
		screen->exit_status = 128 + 15;
	}
	if (screen->quit)
		launcher_kill_all(&screen->launcher);
}

static void loop(struct screen *screen)
{
	struct pollfd fds[WAIT_COUNT];

	while (!screen->quit) {
		uint64_t next = screen_work(screen);
		next = earlier(next, read_rest(screen, false));
		next = earlier(next, draw_if_due(screen));
		wait_until(screen, next, fds);
		if (fds[WAIT_SIGNAL].revents & POLLIN)
			signals_serve(screen);
		leave_if_alone(screen, fds);
		if (!screen->quit && (fds[WAIT_INPUT].revents & POLLIN)) {
			read_rest(screen, true);
			input_serve(screen);
		}
		if (!screen->quit && (fds[WAIT_RUN].revents & POLLIN))
			session_pump(screen);
	}
}

int screen_main(const struct screen_options *options, int channel)
{
	struct screen *screen = memory_new(sizeof(*screen));
	int status = 70;

	screen_init(screen, options, channel);
	if (signals_open(screen) == 0 && open_terminal(screen) == 0) {
		if (options->tour == NULL)
			progress_open(screen); /* what a tour does is not what a learner has done */
		keep_open(screen);
		if (options->lesson == NULL && options->recording == NULL)
			draw_menu_first(screen);
		open_wanted_lesson(screen);
		loop(screen);
		term_close(screen->term);
		status = screen->exit_status;
	}
	screen_release(screen);
	signals_close(screen);
	free(screen);
	return status;
}
