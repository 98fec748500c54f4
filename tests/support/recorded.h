/* SPDX-License-Identifier: MIT */
/*
 * For tests of recordings: a lesson that needs no folder, histories made of chance, and the
 * comparison of a history with what was read back.
 */
#ifndef LOCKSTEP_TESTS_RECORDED_H
#define LOCKSTEP_TESTS_RECORDED_H

#include <stdint.h>

#include "director/run.h"
#include "lesson/catalog.h"
#include "recording/recording.h"
#include "world/history.h"

/* "bank-race" with `lock`, `rounds` and `window`; `path` is where its source and its text are read from, NULL: nowhere. */
struct catalog_lesson recorded_lesson(char *path);

/* Its parameters are set, one of them by choice. Gated, seed 7. */
struct run_options recorded_options(struct settings *settings, const struct catalog_lesson *lesson);

struct made {
	struct history *history;
	struct schedule schedule;
	uint64_t chance;
	uint64_t time;
};

/* A gated run of some actors; the same for the same `seed`. */
void made_init(struct made *made, uint64_t seed);
void made_release(struct made *made);
void made_begin(struct made *made);                   /* births, objects, places, and the steps begin */
void made_steps(struct made *made, unsigned int count); /* each of 0 to 3 events, some with texts */

/* Event by event, text by text, place by place, step by step. */
void assert_same_history(const struct history *expected, const struct history *found);
void assert_same_schedule(const struct schedule *expected, const struct schedule *found);

#endif
