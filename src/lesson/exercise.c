/* SPDX-License-Identifier: MIT */
/* The pool exercise: ten inputs, five workers, apply_async, then with a sleep. */
#include "lesson/exercise.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS = 10, WORKERS = 5, TASKS_MAX = 64, NOBODY = UINT16_MAX };

struct task {
	uint32_t number;
	uint64_t submit, done; /* indices of events; HISTORY_NONE: not seen */
	uint32_t submit_place;
	uint16_t worker;
};

/* What the events say of the pool. Places are the lesson's lines. */
struct facts {
	unsigned int pools, workers;
	struct task tasks[TASKS_MAX]; /* in the order in which they were given */
	size_t task_count;
	int64_t inputs;               /* in all tasks together */
	uint16_t owner;               /* who gave the tasks */
	uint64_t last_submit, first_ask;
	uint32_t ask_place;
	unsigned int got, gave_up, raised;
	uint32_t gave_up_place;
	uint64_t first_raised;        /* an event */
	unsigned int sleeps, most_at_once;
	bool over;                    /* main has told its result: what ends after that ends by itself */
	bool closed, terminated, joined, join_refused;
	uint32_t closed_place, terminated_place, join_refused_place;
};

static struct task *task_of(struct facts *facts, uint32_t number)
{
	for (size_t i = 0; i < facts->task_count; i++)
		if (facts->tasks[i].number == number)
			return &facts->tasks[i];
	if (facts->task_count == TASKS_MAX)
		return NULL;
	struct task *task = &facts->tasks[facts->task_count++];
	*task = (struct task){.number = number, .submit = HISTORY_NONE, .done = HISTORY_NONE, .worker = NOBODY};
	return task;
}

static void note_submit(struct facts *facts, const struct wire_event *event, uint64_t index)
{
	struct task *task = task_of(facts, event->aux);

	facts->owner = event->actor;
	facts->last_submit = index;
	facts->inputs += event->value;
	if (task != NULL) {
		task->submit = index;
		task->submit_place = event->place;
	}
}

/* Who gave the tasks now asks for a result; waiting for it and having it are two events. */
static void note_ask(struct facts *facts, const struct wire_event *event, uint64_t index)
{
	if (facts->task_count == 0 || event->actor != facts->owner)
		return;
	if (facts->first_ask == HISTORY_NONE) {
		facts->first_ask = index;
		facts->ask_place = event->place;
	}
	if (event->kind != EVENT_POOL_GET)
		return;
	if ((event->flags & EVENT_FAILED) != 0) {
		facts->gave_up++;
		facts->gave_up_place = event->place;
	} else {
		facts->got++;
	}
}

static void note_object(struct facts *facts, const struct wire_event *event)
{
	if ((event->aux & 0xff) != OBJECT_POOL)
		return;
	facts->pools++;
	facts->workers = event->aux >> 8;
}

static unsigned int running(const struct facts *facts)
{
	unsigned int count = 0;

	for (size_t i = 0; i < facts->task_count; i++)
		count += facts->tasks[i].worker != NOBODY && facts->tasks[i].done == HISTORY_NONE;
	return count;
}

static void note_work(struct facts *facts, const struct wire_event *event, uint64_t index)
{
	struct task *task = task_of(facts, event->aux);

	if (task == NULL)
		return;
	task->worker = event->actor;
	if (event->kind == EVENT_POOL_DONE)
		task->done = index;
	if (event->kind == EVENT_POOL_DONE && (event->flags & EVENT_FAILED) != 0 && facts->raised++ == 0)
		facts->first_raised = index;
	if (running(facts) > facts->most_at_once)
		facts->most_at_once = running(facts);
}

static bool is_worker(const struct facts *facts, unsigned int actor)
{
	for (size_t i = 0; i < facts->task_count; i++)
		if (facts->tasks[i].worker == actor)
			return true;
	return false;
}

static void note_end(struct facts *facts, const struct wire_event *event)
{
	if (event->kind == EVENT_POOL_CLOSE) {
		facts->closed = true;
		facts->closed_place = event->place;
	} else if (event->kind == EVENT_POOL_TERMINATE) {
		facts->terminated |= !facts->joined && !facts->over; /* freeing a pool that was joined says it too */
		facts->terminated_place = event->place;
	} else if ((event->flags & EVENT_FAILED) != 0) {
		facts->join_refused = true;
		facts->join_refused_place = event->place;
	} else {
		facts->joined = true;
	}
}

static void note(struct facts *facts, const struct wire_event *event, uint64_t index)
{
	switch (event->kind) {
	case EVENT_OBJECT_NEW:
		note_object(facts, event);
		break;
	case EVENT_POOL_SUBMIT:
		note_submit(facts, event, index);
		break;
	case EVENT_POOL_TASK:
	case EVENT_POOL_DONE:
		note_work(facts, event, index);
		break;
	case EVENT_POOL_GET:
	case EVENT_POOL_RESULT_WAIT:
		note_ask(facts, event, index);
		break;
	case EVENT_RESULT:
		facts->over = true;
		break;
	case EVENT_SLEEP:
		facts->sleeps += is_worker(facts, event->actor);
		break;
	case EVENT_POOL_CLOSE:
	case EVENT_POOL_TERMINATE:
	case EVENT_POOL_JOIN:
		note_end(facts, event);
		break;
	}
}

static void collect(const struct exercise_run *run, struct facts *facts)
{
	*facts = (struct facts){.first_ask = HISTORY_NONE, .owner = NOBODY};
	for (uint64_t i = 0; i < history_count(run->history); i++)
		note(facts, history_at(run->history, i), i);
}

static const char *result_text(const struct exercise_run *run, const struct task *task)
{
	return task->done != HISTORY_NONE ? history_text(run->history, task->done, NULL) : "";
}

static unsigned int line_of(const struct exercise_run *run, uint32_t place)
{
	return history_place(run->history, place).line;
}

/* ---- the rules ---- */

static bool has_pool(const struct exercise_run *run, struct text *why)
{
	struct facts facts;

	collect(run, &facts);
	if (facts.pools == 0)
		text_add(why, "No pool was made: f ran in MainProcess, one input after the other. pool_new(\"pool\", WORKERS) makes one.");
	else if (facts.pools > 1)
		text_printf(why, "%u pools were made; one is enough for all inputs.", facts.pools);
	else if (facts.workers != WORKERS)
		text_printf(why, "The pool has %u worker%s; five are asked for.", facts.workers, facts.workers == 1 ? "" : "s");
	return why->length == 0;
}

static bool same_input(const struct exercise_run *run, const struct facts *facts)
{
	const char *first = history_text(run->history, facts->tasks[0].submit, NULL);

	for (size_t i = 1; i < facts->task_count; i++)
		if (strcmp(history_text(run->history, facts->tasks[i].submit, NULL), first) != 0)
			return false;
	return facts->task_count > 1;
}

static bool has_tasks(const struct exercise_run *run, struct text *why)
{
	struct facts facts;

	collect(run, &facts);
	if (facts.task_count == 0)
		text_add(why, "Nothing was given to the pool. pool_apply_async(pool, f, json_integer(i)) gives it one call of f.");
	else if (facts.inputs == INPUTS && facts.task_count < INPUTS)
		text_printf(why, "The ten inputs went out in %zu bundles: that is what map does. apply_async is for one input at a time.",
		            facts.task_count);
	else if (facts.inputs != INPUTS)
		text_printf(why, "%" PRId64 " task%s given to the pool; ten inputs are ten tasks.", facts.inputs,
		            facts.inputs == 1 ? " was" : "s were");
	else if (same_input(run, &facts))
		text_printf(why, "All ten tasks got the same input, %s; each is to have its own.",
		            history_text(run->history, facts.tasks[0].submit, NULL));
	return why->length == 0;
}

/* How many tasks had been given when the first result was asked for. */
static size_t given_before(const struct facts *facts, uint64_t index)
{
	size_t count = 0;

	for (size_t i = 0; i < facts->task_count; i++)
		count += facts->tasks[i].submit < index;
	return count;
}

static bool gives_all_first(const struct exercise_run *run, struct text *why)
{
	struct facts facts;

	collect(run, &facts);
	bool one_call = facts.ask_place == facts.tasks[0].submit_place;
	unsigned int line = line_of(run, facts.ask_place);
	if (facts.first_ask < facts.last_submit && one_call)
		text_printf(why, "Line %u calls apply: each call waits for its result before the next task is given away, so nothing "
		            "overlaps. apply_async only gives the task away; get() asks for the result, later.", line);
	else if (facts.first_ask < facts.last_submit)
		text_printf(why, "Line %u asks for a result when only %zu of the ten tasks had been given away, and waits for it. Give all "
		            "away first, in a loop of its own; ask in a second loop.", line, given_before(&facts, facts.first_ask));
	else if (one_call)
		text_printf(why, "Line %u gives the tasks away and waits for all of them, as map does. apply_async gives one away and "
		            "does not wait.", line);
	return why->length == 0;
}

static bool gets_all(const struct exercise_run *run, struct text *why)
{
	struct facts facts;

	collect(run, &facts);
	if (facts.raised > 0)
		text_printf(why, "For %u of the ten inputs f came to no result: %s. get() then gives NULL, as Python's raises. f is to return "
		            "a new value, as json_integer(…) makes one.", facts.raised,
		            history_text(run->history, facts.first_raised, NULL));
	else if (facts.gave_up > 0)
		text_printf(why, "Line %u gave up: %u time%s a task was still running when the time of get() was over. Without a limit (-1) "
		            "it waits until the task is done.", line_of(run, facts.gave_up_place), facts.gave_up, facts.gave_up == 1 ? "" : "s");
	else if (facts.got == 0)
		text_add(why, "No result was asked for. pool_result_get(given, -1) waits for the result of one task.");
	else if (facts.got < INPUTS)
		text_printf(why, "Only %u of the ten results %s asked for. Each task has a result of its own to get().", facts.got,
		            facts.got == 1 ? "was" : "were");
	return why->length == 0;
}

/* ---- results: those of the outcome against those that the workers finished with ---- */

/* As the events tell it. */
static bool is_number(const json_t *number, const char *text)
{
	char *written = json_dumps(number, JSON_ENCODE_ANY | JSON_COMPACT);
	bool is = written != NULL && strcmp(written, text) == 0;

	free(written);
	return is;
}

/* Whether the workers finished with the same results in some order. */
static bool same_in_some_order(const struct exercise_run *run, const struct facts *facts, const json_t *results)
{
	bool used[TASKS_MAX] = {false};
	size_t index;
	json_t *result;

	json_array_foreach(results, index, result) {
		size_t at = 0;
		while (at < facts->task_count && (used[at] || !is_number(result, result_text(run, &facts->tasks[at]))))
			at++;
		if (at == facts->task_count)
			return false;
		used[at] = true;
	}
	return true;
}

static bool all_equal(const json_t *results)
{
	for (size_t i = 1; i < json_array_size(results); i++)
		if (!json_equal(json_array_get(results, i), json_array_get(results, 0)))
			return false;
	return true;
}

static bool results_in_order(const struct exercise_run *run, struct text *why)
{
	const json_t *results = json_object_get(run->outcome, "results");
	size_t count = json_array_size(results), wrong = 0;
	struct facts facts;

	collect(run, &facts);
	while (wrong < count && wrong < facts.task_count &&
	       is_number(json_array_get(results, wrong), result_text(run, &facts.tasks[wrong])))
		wrong++;
	if (count != INPUTS)
		text_printf(why, "The results are %zu, not ten: append each one to results.", count);
	else if (all_equal(results))
		text_add(why, "f gives the same number for every input; its result is to be made from the input.");
	else if (wrong < count && same_in_some_order(run, &facts, results))
		text_printf(why, "The results are in another order than the inputs: number %zu is not that of input %zu. Who finishes first "
		            "is chance; get() them in the order in which you gave the tasks away.", wrong + 1, wrong + 1);
	else if (wrong < count)
		text_printf(why, "Result number %zu is not what f returned for that input, %s.", wrong + 1,
		            result_text(run, &facts.tasks[wrong]));
	return why->length == 0;
}

/* A number in a line, not a part of a longer one. */
static bool tells(const char *line, const char *number)
{
	size_t length = strlen(number);

	for (const char *at = strstr(line, number); at != NULL && length > 0; at = strstr(at + 1, number))
		if ((at == line || (!isdigit((unsigned char)at[-1]) && at[-1] != '.' && at[-1] != '-')) && !isdigit((unsigned char)at[length]))
			return true;
	return false;
}

static bool prints_each(const struct exercise_run *run, struct text *why)
{
	struct facts facts;
	size_t next = 0;
	bool in_worker = false;

	collect(run, &facts);
	for (uint64_t i = 0; i < history_count(run->history) && next < facts.task_count; i++) {
		const struct wire_event *event = history_at(run->history, i);
		bool print = event->kind == EVENT_PRINT;
		in_worker |= print && is_worker(&facts, event->actor);
		next += print && event->actor == facts.owner &&
		        tells(history_text(run->history, i, NULL), result_text(run, &facts.tasks[next]));
	}
	if (next < facts.task_count && in_worker)
		text_add(why, "The workers print, each of them when it is done: in which order is chance. Let f return its number only, and "
		         "print(…) where the results arrive, in the order of the inputs.");
	else if (next < facts.task_count)
		text_printf(why, "Result number %zu, %s, was not printed, or not in its turn. print(…) each of them, in the order of the inputs; "
		            "what printf writes is not told of.", next + 1, result_text(run, &facts.tasks[next]));
	return why->length == 0;
}

static bool ends_well(const struct exercise_run *run, struct text *why)
{
	struct facts facts;

	collect(run, &facts);
	if (facts.join_refused)
		text_printf(why, "Line %u joins a pool that is not closed: it is refused, for more tasks may come, and nothing is waited for. "
		            "First pool_close(pool), then pool_join(pool).", line_of(run, facts.join_refused_place));
	else if (facts.terminated && !facts.closed)
		text_printf(why, "Line %u terminates the pool, as pool_free does with one that was not joined: what is not finished by then is "
		            "thrown away. pool_close(pool) lets it finish, pool_join(pool) waits for that.", line_of(run, facts.terminated_place));
	else if (!facts.closed)
		text_add(why, "The pool was not closed: it does not know that there are no more tasks. pool_close(pool), then pool_join(pool).");
	else if (!facts.joined)
		text_add(why, "The pool was closed and not joined: nobody waits until its workers have ended. pool_join(pool).");
	return why->length == 0;
}

static bool sleeps(const struct exercise_run *run, struct text *why)
{
	struct facts facts;

	collect(run, &facts);
	if (facts.sleeps < INPUTS)
		text_printf(why, "With sleep=on, %u of ten calls of f slept. In f: if (lesson_is(\"sleep\", \"on\")) clock_sleep(0.5); "
		            "the system's sleep and usleep are not seen.",
		            facts.sleeps);
	return why->length == 0;
}

static unsigned int busy_workers(const struct facts *facts)
{
	unsigned int count = 0;

	for (size_t i = 0; i < facts->task_count; i++) {
		size_t first = 0;
		while (facts->tasks[first].worker != facts->tasks[i].worker)
			first++;
		count += first == i && facts->tasks[i].worker != NOBODY;
	}
	return count;
}

static bool overlaps(const struct exercise_run *run, struct text *why)
{
	struct facts facts;

	collect(run, &facts);
	unsigned int busy = busy_workers(&facts);
	if (busy < WORKERS)
		text_printf(why, "Only %u of the 5 workers ever took a task.", busy);
	else if (facts.most_at_once < WORKERS)
		text_printf(why, "At most %u tasks ran at the same time; five can.", facts.most_at_once);
	return why->length == 0;
}

/* ---- why a run came to no end ---- */

static void explain_stuck(const struct exercise_run *run, struct text *why)
{
	struct facts facts;

	collect(run, &facts);
	if (facts.terminated && !facts.closed && facts.got < facts.task_count)
		text_printf(why, "Line %u terminates the pool: what is not done by then is thrown away, and its result never comes.",
		            line_of(run, facts.terminated_place));
	else if (facts.closed && facts.task_count < INPUTS)
		text_printf(why, "Line %u closes the pool when %zu of the ten tasks have been given away. It takes no more after that: "
		            "pool_apply_async returns NULL.", line_of(run, facts.closed_place), facts.task_count);
}

static const struct exercise_rule POOL_RULES[] = {
	{"a pool of five workers", NULL, has_pool},
	{"ten tasks, one for each input", NULL, has_tasks},
	{"all given away by apply_async before the first result is asked for", NULL, gives_all_first},
	{"each result waited for", NULL, gets_all},
	{"ten results, in the order of the inputs", NULL, results_in_order},
	{"each result printed", NULL, prints_each},
	{"the pool closed and joined", NULL, ends_well},
	{"a sleep in f, with sleep=on", "sleep=on", sleeps},
	{"five tasks at a time", "sleep=on", overlaps},
	{0},
};

static const char *const POOL_SETTINGS[] = {"sleep=off", "sleep=on", NULL};

static const struct exercise EXERCISES[] = {
	{"pool-exercise", POOL_SETTINGS, POOL_RULES, explain_stuck},
	{0},
};

const struct exercise *exercise_find(const char *lesson)
{
	for (const struct exercise *exercise = EXERCISES; exercise->lesson != NULL; exercise++)
		if (strcmp(exercise->lesson, lesson) == 0)
			return exercise;
	return NULL;
}
