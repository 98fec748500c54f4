/* SPDX-License-Identifier: MIT */
#include "export/svg_plan.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "export/svg.h"
#include "view/mark.h"
#include "world/narrative.h"

enum {
	STEPS_MOST = 400,       /* that are drawn as wide as what they show */
	BANDS_MOST = 12,        /* likewise */
	TIGHT_BANDS = 4,        /* that a longer run is pressed into */
	LANES_MOST = 200,
	VALUES_MOST = 12,
	LOCKS_MOST = 12,
	NAME_MOST = 22,         /* characters */
};

static const double STEP_LEAST = 12, GAP = 6, TIGHT_WIDTH = 2400, TIME_WIDTH = 1100, ROOM_LEAST = 200, LANE = 34, ROW = 24, AXIS = 14;

/* ---- lanes and rows ---- */

static bool has_lane(const struct world *world, const struct world_actor *actor)
{
	return actor != NULL && (actor->kind != ACTOR_HELPER || world_actor(world, actor->parent) == NULL);
}

static void place_lanes(struct svg_plan *plan, const struct world *world)
{
	plan->actor_count = world->actor_count;
	plan->lanes = memory_array(plan->actor_count + 1, sizeof *plan->lanes);
	plan->lane_of = memory_array(plan->actor_count + 1, sizeof *plan->lane_of);
	for (unsigned int id = 0; id < plan->actor_count; id++) {
		plan->lane_of[id] = SVG_NO_LANE;
		if (!has_lane(world, world_actor(world, id)) || plan->lane_count == LANES_MOST)
			continue;
		plan->lane_of[id] = (uint16_t)plan->lane_count;
		plan->lanes[plan->lane_count++] = (uint16_t)id;
	}
	/* A helper's parent is older than itself. */
	for (unsigned int id = 0; id < plan->actor_count; id++) {
		const struct world_actor *actor = world_actor(world, id);

		if (actor != NULL && !has_lane(world, actor) && actor->parent < id)
			plan->lane_of[id] = plan->lane_of[actor->parent];
	}
}

/* Whoever has not left by the end of the run, or of what is known of it, says why. */
static void place_signs(struct svg_plan *plan, const struct world *world)
{
	plan->signs = memory_array(plan->lane_count + 1, sizeof *plan->signs);
	for (size_t i = 0; i < plan->lane_count; i++) {
		struct text words = TEXT_INIT;

		if (world_actor(world, plan->lanes[i])->state == ACTOR_EXITED)
			continue;
		narrative_state(&words, world, plan->lanes[i]);
		double width = (double)utf8_columns(words.bytes) * SVG_CHARACTER;
		plan->sign_width = width > plan->sign_width ? width : plan->sign_width;
		plan->signs[i] = text_detach(&words);
	}
}

static bool is_lock(const struct world_object *object)
{
	return object->kind == OBJECT_LOCK || object->kind == OBJECT_RLOCK || (object->kind == OBJECT_SEMAPHORE && object->start == 1);
}

static void place_objects(struct svg_plan *plan, const struct world *world)
{
	size_t values = 0;

	plan->objects = memory_array(LOCKS_MOST + VALUES_MOST + 1, sizeof *plan->objects);
	for (unsigned int id = 0; id < world->object_count && plan->lock_count < LOCKS_MOST; id++) {
		const struct world_object *object = world_object(world, id);

		if (object != NULL && is_lock(object) && object->acquisitions > 0)
			plan->objects[plan->lock_count++] = (uint16_t)id;
	}
	plan->object_count = plan->lock_count;
	for (unsigned int id = 0; id < world->object_count && values < VALUES_MOST; id++) {
		const struct world_object *object = world_object(world, id);

		if (object != NULL && object->kind == OBJECT_VALUE && object->value.writes > 0) {
			plan->objects[plan->object_count++] = (uint16_t)id;
			values++;
		}
	}
}

static size_t name_columns(const char *name, size_t most)
{
	size_t columns = utf8_columns(name);

	columns = columns < NAME_MOST ? columns : NAME_MOST;
	return columns > most ? columns : most;
}

static void place_rows(struct svg_plan *plan, const struct world *world)
{
	size_t columns = 4;

	for (size_t i = 0; i < plan->lane_count; i++)
		columns = name_columns(world_actor_name(world, plan->lanes[i]), columns);
	for (size_t i = 0; i < plan->object_count; i++)
		columns = name_columns(world_object_name(world, plan->objects[i]), columns);
	plan->left = SVG_MARGIN + (double)(columns + 9) * SVG_CHARACTER;
	plan->bottom = (double)plan->lane_count * LANE;
	plan->objects_top = plan->bottom + (plan->object_count > 0 ? 2 * AXIS + 2 : AXIS);
	plan->height = plan->objects_top + (double)plan->object_count * ROW;
}

/* ---- columns ---- */

/* The widest lane of a step says how wide it is. */
static double measure_step(const struct svg_plan *plan, uint64_t from, uint64_t to, double *used)
{
	double most = 0;
	struct text label = TEXT_INIT;

	for (size_t i = 0; i < plan->lane_count; i++)
		used[i] = 0;
	for (uint64_t event = from; event < to; event++) {
		unsigned int actor = history_at(plan->history, event)->actor;
		uint16_t lane = actor < plan->actor_count ? plan->lane_of[actor] : (uint16_t)SVG_NO_LANE;

		text_reset(&label);
		mark_label(&label, plan->history, event, SVG_LABEL_ROOM);
		if (lane == SVG_NO_LANE || label.length == 0)
			continue;
		used[lane] += (double)utf8_columns(label.bytes) * SVG_CHARACTER + GAP;
		most = used[lane] > most ? used[lane] : most;
	}
	text_release(&label);
	return (most > STEP_LEAST ? most : STEP_LEAST) + GAP;
}

static uint64_t step_from(const struct svg_plan *plan, uint64_t step)
{
	return step == 0 ? 0 : history_step_position(plan->history, step - 1);
}

/* Step 0 is what came before the first choice, the last one what came after the last. */
static void measure_steps(struct svg_plan *plan)
{
	uint64_t count = history_count(plan->history);
	double *used = memory_array(plan->lane_count + 1, sizeof *used), x = 0;

	for (uint64_t step = 0; step < plan->steps; step++) {
		uint64_t from = step_from(plan, step), to = step + 1 < plan->steps ? step_from(plan, step + 1) : count;

		plan->step_x[step] = x;
		if (from < to || (step > 0 && step + 1 < plan->steps))
			x += measure_step(plan, from, to, used);
	}
	plan->step_x[plan->steps] = x;
	free(used);
}

static void press_steps(struct svg_plan *plan)
{
	double width = plan->room > 0 ? TIGHT_BANDS * plan->room : TIGHT_WIDTH;

	for (uint64_t step = 0; step <= plan->steps; step++)
		plan->step_x[step] = width * (double)step / (double)plan->steps;
}

static void place_steps(struct svg_plan *plan)
{
	plan->steps = history_steps(plan->history) + 2;
	plan->step_x = memory_array(plan->steps + 1, sizeof *plan->step_x);
	plan->tight = plan->steps > STEPS_MOST;
	if (!plan->tight)
		measure_steps(plan);
	if (plan->room > 0 && plan->step_x[plan->steps] > BANDS_MOST * plan->room)
		plan->tight = true;
	if (plan->tight)
		press_steps(plan);
	plan->width = plan->step_x[plan->steps];
}

/* Each band takes as many steps as have room; the last one has the signs behind it. */
static void place_bands(struct svg_plan *plan)
{
	plan->bands = memory_array(plan->steps + 2, sizeof *plan->bands);
	plan->band_count = 1;
	for (uint64_t step = 1; plan->room > 0 && step < plan->steps; step++) {
		double *from = &plan->bands[plan->band_count - 1], end = plan->step_x[step + 1];

		if (step + 1 == plan->steps)
			end += svg_plan_sign_room(plan);
		if (end - *from > plan->room && plan->step_x[step] > *from)
			plan->bands[plan->band_count++] = plan->step_x[step];
	}
	plan->bands[plan->band_count] = plan->width;
	for (size_t i = 0; i <= plan->band_count; i++)
		plan->bands[i] += plan->left;
}

void svg_plan_init(struct svg_plan *plan, const struct world *world, bool by_step, double most)
{
	uint64_t count = history_count(world->history);

	*plan = (struct svg_plan){.history = world->history, .by_step = by_step, .width = TIME_WIDTH, .tight = !by_step};
	plan->end = count > 0 ? history_at(world->history, count - 1)->time : 0;
	place_lanes(plan, world);
	place_signs(plan, world);
	place_objects(plan, world);
	place_rows(plan, world);
	if (most > 0)
		plan->room = fmax(most - plan->left - SVG_MARGIN, ROOM_LEAST);
	if (by_step)
		place_steps(plan);
	else if (most > 0)
		plan->width = fmax(plan->room - svg_plan_sign_room(plan), ROOM_LEAST);
	place_bands(plan);
}

void svg_plan_release(struct svg_plan *plan)
{
	for (size_t i = 0; i < plan->lane_count; i++)
		free(plan->signs[i]);
	free(plan->signs);
	free(plan->step_x);
	free(plan->bands);
	free(plan->lanes);
	free(plan->lane_of);
	free(plan->objects);
}

/* ---- asking ---- */

uint64_t svg_plan_step(const struct svg_plan *plan, uint64_t event)
{
	if (event < history_step_position(plan->history, 0))
		return 0;
	uint64_t step = history_step_of(plan->history, event) + 1;
	return step < plan->steps ? step : plan->steps - 1;
}

double svg_plan_time(const struct svg_plan *plan, double seconds)
{
	return plan->left + (plan->end > 0 ? plan->width * seconds * 1e9 / (double)plan->end : 0);
}

double svg_plan_x(const struct svg_plan *plan, uint64_t event)
{
	if (!plan->by_step)
		return svg_plan_time(plan, (double)history_at(plan->history, event)->time / 1e9);
	return plan->left + plan->step_x[svg_plan_step(plan, event)];
}

double svg_plan_step_end(const struct svg_plan *plan, uint64_t event)
{
	return plan->by_step ? plan->left + plan->step_x[svg_plan_step(plan, event) + 1] : svg_plan_x(plan, event);
}

double svg_plan_position(const struct svg_plan *plan, uint64_t position)
{
	return position == 0 ? plan->left : svg_plan_step_end(plan, position - 1);
}

double svg_plan_band_end(const struct svg_plan *plan, double x)
{
	for (size_t i = 1; i < plan->band_count; i++)
		if (x < plan->bands[i])
			return plan->bands[i];
	return INFINITY;
}

/* Where things are pressed together, the last mark may stand out. */
double svg_plan_sign_room(const struct svg_plan *plan)
{
	double beyond = plan->tight ? SVG_LABEL_ROOM * SVG_CHARACTER : 0;

	return fmax(plan->sign_width > 0 ? plan->sign_width + 2 * GAP : 0, beyond);
}

double svg_plan_lane_y(size_t lane)
{
	return ((double)lane + 0.5) * LANE;
}

double svg_plan_row_y(const struct svg_plan *plan, size_t object)
{
	return plan->objects_top + ((double)object + 0.5) * ROW;
}
