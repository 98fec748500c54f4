/* SPDX-License-Identifier: MIT */
/* What the last step changed: nothing at the beginning, nothing by what was refused or only asked; the same seen later. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "story.h"
#include "world/changed.h"

enum { MAIN = 0, DEPOSIT = 1, WITHDRAW = 2 };
enum { BALANCE = 1, LOCK = 2, QUEUE = 3, PIPE = 4, BARRIER = 5 };

static struct story told(void)
{
	struct story story = story_begin();
	story_main(&story);
	story_object(&story, BALANCE, OBJECT_VALUE, "balance", 200, 0);
	story_object(&story, LOCK, OBJECT_LOCK, "lock", 0, 0);
	return story;
}

static void step(struct story *story, unsigned int actor, enum event_kind kind, unsigned int object, unsigned int flags)
{
	story_tell(story, (uint16_t)actor, kind, (uint16_t)object, .flags = (uint8_t)flags);
	history_end_step(story->history);
}

static bool written(const struct world *world)
{
	return changed(world, changed_since(world), BALANCE, EVENT_VALUE_WRITE);
}

static bool taken_or_given(const struct world *world)
{
	return changed(world, changed_since(world), LOCK, EVENT_LOCK_ACQUIRE, EVENT_LOCK_RELEASE);
}

static void each_step_has_its_own(void **state)
{
	(void)state;
	struct story story = told();
	history_begin_steps(story.history);
	assert_int_equal(changed_since(story.world), story.world->position); /* nothing was chosen yet */
	step(&story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK, 0);
	uint64_t taken = story.world->position;
	assert_true(taken_or_given(story.world));
	assert_false(written(story.world));
	step(&story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE, 0);
	assert_false(taken_or_given(story.world));
	assert_true(written(story.world));
	step(&story, WITHDRAW, EVENT_LOCK_WAIT, LOCK, 0);
	assert_false(taken_or_given(story.world));
	assert_true(changed_waiters(story.world, changed_since(story.world), LOCK));
	step(&story, WITHDRAW, EVENT_LOCK_ACQUIRE, LOCK, EVENT_FAILED);
	assert_false(taken_or_given(story.world));
	assert_false(changed_waiters(story.world, changed_since(story.world), LOCK));
	world_seek(story.world, taken);
	assert_true(taken_or_given(story.world));
	assert_false(written(story.world));
	world_seek(story.world, 3);
	assert_int_equal(changed_since(story.world), 3);
	story_end(&story);
}

/* A step may have told nothing yet, much, or nothing at all. */
static void steps_of_any_length(void **state)
{
	(void)state;
	struct story story = told();
	history_begin_steps(story.history);
	step(&story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE, 0);
	story_tell(&story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK); /* in the midst of the second */
	assert_true(taken_or_given(story.world));
	assert_false(written(story.world));
	story_tell(&story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE);
	history_end_step(story.history);
	assert_true(taken_or_given(story.world) && written(story.world));
	history_end_step(story.history); /* a step without a word */
	assert_false(taken_or_given(story.world) || written(story.world));
	for (int i = 0; i < 1000; i++)
		story_tell(&story, DEPOSIT, EVENT_VALUE_READ, BALANCE);
	step(&story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE, 0);
	assert_true(written(story.world));
	story_end(&story);
}

static void without_steps_it_is_the_last_event(void **state)
{
	(void)state;
	struct story story = told();
	story_tell(&story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE);
	assert_true(written(story.world));
	story_tell(&story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK);
	assert_false(written(story.world));
	assert_true(taken_or_given(story.world));
	world_seek(story.world, 0);
	assert_int_equal(changed_since(story.world), 0);
	story_end(&story);
}

static void ends_and_refusals(void **state)
{
	(void)state;
	struct story story = told();
	story_tell(&story, DEPOSIT, EVENT_PIPE_SEND, PIPE, .aux = 1);
	assert_true(changed_at(story.world, changed_since(story.world), PIPE, EVENT_PIPE_SEND, 1));
	assert_false(changed_at(story.world, changed_since(story.world), PIPE, EVENT_PIPE_SEND, 0));
	assert_false(changed_at(story.world, changed_since(story.world), PIPE, EVENT_PIPE_RECV, 1));
	story_tell(&story, DEPOSIT, EVENT_QUEUE_PUT, QUEUE, .flags = EVENT_FAILED);
	assert_false(changed(story.world, changed_since(story.world), QUEUE, EVENT_QUEUE_PUT));
	story_tell(&story, DEPOSIT, EVENT_BARRIER_PASS, BARRIER, .flags = EVENT_FAILED); /* it is broken: that is news */
	assert_true(changed(story.world, changed_since(story.world), BARRIER, EVENT_BARRIER_PASS));
	story_end(&story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_step_has_its_own),
		cmocka_unit_test(steps_of_any_length),
		cmocka_unit_test(without_steps_it_is_the_last_event),
		cmocka_unit_test(ends_and_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
