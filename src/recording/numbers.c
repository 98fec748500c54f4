/* SPDX-License-Identifier: MIT */
#include "recording/numbers.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { FIRST_CAPACITY = 64 };

void numbers_release(struct numbers *numbers)
{
	free(numbers->list);
	free(numbers->slots);
	*numbers = (struct numbers){0};
}

void numbers_reset(struct numbers *numbers)
{
	numbers->count = 0;
	if (numbers->capacity > 0)
		memset(numbers->slots, 0, numbers->capacity * sizeof *numbers->slots);
}

/* Where a number stands, or the free slot where it belongs. There is always a free one. */
static uint32_t *slot_of(const struct numbers *numbers, uint32_t number)
{
	uint32_t at = (number * UINT32_C(2654435769)) & (numbers->capacity - 1);

	while (numbers->slots[at] != 0 && numbers->list[numbers->slots[at] - 1] != number)
		at = (at + 1) & (numbers->capacity - 1);
	return &numbers->slots[at];
}

static void grow(struct numbers *numbers)
{
	numbers->capacity = numbers->capacity == 0 ? FIRST_CAPACITY : numbers->capacity * 2;
	numbers->list = memory_resize(numbers->list, numbers->capacity / 2, sizeof *numbers->list);
	free(numbers->slots);
	numbers->slots = memory_array(numbers->capacity, sizeof *numbers->slots);
	for (uint32_t i = 0; i < numbers->count; i++)
		*slot_of(numbers, numbers->list[i]) = i + 1;
}

uint32_t numbers_add(struct numbers *numbers, uint32_t number)
{
	if (2 * (numbers->count + 1) > numbers->capacity)
		grow(numbers);
	uint32_t *slot = slot_of(numbers, number);
	if (*slot == 0) {
		numbers->list[numbers->count] = number;
		*slot = ++numbers->count;
	}
	return *slot - 1;
}

bool numbers_has(const struct numbers *numbers, uint32_t number)
{
	return numbers->capacity > 0 && *slot_of(numbers, number) != 0;
}
