/* SPDX-License-Identifier: MIT */
/* Of a run that came to no end: who is to blame, as far as its events tell. */
#include <signal.h>
#include <string.h>

#include "director/run.h"
#include "verbs/check.h"

/* The actor's last event before that one that is a deed of its own: no end, and not what it wrote past the library. */
static uint64_t last_deed(const struct history *history, unsigned int actor, uint64_t before)
{
	uint64_t event = before;
	unsigned int kind;

	do {
		event = history_actor_last(history, actor, event);
		kind = event != HISTORY_NONE ? history_at(history, event)->kind : EVENT_UNKNOWN;
	} while (kind == EVENT_KILLED || kind == EVENT_PROCESS_EXIT || kind == EVENT_OUTPUT);
	return event;
}

static void say_event(struct text *why, const struct world *world, uint64_t event)
{
	text_add_char(why, ' ');
	narrative_event(why, world, event);
	text_add(why, why->bytes[why->length - 1] == '.' ? "" : ".");
}

/* "The last that was seen of it, of line 52: ForkPoolWorker-1 takes task 3 of pool." And the last that it wrote after that. */
static void say_last(struct text *why, const struct world *world, unsigned int actor)
{
	const struct history *history = world->history;
	uint64_t last = last_deed(history, actor, history_count(history));

	if (last == HISTORY_NONE)
		return;
	unsigned int line = history_place(history, history_at(history, last)->place).line;
	text_add(why, " The last that was seen of it");
	if (line > 0)
		text_printf(why, ", of line %u", line);
	text_add_char(why, ':');
	say_event(why, world, last);
	uint64_t written = HISTORY_NONE;
	for (uint64_t event = last; (event = history_actor_next(history, actor, event + 1)) != HISTORY_NONE;)
		if (history_at(history, event)->kind == EVENT_OUTPUT)
			written = event;
	if (written != HISTORY_NONE)
		say_event(why, world, written);
}

static bool is_crash(const struct wire_event *event)
{
	if (event->kind == EVENT_PROCESS_EXIT)
		return event->value != 0;
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
	text_printf(why, " Before that %s ", world_actor_name(world, event->actor));
	if (event->kind == EVENT_KILLED)
		text_printf(why, "was killed by signal %d (%s).", (int)-event->value, strsignal((int)-event->value));
	else
		text_printf(why, "ended with exit code %d.", (int)event->value);
	say_last(why, world, event->actor);
}

/* Nobody waits: who moves keeps moving. */
static void say_latest(struct text *why, const struct world *world)
{
	uint64_t count = history_count(world->history);

	if (count == 0)
		return;
	unsigned int actor = history_at(world->history, count - 1)->actor;
	text_printf(why, " It was %s that moved last.", world_actor_name(world, actor));
	say_last(why, world, actor);
}

/* Who has been let go and did not come back; when there is none, who moved last. */
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
	say_latest(why, world);
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
