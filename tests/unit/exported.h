/* SPDX-License-Identifier: MIT */
/* For tests of what is exported: recordings made by hand, exported into a text. */
#ifndef LOCKSTEP_TESTS_UNIT_EXPORTED_H
#define LOCKSTEP_TESTS_UNIT_EXPORTED_H

#include "export/export.h"
#include "support/recorded.h"

struct sink {
	struct text all;
	int calls;
	int stop_at; /* this call says stop; 0: none does */
};

int export_with(struct recording *recording, const char *format, const struct export_options *options, struct sink *sink);
struct text export_all(struct recording *recording, const char *format); /* asserts that it works */

/* `end` NULL: nothing is known of it. */
struct recording *exported_record(struct bed *bed, const struct history *history, const struct run_end *end);
struct recording *exported_made(struct bed *bed, unsigned int steps, bool gated);
void exported_tell(struct history *history, struct wire_event event, const char *text);

/* Nothing that a terminal, a browser or a spreadsheet would act on. */
void assert_harmless(const char *format, const struct text *out);

/* A Chrome trace: per track times never go back; what begins ends, in order; flows go forward, into what was told last. */
void assert_trace(const struct text *out);

#endif
