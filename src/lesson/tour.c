/* SPDX-License-Identifier: MIT */
#include "lesson/tour.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lesson/file.h"
#include "lesson/nearest.h"
#include "wire/wire.h"

enum {
	SCRIPT_BYTES_MAX = 64 << 10,
	WORDS_MAX = 64,          /* in one command, captions apart */
	COUNT_MAX = 1000000,
};

#define WAIT_MAX 60.0
#define READING_BEFORE 1.0     /* seconds until the eye is there */
#define READING_A_COLUMN 0.055 /* subtitles are made for 17 characters a second */

struct parser {
	struct settings settings;  /* to try what is set on */
	struct tour_command *command;
	char *rest;                /* of the line, behind the verb */
	char *words[WORDS_MAX];    /* the same, split */
	size_t count;
	struct text *problem;
};

__attribute__((format(printf, 2, 3)))
static int wrong(struct parser *parser, const char *format, ...)
{
	va_list arguments;

	text_printf(parser->problem, "line %u: ", parser->command->line);
	va_start(arguments, format);
	text_vprintf(parser->problem, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

/* ---- single words ---- */

static bool read_count(const char *word, unsigned long limit, unsigned long *count)
{
	char *end;

	if (*word == '\0' || word[strspn(word, "0123456789")] != '\0' || strlen(word) > 18)
		return false;
	*count = strtoul(word, &end, 10);
	return *count <= limit;
}

static bool read_number(const char *word, double low, double high, double *number)
{
	char *end;

	*number = strtod(word, &end);
	return end != word && *end == '\0' && *number >= low && *number <= high;
}

static bool is_op(const char *word, unsigned int *kind)
{
	*kind = event_kind_find(word);
	return *kind != EVENT_UNKNOWN;
}

static int unknown_op(struct parser *parser, const char *word)
{
	struct nearest nearest;

	nearest_init(&nearest, word);
	for (unsigned int kind = EVENT_UNKNOWN + 1; kind < EVENT_KIND_COUNT; kind++)
		nearest_offer(&nearest, event_kind_info(kind)->op);
	if (nearest.best != NULL)
		return wrong(parser, "there is no operation '%s'; did you mean %s?", word, nearest.best);
	return wrong(parser, "there is no operation '%s'; they are called as `run --json` calls them: value.write", word);
}

/* ---- verbs ---- */

static int keep_rest(struct parser *parser, const char *needs)
{
	if (parser->rest[0] == '\0')
		return wrong(parser, "%s needs %s", tour_verb_name(parser->command->verb), needs);
	parser->command->words = memory_copy_string(parser->rest);
	return 0;
}

static int read_set(struct parser *parser)
{
	struct text problem = TEXT_INIT;
	int error = keep_rest(parser, "NAME=VALUE");

	for (size_t i = 0; i < parser->count && error == 0; i++)
		if (settings_set(&parser->settings, parser->words[i], &problem) < 0)
			error = wrong(parser, "%s", problem.bytes);
	text_release(&problem);
	return error;
}

static int read_seed(struct parser *parser)
{
	unsigned long seed = 0;

	if (parser->count != 1 || !read_count(parser->words[0], INT64_MAX, &seed))
		return wrong(parser, "seed needs a whole number: seed 7");
	parser->command->seed = seed;
	return 0;
}

/* How many lines the words take, none of them longer than TOUR_CAPTION_WIDTH. */
static size_t caption_lines(const struct parser *parser)
{
	size_t lines = 1, column = 0;

	for (size_t i = 0; i < parser->count; i++) {
		size_t width = utf8_columns(parser->words[i]);

		if (column > 0 && column + 1 + width > TOUR_CAPTION_WIDTH) {
			lines++;
			column = 0;
		}
		column += width + (column > 0);
	}
	return lines;
}

static int read_say(struct parser *parser)
{
	if (caption_lines(parser) > TOUR_CAPTION_LINES)
		return wrong(parser, "this caption takes more than %d lines of %d columns; say it in two captions", TOUR_CAPTION_LINES,
		             TOUR_CAPTION_WIDTH);
	return keep_rest(parser, "words");
}

static int read_wait(struct parser *parser)
{
	if (parser->count != 1 || !read_number(parser->words[0], 0, WAIT_MAX, &parser->command->number))
		return wrong(parser, "wait needs seconds, from 0 to %g: wait 1.5", WAIT_MAX);
	return 0;
}

static int read_pace(struct parser *parser)
{
	static const double paces[] = {0.5, 1, 2, 5, 10, 20, 50, 200};

	for (size_t i = 0; parser->count == 1 && i < sizeof paces / sizeof paces[0]; i++)
		if (read_number(parser->words[0], paces[i], paces[i], &parser->command->number))
			return 0;
	return wrong(parser, "pace needs one of the paces that there are: 0.5, 1, 2, 5, 10, 20, 50 or 200 steps a second");
}

/* OP [OBJECT], from word `at` on. */
static int read_op(struct parser *parser, size_t at)
{
	struct tour_command *command = parser->command;

	if (at >= parser->count)
		return wrong(parser, "which operation? For instance: until value.write");
	if (!is_op(parser->words[at], &command->kind))
		return unknown_op(parser, parser->words[at]);
	if (at + 2 < parser->count)
		return wrong(parser, "'%s' is one word too many; behind an operation stands at most one object", parser->words[at + 2]);
	if (at + 1 < parser->count)
		command->object = memory_copy_string(parser->words[at + 1]);
	return 0;
}

static int read_step(struct parser *parser)
{
	struct tour_command *command = parser->command;

	if (parser->count == 0)
		return wrong(parser, "step needs who moves: step main, step deposit 2, step 3 until value.write");
	command->who = memory_copy_string(parser->words[0]);
	command->count = 1;
	if (parser->count == 1)
		return 0;
	const char *how = parser->words[1];
	if (parser->count == 2 && read_count(how, COUNT_MAX, &command->count) && command->count > 0)
		return 0;
	bool until = strcmp(how, "until") == 0, word = parser->count == 3;
	if (!until && strcmp(how, "before") != 0)
		return wrong(parser, "'%s' is not how far somebody steps; say a number, `until OP`, `before OP`, `until blocked` or `until exit`",
		             how);
	if (until && word && strcmp(parser->words[2], "blocked") == 0)
		command->until = UNTIL_BLOCKED;
	else if (until && word && strcmp(parser->words[2], "exit") == 0)
		command->until = UNTIL_EXIT;
	else
		command->until = until ? UNTIL_DONE : UNTIL_BEFORE;
	return command->until == UNTIL_BLOCKED || command->until == UNTIL_EXIT ? 0 : read_op(parser, 2);
}

static int read_run(struct parser *parser)
{
	struct tour_command *command = parser->command;
	unsigned int kind;

	if (parser->count == 0 || (parser->count == 1 && read_count(parser->words[0], COUNT_MAX, &command->count) && command->count > 0))
		return 0;
	if (strcmp(parser->words[0], "until") != 0 || parser->count == 1)
		return wrong(parser, "'%s' is not how far it runs; say a number, `until OP`, `until WHO OP` or `until blocked`",
		             parser->words[0]);
	if (parser->count == 2 && strcmp(parser->words[1], "blocked") == 0)
		return 0; /* as far as it goes */
	command->until = UNTIL_DONE;
	if (is_op(parser->words[1], &kind) || parser->count == 2)
		return read_op(parser, 1);
	command->who = memory_copy_string(parser->words[1]);
	return read_op(parser, 2);
}

static int read_follow(struct parser *parser)
{
	return keep_rest(parser, "choices, as a schedule has them: follow 0x3,1,2x2");
}

static int read_strategy(struct parser *parser)
{
	return keep_rest(parser, "a name: random or round-robin");
}

static int read_back(struct parser *parser)
{
	parser->command->count = 1;
	if (parser->count == 0 || (parser->count == 1 && read_count(parser->words[0], COUNT_MAX, &parser->command->count)))
		return 0;
	return wrong(parser, "back needs how many steps, or nothing for one");
}

static int read_again(struct parser *parser)
{
	return parser->count == 0 ? 0 : wrong(parser, "nothing stands behind again, not '%s'", parser->rest);
}

static int read_press(struct parser *parser)
{
	return keep_rest(parser, "keys: press v, press tab tab");
}

static int read_answer(struct parser *parser)
{
	if (parser->count != 1 || strlen(parser->words[0]) != 1 || parser->words[0][0] < 'A' || parser->words[0][0] > 'I')
		return wrong(parser, "answer needs the letter of a choice: answer C");
	return keep_rest(parser, "a letter");
}

static int read_focus(struct parser *parser)
{
	return keep_rest(parser, "a pane: timeline, shared, locks, queues, source, console, text or meaning");
}

static const struct {
	const char *name;
	int (*read)(struct parser *parser);
} VERBS[TOUR_VERBS] = {
	[TOUR_SET] = {"set", read_set},
	[TOUR_SEED] = {"seed", read_seed},
	[TOUR_SAY] = {"say", read_say},
	[TOUR_WAIT] = {"wait", read_wait},
	[TOUR_PACE] = {"pace", read_pace},
	[TOUR_STEP] = {"step", read_step},
	[TOUR_RUN] = {"run", read_run},
	[TOUR_FOLLOW] = {"follow", read_follow},
	[TOUR_STRATEGY] = {"strategy", read_strategy},
	[TOUR_BACK] = {"back", read_back},
	[TOUR_AGAIN] = {"again", read_again},
	[TOUR_PRESS] = {"press", read_press},
	[TOUR_ANSWER] = {"answer", read_answer},
	[TOUR_FOCUS] = {"focus", read_focus},
};

const char *tour_verb_name(enum tour_verb verb)
{
	return VERBS[verb].name;
}

/* ---- lines ---- */

static int find_verb(struct parser *parser, const char *word)
{
	struct nearest nearest;

	nearest_init(&nearest, word);
	for (int verb = 0; verb < TOUR_VERBS; verb++) {
		if (strcmp(VERBS[verb].name, word) == 0)
			return verb;
		nearest_offer(&nearest, VERBS[verb].name);
	}
	if (nearest.best != NULL)
		return wrong(parser, "a tour has no command '%s'; did you mean %s?", word, nearest.best);
	return wrong(parser, "a tour has no command '%s'; lessons/README.md names those that there are", word);
}

/* The words of the rest into `copy`. */
static void split(struct parser *parser, char *copy)
{
	char *state = NULL;

	parser->count = 0;
	for (char *word = strtok_r(copy, " ", &state); word != NULL && parser->count < WORDS_MAX; word = strtok_r(NULL, " ", &state))
		parser->words[parser->count++] = word;
}

/* One command, its continuation lines joined. */
static int read_command(struct parser *parser, struct tour *tour, char *line, unsigned int number)
{
	struct tour_command command = {.line = number};
	size_t length = strcspn(line, " ");

	parser->command = &command;
	parser->rest = line + length;
	parser->rest += strspn(parser->rest, " ");
	line[length] = '\0';
	int verb = find_verb(parser, line);
	if (verb < 0)
		return verb;
	command.verb = (enum tour_verb)verb;
	char *copy = memory_copy_string(parser->rest);
	split(parser, copy);
	int error = VERBS[verb].read(parser);
	free(copy);
	tour->commands = memory_resize(tour->commands, tour->count + 1, sizeof *tour->commands);
	tour->commands[tour->count++] = command;
	tour->captions += verb == TOUR_SAY;
	return error;
}

/* A line without white space at both ends, added to `command` if it goes on with it. */
static void take_line(struct text *command, const char *line, size_t length)
{
	while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t' || line[length - 1] == '\r'))
		length--;
	size_t from = strspn(line, " \t");
	if (from >= length)
		return;
	if (command->length > 0)
		text_add_char(command, ' ');
	utf8_scrub(command, line + from, length - from, false);
}

static int read_lines(struct parser *parser, struct tour *tour, const char *script)
{
	struct text command = TEXT_INIT;
	unsigned int number = 0, began = 0;
	int error = 0;

	for (const char *line = script; *line != '\0' && error == 0;) {
		size_t length = strcspn(line, "\n");
		bool goes_on = (line[0] == ' ' || line[0] == '\t') && command.length > 0;

		number++;
		if (!goes_on && line[0] != '#' && command.length > 0) {
			error = read_command(parser, tour, command.bytes, began);
			text_reset(&command);
		}
		if (line[0] != '#') {
			began = goes_on ? began : number;
			take_line(&command, line, length);
		}
		line += length + (line[length] == '\n');
	}
	if (error == 0 && command.length > 0)
		error = read_command(parser, tour, command.bytes, began);
	text_release(&command);
	return error;
}

int tour_parse(struct tour *tour, const char *script, const struct catalog_lesson *lesson, struct text *problem)
{
	struct parser parser = {.problem = problem};

	*tour = (struct tour){0};
	settings_init(&parser.settings, lesson, true);
	int error = read_lines(&parser, tour, script);
	if (error == 0 && tour->captions == 0) {
		text_add(problem, "it says nothing; a tour has captions: say WORDS");
		error = -EINVAL;
	}
	settings_release(&parser.settings);
	if (error != 0)
		tour_release(tour);
	return error;
}

int tour_read(struct tour *tour, const struct catalog_lesson *lesson, struct text *problem)
{
	struct text script = TEXT_INIT, path = TEXT_INIT;
	const char *slash = strrchr(lesson->source, '/'); /* a learner's own program has no tour but its own */
	bool whole = true;

	*tour = (struct tour){0};
	text_add_bytes(&path, lesson->source, slash != NULL ? (size_t)(slash + 1 - lesson->source) : 0);
	text_add(&path, "tour");
	int error = file_read(&script, path.bytes, SCRIPT_BYTES_MAX, &whole);
	text_printf(problem, "%s: ", path.bytes);
	if (error == 0 && !whole)
		error = -EFBIG;
	if (error != 0)
		text_add(problem, error == -EINVAL ? "not a regular file" : strerror(-error));
	else
		error = tour_parse(tour, script.bytes, lesson, problem);
	if (error == 0)
		text_reset(problem);
	text_release(&script);
	text_release(&path);
	return error;
}

void tour_release(struct tour *tour)
{
	for (size_t i = 0; i < tour->count; i++) {
		free(tour->commands[i].words);
		free(tour->commands[i].who);
		free(tour->commands[i].object);
	}
	free(tour->commands);
	*tour = (struct tour){0};
}

double tour_reading_seconds(const char *caption)
{
	/* Tenths, so that the times of a cast are short. */
	return round((READING_BEFORE + READING_A_COLUMN * (double)utf8_columns(caption)) * 10) / 10;
}
