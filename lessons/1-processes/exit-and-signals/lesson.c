/* SPDX-License-Identifier: MIT */
/* Six children, six ends: what is left of each for its parent to read? */

#include <stdio.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "crash", .choices = "none|segv", .fallback = "segv",
	 .help = "one child writes to an address that is not there"},
	{.name = "patience", .low = 0, .high = 10, .real = true,
	 .fallback = "1", .help = "seconds until main looks after them"},
	{0}};

static const struct lesson_variant variants[] = {
	{"one crashes", "crash=segv", "exit code -11, and nobody else cares"},
	{"none crashes", "crash=none", "the same, without the crash"},
	{0}};

static const struct lesson lesson = {
	.title = "Six ways to end",
	.summary = "Children return, exit with 8, crash, are terminated, are "
	           "killed, or end while nobody waits for them.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "exit_codes: what main reads for each child; zombie: the "
	           "state of the last one before it was joined",
	.right = "0, 8, -11, -15, -9 and 0; Z, a zombie, until it is joined"};

static void returns(void *argument)
{
	(void)argument;
	print("this one returns");
}

static void exits(void *argument)
{
	(void)argument;
	print("this one exits with 8");
	process_exit(8);
}

static void crashes(void *argument)
{
	volatile int *volatile nowhere = (volatile int *)-16;

	(void)argument;
	print("this one is about to crash");
	if (lesson_is("crash", "segv"))
		*nowhere = 1;
}

static void sleeps(void *argument)
{
	(void)argument;
	for (;;)
		clock_sleep(3600);
}

/* What the system says of a process: S sleeps, R runs, Z is a zombie. */
static char state_of(pid_t pid)
{
	char path[64], state = '?';

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "r");
	if (!file)
		return '-'; /* there is no such process */
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = '?';
	fclose(file);
	return state;
}

enum { CHILDREN = 6 };

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);

	struct process *children[CHILDREN] = {
		process_new("returns", returns, NULL),
		process_new("exits", exits, NULL),
		process_new("crashes", crashes, NULL),
		process_new("terminated", sleeps, NULL),
		process_new("killed", sleeps, NULL),
		process_new("unjoined", returns, NULL)};
	for (int i = 0; i < CHILDREN; i++)
		process_start(children[i]);

	double patience = lesson_real("patience");
	if (patience > 0)
		clock_sleep(patience);
	process_terminate(children[3]); /* SIGTERM, 15: "please end" */
	process_kill(children[4]);      /* SIGKILL, 9: it is not asked */

	/* It ends in its own time. Ended and not joined, it is a zombie. */
	pid_t pid = process_pid(children[5]);
	while (state_of(pid) != 'Z')
		clock_sleep(0.01);
	char before = state_of(pid);
	print("unjoined, PID %d: state %c", (int)pid, before);

	json_t *codes = json_object();
	for (int i = 0; i < CHILDREN; i++) {
		int code = 0;
		process_join(children[i]);
		process_exitcode(children[i], &code);
		print("%-10s exit code %d", process_name(children[i]), code);
		json_object_set_new(codes, process_name(children[i]),
		                    json_integer(code));
	}
	char after = state_of(pid);
	print("unjoined, PID %d: %s", (int)pid,
	      after == '-' ? "no such process" : "still there");

	bool crash = lesson_is("crash", "segv");
	json_t *expected = json_pack(
		"{s:i, s:i, s:i, s:i, s:i, s:i}", "returns", 0, "exits", 8,
		"crashes", crash ? -11 : 0, "terminated", -15, "killed", -9,
		"unjoined", 0);
	bool right = json_equal(codes, expected) && before == 'Z' &&
	             after == '-';
	lesson_outcome(right, right ? "each left its exit code"
	                            : "an exit code is wrong",
	               json_pack("{s:o, s:b}", "exit_codes", codes, "zombie",
	                         before == 'Z'),
	               json_pack("{s:o, s:b}", "exit_codes", expected,
	                         "zombie", true));
	return lesson_end();
}
