/* SPDX-License-Identifier: MIT */
#include "screen/internal.h"

#include <stdlib.h>

enum { LANES_MAX = 512 };

bool step_is_candidate(struct screen *screen, uint16_t actor)
{
	uint16_t actors[LANES_MAX];
	size_t count = run_candidates(screen->session.run, actors, LANES_MAX);

	for (size_t i = 0; i < count && i < LANES_MAX; i++)
		if (actors[i] == actor)
			return true;
	return false;
}

void step_settled(struct screen *screen)
{
	struct session *session = &screen->session;
	enum run_state state = run_state(session->run);

	screen->dirty = true;
	trail_note(&session->trail, session->run);
	if (state != RUN_ENDED && state != RUN_DEADLOCK)
		return;
	if (session->doing != DOING_RERUN)
		step_stop(screen);
	session_note_end(screen);
}

bool step_grant(struct screen *screen, uint16_t actor)
{
	struct run *run = screen->session.run;

	if (run_step(run, actor, STEP_MS) != 0)
		return false;
	if (run_state(run) != RUN_BUSY)
		step_settled(screen);
	screen->dirty = true;
	return true;
}

/* ---- why somebody cannot move, and who can ---- */

/* The lanes in which somebody can move, as indexes. */
static size_t find_movers(const struct scene *scene, const uint16_t *lanes, size_t count, size_t *movers)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (scene_lane_mover(scene, lanes[i]) != NO_ACTOR)
			movers[found++] = i;
	return found;
}

static void add_key_of_mover(struct screen *screen, struct text *words)
{
	const struct scene *scene = picture_scene(screen);
	uint16_t lanes[LANES_MAX];
	size_t movers[LANES_MAX];
	size_t count = scene_lanes(scene, lanes, LANES_MAX);
	size_t found = find_movers(scene, lanes, count < LANES_MAX ? count : LANES_MAX, movers);

	size_t numbers = 0;

	while (numbers < found && numbers < 9 && (movers[numbers] < 9) == (movers[0] < 9))
		numbers++;
	for (size_t i = 0; i < numbers; i++)
		text_printf(words, "%s%zu", i > 0 ? i + 1 == numbers ? " or " : ", " : movers[i] < 9 ? "; press " : "; press 0, then ",
			    movers[i] + 1);
	if (found == 1)
		text_printf(words, ": %s", world_actor_name(scene->world, lanes[movers[0]]));
}

bool step_say_why_nobody(struct screen *screen)
{
	enum run_state state = run_state(screen->session.run);

	if (past_shown(screen))
		return false;
	if (state == RUN_ENDED)
		screen_message(screen, "the run has ended: b takes a step back, r starts it again, ← looks back");
	else if (state == RUN_DEADLOCK)
		screen_message(screen, "deadlock: nobody can ever move again; b takes a step back, r starts again");
	else if (state == RUN_BUSY)
		screen_message_while_busy(screen, "somebody is running outside our sight; steps go on when it is back");
	else
		return false;
	return true;
}

static void say_why(struct screen *screen, uint16_t actor)
{
	const struct scene *scene = picture_scene(screen);
	struct text words = TEXT_INIT;

	if (step_say_why_nobody(screen))
		return;
	text_printf(&words, "%s: ", world_actor_name(scene->world, actor));
	narrative_state(&words, scene->world, actor);
	add_key_of_mover(screen, &words);
	screen_message(screen, "%s", words.bytes);
	text_release(&words);
}

/* ---- by hand ---- */

/* Moving in the past: what happened happens again by looking on; anything else is another future. */
static void step_in_past(struct screen *screen, uint16_t actor)
{
	const struct schedule *schedule = run_schedule(screen->session.run);
	uint64_t step = past_step_shown(screen);

	if (step < schedule->count && schedule->choices[step] == actor) {
		past_step(screen, 1);
		return;
	}
	branches_keep(screen, schedule);
	rerun_start(screen, schedule, step, actor);
	screen_message(screen, "another future from step %llu on; B shows the one you left", (unsigned long long)step);
}

bool step_allowed(struct screen *screen)
{
	struct session *session = &screen->session;

	if (session->run == NULL) {
		screen_message(screen, "the lesson could not be started: r tries again");
		return false;
	}
	if (!session->gated) {
		screen_message(screen, "this run is free, nobody is stepped: F goes back to stepping");
		return false;
	}
	if (session->doing == DOING_RERUN && !rerun_complete(screen)) {
		screen_message(screen, "still running again up to there; Esc stops it");
		return false;
	}
	step_stop(screen);
	return true;
}

void step_actor(struct screen *screen, uint16_t actor)
{
	if (!step_allowed(screen))
		return;
	if (past_shown(screen))
		step_in_past(screen, actor);
	else if (!step_grant(screen, actor))
		say_why(screen, actor);
	if (!past_shown(screen))
		screen->scene.ui.present = true;
}

/* The lane's own actor, or one of its folded helpers. */
static void step_of_lane(struct screen *screen, uint16_t lane)
{
	if (!step_allowed(screen))
		return;
	uint16_t mover = scene_lane_mover(picture_scene(screen), lane);
	if (mover == NO_ACTOR)
		say_why(screen, lane);
	else
		step_actor(screen, mover);
}

void step_selected(struct screen *screen)
{
	step_of_lane(screen, screen->scene.ui.selected);
}

void step_lane(struct screen *screen, unsigned int lane)
{
	uint16_t lanes[LANES_MAX];
	size_t count = scene_lanes(picture_scene(screen), lanes, LANES_MAX);

	if (lane >= count) {
		screen_message(screen, count == 1 ? "there is only 1 so far" : "there are only 1 to %zu so far", count);
		return;
	}
	screen->scene.ui.selected = lanes[lane];
	step_of_lane(screen, lanes[lane]);
}

void step_numbered(struct screen *screen, const char *typed)
{
	char *end;
	unsigned long number = strtoul(typed, &end, 10);

	if (number > 0 && number <= LANES_MAX && *end == '\0')
		step_lane(screen, (unsigned int)number - 1);
	else if (typed[0] != '\0')
		screen_message(screen, "'%s' is the number of no process", typed);
}

void step_finish(struct screen *screen)
{
	struct session *session = &screen->session;

	if (!step_allowed(screen))
		return;
	if (past_shown(screen)) {
		screen_message(screen, "G goes to the present first; s or a number makes another future from here");
		return;
	}
	uint16_t mover = scene_lane_mover(picture_scene(screen), screen->scene.ui.selected);
	if (mover == NO_ACTOR) {
		say_why(screen, screen->scene.ui.selected);
		return;
	}
	session->doing = DOING_FINISH;
	session->finishing = mover;
}
