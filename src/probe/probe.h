/* SPDX-License-Identifier: MIT */
/*
 * The probe: how the library tells of an operation and waits for leave to do it.
 *
 * An operation of `mp` that another process could notice reads, in this order:
 *
 *     uint32_t place = PROBE_HERE();
 *     probe_gate(&intent);             // gated: publish the intent, wait for the grant
 *     ... do it ...
 *     probe_event(KIND, object, value, aux, flags, place);
 *
 * and one that may have to wait goes through probe_perform(), which tries first and waits after.
 * All of it is behind probe_on(): unwatched, an operation costs one predicted branch.
 *
 * What always holds:
 *  - Each actor writes only its own ring and its own slot; but who starts an actor fills in its slot before it
 *    runs, and who reaps one notes its exit code there.
 *  - Under the gate only granted actors run, one grant one operation, so what an operation does
 *    inside the library needs no further order.
 *  - Library code that runs on behalf of one line of the lesson carries that line's place:
 *    see PROBE_CALL.
 *  - A process that was forked without the library's knowledge is not watched.
 *
 * Runs in: lesson. May block: probe_gate, probe_perform, probe_sleep.
 */
#ifndef LOCKSTEP_PROBE_PROBE_H
#define LOCKSTEP_PROBE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/monotonic.h"
#include "wire/ring.h"
#include "wire/ticks.h"
#include "wire/wire.h"

/* What this process knows of the wire. */
struct probe_process {
	struct wire wire;
	bool on;                /* watched */
	bool gated;
	uint32_t stamp;         /* enum wire_stamp */
	uintptr_t image_base;   /* load address of the program */
	uintptr_t image_end;
};

/* What this thread knows of itself. */
struct probe_self {
	struct ring_writer ring;
	struct wire_actor *slot; /* NULL: this thread is no actor; nothing is told of it */
	uint64_t held;           /* not 0: the stamp of what is told now, see probe_hold() */
	uint32_t place;          /* not 0 while inside a library call: the lesson's own line */
	uint16_t actor;
};

extern struct probe_process probe;
extern _Thread_local struct probe_self probe_self;

static inline bool probe_on(void)
{
	return __builtin_expect(probe.on, false);
}

/* Whether one operation is granted at a time. */
static inline bool probe_gated(void)
{
	return probe_on() && probe.gated;
}

/* ---- places ---- */

static inline uint32_t probe_place(const void *return_address)
{
	if (probe_self.place != 0)
		return probe_self.place;
	uintptr_t address = (uintptr_t)return_address;
	return address >= probe.image_base && address < probe.image_end
	           ? (uint32_t)(address - probe.image_base) : 0;
}

/* In a public function: the line that called it. */
#define PROBE_HERE() probe_place(__builtin_return_address(0))

/*
 * At the top of a public function that does more than one operation: until it returns, all that
 * the library does is told as done by the caller's line.
 */
#define PROBE_CALL()                                                                                     \
	uint32_t probe_saved_place __attribute__((cleanup(probe_restore_place), unused)) = probe_self.place; \
	probe_self.place = PROBE_HERE()

static inline void probe_restore_place(const uint32_t *saved)
{
	probe_self.place = *saved;
}

/* Around a call from the library back into the lesson's own functions. */
uint32_t probe_enter_lesson(void);      /* returns what to hand to probe_leave_lesson() */
void probe_leave_lesson(uint32_t saved);

/* ---- telling ---- */

static inline uint64_t probe_stamp(void)
{
	if (__builtin_expect(probe.stamp == STAMP_TICKS, true))
		return ticks_now();
	if (probe.stamp == STAMP_VIRTUAL)
		return atomic_load_explicit(&probe.wire.header->now, memory_order_relaxed);
	return monotonic_ns();
}

/* Counts an event that the ring did not take: by the ring itself, or for an actor without one, here. */
void probe_untold(void);

/* Tells of what has just been done. */
static inline void probe_event(enum event_kind kind, uint16_t object, int64_t value, uint32_t aux,
                               unsigned int flags, uint32_t place)
{
	struct wire_event *slot = ring_claim(&probe_self.ring, 1);
	if (__builtin_expect(slot == NULL, false)) {
		probe_untold();
		return;
	}
	slot->time = probe_stamp();
	slot->value = value;
	slot->place = place;
	slot->aux = aux;
	slot->object = object;
	slot->actor = 0; /* the reader knows whose ring it is */
	slot->kind = (uint8_t)kind;
	slot->flags = (uint8_t)flags;
	slot->text = 0;
	ring_publish(&probe_self.ring, 1);
}

/* The same with text beside it; longer than EVENT_TEXT_MAX is cut (at a character) and flagged. */
void probe_event_text(enum event_kind kind, uint16_t object, int64_t value, uint32_t aux,
                      unsigned int flags, uint32_t place, const char *text, size_t length);

/*
 * Around something that is told only if it succeeds, and yet before what others tell of having noticed it: an
 * event with text told in between has the stamp of the first call, and until the second the reader hands on
 * nothing younger. Nobody else can notice it under the gate.
 */
static inline void probe_hold(void)
{
	if (!probe_on() || probe.gated || probe_self.ring.control == NULL)
		return;
	probe_self.held = probe_stamp();
	atomic_store_explicit(&probe_self.ring.control->held, probe_self.held, memory_order_relaxed);
}

static inline void probe_hold_end(void)
{
	if (probe_self.held == 0)
		return;
	probe_self.held = 0;
	/* Pairs with the acquire load in the reader, which then sees the event. */
	atomic_store_explicit(&probe_self.ring.control->held, 0, memory_order_release);
}

/* ---- the gate ---- */

/* What an actor is about to do, and what it will say when it has. */
struct probe_intent {
	enum event_kind kind;
	enum event_kind wait_kind; /* told when it starts to wait; EVENT_UNKNOWN: nothing is told then */
	uint16_t object;
	uint16_t channel; /* whose wakes it waits for, see probe_channel_new(); 0: the object's */
	uint32_t aux;
	int64_t value;
	unsigned int flags;
	uint32_t place;
	const char *text; /* start of what it is about to send, or NULL */
};

void probe_gate_slow(const struct probe_intent *intent);

/* Whether one must stop there. Hot operations ask before they build their intent. */
static inline bool probe_gate_shut(void)
{
	return __builtin_expect(atomic_load_explicit(&probe.wire.header->mode, memory_order_relaxed) != GATE_FREE, false);
}

/* Returns when the actor may do it: at once in a free run that is not paused. */
static inline void probe_gate(const struct probe_intent *intent)
{
	if (probe_gate_shut())
		probe_gate_slow(intent);
}

/* An operation that may have to wait. */
struct probe_waiting {
	struct probe_intent intent;
	/* Does it if that is possible now. 0: done; -EAGAIN: would wait; else another -errno. Never blocks. */
	int (*attempt)(void *context);
	/* Does it, really waiting, at most until `deadline` (CLOCK_MONOTONIC;
	 * NULL: for ever). 0, -ETIMEDOUT, -EINTR (called again) or another -errno. */
	int (*block)(void *context, const struct timespec *deadline);
	bool inside; /* part of an operation that has passed the gate: stops there only if it must wait */
	bool pieces; /* may take many attempts, each of which does a part: that it waits is told once */
};

/*
 * Passes the gate, tries, and if it must wait tells `wait_kind` and waits: on the machine when
 * free, at the gate when gated (there it becomes a candidate again when the object's wakes change).
 * `timeout` in lesson seconds; negative: for ever; 0: one try. Returns 0, -ETIMEDOUT or what
 * attempt or block returned. The caller then tells `kind`. Also works unwatched (no gate, no events).
 */
int probe_perform(const struct probe_waiting *waiting, void *context, double timeout);

/* Says that waiters on `object` may now be able to proceed. Call it after the operation. */
void probe_wake(uint16_t object);

/*
 * Takes a probe_wake() back: what it was for is taken, so those who were woken need not try any more.
 * Called by who got a lock or the last of a count, of which exactly one wake told that it could be had.
 */
void probe_unwake(uint16_t object);

/* Sleeps `seconds` of the lesson's clock: really, scaled, or virtually. */
void probe_sleep(double seconds, uint32_t place);

/* The lesson's clock, in seconds since the run began (unwatched: CLOCK_MONOTONIC). */
double probe_now(void);

/* ---- actors and objects ---- */

/*
 * A slot and ring for an actor that is about to be started by this one; `object` stands for it, and
 * who waits for that is woken by its end. 0 and its id, or -EAGAIN at the run's limit. Unwatched: 0
 * and id 0. Give it back with probe_actor_cancel if the start fails.
 */
int probe_actor_new(enum actor_kind kind, const char *name, uint16_t object, uint16_t *id);
void probe_actor_cancel(uint16_t id);

/* First thing in a new process or thread: become that actor, park at the gate, tell `begin`. */
void probe_actor_begin(uint16_t id, uint32_t place);

/* Last thing: tell the exit (through the gate), mark the slot. Nothing may be told afterwards. */
void probe_actor_exit(int code, uint32_t place);

/* Notes how a child ended, whose parent has just reaped it: nobody else can find out any more. */
void probe_actor_reaped(uint16_t id, int code);

/* True when that actor has told its exit or was found dead by the director. */
bool probe_actor_exited(uint16_t id);

/* Registers an object and tells EVENT_OBJECT_NEW. Returns its id; 0 unwatched or when the table is full. */
uint16_t probe_object_new(enum object_kind kind, const char *name, int64_t value, uint32_t aux,
                          unsigned int flags, uint32_t place);

/*
 * Where an object is waited for for different reasons (items, room, …): a narrower thing to wait
 * for and to wake, so that nobody tries again in vain. For probe_intent.channel and probe_wake();
 * told to nobody. The object itself when there is no other to be had.
 */
uint16_t probe_channel_new(uint16_t object);
void probe_channel_of_deaths(uint16_t channel); /* its waiters look again when a process has died, too */

/*
 * The seed of the run when gated (so that what is random repeats), else from the kernel.
 * `stream` keeps actors apart.
 */
uint64_t probe_entropy(uint64_t stream);

/* The lesson's result, a JSON object, into the wire; -ENOSPC when it is too long. */
int probe_result(const char *json, size_t length);

#endif
