/* SPDX-License-Identifier: MIT */
/*
 * What has to be done when a process ends, and what in a fresh child: util.Finalize with an
 * exitpriority and util.register_after_fork (CPython 3.11, Lib/multiprocessing/util.py).
 *
 * At the end of a process, whichever way it leaves in order, this runs in this sequence:
 *  - the finalizers of priority 0 and more, highest first, among equals the last registered first;
 *  - daemon children are terminated, the others joined;
 *  - the finalizers below 0 (Python's feeder threads are joined at -5).
 *
 * A child starts with no finalizers; the after-fork functions stay and run again in its children.
 *
 * Runs in: lesson. Not installed. May block: finalize_run, as long as the functions that it calls.
 */
#ifndef LOCKSTEP_MP_FINALIZE_H
#define LOCKSTEP_MP_FINALIZE_H

void finalize_register(void (*function)(void *argument), void *argument, int priority);
void finalize_cancel(void (*function)(void *argument), void *argument); /* not registered: nothing */

/* Called in each child, before its target, with the child's only thread running. */
void after_fork_register(void (*function)(void *argument), void *argument);
void after_fork_cancel(void (*function)(void *argument), void *argument);

/* ---- for process.c ---- */

void finalize_run(int lowest); /* those of this priority and more, each once */
void finalize_forget(void);    /* in a fresh child */
void after_fork_run(void);     /* in a fresh child */

#endif
