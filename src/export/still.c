/* SPDX-License-Identifier: MIT */
#include "export/still.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "director/outcome.h"
#include "view/mark.h"
#include "world/ahead.h"

enum { LOOKED_AT = 16 }; /* events, for one that tells who moved */

static void say_settings(struct text *out, const struct settings *settings)
{
	for (size_t i = 0; i < settings->lesson->parameter_count; i++)
		text_printf(out, "%s%s=%s", i > 0 ? " " : "", settings->lesson->parameters[i].name, settings->values[i]);
}

/* Of all events: what somebody is about to do has a place too. */
static void copy_places(struct history *to, const struct history *from)
{
	for (uint64_t i = 0; i < history_count(from); i++) {
		uint32_t place = history_at(from, i)->place;

		if (!history_has_place(to, place) && history_has_place(from, place)) {
			struct place what = history_place(from, place);
			history_set_place(to, place, &what);
		}
	}
}

static void begin(struct still *still)
{
	still->so_far = history_new();
	still->world = world_new(still->so_far);
	copy_places(still->so_far, recording_history(still->recording));
}

static void forget(struct still *still)
{
	world_free(still->world);
	history_free(still->so_far);
}

void still_init(struct still *still, struct recording *recording)
{
	const struct run_end *end = recording_end(recording);
	const char *text = recording_text(recording) != NULL ? recording_text(recording) : "";

	*still = (struct still){.recording = recording, .ahead = world_new(recording_history(recording))};
	begin(still);
	text_init(&still->settings);
	text_init(&still->outcome);
	text_init(&still->opening);
	say_settings(&still->settings, recording_options(recording)->settings);
	if (end != NULL && end->result != NULL && end->result->told)
		outcome_with_expected(&still->outcome, end->result);
	quiz_read(&still->quiz, text);
	text_add_bytes(&still->opening, text, still->quiz.count > 0 ? still->quiz.explained : strlen(text));
}

void still_release(struct still *still)
{
	forget(still);
	world_free(still->ahead);
	free(still->about);
	quiz_release(&still->quiz);
	text_release(&still->settings);
	text_release(&still->outcome);
	text_release(&still->opening);
}

void still_scene(struct scene *scene)
{
	*scene = (struct scene){
		.ui = {.room = ROOM_RUN, .menu_filter = "", .search = "", .message = "", .selected = WORLD_FIRST_ACTOR, .present = true},
	};
}

/* ---- going there ---- */

static void add_steps(struct still *still, const struct history *from)
{
	uint64_t count = history_count(still->so_far), steps = history_steps(from);

	if (history_step_position(from, 0) == count)
		history_begin_steps(still->so_far);
	for (uint64_t step = history_steps(still->so_far) + 1; step <= steps; step++) {
		if (history_step_position(from, step) != count)
			break;
		history_end_step(still->so_far);
	}
}

static void add_event(struct still *still, const struct history *from, uint64_t index)
{
	size_t length;
	const char *text = history_text(from, index, &length);

	history_append(still->so_far, history_at(from, index), text, length);
}

static void go(struct still *still, uint64_t position)
{
	const struct history *from = recording_history(still->recording);

	if (position < history_count(still->so_far)) {
		forget(still);
		begin(still);
	}
	if (history_count(still->so_far) == 0)
		add_steps(still, from);
	while (history_count(still->so_far) < position) {
		add_event(still, from, history_count(still->so_far));
		add_steps(still, from);
	}
	while (world_forward(still->world))
		;
	world_seek(still->ahead, position);
}

/* Of a free run nobody knows: its processes were never asked. */
static void fill_about(struct still *still, struct scene *scene)
{
	size_t count = scene->run.gated ? still->world->actor_count : 0;

	still->about = memory_resize(still->about, count + 1, sizeof *still->about);
	ahead_fill(still->ahead, still->about, count);
	scene->about = still->about;
	scene->about_count = count;
}

/* What came of the run is known at its end, and not before. A deadlock is an end that no process has told. */
static void fill_end(const struct still *still, struct scene_run *run)
{
	const struct run_end *end = recording_end(still->recording);

	if (end == NULL || end->result == NULL)
		return;
	run->lost = end->lost;
	run->deadlock = run->gated && strcmp(end->result->verdict, "deadlock") == 0;
	run->ended = !run->deadlock;
	run->ok = end->result->ok;
	run->verdict = end->result->verdict;
	run->outcome = still->outcome.bytes;
}

static void fill_run(const struct still *still, struct scene_run *run, bool at_end)
{
	const struct run_options *options = recording_options(still->recording);

	*run = (struct scene_run){
		.gated = options->gated,
		.verdict = "",
		.outcome = "",
		.strategy = "",
		.speed = options->speed,
		.seconds = (double)still->world->time / 1e9,
		.seed = options->seed,
		.steps = history_steps(recording_history(still->recording)),
		.lost = still->world->lost_events,
		.settings = still->settings.bytes,
		.replay = true,
		.loaded = 1,
		.running = !at_end, /* else it would be told as the end of the recording */
		.tempo = "recorded",
	};
	if (at_end)
		fill_end(still, run);
}

static void fill_text(const struct still *still, struct scene *scene, bool at_end)
{
	const char *text = recording_text(still->recording);

	scene->text = text == NULL ? "" : at_end ? text : still->opening.bytes;
	scene->quiz = (struct scene_quiz){0};
	if (still->quiz.count > 0)
		scene->quiz = (struct scene_quiz){.quiz = &still->quiz, .explanation = text + still->quiz.after};
}

void still_fill(struct still *still, uint64_t position, struct scene *scene)
{
	const struct run_options *options = recording_options(still->recording);
	uint64_t count = history_count(recording_history(still->recording));
	bool at_end = position >= count;

	go(still, at_end ? count : position);
	scene->ui.position = still->world->position;
	scene->lesson = options->settings->lesson;
	scene->settings = options->settings;
	scene->source = recording_source(still->recording);
	scene->history = still->so_far;
	scene->world = still->world;
	fill_run(still, &scene->run, at_end);
	fill_text(still, scene, at_end);
	fill_about(still, scene);
}

uint16_t still_mover(const struct still *still)
{
	const struct world *world = still->world;

	for (uint64_t i = world->position; i > 0 && i + LOOKED_AT > world->position; i--) {
		const struct wire_event *event = history_at(world->history, i - 1);
		const struct world_actor *actor = world_actor(world, event->actor);

		if (mark_is_told(event->kind) || event->kind == EVENT_PROCESS_BEGIN || event->kind == EVENT_THREAD_BEGIN)
			continue;
		bool helper = actor->kind == ACTOR_HELPER && world_actor(world, actor->parent) != NULL;
		return helper ? actor->parent : actor->id;
	}
	return WORLD_FIRST_ACTOR;
}
