/* SPDX-License-Identifier: MIT */
/* Fuzzes a lesson's description. What is taken is turned into JSON, taken again, and is the same; its knobs are turned. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lesson/describe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct catalog_lesson new_lesson(void)
{
	return (struct catalog_lesson){.name = memory_copy_string("fuzzed")};
}

static void turn_knobs(const struct catalog_lesson *lesson)
{
	struct settings settings;

	settings_init(&settings, lesson, true);
	for (size_t i = 0; i < lesson->parameter_count; i++) {
		settings_turn(&settings, i, 1);
		settings_turn(&settings, i, -1);
		settings_turn(&settings, i, -1);
	}
	settings_may_deadlock(&settings);
	settings_release(&settings);
}

static void read_again(const struct catalog_lesson *lesson)
{
	struct catalog_lesson again = new_lesson();
	struct text problem = TEXT_INIT;
	json_t *first = describe_json(lesson);

	int error = describe_read_json(&again, first, &problem);
	assert(error == 0);
	json_t *second = describe_json(&again);
	assert(json_equal(first, second));
	json_decref(first);
	json_decref(second);
	catalog_lesson_release(&again);
	text_release(&problem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct catalog_lesson lesson = new_lesson();
	struct text problem = TEXT_INIT;

	if (describe_read(&lesson, (const char *)data, size, &problem) == 0) {
		turn_knobs(&lesson);
		read_again(&lesson);
	}
	catalog_lesson_release(&lesson);
	text_release(&problem);
	return 0;
}
