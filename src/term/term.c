/* SPDX-License-Identifier: MIT */
#include "term/term.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/memory.h"
#include "term/palette.h"
#include "term/rescue.h"

/* A press and its release that arrive together become a click, whatever the interval. */
#define LEFT_BUTTON (BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON1_TRIPLE_CLICKED)

struct term {
	SCREEN *screen;
	WINDOW *input; /* a pad: reading from a window would draw it first */
	int width, height;
	int colors;
	bool ascii;
	attr_t attributes[STYLE_COUNT];
	struct cell *shown; /* what was presented last, row by row */
	bool shown_valid;
	cchar_t *row; /* one row on its way to curses */
};

bool term_available(void)
{
	const char *name = getenv("TERM");
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && name != NULL && *name != '\0' &&
	       strcmp(name, "dumb") != 0;
}

/* ---- opening and closing ---- */

/*
 * Nothing said about the locale means a plain container or a bare ssh, behind which stands a
 * terminal that knows UTF-8; a locale that was chosen is obeyed.
 */
static bool locale_is_utf8(void)
{
	static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	bool chosen = false;
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);
		chosen = chosen || (value != NULL && *value != '\0');
	}
	if (chosen)
		setlocale(LC_CTYPE, "");
	else
		setlocale(LC_CTYPE, "C.UTF-8");
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void ask_size(int *width, int *height)
{
	struct winsize size;
	*width = 80;
	*height = 24;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
		*width = size.ws_col;
		*height = size.ws_row;
	}
}

static void take_size(struct term *term, int width, int height)
{
	term->width = width;
	term->height = height;
	term->shown = memory_resize(term->shown, (size_t)width * (size_t)height, sizeof(*term->shown));
	term->row = memory_resize(term->row, (size_t)width, sizeof(*term->row));
	term->shown_valid = false;
}

static bool color_wanted(const struct term_options *options)
{
	const char *no_color = getenv("NO_COLOR");
	return options->color && (no_color == NULL || *no_color == '\0');
}

static void set_modes(struct term *term)
{
	raw();
	noecho();
	nonl();
	typeahead(-1); /* a frame is sent whole: the loop has drained the keys before it draws */
	curs_set(0);
	set_escdelay(25);
	keypad(term->input, TRUE);
	nodelay(term->input, TRUE);
	mousemask(LEFT_BUTTON | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	mouseinterval(0); /* else curses waits to see whether a press becomes a click */
}

struct term *term_open(const struct term_options *options, struct text *problem)
{
	if (!term_available()) {
		text_add(problem, "standard input and output are not a terminal that a screen can be drawn on");
		return NULL;
	}
	struct term *term = memory_new(sizeof(*term));
	term->ascii = !locale_is_utf8() || options->ascii;

	rescue_begin();
	term->screen = newterm(NULL, stdout, stdin);
	if (term->screen == NULL) {
		rescue_end();
		text_printf(problem, "terminfo does not know the terminal TERM=%s", getenv("TERM"));
		free(term);
		return NULL;
	}
	/* Until it comes back from a shell, curses sends what it has at every move of the cursor, not a frame at once. */
	endwin();
	doupdate();
	term->input = newpad(1, 1);
	set_modes(term);
	term->colors = palette_apply(color_wanted(options), term->attributes);

	int width, height;
	ask_size(&width, &height);
	if (width != COLS || height != LINES)
		resizeterm(height, width);
	take_size(term, width, height);
	rescue_settled();
	return term;
}

/*
 * When the supervisor was killed, the shell has the terminal again and we are in the background:
 * its settings are no longer ours to change, and trying would stop us.
 */
static void give_back(void)
{
	sigset_t background, mask;

	sigemptyset(&background);
	sigaddset(&background, SIGTTOU);
	sigprocmask(SIG_BLOCK, &background, &mask);
	if (tcgetpgrp(STDIN_FILENO) == getpgrp())
		endwin();
	else
		rescue_now();
	rescue_end();
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

void term_close(struct term *term)
{
	if (term == NULL)
		return;
	give_back();
	delwin(term->input);
	delscreen(term->screen);
	free(term->shown);
	free(term->row);
	free(term);
}

int term_input_fd(const struct term *term)
{
	(void)term;
	return STDIN_FILENO;
}

bool term_ascii(const struct term *term)
{
	return term->ascii;
}

void term_size(const struct term *term, int *width, int *height)
{
	*width = term->width;
	*height = term->height;
}

bool term_resize(struct term *term)
{
	int width, height;
	ask_size(&width, &height);
	if (width == term->width && height == term->height)
		return false;
	resizeterm(height, width);
	take_size(term, width, height);
	return true;
}

void term_redraw(struct term *term)
{
	clearok(curscr, TRUE);
	term->shown_valid = false;
}

void term_suspend(struct term *term)
{
	(void)term;
	endwin();
	rescue_end();
}

void term_resume(struct term *term)
{
	rescue_begin();
	term_resize(term);
	term_redraw(term);
	doupdate(); /* takes the terminal back, modes and mouse too */
	rescue_settled();
}

/* ---- output ---- */

static bool cell_equal(const struct cell *a, const struct cell *b)
{
	return a->glyph == b->glyph && a->mark == b->mark && a->style == b->style;
}

/* One cell as curses wants it. Where the C library's width of the character is not the canvas's, a stand-in. */
static void cell_convert(const struct term *term, const struct cell *cell, int columns, cchar_t *out)
{
	wchar_t characters[3] = {(wchar_t)cell->glyph, (wchar_t)cell->mark, 0};
	if (cell->glyph == 0)
		characters[0] = L' ';
	else if ((cell->glyph < ' ' || cell->glyph > '~') && wcwidth(characters[0]) != columns)
		characters[0] = L'?';
	if (cell->mark != 0 && wcwidth(characters[1]) != 0)
		characters[1] = 0;

	unsigned int style = cell->style & 0x3f;
	if (style >= STYLE_COUNT)
		style = STYLE_PLAIN;
	attr_t attributes = term->attributes[style];
	if (cell->style & STYLE_REVERSE)
		attributes ^= A_REVERSE;
	if (cell->style & STYLE_UNDERLINE)
		attributes |= A_UNDERLINE;
	setcchar(out, characters, attributes & ~A_COLOR, (short)PAIR_NUMBER((int)attributes), NULL);
}

/* Sends the columns first … last (inclusive) of a row to curses; wide characters are one cell there. */
static void send_span(struct term *term, const struct cell *cells, int width, int y, int first, int last)
{
	while (first > 0 && cells[first].glyph == 0)
		first--;
	int count = 0;
	for (int x = first; x <= last;) {
		int columns = x + 1 < width && cells[x + 1].glyph == 0 && cells[x].glyph != 0 ? 2 : 1;
		cell_convert(term, &cells[x], columns, &term->row[count++]);
		/* The stand-in is narrow: the other half is blank. */
		if (columns == 2 && term->row[count - 1].chars[0] == L'?') {
			static const struct cell blank = {.glyph = ' '};
			cell_convert(term, &blank, 1, &term->row[count++]);
		}
		x += columns;
	}
	mvwadd_wchnstr(stdscr, y, first, term->row, count);
}

static bool send_row(struct term *term, const struct cell *cells, int width, int y)
{
	struct cell *shown = term->shown + (size_t)y * (size_t)term->width;
	int first = 0, last = width - 1;
	if (term->shown_valid) {
		while (first <= last && cell_equal(&cells[first], &shown[first]))
			first++;
		while (last > first && cell_equal(&cells[last], &shown[last]))
			last--;
		if (first > last)
			return false;
	}
	memcpy(shown + first, cells + first, (size_t)(last - first + 1) * sizeof(*shown));
	send_span(term, cells, width, y, first, last);
	return true;
}

void term_present(struct term *term, const struct canvas *canvas)
{
	int width = canvas->width < term->width ? canvas->width : term->width;
	int height = canvas->height < term->height ? canvas->height : term->height;
	bool changed = !term->shown_valid;

	if (!term->shown_valid)
		werase(stdscr);
	for (int y = 0; y < height; y++)
		changed |= send_row(term, canvas->cells + (size_t)y * (size_t)canvas->width, width, y);
	term->shown_valid = width == term->width && height == term->height;
	if (changed) {
		wnoutrefresh(stdscr);
		doupdate();
	}
}

/* ---- input ---- */

static const struct {
	int curses;
	uint32_t key;
} KEYS[] = {
	{KEY_UP, TERM_KEY_UP},          {KEY_DOWN, TERM_KEY_DOWN},
	{KEY_LEFT, TERM_KEY_LEFT},      {KEY_RIGHT, TERM_KEY_RIGHT},
	{KEY_PPAGE, TERM_KEY_PAGE_UP},  {KEY_NPAGE, TERM_KEY_PAGE_DOWN},
	{KEY_HOME, TERM_KEY_HOME},      {KEY_END, TERM_KEY_END},
	{KEY_ENTER, TERM_KEY_ENTER},    {KEY_BACKSPACE, TERM_KEY_BACKSPACE},
	{KEY_DC, TERM_KEY_DELETE},      {KEY_BTAB, TERM_KEY_BACKTAB},
};

static bool read_mouse(struct term_input *input)
{
	MEVENT event;
	if (getmouse(&event) != OK)
		return false;
	input->x = event.x;
	input->y = event.y;
	if (event.bstate & LEFT_BUTTON)
		input->key = TERM_MOUSE_PRESS;
	else if (event.bstate & BUTTON4_PRESSED)
		input->key = TERM_MOUSE_WHEEL_UP;
	else if (event.bstate & BUTTON5_PRESSED)
		input->key = TERM_MOUSE_WHEEL_DOWN;
	else
		return false;
	return true;
}

static bool read_special(int code, struct term_input *input)
{
	if (code == KEY_MOUSE)
		return read_mouse(input);
	for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++)
		if (KEYS[i].curses == code) {
			input->key = KEYS[i].key;
			return true;
		}
	return false; /* KEY_RESIZE of our own resizeterm(), keys that nobody uses */
}

static bool read_character(wint_t character, struct term_input *input)
{
	input->key = character;
	if (character == '\n')
		input->key = TERM_KEY_ENTER;
	else if (character == 0x7f || character == '\b')
		input->key = TERM_KEY_BACKSPACE;
	return true;
}

bool term_read(struct term *term, struct term_input *input)
{
	for (;;) {
		wint_t character;
		int kind = wget_wch(term->input, &character);
		memset(input, 0, sizeof(*input));
		if (kind == ERR)
			return false;
		if (kind == KEY_CODE_YES ? read_special((int)character, input) : read_character(character, input))
			return true;
	}
}
