/* SPDX-License-Identifier: MIT */
/*
 * The catalog: which lessons there are and what each says of itself. A lesson is a folder
 * <root>/<chapter>/<name>/ with `lesson` (the program), `lesson.json` (what `lesson --describe`
 * printed when it was built), `lesson.md` and `lesson.c`. The roots: $LOCKSTEP_LESSONS (colon-separated),
 * else `lessons` beside the program, else ../lib/lockstep/lessons. Chapters sort by their
 * folders' names, the lessons of one as chapter.h says. Last comes the chapter "Your own": what lies
 * in the learner's own folder (own.h), built when it is older than its source.
 *
 * A lesson with a solution.c is an exercise. A file of the learner's with its name takes its place.
 *
 * All text is made safe (base/utf8.h) as it is read. A folder that is no lesson, or whose
 * description is wrong, is left out and said so in `problems`.
 *
 * Runs in: screen. Owns: everything it points to. May block: reading files; running
 * `lesson --describe` when lesson.json is missing or older than the program; the compiler.
 */
#ifndef LOCKSTEP_LESSON_CATALOG_H
#define LOCKSTEP_LESSON_CATALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct catalog_parameter {
	char *name;
	char *help;
	char *fallback;
	char **choices;      /* NULL-terminated; NULL: a number */
	double low, high;
	bool real;
};

struct catalog_variant {
	char *name;
	char *settings;      /* "lock=off rounds=10" */
	char *says;
};

struct catalog_lesson {
	char *name;          /* "bank-race" */
	char *chapter;       /* "Taking turns" */
	char *title;
	char *summary;
	char *outcome;
	char *right;
	char *step_settings; /* "" when it has none */
	char *may_deadlock;  /* settings under which a deadlock is a right end; NULL: none */
	char *program;       /* paths */
	char *source;
	char *text;
	bool own;            /* the learner's own file */
	char *exercise;      /* the folder with its hints and its solution; NULL: it is none */
	char *unread;        /* its description, while only title and summary are known of it; NULL: all is */
	char *problem;       /* why it cannot be run, lines of it: what the compiler said; NULL: it can */
	struct catalog_parameter *parameters;
	size_t parameter_count;
	struct catalog_variant *variants;
	size_t variant_count;
};

struct catalog {
	struct catalog_lesson *lessons;
	size_t count;
	struct text problems; /* a line each; "" when all is well */
	bool brief;           /* descriptions are read as far as a list needs them */
};

int catalog_load(struct catalog *catalog); /* 0, or -ENOENT: no root exists (`problems` names those tried) */
void catalog_release(struct catalog *catalog);

/*
 * catalog_load() in two parts, for who shows the list first: after catalog_open() names, chapters, titles and
 * summaries are known. catalog_complete() reads the rest of one lesson, or of all that are left. True: a
 * description was wrong, so the catalog has been loaded anew and without it, and an index may mean another lesson.
 */
enum { CATALOG_ALL = -1 };
int catalog_open(struct catalog *catalog);
bool catalog_complete(struct catalog *catalog, long index);

/* Before a run of a lesson of the learner's own: builds it again and reads what it says, if it has changed. */
void catalog_refresh(struct catalog *catalog, size_t index);
void catalog_lesson_release(struct catalog_lesson *lesson);

/* NULL when there is none; then `catalog_nearest` names the closest spelling (NULL: nothing close). */
const struct catalog_lesson *catalog_find(const struct catalog *catalog, const char *name);
const char *catalog_nearest(const struct catalog *catalog, const char *name);

/* ---- settings: what a run's parameters are set to ---- */

/* One value for each parameter of the lesson, in its order. */
struct settings {
	const struct catalog_lesson *lesson;
	char **values;
	bool *chosen; /* set by somebody: neither the default nor step_settings */
};

/* All at their defaults; with `step`, what step_settings says over them. */
void settings_init(struct settings *settings, const struct catalog_lesson *lesson, bool step);
void settings_copy(struct settings *to, const struct settings *from);
void settings_release(struct settings *settings);

/* "NAME=VALUE". 0 or -EINVAL with what was wrong and what would be right in `problem`. */
int settings_set(struct settings *settings, const char *assignment, struct text *problem);
int settings_check(const struct catalog_lesson *lesson, const char *assignment, struct text *problem); /* likewise, and sets nothing */
/* The next or previous choice, or the number one step up or down (kept in range). */
void settings_turn(struct settings *settings, size_t parameter, int direction);
const char *settings_get(const struct settings *settings, const char *name); /* NULL: no such parameter */

/* Whether a deadlock is a right end of a run with these settings. */
bool settings_may_deadlock(const struct settings *settings);

/* ---- the files of a lesson ---- */

/* Lines of a file, made safe; at most 1 MiB and 20,000 lines, the rest is said to be left out. */
struct lines {
	char **line;
	size_t count;
};

int lines_read(struct lines *lines, const char *path); /* 0 or -errno */
void lines_take(struct lines *lines, const char *bytes, size_t length, bool whole); /* likewise, of what was read already */
void lines_release(struct lines *lines);

#endif
