/* SPDX-License-Identifier: MIT */
/* The world's newer states: semaphores and who holds them, conditions and who sleeps, managers' round trips, executors that give up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "story.h"

enum { MAIN = 0, ANN = 1, BEN = 2, CAT = 3, SERVER = 4, HANDLER = 5 };
enum { THING = 1, LOCK = 2, HELD = 3 };

static struct story *story_of(void **state)
{
	return *state;
}

static int begin(void **state)
{
	static struct story story;
	story = story_begin();
	story_main(&story);
	story_process(&story, ANN, "ann");
	story_process(&story, BEN, "ben");
	story_process(&story, CAT, "cat");
	*state = &story;
	return 0;
}

static int end(void **state)
{
	story_end(*state);
	return 0;
}

static const struct world_object *object(void **state, unsigned int id)
{
	return world_object(story_of(state)->world, id);
}

/* ---- semaphores ---- */

static void assert_holders(void **state, size_t count, uint16_t first, uint16_t second)
{
	const struct world_object *semaphore = object(state, THING);
	assert_int_equal(semaphore->holder_count, count);
	assert_true(count < 1 || semaphore->holders[0] == first);
	assert_true(count < 2 || semaphore->holders[1] == second);
}

static void a_semaphore_knows_who_holds_it(void **state)
{
	struct story *story = story_of(state);
	story_object(story, THING, OBJECT_SEMAPHORE, "seats", 2, 0);
	story_tell(story, ANN, EVENT_SEMAPHORE_ACQUIRE, THING);
	story_tell(story, BEN, EVENT_SEMAPHORE_ACQUIRE, THING);
	assert_holders(state, 2, ANN, BEN);
	assert_int_equal(object(state, THING)->count, 0);
	story_tell(story, CAT, EVENT_SEMAPHORE_WAIT, THING);
	assert_false(world_may_proceed(story->world, CAT));
	story_tell(story, CAT, EVENT_SEMAPHORE_ACQUIRE, THING, .flags = EVENT_FAILED); /* its time was up */
	assert_holders(state, 2, ANN, BEN);
	story_tell(story, BEN, EVENT_SEMAPHORE_RELEASE, THING);
	assert_holders(state, 1, ANN, 0);
	story_tell(story, CAT, EVENT_SEMAPHORE_WAIT, THING);
	assert_true(world_may_proceed(story->world, CAT));
	story_tell(story, CAT, EVENT_SEMAPHORE_ACQUIRE, THING);
	assert_holders(state, 2, ANN, CAT);
	assert_int_equal(object(state, THING)->contended, 1);
	story_tell(story, MAIN, EVENT_SEMAPHORE_RELEASE, THING); /* who has none gives back the oldest */
	assert_holders(state, 1, CAT, 0);
	assert_int_equal(object(state, THING)->holder, WORLD_NO_ACTOR); /* nobody alone, of two */
}

static void a_semaphore_of_one_has_a_holder_like_a_lock(void **state)
{
	struct story *story = story_of(state);
	story_object(story, THING, OBJECT_SEMAPHORE, "turn", 1, 1);
	story_tell(story, ANN, EVENT_SEMAPHORE_ACQUIRE, THING);
	assert_int_equal(object(state, THING)->holder, ANN);
	story_tell(story, ANN, EVENT_SEMAPHORE_RELEASE, THING);
	assert_int_equal(object(state, THING)->holder, WORLD_NO_ACTOR);
	story_tell(story, ANN, EVENT_SEMAPHORE_RELEASE, THING, .flags = EVENT_FAILED); /* above its bound */
	assert_int_equal(object(state, THING)->count, 1);
}

/* One that starts at 0 is a sign: nobody holds it. */
static void a_sign_is_held_by_nobody(void **state)
{
	struct story *story = story_of(state);
	story_object(story, THING, OBJECT_SEMAPHORE, "sign", 0, 0);
	story_tell(story, ANN, EVENT_SEMAPHORE_WAIT, THING);
	story_tell(story, BEN, EVENT_SEMAPHORE_RELEASE, THING);
	assert_true(world_may_proceed(story->world, ANN));
	story_tell(story, ANN, EVENT_SEMAPHORE_ACQUIRE, THING);
	assert_holders(state, 0, 0, 0);
	assert_int_equal(object(state, THING)->count, 0);
}

/* ---- conditions ---- */

static void a_condition_wakes_who_sleeps_longest(void **state)
{
	struct story *story = story_of(state);
	uint16_t sleepers[4];
	story_object(story, THING, OBJECT_CONDITION, "changed", 0, LOCK);
	story_tell(story, BEN, EVENT_CONDITION_WAIT, THING);
	story_tell(story, ANN, EVENT_CONDITION_WAIT, THING);
	story_tell(story, CAT, EVENT_CONDITION_WAIT, THING);
	assert_int_equal(world_sleepers(story->world, THING, sleepers, 4), 3);
	story_tell(story, MAIN, EVENT_CONDITION_NOTIFY, THING, .value = 1, .aux = 1);
	assert_int_equal(world_sleepers(story->world, THING, sleepers, 4), 2);
	assert_true(world_may_proceed(story->world, BEN));
	assert_false(world_may_proceed(story->world, ANN));
	assert_int_equal(sleepers[0], ANN);
	assert_int_equal(sleepers[1], CAT);
	story_tell(story, BEN, EVENT_CONDITION_WOKEN, THING);
	story_tell(story, BEN, EVENT_CONDITION_WAIT, THING); /* and lies down again, behind the others */
	story_tell(story, MAIN, EVENT_CONDITION_NOTIFY, THING, .value = 2, .aux = 2);
	assert_int_equal(world_sleepers(story->world, THING, sleepers, 4), 1);
	assert_int_equal(sleepers[0], BEN);
	story_tell(story, MAIN, EVENT_CONDITION_NOTIFY, THING, .value = -1, .aux = 7); /* more than there are */
	assert_int_equal(world_sleepers(story->world, THING, sleepers, 4), 0);
	assert_int_equal(object(state, THING)->notifications, 3);
	story_tell(story, MAIN, EVENT_CONDITION_NOTIFY, THING, .value = 1, .aux = 0); /* nobody sleeps: lost */
	story_tell(story, ANN, EVENT_CONDITION_WOKEN, THING);
	story_tell(story, ANN, EVENT_CONDITION_WAIT, THING);
	assert_false(world_may_proceed(story->world, ANN));
}

/* ---- managers ---- */

static void make_manager(struct story *story)
{
	story_object(story, THING, OBJECT_MANAGER, "manager", 0, 0);
	story_process(story, SERVER, "server");
	story_text(story, SERVER, EVENT_OBJECT_NEW, HELD, "counts", .aux = (uint32_t)OBJECT_DICT | THING << 8);
}

static void a_round_trip_has_three_parts(void **state)
{
	struct story *story = story_of(state);
	make_manager(story);
	story_text(story, ANN, EVENT_MANAGER_CALL, THING, "counts['a']", .aux = HELD);
	story_tell(story, BEN, EVENT_MANAGER_CALL, THING, .aux = HELD);
	story_tell(story, ANN, EVENT_MANAGER_WAIT, THING);
	assert_int_equal(object(state, THING)->requests.count, 2);
	assert_false(world_may_proceed(story->world, ANN));
	story_tell(story, SERVER, EVENT_MANAGER_SERVE, THING, .value = ANN, .aux = HELD);
	story_text(story, SERVER, EVENT_MANAGER_HOLDS, HELD, "{\"a\":1}");
	assert_int_equal(object(state, THING)->requests.count, 1);
	assert_int_equal(object(state, THING)->answers.count, 1);
	assert_int_equal(object(state, THING)->served, ANN);
	assert_true(world_may_proceed(story->world, ANN));
	assert_string_equal(history_text(story->history, object(state, HELD)->contents, NULL), "{\"a\":1}");
	story_tell(story, ANN, EVENT_MANAGER_RETURN, THING, .aux = HELD);
	assert_int_equal(object(state, THING)->answers.count, 0);
	assert_int_equal(object(state, THING)->round_trips, 1);
	assert_int_equal(object(state, HELD)->round_trips, 1);
}

static void what_the_gone_asked_is_forgotten(void **state)
{
	struct story *story = story_of(state);
	make_manager(story);
	story_tell(story, ANN, EVENT_MANAGER_CALL, THING, .aux = HELD);
	story_tell(story, BEN, EVENT_MANAGER_CALL, THING, .aux = HELD);
	story_tell(story, SERVER, EVENT_MANAGER_SERVE, THING, .value = ANN);
	story_tell(story, ANN, EVENT_KILLED, 0, .value = -9);
	assert_int_equal(object(state, THING)->answers.count, 0);
	assert_int_equal(object(state, THING)->requests.count, 1);
	story_tell(story, BEN, EVENT_MANAGER_RETURN, THING, .aux = HELD, .flags = EVENT_FAILED); /* nobody answers any more */
	assert_int_equal(object(state, THING)->requests.count, 0);
	assert_int_equal(object(state, THING)->round_trips, 0);
	story_tell(story, MAIN, EVENT_MANAGER_SHUTDOWN, THING);
	assert_true(object(state, THING)->closed);
}

/* ---- executors ---- */

static void assert_tasks(void **state, unsigned int queued, unsigned int running, unsigned int done, unsigned int lost,
                         unsigned int cancelled)
{
	const struct world_object *pool = object(state, THING);
	assert_int_equal(pool->tasks_in[TASK_QUEUED], queued);
	assert_int_equal(pool->tasks_in[TASK_RUNNING], running);
	assert_int_equal(pool->tasks_in[TASK_DONE], done);
	assert_int_equal(pool->tasks_in[TASK_LOST], lost);
	assert_int_equal(pool->tasks_in[TASK_CANCELLED], cancelled);
}

static void submit(struct story *story, uint32_t tasks)
{
	story_object(story, THING, OBJECT_POOL, "executor", 0, 2);
	for (uint32_t task = 1; task <= tasks; task++)
		story_tell(story, MAIN, EVENT_POOL_SUBMIT, THING, .aux = task);
	story_tell(story, ANN, EVENT_POOL_TASK, THING, .aux = 1);
}

static void only_what_waits_can_be_cancelled(void **state)
{
	struct story *story = story_of(state);
	submit(story, 3);
	story_tell(story, MAIN, EVENT_FUTURE_CANCEL, THING, .aux = 1, .flags = EVENT_FAILED); /* it is at work */
	story_tell(story, MAIN, EVENT_FUTURE_CANCEL, THING, .aux = 3);
	assert_tasks(state, 1, 1, 0, 0, 1);
	story_tell(story, MAIN, EVENT_FUTURE_WAIT, THING, .aux = 3);
	assert_true(world_may_proceed(story->world, MAIN)); /* who waits for it learns that */
	story_tell(story, MAIN, EVENT_FUTURE_RESULT, THING, .aux = 3, .flags = EVENT_FAILED);
	story_tell(story, MAIN, EVENT_FUTURE_WAIT, THING, .aux = 1);
	assert_false(world_may_proceed(story->world, MAIN));
	story_tell(story, ANN, EVENT_POOL_DONE, THING, .aux = 1);
	assert_false(world_may_proceed(story->world, MAIN)); /* done, but its result is on its way */
	story_tell(story, HANDLER, EVENT_POOL_RESULT, THING, .aux = 1);
	assert_true(world_may_proceed(story->world, MAIN));
	assert_tasks(state, 1, 0, 1, 0, 1);
}

static void who_waits_for_some_of_several_goes_on_with_the_next(void **state)
{
	struct story *story = story_of(state);
	submit(story, 3);
	story_tell(story, ANN, EVENT_POOL_DONE, THING, .aux = 1);
	story_tell(story, HANDLER, EVENT_POOL_RESULT, THING, .aux = 1);
	story_tell(story, MAIN, EVENT_FUTURE_WAIT, THING, .aux = 0); /* it has had that one already */
	assert_false(world_may_proceed(story->world, MAIN));
	story_tell(story, BEN, EVENT_POOL_TASK, THING, .aux = 2);
	story_tell(story, BEN, EVENT_POOL_DONE, THING, .aux = 2, .value = 1); /* given to its owner directly */
	assert_true(world_may_proceed(story->world, MAIN));
}

static void a_broken_executor_does_nothing_more(void **state)
{
	struct story *story = story_of(state);
	submit(story, 3);
	story_tell(story, ANN, EVENT_KILLED, 0, .value = -9);
	assert_tasks(state, 2, 0, 0, 1, 0);
	story_tell(story, HANDLER, EVENT_EXECUTOR_BROKEN, THING);
	assert_true(object(state, THING)->broken);
	assert_true(object(state, THING)->closed);
	assert_tasks(state, 0, 0, 0, 3, 0);
	story_tell(story, MAIN, EVENT_FUTURE_WAIT, THING, .aux = 2);
	assert_true(world_may_proceed(story->world, MAIN)); /* it is told that the pool is broken */
}

/* ---- barriers ---- */

static void a_broken_barrier_lets_everybody_go(void **state)
{
	struct story *story = story_of(state);
	story_object(story, THING, OBJECT_BARRIER, "meeting", 0, 3);
	story_tell(story, ANN, EVENT_BARRIER_WAIT, THING, .value = 1, .aux = 3);
	story_tell(story, BEN, EVENT_BARRIER_WAIT, THING, .value = 2, .aux = 3);
	assert_false(world_may_proceed(story->world, ANN));
	story_tell(story, ANN, EVENT_BARRIER_PASS, THING, .flags = EVENT_FAILED); /* its time was up */
	assert_true(object(state, THING)->broken);
	assert_int_equal(object(state, THING)->arrived, 1);
	assert_true(world_may_proceed(story->world, BEN));
	story_tell(story, BEN, EVENT_BARRIER_PASS, THING, .flags = EVENT_FAILED);
	assert_int_equal(object(state, THING)->arrived, 0);
	story_tell(story, CAT, EVENT_BARRIER_WAIT, THING, .value = 1, .aux = 3);
	assert_true(world_may_proceed(story->world, CAT)); /* it finds it broken */
	assert_int_equal(object(state, THING)->generation, 0);
}

#define test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_semaphore_knows_who_holds_it),
		test(a_semaphore_of_one_has_a_holder_like_a_lock),
		test(a_sign_is_held_by_nobody),
		test(a_condition_wakes_who_sleeps_longest),
		test(a_round_trip_has_three_parts),
		test(what_the_gone_asked_is_forgotten),
		test(only_what_waits_can_be_cancelled),
		test(who_waits_for_some_of_several_goes_on_with_the_next),
		test(a_broken_executor_does_nothing_more),
		test(a_broken_barrier_lets_everybody_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
