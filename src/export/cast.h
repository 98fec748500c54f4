/* SPDX-License-Identifier: MIT */
/*
 * A cast: frames of cells, one after the other, as an asciicast (docs.asciinema.org, asciicast v2
 * and v3) that plays in any terminal. A frame is sent as what differs from the one before, and
 * one that differs in nothing is not sent.
 *
 * Runs in: front. Owns: a copy of the last frame. Pure: it writes into a text. May block: no.
 */
#ifndef LOCKSTEP_EXPORT_CAST_H
#define LOCKSTEP_EXPORT_CAST_H

#include <stdint.h>

#include "base/text.h"
#include "view/canvas.h"

struct cast_options {
	int version;       /* 2 or 3 */
	int width, height;
	const char *title; /* NULL: none */
};

struct cast;

/* Everything is added to `out`, which whoever made the cast empties into a file as it grows. */
struct cast *cast_new(const struct cast_options *options, struct text *out);
void cast_frame(struct cast *cast, uint64_t ns, const struct canvas *canvas); /* ns from the beginning, never going back */
void cast_marker(struct cast *cast, uint64_t ns, const char *label);
void cast_end(struct cast *cast, uint64_t ns); /* the last frame stays until then */
void cast_free(struct cast *cast);

#endif
