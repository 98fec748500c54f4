/* SPDX-License-Identifier: MIT */
/*
 * What let an event happen: the put of what is got, the send of what is received, the release that
 * woke who had waited, the start of who begins, the end of who is joined. For arrows.
 *
 * In a free run somebody may be heard of before whoever started him has said so: the link is known with the
 * start then, which comes after its effect.
 *
 * Runs in: front. Owns: its arrays. Pure. May block: no.
 */
#ifndef LOCKSTEP_EXPORT_LINKS_H
#define LOCKSTEP_EXPORT_LINKS_H

#include "world/world.h"

enum link_kind { LINK_NONE, LINK_MESSAGE, LINK_WAKE, LINK_START, LINK_JOIN };

struct link {
	enum link_kind kind;
	uint64_t cause, effect; /* indexes of the events; the later of them is the one that was asked for */
};

struct links {
	uint64_t *waker; /* by object: the last event that let others go on */
	size_t count;
};

void links_init(struct links *links);
void links_release(struct links *links);

/* Of the event that the world will apply next; to be asked once for each, in order. */
struct link links_next(struct links *links, const struct world *world);

#endif
