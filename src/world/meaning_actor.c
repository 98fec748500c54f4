/* SPDX-License-Identifier: MIT */
/* Births, ends and sleep. */
#include <inttypes.h>

#include "world/meaning.h"

static const char *spoken_of(const struct telling *telling)
{
	return world_actor_name(telling->world, telling->event->aux);
}

static const char *parent_of(const struct telling *telling)
{
	return world_actor_name(telling->world, telling->actor->parent);
}

void mean_lost(struct telling *telling)
{
	say(telling, "%" PRId64 " events of %s were lost: what is shown of it may not be exact.",
	    telling->event->value, telling->name);
}

/* In whose memory it runs: threads and helpers have none of their own. */
static const char *process_of(const struct telling *telling)
{
	const struct world_actor *actor = telling->actor;

	while (actor->kind != ACTOR_PROCESS && actor->parent < actor->id && world_actor(telling->world, actor->parent) != NULL)
		actor = world_actor(telling->world, actor->parent);
	return actor->name;
}

void mean_process_start(struct telling *telling)
{
	say(telling, "%s has started %s: a new process (pid %" PRId64 ") with its own copy of %s's memory.",
	    telling->name, spoken_of(telling), telling->event->value, process_of(telling));
}

void mean_thread_start(struct telling *telling)
{
	say(telling, "%s has started %s: a thread, which shares all of %s's memory.", telling->name,
	    spoken_of(telling), process_of(telling));
}

static void say_what_it_leaves(struct telling *telling)
{
	const struct world_object *lock = lock_held_by(telling->world, telling->event->actor);
	if (lock != NULL)
		say(telling, "It still held %s: that stays locked unless somebody else releases it.", lock->name);
	const struct world_object *pool = world_object(telling->world, telling->actor->pool);
	for (size_t i = 0; telling->actor->pool != 0 && pool != NULL && i < pool->tasks.count; i++) {
		const struct world_task *task = world_task_at(pool, i);
		if (task->state == TASK_LOST && task->worker == telling->actor->id) {
			say(telling, "Its task %u of %s is lost.", narrative_task_index(task->number), pool->name);
			return;
		}
	}
}

static void say_zombie(struct telling *telling)
{
	if (world_is_zombie(telling->world, telling->event->actor))
		say(telling, "It is a zombie until %s joins it.", parent_of(telling));
}

void mean_process_exit(struct telling *telling)
{
	say(telling, "%s has ended with exit code %" PRId64 ".", telling->name, telling->event->value);
	say_zombie(telling);
	say_what_it_leaves(telling);
}

void mean_killed(struct telling *telling)
{
	say_clause(telling);
	say_what_it_leaves(telling);
	say_zombie(telling);
}

void mean_join_wait(struct telling *telling)
{
	const struct world_actor *child = world_actor(telling->world, telling->event->aux);
	say(telling, "%s waits until %s has ended", telling->name, spoken_of(telling));
	if (child != NULL && (child->state == ACTOR_WAITING || child->state == ACTOR_SLEEPING)) {
		say_more(telling, ", which now ");
		if (child->state == ACTOR_WAITING) {
			add_wait(telling->out, telling->world, child);
		} else {
			say_more(telling, "sleeps until ");
			add_clock(telling->out, child->deadline);
		}
	}
	say_more(telling, ".");
}

void mean_process_join(struct telling *telling)
{
	if (telling->failed) {
		say(telling, "The time was up: %s goes on although %s has not ended.", telling->name, spoken_of(telling));
		return;
	}
	say(telling, "%s has joined %s", telling->name, spoken_of(telling));
	if (telling->event->value < 0) {
		say_more(telling, ", which was killed by ");
		add_signal(telling->out, telling->event->value);
		say_more(telling, ": it is no zombie any more.");
	} else {
		say_more(telling, " and has its exit code, %" PRId64 ": it is no zombie any more.", telling->event->value);
	}
}

void mean_process_reap(struct telling *telling)
{
	say(telling, "%s has seen that %s has ended, and so has reaped it: it is no zombie any more.", telling->name, spoken_of(telling));
}

void mean_process_terminate(struct telling *telling)
{
	say(telling, "%s asks %s to end, by SIGTERM.", telling->name, spoken_of(telling));
}

void mean_process_kill(struct telling *telling)
{
	say(telling, "%s kills %s, by SIGKILL: it can clean up nothing.", telling->name, spoken_of(telling));
}

/* ---- time ---- */

/* The one who wakes first, when nobody can move before; NULL when somebody can. */
static const struct world_actor *next_to_wake(const struct world *world)
{
	const struct world_actor *next = NULL;
	for (size_t id = 0; id < world->actor_count; id++) {
		const struct world_actor *actor = &world->actors[id];
		if (!actor->known || actor->state == ACTOR_EXITED)
			continue;
		if (actor->state == ACTOR_SLEEPING)
			next = next == NULL || actor->deadline < next->deadline ? actor : next;
		else if (actor->state != ACTOR_WAITING || world_may_proceed(world, (unsigned int)id))
			return NULL;
	}
	return next;
}

void mean_sleep(struct telling *telling)
{
	const struct world_actor *next = next_to_wake(telling->world);
	say(telling, "%s sleeps until ", telling->name);
	add_clock(telling->out, telling->actor->deadline);
	if (history_steps(telling->world->history) == 0) { /* a free run: the clock goes on whoever sleeps */
		say_more(telling, ".");
		return;
	}
	if (next == NULL) {
		say_more(telling, "; the others can move meanwhile.");
		return;
	}
	say_more(telling, ".");
	say(telling, "Nobody can move before ");
	add_clock(telling->out, next->deadline);
	say_more(telling, ", when %s wakes up: the clock can only go on to there.", next->name);
}

void mean_wake(struct telling *telling)
{
	say(telling, "It is ");
	add_clock(telling->out, telling->event->time);
	say_more(telling, ": %s wakes up.", telling->name);
}
