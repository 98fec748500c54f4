/* SPDX-License-Identifier: MIT */
/*
 * The lists that a process keeps of its own: children, threads, finalizers. One lock guards them
 * all, and process_start() holds it across the fork, so that a child never inherits a list that
 * another thread was in the middle of changing. Never held while anything waits for long or while
 * a function of somebody else runs.
 *
 * Runs in: lesson. Not installed. May block: briefly.
 */
#ifndef LOCKSTEP_MP_BOOKS_H
#define LOCKSTEP_MP_BOOKS_H

void books_lock(void);
void books_unlock(void);

#endif
