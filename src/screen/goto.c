/* SPDX-License-Identifier: MIT */
/* Going to a place in the run by its number: of the step, of the event as it is printed, of time, of the whole. */
#include "screen/internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name;
	enum target_kind kind;
	double unit;
} WORDS[] = {
	{"step", TARGET_STEP, 1},
	{"event", TARGET_EVENT, 1},
	{"%", TARGET_SHARE, 0.01},
	{"ns", TARGET_TIME, 1},
	{"us", TARGET_TIME, 1e3},
	{"µs", TARGET_TIME, 1e3},
	{"ms", TARGET_TIME, 1e6},
	{"s", TARGET_TIME, 1e9},
	{"min", TARGET_TIME, 60e9},
};

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " ");
}

/* The word at `at`, of those that stand before a number, or of those after it. */
static const char *take_word(const char *at, struct target *target, double *unit)
{
	at = skip_blanks(at);
	size_t length = strcspn(at, " 0123456789");
	for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
		if (strlen(WORDS[i].name) == length && strncasecmp(at, WORDS[i].name, length) == 0) {
			target->kind = WORDS[i].kind;
			*unit = WORDS[i].unit;
			return skip_blanks(at + length);
		}
	return at;
}

bool goto_parse(const char *words, enum target_kind plain, struct target *target)
{
	double unit = 1;
	char *end;

	target->kind = plain;
	const char *at = take_word(words, target, &unit);
	target->number = strtod(at, &end);
	if (end == at || !isfinite(target->number) || target->number < 0 || strchr("-+nNiI", at[0]) != NULL)
		return false;
	end = (char *)(uintptr_t)take_word(end, target, &unit);
	bool counted = target->kind == TARGET_STEP || target->kind == TARGET_EVENT;
	if (counted && target->number != floor(target->number)) /* "1.5": seconds were meant, or percent */
		return false;
	target->number *= unit;
	return *end == '\0';
}

/* ---- going there ---- */

/* The position after the nth event that is no line of output: as they are numbered where they are printed. */
static uint64_t position_of_event(const struct history *history, uint64_t number)
{
	uint64_t low = 0, high = history_count(history);

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		if (middle + 1 - history_outputs(history, middle + 1) < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low + 1;
}

static void go_to_step(struct screen *screen, double number)
{
	const struct history *history = session_history(screen);
	uint64_t steps = history_steps(history);

	if (!screen->session.gated)
		screen_message(screen, "a free run has no steps: go to an event, or to a time");
	else if (number > (double)steps)
		screen_message(screen, "there are %llu steps", (unsigned long long)steps);
	else
		past_go(screen, (uint64_t)number == steps ? UINT64_MAX : history_step_position(history, (uint64_t)number));
}

static void go_to_event(struct screen *screen, double number)
{
	const struct history *history = session_history(screen);
	uint64_t count = history_count(history), events = count - history_outputs(history, count);

	if (number > (double)events)
		screen_message(screen, "there are %llu events", (unsigned long long)events);
	else
		past_go(screen, number < 1 ? 0 : position_of_event(history, (uint64_t)number));
}

static void go_to_time(struct screen *screen, double ns)
{
	past_go(screen, ns < 1e18 ? history_position_at(session_history(screen), (uint64_t)ns + 1) : UINT64_MAX);
}

static void go_to_share(struct screen *screen, double share)
{
	const struct history *history = session_history(screen);

	share = fmin(share, 1);
	if (screen->session.gated)
		go_to_step(screen, floor(share * (double)history_steps(history)));
	else
		go_to_time(screen, share * screen->session.origin->seconds(&screen->session) * 1e9);
}

void goto_accept(struct screen *screen, const char *words)
{
	static void (*const go[])(struct screen *, double) = {
		[TARGET_STEP] = go_to_step, [TARGET_EVENT] = go_to_event, [TARGET_TIME] = go_to_time, [TARGET_SHARE] = go_to_share,
	};
	struct target target;

	if (goto_parse(words, screen->session.gated ? TARGET_STEP : TARGET_EVENT, &target))
		go[target.kind](screen, target.number);
	else if (words[0] != '\0')
		screen_message(screen, "'%s' is no place: step 12, event 1000, 1.5s, 340ms, 20us or 50%% would be", words);
}
