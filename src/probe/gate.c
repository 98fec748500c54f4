/* SPDX-License-Identifier: MIT */
#include "probe/gate.h"

#include <errno.h>
#include <math.h>

#include "wire/futex.h"

#define NS_PER_SECOND 1000000000ll

/* ---- parking ---- */

static uint16_t channel_of(const struct probe_intent *intent)
{
	return intent->channel != 0 ? intent->channel : intent->object;
}

void gate_publish(const struct probe_intent *intent)
{
	struct wire_actor *slot = probe_self.slot;
	slot->intent_kind = (uint8_t)intent->kind;
	slot->intent_object = intent->object;
	slot->intent_channel = channel_of(intent);
	slot->intent_value = intent->value;
	slot->intent_aux = intent->aux;
	slot->intent_flags = (uint8_t)intent->flags;
	slot->intent_place = intent->place;
	slot->intent_text[0] = '\0';
	if (intent->text != NULL) {
		strncat(slot->intent_text, intent->text, sizeof slot->intent_text - 1);
		if (strnlen(intent->text, sizeof slot->intent_text) == sizeof slot->intent_text)
			slot->intent_flags |= EVENT_CUT;
	}
	slot->deadline = UINT64_MAX;
}

void gate_arrive(void)
{
	struct wire_header *header = probe.wire.header;
	/* The director sleeps on this word; futex(2) compares it under its own lock, so no arrival is missed. */
	atomic_fetch_add_explicit(&header->arrivals, 1, memory_order_release);
	futex_wake(&header->arrivals);
}

void gate_park(enum actor_state state)
{
	struct wire_actor *slot = probe_self.slot;
	uint32_t ticket = atomic_load_explicit(&slot->grant, memory_order_relaxed);
	atomic_store_explicit(&slot->state, state, memory_order_release);
	gate_arrive();
	while (atomic_load_explicit(&slot->grant, memory_order_acquire) == ticket)
		futex_wait(&slot->grant, ticket, NULL);
}

static void wait_while_paused(void)
{
	_Atomic uint32_t *mode = &probe.wire.header->mode;
	while (atomic_load_explicit(mode, memory_order_acquire) == GATE_PAUSED)
		futex_wait(mode, GATE_PAUSED, NULL);
}

void probe_gate_slow(const struct probe_intent *intent)
{
	if (probe_self.slot == NULL)
		return;
	if (!probe.gated) {
		wait_while_paused();
		return;
	}
	gate_publish(intent);
	gate_park(ACTOR_READY);
}

/* ---- waiting ---- */

static struct timespec real_deadline(double seconds)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	double whole = floor(seconds);
	if (whole > 1e9)
		whole = 1e9; /* longer than anybody waits; keeps time_t in range */
	now.tv_sec += (time_t)whole;
	now.tv_nsec += (long)ceil((seconds - floor(seconds)) * 1e9);
	if (now.tv_nsec >= NS_PER_SECOND) {
		now.tv_sec++;
		now.tv_nsec -= NS_PER_SECOND;
	}
	return now;
}

static int block_really(const struct probe_waiting *waiting, void *context, double seconds)
{
	struct timespec deadline = {0};
	if (seconds >= 0)
		deadline = real_deadline(seconds);
	int error;
	do
		error = waiting->block(context, seconds >= 0 ? &deadline : NULL);
	while (error == -EINTR);
	return error;
}

static void tell_wait(const struct probe_intent *intent)
{
	if (intent->wait_kind == EVENT_UNKNOWN)
		return;
	probe_event(intent->wait_kind, intent->object, intent->value, intent->aux, intent->flags, intent->place);
}

static int perform_unwatched(const struct probe_waiting *waiting, void *context, double timeout)
{
	int error = waiting->attempt(context);
	if (error != -EAGAIN)
		return error;
	return timeout == 0 ? -ETIMEDOUT : block_really(waiting, context, timeout);
}

static int perform_free(const struct probe_waiting *waiting, void *context, double timeout)
{
	if (!waiting->inside)
		probe_gate(&waiting->intent);
	int error = waiting->attempt(context);
	if (error != -EAGAIN)
		return error;
	if (timeout == 0)
		return -ETIMEDOUT;
	tell_wait(&waiting->intent);
	return block_really(waiting, context, timeout < 0 ? timeout : timeout / probe.wire.header->speed);
}

static uint64_t virtual_now(void)
{
	return atomic_load_explicit(&probe.wire.header->now, memory_order_relaxed);
}

static uint64_t virtual_deadline(double seconds)
{
	if (seconds < 0 || seconds > 1e9)
		return UINT64_MAX;
	return virtual_now() + (uint64_t)ceil(seconds * 1e9);
}

/* Notes what had been woken so far, before an attempt: what changes after it is news. */
static void note_wakes(uint16_t channel)
{
	struct wire_actor *slot = probe_self.slot;
	slot->wakes_seen = atomic_load_explicit(&probe.wire.objects[channel].wakes, memory_order_relaxed);
	slot->wake_all_seen = atomic_load_explicit(&probe.wire.header->wake_all, memory_order_relaxed);
}

static int perform_gated(const struct probe_waiting *waiting, void *context, double timeout)
{
	const struct probe_intent *intent = &waiting->intent;
	if (!waiting->inside)
		probe_gate(intent);
	uint64_t deadline = virtual_deadline(timeout);
	for (bool told = false;; told = true) {
		note_wakes(channel_of(intent));
		int error = waiting->attempt(context);
		if (error != -EAGAIN)
			return error;
		if (timeout == 0 || virtual_now() >= deadline)
			return -ETIMEDOUT;
		if (!told || !waiting->pieces)
			tell_wait(intent);
		gate_publish(intent);
		probe_self.slot->deadline = deadline;
		gate_park(ACTOR_WAITING);
	}
}

int probe_perform(const struct probe_waiting *waiting, void *context, double timeout)
{
	if (!probe_on() || probe_self.slot == NULL)
		return perform_unwatched(waiting, context, timeout);
	return probe.gated ? perform_gated(waiting, context, timeout) : perform_free(waiting, context, timeout);
}

void probe_wake(uint16_t object)
{
	if (!probe_gated())
		return;
	if (object == 0)
		atomic_fetch_add_explicit(&probe.wire.header->wake_all, 1, memory_order_relaxed);
	else
		atomic_fetch_add_explicit(&probe.wire.objects[object].wakes, 1, memory_order_relaxed);
}

void probe_unwake(uint16_t object)
{
	if (probe_gated() && object != 0)
		atomic_fetch_sub_explicit(&probe.wire.objects[object].wakes, 1, memory_order_relaxed);
}

/* ---- time ---- */

static void sleep_really(double seconds)
{
	struct timespec deadline = real_deadline(seconds);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL) == EINTR)
		;
}

void probe_sleep(double seconds, uint32_t place)
{
	if (!probe_on() || probe_self.slot == NULL) {
		sleep_really(seconds);
		return;
	}
	int64_t ns = seconds > 1e9 ? INT64_MAX / 2 : (int64_t)ceil(seconds * 1e9);
	struct probe_intent intent = {.kind = EVENT_SLEEP, .value = ns, .place = place};
	probe_gate(&intent);
	probe_event(EVENT_SLEEP, 0, ns, 0, 0, place);
	if (probe.gated) {
		gate_publish(&intent);
		probe_self.slot->deadline = virtual_now() + (uint64_t)ns;
		gate_park(ACTOR_SLEEPING);
	} else {
		sleep_really(seconds / probe.wire.header->speed);
	}
	probe_event(EVENT_WAKE, 0, 0, 0, 0, place);
}

double probe_now(void)
{
	if (probe_gated())
		return (double)virtual_now() / 1e9;
	if (!probe_on())
		return (double)monotonic_ns() / 1e9;
	const struct wire_header *header = probe.wire.header;
	uint64_t zero = header->start_clock + atomic_load_explicit(&header->paused_ns, memory_order_relaxed);
	return (double)(monotonic_ns() - zero) / 1e9 * header->speed;
}
