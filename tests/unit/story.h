/* SPDX-License-Identifier: MIT */
/*
 * Hand-built runs for tests of the world: events are told one by one, and the world follows.
 *
 *     struct story story = story_begin();
 *     story_object(&story, BALANCE, OBJECT_VALUE, "balance", 200, 0);
 *     story_tell(&story, DEPOSIT, EVENT_VALUE_READ, BALANCE, .value = 200);
 */
#ifndef LOCKSTEP_TESTS_STORY_H
#define LOCKSTEP_TESTS_STORY_H

#include <string.h>

#include "world/narrative.h"
#include "world/world.h"

struct story {
	struct history *history;
	struct world *world;
	uint64_t time; /* of the next event, ns */
};

static inline struct story story_begin(void)
{
	struct story story = {.history = history_new()};
	story.world = world_new(story.history);
	return story;
}

static inline void story_end(struct story *story)
{
	world_free(story->world);
	history_free(story->history);
}

static inline void story_add(struct story *story, struct wire_event event, const char *text)
{
	event.time = story->time;
	history_append(story->history, &event, text, text != NULL ? strlen(text) : 0);
	while (world_forward(story->world))
		;
}

/* story_tell(story, actor, kind, object, .value = …, .aux = …): what is not named is 0. */
#define story_tell(story, who, what, thing, ...)                                                         \
	story_add(story, (struct wire_event){.actor = (who), .kind = (what), .object = (thing), ##__VA_ARGS__}, NULL)
#define story_text(story, who, what, thing, words, ...)                                                  \
	story_add(story, (struct wire_event){.actor = (who), .kind = (what), .object = (thing), ##__VA_ARGS__}, words)

static inline void story_object(struct story *story, unsigned int id, enum object_kind kind, const char *name,
                                int64_t value, uint32_t parameter)
{
	story_text(story, 0, EVENT_OBJECT_NEW, (uint16_t)id, name, .value = value, .aux = (uint32_t)kind | parameter << 8);
}

/* Actor 0 starts a process, which begins at once. Its pid is 100 + id. */
static inline void story_process(struct story *story, unsigned int id, const char *name)
{
	story_text(story, 0, EVENT_PROCESS_START, 0, name, .value = 100 + id, .aux = id);
	story_text(story, (uint16_t)id, EVENT_PROCESS_BEGIN, 0, name, .value = 100 + id, .aux = 100);
}

/* main, as actor 0 with pid 100. */
static inline void story_main(struct story *story)
{
	story_text(story, 0, EVENT_PROCESS_BEGIN, 0, "main", .value = 100, .aux = 1);
}

#endif
