/* SPDX-License-Identifier: MIT */
/*
 * Keeping a run: a recorder follows the history of the run that is shown, from a key or `--record` on.
 * A failure is told once, and never stops a run. See keep.c.
 *
 * Runs in: screen. Owns: the recorder. May block: as writing a file does.
 */
#ifndef LOCKSTEP_SCREEN_KEEP_H
#define LOCKSTEP_SCREEN_KEEP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "recording/recorder.h"

struct screen;

struct keeping {
	struct recorder *recorder; /* NULL: nothing is written now */
	struct text path;          /* "": the run shown is not kept */
	struct text aside;         /* where it is written until it has come as far as the one before; "": in `path` */
	struct text wanted;        /* further runs are kept, too, under such names; "": they are not */
	bool again;                /* the next run is the one that is kept, run again */
	unsigned int number;       /* of the last such name */
	uint64_t count;            /* events that the recorder has seen */
	uint64_t due;              /* when to flush; NEVER: all is in the file */
};

void keep_open(struct screen *screen); /* keeps every run from now on, if that was asked for */
void keep_release(struct screen *screen);
void keep_key_pressed(struct screen *screen);
void keep_named(struct screen *screen, const char *path); /* keeps the run shown */
void keep_run_over(struct screen *screen);  /* the run shown is about to be forgotten … */
void keep_run_again(struct screen *screen); /* … and the next one is to be the same */
void keep_run_begun(struct screen *screen);
uint64_t keep_work(struct screen *screen, uint64_t now);

#endif
