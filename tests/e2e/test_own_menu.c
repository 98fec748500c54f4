/* SPDX-License-Identifier: MIT */
/* A lesson of one's own in the menu: edited while the menu is open, broken, and mended again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/memory.h"
#include "base/text.h"
#include "support/vt.h"

#define SOURCE(title, body)                                                                                          \
	"#include \"mp/mp.h\"\n"                                                                                     \
	"static const struct lesson lesson = {.title = \"" title "\", .summary = \"s\", .outcome = \"o\", .right = \"r\"};\n" \
	"int main(int argc, char **argv)\n"                                                                          \
	"{\n"                                                                                                        \
	"\tlesson_begin(&lesson, argc, argv);\n"                                                                     \
	"\t" body "\n"                                                                                               \
	"\tlesson_outcome(true, \"well\", NULL, NULL);\n"                                                            \
	"\treturn lesson_end();\n"                                                                                   \
	"}\n"

static char *home; /* XDG_DATA_HOME */

static void make_folder(const char *name)
{
	struct text path = TEXT_INIT;

	text_printf(&path, "%s%s", home, name);
	assert_int_equal(mkdir(path.bytes, 0700), 0);
	text_release(&path);
}

static void write_lesson(const char *source)
{
	struct text path = TEXT_INIT;

	text_printf(&path, "%s/lockstep/lessons/mine/lesson.c", home);
	FILE *file = fopen(path.bytes, "w");
	assert_non_null(file);
	assert_true(fputs(source, file) >= 0);
	assert_int_equal(fclose(file), 0);
	text_release(&path);
}

static void expect(struct vt *vt, const char *keys, const char *shown)
{
	vt_send(vt, keys);
	if (!vt_wait_text(vt, shown, VT_PATIENCE))
		fail_msg("\"%s\" is not shown:\n%s", shown, vt_text(vt));
}

static struct vt *open_menu(const struct text *data)
{
	const char *path = getenv("LOCKSTEP"), *flags = getenv("LOCKSTEP_CFLAGS");
	struct text cflags = TEXT_INIT;

	text_printf(&cflags, "CFLAGS=%s", flags != NULL ? flags : "");
	const char *arguments[] = {path != NULL ? path : "build/release/lockstep", NULL};
	const char *environment[] = {data->bytes, cflags.bytes, NULL};
	struct vt *vt = vt_open(&(struct vt_options){.width = 100, .height = 30, .arguments = arguments, .environment = environment});
	text_release(&cflags);
	return vt;
}

static void test_edited_while_the_menu_is_open(void **state)
{
	struct text data = TEXT_INIT;
	int status;

	(void)state;
	text_printf(&data, "XDG_DATA_HOME=%s", home);
	write_lesson(SOURCE("A first try", "print(\"one\");"));
	struct vt *vt = open_menu(&data);
	expect(vt, "", "hello-process");
	expect(vt, "G", "A first try");
	expect(vt, "", "Your own");

	write_lesson(SOURCE("A first try", "print(nothing);"));
	expect(vt, "\r", "mine cannot be built");
	expect(vt, "", "lesson.c:6:");
	expect(vt, "", "rng-seed"); /* the others are there as before */

	write_lesson(SOURCE("A second try", "print(\"two\");"));
	expect(vt, "\r", "print: two");
	expect(vt, "ss", "ended: well");
	expect(vt, "\033", "A second try");
	assert_true(vt_wait_gone(vt, "cannot be built", VT_PATIENCE));
	vt_send(vt, "q");
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_true(vt_wait_left(vt, 0, 1000));
	vt_close(vt);
	text_release(&data);
}

/* Its title can be read, the rest cannot: it is not among the lessons, and they are all there. */
static void test_a_description_cut_short(void **state)
{
	const char *build = getenv("LOCKSTEP_BUILD");
	struct text command = TEXT_INIT, lessons = TEXT_INIT;
	int status;

	(void)state;
	text_printf(&lessons, "LOCKSTEP_LESSONS=%s/cut", home);
	text_printf(&command,
	            "set -e; mkdir -p '%s/cut/a'; cd '%s'/lessons/1-processes; cp -pr hello-process cores many-workers '%s/cut/a';"
	            "cd '%s/cut/a/hello-process'; head -c 200 lesson.json >short; mv short lesson.json",
	            home, build != NULL ? build : "build/release", home, home);
	assert_int_equal(system(command.bytes), 0);
	struct vt *vt = open_menu(&lessons);
	expect(vt, "", "many-workers");
	assert_true(vt_wait_gone(vt, "hello-process", VT_PATIENCE));
	expect(vt, "", "cores");
	expect(vt, "\r", "cores");
	vt_send(vt, "\033");
	expect(vt, "", "many-workers");
	vt_send(vt, "q");
	assert_true(vt_wait_status(vt, &status, VT_PATIENCE));
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	vt_close(vt);
	text_release(&command);
	text_release(&lessons);
}

static int make_home(void **state)
{
	const char *folder = getenv("TMPDIR");
	struct text path = TEXT_INIT;

	(void)state;
	text_printf(&path, "%s/data", folder != NULL ? folder : "/tmp");
	home = text_detach(&path);
	make_folder("");
	make_folder("/lockstep");
	make_folder("/lockstep/lessons");
	make_folder("/lockstep/lessons/mine");
	return 0;
}

static int forget_home(void **state)
{
	(void)state;
	free(home); /* the runner removes the folder */
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edited_while_the_menu_is_open),
		cmocka_unit_test(test_a_description_cut_short),
	};

	return cmocka_run_group_tests(tests, make_home, forget_home);
}
