/* SPDX-License-Identifier: MIT */
#include "view/menu.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/progress.h"
#include "view/pane.h"

static bool passes(const struct catalog_lesson *lesson, const char *filter)
{
	return filter == NULL || filter[0] == '\0' || strcasestr(lesson->name, filter) != NULL ||
	       strcasestr(lesson->title, filter) != NULL || strcasestr(lesson->chapter, filter) != NULL ||
	       strcasestr(lesson->summary, filter) != NULL;
}

size_t scene_menu(const struct scene *scene, size_t *lessons, size_t size)
{
	size_t count = 0;

	for (size_t i = 0; scene->catalog != NULL && i < scene->catalog->count; i++) {
		if (!passes(&scene->catalog->lessons[i], scene->ui.menu_filter))
			continue;
		if (count < size)
			lessons[count] = i;
		count++;
	}
	return count;
}

/* ---- the list ---- */

/* A line of the list: a chapter's heading, or a lesson. */
struct line {
	const char *chapter; /* NULL: a lesson */
	size_t lesson;
};

struct list {
	struct line *lines;
	int count;
	int first;  /* at the top of the pane */
	int name_width;
};

static void list_init(struct list *list, const struct scene *scene, int height)
{
	size_t count = scene_menu(scene, NULL, 0), *lessons = memory_array(count + 1, sizeof *lessons);
	const char *chapter = NULL;
	int selected = 0;

	*list = (struct list){.lines = memory_array(count * 3 + 1, sizeof *list->lines)};
	scene_menu(scene, lessons, count);
	for (size_t i = 0; i < count; i++) {
		const struct catalog_lesson *lesson = &scene->catalog->lessons[lessons[i]];
		if (chapter == NULL || strcmp(chapter, lesson->chapter) != 0) {
			chapter = lesson->chapter;
			list->lines[list->count++] = (struct line){.chapter = chapter};
		}
		if (lessons[i] == scene->ui.menu_selected)
			selected = list->count;
		list->lines[list->count++] = (struct line){.lesson = lessons[i]};
		int columns = (int)utf8_columns(lesson->name);
		list->name_width = columns > list->name_width ? columns : list->name_width;
	}
	if (selected >= height)
		list->first = selected - height / 2;
	if (list->first > list->count - height)
		list->first = list->count > height ? list->count - height : 0;
	free(lessons);
}

static unsigned int marks_of(const struct scene *scene, size_t lesson)
{
	return scene->marks != NULL ? scene->marks[lesson] : 0;
}

static void draw_mark(struct sheet *sheet, unsigned int marks)
{
	if ((marks & PROGRESS_FINISHED) != 0)
		sheet_glyph(sheet, STYLE_GOOD, 0x2713 /* ✓ */);
	else if ((marks & PROGRESS_SEEN) != 0)
		sheet_glyph(sheet, STYLE_NOTICE, 0x25d0 /* ◐ */);
}

static void draw_lesson(struct canvas *canvas, struct rect area, const struct list *list, const struct scene *scene, size_t index)
{
	const struct catalog_lesson *lesson = &scene->catalog->lessons[index];
	bool selected = index == scene->ui.menu_selected;
	struct sheet sheet;

	sheet_begin(&sheet, canvas, area, 0);
	draw_mark(&sheet, marks_of(scene, index));
	sheet_to_column(&sheet, 1);
	sheet_glyph(&sheet, STYLE_KEY, selected ? 0x25b8u /* ▸ */ : ' ');
	sheet_text(&sheet, selected ? STYLE_STRONG : STYLE_PLAIN, lesson->name);
	if (area.width > list->name_width + 20) {
		sheet_to_column(&sheet, list->name_width + 4);
		if (lesson->problem != NULL)
			sheet_text(&sheet, STYLE_LOST, "cannot be built");
		else
			sheet_text(&sheet, selected ? STYLE_PLAIN : STYLE_DIM, lesson->title);
	}
	if (selected)
		canvas_restyle(canvas, (struct rect){area.x + 1, area.y, area.width - 2, 1}, STYLE_REVERSE);
}

static void draw_list(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	struct list list;

	list_init(&list, scene, area.height);
	for (int row = 0; row < area.height && list.first + row < list.count; row++) {
		const struct line *line = &list.lines[list.first + row];
		struct rect place = {area.x, area.y + row, area.width, 1};
		if (line->chapter != NULL)
			canvas_text_fit(canvas, area.x + 1, area.y + row, area.width - 2, line->chapter, STYLE_TITLE);
		else
			draw_lesson(canvas, place, &list, scene, line->lesson);
	}
	if (list.count == 0)
		canvas_text_wrapped(canvas, area, "No lesson has that in it.", STYLE_DIM);
	free(list.lines);
}

bool menu_hit(const struct layout *layout, const struct scene *scene, int x, int y, size_t *lesson)
{
	struct rect area = layout_inside(layout->menu_list);
	struct list list;
	bool found = false;

	if (x < area.x || x >= area.x + area.width || y < area.y || y >= area.y + area.height)
		return false;
	list_init(&list, scene, area.height);
	int index = list.first + y - area.y;
	if (index < list.count && list.lines[index].chapter == NULL) {
		*lesson = list.lines[index].lesson;
		found = true;
	}
	free(list.lines);
	return found;
}

/* ---- what it is about ---- */

static void write_labelled(struct sheet *sheet, const char *label, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	sheet_newline(sheet);
	sheet_text(sheet, STYLE_TITLE, label);
	sheet_newline(sheet);
	sheet_flow(sheet, STYLE_PLAIN, text);
	sheet_flow_end(sheet);
	sheet_newline(sheet);
}

/* What comes of each is told to those who have seen it; before, what each is called. */
static void write_variants(struct sheet *sheet, const struct catalog_lesson *lesson, bool seen)
{
	if (lesson->variant_count == 0)
		return;
	sheet_newline(sheet);
	sheet_text(sheet, STYLE_TITLE, "Try");
	sheet_newline(sheet);
	for (size_t i = 0; i < lesson->variant_count; i++) {
		sheet->indent = 2;
		sheet_flow(sheet, STYLE_CODE, lesson->variants[i].settings);
		sheet_flow_printf(sheet, STYLE_PLAIN, " %s", seen ? lesson->variants[i].says : lesson->variants[i].name);
		sheet_flow_end(sheet);
		sheet_newline(sheet);
		sheet->indent = 0;
	}
}

static void write_parameters(struct sheet *sheet, const struct catalog_lesson *lesson)
{
	if (lesson->parameter_count == 0)
		return;
	sheet_newline(sheet);
	sheet_text(sheet, STYLE_TITLE, "Parameters");
	sheet_newline(sheet);
	for (size_t i = 0; i < lesson->parameter_count; i++) {
		sheet->indent = 2;
		sheet_flow_printf(sheet, STYLE_CODE, "%s=%s", lesson->parameters[i].name, lesson->parameters[i].fallback);
		sheet_flow_printf(sheet, STYLE_PLAIN, " %s", lesson->parameters[i].help);
		sheet_flow_end(sheet);
		sheet_newline(sheet);
		sheet->indent = 0;
	}
}

static void write_progress(struct sheet *sheet, unsigned int marks)
{
	if (marks == 0)
		return;
	sheet_newline(sheet);
	draw_mark(sheet, marks);
	sheet_to_column(sheet, 2);
	sheet_text(sheet, STYLE_PLAIN, (marks & PROGRESS_FINISHED) != 0 ? "finished" : "seen, not run to its end");
	sheet_text(sheet, STYLE_PLAIN, (marks & PROGRESS_RIGHT) != 0 ? ", predicted right" : "");
	sheet_newline(sheet);
}

/* Whose file it is, and, when it cannot be run, what the compiler said: a line of that is a line here. */
static void write_own(struct sheet *sheet, const struct catalog_lesson *lesson)
{
	const char *at = lesson->problem;

	if (!lesson->own)
		return;
	write_labelled(sheet, "Your own file", lesson->source);
	if (at == NULL)
		return;
	sheet_newline(sheet);
	sheet_text(sheet, STYLE_LOST, "It cannot be built");
	for (size_t length; *at != '\0'; at += length, at += *at == '\n') {
		length = strcspn(at, "\n");
		if (*at == ' ') /* it quotes the source */
			continue;
		sheet_newline(sheet);
		sheet_flow_bytes(sheet, STYLE_PLAIN, at, length);
		sheet_flow_end(sheet);
	}
	sheet_newline(sheet);
}

/* `seen`: it was run to its end. Before that nothing here gives away what the lesson asks. */
static void draw_about(struct canvas *canvas, struct rect area, const struct catalog_lesson *lesson, unsigned int marks, bool seen)
{
	struct sheet sheet;

	area.x++;
	area.width -= 2;
	sheet_begin(&sheet, canvas, area, 0);
	sheet_flow(&sheet, STYLE_STRONG, lesson->title);
	sheet_flow_end(&sheet);
	sheet_newline(&sheet);
	sheet_newline(&sheet);
	sheet_flow(&sheet, STYLE_PLAIN, lesson->summary);
	sheet_flow_end(&sheet);
	sheet_newline(&sheet);
	write_progress(&sheet, marks);
	write_own(&sheet, lesson);
	if (seen)
		write_labelled(&sheet, "Right", lesson->right);
	write_variants(&sheet, lesson, seen);
	write_parameters(&sheet, lesson);
}

static void draw_problems(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	const char *problems = scene->catalog != NULL ? scene->catalog->problems.bytes : "";

	canvas_text_wrapped(canvas, area, problems[0] ? problems : "There are no lessons.", STYLE_PLAIN);
}

static bool any_mark(const struct scene *scene)
{
	for (size_t i = 0; i < scene->catalog->count; i++)
		if (scene->marks[i] != 0)
			return true;
	return false;
}

void menu_draw(struct canvas *canvas, const struct layout *layout, const struct scene *scene)
{
	const struct catalog *catalog = scene->catalog;
	bool any = catalog != NULL && scene->ui.menu_selected < catalog->count && scene_menu(scene, NULL, 0) > 0;
	unsigned int marks = any ? marks_of(scene, scene->ui.menu_selected) : 0;
	struct text title = TEXT_INIT;

	if (scene->ui.menu_filter != NULL && scene->ui.menu_filter[0] != '\0')
		text_printf(&title, "lessons with \"%s\"", scene->ui.menu_filter);
	else if (scene->marks != NULL && scene->next < catalog->count && any_mark(scene))
		text_printf(&title, "next: %s", catalog->lessons[scene->next].name);
	if (title.length == 0)
		text_add(&title, "lessons");
	canvas_frame(canvas, layout->menu_list, title.bytes, true);
	canvas_frame(canvas, layout->menu_about, any ? catalog->lessons[scene->ui.menu_selected].name : "", false);
	draw_list(canvas, layout_inside(layout->menu_list), scene);
	if (any)
		draw_about(canvas, layout_inside(layout->menu_about), &catalog->lessons[scene->ui.menu_selected], marks,
		           scene->marks == NULL || (marks & PROGRESS_FINISHED) != 0);
	else if (catalog == NULL || catalog->count == 0)
		draw_problems(canvas, layout_inside(layout->menu_about), scene);
	text_release(&title);
}
