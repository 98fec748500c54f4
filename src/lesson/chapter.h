/* SPDX-License-Identifier: MIT */
/*
 * A chapter: a folder of lessons. Its file `title`, if there is one, has the title in its first line
 * and then, a line each, the names of lessons in the order in which they are best taken. A lesson that
 * is not named there comes after those that are, by name: a new one needs no line.
 *
 * Runs in: screen. Owns: its strings. May block: reading the file.
 */
#ifndef LOCKSTEP_LESSON_CHAPTER_H
#define LOCKSTEP_LESSON_CHAPTER_H

#include <stddef.h>

struct chapter {
	char *title;  /* made safe; from the folder's name when no file says better */
	char **order; /* NULL-terminated */
};

void chapter_read(struct chapter *chapter, const char *path, const char *folder_name);
void chapter_release(struct chapter *chapter);

/* Puts the names of folders, sorted by name, into the chapter's order. `names` is NULL-terminated. */
void chapter_sort(const struct chapter *chapter, char **names);

#endif
