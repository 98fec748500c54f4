/* SPDX-License-Identifier: MIT */
/*
 * The cap on a run's time. What counts is real time in which its processes could move by themselves:
 *
 *     free                   all of it, but pauses
 *     gated                  all of it
 *     gated, on the screen   from the moment somebody is let go until we go to do something else; how long it
 *                            then stands, and waits to be told who moves next, is nobody's fault
 *
 * Of one look to the next at most GAP_NS counts: who looks away for longer waits for whoever reads what is printed, or
 * was stopped together with the lesson (Ctrl-Z), and that is not to end what goes on after it.
 *
 * The run is ended as if its main process had been killed: what was seen until then is in the history.
 */
#include "base/monotonic.h"
#include "director/internal.h"

#define GAP_NS 200000000ull
#define SWEEP_NS 3000000000ull /* the supervisor is given so long; then it is asked again */

double limit_seconds(const struct run *run)
{
	const struct run_options *options = &run->options;
	double seconds = options->on_screen ? RUN_TIME_LIMIT_ON_SCREEN : RUN_TIME_LIMIT;

	if (options->time_limit > 0)
		return options->time_limit;
	return !options->gated && options->speed < 1 ? seconds / options->speed : seconds;
}

static void end_in_time(struct run *run)
{
	bool first = !run->timed_out;

	run->timed_out = true;
	if (first || run->options.gated)
		launcher_stop(run->launcher, run->main, 0);
	if (run->options.gated) /* of a free one the pump hears */
		run->state = settle_end(run, monotonic_ns() + SWEEP_NS);
}

void limit_look(struct run *run)
{
	if (run->counted == 0 || (run->options.gated && run->options.on_screen))
		run->counted = monotonic_ns();
}

void limit_count(struct run *run)
{
	uint64_t now = monotonic_ns(), passed = now - run->counted;

	run->moved += passed < GAP_NS ? passed : GAP_NS;
	run->counted = now;
	if (!run->finished && run->main != 0 && (double)run->moved / 1e9 > limit_seconds(run))
		end_in_time(run);
}
