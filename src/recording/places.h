/* SPDX-License-Identifier: MIT */
/*
 * The places that a recording's events name, told once each (see format.h).
 *
 * Runs in: front. Pure. May block: no.
 */
#ifndef LOCKSTEP_RECORDING_PLACES_H
#define LOCKSTEP_RECORDING_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "recording/numbers.h"
#include "world/history.h"

/* Those of `named` that the history knows and `told` does not have; they are added to it. Returns how many. */
uint32_t places_pack(struct text *content, const struct history *history, const struct numbers *named, struct numbers *told);

/* Into the history; `told` has those that it knows. False when `content` is not that or there are too many. */
bool places_unpack(const struct text *content, struct history *history, struct numbers *told);

#endif
