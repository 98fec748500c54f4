/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "lesson/catalog.h"

#define GOOD                                                                                               \
	"{\"title\":\"Two processes\",\"summary\":\"s\",\"outcome\":\"balance: what is left\",\"right\":\"200\","  \
	"\"step_settings\":\"rounds=5\",\"parameters\":["                                                      \
	"{\"name\":\"lock\",\"help\":\"h\",\"fallback\":\"off\",\"choices\":[\"off\",\"on\"],\"low\":0,\"high\":0,\"real\":false}," \
	"{\"name\":\"rounds\",\"help\":\"h\",\"fallback\":\"100\",\"choices\":null,\"low\":1,\"high\":1000,\"real\":false}]," \
	"\"variants\":[{\"name\":\"mended\",\"settings\":\"lock=on\",\"says\":\"always 200\"}]}"

/* ---- a tree of lessons in a folder of its own ---- */

static char root[64];

static char *path_of(const char *name)
{
	struct text path = TEXT_INIT;

	text_printf(&path, "%s/%s", root, name);
	return text_detach(&path);
}

static void write_bytes(const char *name, const char *bytes, size_t length, mode_t mode)
{
	char *path = path_of(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), (ssize_t)length);
	close(fd);
	free(path);
}

static void write_file(const char *name, const char *content)
{
	write_bytes(name, content, strlen(content), 0644);
}

static void make_folder(const char *name)
{
	char *path = path_of(name);

	assert_int_equal(mkdir(path, 0755), 0);
	free(path);
}

/* A folder with a program that does as `script` says. */
static void make_lesson(const char *folder, const char *script)
{
	struct text program = TEXT_INIT, content = TEXT_INIT;

	make_folder(folder);
	text_printf(&program, "%s/lesson", folder);
	text_printf(&content, "#!/bin/sh\n%s\n", script);
	write_bytes(program.bytes, content.bytes, content.length, 0755);
	text_release(&program);
	text_release(&content);
}

/* A good lesson that prints its description when asked. */
static void make_good_lesson(const char *folder)
{
	make_lesson(folder, "[ \"$*\" = --describe ] && cat <<'.'\n" GOOD "\n.");
}

static int set_up(void **state)
{
	const char *temporary = getenv("TMPDIR");

	(void)state;
	snprintf(root, sizeof root, "%.40s/catalog.XXXXXX", temporary != NULL ? temporary : "/tmp");
	if (mkdtemp(root) == NULL)
		return -1;
	setenv("LOCKSTEP_LESSONS", root, 1);
	return 0;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf '%s'", root);
	return system(command) == 0 ? 0 : -1;
}

static void load(struct catalog *catalog, size_t lessons)
{
	assert_int_equal(catalog_load(catalog), 0);
	if (catalog->count != lessons)
		fail_msg("%zu lessons instead of %zu; %s", catalog->count, lessons, catalog->problems.bytes);
}

/* ---- what is right ---- */

static void reads_what_a_lesson_says_of_itself(void **state)
{
	struct catalog catalog;

	(void)state;
	make_folder("4-taking-turns");
	make_good_lesson("4-taking-turns/bank-race");
	load(&catalog, 1);
	const struct catalog_lesson *lesson = catalog_find(&catalog, "bank-race");
	assert_non_null(lesson);
	assert_string_equal(catalog.problems.bytes, "");
	assert_string_equal(lesson->chapter, "Taking turns");
	assert_string_equal(lesson->title, "Two processes");
	assert_string_equal(lesson->step_settings, "rounds=5");
	assert_int_equal(lesson->parameter_count, 2);
	assert_string_equal(lesson->parameters[0].choices[1], "on");
	assert_null(lesson->parameters[0].choices[2]);
	assert_null(lesson->parameters[1].choices);
	assert_true(lesson->parameters[1].high == 1000);
	assert_int_equal(lesson->variant_count, 1);
	assert_string_equal(lesson->variants[0].settings, "lock=on");
	assert_non_null(strstr(lesson->program, "4-taking-turns/bank-race/lesson"));
	assert_non_null(strstr(lesson->text, "/lesson.md"));
	catalog_release(&catalog);
}

static void chapters_and_lessons_are_sorted(void **state)
{
	static const char *const names[] = {"aa", "zz", "ee", "cc", "bb", "dd"};
	struct catalog catalog;

	(void)state;
	make_folder("2-second");
	make_folder("1-first");
	make_folder("template");
	write_file("README.md", "not a chapter");
	write_file("template/lesson.c", "no lesson of a chapter");
	make_good_lesson("2-second/cc");
	make_good_lesson("2-second/bb");
	make_good_lesson("2-second/dd");
	make_good_lesson("2-second/ee");
	make_good_lesson("1-first/zz");
	make_good_lesson("1-first/aa");
	write_file("2-second/title", "A title\x1b[2J of its own\nee\nnot-here\ncc\nee");
	load(&catalog, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(catalog.lessons[i].name, names[i]);
	assert_string_equal(catalog.lessons[0].chapter, "First");
	assert_non_null(strstr(catalog.lessons[2].chapter, "A title"));
	assert_null(strchr(catalog.lessons[2].chapter, '\x1b'));
	assert_string_equal(catalog.problems.bytes, "");
	catalog_release(&catalog);
}

/* The description that was made when the program was built spares running it. */
static void a_description_is_used_while_it_is_not_older(void **state)
{
	struct catalog catalog;
	struct timespec old[2] = {{.tv_sec = 1000}, {.tv_sec = 1000}};
	char *json;

	(void)state;
	make_folder("chapter");
	make_lesson("chapter/kept", "exit 3");
	write_file("chapter/kept/lesson.json", GOOD);
	load(&catalog, 1);
	catalog_release(&catalog);

	json = path_of("chapter/kept/lesson.json");
	assert_int_equal(utimensat(AT_FDCWD, json, old, 0), 0);
	free(json);
	load(&catalog, 0);
	assert_non_null(strstr(catalog.problems.bytes, "ended with status 3"));
	catalog_release(&catalog);
}

static void names_the_nearest(void **state)
{
	struct catalog catalog;

	(void)state;
	make_folder("c");
	make_good_lesson("c/bank-race");
	make_good_lesson("c/thread-race");
	make_good_lesson("c/barrier");
	load(&catalog, 3);
	assert_null(catalog_find(&catalog, "bankrace"));
	assert_string_equal(catalog_nearest(&catalog, "bankrace"), "bank-race");
	assert_string_equal(catalog_nearest(&catalog, "bank-rcae"), "bank-race");
	assert_string_equal(catalog_nearest(&catalog, "bank"), "bank-race");
	assert_string_equal(catalog_nearest(&catalog, "barier"), "barrier");
	assert_null(catalog_nearest(&catalog, "xyz"));
	assert_null(catalog_nearest(&catalog, ""));
	catalog_release(&catalog);
}

static void the_first_root_goes_before(void **state)
{
	struct catalog catalog;
	char *first = path_of("first"), *second = path_of("second");
	struct text roots = TEXT_INIT;

	(void)state;
	make_folder("first");
	make_folder("first/c");
	make_good_lesson("first/c/same");
	make_folder("second");
	make_folder("second/c");
	make_good_lesson("second/c/same");
	text_printf(&roots, "%s:/nowhere:%s", first, second);
	setenv("LOCKSTEP_LESSONS", roots.bytes, 1);
	load(&catalog, 1);
	assert_non_null(strstr(catalog.lessons[0].program, "/first/"));
	assert_non_null(strstr(catalog.problems.bytes, "there is a lesson of this name already"));
	assert_non_null(strstr(catalog.problems.bytes, "/nowhere: no folder of lessons"));
	catalog_release(&catalog);
	text_release(&roots);
	free(first);
	free(second);
}

static void no_root_is_an_error(void **state)
{
	struct catalog catalog;

	(void)state;
	setenv("LOCKSTEP_LESSONS", "/nowhere:/dev/null", 1);
	assert_int_equal(catalog_load(&catalog), -ENOENT);
	assert_non_null(strstr(catalog.problems.bytes, "/nowhere"));
	catalog_release(&catalog);
	catalog_release(&catalog);
}

/* ---- what is wrong is left out, and said so ---- */

/* Opened for its list and completed then, the same is left out, and the same is said. */
static void assert_the_same_in_two_parts(const struct catalog *whole)
{
	struct catalog catalog;

	assert_int_equal(catalog_open(&catalog), 0);
	bool listed = catalog.count > whole->count;
	assert_int_equal(catalog_complete(&catalog, CATALOG_ALL), listed);
	assert_int_equal(catalog.count, whole->count);
	assert_string_equal(catalog.problems.bytes, whole->problems.bytes);
	assert_false(catalog_complete(&catalog, CATALOG_ALL));
	catalog_release(&catalog);
}

static void assert_left_out(const char *json, const char *why)
{
	struct catalog catalog;

	write_file("c/wrong/lesson.json", json);
	load(&catalog, 0);
	if (strstr(catalog.problems.bytes, why) == NULL || strstr(catalog.problems.bytes, "c/wrong: left out: ") == NULL)
		fail_msg("'%s' is not in: %s", why, catalog.problems.bytes);
	assert_the_same_in_two_parts(&catalog);
	catalog_release(&catalog);
}

/* GOOD with a part of it replaced. */
static void assert_part_refused(const char *part, const char *by, const char *why)
{
	const char *at = strstr(GOOD, part);
	struct text json = TEXT_INIT;

	assert_non_null(at);
	text_add_bytes(&json, GOOD, (size_t)(at - GOOD));
	text_add(&json, by);
	text_add(&json, at + strlen(part));
	assert_left_out(json.bytes, why);
	text_release(&json);
}

static void wrong_descriptions(void **state)
{
	(void)state;
	make_folder("c");
	make_lesson("c/wrong", "exit 1");
	assert_left_out("", "line 1 of the description");
	assert_left_out("[]", "title is not a string");
	assert_left_out("{}", "title is not a string");
	assert_left_out("{\"title\":\"\\u0000\"}", "description");
	assert_part_refused("\"Two processes\"", "7", "title is not a string");
	assert_part_refused("\"rounds=5\"", "\"rounds=5000\"", "step_settings: rounds cannot be '5000'");
	assert_part_refused("\"rounds=5\"", "5", "step_settings is not a string");
	assert_part_refused("\"lock\"", "\"lo ck\"", "parameters[0].name has other characters");
	assert_part_refused("\"lock\"", "\"lo\\u001b[2Jck\"", "parameters[0].name has other characters");
	assert_part_refused("\"lock\"", "\"\"", "parameters[0].name has other characters");
	assert_part_refused("\"fallback\":\"off\"", "\"fallback\":\"of\"", "fallback: lock cannot be 'of'");
	assert_part_refused("[\"off\",\"on\"]", "[]", "parameters[0].choices is not a list");
	assert_part_refused("[\"off\",\"on\"]", "[\"off\",7]", "parameters[0].choices has an entry that is no word");
	assert_part_refused("\"low\":1,", "\"low\":2000,", "parameters[1].low and high are no range");
	assert_part_refused("\"low\":1,", "", "parameters[1].low and high are no range");
	assert_part_refused("\"lock=on\"", "\"lock=maybe\"", "variants: lock cannot be 'maybe'");
	assert_part_refused("\"variants\":[", "\"variants\":[3,", "variants[0].name is not a string");
	assert_part_refused("\"title\":", "\"title\":\"twice\",\"title\":", "duplicate");
}

static void a_list_needs_only_the_beginning(void **state)
{
	struct catalog catalog;

	(void)state;
	make_folder("c");
	make_good_lesson("c/one");
	make_good_lesson("c/two");
	write_file("c/one/lesson.json", GOOD);
	write_file("c/two/lesson.json", GOOD);
	assert_int_equal(catalog_open(&catalog), 0);
	assert_int_equal(catalog.count, 2);
	assert_string_equal(catalog.lessons[1].title, "Two processes");
	assert_string_equal(catalog.lessons[1].summary, "s");
	assert_int_equal(catalog.lessons[1].parameter_count, 0);
	assert_false(catalog_complete(&catalog, 1));
	assert_int_equal(catalog.lessons[0].parameter_count, 0);
	assert_int_equal(catalog.lessons[1].parameter_count, 2);
	assert_string_equal(catalog.lessons[1].title, "Two processes");
	assert_false(catalog_complete(&catalog, CATALOG_ALL));
	assert_int_equal(catalog.lessons[0].parameter_count, 2);
	catalog_release(&catalog);
}

static void too_much_of_anything(void **state)
{
	struct text json = TEXT_INIT;

	(void)state;
	make_folder("c");
	make_lesson("c/wrong", "exec yes describe");
	for (int i = 0; i < 100000; i++)
		text_add_char(&json, '[');
	assert_left_out(json.bytes, "description");
	text_reset(&json);
	text_add(&json, "{\"title\":\"");
	for (int i = 0; i < 3000; i++)
		text_add_char(&json, 'a');
	text_add(&json, "\"}");
	assert_left_out(json.bytes, "title is longer than");
	/* Longer than any description: the program is asked instead, which prints for ever. */
	for (int i = 0; i < 300000; i++)
		text_add_char(&json, ' ');
	assert_left_out(json.bytes, "printed more than");
	text_release(&json);
}

static void programs_that_do_not_answer(void **state)
{
	struct catalog catalog;

	(void)state;
	make_folder("c");
	make_lesson("c/crash", "kill -SEGV $$");
	make_lesson("c/nothing", "exit 0");
	make_lesson("c/hang", "exec >&- 2>&-; exec sleep 1000");
	load(&catalog, 0);
	assert_non_null(strstr(catalog.problems.bytes, "c/crash: left out: `lesson --describe` was killed by signal 11"));
	assert_non_null(strstr(catalog.problems.bytes, "c/nothing: left out: line 1"));
	assert_non_null(strstr(catalog.problems.bytes, "c/hang: left out: `lesson --describe` took longer than"));
	catalog_release(&catalog);
}

static void hostile_folders(void **state)
{
	struct catalog catalog;
	char *fifo = path_of("c/fifo/lesson.json"), *link = path_of("c/loop"), *socket = path_of("c/no-program/lesson");
	char long_name[300] = "c/";

	(void)state;
	make_folder("c");
	make_folder("c/bad name");
	make_folder("c/\x1b]0;x\a");
	memset(long_name + 2, 'n', 100);
	make_folder(long_name);
	make_folder("c/no-program");
	assert_int_equal(mkdir(socket, 0755), 0);
	make_good_lesson("c/fifo");
	assert_int_equal(mkfifo(fifo, 0644), 0);
	make_good_lesson("c/folder");
	make_folder("c/folder/lesson.json");
	assert_int_equal(symlink("loop", link), 0);
	write_file("c/file", "");
	load(&catalog, 2); /* with no readable lesson.json the program is asked */
	assert_non_null(strstr(catalog.problems.bytes, "bad name: left out"));
	assert_non_null(strstr(catalog.problems.bytes, "c/no-program: left out: no program"));
	assert_null(strchr(catalog.problems.bytes, '\x1b'));
	assert_null(strchr(catalog.problems.bytes, '\a'));
	catalog_release(&catalog);
	free(fifo);
	free(link);
	free(socket);
}

static void words_are_made_safe(void **state)
{
	struct catalog catalog;

	(void)state;
	make_folder("c");
	make_lesson("c/sly", "exit 1");
	const char *at = strstr(GOOD, "Two processes");
	struct text json = TEXT_INIT;
	text_add_bytes(&json, GOOD, (size_t)(at - GOOD));
	text_add(&json, "\\u001b]52;c;x\\u0007 \\u009b2J \\u202e \\u200b\\n");
	text_add(&json, at);
	write_file("c/sly/lesson.json", json.bytes);
	load(&catalog, 1);
	for (const char *c = catalog.lessons[0].title; *c != '\0'; c++)
		assert_true((unsigned char)*c >= 0x20 && *c != 0x7f);
	assert_null(strstr(catalog.lessons[0].title, "\xc2\x9b"));     /* CSI */
	assert_null(strstr(catalog.lessons[0].title, "\xe2\x80\xae")); /* right-to-left override */
	assert_non_null(strstr(catalog.lessons[0].title, "Two processes"));
	catalog_release(&catalog);
	text_release(&json);
}

/* ---- the lines of a file ---- */

static void assert_lines(const char *content, size_t length, size_t count, const char *first, const char *last)
{
	struct lines lines;
	char *path = path_of("text");

	write_bytes("text", content, length, 0644);
	assert_int_equal(lines_read(&lines, path), 0);
	assert_int_equal(lines.count, count);
	if (count > 0) {
		assert_string_equal(lines.line[0], first);
		assert_string_equal(lines.line[count - 1], last);
	}
	lines_release(&lines);
	lines_release(&lines);
	free(path);
}

static void lines_of_all_kinds(void **state)
{
	(void)state;
	assert_lines("", 0, 0, NULL, NULL);
	assert_lines("\n", 1, 1, "", "");
	assert_lines("a\nb", 3, 2, "a", "b");
	assert_lines("a\nb\n", 4, 2, "a", "b");
	assert_lines("a\r\n\r\n", 5, 2, "a", "");
	assert_lines("\tint x;\n  \ty", 12, 2, "    int x;", "    y");
}

static void lines_are_made_safe(void **state)
{
	struct lines lines;
	char *path = path_of("text");

	(void)state;
	write_bytes("text", "a\x1b[2J\0b\nc\xffq", 11, 0644);
	assert_int_equal(lines_read(&lines, path), 0);
	assert_int_equal(lines.count, 2);
	for (size_t i = 0; i < lines.count; i++)
		for (const char *c = lines.line[i]; *c != '\0'; c++)
			assert_true((unsigned char)*c >= 0x20);
	assert_string_equal(lines.line[1], "c\xef\xbf\xbdq");
	lines_release(&lines);
	free(path);
}

static void too_many_lines_are_left_out(void **state)
{
	char *many = malloc(3000000);

	(void)state;
	memset(many, '\n', 3000000);
	assert_lines(many, 30000, 20001, "", "(the rest of this file is left out: it is too long)");
	memset(many, 'x', 3000000);
	many[1] = '\n';
	assert_lines(many, 3000000, 3, "x", "(the rest of this file is left out: it is too long)");
	free(many);
}

static void lines_of_what_is_no_file(void **state)
{
	struct lines lines;
	char *path = path_of("fifo");

	(void)state;
	assert_int_equal(lines_read(&lines, path), -ENOENT);
	assert_int_equal(mkfifo(path, 0644), 0);
	assert_int_equal(lines_read(&lines, path), -EINVAL);
	assert_int_equal(lines_read(&lines, root), -EINVAL);
	lines_release(&lines);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_what_a_lesson_says_of_itself, set_up, tear_down),
		cmocka_unit_test_setup_teardown(chapters_and_lessons_are_sorted, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_description_is_used_while_it_is_not_older, set_up, tear_down),
		cmocka_unit_test_setup_teardown(names_the_nearest, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_first_root_goes_before, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_root_is_an_error, set_up, tear_down),
		cmocka_unit_test_setup_teardown(wrong_descriptions, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_list_needs_only_the_beginning, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_much_of_anything, set_up, tear_down),
		cmocka_unit_test_setup_teardown(programs_that_do_not_answer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hostile_folders, set_up, tear_down),
		cmocka_unit_test_setup_teardown(words_are_made_safe, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lines_of_all_kinds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lines_are_made_safe, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_many_lines_are_left_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(lines_of_what_is_no_file, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
