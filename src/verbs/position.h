/* SPDX-License-Identifier: MIT */
/*
 * A moment of a run, as it is told on a command line: a step ("12", of a free run an event), "step=12",
 * "event=40", a time of the lesson's clock ("0.3s"), "end".
 *
 * Runs in: front. Pure.
 */
#ifndef LOCKSTEP_VERBS_POSITION_H
#define LOCKSTEP_VERBS_POSITION_H

#include <stdbool.h>

#include "base/text.h"
#include "world/history.h"

/* 0 or -EINVAL: `problem` says what is wrong, or how far the run goes. */
int position_parse(const char *words, const struct history *history, uint64_t *position, struct text *problem);

#endif
