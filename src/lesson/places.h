/* SPDX-License-Identifier: MIT */
/*
 * From a place (return address less load address) to file, line and function, by the program's
 * DWARF through libdw (elfutils, libdwfl.h). A return address points behind the call: the line is
 * that of the byte before.
 *
 * Runs in: screen. Owns: the libdw session. May block: reading the program's file, once.
 */
#ifndef LOCKSTEP_LESSON_PLACES_H
#define LOCKSTEP_LESSON_PLACES_H

#include <stdint.h>

#include "world/history.h"

struct places;

/* A program without debug information gives places that are all unknown. NULL and errno: not an ELF file. */
struct places *places_open(const char *program);
void places_close(struct places *places);

/* Strings stay valid until places_close(). `file` is the base name. */
struct place places_find(struct places *places, uint32_t place);

#endif
