/* SPDX-License-Identifier: MIT */
/* The help: every row of KEY_TABLE by group, and what the signs mean. */
#include <string.h>

#include "view/keyline.h"
#include "view/keys.h"
#include "view/mark.h"
#include "view/pane.h"

enum { KEY_COLUMN = 13, TWO_COLUMNS = 116, SIGN_COLUMN = 5 };

static const struct key_row {
	enum action action;
	const char *keys, *group, *help;
} rows[] = {
#define X(action, keys, label, group, help) {action, keys, group, help},
	KEY_TABLE(X)
#undef X
};

enum { ROWS = sizeof rows / sizeof rows[0] };

/* What keys do in a recording, where that is something else; "": nothing. */
static const struct {
	enum action action;
	const char *help;
} in_replay[] = {
	{ACTION_RUN, "play it, or pause; at its end: play it again"},
	{ACTION_STEP, ""},
	{ACTION_CHOOSE, ""},
	{ACTION_FINISH, ""},
	{ACTION_BACK, "one step back, or one event"},
	{ACTION_FASTER, "play faster"},
	{ACTION_SLOWER, "play slower"},
	{ACTION_AGAIN, "to its beginning"},
	{ACTION_RESEED, ""},
	{ACTION_STRATEGY, ""},
	{ACTION_LIVE, "go on from here in real processes, led there along the recorded choices"},
	{ACTION_FREE, ""},
	{ACTION_LEFT, "one step back; in a free run one event"},
	{ACTION_RIGHT, "one step on; in a free run one event"},
	{ACTION_FIRST, "to its beginning"},
	{ACTION_LAST, "to its end"},
	{ACTION_BRANCH, ""},
	{ACTION_PARAMETERS, ""},
	{ACTION_LOCK, ""},
	{ACTION_TWENTY, ""},
	{ACTION_TOUR, ""},
	{ACTION_RECORD, ""},
};

static const char *help_of(const struct scene *scene, const struct key_row *row)
{
	bool replay = scene->ui.room == ROOM_RUN && scene->run.replay;

	for (size_t i = 0; replay && i < sizeof in_replay / sizeof in_replay[0]; i++)
		if (in_replay[i].action == row->action)
			return in_replay[i].help;
	return row->help;
}

static const struct {
	uint32_t glyph;
	unsigned int style;
	const char *meaning;
} signs[] = {
	{0x25b7, STYLE_READY, "stands before its next operation"},
	{0x25cf, STYLE_RUNNING, "running"},
	{0x25f7, STYLE_WAITING, "waits for somebody else; in the timeline ╌╌"},
	{'z', STYLE_SLEEPING, "asleep until the time told"},
	{0x25cb, STYLE_DIM, "born, not yet at its first line"},
	{0x2026, STYLE_RUNNING, "computes, or sits in a system call of its own"},
	{0x2713, STYLE_EXITED, "has ended well"},
	{0x2717, STYLE_LOST, "has ended with an error or was killed"},
	{0x2020, STYLE_EXITED, "has ended and was not joined yet: a zombie"},
	{0x2022, STYLE_NOTICE, "what the last step changed, in every pane"},
};

static void begin_group(struct sheet *sheet, const char *name)
{
	if (sheet->line > 0)
		sheet_newline(sheet); /* an empty line before it */
	sheet_text(sheet, STYLE_TITLE, name);
	sheet_newline(sheet);
}

/* "1 2 3 4 5 6 7 8 9 0" is told as "1-9 0". */
static void key_name(struct text *out, const char *keys)
{
	if (strncmp(keys, "1 2 3", 5) == 0)
		text_add(out, "1-9 0");
	else
		keyline_name(out, keys, true);
}

static void write_key(struct sheet *sheet, const struct key_row *row, const char *help)
{
	struct text name = TEXT_INIT;

	key_name(&name, row->keys);
	sheet_text(sheet, STYLE_KEY, name.bytes);
	sheet->indent = KEY_COLUMN;
	sheet_to_column(sheet, KEY_COLUMN);
	sheet_flow(sheet, STYLE_PLAIN, help);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
	sheet->indent = 0;
	text_release(&name);
}

static void write_keys(struct sheet *sheet, const struct scene *scene, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		if (i == 0 || strcmp(rows[i].group, rows[i - 1].group) != 0)
			begin_group(sheet, rows[i].group);
		const char *help = help_of(scene, &rows[i]);
		if (help[0] != '\0')
			write_key(sheet, &rows[i], help);
	}
}

static void write_signs(struct sheet *sheet)
{
	begin_group(sheet, "Signs");
	for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		sheet_glyph(sheet, signs[i].style, signs[i].glyph);
		sheet->indent = SIGN_COLUMN;
		sheet_to_column(sheet, SIGN_COLUMN);
		sheet_flow(sheet, STYLE_PLAIN, signs[i].meaning);
		sheet_flow_end(sheet);
		sheet_newline(sheet);
		sheet->indent = 0;
	}
}

static void write_letters(struct sheet *sheet)
{
	begin_group(sheet, "Letters of the timeline");
	for (unsigned int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		if (event_kind_info(kind)->mark == 0)
			continue;
		int column = sheet->column;
		sheet_glyph(sheet, mark_style(kind), (uint32_t)event_kind_info(kind)->mark);
		sheet_to_column(sheet, column + 2);
		sheet_printf(sheet, STYLE_PLAIN, "%s", event_kind_info(kind)->op);
		if (sheet->column < sheet->area.width / 2 && sheet->area.width >= 48)
			sheet_to_column(sheet, sheet->area.width / 2);
		else
			sheet_newline(sheet);
	}
	if (sheet->column > 0)
		sheet_newline(sheet);
}

/* What moves the run, and the signs, on the left; all other keys on the right. */
static size_t right_column(void)
{
	size_t row = 1;

	while (row < ROWS && strcmp(rows[row].group, rows[row - 1].group) == 0)
		row++;
	return row;
}

static void write_beside(struct sheet *sheet, const struct scene *scene)
{
	struct sheet right = *sheet;
	int half = sheet->area.width / 2;

	right.area.x += half + 1;
	right.area.width -= half + 1;
	sheet->area.width = half - 1;
	write_keys(sheet, scene, 0, right_column());
	write_signs(sheet);
	write_letters(sheet);
	write_keys(&right, scene, right_column(), ROWS);
	if (right.line > sheet->line)
		sheet->line = right.line;
}

static void write_help(struct sheet *sheet, const struct scene *scene)
{
	if (sheet->area.width >= TWO_COLUMNS - 4) {
		write_beside(sheet, scene);
		return;
	}
	write_keys(sheet, scene, 0, ROWS);
	write_signs(sheet);
	write_letters(sheet);
}

const struct overlay_pane overlay_help = {.name = "help", .high = true, .write = write_help};
