/* SPDX-License-Identifier: MIT */
#include "term/rescue.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

enum { UNDO_MAX = 512 };

struct rescue {
	struct termios before;
	struct termios screens_own; /* valid when `settled` */
	volatile sig_atomic_t active;
	volatile sig_atomic_t settled;
	size_t undo_length;
	char undo[UNDO_MAX]; /* what brings the terminal back, ready to be written */
};

static struct rescue *rescue;

static int undo_add(int byte)
{
	if (rescue->undo_length < UNDO_MAX)
		rescue->undo[rescue->undo_length++] = (char)byte;
	return byte;
}

static void undo_capability(const char *name)
{
	/* The library's prototype takes a char * that it does not change. */
	char copy[16];
	strncpy(copy, name, sizeof(copy) - 1);
	copy[sizeof(copy) - 1] = '\0';

	const char *string = tigetstr(copy);
	if (string != NULL && string != (const char *)-1)
		tputs(string, 1, undo_add); /* takes the padding out */
}

static void undo_string(const char *string)
{
	while (*string != '\0')
		undo_add(*string++);
}

static void undo_prepare(void)
{
	undo_capability("sgr0");
	undo_capability("op");
	undo_string("\033[?1000l\033[?1002l\033[?1003l\033[?1006l"); /* mouse reports */
	undo_capability("rmkx");
	undo_capability("cnorm");
	undo_capability("rmcup");
}

int rescue_capture(void)
{
	struct termios settings;
	if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &settings) != 0)
		return -ENOTTY;
	if (rescue == NULL) {
		void *page = mmap(NULL, sizeof(*rescue), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (page == MAP_FAILED)
			return -errno;
		rescue = page;
	}
	rescue->before = settings;
	rescue->undo_length = 0;

	int status;
	if (setupterm(NULL, STDOUT_FILENO, &status) == ERR)
		return -ENOENT;
	undo_prepare();
	del_curterm(cur_term);
	return 0;
}

void rescue_begin(void)
{
	if (rescue == NULL)
		return;
	rescue->settled = 0;
	rescue->active = 1;
}

void rescue_settled(void)
{
	if (rescue != NULL && tcgetattr(STDIN_FILENO, &rescue->screens_own) == 0)
		rescue->settled = 1;
}

void rescue_end(void)
{
	if (rescue != NULL)
		rescue->active = 0;
}

/* Compared by what they mean: the kernel hands the same structure back, padding and all, but for flags of its own. */
static bool settings_equal(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_cflag == b->c_cflag &&
	       a->c_lflag == b->c_lflag && memcmp(a->c_cc, b->c_cc, sizeof(a->c_cc)) == 0;
}

static void restore_settings(void)
{
	struct termios now;
	if (tcgetattr(STDIN_FILENO, &now) != 0)
		return;
	if (rescue->settled && !settings_equal(&now, &rescue->screens_own))
		return;
	/* Mouse reports that nobody read would be typed into the shell. */
	tcflush(STDIN_FILENO, TCIFLUSH);
	tcsetattr(STDIN_FILENO, TCSANOW, &rescue->before);
}

static void write_undo(void)
{
	size_t done = 0;
	while (done < rescue->undo_length) {
		/* A terminal that was stopped with Ctrl-S must not stop the one who cleans up. */
		struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
		if (poll(&out, 1, 200) <= 0)
			return;
		ssize_t n = write(STDOUT_FILENO, rescue->undo + done, rescue->undo_length - done);
		if (n <= 0)
			return;
		done += (size_t)n;
	}
}

void rescue_now(void)
{
	if (rescue == NULL || !rescue->active)
		return;
	rescue->active = 0;

	/* Once the shell has the terminal back we are in the background, where both would stop us. */
	int saved = errno;
	sigset_t background, mask;
	sigemptyset(&background);
	sigaddset(&background, SIGTTOU);
	sigprocmask(SIG_BLOCK, &background, &mask);
	write_undo();
	restore_settings();
	sigprocmask(SIG_SETMASK, &mask, NULL);
	errno = saved;
}
