/* SPDX-License-Identifier: MIT */
#include "watched.h"

#include <string.h>

#include "probe/probe.h"

static struct wire wire;

static void open_wire(void)
{
	wire_create(&wire, &WIRE_GEOMETRY);
	wire.header->stamp = wire_ticks_invariant() ? STAMP_TICKS : STAMP_CLOCK;
	wire.header->speed = 1.0;
	wire.header->actor_limit = 256;
	/* The pages of the first ring are there before anything is measured. */
	memset(wire.slots, 0, (size_t)WIRE_GEOMETRY.ring_slots * sizeof *wire.slots);
	probe.wire = wire;
	probe.stamp = wire.header->stamp;
}

/* As if a reader had seen all of it and given every ring back. */
static void rewind_rings(void)
{
	for (unsigned int ring = 0; ring < WIRE_GEOMETRY.rings; ring++) {
		struct ring_control *control = &wire.controls[ring];
		atomic_store(&control->tail, atomic_load(&control->head));
		atomic_store(&control->owner, ring == 0);
	}
	atomic_store(&wire.header->actor_count, 1);
	atomic_store(&wire.header->live_actors, 1);
}

struct wire *watched_begin(void)
{
	if (wire.header == NULL)
		open_wire();
	rewind_rings();
	probe_actor_begin(0, 0);
	return &wire;
}

void watched_end(void)
{
	probe.on = false;
}
