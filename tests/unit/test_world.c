/* SPDX-License-Identifier: MIT */
/* The world: what events amount to, in order, out of order, and when they make no sense at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "story.h"
#include "world/inside.h"

enum { MAIN = 0, DEPOSIT = 1, WITHDRAW = 2, THIRD = 3 };
enum { BALANCE = 1, LOCK = 2, OTHER = 3 };

static struct story *story_of(void **state)
{
	return *state;
}

static int begin(void **state)
{
	static struct story story;
	story = story_begin();
	story_main(&story);
	*state = &story;
	return 0;
}

static int end(void **state)
{
	story_end(*state);
	return 0;
}

static const struct world_actor *actor(void **state, unsigned int id)
{
	return world_actor(story_of(state)->world, id);
}

static const struct world_object *object(void **state, unsigned int id)
{
	return world_object(story_of(state)->world, id);
}

/* ---- lives ---- */

static void a_process_lives(void **state)
{
	struct story *story = story_of(state);
	story_text(story, MAIN, EVENT_PROCESS_START, 0, "deposit", .value = 4712, .aux = DEPOSIT);
	assert_int_equal(actor(state, DEPOSIT)->state, ACTOR_BEGINNING);
	assert_int_equal(actor(state, DEPOSIT)->parent, MAIN);
	assert_int_equal(actor(state, DEPOSIT)->pid, 4712);
	assert_string_equal(actor(state, DEPOSIT)->name, "deposit");
	story_text(story, DEPOSIT, EVENT_PROCESS_BEGIN, 0, "deposit", .value = 4712, .aux = 100);
	assert_int_equal(actor(state, DEPOSIT)->state, ACTOR_RUNNING);
	story_tell(story, MAIN, EVENT_PROCESS_WAIT, 0, .aux = DEPOSIT);
	assert_int_equal(actor(state, MAIN)->state, ACTOR_WAITING);
	assert_int_equal(actor(state, MAIN)->waits_for, DEPOSIT);
	assert_false(world_may_proceed(story->world, MAIN));
	story_tell(story, DEPOSIT, EVENT_PROCESS_EXIT, 0, .value = 3);
	assert_int_equal(actor(state, DEPOSIT)->state, ACTOR_EXITED);
	assert_int_equal(actor(state, DEPOSIT)->exit_code, 3);
	assert_true(world_is_zombie(story->world, DEPOSIT));
	assert_true(world_may_proceed(story->world, MAIN));
	story_tell(story, MAIN, EVENT_PROCESS_JOIN, 0, .value = 3, .aux = DEPOSIT);
	assert_true(actor(state, DEPOSIT)->joined);
	assert_false(world_is_zombie(story->world, DEPOSIT));
	assert_int_equal(actor(state, MAIN)->waits_for, WORLD_NO_ACTOR);
	assert_false(story->world->ended);
	story_tell(story, MAIN, EVENT_PROCESS_EXIT, 0);
	assert_true(story->world->ended);
}

static void who_is_reaped_without_a_join_is_no_zombie(void **state)
{
	struct story *story = story_of(state);
	story_process(story, DEPOSIT, "deposit");
	story_tell(story, DEPOSIT, EVENT_PROCESS_EXIT, 0, .value = 3);
	assert_true(world_is_zombie(story->world, DEPOSIT));
	story_tell(story, MAIN, EVENT_PROCESS_REAP, 0, .value = 3, .aux = DEPOSIT);
	assert_false(world_is_zombie(story->world, DEPOSIT));
	assert_int_equal(actor(state, MAIN)->state, ACTOR_RUNNING);
}

static void a_join_that_timed_out_joins_nobody(void **state)
{
	struct story *story = story_of(state);
	story_process(story, DEPOSIT, "deposit");
	story_tell(story, MAIN, EVENT_PROCESS_WAIT, 0, .aux = DEPOSIT);
	story_tell(story, MAIN, EVENT_PROCESS_JOIN, 0, .aux = DEPOSIT, .flags = EVENT_FAILED);
	assert_int_equal(actor(state, DEPOSIT)->state, ACTOR_RUNNING);
	assert_false(actor(state, DEPOSIT)->joined);
	assert_int_equal(actor(state, MAIN)->state, ACTOR_RUNNING);
}

static void a_child_may_be_heard_before_its_parent(void **state)
{
	struct story *story = story_of(state);
	story_text(story, DEPOSIT, EVENT_PROCESS_BEGIN, 0, "deposit", .value = 101, .aux = 100);
	assert_int_equal(actor(state, DEPOSIT)->parent, MAIN);
	story_text(story, MAIN, EVENT_PROCESS_START, 0, "deposit", .value = 101, .aux = DEPOSIT);
	assert_int_equal(actor(state, DEPOSIT)->state, ACTOR_RUNNING);
}

static void the_killed_is_gone_with_its_threads(void **state)
{
	struct story *story = story_of(state);
	story_process(story, DEPOSIT, "deposit");
	story_text(story, DEPOSIT, EVENT_THREAD_START, 0, "feeder", .aux = 7);
	story_text(story, 7, EVENT_THREAD_BEGIN, 0, "feeder", .value = 777, .aux = 1);
	assert_int_equal(actor(state, 7)->kind, ACTOR_HELPER);
	assert_int_equal(actor(state, 7)->pid, 101);
	story_object(story, LOCK, OBJECT_LOCK, "lock", 0, 0);
	story_tell(story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK);
	story_tell(story, DEPOSIT, EVENT_KILLED, 0, .value = -9);
	assert_true(actor(state, DEPOSIT)->killed);
	assert_int_equal(actor(state, DEPOSIT)->exit_code, -9);
	assert_int_equal(actor(state, 7)->state, ACTOR_EXITED);
	assert_true(world_is_zombie(story->world, DEPOSIT));
	assert_false(world_is_zombie(story->world, 7));
	assert_int_equal(object(state, LOCK)->holder, DEPOSIT); /* for ever */
	story_tell(story, DEPOSIT, EVENT_VALUE_READ, BALANCE); /* told late */
	assert_int_equal(actor(state, DEPOSIT)->state, ACTOR_EXITED);
}

static void sleepers_have_a_deadline(void **state)
{
	struct story *story = story_of(state);
	story->time = 200;
	story_tell(story, MAIN, EVENT_SLEEP, 0, .value = 100);
	assert_int_equal(actor(state, MAIN)->state, ACTOR_SLEEPING);
	assert_int_equal(actor(state, MAIN)->deadline, 300);
	assert_int_equal(actor(state, MAIN)->since, 200);
	story->time = 300;
	story_tell(story, MAIN, EVENT_WAKE, 0);
	assert_int_equal(actor(state, MAIN)->state, ACTOR_RUNNING);
	story_tell(story, MAIN, EVENT_SLEEP, 0, .value = INT64_MAX);
	story->time = UINT64_MAX;
	story_tell(story, MAIN, EVENT_SLEEP, 0, .value = INT64_MAX);
	assert_true(actor(state, MAIN)->deadline == UINT64_MAX);
}

static void the_reader_speaks_for_nobody(void **state)
{
	struct story *story = story_of(state);
	story_object(story, LOCK, OBJECT_LOCK, "lock", 0, 0);
	story_process(story, DEPOSIT, "deposit");
	story_tell(story, MAIN, EVENT_LOCK_ACQUIRE, LOCK);
	story_tell(story, DEPOSIT, EVENT_LOCK_WAIT, LOCK);
	story_text(story, DEPOSIT, EVENT_OUTPUT, 0, "hello", .aux = 1);
	story_tell(story, DEPOSIT, EVENT_LOST, 0, .value = 5);
	story_tell(story, DEPOSIT, EVENT_LOST, 0, .value = -5);
	assert_int_equal(actor(state, DEPOSIT)->state, ACTOR_WAITING);
	assert_int_equal(actor(state, DEPOSIT)->object, LOCK);
	assert_int_equal(story->world->lost_events, 5);
}

/* ---- values ---- */

static void a_lost_update_is_seen(void **state)
{
	struct story *story = story_of(state);
	story_object(story, BALANCE, OBJECT_VALUE, "balance", 200, 0);
	const struct world_value *value = &object(state, BALANCE)->value;
	assert_int_equal(value->value, 200);
	story_tell(story, DEPOSIT, EVENT_VALUE_READ, BALANCE, .value = 200);
	story_tell(story, WITHDRAW, EVENT_VALUE_READ, BALANCE, .value = 200);
	story_tell(story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE, .value = 201);
	assert_int_equal(value->lost_updates, 0);
	assert_int_equal(value->readers[1].actor, WITHDRAW);
	assert_true(world_is_stale(value, &value->readers[1]) && value->readers[1].pending);
	assert_false(world_is_stale(value, &value->readers[0]) || value->readers[0].pending);
	story_tell(story, WITHDRAW, EVENT_VALUE_WRITE, BALANCE, .value = 199, .flags = EVENT_LOCKED);
	assert_int_equal(value->lost_updates, 1);
	assert_int_equal(value->last_lost.winner, WITHDRAW);
	assert_int_equal(value->last_lost.loser, DEPOSIT);
	assert_int_equal(value->last_lost.read, 200);
	assert_int_equal(value->last_lost.lost, 201);
	assert_int_equal(value->last_lost.wrote, 199);
	assert_int_equal(value->last_lost.event, 5);
	assert_int_equal(value->writes, 2);
	assert_int_equal(value->reads, 2);
	assert_true(value->recent[1].lost);
	assert_false(value->recent[0].lost);
}

static void a_second_write_without_reading_loses_nothing_more(void **state)
{
	struct story *story = story_of(state);
	a_lost_update_is_seen(state);
	story_tell(story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE, .value = 5); /* stale, but not pending */
	story_tell(story, WITHDRAW, EVENT_VALUE_WRITE, BALANCE, .value = 6);
	story_tell(story, THIRD, EVENT_VALUE_WRITE, BALANCE, .value = 7); /* never read: blind */
	assert_int_equal(object(state, BALANCE)->value.lost_updates, 1);
}

static void taking_turns_loses_nothing(void **state)
{
	struct story *story = story_of(state);
	for (int64_t i = 0; i < 100; i++) {
		unsigned int who = i % 2 == 0 ? DEPOSIT : WITHDRAW;
		story_tell(story, (uint16_t)who, EVENT_VALUE_READ, BALANCE, .value = i);
		story_tell(story, (uint16_t)who, EVENT_VALUE_WRITE, BALANCE, .value = i + 1);
		story_tell(story, (uint16_t)who, EVENT_VALUE_WRITE, BALANCE, .value = 0, .flags = EVENT_FAILED);
	}
	const struct world_value *value = &object(state, BALANCE)->value;
	assert_int_equal(value->lost_updates, 0);
	assert_int_equal(value->writes, 100);
	assert_int_equal(value->value, 100);
	assert_int_equal(value->recent[99 % WORLD_VALUE_HISTORY].value, 100);
}

/* One that slept on a stale value wipes out all that was done meanwhile, and may be wiped out in turn. */
static void a_stale_write_loses_all_that_came_between(void **state)
{
	struct story *story = story_of(state);
	story_tell(story, DEPOSIT, EVENT_VALUE_READ, BALANCE, .value = 0);
	for (int64_t i = 0; i < 10; i++) {
		story_tell(story, WITHDRAW, EVENT_VALUE_READ, BALANCE, .value = i);
		story_tell(story, WITHDRAW, EVENT_VALUE_WRITE, BALANCE, .value = i + 1);
	}
	story_tell(story, WITHDRAW, EVENT_VALUE_READ, BALANCE, .value = 10);
	story_tell(story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE, .value = 1);
	assert_int_equal(object(state, BALANCE)->value.lost_updates, 10);
	story_tell(story, WITHDRAW, EVENT_VALUE_WRITE, BALANCE, .value = 11);
	assert_int_equal(object(state, BALANCE)->value.lost_updates, 1);
}

/* Against the plain rule, by walking back from the last write, with many actors and far ids. */
static void readers_agree_with_the_plain_rule(void **state)
{
	enum { ACTORS = 12, OPERATIONS = 20000 };
	static const uint16_t ids[ACTORS] = {1, 2, 3, 4, 5, 60, 255, 256, 300, 1000, 5000, 65534};
	static unsigned int built_on[OPERATIONS]; /* by write, the first being 1; 0: on nothing */
	struct story *story = story_of(state);
	unsigned int read[ACTORS] = {0}, writes = 0, kept = 0;
	bool pending[ACTORS] = {false};
	srand(1);
	for (int i = 1; i < OPERATIONS; i++) {
		unsigned int who = (unsigned int)rand() % ACTORS;
		pending[who] = rand() % 2 != 0 || !pending[who];
		if (pending[who]) {
			story_tell(story, ids[who], EVENT_VALUE_READ, BALANCE, .value = 1);
			read[who] = writes;
			continue;
		}
		story_tell(story, ids[who], EVENT_VALUE_WRITE, BALANCE, .value = 2);
		built_on[++writes] = read[who];
	}
	for (unsigned int write = writes; write != 0; write = built_on[write])
		kept++;
	assert_true(kept < writes);
	assert_int_equal(object(state, BALANCE)->value.lost_updates, writes - kept);
}

static void reals_keep_their_bits(void **state)
{
	struct story *story = story_of(state);
	story_text(story, MAIN, EVENT_OBJECT_NEW, BALANCE, "x", .value = wire_event_bits(0.1), .aux = OBJECT_VALUE,
	           .flags = EVENT_REAL);
	assert_true(object(state, BALANCE)->value.real);
	assert_true(object(state, BALANCE)->value.value == wire_event_bits(0.1));
}

static void elements_race_one_by_one(void **state)
{
	struct story *story = story_of(state);
	story_object(story, BALANCE, OBJECT_ARRAY, "cells", 0, 3);
	assert_int_equal(object(state, BALANCE)->element_count, 3);
	story_tell(story, DEPOSIT, EVENT_ARRAY_READ, BALANCE, .aux = 1);
	story_tell(story, WITHDRAW, EVENT_ARRAY_WRITE, BALANCE, .aux = 0, .value = 9);
	story_tell(story, DEPOSIT, EVENT_ARRAY_WRITE, BALANCE, .aux = 1, .value = 1);
	assert_int_equal(object(state, BALANCE)->value.lost_updates, 0);
	story_tell(story, DEPOSIT, EVENT_ARRAY_READ, BALANCE, .aux = 2);
	story_tell(story, WITHDRAW, EVENT_ARRAY_WRITE, BALANCE, .aux = 2, .value = 4);
	story_tell(story, DEPOSIT, EVENT_ARRAY_WRITE, BALANCE, .aux = 2, .value = 5);
	assert_int_equal(object(state, BALANCE)->elements[2].lost_updates, 1);
	assert_int_equal(object(state, BALANCE)->value.lost_updates, 1);
	story_tell(story, DEPOSIT, EVENT_ARRAY_WRITE, BALANCE, .aux = 4000000000u, .value = 5);
	assert_int_equal(object(state, BALANCE)->element_count, 3);
}

static void arrays_are_bounded_together(void **state)
{
	struct story *story = story_of(state);
	for (unsigned int id = 1; id <= 400; id++)
		story_object(story, id, OBJECT_ARRAY, "big", 0, 0xffffff);
	assert_int_equal(object(state, 1)->element_count, WORLD_ARRAY_SHOWN);
	assert_int_equal(object(state, 400)->element_count, 0);
	assert_int_equal(object(state, 400)->parameter, 0);
	assert_int_equal(story->world->elements_held, WORLD_ELEMENTS_MAX);
}

static void the_last_draw_is_kept(void **state)
{
	struct story *story = story_of(state);
	story_object(story, BALANCE, OBJECT_RANDOM, "rng", 0, 0);
	story_tell(story, DEPOSIT, EVENT_RANDOM_DRAW, BALANCE, .value = wire_event_bits(0.25), .flags = EVENT_REAL);
	story_tell(story, WITHDRAW, EVENT_RANDOM_DRAW, BALANCE, .value = wire_event_bits(0.5), .flags = EVENT_REAL);
	const struct world_value *value = &object(state, BALANCE)->value;
	assert_true(value->real && value->value == wire_event_bits(0.5));
	assert_int_equal(value->writes, 2);
	assert_int_equal(value->recent[0].actor, DEPOSIT);
}

/* ---- locks, flags, barriers ---- */

static void a_lock_changes_hands(void **state)
{
	struct story *story = story_of(state);
	uint16_t waiters[4];
	story_object(story, LOCK, OBJECT_LOCK, "lock", 0, 0);
	assert_int_equal(object(state, LOCK)->holder, WORLD_NO_ACTOR);
	story_tell(story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK);
	story_tell(story, WITHDRAW, EVENT_LOCK_ACQUIRE, LOCK, .flags = EVENT_FAILED);
	assert_int_equal(object(state, LOCK)->holder, DEPOSIT);
	story_tell(story, WITHDRAW, EVENT_LOCK_WAIT, LOCK);
	assert_int_equal(world_waiters(story->world, LOCK, waiters, 4), 1);
	assert_int_equal(waiters[0], WITHDRAW);
	assert_false(world_may_proceed(story->world, WITHDRAW));
	story_tell(story, DEPOSIT, EVENT_LOCK_RELEASE, LOCK);
	assert_int_equal(object(state, LOCK)->holder, WORLD_NO_ACTOR);
	assert_true(world_may_proceed(story->world, WITHDRAW));
	story_tell(story, WITHDRAW, EVENT_LOCK_ACQUIRE, LOCK);
	assert_int_equal(object(state, LOCK)->holder, WITHDRAW);
	assert_int_equal(object(state, LOCK)->acquisitions, 2);
	assert_int_equal(object(state, LOCK)->handovers, 1);
	assert_int_equal(object(state, LOCK)->contended, 1);
	assert_int_equal(world_waiters(story->world, LOCK, waiters, 4), 0);
}

/* Free runs: the taker's stamp may be older than the releaser's. */
static void a_release_told_late_frees_nobody_elses_lock(void **state)
{
	struct story *story = story_of(state);
	story_tell(story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK);
	story_tell(story, WITHDRAW, EVENT_LOCK_ACQUIRE, LOCK);
	story_tell(story, DEPOSIT, EVENT_LOCK_RELEASE, LOCK);
	assert_int_equal(object(state, LOCK)->holder, WITHDRAW);
	story_tell(story, WITHDRAW, EVENT_LOCK_RELEASE, LOCK);
	assert_int_equal(object(state, LOCK)->holder, WORLD_NO_ACTOR);
}

static void flags_set_and_clear(void **state)
{
	struct story *story = story_of(state);
	story_tell(story, DEPOSIT, EVENT_EVENT_WAIT, OTHER);
	assert_int_equal(object(state, OTHER)->kind, OBJECT_EVENT);
	assert_false(world_may_proceed(story->world, DEPOSIT));
	story_tell(story, MAIN, EVENT_EVENT_SET, OTHER);
	assert_true(object(state, OTHER)->set);
	assert_true(world_may_proceed(story->world, DEPOSIT));
	story_tell(story, MAIN, EVENT_EVENT_CLEAR, OTHER);
	assert_false(object(state, OTHER)->set);
}

static void arrive(struct story *story, uint16_t who, int64_t count)
{
	story_tell(story, who, EVENT_BARRIER_WAIT, OTHER, .value = count, .aux = 3);
}

static void a_barrier_lets_all_pass_at_once(void **state)
{
	struct story *story = story_of(state);
	story_object(story, OTHER, OBJECT_BARRIER, "barrier", 0, 3);
	for (unsigned int round = 1; round <= 3; round++) {
		arrive(story, DEPOSIT, 1);
		arrive(story, WITHDRAW, 2);
		assert_int_equal(object(state, OTHER)->arrived, 2);
		assert_int_equal(object(state, OTHER)->generation, round - 1);
		assert_false(world_may_proceed(story->world, DEPOSIT));
		arrive(story, THIRD, 3);
		story_tell(story, THIRD, EVENT_BARRIER_PASS, OTHER, .value = 2);
		assert_int_equal(object(state, OTHER)->arrived, 0);
		assert_int_equal(object(state, OTHER)->generation, round);
		assert_true(world_may_proceed(story->world, DEPOSIT));
		arrive(story, THIRD, 0); /* comes again while the others leave */
		story_tell(story, DEPOSIT, EVENT_BARRIER_PASS, OTHER, .value = 0);
		assert_false(world_may_proceed(story->world, THIRD));
		story_tell(story, WITHDRAW, EVENT_BARRIER_PASS, OTHER, .value = 1);
		assert_true(world_may_proceed(story->world, THIRD));
		assert_int_equal(object(state, OTHER)->arrived, 0);
		assert_int_equal(object(state, OTHER)->generation, round);
		story_tell(story, THIRD, EVENT_PRINT, 0);
	}
}

/* A next round may be entered before the last word of this one is told. */
static void rounds_that_overlap_are_told_apart(void **state)
{
	struct story *story = story_of(state);
	story_object(story, OTHER, OBJECT_BARRIER, "barrier", 0, 2);
	arrive(story, DEPOSIT, 1);
	arrive(story, WITHDRAW, 2);
	story_tell(story, WITHDRAW, EVENT_BARRIER_PASS, OTHER);
	arrive(story, WITHDRAW, 1);
	story_tell(story, DEPOSIT, EVENT_BARRIER_PASS, OTHER);
	assert_int_equal(object(state, OTHER)->generation, 1);
	assert_int_equal(object(state, OTHER)->arrived, 1);
	arrive(story, DEPOSIT, 2);
	story_tell(story, WITHDRAW, EVENT_BARRIER_PASS, OTHER);
	assert_int_equal(object(state, OTHER)->generation, 2);
}

static void a_barrier_breaks_and_is_reset(void **state)
{
	struct story *story = story_of(state);
	story_object(story, OTHER, OBJECT_BARRIER, "barrier", 0, 3);
	arrive(story, DEPOSIT, 1);
	story_tell(story, MAIN, EVENT_BARRIER_ABORT, OTHER);
	assert_true(object(state, OTHER)->broken);
	assert_true(world_may_proceed(story->world, DEPOSIT));
	story_tell(story, DEPOSIT, EVENT_BARRIER_PASS, OTHER, .flags = EVENT_FAILED);
	assert_int_equal(object(state, OTHER)->arrived, 0);
	story_tell(story, MAIN, EVENT_BARRIER_RESET, OTHER);
	assert_false(object(state, OTHER)->broken);
	arrive(story, DEPOSIT, 1);
	story_tell(story, MAIN, EVENT_BARRIER_RESET, OTHER);
	story_tell(story, DEPOSIT, EVENT_BARRIER_PASS, OTHER, .flags = EVENT_FAILED);
	assert_false(object(state, OTHER)->broken); /* it left because of the reset */
	arrive(story, DEPOSIT, 1);
	story_tell(story, DEPOSIT, EVENT_BARRIER_PASS, OTHER, .flags = EVENT_FAILED); /* its time was up */
	assert_true(object(state, OTHER)->broken);
	assert_int_equal(object(state, OTHER)->generation, 0);
}

/* ---- pipes, queues, pools ---- */

static void messages_travel_both_ways(void **state)
{
	struct story *story = story_of(state);
	story_object(story, OTHER, OBJECT_PIPE, "pipe", 0, 1);
	story_text(story, MAIN, EVENT_PIPE_SEND, OTHER, "\"ping\"", .aux = 0, .value = 6);
	story_text(story, MAIN, EVENT_PIPE_SEND, OTHER, "\"ping 2\"", .aux = 0, .value = 8);
	story_text(story, DEPOSIT, EVENT_PIPE_SEND, OTHER, "\"pong\"", .aux = 1, .value = 6);
	const struct world_object *pipe = object(state, OTHER);
	assert_int_equal(pipe->direction[0].count, 2);
	assert_int_equal(pipe->end_user[0], MAIN);
	assert_int_equal(pipe->end_user[1], DEPOSIT);
	assert_int_equal(pipe->direction[1].count, 1);
	story_tell(story, DEPOSIT, EVENT_PIPE_RECV, OTHER, .aux = 1);
	assert_int_equal(pipe->direction[0].count, 1);
	assert_string_equal(history_text(story->history, world_item(&pipe->direction[0], 0)->event, NULL), "\"ping 2\"");
	assert_int_equal(pipe->direction[1].count, 1);
	story_tell(story, MAIN, EVENT_PIPE_RECV, OTHER, .aux = 0);
	assert_int_equal(pipe->direction[1].count, 0);
	story_tell(story, MAIN, EVENT_PIPE_WAIT, OTHER, .aux = 0);
	assert_false(world_may_proceed(story->world, MAIN));
	story_tell(story, DEPOSIT, EVENT_PIPE_SEND, OTHER, .aux = 1);
	assert_true(world_may_proceed(story->world, MAIN));
}

static void a_message_received_early_leaves_no_ghost(void **state)
{
	struct story *story = story_of(state);
	story_tell(story, DEPOSIT, EVENT_PIPE_RECV, OTHER, .aux = 1);
	story_tell(story, MAIN, EVENT_PIPE_SEND, OTHER, .aux = 0);
	assert_int_equal(object(state, OTHER)->direction[0].count, 0);
	story_tell(story, MAIN, EVENT_PIPE_SEND, OTHER, .aux = 0);
	assert_int_equal(object(state, OTHER)->direction[0].count, 1);
}

static void an_end_is_closed_when_every_copy_is(void **state)
{
	struct story *story = story_of(state);
	story_process(story, DEPOSIT, "deposit");
	story_process(story, WITHDRAW, "withdraw");
	story_object(story, OTHER, OBJECT_PIPE, "pipe", 0, 1);
	story_tell(story, DEPOSIT, EVENT_PIPE_WAIT, OTHER, .aux = 1);
	story_tell(story, MAIN, EVENT_PIPE_CLOSE, OTHER, .aux = 0);
	story_tell(story, MAIN, EVENT_PIPE_CLOSE, OTHER, .aux = 0);
	assert_false(object(state, OTHER)->end_closed[0]);
	story_tell(story, DEPOSIT, EVENT_PIPE_CLOSE, OTHER, .aux = 0);
	assert_false(object(state, OTHER)->end_closed[0]);
	story_tell(story, WITHDRAW, EVENT_PROCESS_EXIT, 0);
	assert_true(object(state, OTHER)->end_closed[0]);
	assert_false(object(state, OTHER)->end_closed[1]);
}

static void assert_places(void **state, size_t buffer, size_t in_pipe, uint64_t slots)
{
	assert_int_equal(object(state, OTHER)->buffer.count, buffer);
	assert_int_equal(object(state, OTHER)->in_pipe.count, in_pipe);
	assert_int_equal(object(state, OTHER)->slots, slots);
}

static void an_item_is_in_one_of_three_places(void **state)
{
	struct story *story = story_of(state);
	story_object(story, OTHER, OBJECT_QUEUE, "results", 0, 2);
	story_tell(story, DEPOSIT, EVENT_QUEUE_WAIT, OTHER);
	story_text(story, MAIN, EVENT_QUEUE_PUT, OTHER, "0.1", .aux = 1);
	assert_places(state, 1, 0, 1);
	assert_false(world_may_proceed(story->world, DEPOSIT));
	story_text(story, MAIN, EVENT_QUEUE_PUT, OTHER, "0.2", .aux = 2);
	story_tell(story, MAIN, EVENT_QUEUE_PUT, OTHER, .aux = 0, .flags = EVENT_FAILED);
	assert_places(state, 2, 0, 2);
	story_tell(story, MAIN, EVENT_QUEUE_PUT_WAIT, OTHER);
	assert_false(world_may_proceed(story->world, MAIN));
	story_tell(story, 9, EVENT_QUEUE_FEED, OTHER, .aux = 1);
	assert_places(state, 1, 1, 2);
	assert_int_equal(world_item(&object(state, OTHER)->in_pipe, 0)->actor, MAIN);
	assert_string_equal(history_text(story->history, world_item(&object(state, OTHER)->in_pipe, 0)->event, NULL), "0.1");
	assert_true(world_may_proceed(story->world, DEPOSIT));
	story_tell(story, DEPOSIT, EVENT_QUEUE_GET, OTHER, .aux = 1);
	assert_places(state, 1, 0, 1);
	assert_true(world_may_proceed(story->world, MAIN));
}

/* Each order in which the three words of an item can be told ends with nothing left. */
static void any_order_of_put_feed_get_leaves_nothing(void **state)
{
	static const uint8_t put = EVENT_QUEUE_PUT, feed = EVENT_QUEUE_FEED, get = EVENT_QUEUE_GET;
	const uint8_t orders[6][3] = {{put, feed, get}, {put, get, feed}, {feed, put, get},
	                              {feed, get, put}, {get, put, feed}, {get, feed, put}};
	struct story *story = story_of(state);
	for (uint32_t i = 0; i < 6; i++) {
		for (int k = 0; k < 3; k++)
			story_tell(story, DEPOSIT, orders[i][k], OTHER, .aux = 10 + i);
		assert_places(state, 0, 0, 0);
		assert_int_equal(object(state, OTHER)->early.count, 0);
	}
}

static void a_buffer_dies_with_its_process(void **state)
{
	struct story *story = story_of(state);
	story_process(story, DEPOSIT, "deposit");
	story_tell(story, DEPOSIT, EVENT_QUEUE_PUT, OTHER, .aux = 1);
	story_tell(story, MAIN, EVENT_QUEUE_PUT, OTHER, .aux = 2);
	story_tell(story, DEPOSIT, EVENT_QUEUE_PUT, OTHER, .aux = 3);
	story_tell(story, 9, EVENT_QUEUE_FEED, OTHER, .aux = 1);
	story_tell(story, DEPOSIT, EVENT_KILLED, 0, .value = -9);
	assert_places(state, 1, 1, 3); /* what is in the pipe stays; slots stay taken */
	assert_int_equal(world_item(&object(state, OTHER)->buffer, 0)->number, 2);
}

static void long_queues_keep_their_order(void **state)
{
	struct story *story = story_of(state);
	uint32_t put = 0, got = 0;
	for (int round = 0; round < 300; round++) {
		for (int i = 0; i < 7; i++, put++) {
			story_tell(story, MAIN, EVENT_QUEUE_PUT, OTHER, .aux = put);
			story_tell(story, 9, EVENT_QUEUE_FEED, OTHER, .aux = put);
		}
		for (int i = 0; i < 5; i++, got++) {
			assert_int_equal(world_item(&object(state, OTHER)->in_pipe, 0)->number, got);
			story_tell(story, DEPOSIT, EVENT_QUEUE_GET, OTHER, .aux = got);
		}
	}
	assert_places(state, 0, 600, 600);
}

static void a_pool_works_off_its_tasks(void **state)
{
	struct story *story = story_of(state);
	story_process(story, DEPOSIT, "ForkPoolWorker-1");
	story_process(story, WITHDRAW, "ForkPoolWorker-2");
	story_object(story, OTHER, OBJECT_POOL, "pool", 0, 2);
	story_tell(story, DEPOSIT, EVENT_POOL_TASK_WAIT, OTHER);
	assert_false(world_may_proceed(story->world, DEPOSIT));
	for (uint32_t i = 1; i <= 4; i++)
		story_text(story, MAIN, EVENT_POOL_SUBMIT, OTHER, "[5]", .aux = i, .value = 1);
	assert_true(world_may_proceed(story->world, DEPOSIT));
	story->time = 10;
	story_tell(story, DEPOSIT, EVENT_POOL_TASK, OTHER, .aux = 1);
	story_tell(story, WITHDRAW, EVENT_POOL_TASK, OTHER, .aux = 2);
	story->time = 20;
	story_tell(story, DEPOSIT, EVENT_POOL_DONE, OTHER, .aux = 1);
	story_tell(story, DEPOSIT, EVENT_POOL_TASK, OTHER, .aux = 3);
	story_tell(story, DEPOSIT, EVENT_POOL_DONE, OTHER, .aux = 3, .flags = EVENT_FAILED);
	story_tell(story, WITHDRAW, EVENT_KILLED, 0, .value = -9);
	const struct world_object *pool = object(state, OTHER);
	assert_int_equal(pool->tasks.count, 4);
	assert_int_equal(world_task_at(pool, 0)->state, TASK_DONE);
	assert_int_equal(world_task_at(pool, 0)->worker, DEPOSIT);
	assert_int_equal(world_task_at(pool, 0)->started, 10);
	assert_int_equal(world_task_at(pool, 0)->ended, 20);
	assert_int_equal(world_task_at(pool, 1)->state, TASK_LOST);
	assert_int_equal(world_task_at(pool, 2)->state, TASK_FAILED);
	assert_int_equal(world_task_at(pool, 3)->state, TASK_QUEUED);
	assert_int_equal(world_task_at(pool, 3)->worker, WORLD_NO_ACTOR);
	story_tell(story, MAIN, EVENT_POOL_RESULT, OTHER, .aux = 1);
	assert_true(world_task_at(pool, 0)->received);
	story_tell(story, MAIN, EVENT_POOL_TERMINATE, OTHER);
	assert_int_equal(world_task_at(pool, 3)->state, TASK_LOST);
	assert_true(object(state, OTHER)->closed);
	story_tell(story, MAIN, EVENT_POOL_JOIN, OTHER);
	assert_true(actor(state, WITHDRAW)->joined);
}

/* Those that are over are counted, not kept; one that takes long is, however many come after it. */
static void long_pools_stay_small(void **state)
{
	enum { TASKS = 5000, SLOW = 3 };
	struct story *story = story_of(state);
	for (uint32_t i = 1; i <= TASKS; i++) {
		story_tell(story, MAIN, EVENT_POOL_SUBMIT, OTHER, .aux = i);
		story_tell(story, i == SLOW ? THIRD : DEPOSIT, EVENT_POOL_TASK, OTHER, .aux = i);
		if (i == SLOW)
			continue;
		story_tell(story, DEPOSIT, EVENT_POOL_DONE, OTHER, .aux = i);
		story_tell(story, MAIN, EVENT_POOL_RESULT, OTHER, .aux = i);
	}
	assert_true(object(state, OTHER)->tasks.count <= 2 * WORLD_TASKS_KEPT);
	assert_true(object(state, OTHER)->tasks.count >= WORLD_TASKS_KEPT);
	assert_int_equal(world_task_at(object(state, OTHER), 0)->number, SLOW);
	assert_int_equal(world_task_at(object(state, OTHER), object(state, OTHER)->tasks.count - 1)->number, TASKS);
	assert_int_equal(object(state, OTHER)->tasks_in[TASK_DONE], TASKS - 1);
	assert_int_equal(object(state, OTHER)->tasks_in[TASK_RUNNING], 1);
	size_t count = object(state, OTHER)->tasks.count;
	story_tell(story, MAIN, EVENT_POOL_RESULT, OTHER, .aux = 9); /* one that is not kept does not come back */
	story_tell(story, THIRD, EVENT_POOL_DONE, OTHER, .aux = SLOW);
	assert_int_equal(object(state, OTHER)->tasks.count, count);
	assert_int_equal(object(state, OTHER)->tasks_in[TASK_DONE], TASKS);
	assert_int_equal(object(state, OTHER)->tasks_in[TASK_RUNNING], 0);
}

static void task_numbers_are_not_trusted(void **state)
{
	struct story *story = story_of(state);
	story_tell(story, MAIN, EVENT_POOL_SUBMIT, OTHER, .aux = UINT32_MAX);
	assert_int_equal(object(state, OTHER)->tasks.count, 0);
	story_tell(story, DEPOSIT, EVENT_POOL_DONE, OTHER, .aux = 7); /* before it was given */
	story_tell(story, MAIN, EVENT_POOL_SUBMIT, OTHER, .aux = 5);
	story_tell(story, MAIN, EVENT_POOL_SUBMIT, OTHER, .aux = 7);
	assert_int_equal(object(state, OTHER)->tasks.count, 2);
	assert_int_equal(world_task_at(object(state, OTHER), 0)->number, 5);
	assert_int_equal(world_task_at(object(state, OTHER), 1)->state, TASK_DONE);
	assert_int_equal(world_task_at(object(state, OTHER), 1)->submit_event, 4);
}

/* ---- who waits for whom ---- */

static void two_locks_in_opposite_order_are_a_cycle(void **state)
{
	struct story *story = story_of(state);
	struct world_wait waits[8];
	uint16_t cycle[8];
	story_process(story, DEPOSIT, "deposit");
	story_process(story, WITHDRAW, "withdraw");
	story_tell(story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK);
	story_tell(story, WITHDRAW, EVENT_LOCK_ACQUIRE, OTHER);
	story_tell(story, MAIN, EVENT_PROCESS_WAIT, 0, .aux = DEPOSIT);
	story_tell(story, DEPOSIT, EVENT_LOCK_WAIT, OTHER);
	assert_int_equal(world_wait_cycle(story->world, cycle, 8), 0);
	assert_false(world_is_stuck(story->world));
	story_tell(story, WITHDRAW, EVENT_LOCK_WAIT, LOCK);
	assert_true(world_is_stuck(story->world));
	assert_int_equal(world_wait_cycle(story->world, cycle, 8), 2);
	assert_int_equal(cycle[0], DEPOSIT);
	assert_int_equal(cycle[1], WITHDRAW);
	assert_int_equal(world_wait_cycle(story->world, cycle, 0), 2);
	assert_int_equal(world_wait_graph(story->world, waits, 8), 3);
	assert_int_equal(waits[0].waiter, MAIN);
	assert_int_equal(waits[0].holder, DEPOSIT);
	assert_int_equal(waits[0].object, 0);
	assert_int_equal(waits[2].object, LOCK);
	assert_int_equal(waits[2].holder, DEPOSIT);
}

static void waiting_for_oneself_is_a_cycle_of_one(void **state)
{
	struct story *story = story_of(state);
	uint16_t cycle[2];
	story_tell(story, MAIN, EVENT_LOCK_ACQUIRE, LOCK);
	story_tell(story, MAIN, EVENT_LOCK_WAIT, LOCK);
	assert_int_equal(world_wait_cycle(story->world, cycle, 2), 1);
	assert_int_equal(cycle[0], MAIN);
}

static void a_sleeper_is_no_deadlock(void **state)
{
	struct story *story = story_of(state);
	struct world_wait waits[2];
	story_process(story, DEPOSIT, "deposit");
	story_tell(story, MAIN, EVENT_QUEUE_WAIT, OTHER);
	story_tell(story, DEPOSIT, EVENT_SLEEP, 0, .value = 5);
	assert_false(world_is_stuck(story->world));
	story_tell(story, DEPOSIT, EVENT_PROCESS_EXIT, 0);
	assert_true(world_is_stuck(story->world));
	assert_int_equal(world_wait_graph(story->world, waits, 2), 1);
	assert_int_equal(waits[0].holder, WORLD_NO_ACTOR);
}

static void who_joins_a_feeder_is_no_deadlock(void **state)
{
	struct story *story = story_of(state);
	story_object(story, OTHER, OBJECT_QUEUE, "results", 0, 0);
	story_text(story, MAIN, EVENT_THREAD_START, 0, "feeder", .aux = 7);
	story_text(story, 7, EVENT_THREAD_BEGIN, 0, "feeder", .value = 777, .aux = 1);
	story_tell(story, 7, EVENT_QUEUE_FEED_WAIT, OTHER);
	story_tell(story, MAIN, EVENT_QUEUE_JOIN_WAIT, OTHER);
	assert_false(world_is_stuck(story->world));
	story_tell(story, MAIN, EVENT_QUEUE_WAIT, OTHER);
	assert_true(world_is_stuck(story->world));
}

/* ---- going back and forth ---- */

static bool same_items(const struct pages *a, const struct pages *b)
{
	bool same = a->count == b->count;
	for (size_t i = 0; same && i < a->count; i++)
		same = memcmp(world_item(a, i), world_item(b, i), sizeof(struct world_item)) == 0;
	return same;
}

static bool same_value(const struct world_value *a, const struct world_value *b)
{
	if (a->real != b->real || a->value != b->value || a->writes != b->writes || a->reads != b->reads ||
	    a->lost_updates != b->lost_updates || a->reader_count != b->reader_count ||
	    a->others != b->others || memcmp(a->recent, b->recent, sizeof a->recent) != 0 ||
	    memcmp(&a->last_lost, &b->last_lost, sizeof a->last_lost) != 0)
		return false;
	for (size_t i = 0; i < a->reader_count; i++) {
		const struct world_reader *one = &a->readers[i], *other = &b->readers[i];
		if (one->actor != other->actor || one->pending != other->pending ||
		    one->value != other->value || one->write != other->write || one->event != other->event)
			return false;
	}
	return true;
}

static bool same_tasks(const struct world_object *a, const struct world_object *b)
{
	bool same = a->tasks.count == b->tasks.count;
	for (size_t i = 0; same && i < a->tasks.count; i++) {
		const struct world_task *one = world_task_at(a, i), *other = world_task_at(b, i);
		same = one->number == other->number && one->state == other->state && one->worker == other->worker &&
		       one->started == other->started && one->ended == other->ended &&
		       one->submit_event == other->submit_event && one->done_event == other->done_event &&
		       one->received == other->received;
	}
	return same;
}

static bool same_object(const struct world_object *a, const struct world_object *b)
{
	bool same = a->known == b->known && a->kind == b->kind && a->id == b->id && a->creator == b->creator &&
	            a->parameter == b->parameter && a->place == b->place && a->operations == b->operations &&
	            a->last_event == b->last_event && a->holder == b->holder && a->last_holder == b->last_holder &&
	            a->acquisitions == b->acquisitions && a->handovers == b->handovers && a->contended == b->contended &&
	            a->set == b->set && a->broken == b->broken && a->arrived == b->arrived && a->turned == b->turned &&
	            a->passes == b->passes && a->generation == b->generation && a->closed == b->closed &&
	            a->slots == b->slots && a->overtaken_count == b->overtaken_count &&
	            a->element_count == b->element_count;
	if (!same || !a->known)
		return same;
	same = strcmp(a->name, b->name) == 0 && same_value(&a->value, &b->value) && same_tasks(a, b) &&
	       same_items(&a->buffer, &b->buffer) && same_items(&a->in_pipe, &b->in_pipe) &&
	       same_items(&a->early, &b->early);
	for (int i = 0; same && i < 2; i++)
		same = same_items(&a->direction[i], &b->direction[i]) && same_items(&a->closers[i], &b->closers[i]) &&
		       a->end_closed[i] == b->end_closed[i] && a->early_receives[i] == b->early_receives[i];
	for (size_t i = 0; same && i < a->element_count; i++)
		same = same_value(&a->elements[i], &b->elements[i]);
	return same;
}

static bool same_actor(const struct world_actor *a, const struct world_actor *b)
{
	bool same = a->known == b->known && a->kind == b->kind && a->state == b->state && a->joined == b->joined &&
	            a->killed == b->killed && a->id == b->id && a->parent == b->parent && a->object == b->object &&
	            a->waits_for == b->waits_for && a->last_kind == b->last_kind && a->pid == b->pid &&
	            a->tid == b->tid && a->exit_code == b->exit_code && a->place == b->place && a->since == b->since &&
	            a->since_event == b->since_event && a->deadline == b->deadline && a->pool == b->pool &&
	            a->last_event == b->last_event && a->operations == b->operations;
	return same && (!a->known || strcmp(a->name, b->name) == 0);
}

static void assert_same_world(const struct world *a, const struct world *b)
{
	assert_int_equal(a->position, b->position);
	assert_int_equal(a->time, b->time);
	assert_int_equal(a->lost_events, b->lost_events);
	assert_int_equal(a->ended, b->ended);
	assert_int_equal(a->elements_held, b->elements_held);
	assert_int_equal(a->actor_count, b->actor_count);
	assert_int_equal(a->object_count, b->object_count);
	for (size_t i = 0; i < a->actor_count; i++)
		assert_true(same_actor(&a->actors[i], &b->actors[i]));
	for (size_t i = 0; i < a->object_count; i++)
		assert_true(same_object(&a->objects[i], &b->objects[i]));
}

/* Events that mostly make sense, so that every part of the world is used. */
static struct wire_event likely_event(uint64_t i)
{
	struct wire_event event = {.time = i, .kind = (uint8_t)(rand() % EVENT_KIND_COUNT),
		.actor = (uint16_t)(rand() % 9), .object = (uint16_t)(1 + rand() % 14), .value = rand() % 4,
		.aux = (uint32_t)(rand() % 12), .flags = rand() % 8 == 0 ? EVENT_FAILED : 0};
	bool ends = event.kind == EVENT_KILLED || event.kind == EVENT_PROCESS_EXIT || event.kind == EVENT_PROCESS_JOIN;
	if (ends && rand() % 64 != 0)
		event.kind = EVENT_VALUE_WRITE;
	if (event.kind == EVENT_OBJECT_NEW)
		event.aux = event.aux | (uint32_t)(rand() % 5) << 8;
	return event;
}

enum { EVENTS = 60000 };

static void append_likely_events(struct story *story)
{
	srand(7);
	for (uint64_t i = 1; i < EVENTS; i++) {
		struct wire_event event = likely_event(i);
		history_append(story->history, &event, i % 5 == 0 ? "name" : NULL, i % 5 == 0 ? 4 : 0);
	}
}

static void assert_seek_replays(struct story *story, uint64_t position)
{
	struct world *fresh = world_new(story->history);
	while (fresh->position < position)
		assert_true(world_forward(fresh));
	world_seek(story->world, position);
	assert_same_world(story->world, fresh);
	world_free(fresh);
}

static void seeking_is_replaying(void **state)
{
	struct story *story = story_of(state);
	struct world_inside *inside = (struct world_inside *)(void *)story->world;
	append_likely_events(story);
	inside->snapshot_thrift = 0; /* as many as there may be */
	world_seek(story->world, EVENTS);
	assert_true(inside->snapshot_count > 5);
	assert_int_equal(story->world->position, EVENTS);
	assert_seek_replays(story, 0);
	assert_seek_replays(story, EVENTS);
	for (int i = 0; i < 40; i++)
		assert_seek_replays(story, (uint64_t)rand() % EVENTS);
	world_seek(story->world, UINT64_MAX);
	assert_int_equal(story->world->position, EVENTS);
}

static void snapshots_stay_within_their_budget(void **state)
{
	struct story *story = story_of(state);
	struct world_inside *inside = (struct world_inside *)(void *)story->world;
	append_likely_events(story);
	inside->snapshot_budget = 300000;
	inside->snapshot_thrift = 0;
	world_seek(story->world, EVENTS);
	assert_true(inside->snapshot_total <= 300000);
	assert_true(inside->snapshot_count >= 2);
	assert_true(inside->snapshots[inside->snapshot_count - 1].position > EVENTS / 2);
	size_t total = 0;
	for (size_t i = 0; i < inside->snapshot_count; i++) {
		assert_true(i == 0 || inside->snapshots[i].position > inside->snapshots[i - 1].position);
		total += world_bytes(&inside->snapshots[i]);
	}
	assert_true(total <= inside->snapshot_total);
	for (int i = 0; i < 10; i++)
		assert_seek_replays(story, (uint64_t)rand() % EVENTS);
}

/* However the world has grown since it was last looked at. */
static void snapshots_are_as_near_as_they_may_be(void **state)
{
	struct story *story = story_of(state);
	struct world_inside *inside = (struct world_inside *)(void *)story->world;
	story_object(story, OTHER, OBJECT_QUEUE, "queue", 0, 0);
	inside->snapshot_thrift = 1;
	for (uint32_t i = 1; i < EVENTS; i++)
		story_tell(story, MAIN, EVENT_QUEUE_PUT, OTHER, .aux = i);
	world_seek(story->world, EVENTS);
	assert_true(inside->snapshot_count > 2);
	for (size_t i = 1; i < inside->snapshot_count; i++) {
		uint64_t distance = inside->snapshots[i].position - inside->snapshots[i - 1].position;
		uint64_t worth = inside->snapshot_thrift * inside->snapshot_bytes[i];
		assert_int_equal(distance, worth > inside->snapshot_every ? worth : inside->snapshot_every);
	}
}

/* ---- whatever may come ---- */

static void nothing_brings_it_down(void **state)
{
	struct story *story = story_of(state);
	struct text out = TEXT_INIT;
	uint16_t cycle[4];
	struct world_wait waits[4];
	srand(42);
	for (uint64_t i = 0; i < 40000; i++) {
		struct wire_event event;
		unsigned char *bytes = (unsigned char *)&event;
		for (size_t k = 0; k < sizeof event; k++)
			bytes[k] = (unsigned char)rand();
		if (i % 2 != 0)
			event = likely_event((uint64_t)rand());
		if (i % 3 != 0) { /* near one another, or nothing would ever meet */
			event.actor %= 300;
			event.object %= 40;
		}
		history_append(story->history, &event, "x", rand() % 2);
		world_forward(story->world);
		if (i % 16 == 0) {
			struct about about[8];
			memset(about, rand(), sizeof about);
			for (int k = 0; k < 8; k++)
				about[k].known = about[k].ready = k % 2 != 0, about[k].out_of_sight = false;
			narrative_meaning(&out, story->world, about, 8);
			narrative_event(&out, story->world, i);
			narrative_state(&out, story->world, (unsigned int)rand() % 70000);
			narrative_about(&out, story->world, &about[1]);
			narrative_deadlock(&out, story->world);
			text_reset(&out);
		}
		if (i % 256 == 0) {
			world_wait_cycle(story->world, cycle, 4);
			world_wait_graph(story->world, waits, 4);
			world_is_stuck(story->world);
			if (rand() % 8 == 0)
				world_seek(story->world, (uint64_t)rand() % (story->world->position + 1));
			world_seek(story->world, i + 2);
		}
	}
	text_release(&out);
	assert_int_equal(story->world->position, 40001);
}

#define test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_process_lives),
		test(who_is_reaped_without_a_join_is_no_zombie),
		test(a_join_that_timed_out_joins_nobody),
		test(a_child_may_be_heard_before_its_parent),
		test(the_killed_is_gone_with_its_threads),
		test(sleepers_have_a_deadline),
		test(the_reader_speaks_for_nobody),
		test(a_lost_update_is_seen),
		test(a_second_write_without_reading_loses_nothing_more),
		test(taking_turns_loses_nothing),
		test(a_stale_write_loses_all_that_came_between),
		test(readers_agree_with_the_plain_rule),
		test(reals_keep_their_bits),
		test(elements_race_one_by_one),
		test(arrays_are_bounded_together),
		test(the_last_draw_is_kept),
		test(a_lock_changes_hands),
		test(a_release_told_late_frees_nobody_elses_lock),
		test(flags_set_and_clear),
		test(a_barrier_lets_all_pass_at_once),
		test(rounds_that_overlap_are_told_apart),
		test(a_barrier_breaks_and_is_reset),
		test(messages_travel_both_ways),
		test(a_message_received_early_leaves_no_ghost),
		test(an_end_is_closed_when_every_copy_is),
		test(an_item_is_in_one_of_three_places),
		test(any_order_of_put_feed_get_leaves_nothing),
		test(a_buffer_dies_with_its_process),
		test(long_queues_keep_their_order),
		test(a_pool_works_off_its_tasks),
		test(long_pools_stay_small),
		test(task_numbers_are_not_trusted),
		test(two_locks_in_opposite_order_are_a_cycle),
		test(waiting_for_oneself_is_a_cycle_of_one),
		test(a_sleeper_is_no_deadlock),
		test(who_joins_a_feeder_is_no_deadlock),
		test(seeking_is_replaying),
		test(snapshots_stay_within_their_budget),
		test(snapshots_are_as_near_as_they_may_be),
		test(nothing_brings_it_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
