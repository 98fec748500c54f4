/* SPDX-License-Identifier: MIT */
#include "support/vt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

struct vt {
	int master;
	int reports;  /* from the shell: the program's pid, then wait statuses */
	int commands; /* to the shell: a byte each */
	pid_t shell;
	pid_t program;
	VTerm *term;
	VTermScreen *screen;
	bool alternate, cursor_visible, mouse;
	char tail[8]; /* the last bytes received, for watch_mouse() */
	uint64_t bytes;
	struct termios before;
	char *text;
	size_t text_size;
};

static int64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the shell: runs in the child of forkpty, asserts nothing, reports ---- */

static void set_environment(const struct vt_options *options)
{
	setenv("TERM", options->term != NULL ? options->term : "xterm-256color", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	unsetenv("NO_COLOR");
	unsetenv("COLUMNS");
	unsetenv("LINES");
	for (size_t i = 0; options->environment != NULL && options->environment[i] != NULL; i++) {
		if (strchr(options->environment[i], '=') != NULL)
			putenv(strdup(options->environment[i]));
		else
			unsetenv(options->environment[i]);
	}
}

static void run_program(const struct vt_options *options)
{
	setpgid(0, 0);
	tcsetpgrp(STDIN_FILENO, getpid());
	signal(SIGTTOU, SIG_DFL);
	set_environment(options);

	size_t count = 0;
	while (options->arguments[count] != NULL)
		count++;
	char **arguments = calloc(count + 1, sizeof(*arguments));
	for (size_t i = 0; i < count; i++)
		arguments[i] = strdup(options->arguments[i]);
	execv(arguments[0], arguments);
	printf("cannot run %s: %s", arguments[0], strerror(errno)); /* onto the screen that the test looks at */
	fflush(stdout);
	_exit(127);
}

static void take_terminal_back(int report, int status)
{
	tcsetpgrp(STDIN_FILENO, getpid());
	if (write(report, &status, sizeof(status)) != sizeof(status))
		_exit(1);
}

static void shell(const struct vt_options *options, int report, int command)
{
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pid_t program = fork();
	if (program == 0)
		run_program(options);
	if (write(report, &program, sizeof(program)) != sizeof(program))
		_exit(1);

	for (;;) {
		struct pollfd wish = {.fd = command, .events = POLLIN};
		int status;
		pid_t pid = waitpid(-1, &status, WUNTRACED | WNOHANG);
		if (pid == program)
			take_terminal_back(report, status);
		if (pid > 0)
			continue;
		if (poll(&wish, 1, 5) <= 0)
			continue;
		char byte;
		if (read(command, &byte, 1) != 1)
			_exit(0);
		tcsetpgrp(STDIN_FILENO, byte == 'f' ? program : getpid());
		if (byte == 'f')
			kill(-program, SIGCONT);
		else if (write(report, &byte, 1) != 1)
			_exit(1);
	}
}

/* ---- the test's side ---- */

static int set_property(VTermProp property, VTermValue *value, void *user)
{
	struct vt *vt = user;

	if (property == VTERM_PROP_ALTSCREEN)
		vt->alternate = value->boolean;
	else if (property == VTERM_PROP_CURSORVISIBLE)
		vt->cursor_visible = value->boolean;
	return 1;
}

static void make_screen(struct vt *vt, int width, int height)
{
	static const VTermScreenCallbacks callbacks = {.settermprop = set_property};

	vt->cursor_visible = true;
	vt->term = vterm_new(height, width);
	vterm_set_utf8(vt->term, 1);
	vt->screen = vterm_obtain_screen(vt->term);
	vterm_screen_set_callbacks(vt->screen, &callbacks, vt);
	vterm_screen_enable_altscreen(vt->screen, 1);
	vterm_screen_reset(vt->screen, 1);
}

struct vt *vt_open(const struct vt_options *options)
{
	struct vt *vt = calloc(1, sizeof(*vt));
	struct winsize size = {.ws_row = (unsigned short)options->height, .ws_col = (unsigned short)options->width};
	int report[2], command[2];

	if (vt == NULL || pipe2(report, O_CLOEXEC) != 0 || pipe2(command, O_CLOEXEC) != 0)
		abort();
	/* The pty's settings before the program: forkpty itself changes none. */
	int master, slave;
	if (openpty(&master, &slave, NULL, NULL, &size) != 0 || tcgetattr(slave, &vt->before) != 0)
		abort();
	vt->shell = fork();
	if (vt->shell == 0) {
		close(master);
		close(report[0]);
		close(command[1]);
		if (login_tty(slave) != 0)
			_exit(1);
		shell(options, report[1], command[0]);
	}
	close(slave);
	close(report[1]);
	close(command[0]);
	vt->master = master;
	vt->reports = report[0];
	vt->commands = command[1];
	fcntl(master, F_SETFD, FD_CLOEXEC);
	fcntl(master, F_SETFL, O_NONBLOCK);
	make_screen(vt, options->width, options->height);
	if (vt->shell < 0 || read(vt->reports, &vt->program, sizeof(vt->program)) != sizeof(vt->program))
		abort();
	return vt;
}

void vt_close(struct vt *vt)
{
	if (vt == NULL)
		return;
	pid_t pid;
	while ((pid = vt_child(vt->shell, 0)) != 0 && kill(pid, SIGKILL) == 0 && vt_wait_left(vt, vt_left(vt) - 1, 1000))
		continue;
	close(vt->commands);
	close(vt->master);
	close(vt->reports);
	kill(vt->shell, SIGKILL);
	waitpid(vt->shell, NULL, 0);
	vterm_free(vt->term);
	free(vt->text);
	free(vt);
}

/* libvterm obeys the first number only of "CSI ? 1006 ; 1000 h". */
static void watch_mouse(struct vt *vt, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		memmove(vt->tail, vt->tail + 1, 5);
		vt->tail[4] = bytes[i];
		if (memcmp(vt->tail, "1000h", 5) == 0 || memcmp(vt->tail, "1000l", 5) == 0)
			vt->mouse = bytes[i] == 'h';
	}
}

bool vt_pump(struct vt *vt, int ms)
{
	struct pollfd in = {.fd = vt->master, .events = POLLIN};
	char buffer[65536];
	bool some = false;

	if (poll(&in, 1, ms) <= 0)
		return false;
	ssize_t n;
	while ((n = read(vt->master, buffer, sizeof(buffer))) > 0) {
		vterm_input_write(vt->term, buffer, (size_t)n);
		watch_mouse(vt, buffer, (size_t)n);
		vt->bytes += (uint64_t)n;
		some = true;
	}
	while ((n = (ssize_t)vterm_output_read(vt->term, buffer, sizeof(buffer))) > 0)
		if (write(vt->master, buffer, (size_t)n) != n)
			break;
	return some;
}

void vt_settle(struct vt *vt, int quiet_ms)
{
	while (vt_pump(vt, quiet_ms))
		continue;
}

/* ---- looking ---- */

static void text_put(struct vt *vt, size_t *length, uint32_t glyph)
{
	char *out = vt->text + *length;

	if (glyph == 0)
		glyph = ' ';
	if (glyph < 0x80) {
		out[0] = (char)glyph;
		*length += 1;
	} else if (glyph < 0x800) {
		out[0] = (char)(0xc0 | (glyph >> 6));
		out[1] = (char)(0x80 | (glyph & 0x3f));
		*length += 2;
	} else if (glyph < 0x10000) {
		out[0] = (char)(0xe0 | (glyph >> 12));
		out[1] = (char)(0x80 | ((glyph >> 6) & 0x3f));
		out[2] = (char)(0x80 | (glyph & 0x3f));
		*length += 3;
	} else {
		out[0] = (char)(0xf0 | (glyph >> 18));
		out[1] = (char)(0x80 | ((glyph >> 12) & 0x3f));
		out[2] = (char)(0x80 | ((glyph >> 6) & 0x3f));
		out[3] = (char)(0x80 | (glyph & 0x3f));
		*length += 4;
	}
}

const char *vt_text(struct vt *vt)
{
	int rows, columns;

	vterm_get_size(vt->term, &rows, &columns);
	size_t size = (size_t)rows * ((size_t)columns * 4 + 1) + 1;
	if (size > vt->text_size) {
		vt->text = realloc(vt->text, size);
		vt->text_size = size;
	}
	size_t length = 0;
	for (int y = 0; y < rows; y++) {
		size_t start = length, end = length;
		for (int x = 0; x < columns; x++) {
			VTermScreenCell cell;
			vterm_screen_get_cell(vt->screen, (VTermPos){.row = y, .col = x}, &cell);
			if (cell.chars[0] == (uint32_t)-1)
				continue; /* right half of a wide character */
			text_put(vt, &length, cell.chars[0]);
			if (cell.chars[0] != 0 && cell.chars[0] != ' ')
				end = length;
		}
		length = end > start ? end : start;
		vt->text[length++] = '\n';
	}
	vt->text[length] = '\0';
	return vt->text;
}

bool vt_shows(struct vt *vt, const char *text)
{
	return strstr(vt_text(vt), text) != NULL;
}

bool vt_find(struct vt *vt, const char *text, int *x, int *y)
{
	const char *screen = vt_text(vt);
	const char *found = strstr(screen, text);

	if (found == NULL)
		return false;
	*x = *y = 0;
	for (const char *p = screen; p < found; p++) {
		if (*p == '\n') {
			*x = 0;
			(*y)++;
		} else if (((unsigned char)*p & 0xc0) != 0x80) {
			(*x)++;
		}
	}
	return true;
}

static bool wait_shows(struct vt *vt, const char *text, bool wanted, int ms)
{
	int64_t end = now_ms() + ms;

	while (vt_shows(vt, text) != wanted) {
		if (now_ms() > end) {
			fprintf(stderr, "the screen %s \"%s\" after %d ms:\n%s", wanted ? "does not show" : "still shows",
				text, ms, vt_text(vt));
			return false;
		}
		vt_pump(vt, 50);
	}
	return true;
}

bool vt_wait_text(struct vt *vt, const char *text, int ms)
{
	return wait_shows(vt, text, true, ms);
}

bool vt_wait_gone(struct vt *vt, const char *text, int ms)
{
	return wait_shows(vt, text, false, ms);
}

struct vt_cell vt_cell(struct vt *vt, int x, int y)
{
	VTermScreenCell cell;

	vterm_screen_get_cell(vt->screen, (VTermPos){.row = y, .col = x}, &cell);
	return (struct vt_cell){
		.glyph = cell.chars[0],
		.bold = cell.attrs.bold,
		.reverse = cell.attrs.reverse,
		.underline = cell.attrs.underline != 0,
		.foreground = VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ? -1 : VTERM_COLOR_IS_INDEXED(&cell.fg) ? cell.fg.indexed.idx : -2,
	};
}

bool vt_alternate(const struct vt *vt)
{
	return vt->alternate;
}

bool vt_cursor_visible(const struct vt *vt)
{
	return vt->cursor_visible;
}

bool vt_mouse(const struct vt *vt)
{
	return vt->mouse;
}

uint64_t vt_bytes(const struct vt *vt)
{
	return vt->bytes;
}

void vt_settings(const struct vt *vt, struct termios *settings)
{
	memset(settings, 0, sizeof(*settings));
	tcgetattr(vt->master, settings); /* on Linux the master answers for the slave */
}

const struct termios *vt_settings_before(const struct vt *vt)
{
	return &vt->before;
}

/* ---- doing ---- */

void vt_send(struct vt *vt, const char *keys)
{
	size_t length = strlen(keys);

	while (length > 0) {
		ssize_t n = write(vt->master, keys, length);
		if (n > 0) {
			keys += n;
			length -= (size_t)n;
		} else {
			vt_pump(vt, 10);
		}
	}
}

void vt_click(struct vt *vt, int x, int y)
{
	char report[64];

	snprintf(report, sizeof(report), "\033[<0;%d;%dM\033[<0;%d;%dm", x + 1, y + 1, x + 1, y + 1);
	vt_send(vt, report);
}

void vt_resize(struct vt *vt, int width, int height)
{
	struct winsize size = {.ws_row = (unsigned short)height, .ws_col = (unsigned short)width};

	vterm_set_size(vt->term, height, width);
	ioctl(vt->master, TIOCSWINSZ, &size);
}

/* ---- the job ---- */

pid_t vt_program(const struct vt *vt)
{
	return vt->program;
}

static FILE *open_children(pid_t parent)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)parent, (int)parent);
	return fopen(path, "r");
}

pid_t vt_child(pid_t parent, int index)
{
	FILE *file = open_children(parent);
	int pid = 0;

	if (file == NULL)
		return 0;
	for (int i = 0; i <= index; i++)
		if (fscanf(file, "%d", &pid) != 1)
			pid = 0;
	fclose(file);
	return pid;
}

static size_t count_below(pid_t parent)
{
	size_t count = 0;
	FILE *file = open_children(parent);
	int pid;

	if (file == NULL)
		return 0;
	while (fscanf(file, "%d", &pid) == 1)
		count += 1 + count_below(pid);
	fclose(file);
	return count;
}

size_t vt_left(const struct vt *vt)
{
	return count_below(vt->shell);
}

static void print_below(pid_t parent)
{
	FILE *file = open_children(parent);
	int pid;

	while (file != NULL && fscanf(file, "%d", &pid) == 1) {
		char path[64], line[512] = "";
		snprintf(path, sizeof(path), "/proc/%d/stat", pid);
		FILE *stat = fopen(path, "r");
		if (stat != NULL && fgets(line, sizeof(line), stat) != NULL)
			fprintf(stderr, "  %.60s\n", line);
		if (stat != NULL)
			fclose(stat);
		print_below(pid);
	}
	if (file != NULL)
		fclose(file);
}

bool vt_wait_left(struct vt *vt, size_t count, int ms)
{
	int64_t end = now_ms() + ms;

	while (vt_left(vt) > count) {
		if (now_ms() > end) {
			fprintf(stderr, "%zu processes are left after %d ms:\n", vt_left(vt), ms);
			print_below(vt->shell);
			return false;
		}
		vt_pump(vt, 5);
	}
	return true;
}

bool vt_wait_status(struct vt *vt, int *status, int ms)
{
	int64_t end = now_ms() + ms;
	struct pollfd report = {.fd = vt->reports, .events = POLLIN};

	while (poll(&report, 1, 0) <= 0) {
		if (now_ms() > end) {
			fprintf(stderr, "the program has neither ended nor stopped after %d ms:\n%s", ms, vt_text(vt));
			return false;
		}
		vt_pump(vt, 5); /* a program that nobody reads may block in a write */
	}
	if (read(vt->reports, status, sizeof(*status)) != sizeof(*status))
		return false;
	while (vt_pump(vt, 0))
		continue;
	return true;
}

void vt_take_terminal(struct vt *vt, const struct termios *settings)
{
	char byte = 't';

	if (write(vt->commands, &byte, 1) != 1 || read(vt->reports, &byte, 1) != 1)
		abort();
	tcsetattr(vt->master, TCSANOW, settings);
}

void vt_continue(struct vt *vt)
{
	if (write(vt->commands, "f", 1) != 1)
		abort();
}
