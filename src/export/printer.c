/* SPDX-License-Identifier: MIT */
#include "export/printer.h"

void printer_init(struct printer *printer, const struct printer_form *form, const struct history *history, struct text *out)
{
	*printer = (struct printer){.form = form, .out = out, .history = history, .version = LOCKSTEP_VERSION,
	                            .world = world_new(history)};
}

void printer_release(struct printer *printer)
{
	world_free(printer->world);
}

bool printer_events(struct printer *printer, size_t full)
{
	while (printer->out->length < full) {
		uint64_t index = printer->world->position;

		if (!world_forward(printer->world))
			return true;
		if (history_at(printer->history, index)->kind != EVENT_OUTPUT)
			printer->events++;
		printer->form->event(printer, index);
	}
	return printer->world->position == history_count(printer->history);
}

int printer_pid(const struct world *world, unsigned int actor)
{
	const struct world_actor *at = world_actor(world, actor);

	/* A thread's own events tell its tid; its process is the one that started it, threads between. */
	for (size_t up = 0; at != NULL && at->kind != ACTOR_PROCESS && at->pid == 0 && up < 64; up++)
		at = world_actor(world, at->parent);
	return at != NULL ? at->pid : 0;
}
