/* SPDX-License-Identifier: MIT */
#include "term/term.h"

#include <curses.h>
#include <errno.h>
#include <term.h>
#include <unistd.h>

int term_known_colors(void)
{
	TERMINAL *before = cur_term;
	int error, colors;

	if (setupterm(NULL, STDOUT_FILENO, &error) != OK)
		return -ENOENT;
	colors = tigetnum("colors");
	del_curterm(set_curterm(before));
	return colors > 0 ? colors : 0;
}

const char *term_library(void)
{
	return curses_version();
}
