/* SPDX-License-Identifier: MIT */
#include "export/svg_drawing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "director/outcome.h"

enum { NAME_MOST = 22, LINES_MOST = 4 };

#define DOT "·"

static const double GAP = 6, AXIS_ROOM = 44, BASELINE = 12 /* below the top of a line */, ABOVE_LETTERS = 26;

static void add_name(struct text *out, double y, const char *class, const char *name)
{
	struct text cut = TEXT_INIT;

	text_add_bytes(&cut, name, utf8_fit(name, NAME_MOST));
	svg_text(out, SVG_MARGIN, y + 5, class, 0, cut.bytes);
	text_release(&cut);
}

void svg_add_names(const struct drawing *drawing, struct text *out)
{
	const struct svg_plan *plan = drawing->plan;
	char number[24];

	for (size_t i = 0; i < plan->lane_count; i++) {
		const struct world_actor *actor = world_actor(drawing->world, plan->lanes[i]);
		double y = svg_plan_lane_y(i);

		add_name(out, y, "f0 b", actor->name);
		snprintf(number, sizeof number, actor->kind == ACTOR_PROCESS ? "%d" : "t%d", actor->kind == ACTOR_PROCESS ? actor->pid : actor->tid);
		svg_text(out, plan->left - (double)(strlen(number) + 1) * SVG_CHARACTER, y + 5, "f1", (int)strlen(number), number);
	}
	for (size_t i = 0; i < plan->object_count; i++)
		add_name(out, svg_plan_row_y(plan, i), i < plan->lock_count ? "f8" : "f0", world_object_name(drawing->world, plan->objects[i]));
}

void svg_add_signs(const struct drawing *drawing, struct text *out)
{
	const struct svg_plan *plan = drawing->plan;

	for (size_t i = 0; i < plan->lane_count; i++)
		if (plan->signs[i] != NULL)
			svg_text(out, plan->left + plan->width + 2 * GAP, svg_plan_lane_y(i) + 5,
			         world_actor(drawing->world, plan->lanes[i])->state == ACTOR_WAITING ? "f8" : "f1", 0, plan->signs[i]);
}

static void add_step_axis(const struct svg_plan *plan, struct text *out)
{
	double next = 0;
	char number[24];

	for (uint64_t step = 1; step + 1 < plan->steps; step++) {
		double x = plan->left + plan->step_x[step], end = svg_plan_band_end(plan, x);
		int length = snprintf(number, sizeof number, "%llu", (unsigned long long)step);

		if (x < next || x + length * SVG_CHARACTER > end)
			continue;
		next = fmin(x + AXIS_ROOM, end);
		svg_text(out, x, plan->bottom + 10, "f1", (int)strlen(number), number);
	}
}

/* 1, 2 or 5 of some power of ten, so that there are about eight of them. */
static double nice_step(double whole)
{
	double power = pow(10, floor(log10(whole / 8))), steps = whole / 8 / power;

	return power * (steps > 5 ? 10 : steps > 2 ? 5 : steps > 1 ? 2 : 1);
}

static void add_time_axis(const struct svg_plan *plan, struct text *out)
{
	double whole = (double)plan->end / 1e9, step = whole > 0 ? nice_step(whole) : 1;
	char number[24];

	for (double at = 0; at <= whole; at += step) {
		snprintf(number, sizeof number, "%.3g s", at);
		svg_text(out, plan->left + (whole > 0 ? plan->width * at / whole : 0), plan->bottom + 10, "f1", (int)strlen(number), number);
	}
}

void svg_add_axis(const struct svg_plan *plan, struct text *out)
{
	if (plan->by_step)
		add_step_axis(plan, out);
	else
		add_time_axis(plan, out);
}

void svg_say_run(const struct drawing *drawing, struct text *out)
{
	const struct run_options *options = recording_options(drawing->export->recording);
	const struct settings *settings = options->settings;

	text_add(out, settings->lesson->name);
	for (size_t i = 0; i < settings->lesson->parameter_count; i++)
		text_printf(out, " %s=%s", settings->lesson->parameters[i].name, settings->values[i]);
	text_printf(out, " · seed %llu · %s", (unsigned long long)options->seed,
	            options->gated ? "step by step, time is virtual" : "free, ordered by time stamps");
}

static void say_end(const struct drawing *drawing, struct text *out, bool *ok)
{
	const struct run_end *end = recording_end(drawing->export->recording);

	if (end == NULL || end->result == NULL)
		return;
	*ok = end->result->ok;
	text_add(out, end->result->verdict);
	if (!end->result->told)
		return;
	text_add(out, ": ");
	outcome_with_expected(out, end->result);
}

/* Each letter that was drawn, and what it means. */
static void say_letters(const struct drawing *drawing, struct text *out)
{
	for (int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		const struct event_kind_info *info = event_kind_info((unsigned int)kind);
		struct text entry = TEXT_INIT;

		text_printf(&entry, "%c %s · ", info->mark, info->words);
		if (drawing->used[kind] && strstr(out->bytes, entry.bytes) == NULL)
			text_add_bytes(out, entry.bytes, entry.length);
		text_release(&entry);
	}
	text_add(out, "- - waits · ··· sleeps");
	if (drawing->omitted > 0)
		text_printf(out, " · %zu arrows are left out", drawing->omitted);
}

/* Between words, where that can be; returns where to go on. */
static double add_wrapped(struct text *out, double y, double width, const char *class, const char *words)
{
	size_t columns = (size_t)((width - 2 * SVG_MARGIN) / SVG_CHARACTER);

	for (int line = 0; line < LINES_MOST && words[0] != '\0'; line++, y += SVG_LINE) {
		size_t fits = utf8_fit(words, columns);
		char *part;

		while (words[fits] != '\0' && fits > 0 && words[fits] != ' ')
			fits--;
		part = memory_copy_bytes(words, fits > 0 ? fits : utf8_fit(words, columns));
		svg_text(out, SVG_MARGIN, y, class, 0, part);
		words += strlen(part);
		while (words[0] == ' ' || strncmp(words, DOT, strlen(DOT)) == 0)
			words += words[0] == ' ' ? 1 : strlen(DOT);
		free(part);
	}
	return y;
}

void svg_say_longest(const struct drawing *drawing, struct text *out)
{
	struct text end = TEXT_INIT;
	bool ok = true;

	svg_say_run(drawing, out);
	say_end(drawing, &end, &ok);
	if (utf8_columns(end.bytes) > utf8_columns(out->bytes)) {
		text_reset(out);
		text_add(out, end.bytes);
	}
	text_release(&end);
}

double svg_add_head(const struct drawing *drawing, struct text *out, double width)
{
	const struct catalog_lesson *lesson = recording_options(drawing->export->recording)->settings->lesson;
	struct text words = TEXT_INIT;
	bool ok = true;
	double y = add_wrapped(out, SVG_MARGIN + BASELINE, width, "f0 b", lesson->title);

	svg_say_run(drawing, &words);
	y = add_wrapped(out, y, width, "f1", words.bytes);
	text_reset(&words);
	say_end(drawing, &words, &ok);
	y = add_wrapped(out, y, width, ok ? "f0 b" : "f7 b", words.bytes);
	text_release(&words);
	return y - BASELINE + 4;
}

double svg_add_letters(const struct drawing *drawing, struct text *out, double y, double width)
{
	struct text words = TEXT_INIT;

	say_letters(drawing, &words);
	y = add_wrapped(out, y + ABOVE_LETTERS, width, "f1", words.bytes);
	text_release(&words);
	return y - BASELINE + SVG_MARGIN;
}
