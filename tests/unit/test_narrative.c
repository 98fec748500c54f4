/* SPDX-License-Identifier: MIT */
/* Plain words: every kind has its clause, and what an event means is said exactly. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "story.h"

enum { MAIN = 0, DEPOSIT = 1, WITHDRAW = 2, FEEDER = 3 };
enum { BALANCE = 1, LOCK = 2, SECOND = 3, THING = 4 };

static struct text said;

static int begin(void **state)
{
	static struct story story;
	story = story_begin();
	story_main(&story);
	story_process(&story, DEPOSIT, "deposit");
	story_process(&story, WITHDRAW, "withdraw");
	story_object(&story, BALANCE, OBJECT_VALUE, "balance", 200, 0);
	story_object(&story, LOCK, OBJECT_LOCK, "lock", 0, 0);
	*state = &story;
	text_init(&said);
	return 0;
}

static int end(void **state)
{
	story_end(*state);
	text_release(&said);
	return 0;
}

static const char *event(struct story *story)
{
	text_reset(&said);
	narrative_event(&said, story->world, story->world->position - 1);
	return said.bytes;
}

static const char *state_of(struct story *story, unsigned int actor)
{
	text_reset(&said);
	narrative_state(&said, story->world, actor);
	return said.bytes;
}

static const char *meaning(struct story *story)
{
	text_reset(&said);
	narrative_meaning(&said, story->world, NULL, 0);
	return said.bytes;
}

static const char *deadlock(struct story *story)
{
	text_reset(&said);
	narrative_deadlock(&said, story->world);
	return said.bytes;
}

static const char *about(struct story *story, struct about what)
{
	text_reset(&said);
	narrative_about(&said, story->world, &what);
	return said.bytes;
}

static const char *number(int64_t value, bool real)
{
	text_reset(&said);
	narrative_number(&said, value, real);
	return said.bytes;
}

/* ---- numbers ---- */

static void numbers_are_short_and_exact(void **state)
{
	(void)state;
	assert_string_equal(number(-42, false), "-42");
	assert_string_equal(number(INT64_MIN, false), "-9223372036854775808");
	assert_string_equal(number(wire_event_bits(0.1), true), "0.1");
	assert_string_equal(number(wire_event_bits(0.5488135039273248), true), "0.5488135039273248");
	assert_string_equal(number(wire_event_bits(5), true), "5.0");
	assert_string_equal(number(wire_event_bits(-1e300), true), "-1e+300");
	assert_string_equal(number(wire_event_bits(1.0 / 0.0), true), "inf");
}

/* The screen runs in the learner's locale, where a decimal point may be a comma. */
static void numbers_know_no_locale(void **state)
{
	(void)state;
	static const char *const locales[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "es_ES.UTF-8"};
	bool comma = false;
	for (size_t i = 0; i < 3 && !comma; i++)
		comma = setlocale(LC_NUMERIC, locales[i]) != NULL;
	if (!comma)
		skip();
	assert_string_equal(number(wire_event_bits(0.25), true), "0.25");
	setlocale(LC_NUMERIC, "C");
}

/* ---- clauses ---- */

/* A kind that is added to kinds.h must be given words for what is about to be done, too. */
static void every_kind_has_words(void **state)
{
	struct story *story = *state;
	for (unsigned int kind = 0; kind < EVENT_KIND_COUNT; kind++) {
		for (unsigned int flags = 0; flags <= EVENT_FAILED; flags += EVENT_FAILED) {
			story_add(story, (struct wire_event){.kind = (uint8_t)kind, .flags = (uint8_t)flags}, NULL);
			const char *clause = event(story);
			assert_true(strlen(clause) > strlen("main "));
			assert_null(strstr(clause, "null"));
			assert_null(strstr(clause, "  "));
		}
		const char *intent = about(story, (struct about){.known = true, .kind = (uint8_t)kind});
		assert_true(strlen(intent) > 0);
		assert_null(strchr(intent, '.')); /* an op name: it has no words */
	}
}

static void clauses(void **state)
{
	struct story *story = *state;
	story_tell(story, DEPOSIT, EVENT_VALUE_READ, BALANCE, .value = 200);
	assert_string_equal(event(story), "deposit reads balance: 200");
	story_tell(story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE, .value = wire_event_bits(0.5), .flags = EVENT_REAL);
	assert_string_equal(event(story), "deposit writes balance: 0.5");
	story_tell(story, DEPOSIT, EVENT_ARRAY_WRITE, THING, .value = 9, .aux = 3);
	assert_string_equal(event(story), "deposit writes object 4[3]: 9");
	story_tell(story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK);
	assert_string_equal(event(story), "deposit takes lock");
	story_tell(story, WITHDRAW, EVENT_LOCK_ACQUIRE, LOCK, .flags = EVENT_FAILED);
	assert_string_equal(event(story), "withdraw does not get lock");
	story_tell(story, WITHDRAW, EVENT_LOCK_RELEASE, LOCK, .flags = EVENT_FAILED);
	assert_string_equal(event(story), "withdraw releases lock, which was free already: refused");
	story_tell(story, DEPOSIT, EVENT_SLEEP, 0, .value = 100000000);
	assert_string_equal(event(story), "deposit sleeps for 0.1 s");
	story_tell(story, DEPOSIT, EVENT_SLEEP, 0, .value = 12000000000);
	assert_string_equal(event(story), "deposit sleeps for 12 s");
	story_text(story, MAIN, EVENT_PROCESS_START, 0, "worker", .value = 4715, .aux = 9);
	assert_string_equal(event(story), "main starts worker (pid 4715)");
	story_tell(story, MAIN, EVENT_PROCESS_JOIN, 0, .value = -15, .aux = 9);
	assert_string_equal(event(story), "main has joined worker, which was killed by SIGTERM");
	story_tell(story, MAIN, EVENT_PROCESS_REAP, 0, .value = 3, .aux = 9);
	assert_string_equal(event(story), "main reaps worker, exit code 3");
	story_tell(story, MAIN, EVENT_PROCESS_JOIN, 0, .aux = DEPOSIT, .flags = EVENT_FAILED);
	assert_string_equal(event(story), "main gives up waiting for deposit");
	story_tell(story, WITHDRAW, EVENT_KILLED, 0, .value = -9, .aux = 1);
	assert_string_equal(event(story), "withdraw was killed by SIGKILL, in the middle of telling something");
	story_text(story, MAIN, EVENT_QUEUE_PUT, THING, "0.1", .aux = 1, .flags = EVENT_CUT);
	assert_string_equal(event(story), "main puts into object 4: 0.1…");
	story_tell(story, MAIN, EVENT_QUEUE_PUT, THING, .flags = EVENT_FAILED);
	assert_string_equal(event(story), "main finds object 4 full");
	story_tell(story, MAIN, EVENT_QUEUE_EMPTY, THING, .value = 1);
	assert_string_equal(event(story), "main asks whether object 4 is empty: yes");
	story_text(story, MAIN, EVENT_POOL_DONE, THING, "25", .aux = 3, .flags = EVENT_FAILED);
	assert_string_equal(event(story), "main fails in task 2 of object 4: 25");
	story_text(story, MAIN, EVENT_OBJECT_NEW, 9, "gate", .aux = OBJECT_BARRIER | 3 << 8);
	assert_string_equal(event(story), "main makes gate, a barrier of 3");
	story_tell(story, MAIN, EVENT_BARRIER_PASS, 9, .flags = EVENT_FAILED);
	assert_string_equal(event(story), "main finds gate broken");
	story_tell(story, MAIN, EVENT_LOST, 0, .value = 12);
	assert_string_equal(event(story), "12 events of main were lost");
	story_text(story, MAIN, EVENT_PRINT, 0, "hello", .value = 6);
	assert_string_equal(event(story), "main prints: hello");
	story_text(story, MAIN, EVENT_RESULT, 0, "lost update", .value = 1);
	assert_string_equal(event(story), "main has its result: lost update");
	text_reset(&said);
	narrative_event(&said, story->world, 100000);
	assert_string_equal(said.bytes, "");
}

static void intents(void **state)
{
	struct story *story = *state;
	assert_string_equal(about(story, (struct about){.known = true, .kind = EVENT_VALUE_WRITE, .object = BALANCE,
	                                                .value = 199}), "write balance: 199");
	assert_string_equal(about(story, (struct about){.known = true, .kind = EVENT_VALUE_READ, .object = BALANCE}),
	                    "read balance");
	assert_string_equal(about(story, (struct about){.known = true, .kind = EVENT_LOCK_ACQUIRE, .object = LOCK}),
	                    "take lock");
	assert_string_equal(about(story, (struct about){.known = true, .kind = EVENT_PROCESS_START, .aux = DEPOSIT}),
	                    "start deposit");
	assert_string_equal(about(story, (struct about){.known = true, .kind = EVENT_THREAD_START, .aux = DEPOSIT,
	                                                .flags = EVENT_CUT, .text = "ThreadPoolExecutor-0_"}),
	                    "start ThreadPoolExecutor-0_…");
	assert_string_equal(about(story, (struct about){.known = true, .kind = EVENT_SLEEP, .value = 2000000000}),
	                    "sleep for 2 s");
	assert_string_equal(about(story, (struct about){.out_of_sight = true}), "computing, out of our sight");
	assert_string_equal(about(story, (struct about){0}), "");
	struct about full = {.known = true, .kind = EVENT_PIPE_SEND, .object = LOCK};
	memset(full.text, 'x', sizeof full.text); /* no NUL */
	assert_string_equal(about(story, full), "send into lock: xxxxxxxxxxxxxxxxxxxxxxxx");
}

static void states(void **state)
{
	struct story *story = *state;
	assert_string_equal(state_of(story, MAIN), "running");
	assert_string_equal(state_of(story, 99), "not there yet");
	story_tell(story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK);
	story_tell(story, WITHDRAW, EVENT_LOCK_WAIT, LOCK);
	assert_string_equal(state_of(story, WITHDRAW), "waits for lock, held by deposit");
	story_tell(story, DEPOSIT, EVENT_LOCK_RELEASE, LOCK);
	assert_string_equal(state_of(story, WITHDRAW), "waits for lock, which is free now");
	story_tell(story, MAIN, EVENT_PROCESS_WAIT, 0, .aux = DEPOSIT);
	assert_string_equal(state_of(story, MAIN), "waits until deposit ends");
	story->time = 200000000;
	story_tell(story, DEPOSIT, EVENT_SLEEP, 0, .value = 100000000);
	assert_string_equal(state_of(story, DEPOSIT), "asleep until 0.300 s");
	story_tell(story, DEPOSIT, EVENT_BARRIER_WAIT, THING, .value = 2, .aux = 3);
	assert_string_equal(state_of(story, DEPOSIT), "waits at object 4, 2 of 3 are there");
	story_tell(story, DEPOSIT, EVENT_PROCESS_EXIT, 0);
	assert_string_equal(state_of(story, DEPOSIT), "zombie, exit code 0");
	story_tell(story, MAIN, EVENT_PROCESS_JOIN, 0, .aux = DEPOSIT);
	assert_string_equal(state_of(story, DEPOSIT), "exited, exit code 0");
	story_tell(story, WITHDRAW, EVENT_KILLED, 0, .value = -9);
	assert_string_equal(state_of(story, WITHDRAW), "zombie, killed by SIGKILL");
	story_text(story, MAIN, EVENT_PROCESS_START, 0, "late", .aux = 8);
	assert_string_equal(state_of(story, 8), "about to begin");
}

/* ---- meanings: races ---- */

static void a_race_is_foretold_and_told(void **state)
{
	struct story *story = *state;
	struct about will[3] = {{0}};
	story_tell(story, DEPOSIT, EVENT_VALUE_READ, BALANCE, .value = 200);
	assert_string_equal(meaning(story), "deposit has read balance: 200. If another writes now, the 200 that it holds "
	                                    "is out of date.");
	story_tell(story, WITHDRAW, EVENT_VALUE_READ, BALANCE, .value = 200);
	assert_string_equal(meaning(story), "deposit and withdraw have both read balance: 200. Whoever writes second "
	                                    "overwrites the other's update without having seen it.");
	history_end_step(story->history); /* a gated run */
	story_tell(story, DEPOSIT, EVENT_SLEEP, 0, .value = 100000000);
	assert_string_equal(meaning(story), "deposit sleeps until 0.100 s; the others can move meanwhile. deposit and withdraw "
	                                    "have both read balance: 200. Whoever writes second overwrites the other's "
	                                    "update without having seen it.");
	story_tell(story, DEPOSIT, EVENT_WAKE, 0);
	story_tell(story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE, .value = 201);
	assert_string_equal(meaning(story), "withdraw still holds the 200 that it read; deposit has written 201 since. "
	                                    "If withdraw writes now, that 201 is lost.");
	will[WITHDRAW] = (struct about){.known = true, .ready = true, .kind = EVENT_VALUE_WRITE, .object = BALANCE,
	                                .value = 199};
	text_reset(&said);
	narrative_meaning(&said, story->world, will, 3);
	assert_string_equal(said.bytes, "withdraw still holds the 200 that it read; deposit has written 201 since. "
	                                "If withdraw writes 199 now, that 201 is lost.");
	history_end_step(story->history); /* a gated run */
	story_tell(story, DEPOSIT, EVENT_SLEEP, 0, .value = 100000000);
	assert_string_equal(meaning(story), "deposit sleeps until 0.100 s; the others can move meanwhile. withdraw still "
	                                    "holds the 200 that it read; deposit has written 201 since. If withdraw "
	                                    "writes now, that 201 is lost.");
	story_tell(story, WITHDRAW, EVENT_VALUE_WRITE, BALANCE, .value = 199);
	assert_string_equal(meaning(story), "withdraw has overwritten deposit's 201 with 199, worked out from the 200 "
	                                    "that it had read before: deposit's update is lost.");
}

static void turns_are_called_safe(void **state)
{
	struct story *story = *state;
	story_tell(story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK);
	story_tell(story, DEPOSIT, EVENT_VALUE_READ, BALANCE, .value = 200);
	assert_string_equal(meaning(story), "deposit has read balance: 200, holding lock: nobody who takes lock first can "
	                                    "come in between.");
	story_tell(story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE, .value = 201);
	assert_string_equal(meaning(story), "deposit has written balance: 201, holding lock. Nobody else has written since "
	                                    "it read 200, so nothing is lost.");
	story_tell(story, WITHDRAW, EVENT_VALUE_WRITE, BALANCE, .value = 7);
	assert_string_equal(meaning(story), "withdraw has written balance: 7.");
}

/* main looked at the balance and went on to start others: it will not write back. */
static void who_only_looked_is_no_danger(void **state)
{
	struct story *story = *state;
	story_tell(story, MAIN, EVENT_VALUE_READ, BALANCE, .value = 200);
	story_text(story, MAIN, EVENT_PROCESS_START, 0, "more", .value = 104, .aux = 4);
	story_tell(story, DEPOSIT, EVENT_VALUE_READ, BALANCE, .value = 200);
	story_tell(story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE, .value = 201);
	assert_string_equal(meaning(story), "deposit has written balance: 201. Nobody else has written since it read 200, "
	                                    "so nothing is lost.");
}

/* Of several who hold an old number the one is named that is about to write it. */
static void the_nearest_danger_comes_first(void **state)
{
	struct story *story = *state;
	struct about will[5] = {{0}};
	story_process(story, 4, "third");
	for (uint16_t who = 1; who <= 2; who++)
		story_tell(story, who, EVENT_VALUE_READ, BALANCE, .value = 200);
	story_tell(story, 4, EVENT_VALUE_WRITE, BALANCE, .value = 0);
	will[WITHDRAW] = (struct about){.known = true, .kind = EVENT_VALUE_WRITE, .object = BALANCE, .value = 199};
	text_reset(&said);
	narrative_meaning(&said, story->world, will, 5);
	assert_string_equal(said.bytes, "withdraw still holds the 200 that it read (and 1 other is no better off); third has "
	                                "written 0 since. If withdraw writes 199 now, that 0 is lost.");
	/* Who is about to read again, or to leave, endangers nothing. */
	will[WITHDRAW].kind = EVENT_VALUE_READ;
	will[DEPOSIT] = (struct about){.known = true, .kind = EVENT_PROCESS_EXIT};
	text_reset(&said);
	narrative_meaning(&said, story->world, will, 5);
	assert_string_equal(said.bytes, "third has written balance: 0.");
}

static void an_element_is_named(void **state)
{
	struct story *story = *state;
	story_object(story, THING, OBJECT_ARRAY, "cells", 0, 4);
	story_tell(story, DEPOSIT, EVENT_ARRAY_READ, THING, .aux = 2, .value = 5);
	story_tell(story, WITHDRAW, EVENT_ARRAY_READ, THING, .aux = 2, .value = 5);
	assert_non_null(strstr(meaning(story), "have both read cells[2]: "));
}

static void equal_draws_are_pointed_out(void **state)
{
	struct story *story = *state;
	story_object(story, THING, OBJECT_RANDOM, "rng", 0, 0);
	int64_t bits = wire_event_bits(0.25);
	story_tell(story, DEPOSIT, EVENT_RANDOM_DRAW, THING, .value = bits, .aux = 1, .flags = EVENT_REAL);
	assert_string_equal(meaning(story), "deposit draws from rng: 0.25.");
	story_tell(story, WITHDRAW, EVENT_RANDOM_DRAW, THING, .value = bits, .aux = 1, .flags = EVENT_REAL);
	assert_string_equal(meaning(story), "withdraw draws 0.25 from rng, the very number that deposit drew: each has its "
	                                    "own copy of one generator, in the same state.");
}

/* ---- meanings: waiting ---- */

static void locks_are_explained(void **state)
{
	struct story *story = *state;
	story_tell(story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK);
	assert_string_equal(meaning(story), "deposit holds lock now: whoever else wants it waits until deposit releases it.");
	story_tell(story, WITHDRAW, EVENT_LOCK_WAIT, LOCK);
	assert_string_equal(meaning(story), "withdraw waits for lock: deposit holds it, and withdraw can go on only when it "
	                                    "is released.");
	story_tell(story, DEPOSIT, EVENT_LOCK_RELEASE, LOCK);
	assert_string_equal(meaning(story), "deposit has released lock: it is free. withdraw waits for it, and whoever comes "
	                                    "first gets it: a Lock keeps no order.");
	story_tell(story, WITHDRAW, EVENT_LOCK_ACQUIRE, LOCK);
	story_tell(story, WITHDRAW, EVENT_KILLED, 0, .value = -9);
	assert_string_equal(meaning(story), "withdraw was killed by SIGKILL. It still held lock: that stays locked unless "
	                                    "somebody else releases it. It is a zombie until main joins it.");
}

static void barriers_count(void **state)
{
	struct story *story = *state;
	story_object(story, THING, OBJECT_BARRIER, "gate", 0, 2);
	story_tell(story, DEPOSIT, EVENT_BARRIER_WAIT, THING, .value = 1, .aux = 2);
	assert_string_equal(meaning(story), "deposit waits at gate: 1 of 2 are there, 1 more is awaited. Nobody passes before.");
	struct about will[WITHDRAW + 1] = {
		[WITHDRAW] = {.known = true, .ready = true, .kind = EVENT_BARRIER_WAIT, .object = THING}};
	story_text(story, WITHDRAW, EVENT_PRINT, 0, "here");
	text_reset(&said);
	narrative_meaning(&said, story->world, will, WITHDRAW + 1);
	assert_string_equal(said.bytes, "withdraw prints: here. withdraw is about to come to gate, as the last of 2: then "
	                                "all go on.");
	story_tell(story, WITHDRAW, EVENT_BARRIER_WAIT, THING, .value = 2, .aux = 2);
	assert_string_equal(meaning(story), "withdraw is the last of 2 to come to gate: it opens, and all go on.");
	story_tell(story, WITHDRAW, EVENT_BARRIER_PASS, THING, .value = 1, .aux = 2);
	assert_string_equal(meaning(story), "All 2 have come to gate, and withdraw goes on. deposit may go on too.");
}

static void lives_are_explained(void **state)
{
	struct story *story = *state;
	story_tell(story, DEPOSIT, EVENT_PROCESS_EXIT, 0);
	assert_string_equal(meaning(story), "deposit has ended with exit code 0. It is a zombie until main joins it.");
	story_tell(story, MAIN, EVENT_PROCESS_JOIN, 0, .aux = DEPOSIT);
	assert_string_equal(meaning(story), "main has joined deposit and has its exit code, 0: it is no zombie any more.");
	story_tell(story, MAIN, EVENT_PROCESS_WAIT, 0, .aux = WITHDRAW);
	assert_string_equal(meaning(story), "main waits until withdraw has ended.");
	story_tell(story, WITHDRAW, EVENT_SLEEP, 0, .value = 300000000);
	assert_string_equal(meaning(story), "withdraw sleeps until 0.300 s."); /* a free run */
	history_end_step(story->history);
	assert_string_equal(meaning(story), "withdraw sleeps until 0.300 s. Nobody can move before 0.300 s, when withdraw "
	                                    "wakes up: the clock can only go on to there.");
	story->time = 300000000;
	story_tell(story, WITHDRAW, EVENT_WAKE, 0);
	assert_string_equal(meaning(story), "It is 0.300 s: withdraw wakes up.");
}

/* Threads and helpers have no memory of their own. */
static void memory_is_a_process_s(void **state)
{
	struct story *story = *state;
	story_text(story, DEPOSIT, EVENT_THREAD_START, 0, "feeder", .aux = FEEDER);
	assert_non_null(strstr(meaning(story), "shares all of deposit's memory."));
	story_text(story, FEEDER, EVENT_PROCESS_START, 0, "third", .aux = 4, .value = 77);
	assert_string_equal(meaning(story), "feeder has started third: a new process (pid 77) with its own copy of deposit's memory.");
}

static void sentences_end_once(void **state)
{
	struct story *story = *state;
	story_text(story, DEPOSIT, EVENT_PRINT, 0, "hello ");
	assert_string_equal(meaning(story), "deposit prints: hello.");
	story_text(story, DEPOSIT, EVENT_PRINT, 0, "Who is there?");
	assert_string_equal(meaning(story), "deposit prints: Who is there?");
	story_text(story, DEPOSIT, EVENT_PRINT, 0, "a long li", .flags = EVENT_CUT);
	assert_string_equal(meaning(story), "deposit prints: a long li…");
}

static void a_refused_join_is_no_join(void **state)
{
	struct story *story = *state;
	story_object(story, THING, OBJECT_POOL, "pool", 2, 0);
	story_tell(story, MAIN, EVENT_POOL_JOIN, THING, .flags = EVENT_FAILED);
	assert_string_equal(meaning(story), "main cannot join pool, which is neither closed nor terminated.");
}

static void queues_have_three_places(void **state)
{
	struct story *story = *state;
	story_object(story, THING, OBJECT_QUEUE, "results", 0, 0);
	story_text(story, DEPOSIT, EVENT_THREAD_START, 0, "feeder", .aux = FEEDER);
	story_tell(story, WITHDRAW, EVENT_QUEUE_WAIT, THING);
	story_text(story, DEPOSIT, EVENT_QUEUE_PUT, THING, "0.1", .aux = 1);
	assert_string_equal(meaning(story), "0.1 lies in a buffer of deposit's process; its feeder thread has yet to write it "
	                                    "to the pipe. Until then empty() says True: it looks only at the pipe.");
	story_tell(story, MAIN, EVENT_QUEUE_EMPTY, THING, .value = 1);
	assert_string_equal(meaning(story), "empty() says True although 1 item lies in a buffer: it looks only at the pipe.");
	story_tell(story, MAIN, EVENT_QUEUE_QSIZE, THING, .value = 1);
	assert_string_equal(meaning(story), "qsize() says 1: it counts slots, wherever the items are. results: 1 item in a "
	                                    "buffer, 0 in the pipe, 1 slot taken.");
	story_text(story, FEEDER, EVENT_QUEUE_FEED, THING, "0.1", .aux = 1);
	assert_string_equal(meaning(story), "0.1 has gone from the buffer into the pipe of results: now it can be got, and "
	                                    "empty() says False. withdraw waits for it.");
	story_text(story, WITHDRAW, EVENT_QUEUE_GET, THING, "0.1", .aux = 1);
	assert_string_equal(meaning(story), "withdraw has got 0.1 from the pipe, and its slot is free again. results: 0 items "
	                                    "in buffers, 0 in the pipe, 0 slots taken.");
	story_text(story, WITHDRAW, EVENT_QUEUE_PUT, THING, "0.2", .aux = 2);
	story_text(story, FEEDER, EVENT_QUEUE_FEED, THING, "0.2", .aux = 2);
	story_text(story, WITHDRAW, EVENT_QUEUE_GET, THING, "0.2", .aux = 2);
	assert_string_equal(meaning(story), "withdraw has got 0.2, which it had put itself: a queue does not know for whom "
	                                    "an item is meant.");
}

static void pipes_say_who_waits(void **state)
{
	struct story *story = *state;
	story_object(story, THING, OBJECT_PIPE, "pipe", 0, 1);
	story_tell(story, DEPOSIT, EVENT_PIPE_WAIT, THING, .aux = 1);
	assert_string_equal(meaning(story), "deposit waits to receive: nothing is on its way to its end of pipe. It goes on "
	                                    "when somebody sends from the other end.");
	story_text(story, MAIN, EVENT_PIPE_SEND, THING, "\"a message that is longer than the words around it\"", .aux = 0);
	assert_string_equal(meaning(story), "\"a message that is longer than t… is on its way through pipe. deposit, which "
	                                    "waits at the other end, can take it now.");
	story_text(story, DEPOSIT, EVENT_PIPE_RECV, THING, "\"ping\"", .aux = 1);
	assert_string_equal(meaning(story), "deposit has received \"ping\" from pipe. Nothing else is on its way.");
	story_tell(story, DEPOSIT, EVENT_PIPE_RECV, THING, .aux = 1, .flags = EVENT_FAILED);
	assert_string_equal(meaning(story), "The other end of pipe is closed everywhere and nothing is left in it: deposit "
	                                    "meets the end of file.");
}

static void pools_say_who_works(void **state)
{
	struct story *story = *state;
	story_object(story, THING, OBJECT_POOL, "pool", 0, 2);
	story_tell(story, DEPOSIT, EVENT_POOL_TASK_WAIT, THING);
	assert_string_equal(meaning(story), "deposit is idle: no task waits in pool.");
	story_text(story, MAIN, EVENT_POOL_SUBMIT, THING, "[5]", .aux = 1, .value = 1);
	assert_string_equal(meaning(story), "Task 0 waits in pool: whichever idle worker reads the task pipe next takes it. "
	                                    "1 worker is idle.");
	story_text(story, DEPOSIT, EVENT_POOL_TASK, THING, "[5]", .aux = 1);
	assert_string_equal(meaning(story), "deposit was the first to read the task pipe and has task 0: [5]. 1 "
	                                    "is at work.");
	story_text(story, MAIN, EVENT_POOL_SUBMIT, THING, "[7]", .aux = 2, .value = 1);
	story_tell(story, WITHDRAW, EVENT_POOL_TASK, THING, .aux = 2);
	story_tell(story, WITHDRAW, EVENT_POOL_DONE, THING, .aux = 2, .flags = EVENT_FAILED);
	assert_string_equal(meaning(story), "In withdraw an error was raised by task 1: [7]; the other tasks go on "
	                                    "all the same. 1 is at work, 1 is done.");
	story_tell(story, DEPOSIT, EVENT_KILLED, 0, .value = -9);
	assert_string_equal(meaning(story), "deposit was killed by SIGKILL. Its task 0 of pool is lost. It is a zombie until "
	                                    "main joins it.");
}

/* ---- meanings: the end of all movement ---- */

static void a_deadlock_names_its_circle(void **state)
{
	struct story *story = *state;
	story_object(story, SECOND, OBJECT_LOCK, "second", 0, 0);
	story_tell(story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK);
	story_tell(story, WITHDRAW, EVENT_LOCK_ACQUIRE, SECOND);
	story_tell(story, MAIN, EVENT_PROCESS_WAIT, 0, .aux = DEPOSIT);
	story_tell(story, DEPOSIT, EVENT_LOCK_WAIT, SECOND);
	assert_string_equal(deadlock(story), "");
	story_tell(story, WITHDRAW, EVENT_LOCK_WAIT, LOCK);
	static const char words[] = "A deadlock, for each waits for the next in a circle: deposit waits for second, "
	                            "held by withdraw; withdraw waits for lock, held by deposit.";
	assert_string_equal(deadlock(story), words);
	assert_string_equal(meaning(story), words);
}

static void a_deadlock_without_circle_names_the_waiters(void **state)
{
	struct story *story = *state;
	story_object(story, THING, OBJECT_PIPE, "pipe", 0, 1);
	story_tell(story, WITHDRAW, EVENT_PROCESS_EXIT, 0);
	story_tell(story, MAIN, EVENT_PROCESS_WAIT, 0, .aux = DEPOSIT);
	story_tell(story, DEPOSIT, EVENT_PIPE_WAIT, THING, .aux = 1);
	assert_string_equal(deadlock(story), "Nobody is left who could wake anybody: main waits until deposit ends; deposit "
	                                     "waits to receive from pipe.");
}

static void who_waits_for_the_same_is_told_in_few_words(void **state)
{
	struct story *story = *state;
	story_object(story, THING, OBJECT_BARRIER, "barrier", 0, 3);
	story_tell(story, MAIN, EVENT_PROCESS_WAIT, 0, .aux = DEPOSIT);
	story_tell(story, DEPOSIT, EVENT_BARRIER_WAIT, THING, .value = 1, .aux = 3);
	story_tell(story, WITHDRAW, EVENT_BARRIER_WAIT, THING, .value = 2, .aux = 3);
	assert_string_equal(deadlock(story), "Nobody is left who could wake anybody: main waits until deposit ends; deposit "
	                                     "waits at barrier, 2 of 3 are there; so does withdraw.");
}

/* Of a step's events the one is told that was done, not what followed by itself. */
static void of_a_step_the_deed_is_told(void **state)
{
	struct story *story = *state;
	story_object(story, THING, OBJECT_POOL, "pool", 0, 2);
	history_end_step(story->history);
	story_tell(story, DEPOSIT, EVENT_POOL_DONE, THING, .aux = 1);
	story_tell(story, DEPOSIT, EVENT_POOL_TASK_WAIT, THING);
	story_text(story, DEPOSIT, EVENT_OUTPUT, 0, "hello", .aux = 1);
	static const char words[] = "deposit has finished task 0. 1 is done.";
	assert_string_equal(meaning(story), words);
	history_end_step(story->history);
	assert_string_equal(meaning(story), words);
	story_text(story, DEPOSIT, EVENT_OUTPUT, 0, "more", .aux = 1);
	assert_string_equal(meaning(story), "deposit printed: more.");
}

static void the_beginning_is_announced(void **state)
{
	struct story *story = *state;
	struct about will = {.known = true, .ready = true, .kind = EVENT_PROCESS_START, .aux = DEPOSIT};
	history_begin_steps(story->history); /* main made what it needs */
	text_reset(&said);
	narrative_meaning(&said, story->world, &will, 1);
	assert_string_equal(said.bytes, "This is the beginning: main is about to start deposit.");
	world_seek(story->world, 0);
	assert_string_equal(meaning(story), "Nothing has happened yet.");
}

/* Each event of a story has a meaning, and no meaning is longer than a pane can hold. */
static void every_event_means_something(void **state)
{
	struct story *story = *state;
	for (unsigned int kind = 0; kind < EVENT_KIND_COUNT; kind++)
		for (uint16_t thing = 0; thing < 20; thing++) {
			story_add(story, (struct wire_event){.kind = (uint8_t)kind, .object = thing, .actor = DEPOSIT,
			                                     .aux = kind == EVENT_OBJECT_NEW ? thing % 13u : thing % 3u}, NULL);
			const char *words = meaning(story);
			assert_true(strlen(words) > 10);
			assert_true(strlen(words) < 600);
			assert_true(words[strlen(words) - 1] == '.');
			assert_null(strstr(words, "  "));
		}
}

#define test(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(numbers_are_short_and_exact),
		test(numbers_know_no_locale),
		test(every_kind_has_words),
		test(clauses),
		test(intents),
		test(states),
		test(a_race_is_foretold_and_told),
		test(turns_are_called_safe),
		test(who_only_looked_is_no_danger),
		test(the_nearest_danger_comes_first),
		test(an_element_is_named),
		test(equal_draws_are_pointed_out),
		test(locks_are_explained),
		test(barriers_count),
		test(lives_are_explained),
		test(memory_is_a_process_s),
		test(sentences_end_once),
		test(a_refused_join_is_no_join),
		test(queues_have_three_places),
		test(pipes_say_who_waits),
		test(pools_say_who_works),
		test(a_deadlock_names_its_circle),
		test(a_deadlock_without_circle_names_the_waiters),
		test(who_waits_for_the_same_is_told_in_few_words),
		test(of_a_step_the_deed_is_told),
		test(the_beginning_is_announced),
		test(every_event_means_something),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
