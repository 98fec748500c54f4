/* SPDX-License-Identifier: MIT */
/*
 * The test's own process, watched as a lesson is in a free run: a wire of its own, actor 0, and what it told.
 * What is under test must have ended its threads before watched_end().
 */
#ifndef TESTS_UNIT_WATCHED_H
#define TESTS_UNIT_WATCHED_H

void watched_begin(void);

/*
 * What this thread told since watched_begin(), a line an event: "OP OBJECT", then the value unless it is 0 or
 * a PID, the text if there is one, and "failed"; but for new objects, and for waiting, which depends on who was quicker.
 * Valid until the next watched_begin().
 */
const char *watched_end(void);

/* Runs `body` unwatched, then watched, and compares what it told then. Fails the test that calls it. */
void twice(void (*body)(void), const char *told);

#endif
