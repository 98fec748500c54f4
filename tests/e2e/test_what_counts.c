/* SPDX-License-Identifier: MIT */
/*
 * What counts for a run's time limit: a run that is stepped on the screen stands as long as the learner
 * likes, and so does a free one that is paused; one that goes by itself is ended (tests/e2e/test_time_limit.py
 * has those that never come to an end).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "director/run.h"
#include "lesson/supervisor.h"

enum { LOOKS = 30, BETWEEN_MS = 50 };

#define TIME_LIMIT 1.0 /* less than all the looks take, far more than the lesson needs to come to its first rest */

static const struct row {
	const char *name;
	bool gated, on_screen, paused;
	bool timed_out;
} rows[] = {
	{"stepped_on_the_screen", .gated = true, .on_screen = true},
	{"stepped_by_itself", .gated = true, .timed_out = true},
	{"free_on_the_screen", .on_screen = true, .timed_out = true},
	{"free_and_paused", .on_screen = true, .paused = true},
};

static void look_on(struct run *run)
{
	for (int i = 0; i < LOOKS; i++) {
		nanosleep(&(struct timespec){.tv_nsec = BETWEEN_MS * 1000000}, NULL);
		run_settle(run, 0);
		run_pump(run);
	}
}

static int front(int channel, void *context)
{
	const struct row *row = context;
	struct launcher launcher;
	struct catalog catalog;
	struct settings settings;
	struct text problem = TEXT_INIT;

	launcher_init(&launcher, channel);
	catalog_load(&catalog);
	settings_init(&settings, catalog_find(&catalog, "bank-race"), row->gated);
	settings_set(&settings, "pause=10", &problem);
	struct run *run = run_new(&launcher, &(struct run_options){.settings = &settings, .seed = 7, .gated = row->gated,
		.speed = 1, .on_screen = row->on_screen, .time_limit = TIME_LIMIT}, &problem);
	run_pause(run, row->paused);
	look_on(run);
	const struct run_result *result = run_result(run);
	bool timed_out = result != NULL && result->timed_out;
	bool good = timed_out == row->timed_out && (run_state(run) == RUN_ENDED) == timed_out && problem.length == 0;
	run_free(run);
	settings_release(&settings);
	catalog_release(&catalog);
	text_release(&problem);
	return good ? 0 : 1;
}

static void test_row(void **state)
{
	assert_int_equal(supervisor_run(front, *state, NULL), 0);
}

int main(void)
{
	enum { COUNT = sizeof rows / sizeof rows[0] };
	struct CMUnitTest tests[COUNT];
	const char *build = getenv("LOCKSTEP_BUILD");
	char folder[256];

	snprintf(folder, sizeof folder, "%s/lessons", build != NULL ? build : "build/release");
	setenv("LOCKSTEP_LESSONS", folder, 1);
	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct CMUnitTest){.name = rows[i].name, .test_func = test_row,
			.initial_state = (void *)(uintptr_t)&rows[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
