/* SPDX-License-Identifier: MIT */
/*
 * A run as text: its history, event by event, then its result. Who reads the history (a live run,
 * a recording) and how it is printed (lines for people and logs, JSON for programs) know nothing
 * of each other. A new form is a struct printer_form.
 *
 * Runs in: front. Owns: the world that it applies the events to. May block: no.
 */
#ifndef LOCKSTEP_EXPORT_PRINTER_H
#define LOCKSTEP_EXPORT_PRINTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "director/run.h"
#include "lesson/catalog.h"
#include "world/history.h"
#include "world/world.h"

struct printer;

struct printer_form {
	void (*head)(struct printer *printer, const struct run_options *options);
	void (*event)(struct printer *printer, uint64_t index); /* the world stands just behind it */
	void (*tail)(struct printer *printer, const struct run_end *end);
};

struct printer {
	const struct printer_form *form;
	struct text *out;
	const struct history *history;
	const char *version; /* of Lockstep that ran it: this one, unless it is said */
	struct world *world;
	uint64_t events; /* printed so far, lines of output not counted */
};

extern const struct printer_form PRINTER_TEXT, PRINTER_JSON;

void printer_init(struct printer *printer, const struct printer_form *form, const struct history *history, struct text *out);
void printer_release(struct printer *printer);

/* Prints events that have come since, until `out` holds `full` bytes. True when there are no more. */
bool printer_events(struct printer *printer, size_t full);

/* The process that an actor is, or is a thread of; 0 when nobody said. */
int printer_pid(const struct world *world, unsigned int actor);

#endif
