/* SPDX-License-Identifier: MIT */
/* A start gun for all, a mailbox for one, and a wake-up that gets lost. */

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "careful", .choices = "off|on", .fallback = "off",
	 .help = "look into the mailbox with the lock held, and in a loop"},
	{.name = "part", .choices = "mailbox|gun", .fallback = "mailbox",
	 .help = "wait for a letter (Condition) or for the start (Event)"},
	{.name = "window", .low = 0, .high = 10, .real = true,
	 .fallback = "0.2",
	 .help = "seconds between looking and going to sleep; until the shot"},
	{.name = "patience", .low = 0, .high = 600, .real = true,
	 .fallback = "2", .help = "seconds the reader sleeps; 0: for ever"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "part=mailbox careful=off",
	 "the reader can sleep through the only notification"},
	{"mended", "part=mailbox careful=on", "the letter is read, every time"},
	{"gun", "part=gun", "all four start when the flag is set, none before"},
	{0}};

static const struct lesson lesson = {
	.title = "A start gun, and a mailbox",
	.summary = "An Event stays set, so nobody can miss it. A notification "
	           "wakes only those who sleep already.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "mailbox: letter, what was read (0: none), slept_through, "
	           "whether the reader's patience ended; gun: started, "
	           "too_early",
	.right = "the letter is read and the notification not slept through; "
	         "all start and none too early",
	.may_deadlock = "part=mailbox careful=off patience=0",
	.step_settings = "window=0 patience=0"};

/* ---- the start gun ---- */

enum { RUNNERS = 4 };

struct race {
	struct event *gun;
	struct value *fired;
	struct array *started; /* 1: after the shot, 2: before it */
	size_t number;
};

static void run_race(void *argument)
{
	struct race *race = argument;

	event_wait(race->gun);
	bool fired = value_get(race->fired) == 1;
	array_set(race->started, race->number, fired ? 1 : 2);
	print("%s runs", process_current_name());
}

static void start_gun(void)
{
	struct event *gun = event_new("gun");
	struct value *fired = value_new("fired", 0);
	struct array *started = array_new("started", RUNNERS);
	struct race races[RUNNERS];
	struct process *runners[RUNNERS];
	int on_time = 0, too_early = 0;

	for (size_t i = 0; i < RUNNERS; i++) {
		races[i] = (struct race){gun, fired, started, i};
		runners[i] = process_new(NULL, run_race, &races[i]);
		process_start(runners[i]);
	}
	if (lesson_real("window") > 0)
		clock_sleep(lesson_real("window"));
	value_set(fired, 1);
	event_set(gun);
	for (size_t i = 0; i < RUNNERS; i++)
		process_join(runners[i]);
	for (size_t i = 0; i < RUNNERS; i++) {
		on_time += array_get(started, i) == 1;
		too_early += array_get(started, i) == 2;
	}
	lesson_outcome(on_time == RUNNERS, "all started with the shot",
	               json_pack("{s:i, s:i}", "started", on_time + too_early,
	                         "too_early", too_early),
	               json_pack("{s:i, s:i}", "started", RUNNERS, "too_early",
	                         0));
}

/* ---- the mailbox ---- */

enum { LETTER = 42 };

struct mailbox {
	struct condition *filled;
	struct value *letter; /* 0: it is empty */
	struct value *read;
	struct value *slept_through;
};

static void sleep_on(struct mailbox *box)
{
	double patience = lesson_real("patience");

	if (patience == 0)
		condition_wait(box->filled);
	else if (condition_wait_timeout(box->filled, patience) != 0)
		value_set(box->slept_through, 1);
}

/* Looks, and then goes to sleep: the letter can come in between. */
static void read_carelessly(void *argument)
{
	struct mailbox *box = argument;

	if (value_get(box->letter) == 0) {
		print("no letter yet");
		if (lesson_real("window") > 0)
			clock_sleep(lesson_real("window"));
		condition_acquire(box->filled);
		sleep_on(box);
		condition_release(box->filled);
	}
	value_set(box->read, value_get(box->letter));
}

/* Who looks with the lock held cannot be overtaken before it sleeps. */
static void read_carefully(void *argument)
{
	struct mailbox *box = argument;

	condition_acquire(box->filled);
	while (value_get(box->letter) == 0) {
		print("no letter yet");
		if (lesson_real("window") > 0)
			clock_sleep(lesson_real("window"));
		sleep_on(box);
	}
	value_set(box->read, value_get(box->letter));
	condition_release(box->filled);
}

static void mailbox(bool careful)
{
	struct mailbox box = {.filled = condition_new("filled"),
	                      .letter = value_new("letter", 0),
	                      .read = value_new("read", 0),
	                      .slept_through = value_new("slept through", 0)};
	struct process *reader = process_new(
		"reader", careful ? read_carefully : read_carelessly, &box);

	process_start(reader);
	if (lesson_real("window") > 0)
		clock_sleep(lesson_real("window") / 2);
	condition_acquire(box.filled);
	value_set(box.letter, LETTER);
	condition_notify(box.filled, 1);
	condition_release(box.filled);
	process_join(reader);

	int read = (int)value_get(box.read);
	bool slept = value_get(box.slept_through) == 1;
	print("the reader read %d%s", read, slept ? ", much later" : "");
	lesson_outcome(read == LETTER && (!slept || !careful),
	               slept ? "the notification was slept through"
	                     : "the letter was read",
	               json_pack("{s:i, s:b}", "letter", read, "slept_through",
	                         slept),
	               json_pack("{s:i, s:b}", "letter", LETTER,
	                         "slept_through", false));
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	if (lesson_is("part", "gun"))
		start_gun();
	else
		mailbox(lesson_is("careful", "on"));
	return lesson_end();
}
