/* SPDX-License-Identifier: MIT */
#include "director/schedule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum { CHOICES_MAX = 10000000, WORD_SHOWN = 40 };

void schedule_init(struct schedule *schedule)
{
	*schedule = (struct schedule){0};
}

void schedule_release(struct schedule *schedule)
{
	free(schedule->choices);
	schedule_init(schedule);
}

static void reserve(struct schedule *schedule, size_t capacity)
{
	if (capacity <= schedule->capacity)
		return;
	schedule->capacity = capacity < 64 ? 64 : capacity + capacity / 2;
	schedule->choices = memory_resize(schedule->choices, schedule->capacity, sizeof *schedule->choices);
}

void schedule_add(struct schedule *schedule, unsigned int actor)
{
	reserve(schedule, schedule->count + 1);
	schedule->choices[schedule->count++] = (uint16_t)actor;
}

void schedule_copy(struct schedule *to, const struct schedule *from, size_t count)
{
	schedule_init(to);
	to->seed = from->seed;
	to->has_seed = from->has_seed;
	to->count = count < from->count ? count : from->count;
	reserve(to, to->count);
	if (to->count > 0)
		memcpy(to->choices, from->choices, to->count * sizeof *to->choices);
}

/* ---- reading ---- */

/* A number up to `limit` at `*at`, which it moves behind it. */
static bool read_number(const char **at, uint64_t limit, uint64_t *number)
{
	if (**at < '0' || **at > '9')
		return false;
	char *end;
	errno = 0;
	*number = strtoull(*at, &end, 10);
	*at = end;
	return errno == 0 && *number <= limit;
}

static bool at_word_end(const char *at)
{
	return *at == '\0' || strchr(", \t\r\n#", *at) != NULL;
}

/* "seed=7" */
static bool read_seed(struct schedule *schedule, const char **at)
{
	*at += strlen("seed=");
	schedule->has_seed = true;
	return read_number(at, UINT64_MAX, &schedule->seed) && at_word_end(*at);
}

/* "3" or "3x12" */
static bool read_choices(struct schedule *schedule, const char **at)
{
	uint64_t actor;
	uint64_t times = 1;
	if (!read_number(at, UINT16_MAX - 1, &actor))
		return false;
	if (**at == 'x') {
		++*at;
		if (!read_number(at, CHOICES_MAX, &times))
			return false;
	}
	if (!at_word_end(*at) || times > CHOICES_MAX - schedule->count)
		return false;
	reserve(schedule, schedule->count + times);
	for (uint64_t i = 0; i < times; i++)
		schedule->choices[schedule->count++] = (uint16_t)actor;
	return true;
}

static bool read_word(struct schedule *schedule, const char **at)
{
	return strncmp(*at, "seed=", strlen("seed=")) == 0 ? read_seed(schedule, at) : read_choices(schedule, at);
}

static int complain(struct text *problem, const char *word)
{
	size_t length = strcspn(word, ", \t\r\n");
	text_add(problem, "schedule: cannot read '");
	utf8_scrub(problem, word, length < WORD_SHOWN ? length : WORD_SHOWN, false);
	text_printf(problem, "': a schedule is like seed=7,0x5,1,2x3 (actor numbers in the order in which they move, "
	                     "AxN for N times in a row, at most %d moves)", CHOICES_MAX);
	return -EINVAL;
}

int schedule_parse(struct schedule *schedule, const char *string, struct text *problem)
{
	schedule_init(schedule);
	const char *at = string;
	for (;;) {
		at += strspn(at, ", \t\r\n");
		const char *word = at;
		if (*at == '\0')
			return 0;
		if (*at == '#') {
			at += strcspn(at, "\n");
		} else if (!read_word(schedule, &at)) {
			schedule_release(schedule);
			return complain(problem, word);
		}
	}
}

/* ---- writing ---- */

void schedule_print(const struct schedule *schedule, struct text *out)
{
	const char *comma = "";
	if (schedule->has_seed) {
		text_printf(out, "seed=%llu", (unsigned long long)schedule->seed);
		comma = ",";
	}
	for (size_t i = 0; i < schedule->count;) {
		size_t run = 1;
		while (i + run < schedule->count && schedule->choices[i + run] == schedule->choices[i])
			run++;
		text_printf(out, "%s%u", comma, schedule->choices[i]);
		if (run > 1)
			text_printf(out, "x%zu", run);
		comma = ",";
		i += run;
	}
}
