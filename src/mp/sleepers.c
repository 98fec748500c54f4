/* SPDX-License-Identifier: MIT */
#include "mp/sleepers.h"

#include <errno.h>
#include <stdbool.h>

#include "probe/probe.h"

static inline bool gated(void)
{
	return probe_on() && probe.gated;
}

void sleepers_init(struct sleepers *sleepers)
{
	semlock_init(&sleepers->lock, 1);
	semlock_init(&sleepers->sleeping, 0);
	semlock_init(&sleepers->woken, 0);
	semlock_init(&sleepers->wait, 0);
}

/* Waits inside the operation without telling of it. */
static void down_quietly(struct semlock *semaphore, const struct probe_intent *intent)
{
	struct probe_intent quiet = *intent;
	quiet.wait_kind = EVENT_UNKNOWN;
	semlock_down_inside(semaphore, &quiet, -1);
}

void sleepers_lock(struct sleepers *sleepers, const struct probe_intent *intent)
{
	if (!semlock_try_down(&sleepers->lock))
		down_quietly(&sleepers->lock, intent);
}

void sleepers_unlock(struct sleepers *sleepers)
{
	semlock_up(&sleepers->lock);
}

/* ---- free: Condition.wait and Condition.notify_all ---- */

static int sleep_free(struct sleepers *sleepers, const struct probe_intent *intent, double seconds)
{
	semlock_up(&sleepers->sleeping);
	sleepers_unlock(sleepers);
	int error = semlock_down_inside(&sleepers->wait, intent, seconds);
	semlock_up(&sleepers->woken);
	sleepers_lock(sleepers, intent);
	return error;
}

static void notify_free(struct sleepers *sleepers, const struct probe_intent *intent)
{
	/* Those whose time was up since the last notification sleep no more. */
	while (semlock_try_down(&sleepers->woken))
		semlock_try_down(&sleepers->sleeping);
	unsigned int count = 0;
	for (; semlock_try_down(&sleepers->sleeping); count++)
		semlock_up(&sleepers->wait);
	if (count == 0)
		return;
	while (count-- > 0)
		down_quietly(&sleepers->woken, intent);
	/* What those left who gave up at this very moment. */
	while (semlock_try_down(&sleepers->wait))
		;
}

/* ---- gated: the same by tickets ---- */

struct ticket {
	struct sleepers *sleepers;
	uint64_t number;
};

static int attempt_ticket(void *context)
{
	const struct ticket *ticket = context;
	return ticket->number < ticket->sleepers->notified ? 0 : -EAGAIN;
}

static void mark_asleep(struct sleepers *sleepers, uint16_t actor, bool asleep)
{
	if (actor >= SLEEPERS_ACTORS)
		return;
	uint64_t bit = 1ull << (actor % 64);
	if (asleep)
		sleepers->asleep[actor / 64] |= bit;
	else
		sleepers->asleep[actor / 64] &= ~bit;
}

static int sleep_gated(struct sleepers *sleepers, const struct probe_intent *intent, double seconds)
{
	struct ticket ticket = {.sleepers = sleepers, .number = sleepers->tickets++};
	struct probe_waiting waiting = {.intent = *intent, .attempt = attempt_ticket, .inside = true};
	mark_asleep(sleepers, probe_self.actor, true);
	sleepers_unlock(sleepers);
	int error = probe_perform(&waiting, &ticket, seconds);
	mark_asleep(sleepers, probe_self.actor, false);
	sleepers_lock(sleepers, intent);
	return error;
}

static bool any_dead(const struct sleepers *sleepers)
{
	for (unsigned int actor = 0; actor < SLEEPERS_ACTORS; actor++) {
		uint64_t word = sleepers->asleep[actor / 64];
		if (word == 0)
			actor |= 63; /* nobody among these 64 */
		else if ((word >> actor % 64 & 1) != 0 && probe_actor_exited((uint16_t)actor))
			return true;
	}
	return false;
}

static void notify_gated(struct sleepers *sleepers, const struct probe_intent *intent)
{
	sleepers->notified = sleepers->tickets;
	probe_wake(intent->object);
	if (any_dead(sleepers))
		down_quietly(&sleepers->woken, intent); /* nobody ever says that it woke */
}

int sleepers_sleep(struct sleepers *sleepers, const struct probe_intent *intent, double seconds)
{
	return (gated() ? sleep_gated : sleep_free)(sleepers, intent, seconds);
}

void sleepers_notify_all(struct sleepers *sleepers, const struct probe_intent *intent)
{
	(gated() ? notify_gated : notify_free)(sleepers, intent);
}
