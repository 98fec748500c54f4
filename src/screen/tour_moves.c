/* SPDX-License-Identifier: MIT */
/* A tour moves processes with the functions that the keys use, one step a call. */
#include "screen/internal.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "view/lane.h"
#include "view/scene.h"

enum { ACTORS_MAX = 512, STEPS_MAX = 100000 };

/* ---- who ---- */

/* An underscore stands for a space, of which some names have one. */
static bool is_called(const char *name, const char *word, size_t length)
{
	if (strlen(name) != length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (name[i] != word[i] && !(name[i] == ' ' && word[i] == '_'))
			return false;
	return true;
}

/* Of "producer/QueueFeederThread" the part before the slash: anybody above it. */
static bool is_below(const struct world *world, const struct world_actor *actor, const char *word, size_t length)
{
	for (int up = 0; actor != NULL && up < 64; up++) {
		actor = world_actor(world, actor->parent);
		if (actor != NULL && is_called(actor->name, word, length))
			return true;
	}
	return false;
}

static bool is_meant(const struct world *world, unsigned int id, const char *who)
{
	const struct world_actor *actor = world_actor(world, id);
	const char *slash = strchr(who, '/'), *name = slash != NULL ? slash + 1 : who;

	if (actor == NULL || (id == WORLD_FIRST_ACTOR && strcmp(who, "main") == 0))
		return actor != NULL;
	return is_called(actor->name, name, strlen(name)) &&
	       (slash == NULL || is_below(world, actor, who, (size_t)(slash - who)));
}

static bool is_number(const char *who)
{
	return who[0] != '\0' && who[strspn(who, "0123456789")] == '\0' && strlen(who) < 4;
}

static uint16_t actor_of_lane(struct screen *screen, unsigned long lane)
{
	uint16_t lanes[ACTORS_MAX];
	size_t count = scene_lanes(picture_scene(screen), lanes, ACTORS_MAX);

	return lane >= 1 && lane <= count && lane <= ACTORS_MAX ? lanes[lane - 1] : NO_ACTOR;
}

static void name_actors(struct text *out, const struct world *world)
{
	for (unsigned int id = 0; id < world->actor_count; id++)
		if (world_actor(world, id) != NULL)
			text_printf(out, "%s%s", out->length > 0 ? ", " : "", world_actor_name(world, id));
}

/* Those who have left are not meant while one of that name lives. NO_ACTOR: nobody, or `several` live. */
static uint16_t look_for_actor(struct screen *screen, const char *who, bool *several)
{
	const struct world *world = picture_scene(screen)->world;
	uint16_t found = is_number(who) ? actor_of_lane(screen, strtoul(who, NULL, 10)) : NO_ACTOR;

	*several = false;
	for (unsigned int id = 0; id < world->actor_count && !is_number(who); id++) {
		if (!is_meant(world, id, who))
			continue;
		bool lives = world_actor(world, id)->state != ACTOR_EXITED;
		*several = *several || (lives && found != NO_ACTOR && world_actor(world, found)->state != ACTOR_EXITED);
		if (found == NO_ACTOR || lives)
			found = (uint16_t)id;
	}
	return *several ? NO_ACTOR : found;
}

/* NO_ACTOR: the tour has failed. */
static uint16_t find_actor(struct screen *screen, const char *who)
{
	const struct world *world = picture_scene(screen)->world;
	bool several;
	uint16_t found = look_for_actor(screen, who, &several);
	struct text names = TEXT_INIT;

	if (found != NO_ACTOR)
		return found;
	name_actors(&names, world);
	if (several)
		tour_fail(screen, "several are called %s; name the lane by its number, or PROCESS/%s", who, who);
	else
		tour_fail(screen, "there is no %s yet; there are: %s", who, names.bytes);
	text_release(&names);
	return NO_ACTOR;
}

/* ---- one step ---- */

/* The key that would have done it: the number of a lane, or s, when it is this actor that the lane would move. */
static void show_key(struct screen *screen, uint16_t actor)
{
	const struct scene *scene = picture_scene(screen);
	uint16_t lanes[ACTORS_MAX], owner = lane_owner(scene, actor);
	size_t count = scene_lanes(scene, lanes, ACTORS_MAX);
	char key[2] = "";

	screen->scene.ui.selected = owner;
	for (size_t i = 0; i < count && i < ACTORS_MAX; i++)
		if (lanes[i] == owner && scene_lane_mover(scene, owner) == actor)
			key[0] = i < 9 ? (char)('1' + i) : 's';
	if (key[0] != '\0')
		audience_key(screen, key);
}

static void next_after(struct screen *screen, uint64_t now)
{
	screen->tour.done++;
	tour_delay(screen, now, 1 / screen->tour.pace);
}

static bool say_cannot(struct screen *screen, uint16_t actor)
{
	const struct world *world = screen->session.world;
	struct text state = TEXT_INIT;

	narrative_state(&state, world, actor);
	tour_fail(screen, "%s cannot move: %s", world_actor_name(world, actor),
	          run_state(screen->session.run) == RUN_ENDED ? "the run has ended" : state.bytes);
	text_release(&state);
	return true;
}

/* True: it could not be done, and that was said. */
static bool fails_to_step(struct screen *screen, uint16_t actor, uint64_t now)
{
	past_present(screen);
	if (!step_is_candidate(screen, actor))
		return say_cannot(screen, actor);
	show_key(screen, actor);
	if (!step_grant(screen, actor))
		return say_cannot(screen, actor);
	next_after(screen, now);
	return screen->tour.done > STEPS_MAX && tour_fail(screen, "that does not happen within %d steps", STEPS_MAX);
}

/* ---- until when ---- */

static bool is_object(const struct world *world, unsigned int object, const char *name)
{
	return name == NULL || is_called(world_object_name(world, object), name, strlen(name));
}

/* Whether somebody (NO_ACTOR: anybody) has done it since the command began. */
static bool has_done(struct screen *screen, const struct tour_command *command, uint16_t actor)
{
	const struct history *history = session_history(screen);
	const struct world *world = picture_scene(screen)->world;

	for (uint64_t i = screen->tour.mark; i < history_count(history); i++) {
		const struct wire_event *event = history_at(history, i);
		if (event->kind == command->kind && (actor == NO_ACTOR || event->actor == actor) &&
		    is_object(world, event->object, command->object))
			return true;
	}
	return false;
}

static bool is_about_to(struct screen *screen, const struct tour_command *command, uint16_t actor)
{
	size_t count;
	const struct about *about = run_about(screen->session.run, &count);

	return actor < count && about[actor].known && about[actor].kind == command->kind &&
	       is_object(picture_scene(screen)->world, about[actor].object, command->object);
}

static bool has_left(struct screen *screen, uint16_t actor)
{
	const struct world_actor *who = world_actor(picture_scene(screen)->world, actor);

	return who != NULL && who->state == ACTOR_EXITED;
}

/* It lay down to sleep, or had to wait, in the last step, even when that is over already: no time need pass for it. */
static bool has_stopped(struct screen *screen, uint16_t actor)
{
	const struct history *history = session_history(screen);
	uint64_t steps = history_steps(history);

	for (uint64_t i = steps > 0 ? history_step_position(history, steps - 1) : 0; i < history_count(history); i++) {
		const struct wire_event *event = history_at(history, i);
		enum actor_state state = event_kind_info(event->kind)->state_after;
		if (event->actor == actor && (state == ACTOR_SLEEPING || state == ACTOR_WAITING))
			return true;
	}
	return false;
}

static bool step_is_over(struct screen *screen, const struct tour_command *command, uint16_t actor)
{
	switch (command->until) {
	case UNTIL_COUNT:
		return screen->tour.done == command->count;
	case UNTIL_DONE:
		return has_done(screen, command, actor);
	case UNTIL_BEFORE:
		return is_about_to(screen, command, actor);
	case UNTIL_BLOCKED:
		return !step_is_candidate(screen, actor) || (screen->tour.done > 0 && has_stopped(screen, actor));
	case UNTIL_EXIT:
		return has_left(screen, actor);
	}
	return true;
}

bool tour_step(struct screen *screen, uint64_t now)
{
	const struct tour_command *command = tour_command(&screen->tour);
	uint16_t actor = find_actor(screen, command->who);

	return actor == NO_ACTOR || step_is_over(screen, command, actor) || fails_to_step(screen, actor, now);
}

/* ---- whom the strategy chooses ---- */

static bool run_is_over(struct screen *screen, const struct tour_command *command)
{
	bool several;

	if (command->until == UNTIL_COUNT)
		return command->count > 0 && screen->tour.done == command->count;
	if (command->who == NULL)
		return has_done(screen, command, NO_ACTOR);
	uint16_t actor = look_for_actor(screen, command->who, &several); /* who may not be born yet */
	return actor != NO_ACTOR && has_done(screen, command, actor);
}

static bool stop_running(struct screen *screen)
{
	step_stop(screen);
	return true;
}

bool tour_run(struct screen *screen, uint64_t now)
{
	const struct tour_command *command = tour_command(&screen->tour);
	struct session *session = &screen->session;
	uint16_t actors[ACTORS_MAX];

	if (screen->tour.done == 0)
		audience_key(screen, "space");
	past_present(screen);
	if (run_is_over(screen, command))
		return stop_running(screen);
	size_t count = run_candidates(session->run, actors, ACTORS_MAX);
	if (count == 0 && command->until == UNTIL_COUNT && command->count == 0)
		return stop_running(screen);
	if (count == 0)
		return stop_running(screen) && tour_fail(screen, "nobody can move any more, and it has not happened");
	session->doing = DOING_TOUR;
	uint16_t actor = strategy_choose(&session->strategy, actors, count < ACTORS_MAX ? count : ACTORS_MAX);
	if (!step_grant(screen, actor))
		return stop_running(screen) && say_cannot(screen, actor);
	next_after(screen, now);
	if (screen->tour.done > STEPS_MAX)
		return stop_running(screen) && tour_fail(screen, "that does not happen within %d steps", STEPS_MAX);
	return false;
}

bool tour_follow(struct screen *screen, uint64_t now)
{
	struct tour_player *player = &screen->tour;
	struct text problem = TEXT_INIT;

	if (player->done == 0) {
		schedule_release(&player->choices);
		if (schedule_parse(&player->choices, tour_command(player)->words, &problem) < 0)
			tour_fail(screen, "%s", problem.bytes);
		text_release(&problem);
	}
	return player->over || player->done == player->choices.count ||
	       fails_to_step(screen, player->choices.choices[player->done], now);
}

/* ---- back ---- */

bool tour_back(struct screen *screen, uint64_t now)
{
	if (screen->tour.done == tour_command(&screen->tour)->count)
		return true;
	if (run_schedule(screen->session.run)->count == 0)
		return tour_fail(screen, "this is the beginning: there is no step to take back");
	past_present(screen);
	audience_key(screen, "b");
	rerun_back(screen);
	next_after(screen, now);
	return false;
}

bool tour_again(struct screen *screen, uint64_t now)
{
	audience_key(screen, "r");
	session_restart(screen);
	tour_delay(screen, now, 1 / screen->tour.pace);
	return true;
}
