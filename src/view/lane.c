/* SPDX-License-Identifier: MIT */
#include "view/lane.h"

#include <string.h>

static bool is_folded(const struct scene *scene, const struct world_actor *actor)
{
	return actor->kind == ACTOR_HELPER && !scene->ui.unfolded && world_actor(scene->world, actor->parent) != NULL;
}

uint16_t lane_owner(const struct scene *scene, unsigned int actor)
{
	const struct world_actor *who = world_actor(scene->world, actor);

	/* A helper's parent is older than itself; a wire that says otherwise must not send us round in a circle. */
	while (who != NULL && is_folded(scene, who) && who->parent < who->id)
		who = world_actor(scene->world, who->parent);
	return who != NULL ? who->id : (uint16_t)actor;
}

bool scene_past(const struct scene *scene)
{
	return scene->history != NULL && !scene->ui.present && scene->ui.position < history_count(scene->history);
}

static void add_lane(uint16_t *actors, size_t size, size_t *count, unsigned int actor)
{
	if (*count < size)
		actors[*count] = (uint16_t)actor;
	(*count)++;
}

static void add_helpers(const struct scene *scene, unsigned int parent, uint16_t *actors, size_t size, size_t *count)
{
	for (unsigned int id = 0; id < scene->world->actor_count; id++) {
		const struct world_actor *actor = world_actor(scene->world, id);
		if (actor != NULL && actor->kind == ACTOR_HELPER && actor->parent == parent && id != parent)
			add_lane(actors, size, count, id);
	}
}

size_t scene_lanes(const struct scene *scene, uint16_t *actors, size_t size)
{
	size_t count = 0;

	if (scene->world == NULL)
		return 0;
	for (unsigned int id = 0; id < scene->world->actor_count; id++) {
		const struct world_actor *actor = world_actor(scene->world, id);
		if (actor == NULL)
			continue;
		if (actor->kind != ACTOR_HELPER || world_actor(scene->world, actor->parent) == NULL) {
			add_lane(actors, size, &count, id);
			if (scene->ui.unfolded)
				add_helpers(scene, id, actors, size, &count);
		}
	}
	return count;
}

const struct about *lane_about(const struct scene *scene, unsigned int actor)
{
	return actor < scene->about_count ? &scene->about[actor] : NULL;
}

static bool is_ready(const struct scene *scene, unsigned int actor)
{
	const struct about *about = lane_about(scene, actor);

	return about != NULL && about->ready;
}

uint16_t scene_lane_mover(const struct scene *scene, uint16_t actor)
{
	if (is_ready(scene, actor))
		return actor;
	for (unsigned int id = 0; id < scene->about_count; id++)
		if (id != actor && is_ready(scene, id) && lane_owner(scene, id) == actor)
			return (uint16_t)id;
	return WORLD_NO_ACTOR;
}

/* ---- the sign ---- */

static bool in_cycle(const struct scene *scene, unsigned int actor)
{
	uint16_t cycle[16];
	size_t count = scene->run.deadlock ? world_wait_cycle(scene->world, cycle, 16) : 0;

	for (size_t i = 0; i < count && i < 16; i++)
		if (cycle[i] == actor)
			return true;
	return false;
}

/* "waits for", "waits in join for" → what comes after "waits": the sign says that it waits. */
static const char *without_waits(const char *words)
{
	if (strncmp(words, "waits for ", 10) == 0)
		return words + 10;
	if (strcmp(words, "waits for") == 0)
		return "";
	return strncmp(words, "waits ", 6) == 0 ? words + 6 : words;
}

static void say_waiting(const struct scene *scene, const struct world_actor *actor, struct lane_sign *sign)
{
	const char *words = without_waits(event_kind_info(actor->last_kind)->words);
	const struct world_object *object = world_object(scene->world, actor->object);

	sign->glyph = 0x25f7 /* ◷ */;
	sign->style = in_cycle(scene, actor->id) ? STYLE_LOST : STYLE_WAITING;
	if (actor->waits_for != WORLD_NO_ACTOR) {
		text_printf(&sign->words, "joins %s", world_actor_name(scene->world, actor->waits_for));
		return;
	}
	text_printf(&sign->words, "%s%s%s", words, words[0] ? " " : "", object != NULL ? object->name : "something");
	if (object != NULL && object->holder != WORLD_NO_ACTOR)
		text_printf(&sign->words, ", held by %s", world_actor_name(scene->world, object->holder));
	if (object != NULL && object->kind == OBJECT_BARRIER)
		text_printf(&sign->words, ", %u of %u", object->arrived, object->parameter);
}

static void say_exited(const struct scene *scene, const struct world_actor *actor, struct lane_sign *sign)
{
	bool zombie = world_is_zombie(scene->world, actor->id);
	bool well = actor->exit_code == 0 && !actor->killed && !actor->vanished;

	sign->glyph = zombie ? 0x2020 /* † */ : well ? 0x2713 /* ✓ */ : 0x2717 /* ✗ */;
	sign->style = well ? STYLE_EXITED : STYLE_LOST;
	if (actor->kind != ACTOR_PROCESS)
		text_add(&sign->words, "ended");
	else if (actor->vanished)
		text_add(&sign->words, "gone, nobody knows how");
	else
		text_printf(&sign->words, "%s%sexit %d%s", zombie ? "zombie, " : "", actor->killed ? "killed, " : "",
		            actor->exit_code, zombie ? ", not joined" : "");
}

static void say_running(const struct scene *scene, const struct world_actor *actor, struct lane_sign *sign)
{
	const struct about *about = lane_about(scene, actor->id);

	sign->glyph = 0x25cf /* ● */;
	sign->style = STYLE_RUNNING;
	if (about != NULL && about->out_of_sight) {
		sign->glyph = 0x2026 /* … */;
		text_add(&sign->words, "computing, out of sight");
	} else if (about != NULL && about->known) {
		narrative_about(&sign->words, scene->world, about);
	} else {
		text_add(&sign->words, "running");
		if (!scene->run.gated)
			text_printf(&sign->words, ", %llu operation%s", (unsigned long long)actor->operations,
			            actor->operations == 1 ? "" : "s");
	}
}

static void say_ready(const struct scene *scene, unsigned int actor, unsigned int mover, struct lane_sign *sign)
{
	sign->glyph = 0x25b7 /* ▷ */;
	sign->style = STYLE_READY;
	sign->ready = true;
	if (mover != actor)
		text_add(&sign->words, "helper: ");
	narrative_about(&sign->words, scene->world, lane_about(scene, mover));
}

void lane_sign(const struct scene *scene, unsigned int actor, struct lane_sign *sign)
{
	const struct world_actor *who = world_actor(scene->world, actor);
	uint16_t mover = scene_lane_mover(scene, (uint16_t)actor);

	*sign = (struct lane_sign){.glyph = ' ', .words = TEXT_INIT};
	if (who == NULL)
		return;
	if (mover != WORLD_NO_ACTOR) {
		say_ready(scene, actor, mover, sign);
	} else if (who->state == ACTOR_WAITING) {
		say_waiting(scene, who, sign);
	} else if (who->state == ACTOR_SLEEPING) {
		sign->glyph = 'z';
		sign->style = STYLE_SLEEPING;
		text_printf(&sign->words, "until %.3f s", (double)who->deadline / 1e9);
	} else if (who->state == ACTOR_EXITED) {
		say_exited(scene, who, sign);
	} else if (who->state == ACTOR_BEGINNING) {
		sign->glyph = 0x25cb /* ○ */;
		sign->style = STYLE_DIM;
		text_add(&sign->words, "about to begin");
	} else {
		say_running(scene, who, sign);
	}
}
