/* SPDX-License-Identifier: MIT */
/*
 * What a lesson says of itself: as JSON for the catalog, as text for people.
 *
 * Runs in: lesson. Not installed.
 */
#ifndef LOCKSTEP_MP_LESSON_DESCRIBE_H
#define LOCKSTEP_MP_LESSON_DESCRIBE_H

#include <stdio.h>

#include "mp/lesson.h"

void lesson_describe(const struct lesson *lesson, FILE *out);
void lesson_help(const struct lesson *lesson, FILE *out);

#endif
