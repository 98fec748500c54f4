/* SPDX-License-Identifier: MIT */
/*
 * The learner's own files: where they lie (the XDG base directory specification), and writing them
 * whole or not at all: a temporary file beside it, on the disk, then renamed. Whoever reads sees the
 * old file or the new one, whatever crashes and however full the disk is.
 *
 * Runs in: screen, supervisor (verbs). May block: on the disk.
 */
#ifndef LOCKSTEP_LESSON_HOME_H
#define LOCKSTEP_LESSON_HOME_H

#include <stddef.h>

/*
 * $VARIABLE/lockstep/NAME; without that variable ~/FALLBACK/lockstep/NAME. The caller frees. NULL:
 * nowhere. The specification leaves relative paths out.
 */
char *home_path(const char *variable, const char *fallback, const char *name);

int home_make_folders(char *path); /* those above the file; it is as it was after. 0 or -errno */

int home_replace(const char *path, const char *bytes, size_t length); /* 0 or -errno: then the old file is as it was */
int home_create(const char *path, const char *bytes, size_t length);  /* the same, but -EEXIST when there is one */

#endif
