/* SPDX-License-Identifier: MIT */
/* Ten processes print one line each, in pieces. Whose line is it? */

#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "lock", .choices = "off|on", .fallback = "off",
	 .help = "hold a lock while printing a line"},
	{.name = "processes", .low = 1, .high = 30, .fallback = "10",
	 .help = "how many print"},
	{.name = "pause", .low = 0, .high = 1, .real = true,
	 .fallback = "0.001",
	 .help = "seconds between the pieces of a line"},
	{0}};

static const struct lesson_variant variants[] = {
	{"broken", "lock=off", "lines torn to pieces, in the output itself"},
	{"mended", "lock=on", "whole lines, in any order"},
	{0}};

static const struct lesson lesson = {
	.title = "Ten voices, one console",
	.summary = "Ten processes print \"hello world\" and their number, with "
	           "a write for each piece. Without a lock they mix.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "torn: lines that another process printed into",
	.right = "0 with the lock; without it any number",
	.step_settings = "processes=3 pause=0"};

enum { MOST = 30 };

/* Who printed last, in memory that all share: to count torn lines by. */
static atomic_int *last;

struct voice {
	int number;
	struct lock *lock; /* NULL: none is used */
};

/* Prints a piece; whether somebody else has printed since the last one. */
static bool say(const struct voice *me, const char *piece)
{
	print_part("%s", piece);
	return atomic_exchange(last, me->number) != me->number;
}

static void hello(void *argument)
{
	struct voice *me = argument;
	double pause = lesson_real("pause");
	char number[16];

	snprintf(number, sizeof(number), "%d\n", me->number);
	if (me->lock)
		lock_acquire(me->lock);
	say(me, "hello ");
	if (pause > 0)
		clock_sleep(pause);
	bool torn = say(me, "world ");
	if (pause > 0)
		clock_sleep(pause);
	torn = say(me, number) || torn;
	if (me->lock)
		lock_release(me->lock);
	process_exit(torn); /* main will count them */
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	int count = (int)lesson_integer("processes");

	last = mmap(NULL, sizeof(*last), PROT_READ | PROT_WRITE,
	            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (last == MAP_FAILED)
		process_fail("no memory to share");
	struct lock *lock = lesson_is("lock", "on") ? lock_new("lock") : NULL;

	struct voice voices[MOST];
	struct process *processes[MOST];
	for (int i = 0; i < count; i++) {
		char name[16];
		snprintf(name, sizeof(name), "voice %d", i);
		voices[i] = (struct voice){i, lock};
		processes[i] = process_new(name, hello, &voices[i]);
		process_start(processes[i]);
	}

	int torn = 0, strange = 0;
	for (int i = 0; i < count; i++) {
		int code = -1;
		process_join(processes[i]);
		process_exitcode(processes[i], &code);
		torn += code == 1;
		strange += code != 0 && code != 1;
	}
	print("torn lines: %d", torn);

	lesson_outcome(strange == 0 && (torn == 0 || !lock),
	               torn ? "torn lines" : "whole lines",
	               json_pack("{s:i}", "torn", torn),
	               json_pack("{s:i}", "torn", 0));
	return lesson_end();
}
