/* SPDX-License-Identifier: MIT */
/*
 * Files that are there whole or not at all, on file systems that know files without a name and on others:
 * open(2) is ours here, and says as those do that it does not know O_TMPFILE.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "verbs/target.h"

static bool nameless_known;
static int nameless_refused;

int open(const char *path, int flags, ...)
{
	va_list more;

	va_start(more, flags);
	int mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, int) : 0;
	va_end(more);
	if ((flags & O_TMPFILE) == O_TMPFILE && !nameless_known) {
		nameless_refused++;
		errno = EOPNOTSUPP;
		return -1;
	}
	return openat(AT_FDCWD, path, flags, mode);
}

struct bed {
	char folder[64], path[96], temporary[96];
	struct target target;
};

static int set_up(void **state)
{
	struct bed *bed = calloc(1, sizeof *bed);

	snprintf(bed->folder, sizeof bed->folder, "/tmp/lockstep-test-target-XXXXXX");
	assert_non_null(mkdtemp(bed->folder));
	snprintf(bed->path, sizeof bed->path, "%s/out", bed->folder);
	snprintf(bed->temporary, sizeof bed->temporary, "%s/.lockstep-%ld", bed->folder, (long)getpid());
	nameless_known = false;
	nameless_refused = 0;
	*state = bed;
	return 0;
}

static int tear_down(void **state)
{
	struct bed *bed = *state;

	unlink(bed->path);
	int left = rmdir(bed->folder); /* fails when there is anything else in it */
	free(bed);
	return left;
}

static void put(const char *path, const char *words)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(words, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void assert_holds(const char *path, const char *words)
{
	char found[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_true(fgets(found, sizeof found, file) != NULL);
	fclose(file);
	assert_string_equal(found, words);
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static void begin(struct bed *bed, const char *words)
{
	const volatile sig_atomic_t go_on = 0;

	assert_int_equal(target_open(&bed->target, bed->path), 0);
	text_add(&bed->target.writer.text, words);
	assert_int_equal(writer_finish(&bed->target.writer, &go_on), 0);
}

static void under_another_name_until_it_is_whole(void **state)
{
	struct bed *bed = *state;

	put(bed->path, "old");
	put(bed->temporary, "of one that was killed and had our number");
	begin(bed, "new");
	assert_int_equal(nameless_refused, 1);
	assert_holds(bed->temporary, "new");
	assert_holds(bed->path, "old");
	assert_int_equal(target_close(&bed->target, true), 0);
	assert_holds(bed->path, "new");
	assert_false(is_there(bed->temporary));
}

static void what_is_not_whole_is_taken_away(void **state)
{
	struct bed *bed = *state;

	begin(bed, "half");
	assert_true(is_there(bed->temporary));
	assert_int_equal(target_close(&bed->target, false), 0);
	assert_false(is_there(bed->path) || is_there(bed->temporary));
}

/* Meanwhile somebody has made a folder of that name. */
static void what_cannot_have_its_name_is_taken_away(void **state)
{
	struct bed *bed = *state;

	for (int known = 0; known < 2; known++) {
		nameless_known = known;
		begin(bed, "new");
		assert_int_equal(mkdir(bed->path, 0777), 0);
		assert_int_equal(target_close(&bed->target, true), -EISDIR);
		assert_false(is_there(bed->temporary));
		assert_int_equal(rmdir(bed->path), 0);
	}
}

static void without_a_name_where_that_can_be(void **state)
{
	struct bed *bed = *state;

	nameless_known = true;
	put(bed->path, "old");
	begin(bed, "new");
	if (!bed->target.nameless) {
		target_close(&bed->target, false);
		skip(); /* no such file system here */
	}
	assert_false(is_there(bed->temporary));
	assert_holds(bed->path, "old");
	assert_int_equal(target_close(&bed->target, true), 0);
	assert_holds(bed->path, "new");
	assert_false(is_there(bed->temporary));
}

#define with_bed(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_bed(under_another_name_until_it_is_whole),
		with_bed(what_is_not_whole_is_taken_away),
		with_bed(what_cannot_have_its_name_is_taken_away),
		with_bed(without_a_name_where_that_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
