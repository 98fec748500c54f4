/* SPDX-License-Identifier: MIT */
/*
 * A run beside its recording: event by event, whether the same happens again. What the system
 * gives anew each time may differ: PIDs and TIDs, in events and in what is printed, as long as the
 * one stands for the other throughout.
 *
 * Runs in: front. Pure. Owns: what it has learned of PIDs; not the histories. May block: no.
 */
#ifndef LOCKSTEP_RECORDING_COMPARE_H
#define LOCKSTEP_RECORDING_COMPARE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "director/run.h"
#include "world/history.h"

struct comparison;

struct comparison *comparison_new(const struct history *recorded);
void comparison_free(struct comparison *comparison);

/* Compares what `live` has since with the recording, as far as that goes. False once they differ. */
bool comparison_follow(struct comparison *comparison, const struct history *live);

/*
 * Both have come to their end: neither may have more than the other, and the same must have come of
 * them. `recorded` NULL: the recording was cut off, then it is compared as far as it goes; as it is up to
 * the first hole (EVENT_LOST) in it. `end` NULL: the run was led to the end of the choices, not to its own.
 */
bool comparison_finish(struct comparison *comparison, const struct history *live, const struct run_end *recorded,
                       const struct run_end *end);

bool comparison_differs(const struct comparison *comparison);
bool comparison_is_partial(const struct comparison *comparison); /* finished, and the recording did not tell all */
uint64_t comparison_position(const struct comparison *comparison); /* events that were equal */

/* Valid once they differ. The two sides, in words. */
struct difference {
	uint64_t step, number;      /* the event's, as printed; number 0: what came of the run differs */
	struct text recorded, live;
};
const struct difference *comparison_difference(const struct comparison *comparison);

/* All of that in words, "equal to the recording: …" or "differs from the recording at step …", without an end of line. */
void comparison_say(const struct comparison *comparison, const struct history *live, struct text *out);

#endif
