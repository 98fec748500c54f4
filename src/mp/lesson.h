/* SPDX-License-Identifier: MIT */
/*
 * What a lesson says of itself: title, parameters, variants, and in the end its outcome. A lesson
 * is an ordinary program:
 *
 *     static const struct lesson_parameter parameters[] = {
 *         {.name = "lock", .choices = "off|on", .fallback = "off", .help = "take the lock around the update"},
 *         {.name = "rounds", .low = 1, .high = 1000, .fallback = "100", .help = "updates by each process"},
 *         {0}};
 *     static const struct lesson lesson = {.title = "Two processes, one balance", .parameters = parameters, …};
 *
 *     int main(int argc, char **argv)
 *     {
 *         lesson_begin(&lesson, argc, argv);
 *         …
 *         lesson_outcome(ok, "lost update", json_pack("{s:I}", "balance", balance), json_pack(…));
 *         return lesson_end();
 *     }
 *
 * Arguments are NAME=VALUE; `--describe` prints all of this as JSON, `--help` for people.
 *
 * Runs in: lesson. May block: lesson_end joins the children that are left.
 */
#ifndef LOCKSTEP_MP_LESSON_H
#define LOCKSTEP_MP_LESSON_H

#include <jansson.h>
#include <stdbool.h>

struct lesson_parameter {
	const char *name;     /* NULL ends the list */
	const char *help;     /* what it does, one line */
	const char *fallback; /* the value when none is given */
	const char *choices;  /* "off|on": one of these; NULL: a number */
	double low, high;     /* range of a number, both allowed */
	bool real;            /* a number that need not be whole */
};

struct lesson_variant {
	const char *name;     /* "broken", "mended"; NULL ends the list */
	const char *settings; /* "lock=off rounds=10" */
	const char *says;     /* what to expect, one line */
};

struct lesson {
	const char *title;
	const char *summary; /* one or two sentences for the menu */
	const struct lesson_parameter *parameters;
	const struct lesson_variant *variants;
	const char *outcome; /* the outcome's fields: "balance: what is left in the account" */
	const char *right;   /* which outcomes are right, one line */
	const char *may_deadlock; /* settings under which a deadlock is a right end: "order=opposite"; NULL: none */
	const char *step_settings; /* what --step starts from, unless set: "rounds=5"; NULL: the defaults */
};

/*
 * Reads the arguments; a wrong one ends the program with status 2 and a message that says what would be right. From
 * here on, whoever dies of NULL given as an object says so first, and in which function (linked with -rdynamic).
 */
void lesson_begin(const struct lesson *lesson, int argc, char **argv);

/* What a parameter is set to. A name that the lesson has not is its author's mistake: process_fail(). */
long lesson_integer(const char *name);
double lesson_real(const char *name);
const char *lesson_choice(const char *name);
bool lesson_is(const char *name, const char *choice); /* lesson_is("lock", "on") */

/*
 * The lesson's result: `ok` when the run ended as the lesson says that it may, `verdict` in a few
 * words, both JSON objects taken over (expected may be NULL). Alone, it is kept for the exit status.
 */
void lesson_outcome(bool ok, const char *verdict, json_t *outcome, json_t *expected);

/* Joins what is left and gives main's exit status: 0 ok, 1 not ok or no outcome told. */
int lesson_end(void);

#endif
