/* SPDX-License-Identifier: MIT */
/* A run beside its recording: what may differ, what may not, and how it is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "recording/compare.h"

struct pair {
	struct history *recorded, *live;
	struct comparison *comparison;
};

static void set_up(struct pair *pair)
{
	pair->recorded = history_new();
	pair->live = history_new();
	pair->comparison = comparison_new(pair->recorded);
}

static void tear_down(struct pair *pair)
{
	comparison_free(pair->comparison);
	history_free(pair->recorded);
	history_free(pair->live);
}

static void add(struct history *history, struct wire_event event, const char *text)
{
	history_append(history, &event, text, text != NULL ? strlen(text) : 0);
}

static void add_both(struct pair *pair, struct wire_event event, const char *text)
{
	add(pair->recorded, event, text);
	add(pair->live, event, text);
}

/* A process with its own PID on each side, which its parent has, too. */
static void add_process(struct pair *pair, uint16_t actor, int64_t recorded, int64_t live)
{
	struct wire_event begin = {.kind = EVENT_PROCESS_BEGIN, .actor = actor};

	begin.value = recorded, begin.aux = 1000;
	add(pair->recorded, begin, "worker");
	begin.value = live, begin.aux = 31;
	add(pair->live, begin, "worker");
}

static bool same_texts(const char *recorded, const char *live, unsigned int flags)
{
	struct pair pair;
	struct wire_event print = {.kind = EVENT_PRINT, .flags = (uint8_t)flags};

	set_up(&pair);
	add_process(&pair, 1, 4711, 99);
	add_process(&pair, 2, 4712, 100);
	print.value = (int64_t)strlen(recorded);
	add(pair.recorded, print, recorded);
	print.value = (int64_t)strlen(live);
	add(pair.live, print, live);
	bool same = comparison_follow(pair.comparison, pair.live);
	assert_int_equal(comparison_position(pair.comparison), same ? 3 : 2);
	tear_down(&pair);
	return same;
}

static void test_pids_may_differ(void **state)
{
	(void)state;
	assert_true(same_texts("I am 4711", "I am 99", 0));
	assert_true(same_texts("4711 and 4712, of 1000", "99 and 100, of 31", 0));
	assert_true(same_texts("|  4711|", "|    99|", 0));
	assert_true(same_texts("tracker PID 5000, pid: 5000", "tracker PID 7, pid: 7", 0)); /* of nobody that we watch */
	assert_false(same_texts("I am 4711", "I am 100", 0));
	assert_false(same_texts("I am 4711", "I am 4711.", 0));
	assert_false(same_texts("balance 199", "balance 200", 0));
	assert_false(same_texts("balance 199", "balance 0199", 0));
	assert_false(same_texts("x y", "x  y", 0));
}

static void test_cut_texts(void **state)
{
	(void)state;
	assert_true(same_texts("4711 and so o", "99 and so on a", EVENT_CUT));
	assert_false(same_texts("4711 and so o", "99 and so on a", 0));
	assert_false(same_texts("4711 and so o", "99 and no", EVENT_CUT));
}

static bool same_events(struct wire_event recorded, struct wire_event live)
{
	struct pair pair;

	set_up(&pair);
	add_process(&pair, 1, 4711, 99);
	add(pair.recorded, recorded, NULL);
	add(pair.live, live, NULL);
	bool same = comparison_follow(pair.comparison, pair.live);
	tear_down(&pair);
	return same;
}

static void test_all_else_must_be_equal(void **state)
{
	(void)state;
	const struct wire_event read = {.kind = EVENT_VALUE_READ, .actor = 1, .object = 3, .value = 200, .time = 5, .aux = 1};
	struct wire_event others[7];

	for (size_t i = 0; i < 7; i++)
		others[i] = read;
	others[0].kind = EVENT_VALUE_WRITE;
	others[1].actor = 2;
	others[2].object = 4;
	others[3].value = 199;
	others[4].time = 6;
	others[5].aux = 2;
	others[6].flags = EVENT_FAILED;
	assert_true(same_events(read, read));
	for (size_t i = 0; i < 7; i++)
		assert_false(same_events(read, others[i]));
	struct wire_event pid = read, mine = read;
	pid.value = 4711, mine.value = 99; /* a PID that went through a shared value */
	assert_true(same_events(pid, mine));
}

/* The same line of the source counts, not the address that it has in this build. */
static void test_places(void **state)
{
	(void)state;
	struct pair pair;
	struct wire_event event = {.kind = EVENT_LOCK_ACQUIRE, .place = 7};

	set_up(&pair);
	history_set_place(pair.recorded, 7, &(struct place){"lesson.c", "main", 12});
	history_set_place(pair.live, 900, &(struct place){"lesson.c", "main", 12});
	history_set_place(pair.live, 901, &(struct place){"lesson.c", "main", 13});
	add(pair.recorded, event, NULL);
	add(pair.recorded, event, NULL);
	event.place = 900;
	add(pair.live, event, NULL);
	assert_true(comparison_follow(pair.comparison, pair.live));
	event.place = 901;
	add(pair.live, event, NULL);
	assert_false(comparison_follow(pair.comparison, pair.live));
	assert_non_null(strstr(comparison_difference(pair.comparison)->recorded.bytes, "lesson.c:12"));
	assert_non_null(strstr(comparison_difference(pair.comparison)->live.bytes, "lesson.c:13"));
	tear_down(&pair);
}

static void test_tells_where(void **state)
{
	(void)state;
	struct pair pair;

	set_up(&pair);
	add_process(&pair, 1, 4711, 99);
	add_both(&pair, (struct wire_event){.kind = EVENT_OUTPUT, .actor = 1, .aux = 1}, "hello");
	history_begin_steps(pair.recorded);
	add_both(&pair, (struct wire_event){.kind = EVENT_SLEEP, .actor = 1, .value = 5}, NULL);
	history_end_step(pair.recorded);
	add(pair.recorded, (struct wire_event){.kind = EVENT_WAKE, .actor = 1}, NULL);
	assert_true(comparison_follow(pair.comparison, pair.live)); /* the run is not there yet */
	add(pair.live, (struct wire_event){.kind = EVENT_PROCESS_EXIT, .actor = 1}, NULL);
	history_end_step(pair.recorded);
	assert_false(comparison_follow(pair.comparison, pair.live));
	const struct difference *difference = comparison_difference(pair.comparison);
	assert_int_equal(difference->step, 2);
	assert_int_equal(difference->number, 3); /* the line of output has no number */
	assert_non_null(strstr(difference->recorded.bytes, "wakes up"));
	assert_non_null(strstr(difference->live.bytes, "exits"));
	tear_down(&pair);
}

/* ---- the end ---- */

static bool finish(bool recorded_longer, bool live_longer, const char *recorded_verdict, const char *live_verdict)
{
	struct pair pair;
	char *verdicts[] = {strdup(recorded_verdict != NULL ? recorded_verdict : ""), strdup(live_verdict)};
	const struct run_result results[] = {{.verdict = verdicts[0], .ok = true}, {.verdict = verdicts[1], .ok = true}};
	const struct run_end recorded = {.result = &results[0]}, live = {.result = &results[1]};

	set_up(&pair);
	add_process(&pair, 1, 4711, 99);
	if (recorded_longer)
		add(pair.recorded, (struct wire_event){.kind = EVENT_WAKE, .actor = 1}, NULL);
	if (live_longer)
		add(pair.live, (struct wire_event){.kind = EVENT_WAKE, .actor = 1}, NULL);
	bool same = comparison_finish(pair.comparison, pair.live, recorded_verdict != NULL ? &recorded : NULL, &live);
	assert_int_equal(comparison_is_partial(pair.comparison), recorded_verdict == NULL);
	tear_down(&pair);
	free(verdicts[0]);
	free(verdicts[1]);
	return same;
}

static void test_ends(void **state)
{
	(void)state;
	assert_true(finish(false, false, "right", "right"));
	assert_false(finish(false, false, "right", "lost update"));
	assert_false(finish(true, false, "right", "right"));
	assert_false(finish(false, true, "right", "right"));
	assert_true(finish(false, true, NULL, "right")); /* cut off: as far as it goes */
	assert_false(finish(true, false, NULL, "right"));
}

static void test_holes(void **state)
{
	(void)state;
	struct pair pair;

	set_up(&pair);
	add_process(&pair, 1, 4711, 99);
	add(pair.recorded, (struct wire_event){.kind = EVENT_LOST, .value = 3}, NULL);
	add(pair.live, (struct wire_event){.kind = EVENT_WAKE, .actor = 1}, NULL);
	assert_true(comparison_follow(pair.comparison, pair.live));
	assert_true(comparison_finish(pair.comparison, pair.live, NULL, NULL));
	assert_true(comparison_is_partial(pair.comparison));
	assert_int_equal(comparison_position(pair.comparison), 1);
	tear_down(&pair);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pids_may_differ),
		cmocka_unit_test(test_cut_texts),
		cmocka_unit_test(test_all_else_must_be_equal),
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_tells_where),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_holes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
