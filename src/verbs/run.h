/* SPDX-License-Identifier: MIT */
/*
 * What the verb `run` was asked for, and the front that prints a run. Private to src/verbs.
 *
 * Runs in: supervisor (reading the command line), front (printing).
 */
#ifndef LOCKSTEP_VERBS_RUN_H
#define LOCKSTEP_VERBS_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "director/schedule.h"
#include "director/strategy.h"
#include "lesson/catalog.h"
#include "export/printer.h"

struct run_request {
	struct catalog catalog;
	const struct catalog_lesson *lesson;
	struct settings settings;
	struct schedule schedule;             /* to be followed first */
	const struct strategy_kind *strategy; /* who chooses after it */
	uint64_t seed;
	bool seed_given;
	bool gated;
	double speed;                         /* free */
	bool ascii;
	bool no_quiz;
	bool quiz_later;
	const struct printer_form *form;      /* NULL: the screen */
};

/* The front of a printed run, for supervisor_run(); `context` is a struct run_request. */
int run_print(int channel, void *context);

#endif
