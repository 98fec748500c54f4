/* SPDX-License-Identifier: MIT */
/*
 * What the places of a run are: a hash table from an event's `place` to file, function and line.
 * Places are added, never taken away.
 *
 * Runs in: front. Owns: copies of the strings, each kept once. May block: no.
 */
#ifndef LOCKSTEP_WORLD_PLACE_TABLE_H
#define LOCKSTEP_WORLD_PLACE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "world/history.h"

struct place_table {
	struct place_entry *entries; /* open addressing; key 0 is a free entry */
	size_t capacity;             /* a power of two, or 0 */
	size_t count;
	char **strings;
	size_t string_count;
};

void place_table_release(struct place_table *table);
void place_table_set(struct place_table *table, uint32_t key, const struct place *what);
const struct place *place_table_find(const struct place_table *table, uint32_t key); /* NULL when not there */

#endif
