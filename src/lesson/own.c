/* SPDX-License-Identifier: MIT */
#include "lesson/own.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/command.h"
#include "lesson/describe.h"
#include "lesson/file.h"
#include "lesson/home.h"
#include "lesson/installed.h"

enum {
	SAID_BYTES_MAX = 64 * 1024,
	SOURCE_BYTES_MAX = 1024 * 1024,
	WORDS_MAX = 64, /* on the compiler's command line */
};

char *own_folder(const char *name)
{
	struct text path = TEXT_INIT;

	text_printf(&path, "lessons%s%s", name != NULL ? "/" : "", name != NULL ? name : "");
	char *folder = home_path("XDG_DATA_HOME", ".local/share", path.bytes);
	text_release(&path);
	return folder;
}

static char *inside(const char *folder, const char *name)
{
	struct text path = TEXT_INIT;

	text_printf(&path, "%s/%s", folder, name);
	return text_detach(&path);
}

/* ---- what is older than what ---- */

/* When a file was last written; 0: there is none. */
static struct timespec written(const char *folder, const char *name)
{
	char *path = inside(folder, name);
	struct stat about;
	bool is = stat(path, &about) == 0 && S_ISREG(about.st_mode);

	free(path);
	return is ? about.st_mtim : (struct timespec){0};
}

static bool older(struct timespec a, struct timespec b)
{
	return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

bool own_exists(const char *folder)
{
	return older((struct timespec){0}, written(folder, "lesson.c"));
}

/* The newest of what it is made of. */
static struct timespec made_of(const char *folder, const char *archive, enum own_when when)
{
	struct timespec newest = written(folder, "lesson.c"), libraries = written(folder, "libraries");
	struct stat library;

	if (older(newest, libraries))
		newest = libraries;
	if (when == OWN_RUN && stat(archive, &library) == 0 && older(newest, library.st_mtim))
		newest = library.st_mtim;
	return newest;
}

/* ---- the compiler ---- */

struct words {
	char *word[WORDS_MAX + 1]; /* NULL-terminated */
	size_t count;
	struct text problem;       /* "" when all is well */
};

static void add_word(struct words *words, const char *word)
{
	if (words->count < WORDS_MAX)
		words->word[words->count++] = memory_copy_string(word);
	else if (words->problem.length == 0)
		text_add(&words->problem, "too many words for the compiler; $CFLAGS is too long");
}

static void add_words(struct words *words, const char *list)
{
	char *copy = memory_copy_string(list), *state = NULL;

	for (char *word = strtok_r(copy, " \t\n", &state); word != NULL; word = strtok_r(NULL, " \t\n", &state))
		add_word(words, word);
	free(copy);
}

/* What pkg-config says of the packages named in the lesson's file `libraries`, if there is one. */
static void add_libraries(struct words *words, const char *folder)
{
	static char program[] = "pkg-config", flags[] = "--cflags", libraries[] = "--libs";
	char *path = inside(folder, "libraries");
	struct text names = TEXT_INIT, said = TEXT_INIT;
	struct words asking = {.word = {program, flags, libraries}, .count = 3};
	bool whole;

	if (file_read(&names, path, 1024, &whole) == 0) {
		int status = 0;
		add_words(&asking, names.bytes);
		const struct command command = {.arguments = asking.word, .errors = true, .output_max = SAID_BYTES_MAX, .seconds = OWN_SECONDS};
		if (command_run(&command, &said, &status) == 0 && status == 0)
			add_words(words, said.bytes);
		else
			text_printf(&words->problem, "its libraries (%s) are not to be had: %s", names.bytes, said.bytes);
	}
	for (size_t i = 3; i < asking.count; i++)
		free(asking.word[i]);
	text_release(&said);
	text_release(&names);
	free(path);
}

static void collect_words(struct words *words, const char *folder, const char *output, const char *archive, const char *headers)
{
	const char *compiler = getenv("CC"), *flags = getenv("CFLAGS");

	*words = (struct words){.problem = TEXT_INIT};
	add_words(words, compiler != NULL && compiler[0] != '\0' ? compiler : "cc");
	add_words(words, "-std=gnu11 -D_GNU_SOURCE -O2 -g -fno-optimize-sibling-calls -rdynamic -Wall -Wextra -pthread -I");
	add_word(words, headers);
	add_words(words, flags != NULL ? flags : "");
	add_words(words, "-o");
	add_word(words, output);
	add_words(words, "lesson.c");
	add_word(words, archive);
	add_libraries(words, folder);
	add_words(words, "-ljansson -lm");
}

static void release_words(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->word[i]);
	text_release(&words->problem);
}

/* 0; -EINVAL: the source is at fault; -EIO: something else is. */
static int judge(const struct words *words, int error, int status, const struct text *raw, struct text *said)
{
	utf8_scrub(said, raw->bytes, raw->length, true);
	if (error == 0 && status == 0)
		return 0;
	if (error == -ETIMEDOUT)
		text_printf(said, "the compiler took longer than %d seconds", OWN_SECONDS);
	else if (error < 0 && error != -EFBIG)
		text_printf(said, "the compiler cannot be run: %s", strerror(-error));
	else if (error == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 127 && raw->length == 0)
		text_printf(said, "there is no compiler '%s'; a lesson needs one (Debian: gcc libc6-dev libjansson-dev)", words->word[0]);
	else
		return -EINVAL;
	return -EIO;
}

static int compile(const char *folder, const char *archive, const char *headers, struct text *said)
{
	struct text output = TEXT_INIT, raw = TEXT_INIT;
	struct words words;
	int status = 0, error = -EIO;

	text_printf(&output, "lesson.%d", (int)getpid());
	collect_words(&words, folder, output.bytes, archive, headers);
	if (words.problem.length > 0) {
		text_add(said, words.problem.bytes);
	} else {
		const struct command command = {.arguments = words.word, .folder = folder, .errors = true,
		                                .output_max = SAID_BYTES_MAX, .seconds = OWN_SECONDS};
		error = command_run(&command, &raw, &status);
		error = judge(&words, error, status, &raw, said);
	}
	char *made = inside(folder, output.bytes), *program = inside(folder, "lesson");
	if (error == 0 && rename(made, program) < 0) {
		text_printf(said, "%s: %s", program, strerror(errno));
		error = -EIO;
	}
	if (error < 0)
		unlink(made);
	free(made);
	free(program);
	release_words(&words);
	text_release(&raw);
	text_release(&output);
	return error;
}

/* ---- all of it ---- */

static void save(const char *folder, const char *name, const struct text *content)
{
	char *path = inside(folder, name);

	home_replace(path, content->bytes, content->length); /* without it the next one asks again */
	free(path);
}

static void forget(const char *folder, const char *name)
{
	char *path = inside(folder, name);

	unlink(path);
	free(path);
}

static int make(const char *folder, const char *archive, const char *headers, struct text *said)
{
	struct text json = TEXT_INIT;
	int error = compile(folder, archive, headers, said);

	if (error == 0) {
		char *program = inside(folder, "lesson");
		error = describe_run(&json, program, said);
		free(program);
	}
	if (error == 0) {
		save(folder, "lesson.json", &json);
		forget(folder, "lesson.errors");
	} else if (error == -EINVAL) {
		save(folder, "lesson.errors", said);
	}
	text_release(&json);
	return error < 0 ? -EINVAL : 0;
}

int own_build(const char *folder, enum own_when when, struct text *said)
{
	char *archive, *headers, *errors = inside(folder, "lesson.errors");
	bool whole;
	int error = 0;

	if (installed_library(&archive, &headers) < 0) {
		text_add(said, "the library that a lesson needs is not there; `make install` puts it beside lockstep");
		free(errors);
		return -EINVAL;
	}
	struct timespec source = made_of(folder, archive, when), program = written(folder, "lesson");
	bool failed = !older(written(folder, "lesson.errors"), source);
	/* What failed last time is tried again when it is wanted: perhaps the disk was full. */
	if (failed && when == OWN_SOURCE_CHANGED && file_read(said, errors, SAID_BYTES_MAX, &whole) == 0)
		error = -EINVAL;
	else if (failed || when == OWN_ANEW || older(program, source) || older(written(folder, "lesson.json"), program))
		error = make(folder, archive, headers, said);
	free(archive);
	free(headers);
	free(errors);
	return error;
}

int own_copy(const char *from, const char *to, const char *name)
{
	char *source = inside(from, name), *copy = inside(to, name);
	struct text content = TEXT_INIT;
	bool whole = true;
	int error = file_read(&content, source, SOURCE_BYTES_MAX, &whole);

	if (error == 0 && !whole)
		error = -EFBIG;
	if (error == 0)
		error = home_make_folders(copy);
	if (error == 0)
		error = home_create(copy, content.bytes, content.length);
	text_release(&content);
	free(source);
	free(copy);
	return error;
}
