/* SPDX-License-Identifier: MIT */
#include "recording/compare.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "world/narrative.h"

/* Two numbers that stand for the same process. */
struct pair {
	int64_t recorded, live;
};

struct comparison {
	const struct history *recorded;
	uint64_t position;
	bool differs;
	bool partial;
	struct difference difference;
	struct pair *pairs;
	size_t pair_count, pair_capacity;
};

struct comparison *comparison_new(const struct history *recorded)
{
	struct comparison *comparison = memory_new(sizeof *comparison);

	comparison->recorded = recorded;
	text_init(&comparison->difference.recorded);
	text_init(&comparison->difference.live);
	return comparison;
}

void comparison_free(struct comparison *comparison)
{
	if (comparison == NULL)
		return;
	text_release(&comparison->difference.recorded);
	text_release(&comparison->difference.live);
	free(comparison->pairs);
	free(comparison);
}

bool comparison_differs(const struct comparison *comparison)
{
	return comparison->differs;
}

bool comparison_is_partial(const struct comparison *comparison)
{
	return comparison->partial;
}

uint64_t comparison_position(const struct comparison *comparison)
{
	return comparison->position;
}

const struct difference *comparison_difference(const struct comparison *comparison)
{
	return &comparison->difference;
}

/* ---- PIDs ---- */

static bool is_pair(const struct comparison *comparison, int64_t recorded, int64_t live)
{
	for (size_t i = comparison->pair_count; i-- > 0;)
		if (comparison->pairs[i].recorded == recorded && comparison->pairs[i].live == live)
			return true;
	return false;
}

/* A PID may be given a second time in a long run, so a number can be in several pairs. */
static void learn_pair(struct comparison *comparison, int64_t recorded, int64_t live)
{
	if (is_pair(comparison, recorded, live))
		return;
	if (comparison->pair_count == comparison->pair_capacity) {
		comparison->pair_capacity = comparison->pair_capacity * 2 + 16;
		comparison->pairs = memory_resize(comparison->pairs, comparison->pair_capacity, sizeof *comparison->pairs);
	}
	comparison->pairs[comparison->pair_count++] = (struct pair){recorded, live};
}

static bool tells_pid(const struct wire_event *event)
{
	return event->kind == EVENT_PROCESS_START || event->kind == EVENT_PROCESS_BEGIN || event->kind == EVENT_THREAD_BEGIN;
}

static void learn(struct comparison *comparison, const struct wire_event *recorded, const struct wire_event *live)
{
	if (!tells_pid(recorded) || recorded->kind != live->kind)
		return;
	learn_pair(comparison, recorded->value, live->value);
	if (recorded->kind == EVENT_PROCESS_BEGIN)
		learn_pair(comparison, recorded->aux, live->aux);
}

/* Whether the number at `at` is called a PID: "PID 123", "\"pid\": 123". It may be of a process that we do not watch. */
static bool called_pid(const char *text, const char *at)
{
	while (at > text && strchr("\": =", at[-1]) != NULL)
		at--;
	return at - text >= 3 && strncasecmp(at - 3, "pid", 3) == 0;
}

/* ---- texts ---- */

struct reading {
	const char *text, *at;
};

static bool at_number(const struct reading *reading)
{
	return isdigit((unsigned char)*reading->at);
}

static int64_t take_number(struct reading *reading)
{
	char *end;
	int64_t number = strtoll(reading->at, &end, 10);

	reading->at = end;
	return number;
}

static bool same_number(struct comparison *comparison, struct reading *recorded, struct reading *live)
{
	bool pids = called_pid(recorded->text, recorded->at) && called_pid(live->text, live->at);
	size_t digits = strspn(recorded->at, "0123456789");
	bool equal = digits == strspn(live->at, "0123456789") && memcmp(recorded->at, live->at, digits) == 0;
	int64_t a = take_number(recorded), b = take_number(live);

	if (!equal && pids)
		learn_pair(comparison, a, b);
	return equal || is_pair(comparison, a, b);
}

/* A column of PIDs is padded by as much as they are short. */
static void skip_padding(struct reading *recorded, struct reading *live)
{
	struct reading a = *recorded, b = *live;

	a.at += strspn(a.at, " ");
	b.at += strspn(b.at, " ");
	if (a.at != recorded->at && b.at != live->at && at_number(&a) && at_number(&b)) {
		*recorded = a;
		*live = b;
	}
}

/* `cut`: both were cut at the same length, so the one with the longer PIDs ends earlier. */
static bool same_text(struct comparison *comparison, const char *recorded, const char *live, bool cut)
{
	struct reading a = {recorded, recorded}, b = {live, live};

	while (*a.at != '\0' && *b.at != '\0') {
		skip_padding(&a, &b);
		if (at_number(&a) && at_number(&b)) {
			bool same = same_number(comparison, &a, &b);
			if (!same && !(cut && (*a.at == '\0' || *b.at == '\0')))
				return false;
		} else if (*a.at++ != *b.at++) {
			return false;
		}
	}
	return cut || (*a.at == '\0' && *b.at == '\0');
}

/* ---- events ---- */

static bool same_place(const struct place *recorded, const struct place *live)
{
	return recorded->line == live->line && strcmp(recorded->file, live->file) == 0 &&
	       strcmp(recorded->function, live->function) == 0;
}

/* The length of a message in bytes differs by as much as the PIDs in it. */
static bool same_value(const struct comparison *comparison, const struct wire_event *recorded,
                       const struct wire_event *live, int64_t longer)
{
	return recorded->value == live->value || is_pair(comparison, recorded->value, live->value) ||
	       (longer != 0 && live->value - recorded->value == longer);
}

static bool same_event(struct comparison *comparison, const struct history *live, uint64_t index)
{
	const struct wire_event *a = history_at(comparison->recorded, index), *b = history_at(live, index);
	struct place place_a = history_place(comparison->recorded, a->place), place_b = history_place(live, b->place);
	size_t length_a, length_b;
	const char *text_a = history_text(comparison->recorded, index, &length_a);
	const char *text_b = history_text(live, index, &length_b);
	bool cut = (a->flags & b->flags & EVENT_CUT) != 0;

	learn(comparison, a, b);
	return a->kind == b->kind && a->actor == b->actor && a->object == b->object && a->flags == b->flags &&
	       a->time == b->time && same_place(&place_a, &place_b) && same_text(comparison, text_a, text_b, cut) &&
	       (a->aux == b->aux || (tells_pid(a) && is_pair(comparison, a->aux, b->aux))) &&
	       same_value(comparison, a, b, (int64_t)length_b - (int64_t)length_a);
}

/* ---- words ---- */

/* One side: what happened there, when and where; or that nothing did. */
static void say_event(struct text *out, const struct history *history, uint64_t index)
{
	const struct wire_event *event = history_at(history, index);

	if (event == NULL) {
		text_add(out, "nothing more");
		return;
	}
	struct world *world = world_new(history);
	struct place place = history_place(history, event->place);
	world_seek(world, index + 1);
	narrative_event(out, world, index);
	if (place.line != 0)
		text_printf(out, " (%s:%u)", place.file, place.line);
	text_printf(out, " at %.9g s", (double)event->time / 1e9);
	world_free(world);
}

static bool differ_at(struct comparison *comparison, const struct history *live, uint64_t index)
{
	struct difference *difference = &comparison->difference;
	const struct history *longer = history_at(comparison->recorded, index) != NULL ? comparison->recorded : live;

	comparison->differs = true;
	difference->step = history_step_of(longer, index) + (index >= history_step_position(longer, 0));
	difference->number = index + 1 - history_outputs(longer, index);
	say_event(&difference->recorded, comparison->recorded, index);
	say_event(&difference->live, live, index);
	return false;
}

bool comparison_follow(struct comparison *comparison, const struct history *live)
{
	uint64_t count = history_count(comparison->recorded);

	if (history_count(live) < count)
		count = history_count(live);
	for (; !comparison->differs && comparison->position < count; comparison->position++) {
		if (history_at(comparison->recorded, comparison->position)->kind == EVENT_LOST) {
			comparison->partial = true; /* nobody loses events in steps: it is a hole in the file */
			break;
		}
		if (!same_event(comparison, live, comparison->position))
			return differ_at(comparison, live, comparison->position);
	}
	return !comparison->differs;
}

/* ---- the end ---- */

static void say_result(struct text *out, const struct run_result *result)
{
	char *outcome = result->outcome != NULL ? json_dumps(result->outcome, JSON_COMPACT | JSON_SORT_KEYS) : NULL;

	text_printf(out, "%s%s%s (%s)", result->verdict, outcome != NULL ? ", " : "", outcome != NULL ? outcome : "",
	            result->ok ? "right" : "wrong");
	free(outcome);
}

static bool same_result(struct comparison *comparison, const struct run_result *recorded, const struct run_result *live)
{
	struct difference *difference = &comparison->difference;

	say_result(&difference->recorded, recorded);
	say_result(&difference->live, live);
	if (same_text(comparison, difference->recorded.bytes, difference->live.bytes, false)) {
		text_reset(&difference->recorded);
		text_reset(&difference->live);
		return true;
	}
	comparison->differs = true;
	difference->step = history_steps(comparison->recorded);
	difference->number = 0;
	return false;
}

bool comparison_finish(struct comparison *comparison, const struct history *live, const struct run_end *recorded,
                       const struct run_end *end)
{
	/* The machine decided when its limit had come: as far as both go they are the same. */
	bool timed_out = recorded != NULL && recorded->result != NULL && recorded->result->timed_out;

	if (!comparison_follow(comparison, live))
		return false;
	comparison->partial = comparison->partial || recorded == NULL || timed_out;
	if (comparison->position < history_count(live) && comparison->position < history_count(comparison->recorded))
		return true;
	bool shorter = history_count(live) < history_count(comparison->recorded);
	bool longer = history_count(live) > history_count(comparison->recorded) && recorded != NULL;
	if ((shorter || longer) && !timed_out)
		return differ_at(comparison, live, comparison->position);
	if (timed_out || recorded == NULL || recorded->result == NULL || end == NULL || end->result == NULL)
		return true;
	return same_result(comparison, recorded->result, end->result);
}

/* ---- what came of it ---- */

void comparison_say(const struct comparison *comparison, const struct history *live, struct text *out)
{
	const struct difference *difference = &comparison->difference;
	unsigned long long step = difference->step, number = difference->number;

	if (!comparison->differs) {
		text_printf(out, "equal to the recording%s: %llu steps, %llu events", comparison->partial ? ", as far as it goes" : "",
		            (unsigned long long)history_steps(live), (unsigned long long)comparison->position);
		return;
	}
	if (number > 0)
		text_printf(out, "differs from the recording at step %llu, event %llu", step, number);
	else
		text_add(out, "came to another end than the recording");
	text_printf(out, "\n  recorded: %s\n  now:      %s", difference->recorded.bytes, difference->live.bytes);
}
