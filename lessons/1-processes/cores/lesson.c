/* SPDX-License-Identifier: MIT */
/* The same work for 1, 2, 3 … processes. How much sooner is it done? */

#include <math.h>
#include <stdint.h>
#include <unistd.h>

#include "mp/mp.h"

static const struct lesson_parameter parameters[] = {
	{.name = "kind", .choices = "computing|sleeping",
	 .fallback = "computing", .help = "what the work is"},
	{.name = "work", .low = 1, .high = 100000, .fallback = "300",
	 .help = "all of the work: million steps, or milliseconds of sleep"},
	{.name = "most", .low = 0, .high = 64, .fallback = "0",
	 .help = "most workers to try; 0: twice as many as there are cores"},
	{0}};

static const struct lesson_variant variants[] = {
	{"computing", "kind=computing", "faster up to the number of cores"},
	{"sleeping", "kind=sleeping", "faster and faster: sleep needs no core"},
	{0}};

static const struct lesson lesson = {
	.title = "As many as there are cores",
	.summary = "The same amount of work is shared out among 1, 2, 3 … "
	           "processes. It gets faster, up to a point.",
	.parameters = parameters,
	.variants = variants,
	.outcome = "cores: of this machine; workers: how many were tried; "
	           "seconds: how long each took; speedup: against one worker "
	           "(both null when stepped: no time passes then)",
	.right = "every worker did its part; the curve is the machine's own",
	.step_settings = "kind=sleeping work=100 most=3"};

enum { MOST = 128, BAR = 8 };

static bool computing(void)
{
	return lesson_is("kind", "computing");
}

/* Each step needs the one before: no compiler can leave any out. */
static uint64_t compute(long steps)
{
	uint64_t x = 1;

	for (long i = 0; i < steps; i++)
		x = x * 6364136223846793005u + 1442695040888963407u;
	return x;
}

static void work(void *argument)
{
	double share = *(double *)argument;

	if (!computing())
		clock_sleep(share / 1000);
	else if (compute((long)(share * 1e6)) == 0)
		process_exit(2); /* so that the result is used */
}

static double time_with(long workers, bool *all_well)
{
	static struct process *processes[MOST];
	double share = (double)lesson_integer("work") / (double)workers;
	double began = clock_seconds();

	for (long i = 0; i < workers; i++) {
		processes[i] = process_new(NULL, work, &share);
		process_start(processes[i]);
	}
	for (long i = 0; i < workers; i++) {
		int code = -1;
		process_join(processes[i]);
		process_exitcode(processes[i], &code);
		*all_well = *all_well && code == 0;
		process_free(processes[i]);
	}
	return round((clock_seconds() - began) * 1e6) / 1e6;
}

/* # for the speed-up, . for what is missing to a core for each. */
static void draw(long workers, char star, double took, double speedup,
                 long most)
{
	static const char got[] = "########", ideal[] = "........";
	int length = (int)(speedup * BAR / (double)most + 0.5);
	length = length < BAR ? length : BAR;
	int missing = (int)(workers * BAR / most) - length;

	print("W=%-2ld%c %.3f s %5.2fx %.*s%.*s", workers, star, took, speedup,
	      length, got, missing > 0 ? missing : 0, ideal);
}

int main(int argc, char **argv)
{
	lesson_begin(&lesson, argc, argv);
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	long most = lesson_integer("most");
	if (most == 0)
		most = cores < MOST / 2 ? 2 * cores : MOST;
	if (computing()) /* sleep needs none */
		print("cores: %ld *", cores);

	bool all_well = true;
	double alone = 0;
	json_t *tried = json_array(), *seconds = json_array(),
	       *speedups = json_array();
	for (long w = 1; w <= most; w += w < 8 ? 1 : w / 4) {
		double took = time_with(w, &all_well);
		if (w == 1)
			alone = took;
		json_array_append_new(tried, json_integer(w));
		if (took <= 0) {
			/* Stepped, computing takes no time: nothing to say. */
			print("W=%ld: no time has passed", w);
			json_array_append_new(seconds, json_null());
			json_array_append_new(speedups, json_null());
			continue;
		}
		draw(w, computing() && w == cores ? '*' : ' ', took,
		     alone / took, most);
		json_array_append_new(seconds, json_real(took));
		json_array_append_new(speedups, json_real(alone / took));
	}

	lesson_outcome(all_well, alone > 0 ? "timed" : "stepped, not timed",
	               json_pack("{s:I, s:o, s:o, s:o}", "cores",
	                         (json_int_t)cores, "workers", tried,
	                         "seconds", seconds, "speedup", speedups),
	               NULL);
	return lesson_end();
}
