/* SPDX-License-Identifier: MIT */
/* What P17 is held against: a program that draws a full screen by ncurses, and moves a bar at each key. */
#include <curses.h>
#include <locale.h>

static void draw(int bar)
{
	for (int y = 0; y < LINES; y++) {
		if (y == bar % LINES)
			attron(A_REVERSE);
		for (int x = 0; x < COLS - 1; x++)
			mvaddch(y, x, (chtype)('a' + (x + y) % 26));
		attroff(A_REVERSE);
	}
	refresh();
}

int main(void)
{
	setlocale(LC_ALL, "");
	if (newterm(NULL, stdout, stdin) == NULL)
		return 1;
	noecho();
	cbreak();
	for (int bar = 0; bar == 0 || getch() != ERR; bar++)
		draw(bar);
	endwin();
	return 0;
}
