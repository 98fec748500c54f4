/* SPDX-License-Identifier: MIT */
/* Fuzzes the script of a tour. */
#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "lesson/tour.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char name[] = "bank-race", lock[] = "lock", off[] = "off", on[] = "on", rounds[] = "rounds", ten[] = "10";
	static char help[] = "";
	static char *choices[] = {off, on, NULL};
	static struct catalog_parameter parameters[] = {
		{.name = lock, .help = help, .fallback = off, .choices = choices},
		{.name = rounds, .help = help, .fallback = ten, .low = 1, .high = 100},
	};
	static const struct catalog_lesson lesson = {
		.name = name, .step_settings = help, .parameters = parameters, .parameter_count = 2,
	};
	char *script = memory_copy_bytes((const char *)data, size);
	struct text problem = TEXT_INIT;
	struct tour tour;

	if (tour_parse(&tour, script, &lesson, &problem) == 0) {
		for (size_t i = 0; i < tour.count; i++)
			if (tour.commands[i].verb == TOUR_SAY)
				assert(tour_reading_seconds(tour.commands[i].words) >= 0);
		tour_release(&tour);
	} else {
		assert(problem.length > 0);
	}
	free(script);
	text_release(&problem);
	return 0;
}
