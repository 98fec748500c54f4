/* SPDX-License-Identifier: MIT */
/*
 * The whole timeline of a recording as one drawing: lanes with their PIDs, states as bars, operations as
 * marks, messages and wake-ups as arrows; below them who holds which lock, and what is written to values.
 *
 * Runs in: front. Pure but for export_flush(). May block: as that does.
 */
#ifndef LOCKSTEP_EXPORT_SVG_TIMELINE_H
#define LOCKSTEP_EXPORT_SVG_TIMELINE_H

#include "export/svg_plan.h"

/*
 * A whole document, added to `out`. `plan` tells its caller afterwards where what is; to be released
 * also in case of errors. With `cursor` it has a line with that id, to be moved by a script. `most`: pixels
 * that it may be wide; a longer run is folded. 0: any; a cursor needs that.
 */
int svg_timeline(struct export *export, struct text *out, struct svg_plan *plan, const char *cursor, double most);

#endif
