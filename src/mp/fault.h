/* SPDX-License-Identifier: MIT */
/*
 * A word before the end: NULL given to the library where it takes an object is Python's None, and Python says so.
 * To look at each object in each operation would cost every one of them; the processor looks anyway. So nothing is
 * said until it has found out, as by Python's faulthandler, and the process still ends by the signal.
 *
 * Runs in: lesson. Not installed.
 */
#ifndef LOCKSTEP_MP_FAULT_H
#define LOCKSTEP_MP_FAULT_H

void fault_watch(void); /* children inherit it; whoever else hears SIGSEGV (a sanitizer) keeps it */

#endif
