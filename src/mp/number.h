/* SPDX-License-Identifier: MIT */
/*
 * Real numbers as text, as Python's repr() writes them: the fewest digits that read back as the very
 * same number. printf(3) alone cannot: %g loses some, and %.17g writes 0.1 as 0.10000000000000001.
 *
 * Runs in: lesson. Pure. May block: no.
 */
#ifndef LOCKSTEP_MP_NUMBER_H
#define LOCKSTEP_MP_NUMBER_H

enum { NUMBER_TEXT = 32 }; /* bytes that are enough for any */

/* Writes the number into `text` and returns it. */
const char *number_text(char text[NUMBER_TEXT], double number);

#endif
