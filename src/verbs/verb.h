/* SPDX-License-Identifier: MIT */
/*
 * Verbs: what stands behind `lockstep` on a command line. A new verb is a file with its function
 * and its row, and a line in table.c; its help is made from the row.
 *
 * Exit status of every verb: 0 ok; 1 a run or check that failed; 2 usage; 70 an internal fault;
 * 128 + n killed by signal n. Messages go to standard error and say what was wrong and what would
 * be right.
 *
 * Runs in: supervisor (before the front is forked), front.
 */
#ifndef LOCKSTEP_VERBS_VERB_H
#define LOCKSTEP_VERBS_VERB_H

#include <stdbool.h>

#include "lesson/catalog.h"

struct recording;

enum { STATUS_OK = 0, STATUS_FAILED = 1, STATUS_USAGE = 2, STATUS_INTERNAL = 70, STATUS_SIGNAL = 128 };

struct option {
	const char *name;  /* "--set"; NULL ends the list */
	const char *value; /* what its value is called, NULL: it has none */
	const char *help;
	int id;            /* the verb's own number for it, from 0 on */
};

struct verb {
	const char *name;
	const char *words;   /* what stands behind the name, options apart: "LESSON" */
	struct {
		const char *one;    /* what its one word is, for messages: "lesson" */
		const char *needed; /* said when that is missing: "the name of a lesson; …"; NULL: it may be */
		const char *beyond; /* said behind a second word; NULL: nothing more */
	} takes;
	const char *summary; /* one line */
	const char *details; /* paragraphs for its help; "" for none */
	const struct option *options;
	int (*run)(const struct verb *verb, int argc, char **argv); /* without the verb's name; the exit status */
};

extern const struct verb *const VERBS[]; /* ended by NULL; the first is what `lockstep` alone does */

const struct verb *verb_find(const char *name);
const char *verb_nearest(const char *name); /* the closest spelling; NULL: nothing close */

extern const struct verb verb_menu, verb_list, verb_run, verb_replay, verb_export, verb_tour, verb_edit, verb_check, verb_progress, verb_doctor, verb_help, verb_version;

/* ---- reading a verb's arguments ---- */

enum { OPTION_END = -1, OPTION_WORD = -2, OPTION_WRONG = -3 };

struct options {
	const struct verb *verb;
	int argc;
	char **argv;
	int next;
	bool only_words;   /* after "--" */
	const char *value; /* of the option, or the word itself */
};

void options_init(struct options *options, const struct verb *verb, int argc, char **argv);

/* The id of the next option, OPTION_WORD, OPTION_END, or OPTION_WRONG: what was wrong has been said. */
int options_next(struct options *options);

/*
 * All of them: the one word that there may be (NULL where the verb takes none, else it points to NULL), and of
 * each option, by its id, the value given last: "" when it has none, left as it is when it was not given. Returns a status.
 */
int options_read(const struct verb *verb, int argc, char **argv, const char **word, const char **values);

/* ---- messages ---- */

/* "lockstep: …" and an end of line, on standard error; made safe, for it may quote anything. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for a mistake on the command line; names the help that there is. Returns STATUS_USAGE. */
int complain_usage(const struct verb *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

void help_print(const struct verb *verb);
void help_overview(void);

/* ---- what verbs share ---- */

/* Loads the catalog. 0, or, with no lesson at all, the exit status; then all problems have been told. */
int verb_load_catalog(struct catalog *catalog);
int verb_open_catalog(struct catalog *catalog); /* likewise, by catalog_open() */

int verb_name_width(const struct catalog *catalog); /* in columns, of a table's lessons: the longest fits */

/* The lesson of that name; NULL: there is none, and what would be right has been said (STATUS_USAGE). */
const struct catalog_lesson *verb_find_lesson(const struct verb *verb, const struct catalog *catalog, const char *name);

/* Before a run: builds what is the learner's own, and says whose file an exercise is. STATUS_FAILED, said: it cannot be built. */
int verb_ready_lesson(struct catalog *catalog, const struct catalog_lesson *lesson);

/* A number in words, within limits. NaN is none. */
bool verb_read_number(const char *value, double least, double most, double *number);

/* "100x30", of a picture. STATUS_OK or STATUS_USAGE. */
int verb_read_size(const struct verb *verb, const char *value, int *width, int *height);

/* NULL: it cannot be read, and why has been said (STATUS_FAILED). */
struct recording *verb_open_recording(const char *path);

bool verb_on_terminal(void); /* one that a screen can be drawn on */

/* Runs `front` beside its supervisor, with the screen, and gives the terminal back whatever becomes of it. Its exit status. */
int verb_show(int (*front)(int channel, void *context), void *context);

#endif
