/* SPDX-License-Identifier: MIT */
/*
 * The bench: each figure beside its floor or peer, both measured in the same run, in turn
 * (A B A B …), so that a noisy machine disturbs both alike. A row is two functions that return
 * what one round took; the table shows median, minimum and maximum of each, the ratio of the
 * medians, the goal, and whether it was met. Nothing here fails a build.
 */
#ifndef LOCKSTEP_TESTS_BENCH_H
#define LOCKSTEP_TESTS_BENCH_H

#include <stdbool.h>
#include <stdint.h>

#include "lesson/supervisor.h"

struct bench_row {
	const char *id;        /* "P2" */
	const char *what;      /* ours */
	const char *against;   /* floor or peer; NULL: the goal is a figure of its own */
	const char *unit;      /* of both functions' results */
	double (*ours)(void);  /* negative: cannot be measured here */
	double (*floor)(void);
	double goal;           /* of ours / floor, or of ours itself without a floor */
	bool at_least;         /* floor / ours must be at least `goal` ("8 times faster") */
	unsigned int rounds;   /* 0: the usual number */
};

/* A peer that is not here, or a figure that needs saying in words. */
void bench_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

uint64_t bench_ns(void);          /* CLOCK_MONOTONIC */
void bench_pin(int cpu);          /* this process and its children on one core */
void bench_unpin(void);

extern struct launcher bench_launcher; /* for rows that start lessons: all of it runs as a front */

/* The groups, each in its own file. */
extern const struct bench_row bench_library[], bench_events[], bench_director[], bench_screen[];
extern const struct bench_row bench_pool[], bench_messages[], bench_world[], bench_export[], bench_recording[], bench_speedup[];
extern const unsigned int bench_library_count, bench_events_count, bench_director_count, bench_screen_count;
extern const unsigned int bench_pool_count, bench_messages_count, bench_world_count, bench_export_count, bench_recording_count, bench_speedup_count;

#endif
