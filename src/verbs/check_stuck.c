/* SPDX-License-Identifier: MIT */
/* Of a run that came to no end: who is to blame, as far as its events tell. */
#include <signal.h>
#include <string.h>

#include "director/run.h"
#include "verbs/check.h"

/* "The last that was seen of it, of line 52: ForkPoolWorker-1 takes task 3 of pool." */
static void say_last(struct text *why, const struct world *world, unsigned int actor)
{
	uint64_t event = history_actor_last(world->history, actor, history_count(world->history));

	while (event != HISTORY_NONE && history_at(world->history, event)->kind == EVENT_KILLED)
		event = history_actor_last(world->history, actor, event);
	if (event == HISTORY_NONE)
		return;
	unsigned int line = history_place(world->history, history_at(world->history, event)->place).line;
	text_add(why, " The last that was seen of it");
	if (line > 0)
		text_printf(why, ", of line %u", line);
	text_add(why, ": ");
	narrative_event(why, world, event);
	text_add(why, ".");
}

static bool is_crash(const struct wire_event *event)
{
	return event->kind == EVENT_KILLED && event->value < 0 && event->value != -SIGTERM; /* that is how a pool ends its workers */
}

/* The first that died of itself: what follows may come of that. */
static void say_crash(struct text *why, const struct world *world)
{
	uint64_t count = history_count(world->history), at = 0;

	while (at < count && !is_crash(history_at(world->history, at)))
		at++;
	if (at == count)
		return;
	const struct wire_event *event = history_at(world->history, at);
	text_printf(why, " Before that %s was killed by signal %d (%s).", world_actor_name(world, event->actor), (int)-event->value,
	            strsignal((int)-event->value));
	say_last(why, world, event->actor);
}

/* Who has been let go and did not come back. */
static void say_out_of_sight(struct text *why, const struct world *world, struct run *run)
{
	size_t count;
	const struct about *about = run_about(run, &count);

	for (size_t id = 0; id < count; id++)
		if (about[id].out_of_sight && world_actor(world, (unsigned int)id) != NULL) {
			text_printf(why, " %s does not come back from its last step: it computes, or waits in a call that is none of the "
			            "library.", world_actor_name(world, (unsigned int)id));
			say_last(why, world, (unsigned int)id);
			return;
		}
}

void check_explain(struct run *run, const struct exercise *exercise, struct text *why)
{
	const struct history *history = run_history(run);
	struct world *world = world_new(history);
	struct text known = TEXT_INIT;

	world_seek(world, history_count(history));
	if (run_state(run) == RUN_DEADLOCK) {
		text_add(why, "Nobody can move any more. ");
		narrative_deadlock(why, world);
		say_crash(why, world);
	} else if (run_state(run) == RUN_ENDED) {
		text_printf(why, "It did not come to its end: %s.", run_result(run)->verdict);
		say_last(why, world, WORLD_FIRST_ACTOR);
	} else if (run_options(run)->gated) {
		say_out_of_sight(why, world, run);
	}
	if (exercise != NULL)
		exercise->explain_stuck(&(struct exercise_run){.history = history}, &known);
	if (known.length > 0)
		text_printf(why, " %s", known.bytes);
	text_release(&known);
	world_free(world);
}
