/* SPDX-License-Identifier: MIT */
/*
 * Being told to go: by a signal that would end the process, noted so that what is under way can be
 * put in order first.
 *
 * Runs in: front.
 */
#ifndef LOCKSTEP_VERBS_ENDING_H
#define LOCKSTEP_VERBS_ENDING_H

#include <signal.h>
#include <stdbool.h>

extern volatile sig_atomic_t ending_signal; /* its number; 0: not told yet */

/* `impatient`: told a second time, it goes at once (who calls has nothing to put away that the supervisor, while it lives, does not). */
void ending_hear(bool impatient);

#endif
