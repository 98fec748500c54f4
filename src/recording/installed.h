/* SPDX-License-Identifier: MIT */
/*
 * From a recording back to a lesson that can run: the installed one of that name, with the
 * parameters of the recording.
 *
 * Runs in: front. Owns: nothing. May block: reading the lesson's source.
 */
#ifndef LOCKSTEP_RECORDING_INSTALLED_H
#define LOCKSTEP_RECORDING_INSTALLED_H

#include "base/text.h"
#include "lesson/catalog.h"
#include "recording/recording.h"

/*
 * NULL: `problem` says why it cannot run. Else `settings` are those of the recording, of the lesson
 * that was found, and `remark` says in which ways that lesson is another than the recorded; "" when in none.
 */
const struct catalog_lesson *installed_find(const struct recording *recording, const struct catalog *catalog,
                                            struct settings *settings, struct text *problem, struct text *remark);

#endif
