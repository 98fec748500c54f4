/* SPDX-License-Identifier: MIT */
/* One child: made, started, joined. What is it at each point? */

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "join", .choices = "off|on", .fallback = "on",
	 .help = "wait for the child before looking at it again"},
	{.name = "work", .low = 0, .high = 10, .real = true, .fallback = "1",
	 .help = "seconds that the child takes"},
	{0}};

static const struct lesson_variant variants[] = {
	{"joined", "join=on", "initial, started, stopped with exit code 0"},
	{"not joined", "join=off", "main looks too early"},
	{0}};

static const struct lesson lesson = {
	.title = "Hello, process",
	.summary = "A child process is made with an argument, started and "
	           "joined. It is a process of its own, with its own PID.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "states: what the child was when made, once started, and "
	           "at the end; exit_code: the status it left, or null",
	.right = "initial, started, stopped; exit code 0",
	.step_settings = "work=0"};

static void hello(void *argument)
{
	const char *name = argument;
	double work = lesson_real("work");

	if (work > 0)
		clock_sleep(work);
	print("Hello %s, from PID %d, child of PID %d", name, (int)getpid(),
	      (int)getppid());
}

/* Prints what Python shows for a process, and picks its state out of it. */
static json_t *look_at(struct process *p)
{
	static const char *const states[] = {"initial", "started", "stopped"};
	char text[128];

	process_describe(p, text, sizeof(text));
	print("%s", text);
	for (size_t i = 0; i < 3; i++)
		if (strstr(text, states[i]))
			return json_string(states[i]);
	return json_null();
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	char bob[] = "bob";
	json_t *states = json_array();
	print("main is PID %d", (int)getpid());

	struct process *p = process_new(NULL, hello, bob);
	json_array_append_new(states, look_at(p)); /* an object, no process */

	process_start(p);
	json_array_append_new(states, look_at(p)); /* a process, running */

	if (lesson_is("join", "on"))
		process_join(p);
	json_array_append_new(states, look_at(p)); /* joined: it has ended */

	int code;
	bool ended = process_exitcode(p, &code);
	if (!ended)
		process_join(p); /* main has looked: now it may wait */

	/* A child may be done before main asks what it is. */
	const char *last = json_string_value(json_array_get(states, 2));
	bool stopped = ended && code == 0 && strcmp(last, "stopped") == 0;
	lesson_outcome(stopped || lesson_is("join", "off"),
	               stopped ? "stopped with exit code 0"
	                       : "not yet stopped when main looked",
	               json_pack("{s:o, s:o}", "states", states, "exit_code",
	                         ended ? json_integer(code) : json_null()),
	               json_pack("{s:[s, s, s], s:i}", "states", "initial",
	                         "started", "stopped", "exit_code", 0));
	return lesson_end();
}
