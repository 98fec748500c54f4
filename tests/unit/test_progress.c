/* SPDX-License-Identifier: MIT */
/* Progress on the disk: read with suspicion, written whole or not at all. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <signal.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "lesson/file.h"
#include "lesson/progress.h"

static char folder[] = "/tmp/lockstep-progress-XXXXXX";
static char file[128];

static int set_up(void **state)
{
	(void)state;
	strcpy(strrchr(folder, '-'), "-XXXXXX");
	if (mkdtemp(folder) == NULL)
		return -1;
	snprintf(file, sizeof file, "%s/lockstep/progress.json", folder);
	return setenv("XDG_STATE_HOME", folder, 1);
}

static int tear_down(void **state)
{
	char path[160];

	(void)state;
	unlink(file);
	snprintf(path, sizeof path, "%s.not-understood", file);
	unlink(path);
	snprintf(path, sizeof path, "%s/lockstep", folder);
	rmdir(path);
	return rmdir(folder); /* fails when a temporary file was left */
}

static void write_file(const char *content)
{
	char path[160];

	snprintf(path, sizeof path, "%s/lockstep", folder);
	mkdir(path, 0700);
	FILE *out = fopen(file, "w");
	assert_non_null(out);
	fputs(content, out);
	fclose(out);
}

static void expect_file(struct text *content)
{
	bool whole;
	assert_int_equal(file_read(content, file, PROGRESS_BYTES_MAX, &whole), 0);
}

static void test_round_trip(void **state)
{
	struct progress progress;

	(void)state;
	assert_int_equal(progress_load(&progress), 0);
	assert_int_equal(progress_of(&progress, "bank-race"), 0);
	assert_true(progress_mark(&progress, "bank-race", PROGRESS_SEEN));
	assert_false(progress_mark(&progress, "bank-race", PROGRESS_SEEN));
	assert_true(progress_mark(&progress, "bank-race", PROGRESS_RIGHT));
	assert_int_equal(progress_save(&progress), 0);
	progress_release(&progress);
	assert_int_equal(progress_load(&progress), 0);
	assert_int_equal(progress_of(&progress, "bank-race"), PROGRESS_SEEN | PROGRESS_RIGHT);
	assert_int_equal(progress_reset(&progress), 0);
	assert_int_equal(progress_of(&progress, "bank-race"), 0);
	assert_int_not_equal(access(file, F_OK), 0);
	progress_release(&progress);
}

/* Hints only grow, are kept beside the marks, and are forgotten with them. */
static void test_hints(void **state)
{
	struct progress progress;

	(void)state;
	progress_load(&progress);
	assert_int_equal(progress_hints(&progress, "pool-exercise"), 0);
	progress_set_hints(&progress, "pool-exercise", 2);
	progress_set_hints(&progress, "pool-exercise", 1);
	progress_set_hints(&progress, "bank-race", 0);
	assert_int_equal(progress_save(&progress), 0);
	progress_release(&progress);
	progress_load(&progress);
	assert_int_equal(progress_hints(&progress, "pool-exercise"), 2);
	assert_int_equal(progress_of(&progress, "pool-exercise"), 0);
	assert_int_equal(progress.count, 1);
	assert_int_equal(progress_reset(&progress), 0);
	assert_int_equal(progress_hints(&progress, "pool-exercise"), 0);
	progress_release(&progress);
}

/* Two screens at once: neither forgets what the other wrote. */
static void test_two_writers(void **state)
{
	struct progress one, other;

	(void)state;
	progress_load(&one);
	progress_load(&other);
	progress_mark(&one, "barrier", PROGRESS_FINISHED);
	assert_int_equal(progress_save(&one), 0);
	progress_mark(&other, "deadlock", PROGRESS_SEEN);
	assert_int_equal(progress_save(&other), 0);
	progress_release(&one);
	progress_load(&one);
	assert_int_equal(progress_of(&one, "barrier"), PROGRESS_FINISHED);
	assert_int_equal(progress_of(&one, "deadlock"), PROGRESS_SEEN);
	progress_release(&one);
	progress_release(&other);
}

static void test_foreign_files(void **state)
{
	static const char *const bad[] = {"", "{", "[]", "{\"version\": 2, \"lessons\": {}}", "{\"version\": 1}", "\xff\xfe"};
	struct progress progress;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		write_file(bad[i]);
		assert_int_equal(progress_load(&progress), -EINVAL);
		assert_int_equal(progress.count, 0);
		progress_release(&progress);
	}
	progress_load(&progress);
	progress_mark(&progress, "barrier", PROGRESS_SEEN);
	assert_int_equal(progress_save(&progress), 0);
	progress_release(&progress);
	char aside[160];
	snprintf(aside, sizeof aside, "%s.not-understood", file);
	assert_int_equal(access(aside, F_OK), 0);
	write_file("{\"version\": 1, \"lessons\": {\"a b\": {\"seen\": true}, \"\\u001b[2J\": {\"seen\": true}, \"c\": 3, "
	           "\"ok\": {\"seen\": \"yes\", \"finished\": true}}}");
	assert_int_equal(progress_load(&progress), 0);
	assert_int_equal(progress.count, 2);
	assert_int_equal(progress_of(&progress, "ok"), PROGRESS_FINISHED);
	progress_release(&progress);
}

/* A disk that is full: the old file is as it was, and nothing is left beside it (tear_down sees that). */
static void test_full_disk(void **state)
{
	struct rlimit before, none;
	struct progress progress;
	struct text old = TEXT_INIT, new = TEXT_INIT;

	(void)state;
	progress_load(&progress);
	progress_mark(&progress, "barrier", PROGRESS_SEEN);
	assert_int_equal(progress_save(&progress), 0);
	expect_file(&old);
	progress_mark(&progress, "deadlock", PROGRESS_SEEN);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	none = before;
	none.rlim_cur = 10;
	setrlimit(RLIMIT_FSIZE, &none);
	int error = progress_save(&progress);
	setrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_DFL);
	assert_int_equal(error, -EFBIG);
	expect_file(&new);
	assert_string_equal(old.bytes, new.bytes);
	text_release(&old);
	text_release(&new);
	progress_release(&progress);
}

static void test_no_place(void **state)
{
	struct progress progress;

	(void)state;
	setenv("XDG_STATE_HOME", "/proc/nowhere", 1);
	assert_int_equal(progress_load(&progress), 0);
	progress_mark(&progress, "barrier", PROGRESS_SEEN);
	assert_true(progress_save(&progress) < 0);
	assert_int_equal(progress_of(&progress, "barrier"), PROGRESS_SEEN);
	progress_release(&progress);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip), TEST(test_hints), TEST(test_two_writers), TEST(test_foreign_files), TEST(test_full_disk),
		cmocka_unit_test(test_no_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
