/* SPDX-License-Identifier: MIT */
#include "mp/sleepers.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>

#include "probe/probe.h"

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

void sleepers_wake_singly(struct sleepers *sleepers, uint16_t object)
{
	sleepers->singly = object;
}

/* ---- free: Condition.wait and Condition.notify ---- */

static int doze_free(struct sleepers *sleepers, const struct probe_intent *intent, double seconds)
{
	int error = semlock_down_inside(&sleepers->wait, intent, seconds);
	semlock_up(&sleepers->woken);
	return error;
}

static unsigned int pick_free(struct sleepers *sleepers, unsigned int most)
{
	/* Those whose time was up since the last notification sleep no more. */
	while (semlock_try_down(&sleepers->woken))
		semlock_try_down(&sleepers->sleeping);
	unsigned int count = 0;
	while (count < most && semlock_try_down(&sleepers->sleeping))
		count++;
	return count;
}

static void wake_free(struct sleepers *sleepers, unsigned int count, const struct probe_intent *intent)
{
	struct probe_intent waiting = *intent;
	for (unsigned int i = 0; i < count; i++)
		semlock_up(&sleepers->wait);
	for (; count > 0; count--) {
		waiting.aux = count;
		semlock_down_inside(&sleepers->woken, &waiting, -1);
	}
	/* What those left who gave up at this very moment. */
	while (semlock_try_down(&sleepers->wait))
		;
}

/* ---- gated: the same by tickets ---- */

struct dozing {
	struct sleepers *sleepers;
	uint64_t ticket;
};

static int attempt_ticket(void *context)
{
	const struct dozing *dozing = context;
	return dozing->ticket < dozing->sleepers->notified ? 0 : -EAGAIN;
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

/* Who may be woken alone listens alone: nobody else is to try in vain. */
static uint16_t listen(struct sleepers *sleepers, uint16_t actor)
{
	if (sleepers->singly == 0 || actor >= SLEEPERS_ACTORS)
		return sleepers->singly;
	struct sleeper *sleeper = &sleepers->sleeper[actor];
	if (sleeper->channel == 0)
		sleeper->channel = probe_channel_new(sleepers->singly);
	return sleeper->channel;
}

static int doze_gated(struct sleepers *sleepers, uint64_t ticket, const struct probe_intent *intent, double seconds)
{
	struct dozing dozing = {.sleepers = sleepers, .ticket = ticket};
	struct probe_waiting waiting = {.intent = *intent, .attempt = attempt_ticket, .inside = true};
	waiting.intent.channel = listen(sleepers, probe_self.actor);
	int error = probe_perform(&waiting, &dozing, seconds);
	mark_asleep(sleepers, probe_self.actor, false);
	return error;
}

static uint64_t lie_down_gated(struct sleepers *sleepers)
{
	uint64_t ticket = sleepers->tickets++;
	if (probe_self.actor < SLEEPERS_ACTORS)
		sleepers->sleeper[probe_self.actor].ticket = ticket;
	mark_asleep(sleepers, probe_self.actor, true);
	return ticket;
}

/* The next actor after `actor` (-1: the first) that has lain down and not got up; -1: there is none. */
static int next_asleep(const struct sleepers *sleepers, int actor)
{
	for (actor++; actor < SLEEPERS_ACTORS; actor++) {
		uint64_t word = sleepers->asleep[actor / 64] >> actor % 64;
		if (word != 0)
			return actor + __builtin_ctzll(word);
		actor |= 63; /* nobody among the rest of these 64 */
	}
	return -1;
}

static bool may_be_woken(const struct sleepers *sleepers, int actor)
{
	return sleepers->sleeper[actor].ticket >= sleepers->notified && !probe_actor_exited((uint16_t)actor);
}

/* Dead ones are counted for ever: they never got up. */
static unsigned int pick_gated(const struct sleepers *sleepers, unsigned int most)
{
	unsigned int count = 0;
	for (int actor = next_asleep(sleepers, -1); actor >= 0; actor = next_asleep(sleepers, actor))
		count += probe_actor_exited((uint16_t)actor) || may_be_woken(sleepers, actor);
	return count < most ? count : most;
}

/* The living sleeper with the lowest ticket, or -1. Waiters on a semaphore are woken in this order by the kernel too. */
static int longest_asleep(const struct sleepers *sleepers)
{
	int longest = -1;
	for (int actor = next_asleep(sleepers, -1); actor >= 0; actor = next_asleep(sleepers, actor))
		if (may_be_woken(sleepers, actor) &&
		    (longest < 0 || sleepers->sleeper[actor].ticket < sleepers->sleeper[longest].ticket))
			longest = actor;
	return longest;
}

static void wake_gated(struct sleepers *sleepers, unsigned int count, const struct probe_intent *intent)
{
	if (sleepers->singly == 0)
		probe_wake(intent->object);
	for (int actor; count > 0 && (actor = longest_asleep(sleepers)) >= 0; count--) {
		sleepers->notified = sleepers->sleeper[actor].ticket + 1;
		if (sleepers->singly != 0)
			probe_wake(sleepers->sleeper[actor].channel);
	}
	if (count == 0)
		return;
	struct probe_intent waiting = *intent;
	waiting.aux = count;
	semlock_down_inside(&sleepers->woken, &waiting, -1); /* the dead never say that they woke */
}

/* ---- either ---- */

uint64_t sleepers_lie_down(struct sleepers *sleepers)
{
	if (probe_gated())
		return lie_down_gated(sleepers);
	semlock_up(&sleepers->sleeping);
	return 0;
}

int sleepers_doze(struct sleepers *sleepers, uint64_t ticket, const struct probe_intent *intent, double seconds)
{
	return probe_gated() ? doze_gated(sleepers, ticket, intent, seconds) : doze_free(sleepers, intent, seconds);
}

unsigned int sleepers_pick(struct sleepers *sleepers, unsigned int most)
{
	return probe_gated() ? pick_gated(sleepers, most) : pick_free(sleepers, most);
}

void sleepers_wake(struct sleepers *sleepers, unsigned int count, const struct probe_intent *intent)
{
	(probe_gated() ? wake_gated : wake_free)(sleepers, count, intent);
}

int sleepers_sleep(struct sleepers *sleepers, const struct probe_intent *intent, double seconds)
{
	uint64_t ticket = sleepers_lie_down(sleepers);
	sleepers_unlock(sleepers);
	int error = sleepers_doze(sleepers, ticket, intent, seconds);
	sleepers_lock(sleepers, intent);
	return error;
}

void sleepers_notify_all(struct sleepers *sleepers, const struct probe_intent *intent)
{
	struct probe_intent quiet = *intent;
	quiet.wait_kind = EVENT_UNKNOWN;
	sleepers_wake(sleepers, sleepers_pick(sleepers, UINT_MAX), &quiet);
}
