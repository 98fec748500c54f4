/* SPDX-License-Identifier: MIT */
/*
 * Event: multiprocessing.Event (CPython 3.11, Lib/multiprocessing/synchronize.py): a flag that
 * processes can wait for. Set stays set until it is cleared.
 *
 * Runs in: lesson. May block: event_wait*.
 */
#ifndef LOCKSTEP_MP_EVENT_H
#define LOCKSTEP_MP_EVENT_H

#include <stdbool.h>

struct event;

struct event *event_new(const char *name);
void event_set(struct event *event);
void event_clear(struct event *event);
bool event_is_set(struct event *event);
void event_wait(struct event *event);
bool event_wait_timeout(struct event *event, double seconds); /* the flag when it returns */
void event_free(struct event *event);

#endif
