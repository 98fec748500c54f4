/* SPDX-License-Identifier: MIT */
/*
 * Stories: histories written by hand, one line an event, and the scene that a screen would make of
 * them. The world between them is the real one.
 */
#ifndef LOCKSTEP_TESTS_VIEW_STORY_H
#define LOCKSTEP_TESTS_VIEW_STORY_H

#include "view/scene.h"

enum { STORY_ACTORS = 64, STORY_NOBODY = -1 };

struct story {
	struct history *history;
	struct world *world;
	struct about about[STORY_ACTORS];
	struct lines source;
	struct scene scene;
	double now;         /* of the events that follow, in seconds */
	uint32_t line;      /* of the source, of the events that follow */
};

void story_begin(struct story *story, bool gated);
void story_end(struct story *story);

/* An event, at story->now and story->line. */
void story_event(struct story *story, unsigned int actor, enum event_kind kind, unsigned int object, int64_t value,
                 unsigned int aux, const char *text);

/* One that is a step of its own. */
void story_step(struct story *story, unsigned int actor, enum event_kind kind, unsigned int object, int64_t value,
                unsigned int aux, const char *text);

void story_object(struct story *story, unsigned int maker, unsigned int id, enum object_kind kind, unsigned int parameter,
                  int64_t value, const char *name);

/* `parent` starts `child` as a step; it begins. STORY_NOBODY: the lesson's main. */
void story_process(struct story *story, int parent, unsigned int child, const char *name);
void story_thread(struct story *story, unsigned int parent, unsigned int child, const char *name);

/* What an actor is about to do, at a line of the source. */
void story_intends(struct story *story, unsigned int actor, uint32_t line, enum event_kind kind, unsigned int object,
                   int64_t value, const char *text);

/* Shows the end of the story; or a position of it. */
void story_present(struct story *story);
void story_past(struct story *story, uint64_t step);

extern const struct catalog_lesson story_bank_race;
extern struct catalog story_catalog;
extern const char *const story_bank_source[];
extern const char story_bank_text[];

#endif
