/* SPDX-License-Identifier: MIT */
/*
 * What everybody was about to do, derived afterwards (world/ahead.h), against what the gate said
 * while it was so: whole gated runs of real lessons, every position between two steps.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "base/memory.h"
#include "director/run.h"
#include "director/strategy.h"
#include "lesson/supervisor.h"
#include "world/ahead.h"

enum { SETTLE_MS = 20000, STEPS_MAX = 3000, ACTORS_MAX = 64 };

static const char *const lessons[] = {
	"bank-race", "deadlock", "semaphore", "barrier", "condition-event", "producer-consumer",
	"queue-results", "ping-pong-queue", "ping-pong-pipe", "manager-dict", "console-lock", "pool-map",
	"pool-callback", "pool-schedule", "executor", "thread-pool", "pool-lifecycle", "exit-and-signals",
	"overlap-waits", "two-queues",
};

static const char *const strategies[] = {"random", "round-robin"};

/* Where derived and live may differ; see difference_of(). */
enum difference { WOKEN_IN_VAIN, LEFT_IN_SILENCE, REFUSED_IN_SILENCE, JOINS_WITHIN, FIRST_RESULT,
                  BEHIND_ANOTHER, DIFFERENCE_COUNT };

static const char *const difference_names[] = {
	[WOKEN_IN_VAIN] = "woken in vain", [LEFT_IN_SILENCE] = "left in silence", [REFUSED_IN_SILENCE] = "refused in silence",
	[JOINS_WITHIN] = "joined within",  [FIRST_RESULT] = "first results",      [BEHIND_ANOTHER] = "behind another",
};

/* What the front found. */
struct found {
	bool ended;
	unsigned int steps;
	unsigned int intents;   /* known while it was so */
	unsigned int agreed[2]; /* those derived as they were, by whether they were ready */
	unsigned int allowed[DIFFERENCE_COUNT];
	unsigned int wrong;
	char first[256];        /* of those that are wrong */
};

/* ---- in the front ---- */

struct moment {
	uint64_t position;
	size_t count;
	struct about about[ACTORS_MAX];
};

static struct run *start(struct launcher *launcher, const char *name)
{
	static struct catalog catalog;
	struct settings settings;
	struct text problem = TEXT_INIT;
	catalog_load(&catalog);
	const struct catalog_lesson *lesson = catalog_find(&catalog, name);
	if (lesson == NULL)
		return NULL;
	settings_init(&settings, lesson, true);
	struct run *run = run_new(launcher, &(struct run_options){.settings = &settings, .seed = 7, .gated = true}, &problem);
	if (run == NULL)
		fprintf(stderr, "%s\n", problem.bytes);
	text_release(&problem);
	settings_release(&settings);
	return run;
}

static void note(struct run *run, struct moment *moment)
{
	size_t count;
	const struct about *about = run_about(run, &count);
	moment->position = history_count(run_history(run));
	moment->count = count < ACTORS_MAX ? count : ACTORS_MAX;
	memcpy(moment->about, about, moment->count * sizeof *about);
}

static size_t walk(struct run *run, const char *strategy_name, struct moment *moments)
{
	struct strategy strategy;
	uint16_t actors[ACTORS_MAX];
	size_t steps = 0;
	strategy_init(&strategy, strategy_find(strategy_name), 7);
	while (steps < STEPS_MAX && run_settle(run, SETTLE_MS) == RUN_GOING) {
		size_t count = run_candidates(run, actors, ACTORS_MAX);
		note(run, &moments[steps++]);
		if (run_step(run, strategy_choose(&strategy, actors, count), SETTLE_MS) != 0)
			break;
	}
	return steps;
}

static void complain(struct found *found, const struct world *world, unsigned int actor, const struct about *live,
                     const struct about *derived)
{
	if (found->wrong++ > 0)
		return;
	snprintf(found->first, sizeof found->first, "position %llu, %s: it was %s of object %u%s, derived is %s of object %u%s",
	         (unsigned long long)world->position, world_actor_name(world, actor),
	         live->known ? event_kind_info(live->kind)->op : "nothing", live->object, live->ready ? ", ready" : "",
	         derived->known ? event_kind_info(derived->kind)->op : "nothing", derived->object,
	         derived->ready ? ", ready" : "");
}

static bool is_join(unsigned int kind)
{
	return kind == EVENT_PROCESS_JOIN || kind == EVENT_THREAD_JOIN || kind == EVENT_POOL_JOIN;
}

static bool another_waits(const struct world *world, unsigned int actor)
{
	uint16_t waiters[2];
	return world_waiters(world, world_actor(world, actor)->object, waiters, 2) > 1;
}

static bool same_deed(const struct about *live, const struct about *derived)
{
	return live->kind == derived->kind && live->object == derived->object;
}

/*
 * A waiter that was woken for nothing could be chosen, to find out. One whose wait ended without a
 * word (a worker that is to end) still waits, as far as was told. A pool that is not closed refuses
 * to be joined without a word. What joins a pool joins its workers by that name. Who asks elsewhere
 * for the results of a map names its first task only. Workers without a task wait one behind the other.
 */
static enum difference difference_of(const struct world *world, unsigned int actor, const struct about *live,
                                     const struct about *derived)
{
	const struct world_actor *known = world_actor(world, actor);
	uint64_t next = ahead_next_deed(world->history, actor, world->position);
	const struct wire_event *deed = history_at(world->history, next);
	if (!live->known || !derived->known)
		return DIFFERENCE_COUNT;
	if (known->state == ACTOR_RUNNING && live->kind == EVENT_POOL_JOIN && live->place != derived->place &&
	    !world_object(world, live->object)->closed)
		return REFUSED_IN_SILENCE;
	if (known->state != ACTOR_WAITING)
		return DIFFERENCE_COUNT;
	if (same_deed(live, derived) && live->ready && !world_may_proceed(world, actor))
		return WOKEN_IN_VAIN;
	if (same_deed(live, derived) && live->kind == EVENT_POOL_GET && derived->ready && world_may_proceed(world, actor))
		return FIRST_RESULT;
	if (same_deed(live, derived) && live->kind == EVENT_POOL_TASK && derived->ready && another_waits(world, actor))
		return BEHIND_ANOTHER;
	if (deed != NULL && live->ready && live->kind == deed->kind && live->object == deed->object)
		return LEFT_IN_SILENCE;
	if (is_join(live->kind) && is_join(derived->kind) && live->ready == derived->ready)
		return JOINS_WITHIN;
	return DIFFERENCE_COUNT;
}

static void compare(struct found *found, const struct world *world, unsigned int actor, const struct about *live,
                    const struct about *derived)
{
	found->intents += live->known;
	if (live->known == derived->known && live->ready == derived->ready && (!live->known || same_deed(live, derived))) {
		found->agreed[live->ready] += live->known;
		return;
	}
	enum difference difference = difference_of(world, actor, live, derived);
	if (difference < DIFFERENCE_COUNT)
		found->allowed[difference]++;
	else
		complain(found, world, actor, live, derived);
}

static void compare_all(struct found *found, const struct history *history, const struct moment *moments, size_t count)
{
	struct world *world = world_new(history);
	struct about derived[ACTORS_MAX];
	for (size_t i = 0; i < count; i++) {
		world_seek(world, moments[i].position);
		ahead_fill(world, derived, ACTORS_MAX);
		for (unsigned int actor = 0; actor < moments[i].count; actor++)
			compare(found, world, actor, &moments[i].about[actor], &derived[actor]);
	}
	world_free(world);
}

struct task {
	const char *lesson, *strategy;
	struct found *found;
};

static int front(int channel, void *context)
{
	struct task *task = context;
	struct launcher launcher;
	launcher_init(&launcher, channel);
	struct run *run = start(&launcher, task->lesson);
	if (run == NULL)
		return 1;
	struct moment *moments = memory_array(STEPS_MAX, sizeof *moments);
	size_t count = walk(run, task->strategy, moments);
	task->found->steps = (unsigned int)count;
	task->found->ended = run_state(run) == RUN_ENDED || run_state(run) == RUN_DEADLOCK;
	compare_all(task->found, run_history(run), moments, count);
	free(moments);
	run_free(run);
	return 0;
}

/* ---- in the test ---- */

static void assert_agreement(const char *lesson, const char *strategy)
{
	struct found *found = mmap(NULL, sizeof *found, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(found, MAP_FAILED);
	struct task task = {.lesson = lesson, .strategy = strategy, .found = found};
	assert_int_equal(supervisor_run(front, &task, &(struct supervisor_hooks){0}), 0);
	print_message("%s: %u steps, %u intents: %u ready and %u not as they were", strategy, found->steps, found->intents,
	              found->agreed[true], found->agreed[false]);
	for (int i = 0; i < DIFFERENCE_COUNT; i++)
		print_message(", %u %s", found->allowed[i], difference_names[i]);
	print_message("\n");
	if (found->wrong > 0)
		fail_msg("%u wrong; the first: %s", found->wrong, found->first);
	assert_true(found->ended);
	assert_true(found->steps >= 10);
	assert_true(found->agreed[true] + found->agreed[false] > found->intents * 7 / 10);
	munmap(found, sizeof *found);
}

static void derived_is_what_the_gate_said(void **state)
{
	for (size_t i = 0; i < sizeof strategies / sizeof strategies[0]; i++)
		assert_agreement(*state, strategies[i]);
}

int main(void)
{
	enum { COUNT = sizeof lessons / sizeof lessons[0] };
	struct CMUnitTest tests[COUNT];
	const char *build = getenv("LOCKSTEP_BUILD");
	char folder[256];

	snprintf(folder, sizeof folder, "%s/lessons", build != NULL ? build : "build/release");
	setenv("LOCKSTEP_LESSONS", folder, 1);
	for (size_t i = 0; i < COUNT; i++)
		tests[i] = (struct CMUnitTest){.name = lessons[i], .test_func = derived_is_what_the_gate_said,
			.initial_state = (void *)(uintptr_t)lessons[i]};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
