/* SPDX-License-Identifier: MIT */
/*
 * What came of a run, as the last block of a recording holds it: JSON (see format.h).
 *
 * Runs in: front. Owns: the outcome. May block: no.
 */
#ifndef LOCKSTEP_RECORDING_ENDING_H
#define LOCKSTEP_RECORDING_ENDING_H

#include <stdbool.h>

#include "base/text.h"
#include "director/run.h"

struct ending {
	struct run_result result;
	struct run_end end; /* with this result */
};

/* The end points into the ending: it stays where it is. */
void ending_release(struct ending *ending);

void ending_pack(struct text *content, const struct run_end *end);

/* False when `content` does not say; then there is nothing to release. Strings in outcomes are made safe. */
bool ending_unpack(struct ending *ending, const struct text *content);

#endif
