/* SPDX-License-Identifier: MIT */
/*
 * Time as the lesson sees it: real when run alone, scaled by --speed when watched, virtual under
 * the gate (there a sleep costs nothing and a clock of 12 s passes in microseconds).
 *
 * Runs in: lesson. May block: clock_sleep.
 */
#ifndef LOCKSTEP_MP_CLOCK_H
#define LOCKSTEP_MP_CLOCK_H

void clock_sleep(double seconds); /* time.sleep(seconds): never shorter */
double clock_seconds(void);       /* time.monotonic(), since the run began when watched */

#endif
