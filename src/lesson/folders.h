/* SPDX-License-Identifier: MIT */
/*
 * The folders in which lessons lie: chapters in a root, lessons in a chapter.
 *
 * Runs in: front. Owns: nothing; the caller frees what it is given. May block: as reading a folder does.
 */
#ifndef LOCKSTEP_LESSON_FOLDERS_H
#define LOCKSTEP_LESSON_FOLDERS_H

#include <stdbool.h>

enum { FOLDERS_NAME_MAX = 64 }; /* bytes of a lesson's or a chapter's name */

char *folders_join(const char *folder, const char *name); /* "folder/name" */

/* Whether a lesson may have that name, which is given on command lines and kept in recordings. */
bool folders_may_be_called(const char *name);

/* The names of the folders in a folder, sorted; hidden ones are left out. NULL-terminated. NULL and errno. */
char **folders_list(const char *path);
void folders_free(char **names);

#endif
