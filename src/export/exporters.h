/* SPDX-License-Identifier: MIT */
/* What the files of the exporters share. Private to src/export. Runs in: front. */
#ifndef LOCKSTEP_EXPORT_EXPORTERS_H
#define LOCKSTEP_EXPORT_EXPORTERS_H

#include "export/export.h"

extern const struct exporter exporter_cast, exporter_svg, exporter_html, exporter_chrome, exporter_csv, exporter_json, exporter_text;

enum { EXPORT_FULL = 64 * 1024 }; /* bytes of `out` after which it is flushed */

static inline struct history *export_history(const struct export *export)
{
	return recording_history(export->recording);
}

/* Flushes once there is enough to. 0 or -errno. */
static inline int export_grown(struct export *export, double done)
{
	return export->out->length < EXPORT_FULL ? 0 : export_flush(export, done);
}

/* How much of the history lies behind a position: 0 … 1. */
static inline double export_done(const struct export *export, uint64_t position)
{
	uint64_t count = history_count(export_history(export));

	return count > 0 ? (double)position / (double)count : 1;
}

#endif
