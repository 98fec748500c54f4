/* SPDX-License-Identifier: MIT */
/* Fuzzes the text of a schedule. What is read is printed, read again, and is the same. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "director/schedule.h"

enum { COMPARED_MAX = 100000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_again(const struct schedule *schedule)
{
	struct text out = TEXT_INIT, problem = TEXT_INIT;
	struct schedule again;

	schedule_print(schedule, &out);
	int error = schedule_parse(&again, out.bytes, &problem);
	assert(error == 0 && again.count == schedule->count);
	assert(again.has_seed == schedule->has_seed && again.seed == schedule->seed);
	for (size_t i = 0; i < again.count; i++)
		assert(again.choices[i] == schedule->choices[i]);
	schedule_release(&again);
	text_release(&out);
	text_release(&problem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *string = memory_copy_bytes((const char *)data, size);
	struct text problem = TEXT_INIT;
	struct schedule schedule;

	if (schedule_parse(&schedule, string, &problem) == 0) {
		if (schedule.count < COMPARED_MAX) /* "0x10000000" is ten million */
			read_again(&schedule);
		schedule_release(&schedule);
	} else {
		assert(problem.length > 0);
	}
	free(string);
	text_release(&problem);
	return 0;
}
