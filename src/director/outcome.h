/* SPDX-License-Identifier: MIT */
/*
 * What came of a run, in words: for the screen, for histograms, for what is exported.
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_DIRECTOR_OUTCOME_H
#define LOCKSTEP_DIRECTOR_OUTCOME_H

#include <stdbool.h>

#include "base/text.h"
#include "director/run.h"

void outcome_words(struct text *out, const json_t *outcome);
/* What runs are told apart by: the outcome's plain values ("balance 199"), else the verdict. */
void outcome_label(struct text *out, const struct run_result *result);
bool outcome_is_expected(const struct run_result *result);
/* "balance 199 (expected 200)". */
void outcome_with_expected(struct text *out, const struct run_result *result);

#endif
