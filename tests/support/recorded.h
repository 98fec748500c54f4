/* SPDX-License-Identifier: MIT */
/*
 * For tests of recordings: a lesson that needs no folder, histories made of chance, and the
 * comparison of a history with what was read back.
 */
#ifndef LOCKSTEP_TESTS_RECORDED_H
#define LOCKSTEP_TESTS_RECORDED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "director/run.h"
#include "lesson/catalog.h"
#include "recording/recorder.h"
#include "recording/recording.h"
#include "world/history.h"

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

/* ---- a recording of it ---- */

/*
 * A folder in /tmp with a lesson's source in it, and the options of a gated run of that lesson:
 * "bank-race" with `lock` (set to "on" by choice), `rounds` and `window`; seed 7.
 */
struct bed {
	char folder[32], file[64], source[64]; /* `file`: where the recording goes */
	struct catalog_lesson lesson;
	struct settings settings;
	struct run_options options;
	struct made made;       /* nothing has happened yet */
	struct text problem;
};

extern const char BED_SOURCE[]; /* what lies in `source` */

int bed_set_up(void **state); /* for cmocka */
int bed_tear_down(void **state);

struct recorder *bed_begin(struct bed *bed);      /* asserts that it can */
struct recording *bed_open(struct bed *bed);
struct recording *bed_read_all(struct bed *bed);  /* likewise, and that nothing is damaged */

/* `made_steps()`, told to a recorder in small blocks: after each of so many steps. Whole with an end. */
void bed_record(struct bed *bed, unsigned int steps, unsigned int a_block);

/* The bytes of a file; and a file of such bytes. */
void bed_take_file(struct text *bytes, const char *path);
void bed_put_file(const char *path, const char *bytes, size_t length);

/* ---- comparing ---- */

/* Event by event, text by text, place by place, step by step. What differs is said on standard error. */
bool same_history(const struct history *expected, const struct history *found);
bool same_schedule(const struct schedule *expected, const struct schedule *found);

void assert_same_history(const struct history *expected, const struct history *found);
void assert_same_schedule(const struct schedule *expected, const struct schedule *found);

#endif
