/* SPDX-License-Identifier: MIT */
#include "verbs/position.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int wrong(struct text *problem, const char *words)
{
	text_printf(problem, "'%s' is no moment of a run; one is a step (12), event=40, a time (0.3s), or end", words);
	return -EINVAL;
}

static int beyond(struct text *problem, const char *words, const char *what, unsigned long long last)
{
	text_printf(problem, "'%s' lies behind the end: the run has %llu %s", words, last, what);
	return -EINVAL;
}

static bool read_number(const char *digits, uint64_t *number)
{
	char *end;

	errno = 0;
	*number = strtoull(digits, &end, 10);
	return *digits >= '0' && *digits <= '9' && *end == '\0' && errno == 0;
}

static int parse_time(const char *words, const struct history *history, uint64_t *position, struct text *problem)
{
	char *end;
	double seconds = strtod(words, &end);

	if (end == words || strcmp(end, "s") != 0 || !(seconds >= 0 && seconds < 1e9))
		return wrong(problem, words);
	*position = history_position_at(history, (uint64_t)(seconds * 1e9) + 1);
	return 0;
}

int position_parse(const char *words, const struct history *history, uint64_t *position, struct text *problem)
{
	uint64_t steps = history_steps(history), number;
	bool event = strncmp(words, "event=", 6) == 0, step = strncmp(words, "step=", 5) == 0;
	const char *digits = event ? words + 6 : step ? words + 5 : words;

	if (strcmp(words, "end") == 0) {
		*position = HISTORY_NONE;
		return 0;
	}
	if (!read_number(digits, &number))
		return event || step ? wrong(problem, words) : parse_time(words, history, position, problem);
	if (event || (!step && steps == 0)) {
		*position = number;
		return number <= history_count(history) ? 0 : beyond(problem, words, "events", history_count(history));
	}
	*position = history_step_position(history, number);
	return number <= steps ? 0 : beyond(problem, words, "steps", steps);
}
