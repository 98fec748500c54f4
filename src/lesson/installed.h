/* SPDX-License-Identifier: MIT */
/*
 * What lies around the running program, in the tree that it was built in or where it was installed.
 *
 * Runs in: screen, supervisor (verbs). May block: on the disk.
 */
#ifndef LOCKSTEP_LESSON_INSTALLED_H
#define LOCKSTEP_LESSON_INSTALLED_H

/* The program's folder, without a link's name: ./lockstep at the top is a link into build/. The caller frees. */
char *installed_folder(void);

/* What a lesson is built with: the library, and the folder that holds mp/mp.h. 0, or -ENOENT with both NULL. */
int installed_library(char **archive, char **headers);

#endif
