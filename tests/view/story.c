/* SPDX-License-Identifier: MIT */
#include "story.h"

#include <string.h>

#include "base/memory.h"

enum { FIRST_PID = 4711, SOURCE_LINES = 64 };

static int pid_of(unsigned int actor)
{
	return FIRST_PID + (int)actor;
}

void story_begin(struct story *story, bool gated)
{
	*story = (struct story){.history = history_new()};
	story->world = world_new(story->history);
	story->source.line = memory_array(SOURCE_LINES, sizeof *story->source.line);
	for (size_t i = 0; story_bank_source[i] != NULL; i++) {
		story->source.line[i] = memory_copy_string(story_bank_source[i]);
		story->source.count = i + 1;
	}
	for (uint32_t line = 1; line <= story->source.count; line++) {
		const char *function = line < 14 ? "deposit" : line < 25 ? "withdraw" : "main";
		history_set_place(story->history, line, &(struct place){.file = "lesson.c", .function = function, .line = line});
	}
	story->scene = (struct scene){
		.ui = {.room = ROOM_RUN, .side = SIDE_SOURCE, .menu_filter = "", .search = "", .message = ""},
		.catalog = &story_catalog,
		.lesson = &story_bank_race,
		.source = &story->source,
		.text = story_bank_text,
		.history = story->history,
		.world = story->world,
		.about = story->about,
		.about_count = STORY_ACTORS,
		.run = {.gated = gated, .verdict = "", .outcome = "", .strategy = "by hand", .pace = 4, .speed = 1, .seed = 7, .settings = "lock=off rounds=2"},
	};
}

void story_end(struct story *story)
{
	lines_release(&story->source);
	world_free(story->world);
	history_free(story->history);
}

void story_event(struct story *story, unsigned int actor, enum event_kind kind, unsigned int object, int64_t value,
                 unsigned int aux, const char *text)
{
	struct wire_event event = {
		.time = (uint64_t)(story->now * 1e9),
		.value = value,
		.place = story->line,
		.aux = aux,
		.object = (uint16_t)object,
		.actor = (uint16_t)actor,
		.kind = (uint8_t)kind,
	};

	if (kind == EVENT_RANDOM_DRAW)
		event.flags = EVENT_REAL;
	history_append(story->history, &event, text, text != NULL ? strlen(text) : 0);
}

void story_step(struct story *story, unsigned int actor, enum event_kind kind, unsigned int object, int64_t value,
                unsigned int aux, const char *text)
{
	story_event(story, actor, kind, object, value, aux, text);
	history_end_step(story->history);
}

void story_object(struct story *story, unsigned int maker, unsigned int id, enum object_kind kind, unsigned int parameter,
                  int64_t value, const char *name)
{
	story_event(story, maker, EVENT_OBJECT_NEW, id, value, (unsigned int)kind | parameter << 8, name);
}

void story_process(struct story *story, int parent, unsigned int child, const char *name)
{
	if (parent != STORY_NOBODY)
		story_event(story, (unsigned int)parent, EVENT_PROCESS_START, 0, pid_of(child), child, name);
	story_event(story, child, EVENT_PROCESS_BEGIN, 0, pid_of(child), (unsigned int)pid_of(0) - 1, name);
	if (parent == STORY_NOBODY)
		history_begin_steps(story->history);
	else
		history_end_step(story->history);
}

void story_thread(struct story *story, unsigned int parent, unsigned int child, const char *name)
{
	story_event(story, parent, EVENT_THREAD_START, 0, 0, child, name);
	story_event(story, child, EVENT_THREAD_BEGIN, 0, pid_of(child), 0, name);
	history_end_step(story->history);
}

void story_intends(struct story *story, unsigned int actor, uint32_t line, enum event_kind kind, unsigned int object,
                   int64_t value, const char *text)
{
	struct about *about = &story->about[actor];

	*about = (struct about){
		.known = true, .ready = true, .kind = (uint8_t)kind, .object = (uint16_t)object, .place = line, .value = value};
	if (text != NULL)
		memcpy(about->text, text, strlen(text) < sizeof about->text ? strlen(text) : sizeof about->text - 1);
}

void story_present(struct story *story)
{
	story->scene.ui.present = true;
	story->scene.ui.position = history_count(story->history);
	world_seek(story->world, story->scene.ui.position);
	story->scene.run.steps = history_steps(story->history);
	story->scene.run.seconds = story->now;
}

void story_past(struct story *story, uint64_t step)
{
	story_present(story);
	story->scene.ui.present = false;
	story->scene.ui.position = history_step_position(story->history, step);
	world_seek(story->world, story->scene.ui.position);
	story->scene.run.seconds = (double)story->world->time / 1e9;
}
