/* SPDX-License-Identifier: MIT */
#include "recording/steps.h"

#include <stdlib.h>

#include "base/memory.h"
#include "recording/columns.h"

void steps_release(struct steps *steps)
{
	free(steps->positions);
	free(steps->choices);
	*steps = (struct steps){0};
}

static uint32_t at_most(uint64_t count)
{
	return count < BLOCK_STEPS_MAX ? (uint32_t)count : BLOCK_STEPS_MAX;
}

static void pack_positions(struct text *content, const struct history *history, uint64_t first, uint32_t count)
{
	uint64_t *numbers = memory_array(count, sizeof *numbers);
	uint64_t last = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint64_t position = history_step_position(history, first + i + 1);

		numbers[i] = position - last;
		last = position;
	}
	column_add_numbers(content, numbers, count);
	free(numbers);
}

static void pack_choices(struct text *content, const struct schedule *schedule, uint64_t first, uint32_t count)
{
	uint64_t *numbers = memory_array(count, sizeof *numbers);

	for (uint32_t i = 0; i < count; i++)
		numbers[i] = schedule->choices[first + i];
	column_add_numbers(content, numbers, count);
	free(numbers);
}

uint32_t steps_pack(struct text *content, const struct history *history, uint64_t first, const struct schedule *schedule,
                    uint64_t first_choice)
{
	uint32_t count = at_most(history_steps(history) - first);
	uint32_t choices = schedule != NULL ? at_most(schedule->count - first_choice) : 0;
	uint64_t begin = history_step_position(history, 0);

	text_reset(content);
	column_add_varint(content, first);
	column_add_varint(content, count);
	column_add_varint(content, first_choice);
	column_add_varint(content, choices);
	column_add_varint(content, begin > 0 || history_steps(history) > 0 ? begin + 1 : 0);
	pack_positions(content, history, first, count);
	pack_choices(content, schedule, first_choice, choices);
	return count;
}

/* ---- unpacking ---- */

static bool unpack_positions(struct steps *steps, struct column *from)
{
	uint64_t position = 0;

	steps->positions = memory_array(steps->count, sizeof *steps->positions);
	if (!column_take_numbers(from, steps->positions, steps->count, EVENTS_MAX))
		return false;
	for (size_t i = 0; i < steps->count; i++)
		steps->positions[i] = position += steps->positions[i];
	return true;
}

static bool unpack_choices(struct steps *steps, struct column *from)
{
	steps->choices = memory_array(steps->choice_count, sizeof *steps->choices);
	return column_take_numbers(from, steps->choices, steps->choice_count, ACTORS_MAX - 1);
}

bool steps_unpack(struct steps *steps, const struct text *content)
{
	const uint8_t *bytes = (const uint8_t *)content->bytes;
	struct column from = {.at = bytes, .end = bytes + content->length};

	*steps = (struct steps){0};
	steps->first = column_take_below(&from, STEPS_MAX);
	steps->count = column_take_below(&from, BLOCK_STEPS_MAX);
	steps->first_choice = column_take_below(&from, STEPS_MAX);
	steps->choice_count = column_take_below(&from, BLOCK_STEPS_MAX);
	uint64_t begin = column_take_below(&from, EVENTS_MAX);
	steps->begin = begin > 0 ? begin - 1 : HISTORY_NONE;
	return !from.bad && unpack_positions(steps, &from) && unpack_choices(steps, &from);
}
