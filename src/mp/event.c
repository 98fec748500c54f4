/* SPDX-License-Identifier: MIT */
#include "mp/event.h"

#include <stdint.h>

#include "mp/shared.h"
#include "mp/sleepers.h"
#include "probe/probe.h"

/* In shared memory. */
struct event {
	struct sleepers sleepers; /* its lock guards `set` */
	bool set;
	uint16_t object;
};

struct event *event_new(const char *name)
{
	struct event *event = shared_new(sizeof *event);
	sleepers_init(&event->sleepers);
	event->object = probe_object_new(OBJECT_EVENT, name, 0, 0, 0, PROBE_HERE());
	return event;
}

void event_free(struct event *event)
{
	shared_free(event, sizeof *event);
}

/* Passes the gate for one operation and takes the lock for it. */
static struct probe_intent enter(struct event *event, enum event_kind kind, uint32_t place)
{
	struct probe_intent intent = {.kind = kind, .wait_kind = EVENT_EVENT_WAIT, .object = event->object,
	                              .place = place};
	if (probe_on())
		probe_gate(&intent);
	sleepers_lock(&event->sleepers, &intent);
	return intent;
}

/* Told with the lock held, so that time stamps agree with the order of what happened. */
static void tell(const struct probe_intent *intent, int64_t value, unsigned int flags)
{
	if (probe_on())
		probe_event(intent->kind, intent->object, value, 0, flags, intent->place);
}

void event_set(struct event *event)
{
	struct probe_intent intent = enter(event, EVENT_EVENT_SET, PROBE_HERE());
	event->set = true;
	tell(&intent, 0, 0);
	sleepers_notify_all(&event->sleepers, &intent);
	sleepers_unlock(&event->sleepers);
}

void event_clear(struct event *event)
{
	struct probe_intent intent = enter(event, EVENT_EVENT_CLEAR, PROBE_HERE());
	event->set = false;
	tell(&intent, 0, 0);
	sleepers_unlock(&event->sleepers);
}

bool event_is_set(struct event *event)
{
	if (!probe_on() && semlock_try_down(&event->sleepers.lock)) {
		bool is = event->set;
		sleepers_unlock(&event->sleepers);
		return is;
	}
	struct probe_intent intent = enter(event, EVENT_EVENT_IS_SET, PROBE_HERE());
	bool set = event->set;
	tell(&intent, set, 0);
	sleepers_unlock(&event->sleepers);
	return set;
}

/*
 * As in Python the answer is the flag once the lock is held again, not how the sleep ended: set and
 * cleared before a sleeper has the lock back, it is false.
 */
static bool wait(struct event *event, double seconds, uint32_t place)
{
	struct probe_intent intent = enter(event, EVENT_EVENT_PASS, place);
	if (!event->set)
		sleepers_sleep(&event->sleepers, &intent, seconds);
	bool set = event->set;
	tell(&intent, set, set ? 0 : EVENT_FAILED);
	sleepers_unlock(&event->sleepers);
	return set;
}

void event_wait(struct event *event)
{
	wait(event, -1, PROBE_HERE());
}

bool event_wait_timeout(struct event *event, double seconds)
{
	return wait(event, seconds > 0 ? seconds : 0, PROBE_HERE());
}
