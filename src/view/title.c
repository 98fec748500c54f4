/* SPDX-License-Identifier: MIT */
#include "view/title.h"

#include "base/text.h"
#include "base/utf8.h"
#include "view/lane.h"
#include "view/sheet.h"

/* A part of the line. Those of the highest rank are left out where room is short. */
struct part {
	struct text text;
	unsigned int style;
	int rank;
	bool elastic; /* takes what the others leave */
};

enum { ELASTIC_LEAST = 20 };

enum { PARTS = 12, GAP = 2, STAGE_MARGIN = 2 };

static struct part *add(struct part *parts, int *count, unsigned int style, int rank)
{
	struct part *part = &parts[(*count)++];

	*part = (struct part){.text = TEXT_INIT, .style = style, .rank = rank};
	return part;
}

static void say_moving(const struct scene *scene, struct part *part)
{
	const struct scene_run *run = &scene->run;

	part->style = STYLE_RUNNING;
	if (run->replay)
		text_printf(&part->text, "▶ %s", run->tempo);
	else if (!run->gated)
		text_printf(&part->text, "▶ free, speed ×%.4g", run->speed);
	else if (run->pace > 0)
		text_printf(&part->text, "▶ %s, %.3g steps/s", run->strategy, run->pace);
	else
		text_printf(&part->text, "▶ %s, at full speed", run->strategy);
}

/* Of a recording: a place in it is no past. */
static void say_replay(const struct scene *scene, struct part *part)
{
	const struct scene_run *run = &scene->run;
	bool at_end = !scene_past(scene) && run->loaded >= 1;

	part->style = STYLE_READY;
	if (run->running)
		say_moving(scene, part);
	else if (at_end && !run->ended && !run->deadlock)
		text_add(&part->text, "■ end of the recording");
	else
		text_add(&part->text, "▮▮ paused");
}

static bool tells_end(const struct scene *scene)
{
	return !scene_past(scene) && (scene->run.ended || scene->run.deadlock);
}

/* What the run is doing: the part that is never left out. */
static void say_state(const struct scene *scene, struct part *part)
{
	const struct scene_run *run = &scene->run;

	if (run->replay && !tells_end(scene)) {
		say_replay(scene, part);
	} else if (scene_past(scene)) {
		part->style = STYLE_NOTICE | STYLE_REVERSE;
		text_add(&part->text, " ◀ the past ");
	} else if (run->ended) {
		part->style = run->ok ? STYLE_STRONG : STYLE_LOST;
		text_printf(&part->text, "■ ended%s%s", run->verdict[0] ? ": " : "", run->verdict);
	} else if (run->deadlock) {
		part->style = STYLE_LOST | STYLE_REVERSE;
		text_add(&part->text, " ✗ deadlock ");
	} else if (run->running) {
		say_moving(scene, part);
	} else if (run->busy) {
		part->style = STYLE_RUNNING;
		text_add(&part->text, "… computing");
	} else {
		part->style = STYLE_READY;
		text_add(&part->text, run->gated ? "▮▮ you choose" : "▮▮ paused");
	}
}

static void say_steps(const struct scene *scene, struct part *part)
{
	if (scene_past(scene) || scene->run.replay)
		text_printf(&part->text, "step %llu of %llu",
		            (unsigned long long)history_step_of(scene->history, scene->ui.position),
		            (unsigned long long)scene->run.steps);
	else
		text_printf(&part->text, "step %llu", (unsigned long long)scene->run.steps);
}

static void say_name(const struct scene *scene, struct part *parts, int *count)
{
	bool titled = scene->stage && scene->lesson != NULL;

	if (scene->run.replay)
		text_add(&add(parts, count, (unsigned int)STYLE_TITLE | STYLE_REVERSE, 0)->text, " replay ");
	else if (!titled)
		text_add(&add(parts, count, STYLE_TITLE, 5)->text, "lockstep");
	if (titled)
		text_add(&add(parts, count, STYLE_TITLE, 1)->text, scene->lesson->title);
	else
		text_add(&add(parts, count, STYLE_STRONG, 1)->text, scene->lesson != NULL ? scene->lesson->name : "");
}

/* The clock: of a recording that is looked at closely, to the nanosecond. */
static void say_seconds(const struct scene *scene, struct part *part)
{
	const struct scene_run *run = &scene->run;

	if (run->gated)
		text_printf(&part->text, run->replay ? "%.3f s" : "%.3f s virtual", run->seconds);
	else
		text_printf(&part->text, run->replay ? "%.9f s" : "%.3f s", run->seconds);
}

static void say_recording(const struct scene *scene, struct part *parts, int *count)
{
	const struct scene_run *run = &scene->run;

	if (run->replay && run->loaded < 1)
		text_printf(&add(parts, count, STYLE_RUNNING, 0)->text, "loading %.0f %%", run->loaded * 100);
	if (run->replay)
		text_add(&add(parts, count, STYLE_DIM, 5)->text, run->gated ? "stepped" : "free run");
	if (run->kept)
		text_add(&add(parts, count, STYLE_LOST, 3)->text, "● rec");
}

static int run_parts(const struct scene *scene, struct part *parts)
{
	const struct scene_run *run = &scene->run;
	int count = 0;

	say_name(scene, parts, &count);
	struct part *settings = add(parts, &count, STYLE_PLAIN, 3);
	text_add(&settings->text, run->settings);
	settings->elastic = true;
	say_state(scene, add(parts, &count, STYLE_PLAIN, 0));
	if (run->gated)
		say_steps(scene, add(parts, &count, STYLE_PLAIN, 1));
	say_seconds(scene, add(parts, &count, STYLE_PLAIN, run->replay && run->gated ? 4 : 2));
	say_recording(scene, parts, &count);
	if (run->lost > 0)
		text_printf(&add(parts, &count, STYLE_LOST, 0)->text, "LOST %llu events", (unsigned long long)run->lost);
	text_printf(&add(parts, &count, STYLE_DIM, 4)->text, "seed %llu", (unsigned long long)run->seed);
	return count;
}

static int menu_parts(const struct scene *scene, struct part *parts)
{
	int count = 0;

	(void)scene;
	text_add(&add(parts, &count, STYLE_TITLE, 0)->text, "lockstep");
	text_add(&add(parts, &count, STYLE_PLAIN, 1)->text, "a laboratory for concurrency: watch processes, step them, go back");
	return count;
}

static int width_of(const struct part *part)
{
	int columns = (int)utf8_columns(part->text.bytes);

	return part->elastic && columns > ELASTIC_LEAST ? ELASTIC_LEAST : columns;
}

static int total_width(const struct part *parts, int count, int rank)
{
	int width = 1;

	for (int i = 0; i < count; i++)
		if (parts[i].rank <= rank && parts[i].text.length > 0)
			width += width_of(&parts[i]) + GAP;
	return width - GAP + 1;
}

/* Words of the settings that do not fit are left out: "lock=off rounds=2 …". */
static int draw_part(struct canvas *canvas, int x, int y, int room, const struct part *part)
{
	struct sheet sheet;

	sheet_begin(&sheet, canvas, (struct rect){x, y, room, 1}, 0);
	sheet_text(&sheet, part->style, part->text.bytes);
	return x + (part->elastic ? sheet.column : (int)utf8_columns(part->text.bytes));
}

void title_draw(struct canvas *canvas, struct rect area, const struct scene *scene)
{
	struct part parts[PARTS];
	int count = scene->ui.room == ROOM_MENU ? menu_parts(scene, parts) : run_parts(scene, parts);
	int rank = 9, x = area.x + 1;

	area.y += area.height / 2;
	if (area.height > 1) {
		x += STAGE_MARGIN;
		area.width -= 2 * STAGE_MARGIN;
	}
	while (rank > 0 && total_width(parts, count, rank) > area.width)
		rank--;
	int spare = area.width - total_width(parts, count, rank);
	for (int i = 0; i < count; i++) {
		int room = parts[i].elastic ? width_of(&parts[i]) + (spare > 0 ? spare : 0) : area.x + area.width - x;
		if (parts[i].rank <= rank && parts[i].text.length > 0 && x < area.x + area.width)
			x = GAP + draw_part(canvas, x, area.y, room, &parts[i]);
		text_release(&parts[i].text);
	}
}
