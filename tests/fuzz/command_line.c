/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the command line: a word a line, the first names the verb. What would be started is not, and
 * what would be written neither: supervisor_run() and target_open() are this file's own; verbs that
 * do more than these are not tried. There is one lesson, "fuzzed", whose program does nothing.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "lesson/supervisor.h"
#include "verbs/target.h"
#include "verbs/verb.h"

enum { WORDS_MAX = 40 };

static char folder[] = "/tmp/lockstep-fuzz.XXXXXX";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int supervisor_run(int (*front)(int channel, void *context), void *context, const struct supervisor_hooks *hooks)
{
	(void)front;
	(void)context;
	(void)hooks;
	return STATUS_OK;
}

int target_open(struct target *target, const char *path)
{
	(void)path;
	*target = (struct target){0};
	return -EACCES;
}

int target_close(struct target *target, bool complete)
{
	(void)target;
	(void)complete;
	return 0;
}

static const struct {
	const char *name;
	const char *content; /* NULL: a folder */
} FILES[] = {
	{"", NULL},
	{"/1-a", NULL},
	{"/1-a/fuzzed", NULL},
	{"/1-a/fuzzed/lesson", "#!/bin/true\n"},
	{"/1-a/fuzzed/lesson.json",
	 "{\"title\":\"T\",\"summary\":\"S\",\"outcome\":\"O\",\"right\":\"R\",\"step_settings\":\"rounds=2\","
	 "\"parameters\":[{\"name\":\"lock\",\"help\":\"\",\"fallback\":\"off\",\"choices\":[\"off\",\"on\"]},"
	 "{\"name\":\"rounds\",\"help\":\"\",\"fallback\":\"10\",\"choices\":null,\"low\":1,\"high\":100,\"real\":false}],"
	 "\"variants\":[]}"},
};

enum { FILE_COUNT = sizeof FILES / sizeof *FILES, PATH_BYTES = 256 };

static void make_file(const char *path, const char *content)
{
	FILE *file = fopen(path, "w");

	if (file == NULL || fputs(content, file) < 0 || fclose(file) != 0 || chmod(path, 0700) != 0)
		abort();
}

static void make_files(void)
{
	char path[PATH_BYTES];

	if (mkdtemp(folder) == NULL)
		abort();
	for (size_t i = 1; i < FILE_COUNT; i++) {
		snprintf(path, sizeof path, "%s%s", folder, FILES[i].name);
		if (FILES[i].content != NULL)
			make_file(path, FILES[i].content);
		else if (mkdir(path, 0700) != 0)
			abort();
	}
}

static void remove_files(void)
{
	char path[PATH_BYTES];

	for (size_t i = FILE_COUNT; i-- > 0;) {
		snprintf(path, sizeof path, "%s%s", folder, FILES[i].name);
		remove(path);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	make_files();
	setenv("LOCKSTEP_LESSONS", folder, 1);
	setenv("HOME", folder, 1);
	setenv("XDG_DATA_HOME", folder, 1);
	setenv("XDG_STATE_HOME", folder, 1);
	unsetenv("TERM");
	atexit(remove_files);
	stdout = fopen("/dev/null", "w");
	stderr = stdout; /* what verbs say; the fuzzer and the sanitizers have their own */
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const tried[] = {"list", "run", "replay", "export", "tour", "help", "version"};
	char *line = memory_copy_bytes((const char *)data, size), *state = NULL;
	char *words[WORDS_MAX + 1] = {NULL};
	int count = 0;

	for (char *word = strtok_r(line, "\n", &state); word != NULL && count < WORDS_MAX; word = strtok_r(NULL, "\n", &state))
		words[count++] = word;
	for (size_t i = 0; i < sizeof tried / sizeof *tried && count > 0; i++) {
		const struct verb *verb = strcmp(words[0], tried[i]) == 0 ? verb_find(tried[i]) : NULL;

		if (verb != NULL)
			verb->run(verb, count - 1, words + 1);
	}
	free(line);
	return 0;
}
