/* SPDX-License-Identifier: MIT */
/*
 * What an event looks like in a lane: its letter, what it carried, and in which style.
 *
 * Runs in: screen. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_MARK_H
#define LOCKSTEP_VIEW_MARK_H

#include "base/text.h"
#include "view/canvas.h"
#include "world/world.h"

unsigned int mark_style(unsigned int kind);

/* True for what the reader tells of an actor (its output, lost events): the actor did not do it then. */
bool mark_is_told(unsigned int kind);

/* "R200", "W199", "L", ">ping": the letter and what it carried in at most `room` columns. Nothing for a kind without a letter. */
void mark_label(struct text *out, const struct history *history, uint64_t event, int room);

/* Whether a write overwrote one that its writer had not seen; known of the last writes of each value. */
bool mark_lost(const struct world *world, uint64_t event);

/* How an actor's lane goes on after an event of that kind. */
struct mark_filler {
	uint32_t glyph;
	unsigned int style;
};

struct mark_filler mark_filler(enum actor_state state, bool gated);

/* What stands first in a message: '["Ibrahim", 5]' → "Ibrahim". */
void mark_short(struct text *out, const char *message);

/* A number in few columns: 201, 0.5488, 1.2e+09. */
void mark_number(struct text *out, int64_t value, bool real);

#endif
