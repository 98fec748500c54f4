/* SPDX-License-Identifier: MIT */
#include "lesson/quiz.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"

#define QUESTION_HEADING "Before you run it"
#define ANSWER_HEADING "The answer"

/* ---- sections ---- */

/* A section's body, and where its heading begins. */
struct section {
	const char *heading, *body, *end;
};

static const char *line_end(const char *at)
{
	return at + strcspn(at, "\n");
}

static const char *next_line(const char *at)
{
	const char *end = line_end(at);

	return *end == '\n' ? end + 1 : end;
}

static bool is_fence(const char *line)
{
	return strncmp(line, "```", 3) == 0 || strncmp(line, "~~~", 3) == 0;
}

static bool heading_is(const char *line, const char *name)
{
	const char *from = line + 2 + strspn(line + 2, " ");
	size_t length = (size_t)(line_end(line) - from);

	while (length > 0 && isspace((unsigned char)from[length - 1]))
		length--;
	return length == strlen(name) && strncasecmp(from, name, length) == 0;
}

/* What begins with "## " inside of a code block is code. */
static bool find_section(struct section *section, const char *text, const char *name)
{
	bool code = false;

	*section = (struct section){0};
	for (const char *line = text; *line != '\0'; line = next_line(line)) {
		if (is_fence(line))
			code = !code;
		if (code || strncmp(line, "## ", 3) != 0)
			continue;
		if (section->heading != NULL) {
			section->end = line;
			return true;
		}
		if (heading_is(line, name)) {
			section->heading = line;
			section->body = next_line(line);
		}
	}
	section->end = text + strlen(text);
	return section->heading != NULL;
}

/* ---- lists ---- */

static bool is_item(const char *line)
{
	return (line[0] == '-' || line[0] == '*') && line[1] == ' ';
}

static bool is_blank(const char *line)
{
	return line[strspn(line, " \t\r")] == '\n' || line[strspn(line, " \t\r")] == '\0';
}

/* Behind an item's last line: the next item, an empty line, or what is not indented. */
static const char *item_end(const char *item, const char *end)
{
	const char *line = next_line(item);

	while (line < end && !is_blank(line) && line[0] == ' ')
		line = next_line(line);
	return line < end ? line : end;
}

static const char *first_item(const struct section *section)
{
	const char *line = section->body;

	while (line < section->end && !is_item(line))
		line = next_line(line);
	return line < section->end ? line : section->end;
}

/* Without white space at both ends, and without the indentation of its lines. */
static char *copy_trimmed(const char *from, const char *end)
{
	struct text out = TEXT_INIT;

	while (from < end && isspace((unsigned char)*from))
		from++;
	while (end > from && isspace((unsigned char)end[-1]))
		end--;
	while (from < end) {
		text_add_char(&out, *from);
		if (*from++ == '\n')
			while (from < end && *from == ' ')
				from++;
	}
	return text_detach(&out);
}

/* "**A.** …", "**A**, …" or "A …": the letter, and what stands behind it. 0: it begins with none. */
static char leading_letter(const char **at)
{
	const char *from = *at;
	bool bold = strncmp(from, "**", 2) == 0;

	if (bold)
		from += 2;
	char letter = *from;
	if (!isupper((unsigned char)letter) || isalnum((unsigned char)from[1]))
		return 0;
	from++;
	if (bold) {
		from += *from == '.';
		from += strncmp(from, "**", 2) == 0 ? 2 : 0;
	}
	*at = from;
	return letter;
}

static struct quiz_choice *find_choice(struct quiz *quiz, char letter)
{
	for (size_t i = 0; i < quiz->count; i++)
		if (quiz->choice[i].letter == letter)
			return &quiz->choice[i];
	return NULL;
}

/* ---- the two sections ---- */

static void read_question(struct quiz *quiz, const struct section *section)
{
	const char *item = first_item(section);

	quiz->question = copy_trimmed(section->body, item);
	while (item < section->end && is_item(item) && quiz->count < QUIZ_CHOICES_MAX) {
		const char *says = item + 2 + strspn(item + 2, " "), *end = item_end(item, section->end);
		char letter = leading_letter(&says);

		if (letter != 0 && find_choice(quiz, letter) == NULL)
			quiz->choice[quiz->count++] =
				(struct quiz_choice){.letter = letter, .says = copy_trimmed(says, end)};
		item = end;
	}
}

/* False: no choice is called right. */
static bool read_answer(struct quiz *quiz, const struct section *section)
{
	const char *from = section->body, *item = first_item(section);

	while (from < item && isspace((unsigned char)*from))
		from++;
	struct quiz_choice *right = from < item ? find_choice(quiz, leading_letter(&from)) : NULL;
	if (right == NULL)
		return false;
	quiz->right = (size_t)(right - quiz->choice);
	quiz->remark = copy_trimmed(from + strspn(from, ".,: "), item);
	while (item < section->end && is_item(item)) {
		const char *why = item + 2 + strspn(item + 2, " "), *at = why, *end = item_end(item, section->end);
		struct quiz_choice *choice = find_choice(quiz, leading_letter(&at));

		if (choice != NULL && choice->why == NULL)
			choice->why = copy_trimmed(why, end);
		item = end;
	}
	return true;
}

void quiz_read(struct quiz *quiz, const char *text)
{
	struct section question, answer;

	*quiz = (struct quiz){0};
	if (!find_section(&question, text, QUESTION_HEADING) || !find_section(&answer, text, ANSWER_HEADING))
		return;
	read_question(quiz, &question);
	if (quiz->count < 2 || quiz->question[0] == '\0' || !read_answer(quiz, &answer)) {
		quiz_release(quiz);
		return;
	}
	quiz->explained = (size_t)(answer.heading - text);
	quiz->after = (size_t)(answer.end - text);
}

void quiz_release(struct quiz *quiz)
{
	for (size_t i = 0; i < quiz->count; i++) {
		free(quiz->choice[i].says);
		free(quiz->choice[i].why);
	}
	free(quiz->question);
	free(quiz->remark);
	*quiz = (struct quiz){0};
}

size_t quiz_choice_of(const struct quiz *quiz, unsigned int key)
{
	if (key >= '1' && key <= '9')
		return key - '1' < quiz->count ? key - '1' : quiz->count;
	for (size_t i = 0; i < quiz->count && key < 128; i++)
		if (toupper((int)key) == quiz->choice[i].letter)
			return i;
	return quiz->count;
}
