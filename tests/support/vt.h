/* SPDX-License-Identifier: MIT */
/*
 * A terminal for tests: a program runs on a pty behind a small shell, and what it sends is read by
 * libvterm, so that a test sees what a person would see. The shell does what a shell does for a job
 * in the foreground: own process group, wait with WUNTRACED, take the terminal back when the job
 * stops or ends, give it again when it is told to continue. It is a subreaper, so that whatever
 * the program leaves behind is found below it.
 *
 * Every wait has a limit and a condition; none sleeps for a fixed time.
 */
#ifndef LOCKSTEP_TESTS_SUPPORT_VT_H
#define LOCKSTEP_TESTS_SUPPORT_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

enum { VT_PATIENCE = 10000 }; /* ms: far more than anything takes on a busy machine */

struct vt;

struct vt_options {
	int width, height;
	const char *const *arguments;   /* NULL-terminated; [0] is the program */
	const char *const *environment; /* "NAME=VALUE" set, "NAME" removed; NULL-terminated, may be NULL */
	const char *term;               /* NULL: xterm-256color */
};

struct vt *vt_open(const struct vt_options *options);
void vt_close(struct vt *vt); /* ends whatever still runs */

/* Takes what the program has sent, waiting at most `ms` for the first byte. False: nothing came. */
bool vt_pump(struct vt *vt, int ms);

/* Until the screen shows `text` (or does no longer); on failure prints the screen and returns false. */
bool vt_wait_text(struct vt *vt, const char *text, int ms);
bool vt_wait_gone(struct vt *vt, const char *text, int ms);
bool vt_shows(struct vt *vt, const char *text); /* now */
bool vt_find(struct vt *vt, const char *text, int *x, int *y);

/* Takes output until none has come for `quiet_ms`. */
void vt_settle(struct vt *vt, int quiet_ms);

void vt_send(struct vt *vt, const char *keys);
void vt_click(struct vt *vt, int x, int y); /* left button, SGR encoding */
void vt_resize(struct vt *vt, int width, int height);

/* The whole screen, a line a row without trailing blanks; valid until the next call. */
const char *vt_text(struct vt *vt);

struct vt_cell {
	uint32_t glyph;
	bool bold, reverse, underline;
	int foreground; /* index of the palette; -1: default; -2: direct colour */
};
struct vt_cell vt_cell(struct vt *vt, int x, int y);

bool vt_alternate(const struct vt *vt);
bool vt_cursor_visible(const struct vt *vt);
bool vt_mouse(const struct vt *vt);
uint64_t vt_bytes(const struct vt *vt); /* received so far */
void vt_settings(const struct vt *vt, struct termios *settings);
const struct termios *vt_settings_before(const struct vt *vt); /* before the program started */

/* ---- the job ---- */

pid_t vt_program(const struct vt *vt);
pid_t vt_child(pid_t parent, int index); /* 0 when there is none (yet) */
size_t vt_left(const struct vt *vt);     /* processes below the shell */
bool vt_wait_left(struct vt *vt, size_t count, int ms);

/* The next thing that happened to the program, as waitpid(2) tells it: stopped, exited, killed. */
bool vt_wait_status(struct vt *vt, int *status, int ms);
void vt_continue(struct vt *vt); /* fg */
/* The shell takes the terminal and sets it for itself, as after a job that was killed. */
void vt_take_terminal(struct vt *vt, const struct termios *settings);

#endif
