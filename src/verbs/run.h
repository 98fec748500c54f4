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
#include "recording/compare.h"
#include "recording/recorder.h"
#include "recording/recording.h"
#include "verbs/verb.h"

struct run_request {
	struct catalog catalog;
	const struct catalog_lesson *lesson;
	struct settings settings;
	struct schedule schedule;             /* to be followed first */
	const struct catalog_variant *variant; /* whose schedule that is; NULL: given as a file or as text */
	const struct strategy_kind *strategy; /* who chooses after it */
	uint64_t seed;
	bool seed_given;
	bool gated;
	double speed;                         /* free */
	double time_limit;                    /* seconds; 0: what is usual */
	bool ascii;
	bool no_quiz;
	bool quiz_later;
	bool stage;                           /* as screen_options */
	bool show_keys;
	int width, height;
	const struct printer_form *form;      /* NULL: the screen */
	const char *record;                   /* the file that it is recorded into; NULL: none */
	struct recording *against;            /* printed, gated: compared with this, whose schedule is followed; NULL: none */
};

/* The front of a printed run, for supervisor_run(); `context` is a struct run_request. */
int run_print(int channel, void *context);

/* ---- run_schedule.c ---- */

/* What --schedule was given: the name of a schedule of the lesson, a file, or the schedule itself. Returns a status. */
int run_schedule_read(struct run_request *request, const struct verb *verb, const char *value);
void run_schedule_set(struct settings *settings, const struct catalog_variant *variant);

/* ---- run_record.c ---- */

struct run_record {
	const char *path;
	struct recorder *recorder; /* NULL: nothing is recorded */
	int64_t flushed;           /* CLOCK_MONOTONIC, ms */
};

void run_record_begin(struct run_record *record, const char *path, const struct run_options *options); /* NULL: nowhere */
void run_record_follow(struct run_record *record, const struct history *history, const struct schedule *schedule);
void run_record_end(struct run_record *record, const struct history *history, const struct schedule *schedule,
                    const struct run_end *end);

/* ---- run_compare.c ---- */

/* Says whether the run was the same, in the printer's form. */
void run_print_comparison(const struct printer *printer, const struct comparison *comparison);

#endif
