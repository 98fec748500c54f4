/* SPDX-License-Identifier: MIT */
/* Pools: who takes which task, and how far the work is. */
#include "world/meaning.h"

#include <ctype.h>

struct tally {
	size_t by_state[TASK_STATES];
	size_t idle; /* workers that wait for a task */
};

static struct tally count_tasks(const struct telling *telling)
{
	struct tally tally = {0};
	uint16_t names[NAMES_SHOWN];
	for (size_t i = 0; i < TASK_STATES; i++)
		tally.by_state[i] = telling->object->tasks_in[i];
	tally.idle = waiting_for(telling, EVENT_POOL_TASK_WAIT, names);
	return tally;
}

/* "2 tasks wait, 1 is at work, 3 are done." What there is none of is left out. */
static void say_progress(struct telling *telling, const struct tally *tally)
{
	const struct {
		size_t count;
		const char *one, *many;
	} parts[] = {
		{tally->by_state[TASK_QUEUED], "task waits", "tasks wait"},
		{tally->by_state[TASK_RUNNING], "is at work", "are at work"},
		{tally->by_state[TASK_DONE] + tally->by_state[TASK_FAILED], "is done", "are done"},
		{tally->by_state[TASK_LOST], "is lost", "are lost"},
		{tally->by_state[TASK_CANCELLED], "is cancelled", "are cancelled"},
	};
	bool any = false;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		if (parts[i].count == 0)
			continue;
		if (any)
			say_more(telling, ", ");
		else
			begin_sentence(telling);
		any = true;
		add_count(telling->out, parts[i].count, parts[i].one, parts[i].many);
	}
	if (any)
		say_more(telling, ".");
}

/* "task 0: ["Ibrahim",5]": the arguments were told when it was given. */
static void say_task(struct telling *telling)
{
	const struct world_object *pool = telling->object;
	narrative_task(telling->out, telling->event->aux);
	const struct world_task *task = world_task(pool, telling->event->aux);
	if (task == NULL || task->submit_event == HISTORY_NONE)
		return;
	const char *text = history_text(telling->world->history, task->submit_event, NULL);
	say_more(telling, text[0] != '\0' ? ": " : "");
	add_message(telling->out, text, false);
}

/* "Task 0", which begins a sentence. */
static void say_the_task(struct telling *telling)
{
	begin_sentence(telling);
	size_t first = telling->out->length;
	narrative_task(telling->out, telling->event->aux);
	telling->out->bytes[first] = (char)toupper((unsigned char)telling->out->bytes[first]);
}

/* Workers that are threads take their tasks from memory; processes need a pipe. */
static bool has_threads(const struct telling *telling)
{
	for (size_t id = 0; id < telling->world->actor_count; id++)
		if (telling->world->actors[id].pool == telling->object->id)
			return telling->world->actors[id].kind == ACTOR_THREAD;
	return false;
}

void mean_pool_submit(struct telling *telling)
{
	struct tally tally = count_tasks(telling);
	if (telling->failed)
		return;
	say_the_task(telling);
	say_more(telling, " waits in %s: whichever idle worker %s next takes it.", telling->thing,
	         has_threads(telling) ? "looks there" : "reads the task pipe");
	if (tally.idle > 0) {
		begin_sentence(telling);
		add_count(telling->out, tally.idle, "worker is idle.", "workers are idle.");
	} else {
		say_progress(telling, &tally);
	}
}

void mean_pool_task(struct telling *telling)
{
	struct tally tally = count_tasks(telling);
	if (telling->failed)
		return;
	say(telling, has_threads(telling) ? "%s has taken " : "%s was the first to read the task pipe and has ",
	    telling->name);
	say_task(telling);
	say_more(telling, ".");
	say_progress(telling, &tally);
}

void mean_pool_task_wait(struct telling *telling)
{
	struct tally tally = count_tasks(telling);
	if (tally.by_state[TASK_QUEUED] > 0)
		say(telling, "%s is idle and can take the next task.", telling->name);
	else
		say(telling, "%s is idle: no task waits in %s.", telling->name, telling->thing);
	say_progress(telling, &tally);
}

void mean_pool_done(struct telling *telling)
{
	struct tally tally = count_tasks(telling);
	say(telling, telling->failed ? "In %s an error was raised by " : "%s has finished ", telling->name);
	say_task(telling);
	say_more(telling, telling->failed ? "; the other tasks go on all the same." : ".");
	say_progress(telling, &tally);
}

void mean_pool_result_wait(struct telling *telling)
{
	struct tally tally = count_tasks(telling);
	say(telling, "%s waits for results of %s.", telling->name, telling->thing);
	if (tally.by_state[TASK_LOST] > 0)
		say(telling, "One that was lost with its worker will never come.");
	else
		say_progress(telling, &tally);
}

void mean_pool_close(struct telling *telling)
{
	say(telling, "%s takes no more tasks; its workers end when the work is done.", telling->thing);
}

void mean_pool_terminate(struct telling *telling)
{
	struct tally tally = count_tasks(telling);
	say(telling, "%s is ended at once; work that is not finished is lost.", telling->thing);
	say_progress(telling, &tally);
}

/* Told by the thread that calls, before anybody can have the result. */
void mean_pool_callback(struct telling *telling)
{
	say(telling, "A callback runs in the process that has %s, in its result handler: while it does, no other result "
	    "is received.", telling->thing);
}

void mean_executor_broken(struct telling *telling)
{
	struct tally tally = count_tasks(telling);
	say(telling, "A worker of %s has died. Where a Pool would replace it and wait for ever, an executor fails all that "
	    "is not finished.", telling->thing);
	say_progress(telling, &tally);
}

void mean_future_wait(struct telling *telling)
{
	struct tally tally = count_tasks(telling);
	if (telling->event->aux != 0) {
		say(telling, "%s waits until ", telling->name);
		narrative_task(telling->out, telling->event->aux);
		say_more(telling, " is done.");
	} else {
		say(telling, "%s waits until the next of its futures is done, whichever that is.", telling->name);
	}
	say_progress(telling, &tally);
}

void mean_future_cancel(struct telling *telling)
{
	say_the_task(telling);
	say_more(telling, telling->failed ? " has been given to a worker, or is done: too late to cancel it."
	                                  : " had not been given to a worker: nobody will do it.");
}
