/* SPDX-License-Identifier: MIT */
/* Blocks of memory, then of a file: both hold what is put into them; a file that cannot be had is done without. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/blocks.h"

enum { BLOCK = 256 << 10, BLOCKS = 700, IN_MEMORY = 16 << 20 }; /* 175 MiB: more than one extent of each sort */

static char folder[] = "/tmp/spill-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? setenv("TMPDIR", folder, 1) : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder); /* fails if anything was left in it */
}

/* Mapped from files in that folder, in bytes. */
static size_t mapped_from(const char *where)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[1024];
	size_t bytes = 0;
	while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
		unsigned long from, to;
		if (strstr(line, where) != NULL && sscanf(line, "%lx-%lx", &from, &to) == 2)
			bytes += to - from;
	}
	if (maps != NULL)
		fclose(maps);
	return bytes;
}

static void fill_and_check(struct block_source *source)
{
	static char *blocks[BLOCKS];
	for (int i = 0; i < BLOCKS; i++) {
		blocks[i] = source->take(source, BLOCK + (size_t)i);
		assert_int_equal((uintptr_t)blocks[i] % 16, 0);
		memset(blocks[i], i & 0xff, BLOCK + (size_t)i);
	}
	for (int i = 0; i < BLOCKS; i++)
		for (size_t at = 0; at < BLOCK + (size_t)i; at += 4093)
			assert_int_equal((unsigned char)blocks[i][at], i & 0xff);
}

static void past_the_limit_it_is_a_file(void **state)
{
	(void)state;
	struct block_source *source = spill_new(IN_MEMORY);
	assert_int_equal(mapped_from(folder), 0);
	fill_and_check(source);
	size_t mapped = mapped_from(folder);
	assert_true(mapped > (size_t)BLOCK * BLOCKS / 2);
	source->give_all(source);
	assert_int_equal(mapped_from(folder), 0);
}

static void below_the_limit_there_is_no_file(void **state)
{
	(void)state;
	struct block_source *source = spill_new(SIZE_MAX);
	fill_and_check(source);
	assert_int_equal(mapped_from(folder), 0);
	source->give_all(source);
}

static void no_folder_is_no_matter(void **state)
{
	(void)state;
	setenv("TMPDIR", "/nowhere/at/all", 1);
	struct block_source *source = spill_new(IN_MEMORY);
	fill_and_check(source);
	source->give_all(source);
	setenv("TMPDIR", folder, 1);
}

/* The second extent of the file has no room: what lies in the first stays. */
static void a_full_disk_is_no_matter(void **state)
{
	(void)state;
	struct rlimit before, small = {.rlim_cur = 100 << 20, .rlim_max = RLIM_INFINITY};
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	struct block_source *source = spill_new(IN_MEMORY);
	fill_and_check(source);
	size_t mapped = mapped_from(folder);
	source->give_all(source);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_true(mapped > 0 && mapped < 100 << 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(past_the_limit_it_is_a_file),
		cmocka_unit_test(below_the_limit_there_is_no_file),
		cmocka_unit_test(no_folder_is_no_matter),
		cmocka_unit_test(a_full_disk_is_no_matter),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
