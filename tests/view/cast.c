/* SPDX-License-Identifier: MIT */
#include "cast.h"

#include <string.h>

#include "base/memory.h"

enum { MAIN, DEPOSIT, WITHDRAW };
enum { NONE, BALANCE, LOCK };

/* ---- bank-race ---- */

static void bank_opens(struct story *story)
{
	story->line = 0;
	story_process(story, STORY_NOBODY, MAIN, "main");
	story->line = 29;
	story_object(story, MAIN, BALANCE, OBJECT_VALUE, 0, 200, "balance");
	history_begin_steps(story->history);
}

static void bank_start(struct story *story)
{
	bank_opens(story);
	story_intends(story, MAIN, 32, EVENT_PROCESS_START, NONE, 0, "deposit");
	story_present(story);
}

static void both_work(struct story *story)
{
	bank_opens(story);
	story->line = 32;
	story_process(story, MAIN, DEPOSIT, "deposit");
	story->line = 33;
	story_process(story, MAIN, WITHDRAW, "withdraw");
	story->line = 34;
	story_step(story, MAIN, EVENT_PROCESS_WAIT, NONE, 0, DEPOSIT, NULL);
}

static void bank_brink_events(struct story *story)
{
	both_work(story);
	story->line = 9;
	story_step(story, DEPOSIT, EVENT_VALUE_READ, BALANCE, 200, 0, NULL);
	story->line = 20;
	story_step(story, WITHDRAW, EVENT_VALUE_READ, BALANCE, 200, 0, NULL);
	story->line = 10;
	story_step(story, DEPOSIT, EVENT_VALUE_WRITE, BALANCE, 201, 0, NULL);
	story->scene.ui.selected = WITHDRAW;
}

static void bank_brink(struct story *story)
{
	bank_brink_events(story);
	story_intends(story, DEPOSIT, 9, EVENT_VALUE_READ, BALANCE, 0, NULL);
	story_intends(story, WITHDRAW, 21, EVENT_VALUE_WRITE, BALANCE, 199, NULL);
	story_present(story);
}

static void bank_lost_events(struct story *story)
{
	bank_brink_events(story);
	story->line = 21;
	story_step(story, WITHDRAW, EVENT_VALUE_WRITE, BALANCE, 199, 0, NULL);
}

static void bank_lost(struct story *story)
{
	bank_lost_events(story);
	story_intends(story, DEPOSIT, 9, EVENT_VALUE_READ, BALANCE, 0, NULL);
	story_intends(story, WITHDRAW, 20, EVENT_VALUE_READ, BALANCE, 0, NULL);
	story_present(story);
}

static void bank_past(struct story *story)
{
	bank_lost_events(story);
	story_intends(story, DEPOSIT, 10, EVENT_VALUE_WRITE, BALANCE, 201, NULL);
	story_intends(story, WITHDRAW, 20, EVENT_VALUE_READ, BALANCE, 0, NULL);
	story_past(story, 4);
	story->scene.ui.message = "The past: moving another process from here starts a new future.";
}

static void bank_ended(struct story *story)
{
	bank_lost_events(story);
	story->line = 0;
	story_step(story, DEPOSIT, EVENT_PROCESS_EXIT, NONE, 0, 0, NULL);
	story_step(story, MAIN, EVENT_PROCESS_JOIN, NONE, 0, DEPOSIT, NULL);
	story_step(story, WITHDRAW, EVENT_PROCESS_EXIT, NONE, 0, 0, NULL);
	story_step(story, MAIN, EVENT_PROCESS_JOIN, NONE, 0, WITHDRAW, NULL);
	story_event(story, MAIN, EVENT_OUTPUT, NONE, 0, 1, "final balance: 199");
	story_step(story, MAIN, EVENT_PROCESS_EXIT, NONE, 0, 0, NULL);
	story->scene.run.ended = story->scene.run.ok = true;
	story->scene.run.verdict = "lost update";
	story->scene.run.outcome = "balance 199 (expected 200)";
	story->scene.ui.side = SIDE_CONSOLE;
	story_present(story);
}

/* ---- locks ---- */

static void bank_locked(struct story *story)
{
	bank_opens(story);
	story_object(story, MAIN, LOCK, OBJECT_LOCK, 0, 0, "lock");
	story_process(story, MAIN, DEPOSIT, "deposit");
	story_process(story, MAIN, WITHDRAW, "withdraw");
	story->line = 8;
	story_step(story, DEPOSIT, EVENT_LOCK_ACQUIRE, LOCK, 0, 0, NULL);
	story->line = 9;
	story_step(story, DEPOSIT, EVENT_VALUE_READ, BALANCE, 200, 0, NULL);
	story->line = 19;
	story_step(story, WITHDRAW, EVENT_LOCK_WAIT, LOCK, 0, 0, NULL);
	story_intends(story, MAIN, 34, EVENT_PROCESS_JOIN, NONE, 0, NULL);
	story->about[MAIN].aux = DEPOSIT;
	story_intends(story, DEPOSIT, 10, EVENT_VALUE_WRITE, BALANCE, 201, NULL);
	story->scene.ui.selected = DEPOSIT;
	story->scene.run.settings = "lock=on rounds=2";
	story_present(story);
}

static void deadlock(struct story *story)
{
	enum { FORK_A = 1, FORK_B = 2, PLATO = 1, KANT = 2 };

	story_process(story, STORY_NOBODY, MAIN, "main");
	story_object(story, MAIN, FORK_A, OBJECT_LOCK, 0, 0, "fork A");
	story_object(story, MAIN, FORK_B, OBJECT_LOCK, 0, 0, "fork B");
	story_process(story, MAIN, PLATO, "Plato");
	story_process(story, MAIN, KANT, "Kant");
	story_step(story, MAIN, EVENT_PROCESS_WAIT, NONE, 0, PLATO, NULL);
	story_step(story, PLATO, EVENT_LOCK_ACQUIRE, FORK_A, 0, 0, NULL);
	story_step(story, KANT, EVENT_LOCK_ACQUIRE, FORK_B, 0, 0, NULL);
	story_step(story, PLATO, EVENT_LOCK_WAIT, FORK_B, 0, 0, NULL);
	story_step(story, KANT, EVENT_LOCK_WAIT, FORK_A, 0, 0, NULL);
	story->scene.run.deadlock = true;
	story->scene.run.settings = "philosophers=2";
	story->scene.ui.selected = KANT;
	story_present(story);
}

static void barrier_two(struct story *story)
{
	enum { GATE = 1 };

	story_process(story, STORY_NOBODY, MAIN, "main");
	story_object(story, MAIN, GATE, OBJECT_BARRIER, 3, 0, "all here");
	for (unsigned int worker = 1; worker <= 3; worker++)
		story_process(story, MAIN, worker, worker == 1 ? "Process-1" : worker == 2 ? "Process-2" : "Process-3");
	story_step(story, MAIN, EVENT_PROCESS_WAIT, NONE, 0, 1, NULL);
	story_step(story, 3, EVENT_SLEEP, NONE, 4000000000, 0, NULL);
	story->now = 2;
	story_event(story, MAIN, EVENT_OUTPUT, NONE, 0, 1, "Process-1 has arrived");
	story_step(story, 1, EVENT_BARRIER_WAIT, GATE, 1, 3, NULL);
	story_event(story, MAIN, EVENT_OUTPUT, NONE, 0, 1, "Process-2 has arrived");
	story_step(story, 2, EVENT_BARRIER_WAIT, GATE, 2, 3, NULL);
	story->scene.run.settings = "workers=3";
	story->scene.ui.selected = 3;
	story_present(story);
	story->scene.run.running = true;
	story->scene.run.strategy = "round robin";
}

/* One of each kind that has waiters, in the middle of things. */
static void locks_of_all_kinds(struct story *story)
{
	enum { RLOCK = 1, SEATS, CHANGED, START, MEETING, BROKEN, SPARE };

	story_process(story, STORY_NOBODY, MAIN, "main");
	story_object(story, MAIN, RLOCK, OBJECT_RLOCK, 0, 0, "ledger");
	story_object(story, MAIN, SEATS, OBJECT_SEMAPHORE, 1, 3, "seats");
	story_object(story, MAIN, CHANGED, OBJECT_CONDITION, RLOCK, 0, "changed");
	story_object(story, MAIN, START, OBJECT_EVENT, 0, 0, "start");
	story_object(story, MAIN, MEETING, OBJECT_BARRIER, 3, 0, "meeting");
	story_object(story, MAIN, BROKEN, OBJECT_BARRIER, 2, 0, "rendezvous");
	story_object(story, MAIN, SPARE, OBJECT_LOCK, 0, 0, "spare");
	for (unsigned int id = 1; id <= 5; id++)
		story_process(story, MAIN, id, id == 1 ? "ann" : id == 2 ? "ben" : id == 3 ? "cat" : id == 4 ? "dan" : "eve");
	story_step(story, 1, EVENT_RLOCK_ACQUIRE, RLOCK, 1, 0, NULL);
	story_step(story, 1, EVENT_RLOCK_ACQUIRE, RLOCK, 2, 0, NULL);
	story_step(story, 2, EVENT_CONDITION_WAIT, CHANGED, 0, 0, NULL);
	story_step(story, 3, EVENT_SEMAPHORE_ACQUIRE, SEATS, 0, 0, NULL);
	story_step(story, MAIN, EVENT_EVENT_SET, START, 0, 0, NULL);
	story_step(story, 4, EVENT_BARRIER_WAIT, MEETING, 1, 3, NULL);
	story_step(story, MAIN, EVENT_BARRIER_ABORT, BROKEN, 0, 0, NULL);
	story_step(story, MAIN, EVENT_RLOCK_WAIT, RLOCK, 0, 0, NULL);
	story_step(story, 5, EVENT_SEMAPHORE_ACQUIRE, SEATS, 0, 0, NULL);
	story->scene.run.settings = "";
	story->scene.ui.selected = 5;
	story_present(story);
}

/* A manager between a request and its answer. */
static void manager_asked(struct story *story)
{
	enum { MANAGER = 1, COUNTS, NAMES };

	story_process(story, STORY_NOBODY, MAIN, "main");
	story_object(story, MAIN, MANAGER, OBJECT_MANAGER, 0, 0, "manager");
	story_process(story, MAIN, 1, "manager process");
	story_process(story, MAIN, 2, "counter");
	story_process(story, MAIN, 3, "namer");
	story_object(story, 1, COUNTS, OBJECT_DICT, MANAGER, 0, "counts");
	story_object(story, 1, NAMES, OBJECT_LIST, MANAGER, 0, "names");
	story_event(story, 1, EVENT_MANAGER_HOLDS, NAMES, 0, 0, "[\"ann\",\"ben\"]");
	story_step(story, 2, EVENT_MANAGER_CALL, MANAGER, 0, COUNTS, "counts[\"a\"] = 1");
	story_step(story, 2, EVENT_MANAGER_WAIT, MANAGER, 0, COUNTS, NULL);
	story_step(story, 3, EVENT_MANAGER_CALL, MANAGER, 0, NAMES, "names.append(\"cat\")");
	story_step(story, 3, EVENT_MANAGER_WAIT, MANAGER, 0, NAMES, NULL);
	story_event(story, 1, EVENT_MANAGER_SERVE, MANAGER, 2, COUNTS, "counts[\"a\"] = 1");
	story_event(story, 1, EVENT_MANAGER_HOLDS, COUNTS, 0, 0, "{\"a\":1}");
	history_end_step(story->history);
	story->scene.run.settings = "";
	story->scene.ui.selected = 1;
	story_present(story);
}

/* ---- messages ---- */

static void queue_places(struct story *story)
{
	enum { RESULTS = 1, FEEDER = 3 };

	story_process(story, STORY_NOBODY, MAIN, "main");
	story_object(story, MAIN, RESULTS, OBJECT_QUEUE, 4, 0, "results");
	story_process(story, MAIN, 1, "producer");
	story_process(story, MAIN, 2, "consumer");
	story_step(story, 1, EVENT_QUEUE_PUT, RESULTS, 0, 0, "0.1");
	story_thread(story, 1, FEEDER, "QueueFeederThread");
	story_step(story, 1, EVENT_QUEUE_PUT, RESULTS, 0, 1, "0.2");
	story_step(story, FEEDER, EVENT_QUEUE_FEED, RESULTS, 0, 0, "0.1");
	story_step(story, 1, EVENT_QUEUE_PUT, RESULTS, 0, 2, "0.3");
	story_step(story, 1, EVENT_QUEUE_PUT, RESULTS, 0, 3, "0.4");
	story_step(story, 1, EVENT_QUEUE_PUT_WAIT, RESULTS, 0, 4, "0.5");
	story_step(story, 2, EVENT_QUEUE_EMPTY, RESULTS, 0, 0, NULL);
	story_intends(story, FEEDER, 0, EVENT_QUEUE_FEED, RESULTS, 0, "0.2");
	story_intends(story, 2, 0, EVENT_QUEUE_GET, RESULTS, 0, NULL);
	story->scene.run.settings = "maxsize=4";
	story->scene.ui.selected = 2;
	story_present(story);
}

static void queue_helpers(struct story *story)
{
	queue_places(story);
	story->scene.ui.unfolded = true;
}

static void pipe_both(struct story *story)
{
	enum { PIPE = 1, CHILD = 1 };

	story_process(story, STORY_NOBODY, MAIN, "main");
	story_object(story, MAIN, PIPE, OBJECT_PIPE, 1, 0, "connection");
	story_process(story, MAIN, CHILD, "Process-1");
	story_step(story, CHILD, EVENT_PIPE_WAIT, PIPE, 0, 1, NULL);
	story_step(story, MAIN, EVENT_PIPE_SEND, PIPE, 6, 0, "\"ping\"");
	story_step(story, MAIN, EVENT_PIPE_WAIT, PIPE, 0, 0, NULL);
	story_intends(story, CHILD, 0, EVENT_PIPE_RECV, PIPE, 0, NULL);
	story->scene.run.settings = "";
	story->scene.ui.selected = CHILD;
	story_present(story);
}

static void pool_busy(struct story *story)
{
	enum { POOL = 1 };
	static const char *const tasks[] = {"[\"Ibrahim\", 5]", "[\"Jennifer\", 2]", "[\"Juan\", 1]", "[\"Andrew\", 3]", "[\"Anna\", 7]"};

	story_process(story, STORY_NOBODY, MAIN, "main");
	story_object(story, MAIN, POOL, OBJECT_POOL, 2, 0, "pool");
	story_process(story, MAIN, 1, "ForkPoolWorker-1");
	story_process(story, MAIN, 2, "ForkPoolWorker-2");
	for (unsigned int i = 0; i < 5; i++)
		story_step(story, MAIN, EVENT_POOL_SUBMIT, POOL, 1, i, tasks[i]);
	story_step(story, MAIN, EVENT_POOL_RESULT_WAIT, POOL, 0, 0, NULL);
	story_step(story, 1, EVENT_POOL_TASK, POOL, 0, 0, tasks[0]);
	story_step(story, 1, EVENT_SLEEP, NONE, 5000000000, 0, NULL);
	story_step(story, 2, EVENT_POOL_TASK, POOL, 0, 1, tasks[1]);
	story_step(story, 2, EVENT_SLEEP, NONE, 2000000000, 0, NULL);
	story->now = 2;
	story_event(story, 2, EVENT_WAKE, NONE, 0, 0, NULL);
	story_step(story, 2, EVENT_POOL_DONE, POOL, 0, 1, "2.0");
	story_step(story, 2, EVENT_POOL_TASK, POOL, 0, 2, tasks[2]);
	story_step(story, 2, EVENT_SLEEP, NONE, 1000000000, 0, NULL);
	story->now = 3;
	story_event(story, 2, EVENT_WAKE, NONE, 0, 0, NULL);
	story_step(story, 2, EVENT_POOL_DONE, POOL, 0, 2, "3.0");
	story_step(story, 2, EVENT_POOL_TASK, POOL, 0, 3, tasks[3]);
	story_intends(story, 2, 0, EVENT_SLEEP, NONE, 3000000000, NULL);
	story->scene.run.settings = "order=given workers=2";
	story->scene.ui.selected = 2;
	story->now = 4;
	story_event(story, MAIN, EVENT_OUTPUT, NONE, 0, 1, "Andrew begins: 3 seconds");
	story_present(story);
}

/* An executor whose worker was killed: what was cancelled before is cancelled, all the rest is lost. */
static void executor_broken(struct story *story)
{
	enum { POOL = 1 };

	story_process(story, STORY_NOBODY, MAIN, "main");
	story_object(story, MAIN, POOL, OBJECT_POOL, 2, 0, "executor");
	story_process(story, MAIN, 1, "ForkProcess-1");
	for (unsigned int task = 1; task <= 4; task++)
		story_step(story, MAIN, EVENT_POOL_SUBMIT, POOL, 1, task, task == 1 ? "[1]" : task == 2 ? "[2]" : task == 3 ? "[3]" : "[4]");
	story_step(story, MAIN, EVENT_FUTURE_CANCEL, POOL, 0, 4, NULL);
	story_step(story, 1, EVENT_POOL_TASK, POOL, 0, 1, NULL);
	story_step(story, 1, EVENT_POOL_DONE, POOL, 0, 1, "1");
	story_step(story, 1, EVENT_POOL_TASK, POOL, 0, 2, NULL);
	story->now = 1;
	story_step(story, MAIN, EVENT_FUTURE_WAIT, POOL, 0, 2, NULL);
	story_event(story, 1, EVENT_KILLED, NONE, -9, 0, NULL);
	story_event(story, MAIN, EVENT_EXECUTOR_BROKEN, POOL, 0, 0, NULL);
	history_end_step(story->history);
	story->scene.run.settings = "";
	story->scene.ui.selected = MAIN;
	story_present(story);
}

static void random_fork(struct story *story)
{
	enum { GENERATOR = 1 };
	static const double draws[] = {0.5488135039273248, 0.7151893663724195, 0.6027633760716439};

	story_process(story, STORY_NOBODY, MAIN, "main");
	story_object(story, MAIN, GENERATOR, OBJECT_RANDOM, 0, 0, "generator");
	for (unsigned int worker = 1; worker <= 4; worker++)
		story_process(story, MAIN, worker, worker == 1 ? "Process-1" : worker == 2 ? "Process-2" : worker == 3 ? "Process-3" : "Process-4");
	for (unsigned int worker = 1; worker <= 3; worker++)
		for (unsigned int i = 0; i < 4 - worker; i++)
			story_step(story, worker, EVENT_RANDOM_DRAW, GENERATOR, wire_event_bits(draws[i]), 0, NULL);
	story_step(story, 1, EVENT_PROCESS_EXIT, NONE, 0, 0, NULL);
	story_event(story, 2, EVENT_KILLED, NONE, -9, 0, NULL);
	story_intends(story, 3, 0, EVENT_RANDOM_DRAW, GENERATOR, 0, NULL);
	story->about[4] = (struct about){.out_of_sight = true};
	story->scene.run.settings = "workers=4";
	story->scene.ui.selected = 3;
	story_present(story);
}

/* ---- free runs ---- */

static void free_race(struct story *story)
{
	enum { COUNTER = 1 };

	story_process(story, STORY_NOBODY, MAIN, "main");
	story_object(story, MAIN, COUNTER, OBJECT_VALUE, 0, 0, "counter");
	story_thread(story, MAIN, 1, "Thread-1 (add)");
	story->now = 0.02;
	story_thread(story, MAIN, 2, "Thread-2 (add)");
	story_event(story, MAIN, EVENT_THREAD_WAIT, NONE, 0, 1, NULL);
	for (int i = 0; i < 400; i++) {
		story->now += 0.0005;
		unsigned int thread = i % 7 < 4 ? 1 : 2;
		story_event(story, thread, EVENT_VALUE_READ, COUNTER, i / 2, 0, NULL);
		story_event(story, thread, i % 7 == 3 ? EVENT_VALUE_READ : EVENT_VALUE_WRITE, COUNTER, i / 2 + 1, 0, NULL);
	}
	story_event(story, 2, EVENT_SLEEP, NONE, 100000000, 0, NULL);
	story->now += 0.08;
	story_event(story, 1, EVENT_VALUE_READ, COUNTER, 200, 0, NULL);
	story->now += 0.02;
	story->scene.run.running = true;
	story->scene.run.settings = "lock=off";
	story->scene.ui.selected = 1;
	story_present(story);
}

/* A moment of it, looked back at closely: there is room for what was read and written. */
static void free_closely(struct story *story)
{
	free_race(story);
	story->scene.ui.zoom = 7;
	story->scene.ui.present = false;
	story->scene.ui.position = history_count(story->history) / 2;
	world_seek(story->world, story->scene.ui.position);
}

/* ---- what is opened over them ---- */

/* ---- more lanes than there is room for ---- */

static void start_all(struct story *story, const char *const *names, unsigned int count)
{
	story_process(story, STORY_NOBODY, MAIN, "main");
	for (unsigned int child = 1; child <= count; child++)
		story_process(story, MAIN, child, names[child - 1]);
	for (unsigned int child = 1; child <= count; child++)
		story_intends(story, child, 0, EVENT_PRINT, NONE, 0, "here");
	story->scene.run.settings = "";
}

static void ends(struct story *story, unsigned int child, int code, bool joined)
{
	story_step(story, child, EVENT_PROCESS_EXIT, NONE, code, 0, NULL);
	if (joined)
		story_step(story, MAIN, EVENT_PROCESS_JOIN, NONE, code, child, NULL);
	story->about[child] = (struct about){0};
}

static void lanes_folded(struct story *story)
{
	static const char *const names[] = {"Ana", "Ben", "Carla", "Dora", "Emil", "Fritz", "Gerda", "Hugo", "Ida", "Jan",
	                                    "Karl", "Lea", "Max", "Nora", "Otto", "Paula", "Rosa", "Stefan", "Theo", "Ulla"};

	start_all(story, names, 20);
	for (unsigned int child = 1; child <= 14; child++)
		ends(story, child, child == 4 ? 8 : 0, child != 7);
	story_step(story, MAIN, EVENT_PROCESS_WAIT, NONE, 0, 17, NULL);
	story_step(story, 16, EVENT_PRINT, NONE, 5, 0, "here");
	story->scene.ui.selected = 18;
	story_present(story);
}

static void lanes_unfolded(struct story *story)
{
	lanes_folded(story);
	story->scene.ui.unfolded = true;
}

/* So many live that one looks at a part of them. */
static void lanes_many(struct story *story)
{
	static const char *const names[] = {"one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
	                                    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
	                                    "nineteen", "twenty", "twenty-one", "twenty-two", "twenty-three", "twenty-four",
	                                    "twenty-five", "twenty-six", "twenty-seven", "twenty-eight", "twenty-nine", "thirty"};

	start_all(story, names, 30);
	ends(story, 2, 0, true);
	ends(story, 3, 0, true);
	story_step(story, 29, EVENT_PRINT, NONE, 5, 0, "here");
	story->scene.ui.selected = 12;
	story_present(story);
}

static void open_help(struct story *story)
{
	bank_brink(story);
	story->scene.ui.overlay = OVERLAY_HELP;
}

static void open_text(struct story *story)
{
	bank_start(story);
	story->scene.ui.overlay = OVERLAY_TEXT;
}

static void text_beside(struct story *story)
{
	bank_brink(story);
	story->scene.ui.side = SIDE_TEXT;
	story->scene.ui.focus = PANE_TEXT;
	story->scene.ui.scroll[PANE_TEXT] = 4;
}

static void open_parameters(struct story *story)
{
	static char lock[] = "on", rounds[] = "2", window[] = "0.01";
	static char *values[] = {lock, rounds, window};
	static bool chosen[3];
	static const struct settings settings = {.lesson = &story_bank_race, .values = values, .chosen = chosen};

	bank_lost(story);
	story->scene.settings = &settings;
	story->scene.ui.overlay = OVERLAY_PARAMETERS;
	story->scene.ui.overlay_selected = 1;
}

static void open_histogram(struct story *story)
{
	static const struct histogram_bar bars[] = {
		{"balance 197", 1, true, false}, {"balance 199", 6, true, false}, {"balance 200", 9, true, true}, {"balance 201", 3, true, false}};

	bank_lost(story);
	story->scene.histogram = (struct scene_histogram){.bars = bars, .count = 4, .done = 19, .wanted = 20, .settings = "lock=off rounds=100"};
	story->scene.ui.overlay = OVERLAY_HISTOGRAM;
}

static void open_branches(struct story *story)
{
	static const struct scene_branch branches[] = {{"lost update, balance 199", 4, 12}, {"unfinished", 5, 7}};

	bank_past(story);
	story->scene.branches = branches;
	story->scene.branch_count = 2;
	story->scene.ui.overlay = OVERLAY_BRANCHES;
}

/* Its text has a question; the strings are the story's as long as it is told. */
static struct quiz bank_quiz;

static void ask(struct story *story)
{
	static const char text[] =
		"# Bank race\n\n## Before you run it\n\nThe lock is off. What will the *balance* be at the end?\n\n"
		"- **A.** 200: as much goes in as comes out.\n"
		"- **B.** 200, because a `value` has a lock of its own, and whoever reads it or writes it holds that lock\n"
		"  for as long as it takes.\n"
		"- **C.** Often not 200.\n\n"
		"## The answer\n\n**C**, unless one is lucky.\n\n"
		"- A would be so if an update were one act. It is three.\n"
		"- B tempts because it is half true: each `READ` is whole. The lock is let go between the two.\n\n"
		"## What happened, and why\n\nBoth read the same balance.\n";

	quiz_release(&bank_quiz);
	quiz_read(&bank_quiz, text);
	story->scene.quiz = (struct scene_quiz){.quiz = &bank_quiz, .explanation = text + bank_quiz.after};
}

static void quiz_asked(struct story *story)
{
	bank_start(story);
	ask(story);
	story->scene.ui.overlay = OVERLAY_QUIZ;
	story->scene.ui.overlay_selected = 1;
}

static void quiz_said(struct story *story, size_t choice)
{
	bank_ended(story);
	ask(story);
	story->scene.quiz.answered = true;
	story->scene.quiz.answer = choice;
}

static void quiz_right(struct story *story)
{
	quiz_said(story, 2);
}

static void quiz_wrong(struct story *story)
{
	quiz_said(story, 1);
}

static void quiz_answer(struct story *story)
{
	quiz_said(story, 1);
	story->scene.ui.overlay = OVERLAY_ANSWER;
}

static void menu(struct story *story)
{
	story->scene.ui.room = ROOM_MENU;
	story->scene.ui.menu_selected = 4;
	story_present(story);
}

static void menu_filtered(struct story *story)
{
	menu(story);
	story->scene.ui.menu_filter = story->scene.ui.prompt = "pool";
	story->scene.ui.prompt_before = "/";
	story->scene.ui.prompt_does = "find";
	story->scene.ui.menu_selected = 5;
}

static void menu_progress(struct story *story)
{
	static const uint8_t marks[64] = {[0] = 7, [1] = 5, [2] = 1};

	menu(story);
	story->scene.marks = marks;
	story->scene.next = 2;
	story->scene.ui.menu_selected = 0;
}

/* What has not been run to its end does not tell what comes of it. */
static void menu_before(struct story *story)
{
	menu_progress(story);
	story->scene.ui.menu_selected = 4;
}

const struct cast cast[] = {
	{"menu", true, menu, true},
	{"menu-before", true, menu_before, false},
	{"menu-filtered", true, menu_filtered, false},
	{"menu-progress", true, menu_progress, true},
	{"bank-start", true, bank_start, false},
	{"bank-brink", true, bank_brink, true},
	{"bank-lost", true, bank_lost, false},
	{"bank-past", true, bank_past, false},
	{"bank-ended", true, bank_ended, false},
	{"bank-locked", true, bank_locked, false},
	{"deadlock", true, deadlock, true},
	{"barrier", true, barrier_two, false},
	{"locks", true, locks_of_all_kinds, true},
	{"manager", true, manager_asked, false},
	{"queue", true, queue_places, true},
	{"queue-helpers", true, queue_helpers, false},
	{"pipe", true, pipe_both, false},
	{"pool", true, pool_busy, false},
	{"executor", true, executor_broken, false},
	{"lanes-folded", true, lanes_folded, true},
	{"lanes-unfolded", true, lanes_unfolded, false},
	{"lanes-many", true, lanes_many, false},
	{"random", true, random_fork, false},
	{"free", false, free_race, false},
	{"free-closely", false, free_closely, true},
	{"help", true, open_help, false},
	{"text", true, open_text, false},
	{"text-beside", true, text_beside, false},
	{"parameters", true, open_parameters, false},
	{"histogram", true, open_histogram, false},
	{"branches", true, open_branches, false},
	{"quiz", true, quiz_asked, true},
	{"quiz-right", true, quiz_right, false},
	{"quiz-wrong", true, quiz_wrong, false},
	{"quiz-answer", true, quiz_answer, true},
	{0}};
