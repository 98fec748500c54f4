/* SPDX-License-Identifier: MIT */
/*
 * Every glyph's ASCII twin, for terminals and fonts that have nothing else.
 *
 * Runs in: screen. Pure. May block: no.
 */
#ifndef LOCKSTEP_VIEW_ASCII_H
#define LOCKSTEP_VIEW_ASCII_H

#include <stdint.h>

/* One ASCII character that stands for the glyph; '?' for those that have no twin. */
uint32_t ascii_twin(uint32_t glyph);

#endif
