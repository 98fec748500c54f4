/* SPDX-License-Identifier: MIT */
/*
 * Parking at the gate: the part of it that the probe's own files share.
 *
 * An actor publishes its intent, sets its state (release; the director loads it with acquire), adds one
 * to `arrivals`, and sleeps on its own `grant` word. The director sets the state back to
 * ACTOR_RUNNING, adds one to `grant` (release, paired with the acquire here) and wakes it.
 *
 * Runs in: lesson. May block: gate_park.
 */
#ifndef LOCKSTEP_PROBE_GATE_H
#define LOCKSTEP_PROBE_GATE_H

#include "probe/probe.h"

void gate_publish(const struct probe_intent *intent);
void gate_arrive(void);                    /* tells the director to look again */
void gate_park(enum actor_state state);    /* returns when granted */

#endif
