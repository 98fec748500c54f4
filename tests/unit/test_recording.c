/* SPDX-License-Identifier: MIT */
/* A recording holds what was recorded: every event, text, place, step and choice, the lesson, the end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "recording/recorder.h"
#include "recording/recording.h"
#include "support/recorded.h"

static const char SOURCE[] = "int main(void)\n{\n\treturn 0; /* \x1b[31m */\n}\n";

/* A folder of its own, with a lesson's source in it. */
struct bed {
	char folder[32], file[64], source[64];
	struct catalog_lesson lesson;
	struct settings settings;
	struct run_options options;
	struct made made;
	struct text problem;
};

static int set_up(void **state)
{
	struct bed *bed = calloc(1, sizeof *bed);

	strcpy(bed->folder, "/tmp/lockstep.XXXXXX");
	assert_non_null(mkdtemp(bed->folder));
	snprintf(bed->file, sizeof bed->file, "%s/run.lockstep", bed->folder);
	snprintf(bed->source, sizeof bed->source, "%s/lesson.c", bed->folder);
	FILE *file = fopen(bed->source, "w");
	fputs(SOURCE, file);
	fclose(file);
	bed->lesson = recorded_lesson(bed->source);
	bed->options = recorded_options(&bed->settings, &bed->lesson);
	made_init(&bed->made, 1);
	text_init(&bed->problem);
	*state = bed;
	return 0;
}

static int tear_down(void **state)
{
	struct bed *bed = *state;

	unlink(bed->file);
	unlink(bed->source);
	assert_int_equal(rmdir(bed->folder), 0);
	made_release(&bed->made);
	settings_release(&bed->settings);
	text_release(&bed->problem);
	free(bed);
	return 0;
}

static struct recorder *begin(struct bed *bed)
{
	struct recorder *recorder = recorder_new(bed->file, &bed->options, &bed->problem);

	assert_string_equal(bed->problem.bytes, "");
	assert_non_null(recorder);
	return recorder;
}

static struct recording *read_back(struct bed *bed)
{
	struct recording *recording = recording_open(bed->file, &bed->problem);

	assert_string_equal(bed->problem.bytes, "");
	assert_non_null(recording);
	assert_true(recording_load(recording, UINT64_MAX));
	assert_string_equal(recording_damage(recording), "");
	assert_true(recording_loaded(recording) == 1);
	return recording;
}

static void all_comes_back(void **state)
{
	struct bed *bed = *state;
	struct recorder *recorder = begin(bed);

	made_begin(&bed->made);
	made_steps(&bed->made, 1000);
	assert_int_equal(recorder_finish(recorder, bed->made.history, NULL), 0);
	recorder_free(recorder);

	struct recording *recording = read_back(bed);
	assert_same_history(bed->made.history, recording_history(recording));
	recording_close(recording);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_comes_back, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
