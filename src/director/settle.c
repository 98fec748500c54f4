/* SPDX-License-Identifier: MIT */
/*
 * The gate, seen from the director.
 *
 * A grant sets the actor's state to ACTOR_RUNNING and adds one to its grant word; the actor runs
 * up to its next operation and parks again, adding one to `arrivals`. The run is at rest when no
 * live actor is ACTOR_RUNNING. Then, until somebody can be chosen: newborns are let in, sleepers
 * whose time has come are woken, both in a fixed order; and when nobody can do anything but
 * sleep, the virtual clock jumps to the next deadline. Nothing left of these is a deadlock.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/monotonic.h"
#include "base/utf8.h"
#include "director/internal.h"
#include "wire/futex.h"

#define SLICE_NS 2000000ull /* how long we sleep before we look whether somebody died */
#define OUT_OF_SIGHT_NS 100000000ull

static uint32_t state_of(const struct run *run, unsigned int actor)
{
	/* Pairs with the release store in gate_park() and probe_actor_exit(). */
	return atomic_load_explicit(&run->wire.actors[actor].state, memory_order_acquire);
}

static uint64_t virtual_now(const struct run *run)
{
	return atomic_load_explicit(&run->wire.header->now, memory_order_relaxed);
}

/* ---- granting ---- */

static void grant(struct run *run, struct member *member)
{
	struct wire_actor *slot = &run->wire.actors[member->id];
	member->moving = true;
	member->moving_since = monotonic_ns();
	run->output_actor = member->id;
	atomic_store_explicit(&slot->state, ACTOR_RUNNING, memory_order_relaxed);
	/* Pairs with the acquire load in gate_park(). */
	atomic_fetch_add_explicit(&slot->grant, 1, memory_order_release);
	futex_wake(&slot->grant);
}

/* ---- coming to rest ---- */

static bool anyone_running(struct run *run)
{
	collect_newcomers(run);
	for (size_t i = 0; i < run->member_count; i++)
		if (run->members[i].moving && state_of(run, run->members[i].id) == ACTOR_RUNNING)
			return true;
	return false;
}

/* Waits until nobody runs; false when `deadline` (CLOCK_MONOTONIC ns) came first. */
static bool wait_for_rest(struct run *run, uint64_t deadline)
{
	_Atomic uint32_t *arrivals = &run->wire.header->arrivals;
	for (;;) {
		uint32_t seen = atomic_load_explicit(arrivals, memory_order_acquire);
		if (!anyone_running(run))
			return true;
		uint64_t before = monotonic_ns();
		if (before >= deadline)
			return false;
		uint64_t slice = deadline - before < SLICE_NS ? deadline - before : SLICE_NS;
		futex_wait(arrivals, seen, &(struct timespec){.tv_nsec = (long)slice});
		if (atomic_load_explicit(arrivals, memory_order_relaxed) == seen) {
			collect_output_quietly(run); /* it may be waiting for room in its own output */
			collect_deaths(run, true);
		}
	}
}

/* A process that told its exit is about to vanish: what others see of that must not depend on luck. */
static void wait_for_death(const struct member *member, uint64_t deadline)
{
	uint64_t now = monotonic_ns();
	if (member->pidfd < 0 || now >= deadline)
		return;
	struct pollfd poll_fd = {.fd = member->pidfd, .events = POLLIN};
	int ms = (int)((deadline - now) / 1000000) + 1;
	while (poll(&poll_fd, 1, ms) < 0 && errno == EINTR)
		;
}

/* One actor that moved has come to rest, or has left. True when the list of the living changed. */
static bool collect_one(struct run *run, uint16_t id, uint32_t state, uint64_t deadline)
{
	run_member(run, id)->moving = false;
	wire_reader_drain_actor(run->reader, id);
	if (state == ACTOR_NONE) {
		collect_forget(run, id);
		return true;
	}
	if (state != ACTOR_EXITED)
		return false;
	wait_for_death(run_member(run, id), deadline);
	collect_departure(run, run_member(run, id));
	return true;
}

/* Collects what the actors that moved have done, and lets go of those that left. */
static void collect_moved(struct run *run, uint64_t deadline)
{
	for (size_t i = 0; i < run->member_count;) {
		const struct member *member = &run->members[i];
		uint32_t state = state_of(run, member->id);
		if (member->moving && state != ACTOR_RUNNING && collect_one(run, member->id, state, deadline))
			i = 0; /* from the start again: its threads may have left with it */
		else
			i++;
	}
	collect_output(run);
}

/* ---- what happens by itself ---- */

static struct member *first_in_state(struct run *run, uint32_t state)
{
	for (size_t i = 0; i < run->member_count; i++)
		if (state_of(run, run->members[i].id) == state)
			return &run->members[i];
	return NULL;
}

/* The sleeper with the earliest deadline that has come, ties by id. */
static struct member *due_sleeper(struct run *run)
{
	struct member *due = NULL;
	for (size_t i = 0; i < run->member_count; i++) {
		struct member *member = &run->members[i];
		const struct wire_actor *slot = &run->wire.actors[member->id];
		if (state_of(run, member->id) != ACTOR_SLEEPING || slot->deadline > virtual_now(run))
			continue;
		if (due == NULL || slot->deadline < run->wire.actors[due->id].deadline)
			due = member;
	}
	return due;
}

/* Whether a waiting actor's next try could end otherwise than its last. */
static bool has_news(const struct run *run, const struct wire_actor *slot)
{
	const struct wire_header *header = run->wire.header;
	if (slot->deadline <= virtual_now(run))
		return true;
	if (slot->wake_all_seen != atomic_load_explicit(&header->wake_all, memory_order_relaxed))
		return true;
	uint16_t channel = slot->intent_channel;
	return channel > 0 && channel < run->wire.geometry.objects &&
	       slot->wakes_seen != atomic_load_explicit(&run->wire.objects[channel].wakes, memory_order_relaxed);
}

static bool is_candidate(const struct run *run, unsigned int actor)
{
	uint32_t state = state_of(run, actor);
	return state == ACTOR_READY || (state == ACTOR_WAITING && has_news(run, &run->wire.actors[actor]));
}

static bool any_candidate(const struct run *run)
{
	for (size_t i = 0; i < run->member_count; i++)
		if (is_candidate(run, run->members[i].id))
			return true;
	return false;
}

/* The clock jumps to the next deadline; false when nobody has one. */
static bool jump_clock(struct run *run)
{
	uint64_t next = UINT64_MAX;
	for (size_t i = 0; i < run->member_count; i++) {
		uint32_t state = state_of(run, run->members[i].id);
		uint64_t deadline = run->wire.actors[run->members[i].id].deadline;
		if ((state == ACTOR_SLEEPING || state == ACTOR_WAITING) && deadline < next)
			next = deadline;
	}
	if (next == UINT64_MAX || next <= virtual_now(run))
		return false;
	atomic_store_explicit(&run->wire.header->now, next, memory_order_relaxed);
	return true;
}

/* What came to rest was a step, or, the first time, what happens before any. */
static void close_step(struct run *run)
{
	if (!run->begun)
		history_begin_steps(run->history);
	else if (run->step_open)
		history_end_step(run->history);
	run->begun = true;
	run->step_open = false;
}

enum run_state settle_end(struct run *run, uint64_t deadline)
{
	struct launch_exit exit;
	uint64_t now = monotonic_ns();
	int ms = now < deadline ? (int)((deadline - now) / 1000000) + 1 : 0;
	if (launcher_wait_exit(run->launcher, run->main, ms, &exit) != 1)
		return RUN_BUSY;
	run->main = 0;
	collect_end(run, exit.status);
	close_step(run);
	result_finish(run, RUN_ENDED, exit.status);
	return RUN_ENDED;
}

static enum run_state settle(struct run *run, uint64_t deadline)
{
	for (;;) {
		bool rest = wait_for_rest(run, deadline);
		collect_moved(run, deadline);
		if (run_member(run, 0) == NULL)
			return settle_end(run, deadline);
		if (!rest)
			return RUN_BUSY;
		if (run->check_deaths && collect_deaths(run, false))
			continue;
		struct member *next = first_in_state(run, ACTOR_BEGINNING);
		if (next == NULL)
			next = due_sleeper(run);
		if (next != NULL) {
			grant(run, next);
			continue;
		}
		if (any_candidate(run)) {
			close_step(run);
			return RUN_GOING;
		}
		if (jump_clock(run) || collect_deaths(run, false)) /* a death from outside, not yet noticed */
			continue;
		close_step(run);
		result_finish(run, RUN_DEADLOCK, 0);
		return RUN_DEADLOCK;
	}
}

enum run_state run_settle(struct run *run, int ms)
{
	if (!run->options.gated || run->finished)
		return run->state;
	limit_look(run);
	run->state = settle(run, monotonic_ns() + (uint64_t)ms * 1000000u);
	limit_count(run);
	return run->state;
}

/* ---- choosing ---- */

size_t run_candidates(struct run *run, uint16_t *actors, size_t size)
{
	size_t count = 0;
	if (!run->options.gated || run->finished)
		return 0;
	for (size_t i = 0; i < run->member_count; i++) {
		if (!is_candidate(run, run->members[i].id))
			continue;
		if (count < size)
			actors[count] = run->members[i].id;
		count++;
	}
	return count;
}

int run_step(struct run *run, unsigned int actor, int ms)
{
	struct member *member = run_member(run, actor);
	if (!run->options.gated || run->finished || member == NULL || !is_candidate(run, actor))
		return -EAGAIN;
	schedule_add(&run->schedule, actor);
	close_step(run); /* of a step whose actor is still out of sight */
	run->step_open = true;
	grant(run, member);
	run_settle(run, ms);
	return 0;
}

/* ---- what each is about to do ---- */

/* Text from a slot, made safe and cut to what `about` holds. */
static void copy_intent_text(struct about *about, const char *text, size_t size)
{
	struct text safe = TEXT_INIT;
	utf8_scrub(&safe, text, strnlen(text, size), false);
	size_t length = utf8_cut(safe.bytes, safe.length, sizeof about->text - 1);
	memcpy(about->text, safe.bytes, length);
	about->text[length] = '\0';
	text_release(&safe);
}

static void describe(struct run *run, const struct member *member, struct about *about)
{
	struct wire_actor slot; /* a copy first: the lesson may write while we read */
	memcpy(&slot, &run->wire.actors[member->id], sizeof slot);
	*about = (struct about){0};
	if (slot.state == ACTOR_RUNNING) {
		about->out_of_sight = monotonic_ns() - member->moving_since > OUT_OF_SIGHT_NS;
		return;
	}
	if (slot.state != ACTOR_READY && slot.state != ACTOR_WAITING)
		return;
	about->known = true;
	about->ready = !run->finished && is_candidate(run, member->id);
	about->kind = slot.intent_kind < EVENT_KIND_COUNT ? slot.intent_kind : (uint8_t)EVENT_UNKNOWN;
	about->flags = slot.intent_flags;
	about->object = slot.intent_object;
	about->aux = slot.intent_aux;
	about->place = slot.intent_place;
	about->value = slot.intent_value;
	copy_intent_text(about, slot.intent_text, sizeof slot.intent_text);
	if (about->place != 0)
		collect_place(run, about->place);
}

const struct about *run_about(struct run *run, size_t *count)
{
	if (run->actors_seen > run->about_count) {
		run->about = memory_resize(run->about, run->actors_seen, sizeof *run->about);
		run->about_count = run->actors_seen;
	}
	if (run->about_count > 0)
		memset(run->about, 0, run->about_count * sizeof *run->about);
	for (size_t i = 0; i < run->member_count && run->options.gated; i++)
		describe(run, &run->members[i], &run->about[run->members[i].id]);
	*count = run->about_count;
	return run->about;
}
