/* SPDX-License-Identifier: MIT */
/*
 * Exports: a recording in other people's formats. An exporter is a file with its row, and a line in
 * table.c.
 *
 * An exporter adds to `out` and calls export_flush() whenever that has grown; where the bytes go,
 * progress, interruption and a full disk are not its business: a call that returns non-zero says
 * stop, and the exporter returns that.
 *
 * Runs in: front. Pure but for export_flush().
 */
#ifndef LOCKSTEP_EXPORT_EXPORT_H
#define LOCKSTEP_EXPORT_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "recording/recording.h"

enum export_theme { THEME_AUTO, THEME_LIGHT, THEME_DARK }; /* auto: as who looks at it prefers */

struct export_options {
	int width, height;    /* of what is drawn; 0: the exporter's own */
	int pixels;           /* svg of the timeline: it is folded to that width; 0: the exporter's own */
	enum export_theme theme; /* svg, html */
	bool ascii;
	bool moment;          /* svg: one position instead of the whole timeline */
	uint64_t position;    /* of that moment; HISTORY_NONE: the end */
	double pace;          /* cast: steps a second, of a free run lesson seconds; 0: the exporter's own */
	int cast_version;     /* 2 or 3 */
};

struct export {
	struct recording *recording; /* loaded, whole */
	struct export_options options;
	struct text *out;
	/* Takes what is in `out`. `done`: 0 … 1. 0, or -errno: stop. */
	int (*flush)(struct export *export, double done);
	void *context;
};

struct exporter {
	const char *name;      /* "cast" */
	const char *extension; /* ".cast" */
	const char *help;
	int (*write)(struct export *export); /* 0 or -errno */
};

extern const struct exporter *const EXPORTERS[]; /* ended by NULL */

const struct exporter *exporter_find(const char *name); /* NULL: no such */

static inline int export_flush(struct export *export, double done)
{
	return export->flush(export, done);
}

#endif
