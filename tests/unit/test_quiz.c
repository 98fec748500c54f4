/* SPDX-License-Identifier: MIT */
/* The question of a lesson's text, found and taken apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lesson/quiz.h"

static const char WHOLE[] =
	"# A lesson\n\n## What this shows\n\nSomething.\n\n```\n## The answer\n```\n\n"
	"## Before you run it\n\nWhat does `read` give?\nThink.\n\n"
	"- **A.** Nought: it was\n  not written yet.\n"
	"- **B.** One.\n"
	"- **C.** *Two.*\n\n"
	"## What to look at\n\nThe lanes.\n\n"
	"## The answer\n\n**B**, mostly.\n\n"
	"- A tempts because\n  it was so.\n"
	"- C: never.\n\n"
	"## What happened, and why\n\nThis.\n";

static void test_whole(void **state)
{
	struct quiz quiz;

	(void)state;
	quiz_read(&quiz, WHOLE);
	assert_int_equal(quiz.count, 3);
	assert_int_equal(quiz.right, 1);
	assert_string_equal(quiz.question, "What does `read` give?\nThink.");
	assert_string_equal(quiz.remark, "mostly.");
	assert_int_equal(quiz.choice[0].letter, 'A');
	assert_string_equal(quiz.choice[0].says, "Nought: it was\nnot written yet.");
	assert_string_equal(quiz.choice[0].why, "A tempts because\nit was so.");
	assert_null(quiz.choice[1].why);
	assert_string_equal(quiz.choice[2].says, "*Two.*");
	assert_string_equal(quiz.choice[2].why, "C: never.");
	assert_memory_equal(WHOLE + quiz.explained, "## The answer\n\n**B**", 20);
	assert_memory_equal(WHOLE + quiz.after, "## What happened", 16);
	quiz_release(&quiz);
}

static void test_keys(void **state)
{
	struct quiz quiz;

	(void)state;
	quiz_read(&quiz, WHOLE);
	assert_int_equal(quiz_choice_of(&quiz, 'a'), 0);
	assert_int_equal(quiz_choice_of(&quiz, 'C'), 2);
	assert_int_equal(quiz_choice_of(&quiz, '2'), 1);
	assert_int_equal(quiz_choice_of(&quiz, 'd'), quiz.count);
	assert_int_equal(quiz_choice_of(&quiz, '4'), quiz.count);
	assert_int_equal(quiz_choice_of(&quiz, 0x110000), quiz.count);
	quiz_release(&quiz);
}

/* Whatever a text may hold, it has a question or has none. */
static void test_texts_without(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"# Only a title",
		"## Before you run it",
		"## Before you run it\n- **A.** x\n- **B.** y\n",
		"## The answer\n**A**\n",
		"## Before you run it\nWhich?\n- **A.** x\n- **B.** y\n## The answer\n**C.**\n",
		"## Before you run it\nWhich?\n- **A.** x\n- **B.** y\n## The answer\nNobody knows.\n",
		"## Before you run it\nWhich?\n- **A.** x\n## The answer\n**A.**\n",
		"## Before you run it\n- **A.** x\n- **B.** y\n## The answer\n**A.**\n",
		"## Before you run it\nWhich?\n- **",
		"## Before you run it\nWhich?\n- **A.** x\n- **B.** y\n```\n## The answer\n**A.**\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct quiz quiz;
		quiz_read(&quiz, texts[i]);
		assert_int_equal(quiz.count, 0);
		quiz_release(&quiz);
	}
}

/* Every beginning of a text, and more choices than there are keys. */
static void test_cut_anywhere(void **state)
{
	struct quiz quiz;
	char text[sizeof WHOLE];

	(void)state;
	for (size_t length = 0; length < sizeof WHOLE; length++) {
		memcpy(text, WHOLE, length);
		text[length] = '\0';
		quiz_read(&quiz, text);
		assert_true(quiz.explained <= quiz.after && quiz.after <= length);
		quiz_release(&quiz);
	}
	quiz_read(&quiz, "## Before you run it\nWhich?\n- **A.** 1\n- **A.** 2\n- **B.** 3\n- **C.** 4\n- **D.** 5\n- **E.** 6\n"
	                 "- **F.** 7\n- **G.** 8\n- **H.** 9\n- **I.** 10\n- **J.** 11\n- **K.** 12\n## The answer\n**A.**\n");
	assert_int_equal(quiz.count, QUIZ_CHOICES_MAX);
	assert_string_equal(quiz.choice[0].says, "1");
	quiz_release(&quiz);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_texts_without),
		cmocka_unit_test(test_cut_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
