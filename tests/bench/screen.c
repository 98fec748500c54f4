/* SPDX-License-Identifier: MIT */
/* P16, P17: a frame, the start and a key, beside bare ncursesw doing the same on the same pty. */
#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "term/palette.h"
#include "term/term.h"
#include "view/scene.h"
#include "world/world.h"

enum { WIDTH = 120, HEIGHT = 40, FRAMES = 60, START_MS = 20000, QUIET_MS = 30 };

/* ---- a program on a pty ---- */

struct job {
	pid_t pid;
	int master;
	uint64_t bytes;
	uint64_t last; /* when the last byte came, ns */
};

static bool open_job(struct job *job)
{
	struct winsize size = {.ws_row = HEIGHT, .ws_col = WIDTH};
	*job = (struct job){.master = -1};
	job->pid = forkpty(&job->master, NULL, NULL, &size);
	if (job->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
	}
	return job->pid >= 0;
}

/* Takes what comes until `ms` have passed without any; true when something came. */
static bool drain(struct job *job, int ms)
{
	char bytes[65536];
	bool any = false;
	while (poll(&(struct pollfd){.fd = job->master, .events = POLLIN}, 1, ms) == 1) {
		ssize_t got = read(job->master, bytes, sizeof bytes);
		if (got <= 0)
			return any;
		job->bytes += (uint64_t)got;
		job->last = bench_ns();
		any = true;
	}
	return any;
}

static void close_job(struct job *job)
{
	kill(job->pid, SIGTERM);
	drain(job, 50);
	close(job->master);
	kill(job->pid, SIGKILL);
	waitpid(job->pid, NULL, 0);
}

/* ---- P16: frames ---- */

/* A race as long as the frames are many: each frame has one event more, so the timeline scrolls. */
static struct history *make_history(void)
{
	struct history *history = history_new();
	struct wire_event event = {.kind = EVENT_PROCESS_BEGIN, .value = 4711};
	history_append(history, &event, "MainProcess", strlen("MainProcess"));
	event = (struct wire_event){.kind = EVENT_OBJECT_NEW, .object = 1, .aux = OBJECT_VALUE, .value = 200};
	history_append(history, &event, "balance", strlen("balance"));
	for (uint16_t actor = 1; actor <= 4; actor++) {
		event = (struct wire_event){.kind = EVENT_PROCESS_START, .aux = actor, .value = 4711 + actor};
		history_append(history, &event, "worker", strlen("worker"));
		event = (struct wire_event){.kind = EVENT_PROCESS_BEGIN, .actor = actor, .value = 4711 + actor};
		history_append(history, &event, "worker", strlen("worker"));
	}
	history_begin_steps(history);
	for (int i = 0; i < 400 + FRAMES; i++) {
		event = (struct wire_event){.kind = (i & 4) != 0 ? EVENT_VALUE_WRITE : EVENT_VALUE_READ,
		                            .actor = (uint16_t)(1 + i % 4), .object = 1, .value = 200 + i % 7};
		history_append(history, &event, NULL, 0);
		history_end_step(history);
	}
	return history;
}

static void draw(struct canvas *canvas, const struct history *history, struct world *world)
{
	static char name[] = "bench";
	static const struct catalog_lesson lesson = {.name = name, .title = name};
	static const struct lines no_source;
	static const struct settings settings = {.lesson = &lesson};
	struct scene scene = {
		.ui = {.room = ROOM_RUN, .present = true, .position = world->position, .menu_filter = "", .search = "", .message = ""},
		.lesson = &lesson, .settings = &settings, .source = &no_source, .text = "",
		.history = history, .world = world,
		.run = {.gated = true, .verdict = "", .outcome = "", .strategy = "", .settings = "", .steps = world->position},
	};
	scene_draw(canvas, &scene);
}

static attr_t attributes[STYLE_COUNT];

/* The same cells by curses alone, in the same colours: a row of cchar_t at a time. */
static void bare_present(const struct canvas *canvas)
{
	cchar_t row[WIDTH];
	for (int y = 0; y < canvas->height; y++) {
		for (int x = 0; x < canvas->width; x++) {
			const struct cell *cell = canvas_at(canvas, x, y);
			attr_t look = attributes[cell->style & 0x3f];
			wchar_t glyph[2] = {cell->glyph != 0 ? (wchar_t)cell->glyph : L' ', 0};
			if ((cell->style & STYLE_REVERSE) != 0)
				look ^= A_REVERSE;
			setcchar(&row[x], glyph, look & ~A_COLOR, (short)PAIR_NUMBER((int)look), NULL);
		}
		mvadd_wchnstr(y, 0, row, canvas->width);
	}
	refresh();
}

static void open_bare(void)
{
	setlocale(LC_ALL, "");
	set_term(newterm(NULL, stdout, stdin));
	palette_apply(true, attributes);
}

/* In the child, on the pty: us a frame through the pipe. */
_Noreturn static void frames(bool bare, int result)
{
	struct canvas canvas;
	canvas_init(&canvas, WIDTH, HEIGHT, false);
	struct history *history = make_history();
	struct world *world = world_new(history);
	struct text problem = TEXT_INIT;
	struct term *term = bare ? NULL : term_open(&(struct term_options){.color = true}, &problem);
	if (bare)
		open_bare();
	uint64_t spent = 0;
	for (uint64_t position = history_count(history) - FRAMES; position < history_count(history); position++) {
		world_seek(world, position);
		uint64_t before = bench_ns();
		draw(&canvas, history, world);
		if (bare) {
			before = bench_ns(); /* it is given its cells */
			bare_present(&canvas);
		} else {
			term_present(term, &canvas);
		}
		spent += bench_ns() - before;
	}
	double us = (double)spent / 1e3 / FRAMES;
	if (write(result, &us, sizeof us) != sizeof us)
		_exit(1);
	_exit(0);
}

static double frame_bytes[2];

static double measure_frames(bool bare)
{
	int ends[2];
	struct job job;
	double us = -1;
	if (pipe2(ends, O_CLOEXEC) != 0 || !open_job(&job))
		return -1;
	if (job.pid == 0)
		frames(bare, ends[1]);
	close(ends[1]);
	while (drain(&job, 200))
		;
	if (read(ends[0], &us, sizeof us) != sizeof us)
		us = -1;
	close(ends[0]);
	close_job(&job);
	frame_bytes[bare] = (double)job.bytes / FRAMES;
	return us;
}

static double measure_our_frames(void)
{
	return measure_frames(false);
}

static double measure_bare_frames(void)
{
	return measure_frames(true);
}

/* Of the runs that the row before made. */
static double our_bytes(void)
{
	return frame_bytes[0];
}

static double bare_bytes(void)
{
	return frame_bytes[1];
}

/* ---- P17: start and key ---- */

static bool start_job(struct job *job, const char *program)
{
	if (!open_job(job))
		return false;
	if (job->pid != 0)
		return true;
	execlp(program, program, (char *)NULL);
	_exit(127);
}

/* From the fork to the last byte of the first frame, then from a key to the last byte of its answer. */
static bool measure_program(const char *program, double *start_ms, double *key_ms)
{
	struct job job;
	uint64_t begun = bench_ns();
	if (!start_job(&job, program))
		return false;
	bool alive = drain(&job, START_MS / 100);
	*start_ms = (double)(job.last - begun) / 1e6;
	double sum = 0;
	enum { KEYS = 5 };
	for (int i = 0; i < KEYS && alive; i++) {
		uint64_t pressed = bench_ns();
		alive = write(job.master, "j", 1) == 1 && drain(&job, QUIET_MS);
		sum += (double)(job.last - pressed) / 1e6;
	}
	*key_ms = sum / KEYS;
	close_job(&job);
	return alive;
}

static const char *our_program(void)
{
	const char *program = getenv("LOCKSTEP");
	return program != NULL ? program : "./lockstep";
}

/* tests/bench/peers/bare_screen.c */
static const char *bare_program(void)
{
	static char path[4096];
	const char *build = getenv("LOCKSTEP_BUILD");
	snprintf(path, sizeof path, "%s/bench-peers/bare_screen", build != NULL ? build : "build/release");
	return path;
}

static double start_of(const char *program)
{
	double start, key;
	return measure_program(program, &start, &key) ? start : -1;
}

static double key_of(const char *program)
{
	double start, key;
	return measure_program(program, &start, &key) ? key : -1;
}

static double our_start(void) { return start_of(our_program()); }
static double our_key(void) { return key_of(our_program()); }
static double bare_start(void) { return start_of(bare_program()); }
static double bare_key(void) { return key_of(bare_program()); }
static double htop_start(void) { return start_of("htop"); }
static double htop_key(void) { return key_of("htop"); }
static double tig_start(void) { return start_of("tig"); }

const struct bench_row bench_screen[] = {
	{"P16", "a frame of 120x40: scene to cells to terminal", "the same cells by bare ncursesw", "us",
	 measure_our_frames, measure_bare_frames, 1.5, false, 0},
	{"P16", "bytes of a frame", "the same cells by bare ncursesw", "bytes", our_bytes, bare_bytes, 1.1, false, 1},
	{"P17", "start to the first full frame (the menu)", "bare ncurses drawing a full screen", "ms",
	 our_start, bare_start, 2.0, false, 0},
	{"P17", "start to the first full frame (the menu)", "htop", "ms", our_start, htop_start, 1.0, false, 5},
	{"P17", "start to the first full frame (the menu)", "tig", "ms", our_start, tig_start, 1.0, false, 5},
	{"P17", "key to repaint", "bare ncurses moving a bar", "ms", our_key, bare_key, 1.5, false, 0},
	{"P17", "key to repaint", "htop", "ms", our_key, htop_key, 1.0, false, 5},
};
const unsigned int bench_screen_count = sizeof bench_screen / sizeof *bench_screen;
