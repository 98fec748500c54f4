/* SPDX-License-Identifier: MIT */
/*
 * The states are threading.Barrier's (CPython 3.11, Lib/threading.py, class Barrier):
 *
 *     filling ── the last party comes ──► draining ── the last party leaves ──► filling
 *        │ abort, or a time-out                                                    ▲
 *        ▼                                                                         │
 *     broken ── reset, somebody inside ──► resetting ── the last party leaves ─────┘
 *
 * Who comes while it drains or resets waits until it fills again.
 */
#include "mp/barrier.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>

#include "mp/process.h"
#include "mp/shared.h"
#include "mp/sleepers.h"
#include "probe/probe.h"

enum barrier_state { BARRIER_FILLING, BARRIER_DRAINING, BARRIER_RESETTING, BARRIER_BROKEN };

/* In shared memory. `state` and `inside` change with the lock held; they are looked at without. */
struct barrier {
	struct sleepers sleepers;
	_Atomic int state;
	_Atomic int inside; /* parties that came and have not left; a killed one stays counted */
	int parties;
	uint16_t object;
	void (*action)(void *argument);
	void *argument;
};

struct barrier *barrier_new(const char *name, int parties, void (*action)(void *argument), void *argument)
{
	if (parties < 1)
		process_fail("ValueError: parties must be > 0");
	struct barrier *barrier = shared_new(sizeof *barrier);
	sleepers_init(&barrier->sleepers);
	barrier->parties = parties;
	barrier->action = action;
	barrier->argument = argument;
	barrier->object = probe_object_new(OBJECT_BARRIER, name, 0, (uint32_t)parties, 0, PROBE_HERE());
	return barrier;
}

void barrier_free(struct barrier *barrier)
{
	shared_free(barrier, sizeof *barrier);
}

static void tell(const struct barrier *barrier, enum event_kind kind, int64_t value, unsigned int flags, uint32_t place)
{
	if (probe_on())
		probe_event(kind, barrier->object, value, (uint32_t)barrier->parties, flags, place);
}

/* Passes the gate for one operation and takes the lock for it. */
static struct probe_intent enter(struct barrier *barrier, enum event_kind kind, uint32_t place)
{
	struct probe_intent intent = {.kind = kind, .object = barrier->object, .place = place};
	if (kind == EVENT_BARRIER_WAIT) {
		intent.value = atomic_load(&barrier->inside) + 1;
		intent.aux = (uint32_t)barrier->parties;
	}
	if (probe_on())
		probe_gate(&intent);
	sleepers_lock(&barrier->sleepers, &intent);
	return intent;
}

/* ---- wait, in the steps of threading.Barrier; all with the lock held ---- */

static void change(struct barrier *barrier, enum barrier_state state, const struct probe_intent *intent)
{
	atomic_store(&barrier->state, state);
	sleepers_notify_all(&barrier->sleepers, intent);
}

/* _enter: until the parties of the last round have left. */
static int wait_to_enter(struct barrier *barrier, const struct probe_intent *intent)
{
	struct probe_intent waiting = *intent;
	waiting.wait_kind = EVENT_BARRIER_WAIT;
	waiting.value = 0; /* it does not count yet */
	while (barrier->state == BARRIER_DRAINING || barrier->state == BARRIER_RESETTING)
		sleepers_sleep(&barrier->sleepers, &waiting, -1);
	return barrier->state == BARRIER_BROKEN ? -ECANCELED : 0;
}

/* _release: all have come. */
static void let_go(struct barrier *barrier, const struct probe_intent *intent)
{
	if (barrier->action != NULL) {
		uint32_t place = probe_enter_lesson();
		barrier->action(barrier->argument);
		probe_leave_lesson(place);
	}
	change(barrier, BARRIER_DRAINING, intent);
}

/* _wait: others are still to come. What ends the sleep is a change of state, or the time. */
static int wait_for_others(struct barrier *barrier, const struct probe_intent *intent, double seconds)
{
	struct probe_intent waiting = *intent;
	waiting.kind = EVENT_BARRIER_PASS;
	int error = 0;
	while (barrier->state == BARRIER_FILLING && error == 0)
		error = sleepers_sleep(&barrier->sleepers, &waiting, seconds);
	if (barrier->state == BARRIER_FILLING)
		change(barrier, BARRIER_BROKEN, intent);
	return barrier->state == BARRIER_DRAINING ? 0 : -ECANCELED;
}

/* _exit */
static void leave(struct barrier *barrier, const struct probe_intent *intent)
{
	bool last = atomic_fetch_sub(&barrier->inside, 1) == 1;
	if (last && (barrier->state == BARRIER_DRAINING || barrier->state == BARRIER_RESETTING))
		change(barrier, BARRIER_FILLING, intent);
}

static int pass(struct barrier *barrier, const struct probe_intent *intent, double seconds)
{
	int error = wait_to_enter(barrier, intent);
	if (error != 0)
		return error;
	int index = atomic_fetch_add(&barrier->inside, 1);
	tell(barrier, EVENT_BARRIER_WAIT, index + 1, 0, intent->place);
	if (index + 1 == barrier->parties)
		let_go(barrier, intent);
	else
		error = wait_for_others(barrier, intent, seconds);
	leave(barrier, intent);
	return error != 0 ? error : index;
}

static int wait_at(struct barrier *barrier, double seconds, uint32_t place)
{
	struct probe_intent intent = enter(barrier, EVENT_BARRIER_WAIT, place);
	int result = pass(barrier, &intent, seconds);
	tell(barrier, EVENT_BARRIER_PASS, result < 0 ? 0 : result, result < 0 ? EVENT_FAILED : 0, place);
	sleepers_unlock(&barrier->sleepers);
	return result;
}

int barrier_wait(struct barrier *barrier)
{
	return wait_at(barrier, -1, PROBE_HERE());
}

int barrier_wait_timeout(struct barrier *barrier, double seconds)
{
	return wait_at(barrier, seconds > 0 ? seconds : 0, PROBE_HERE());
}

/* ---- the rest ---- */

void barrier_abort(struct barrier *barrier)
{
	struct probe_intent intent = enter(barrier, EVENT_BARRIER_ABORT, PROBE_HERE());
	tell(barrier, EVENT_BARRIER_ABORT, 0, 0, intent.place);
	change(barrier, BARRIER_BROKEN, &intent);
	sleepers_unlock(&barrier->sleepers);
}

void barrier_reset(struct barrier *barrier)
{
	struct probe_intent intent = enter(barrier, EVENT_BARRIER_RESET, PROBE_HERE());
	tell(barrier, EVENT_BARRIER_RESET, 0, 0, intent.place);
	int state = barrier->state;
	if (barrier->inside == 0)
		state = BARRIER_FILLING;
	else if (state == BARRIER_FILLING || state == BARRIER_BROKEN)
		state = BARRIER_RESETTING;
	change(barrier, state, &intent);
	sleepers_unlock(&barrier->sleepers);
}

bool barrier_broken(struct barrier *barrier)
{
	return barrier->state == BARRIER_BROKEN;
}

int barrier_parties(const struct barrier *barrier)
{
	return barrier->parties;
}

int barrier_waiting(struct barrier *barrier)
{
	return barrier->state == BARRIER_FILLING ? barrier->inside : 0;
}
